"""Repairs of expressions of the student's function. Each: cost, what is wrong, and the new text."""

import ast
import re

from nnlib.grading.checks.search.patterns import sigmoid_of

FUNCTIONS = ("np.tanh", "np.exp", "np.log", "np.sqrt", "np.abs", "np.square")
"""Functions of one array that students take too often, or one for the other."""

UNNEEDED = ("np.clip", "np.nan_to_num", "np.maximum", "np.minimum", "np.round", "round", "int")
"""Functions that hide what they are given."""

OF_WHOLE_NUMBERS = ("np.array", "np.full", "np.arange", "np.eye", "np.zeros_like", "np.ones_like")
"""Functions that make an array of whole numbers if they are given such."""

ALONE = "stands alone here, where it does not elsewhere"
"""What is said of `A` where the function has `A - largest` elsewhere."""

REDUCED = ("sum", "mean", "max", "min", "all", "any")
"""Functions that run along an axis."""

TURNED = {ast.Lt: ">", ast.Gt: "<", ast.LtE: ">=", ast.GtE: "<="}
STRICT = {ast.Lt: "<=", ast.Gt: ">=", ast.LtE: "<", ast.GtE: ">"}
SIGNS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.MatMult: "@", ast.Pow: "**"}
WRITTEN_SIGMOID = "(1 / (1 + np.exp(-({}))))"
SLOPES = ("(1 - {y}**2)", "(1 - np.tanh({y})**2)", "({y} * (1 - {y}))")
"""Slopes of g at a y, or of tanh at an a."""


def _of_operation(node, text):
    left, right = f"({text.of(node.left)})", f"({text.of(node.right)})"
    kind = type(node.op)
    if kind in (ast.Mult, ast.MatMult):
        yield 1, "a factor is too many", left
        yield 1, "a factor is too many", right
    if kind is ast.Mult:
        yield 1.1, "entry by entry is not the product that belongs here", f"({left} @ {right})"
        yield 1.3, "entry by entry is not the product that belongs here", f"np.outer({left}, {right})"
        yield 1.3, "it is multiplied, where it is to be divided", f"({left} / {right})"
    if kind is ast.MatMult:
        for one, other in (("", ".T"), (".T", "")):
            yield 1, "a transpose is missing", f"({left}{one} @ {right}{other})"
        yield 1.1, "the factors stand in the wrong order", f"({right} @ {left})"
        yield 1.1, "the matrix product is not the product that belongs here", f"({left} * {right})"
        yield 1.1, "the matrix product is not the product that belongs here", f"np.outer({left}, {right})"
        yield 1.4, "the factors stand in the wrong order, and a transpose is wrong", f"({right}.T @ {left})"
        yield 1.4, "the factors stand in the wrong order, and a transpose is wrong", f"({right} @ {left}.T)"
    if kind is ast.Div:
        yield 1, "it is divided, and should not be", left
        yield 1.2, "it is divided, where it is to be multiplied", f"({left} * {right})"
        yield 1.3, "the fraction stands upside down", f"({right} / {left})"
        yield 1.2, "the root of the divisor is missing", f"({left} / np.sqrt({right}))"
        if (of := sigmoid_of(node)) is not None:
            yield 0.95, "the sigmoid is not the function that belongs here", f"np.tanh({text.of(of)})"
    if kind in (ast.Add, ast.Sub):
        if not (kind is ast.Sub and "max" in right):  # without it exp overflows
            yield 1.1, "a term is too many", left
        yield 1.1, "a term is too many", right if kind is ast.Add else f"(-{right})"
        turned = "-" if kind is ast.Add else "+"
        yield 1, "a term has the wrong sign", f"({left} {turned} {right})"
        yield 1.3, "this is added, where it is to be multiplied", f"({left} * {right})"
        for inner, sign, outer in _parts(node.right, text):
            yield 1, "brackets are missing", f"(({text.of(node.left)} {SIGNS[kind]} {inner}) {sign} {outer})"
        for outer, sign, inner in _parts(node.left, text):
            if sign in "*@":
                bracket = f"({inner} {SIGNS[kind]} {text.of(node.right)})"
                yield 1, "brackets are missing", f"({outer} {sign} {bracket})"
    if kind is ast.Sub:
        yield 1, "the difference is turned round", f"({right} - {left})"
    if kind is ast.Pow:
        yield 1, "the power is too many", left
    for name in SLOPES if kind is ast.Sub else ():
        if isinstance(node.left, ast.Constant) and isinstance(node.right, ast.Name):
            yield 1, "the slope of g is not right", name.format(y=text.of(node.right))


