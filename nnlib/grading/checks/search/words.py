"""The lecture's words for what stands in a reference: names of quantities, and short texts of code."""

import ast

from nnlib import slips

GLOSSARY = {
    "Delta": "Δ", "delta": "δ", "alpha": "α", "epsilon": "ε", "eps": "ε", "dW": "∂E/∂W", "db": "∂E/∂b",
    "dW1": "∂E/∂W1", "db1": "∂E/∂b1", "dW2": "∂E/∂W2", "db2": "∂E/∂b2", "delta_out": "δ of the output",
    "delta_hidden": "δ of the hidden layer", "gradients": "the gradients", "slope": "the slope g'(a)",
    "back": "what comes back from the receivers", "D": "Δ", "D1": "Δ1", "D2": "Δ2",
    "dX": "∂E/∂X", "Ys": "the layers' outputs",
    "inputs": "the layers' inputs", "sums": "the weighted sums", "powers": "the exponentials",
}  # fmt: skip
"""A name of a reference -> what the lecture calls it; other names stand as they are."""

SIZES = {
    "N": slips.AVERAGED.removeprefix("divided by "), "I": "the number of senders",
    "J": "the number of receivers", "D": "D, the number of inputs", "F": "F, the number of outputs",
    "K": "K, the number of classes",
}  # fmt: skip
"""A size letter of a question -> what it counts."""

CALLS = {
    "np.sum": "the sum", "np.mean": "the mean", "np.max": "the largest entry", "np.min": "the smallest entry",
}  # fmt: skip
"""Calls that are told by what they give."""

LONGEST = 26
"""Characters of code that a hint shows: what is longer would give the answer away."""


def name_of(node, extra=None):
    """What to call an expression of the reference: a name of the lecture, or a short piece of code."""
    extra = extra or {}
    if isinstance(node, ast.Name):
        return extra.get(node.id) or GLOSSARY.get(node.id, node.id)
    if isinstance(node, ast.Attribute) and node.attr == "T":
        inner = name_of(node.value, extra)
        return f"{inner}ᵀ" if len(inner) <= 3 else f"{inner}, transposed,"
    if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("_slope", ".slope")):
        return "the slope g'(a)"
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
        left, right = name_of(node.left, extra), name_of(node.right, extra)
        if len(left) + len(right) <= 8:
            return f"the product {left} {right}"
    if isinstance(node, ast.Call) and ast.unparse(node.func) in CALLS:
        return CALLS[ast.unparse(node.func)]
    text = _short(node, extra)
    if len(text) <= LONGEST:
        return text
    kinds = {ast.Mult: "product", ast.MatMult: "product", ast.Div: "quotient", ast.Pow: "power"}
    if isinstance(node, ast.BinOp):
        return f"the {kinds.get(type(node.op), 'bracket')}"
    return "this value"


def _short(node, extra):
    text = ast.unparse(node).replace("np.", "").replace("**2", "²").replace("** 2", "²").replace(" ²", "²")
    for name, word in (GLOSSARY | extra).items():
        if len(word) <= 6 and " " not in word:
            text = _replace_name(text, name, word)
    return text


def _replace_name(text, name, word):
    tree_safe = []
    token = ""
    for character in text + " ":
        if character.isalnum() or character == "_":
            token += character
        else:
            tree_safe.append(word if token == name else token)
            tree_safe.append(character)
            token = ""
    return "".join(tree_safe)[:-1]


def place_of(name, extra=None):
    """How a hint calls the result in which a change sits."""
    extra = extra or {}
    return extra.get(name) or GLOSSARY.get(name, name)


def both(left, right):
    """'the factors W and V', but 'the next W and W'."""
    return f"{left} and {right}" if left.startswith("the ") else f"the factors {left} and {right}"


def factor(name):
    """'the factor W', but 'the slope g'(a)'."""
    return name if name.startswith("the ") else f"the factor {name}"
