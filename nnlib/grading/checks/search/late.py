"""A term that is added after a function is taken, where it belongs inside: tanh(W x) + b."""

import ast

from nnlib.grading.checks.search.change import Change
from nnlib.grading.checks.search.functions import OTHERS, word_of
from nnlib.grading.checks.search.of_case import OfCase
from nnlib.grading.checks.search.program import ORIGINAL
from nnlib.grading.checks.search.words import name_of, place_of

OF = ("np.tanh", "np.maximum", "sigmoid", "relu", "leaky_relu", "softmax", "np.sin", "np.cos", "np.exp")
"""Functions of a weighted sum."""


def late_terms(program, names):
    """Changes of two sites each: the sum, and the function that is taken of it."""
    for site in program.sites:
        if site.kind == "Add" and isinstance(site.operands[1], ast.Name):
            function = next((f for f in program.sites[site.number + 1 :] if _is_of(f, site)), None)
            if function is not None:
                yield from _late(site, function, names)


def _is_of(function, term):
    """Whether a site is a function that is taken of this sum, or of the name that it is given."""
    if function.kind == "call" and function.inside["name"].removeprefix("vocabulary.") in OF:
        operands = function.operands
    elif "sigmoid_of" in function.inside:
        operands = [function.inside["sigmoid_of"]]
    else:
        return False
    return any(ast.unparse(operand) in (term.place, ast.unparse(term.node)) for operand in operands)


def _late(term, function, names):
    written = "sigmoid_of" in function.inside
    own = "sigmoid" if written else function.inside["name"].removeprefix("vocabulary.")
    word = {"np.maximum": "ReLU", "sigmoid": "the sigmoid"}.get(own) or word_of(own)
    told = f"{name_of(term.operands[1], names)} is added after {{}}, and belongs inside of it"
    place = place_of(function.place, names)

    def change(cost, words, taken):
        held = []

        def without(l, r, **_):
            held.append(r)
            return l

        def start(case):
            held.clear()
            return without

        def after(*operands, **inside):
            return taken(*operands, **inside) + held.pop()

        return Change(words, cost, place, {term.number: OfCase(start), function.number: after})

    yield change(1.05, told.format(word), ORIGINAL[function.kind])
    for other, g in OTHERS.get({"np.maximum": "relu"}.get(own, own), ()):
        taken = (
            (lambda *_, sigmoid_of, g=g, **__: g(sigmoid_of()))
            if written
            else (lambda f, x, *_, g=g, **__: g(x))
        )
        yield change(2.05, f"{other} is taken, where {word} belongs; and {told.format(other)}", taken)
