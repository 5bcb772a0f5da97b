"""Repairs of statements of the student's function, and of whole results."""

import ast
import re

from nnlib.grading.checks.search.patterns import names_given
from nnlib.grading.checks.search.repair_expressions import SLOPES, WRITTEN_SIGMOID

TOO_MANY = "this step is too many"
"""Words of a statement that is left out."""


def of_block(node, block, text):
    """Repairs of statements."""
    for number, statement in enumerate(block):
        line = statement.lineno
        if isinstance(statement, (ast.Assign, ast.AugAssign, ast.Expr)) and len(block) > 1:
            yield 1.3, line, TOO_MANY, statement, "pass"
        if number + 1 < len(block) and not isinstance(statement, (ast.Return, ast.FunctionDef)):
            follows = block[number + 1]
            if all(s.lineno == s.end_lineno for s in (statement, follows)):
                (start, end), (begin, stop) = text.span(statement), text.span(follows)
                between = text.bytes[end:begin].decode()
                swapped = f"{text.of(follows)}{between}{text.of(statement)}"
                words = "this step and the next one stand in the wrong order"
                yield 1.2, line, words, (start, stop), swapped
        yield from _of_copies(statement, text)
        if isinstance(statement, ast.Assign) and isinstance(node, ast.For):
            target = text.of(statement.targets[0])
            words = "each round overwrites what the one before has computed"
            yield 1, line, words, statement, f"{target} = {target} + ({text.of(statement.value)})"
        if isinstance(statement, ast.AugAssign) and not isinstance(statement.value, ast.Constant):
            target, value = text.of(statement.target), f"({text.of(statement.value)})"
            yield 1.1, line, "the old value is not to be added here", statement, f"{target} = {value}"
            if isinstance(statement.op, (ast.Add, ast.Sub)):
                sign = "-" if isinstance(statement.op, ast.Add) else "+"
                yield 1, line, "the sign of the step is wrong", statement, f"{target} {sign}= {value}"
        if isinstance(statement, ast.Return) and statement.value and isinstance(node, ast.For):
            start, end = text.span(statement)
            indent = " " * node.col_offset
            after = text.bytes[end : text.span(node)[1]].decode()
            later = f"pass{after}\n{indent}{text.of(statement)}"
            yield 1, line, "return stands inside the loop", (start, text.span(node)[1]), later
        if isinstance(statement, ast.If) and isinstance(node, (ast.For, ast.While)):
            yield from _of_best(statement, text)
        value = getattr(statement, "value", None)
        if isinstance(statement, (ast.Assign, ast.AugAssign, ast.Return)) and value is not None:
            for part in value.elts if isinstance(value, ast.Tuple) else (value,):
                yield from ((cost, line, words, part, new) for cost, words, new in _of_value(part, text))
        yield from _earlier(block, number, text)


def _earlier(block, number, text):
    """A step that comes two or three steps too late."""
    statement = block[number]
    if isinstance(statement, (ast.Assign, ast.AugAssign)):
        for first in range(max(0, number - 3), number - 1):
            moved = [statement, *block[first:number]]
            if all(s.lineno == s.end_lineno for s in moved):
                indent = "\n" + " " * statement.col_offset
                at = text.span(block[first])[0], text.span(statement)[1]
                yield 1.2, statement.lineno, "this step comes too late", at, indent.join(map(text.of, moved))


MISSING = (
    "np.tanh({})",
    "np.maximum({}, 0)",
    WRITTEN_SIGMOID,
    "np.exp({})",
    "np.sqrt({})",
    "np.abs({})",
    "({} ** 2)",
)
"""Functions that are taken of a whole result."""


def _of_best(statement, text):
    """In a loop, `if off < smallest:` after which `smallest` stays as it was."""
    test, first = statement.test, statement.body[0]
    given = set().union(*map(names_given, statement.body))
    if isinstance(test, ast.Compare) and len(test.comparators) == 1:
        sides = (test.left, test.comparators[0])
        for kept, new in (sides, sides[::-1]):
            if isinstance(kept, ast.Name) and kept.id not in given:
                words = f"{kept.id} is compared in each round and never becomes another"
                step = f"{kept.id} = {text.of(new)}\n{' ' * first.col_offset}{text.of(first)}"
                yield 1, statement.lineno, words, first, step


def _of_copies(statement, text):
    """Repairs of statements after which two names, or two places of a list, are of one array."""
    if not isinstance(statement, ast.Assign):
        return
    target, value = statement.targets[0], statement.value
    if (
        isinstance(target, ast.Subscript)
        and isinstance(target.slice, ast.Slice)
        and text.of(target.slice) == ":"
    ):
        words = "the array itself is changed, also where it was stored before: make a new one"
        yield 0.95, statement.lineno, words, target, text.of(target.value)
    if isinstance(value, ast.Tuple) and len({text.of(part) for part in value.elts}) < len(value.elts):
        words = "the names are of one and the same array: make copies"
        copies = ", ".join(f"({text.of(part)}) * 1.0" for part in value.elts)
        yield 0.95, statement.lineno, words, value, copies


def _of_value(node, text):
    """Repairs of a whole result: a factor that it lacks."""
    if isinstance(node, (ast.Tuple, ast.List, ast.Dict, ast.Compare, ast.BoolOp, ast.Constant)):
        return  # what is true or false has no term or factor, and a number is not right by itself
    own = f"({text.of(node)})"
    yield 1.2, "the sign is turned", f"(-{own})"
    yield 1.2, "a factor 2 is missing", f"({own} * 2)"
    yield 1.2, "a factor 1/2 is missing", f"({own} / 2)"
    yield 1.4, "this is the transpose of what belongs here", f"{own}.T"
    for function in MISSING:
        yield 1.4, "a function is missing", function.format(own)
    for number in "01":
        yield 1.3, "a number that is always the same belongs here", number
    yield 1.25, "a term is missing", f"({own} + 1)"
    yield 1.4, "a term is missing", f"({own} - 1)"
    for name in text.masks:
        for mask in (name, f"{name}[..., None]"):
            yield 1.1, f"what {name} leaves out is not left out here", f"({own} * {mask})"
    for name in text.names:
        yield 1.5, "a factor is missing", f"({own} * {name})"
        yield 1.55, "a factor is missing", f"({own} * {name}[..., None])"
        yield 1.5, "a term is missing", f"({own} + {name})"
        if own != f"({name})":  # the difference is 0
            yield 1.5, "a term is missing", f"({own} - {name})"
            yield 1.55, "a term is missing", f"({own} - {name}[..., None])"
            what = node.id if isinstance(node, ast.Name) else "this"
            yield 1.5, f"{what} is not the quantity that belongs here", name
        if name not in re.findall(r"\w+", own):
            yield 1.5, "a division is missing", f"({own} / {name})"
        for slope in SLOPES:
            yield 1.4, "the slope g'(a) is missing as a factor", f"({own} * {slope.format(y=name)})"
        yield 1.5, "a division is missing", f"({own} / len({name}))"
        yield 1.5, "a division is too many", f"({own} * len({name}))"