def _parts(node, text):
    """What stands on the left of an operator, its sign, and what on the right: for each in `a * b / c`."""
    after = ""
    while isinstance(node, ast.BinOp) and type(node.op) in SIGNS:
        sign, right = SIGNS[type(node.op)], f"({text.of(node.right)}){after}"
        yield f"({text.of(node.left)})", sign, right
        if sign not in "*/@":
            return
        after, node = f" {sign} {right}", node.left


def _of_sign(node, text):
    if isinstance(node.op, ast.USub):
        yield 1, "a sign is turned", f"({text.of(node.operand)})"


def _of_attribute(node, text):
    if node.attr == "T":
        yield 1, "a transpose is too many", text.of(node.value)


def _of_call(node, text):
    function, arguments = text.of(node.func), [text.of(a) for a in node.args]
    given = arguments + [text.of(k) for k in node.keywords]
    without = [text.of(k) for k in node.keywords if k.arg != "axis"]
    last = function.split(".")[-1]
    for one, other in (
        ("mean", "sum"),
        ("sum", "mean"),
        ("max", "sum"),
        ("max", "min"),
        ("min", "max"),
        ("all", "any"),
        ("any", "all"),
    ):
        if last == one:
            other = f"{function[: -len(one)]}{other}({', '.join(given)})"
            yield 1, f"the {one} is taken, and another value belongs here", other
    if last in REDUCED and isinstance(node.func, ast.Attribute):
        plain = arguments[:1] if function.startswith("np.") else []
        wrong = f"the {last} runs along the wrong axis"
        for axis in (["axis=0"], ["axis=1"], []):
            for kept in ([], ["keepdims=True"]):
                cost = 1 if axis else 1.1
                new = f"{function}({', '.join([*plain, *axis, *kept])})"
                told = wrong if axis else f"the {last} runs along one axis, and should run over everything"
                same_axis = set(axis) == {text.of(k) for k in node.keywords if k.arg == "axis"}
                yield cost, "keepdims is wrong" if same_axis else told, new
        if function.startswith("np.") and arguments:
            rest = ", ".join(given[1:] and [""] + given[1:])
            yield 0.95, "the absolute value is missing", f"{function}(np.abs({arguments[0]}){rest})"
            yield 1.2, f"the {last} should not be taken", f"({arguments[0]})"
        else:
            yield 1.2, f"the {last} should not be taken", text.of(node.func.value)
    if len(arguments) == 2 and not without and function != "range":
        swapped = f"{function}({arguments[1]}, {arguments[0]})"
        yield 1.1, "the two arguments stand in the wrong order", swapped
    if function == "np.outer":
        yield 1.1, "the outer product does not belong here", f"(({arguments[0]}) * ({arguments[-1]}))"
        yield 1.1, "the outer product does not belong here", f"(({arguments[0]}) @ ({arguments[-1]}))"
    if function in ("np.dot", "np.matmul") and len(arguments) == 2:
        left, right = (f"({a})" for a in arguments)
        for new in (f"{left}.T @ {right}", f"{left} @ {right}.T"):
            yield 1, "a transpose is missing", f"({new})"
        yield 1.1, "the matrix product is not the product that belongs here", f"np.outer({left}, {right})"
        yield 1.1, "the matrix product is not the product that belongs here", f"({left} * {right})"
    if isinstance(node.func, ast.Attribute) and not given and not function.startswith("np."):
        value = text.of(node.func.value)
        yield 1.1, f".{last}() does not belong here", f"({value})"
    if function in ("np.maximum", "np.minimum") and arguments[1:] == ["0"]:
        yield 0.95, f"{function} is not the function that belongs here", f"np.abs({arguments[0]})"
    if function in OF_WHOLE_NUMBERS:
        told = "the array holds whole numbers, and cuts off the fraction of what is put in"
        yield 1, told, f"({text.of(node)} * 1.0)"
    if function in UNNEEDED and arguments:
        yield 1, f"{function} does not belong here", f"({arguments[0]})"
    if len(arguments) == 1 and not node.keywords:
        if function.startswith("np.") or function.isidentifier():
            yield 1.2, f"{function} does not belong here", f"({arguments[0]})"
        for other in FUNCTIONS if function in (*FUNCTIONS, "np.log10", "np.log2", "np.log1p") else ():
            if other != function:
                yield 1.3, f"{function} is not the function that belongs here", f"{other}({arguments[0]})"
        if function == "np.exp":
            yield 1, "a sign is turned", f"np.exp(-({arguments[0]}))"
        if function == "range":
            for new in (f"({arguments[0]}) - 1", f"({arguments[0]}) + 1", f"1, {arguments[0]}"):
                yield 1.1, "the loop has the wrong number of rounds", f"range({new})"
            yield 1.3, "the loop has too few rounds", f"range(10 * ({arguments[0]}))"
        if function == "np.tanh":
            yield 1, "tanh is not the function that belongs here", WRITTEN_SIGMOID.format(arguments[0])


