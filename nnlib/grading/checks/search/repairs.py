"""The second direction: single changes of the student's own function, which of them makes it right?

A repair replaces a piece of the source by another one made of the function's own pieces. Its words say what
is wrong with the line, never what belongs there.
"""

import ast
from dataclasses import dataclass

MOST_CHARACTERS = 10_000
"""Of a function that is looked at."""

MOST = 500
"""Repairs that are tried, the likeliest ones first."""

FUNCTIONS = ("np.tanh", "np.exp", "np.log", "np.sqrt", "np.abs", "np.square")
"""Functions of one array that students take too often, or one for the other."""

UNNEEDED = ("np.clip", "np.nan_to_num", "np.maximum", "np.minimum", "np.round", "round", "int")
"""Functions that hide what they are given."""

TURNED = {ast.Lt: ">", ast.Gt: "<", ast.LtE: ">=", ast.GtE: "<="}
SIGNS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.MatMult: "@", ast.Pow: "**"}


@dataclass(frozen=True)
class Repair:
    """words: what is wrong in this line of the function (the first is 1). source: the function changed."""

    cost: float
    line: int
    words: str
    source: str


def repairs_of(source):
    """The repairs of a function's source, the likeliest first; none if it is no single plain function."""
    if len(source) > MOST_CHARACTERS:
        return []
    try:
        text = Text(source)
        found = [
            Repair(cost, line, words, text.changed(at, new))
            for node in ast.walk(text.function)
            for cost, line, words, at, new in _of_node(node, text)
        ]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    return sorted(found, key=lambda repair: repair.cost)[:MOST]


class Text:
    """A function's source and the pieces of its syntax tree. Positions are of bytes, as Python's are."""

    def __init__(self, source):
        self.bytes = source.encode()
        (self.function,) = ast.parse(source).body
        if not isinstance(self.function, ast.FunctionDef):
            raise ValueError("no function")
        self._starts = [0]
        for line in self.bytes.split(b"\n"):
            self._starts.append(self._starts[-1] + len(line) + 1)
        walked = [n for n in ast.walk(self.function) if isinstance(n, (ast.Name, ast.arg))]
        named = [n.arg if isinstance(n, ast.arg) else n.id for n in walked if _gives_value(n)]
        self.names = list(dict.fromkeys(named))

    def span(self, node):
        """Where a node begins and ends."""
        start = self._starts[node.lineno - 1] + node.col_offset
        return start, self._starts[node.end_lineno - 1] + node.end_col_offset

    def of(self, node):
        """The source of a node."""
        start, end = self.span(node)
        return self.bytes[start:end].decode()

    def changed(self, at, new):
        """The source with `new` in place of a node, or of the bytes between two places."""
        start, end = at if isinstance(at, tuple) else self.span(at)
        return (self.bytes[:start] + new.encode() + self.bytes[end:]).decode()


def _gives_value(node):
    return isinstance(node, ast.arg) or isinstance(node.ctx, ast.Store)


def _of_node(node, text):
    """(cost, line, words, place, new text) of all repairs of one node."""
    for kind, repairs in KINDS.items():
        if isinstance(node, kind):
            for cost, words, new in repairs(node, text):
                yield cost, node.lineno, words, node, new
    for field in ("body", "orelse"):
        block = getattr(node, field, None)
        if isinstance(block, list):
            yield from _of_block(node, block, text)


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
    if kind in (ast.Add, ast.Sub):
        yield 1.1, "a term is too many", left
        yield 1.1, "a term is too many", right if kind is ast.Add else f"(-{right})"
        turned = "-" if kind is ast.Add else "+"
        yield 1, "a term has the wrong sign", f"({left} {turned} {right})"
        yield 1.3, "this is added, where it is to be multiplied", f"({left} * {right})"
        if isinstance(node.right, ast.BinOp) and type(node.right.op) in SIGNS:
            inner, outer = text.of(node.right.left), text.of(node.right.right)
            bracket = f"({text.of(node.left)} {SIGNS[kind]} {inner})"
            yield 1, "brackets are missing", f"({bracket} {SIGNS[type(node.right.op)]} {outer})"
    if kind is ast.Sub:
        yield 1, "the difference is turned round", f"({right} - {left})"
    if kind is ast.Pow:
        yield 1, "the power is too many", left
    for name in SLOPES if kind is ast.Sub else ():
        if isinstance(node.right, ast.Name):
            yield 1, "the slope of g is not right", name.format(y=text.of(node.right))


SLOPES = ("(1 - {y}**2)", "(1 - np.tanh({y})**2)", "({y} * (1 - {y}))")


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
    for one, other in (("mean", "sum"), ("sum", "mean"), ("max", "sum"), ("max", "min"), ("min", "max")):
        if last == one:
            other = f"{function[: -len(one)]}{other}({', '.join(given)})"
            yield 1, f"the {one} is taken, and another value belongs here", other
    if last in ("sum", "mean", "max", "min", "all", "any") and isinstance(node.func, ast.Attribute):
        plain = arguments[:1] if function.startswith("np.") else []
        wrong = f"the {last} runs along the wrong axis"
        for axis in (["axis=0"], ["axis=1"], []):
            for kept in ([], ["keepdims=True"]):
                cost = 1 if axis else 1.1
                new = f"{function}({', '.join([*plain, *axis, *kept])})"
                same_axis = set(axis) == {text.of(k) for k in node.keywords if k.arg == "axis"}
                yield cost, "keepdims is wrong" if same_axis else wrong, new
        if function.startswith("np.") and arguments:
            yield 1.2, f"the {last} should not be taken", f"({arguments[0]})"
        elif isinstance(node.func, ast.Attribute):
            yield 1.2, f"the {last} should not be taken", text.of(node.func.value)
    if len(arguments) == 2 and not without:
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


