"""Repairs of what steers a function: conditions, loops, places in arrays, copies."""

import ast

from nnlib.grading.checks.search.repair_expressions import REDUCED, TURNED

ENDS = {"argmax": "argmin", "argmin": "argmax"}


def of_control(node, text):
    """(cost, words, node that is replaced, new text)."""
    for kind, repairs in CONTROL.items():
        if isinstance(node, kind):
            yield from repairs(node, text)


def _of_condition(node, text):
    test = text.of(node.test)
    if not (isinstance(node.test, ast.Compare) and type(node.test.ops[0]) in TURNED):
        yield 1.1, "the condition is turned round", node.test, f"not ({test})"
    if isinstance(node, ast.IfExp):
        told = "the two cases are exchanged"
        yield 1.1, told, node, f"({text.of(node.orelse)} if {test} else {text.of(node.body)})"


def _of_both(node, text):
    words = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
    parts = [f"({text.of(value)})" for value in node.values]
    yield 1.1, f"“{words[0]}” is not the word that belongs here", node, f"({f' {words[1]} '.join(parts)})"
    for number in range(len(parts)):
        left = parts[:number] + parts[number + 1 :]
        yield 1.2, "a condition is too many", node, f"({f' {words[0]} '.join(left)})"


def _of_bits(node, text):
    signs = {ast.BitAnd: ("&", "|"), ast.BitOr: ("|", "&")}.get(type(node.op))
    if signs:
        left, right = f"({text.of(node.left)})", f"({text.of(node.right)})"
        yield 1.1, f"“{signs[0]}” is not the word that belongs here", node, f"({left} {signs[1]} {right})"
        yield 1.2, "a condition is too many", node, left
        yield 1.2, "a condition is too many", node, right


def _of_loop(node, text):
    over = text.of(node.iter)
    yield 1.2, "the loop runs in the wrong direction", node.iter, f"list({over})[::-1]"
    yield 1.1, "the loop runs over one too many at its end", node.iter, f"list({over})[:-1]"
    yield 1.1, "the loop runs over one too many at its start", node.iter, f"list({over})[1:]"


def _of_slice(node, text):
    if isinstance(node.slice, ast.Tuple) and [type(e) for e in node.slice.elts] == [ast.Slice, ast.Name]:
        columns = text.of(node.slice.elts[1])
        told = "these columns are taken in every row, where each row has one of its own"
        yield 1, told, node, f"{text.of(node.value)}[np.arange(len({columns})), {columns}]"
    if not isinstance(node.ctx, ast.Load):
        return
    if isinstance(node.slice, ast.Slice):
        value = text.of(node.value)
        yield 1.1, "a part is cut off", node, value
        for part in ("[1:]", "[:-1]", "[::-1]"):
            if text.of(node) != value + part:
                yield 1.2, "this is not the part that belongs here", node, value + part
    elif isinstance(node.slice, ast.Tuple) and len(node.slice.elts) == 2:
        row, column = map(text.of, node.slice.elts)
        if not any(isinstance(e, ast.Slice) for e in node.slice.elts):
            yield 1, "row and column are exchanged", node, f"{text.of(node.value)}[{column}, {row}]"
        yield 1, "row and column are exchanged", node, f"{text.of(node.value)}.T[{row}, {column}]"


def _of_range(node, text):
    function, arguments = text.of(node.func), [text.of(a) for a in node.args]
    last = function.split(".")[-1]
    if function == "range" and len(arguments) > 1:
        start, stop, rest = arguments[0], arguments[1], "".join(f", {a}" for a in arguments[2:])
        for one, other in ((0, 1), (0, -1), (1, 0), (-1, 0)):
            new = f"range(({start}) + {one}, ({stop}) + {other}{rest})"
            yield 1.1, "the loop begins or ends one off", node, new
    if last in ENDS:
        other = ENDS[last]
        new = f"{function[: -len(last)]}{other}({', '.join(map(text.of, [*node.args, *node.keywords]))})"
        yield 1, f"{last} is not the one that belongs here", node, new
    if function == "np.where" and len(arguments) == 3:
        new = f"np.where({arguments[0]}, {arguments[2]}, {arguments[1]})"
        yield 1, "the two cases are exchanged", node, new
    for keyword in node.keywords:
        if keyword.arg == "axis" and last not in REDUCED:  # theirs is one of the expressions
            for axis in ("0", "1", "None"):
                yield 1.1, "the axis is not the one that belongs here", keyword.value, axis
        if keyword.arg == "dtype":
            yield 1.1, "the type of the numbers is wrong: fractions are cut off", keyword.value, "float"
    if last == "append" and len(arguments) == 1:
        told = "the same array is stored each time: store a copy"
        yield 1, told, node.args[0], f"({arguments[0]}).copy()"


def _of_stored(node, text):
    if isinstance(node.value, ast.Name):
        told = "this is another name of the same array: a copy is missing"
        yield 1, told, node.value, f"{text.of(node.value)}.copy()"


def _of_step(node, text):
    signs = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
    if isinstance(node.target, ast.Name) and type(node.op) in signs:
        target = node.target.id
        told = f"{text.of(node)[: len(target) + 3]} changes the array itself, and it is still needed"
        yield 0.95, told, node, f"{target} = {target} {signs[type(node.op)]} ({text.of(node.value)})"


CONTROL = {
    (ast.If, ast.While, ast.IfExp): _of_condition, ast.BoolOp: _of_both, ast.BinOp: _of_bits,
    ast.For: _of_loop, ast.Subscript: _of_slice, ast.Call: _of_range, ast.Assign: _of_stored,
    ast.AugAssign: _of_step,
}  # fmt: skip