def _of_name(node, text):
    if isinstance(node.ctx, ast.Load) and node.id in text.names and node not in text.compared:
        for other in text.names:
            if other != node.id:
                cost = 1.35 if len(other) == len(node.id) and set(other) & set(node.id) else 1.6
                yield cost, f"{node.id} is not the quantity that belongs here", other
        for written, left in text.expressions.items():
            if text.is_within(node, written):
                continue
            if node.id == left and re.search("[-@]", written):  # `A - largest` elsewhere, A alone here
                yield 0.75, f"{node.id} {ALONE}", f"({written})"
            elif node.id not in written:
                yield 1.45, f"{node.id} is not what belongs here", f"({written})"
        if node in text.filled:
            return
        for number in ("0", "1"):
            yield 1.65, f"{node.id} is not the quantity that belongs here", number
        yield 1.3, f"{node.id} is not transposed", f"{node.id}.T"
        yield 1.3, f"{node.id} lacks its power", f"({node.id}**2)"


def _of_constant(node, text):
    if type(node.value) in (int, float):
        for other in (0, 1, 2, 0.5, -1, node.value + 1, node.value - 1):
            if other != node.value and node not in text.equal:
                yield 1.4, f"the number {node.value:g} is not right", f"({other})"
        if 0 < node.value < 1:
            yield 1.25, f"the number {node.value:g} is too large", str(node.value * 1e-9)
        for name in text.names if node not in text.compared else ():
            yield 1.5, f"the number {node.value:g} is not right: a quantity belongs here", name


def _of_comparison(node, text):
    if len(node.ops) == 1 and type(node.ops[0]) in TURNED:
        new = f"({text.of(node.left)} {TURNED[type(node.ops[0])]} {text.of(node.comparators[0])})"
        yield 1.15, "the comparison is turned round", new
        new = f"({text.of(node.left)} {STRICT[type(node.ops[0])]} {text.of(node.comparators[0])})"
        yield 1.1, "the comparison is wrong for what is equal", new
        new = f"({text.of(node.left)} != {text.of(node.comparators[0])})"
        yield 1.25, "the comparison leaves one side out", new


def _of_subscript(node, text):
    if isinstance(node.value, ast.Attribute) and node.value.attr == "shape" and text.of(node.slice) in "01":
        other = {"0": "1", "1": "0"}[text.of(node.slice)]
        yield 0.95, f"{text.of(node)} counts along the wrong axis", f"{text.of(node.value)}[{other}]"
    if isinstance(node.ctx, ast.Load) and isinstance(node.slice, (ast.Name, ast.BinOp, ast.UnaryOp)):
        value, index = text.of(node.value), text.of(node.slice)
        for new in (f"{index} - 1", f"{index} + 1"):
            yield 1.1, "the index is one off", f"{value}[{new}]"


def _of_tuple(node, text):
    if isinstance(node.ctx, ast.Load) and len(node.elts) == 2:
        first, second = map(text.of, node.elts)
        yield 1.4, "the two values stand in the wrong order", f"({second}, {first})"


EXPRESSIONS = {
    ast.BinOp: _of_operation, ast.UnaryOp: _of_sign, ast.Attribute: _of_attribute, ast.Call: _of_call,
    ast.Name: _of_name, ast.Constant: _of_constant, ast.Compare: _of_comparison,
    ast.Subscript: _of_subscript, ast.Tuple: _of_tuple,
}  # fmt: skip


def of_cases(node, text):
    """(cost, words, argument, new text) for the cases of np.where."""
    if isinstance(node, ast.Call) and text.of(node.func) == "np.where":
        for case in node.args[1:]:
            own = text.of(case)
            for name in text.names:
                if name != own:
                    yield 1.6, "a factor is missing", case, f"({own}) * {name}"