def _of_name(node, text):
    if isinstance(node.ctx, ast.Load) and node.id in text.names:
        for other in text.names:
            if other != node.id:
                yield 1.6, f"{node.id} is not the quantity that belongs here", other
        yield 1.3, f"{node.id} is not transposed", f"{node.id}.T"


def _of_constant(node, text):
    if type(node.value) in (int, float):
        for other in (0, 1, 2, 0.5, -1, node.value + 1, node.value - 1):
            if other != node.value:
                yield 1.4, f"the number {node.value:g} is not right", f"({other})"


def _of_comparison(node, text):
    if len(node.ops) == 1 and type(node.ops[0]) in TURNED:
        new = f"({text.of(node.left)} {TURNED[type(node.ops[0])]} {text.of(node.comparators[0])})"
        yield 1, "the comparison is turned round", new


def _of_subscript(node, text):
    if isinstance(node.ctx, ast.Load) and isinstance(node.slice, (ast.Name, ast.BinOp, ast.UnaryOp)):
        value, index = text.of(node.value), text.of(node.slice)
        for new in (f"{index} - 1", f"{index} + 1"):
            yield 1.1, "the index is one off", f"{value}[{new}]"


def _of_tuple(node, text):
    if isinstance(node.ctx, ast.Load) and len(node.elts) == 2:
        first, second = map(text.of, node.elts)
        yield 1.4, "the two values stand in the wrong order", f"({second}, {first})"


KINDS = {
    ast.BinOp: _of_operation, ast.UnaryOp: _of_sign, ast.Attribute: _of_attribute, ast.Call: _of_call,
    ast.Name: _of_name, ast.Constant: _of_constant, ast.Compare: _of_comparison,
    ast.Subscript: _of_subscript, ast.Tuple: _of_tuple,
}  # fmt: skip


def _of_block(node, block, text):
    """Repairs of statements."""
    for number, statement in enumerate(block):
        line = statement.lineno
        if isinstance(statement, (ast.Assign, ast.AugAssign, ast.Expr)) and len(block) > 1:
            yield 1.3, line, "this step is too many", statement, "pass"
        if number + 1 < len(block) and not isinstance(statement, (ast.Return, ast.FunctionDef)):
            follows = block[number + 1]
            if all(s.lineno == s.end_lineno for s in (statement, follows)):
                (start, end), (begin, stop) = text.span(statement), text.span(follows)
                between = text.bytes[end:begin].decode()
                swapped = f"{text.of(follows)}{between}{text.of(statement)}"
                words = "this step and the next one stand in the wrong order"
                yield 1.2, line, words, (start, stop), swapped
        if isinstance(statement, ast.Assign) and isinstance(node, ast.For):
            target = text.of(statement.targets[0])
            words = "each round overwrites what the one before has computed"
            yield 1, line, words, statement, f"{target} = {target} + ({text.of(statement.value)})"
        if isinstance(statement, ast.AugAssign):
            target, value = text.of(statement.target), f"({text.of(statement.value)})"
            yield 1.1, line, "nothing is to be added up here", statement, f"{target} = {value}"
            if isinstance(statement.op, (ast.Add, ast.Sub)):
                sign = "-" if isinstance(statement.op, ast.Add) else "+"
                yield 1, line, "the sign of the step is wrong", statement, f"{target} {sign}= {value}"
        if isinstance(statement, ast.Return) and statement.value and isinstance(node, (ast.For, ast.If)):
            start, end = text.span(statement)
            indent = " " * node.col_offset
            after = text.bytes[end : text.span(node)[1]].decode()
            later = f"pass{after}\n{indent}{text.of(statement)}"
            words = "return stands inside the loop"
            if isinstance(node, ast.For):
                yield 1, line, words, (start, text.span(node)[1]), later
        value = getattr(statement, "value", None)
        if isinstance(statement, (ast.Assign, ast.AugAssign, ast.Return)) and value is not None:
            yield from ((cost, line, words, value, new) for cost, words, new in _of_value(value, text))


def _of_value(node, text):
    """Repairs of a whole result: a factor that it lacks."""
    if isinstance(node, (ast.Tuple, ast.List, ast.Dict, ast.Compare, ast.BoolOp)):
        return  # what is true or false has no term or factor
    own = f"({text.of(node)})"
    yield 1.2, "the sign is turned", f"(-{own})"
    yield 1.2, "a factor 2 is missing", f"({own} * 2)"
    yield 1.2, "a factor 1/2 is missing", f"({own} / 2)"
    yield 1.4, "this is the transpose of what belongs here", f"{own}.T"
    yield 1.5, "a term is missing", f"({own} + 1)"
    yield 1.5, "a term is missing", f"({own} - 1)"
    for name in text.names:
        yield 1.5, "a factor is missing", f"({own} * {name})"
        yield 1.5, "a term is missing", f"({own} + {name})"
        yield 1.5, "a term is missing", f"({own} - {name})"
        yield 1.5, "a division is missing", f"({own} / {name})"
        for slope in SLOPES:
            yield 1.4, "the slope g'(a) is missing as a factor", f"({own} * {slope.format(y=name)})"
        yield 1.5, "a division is missing", f"({own} / len({name}))"
        yield 1.5, "a division is too many", f"({own} * len({name}))"
