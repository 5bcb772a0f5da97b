"""The second direction: single changes of the student's own function, which of them makes it right?

A repair replaces a piece of the source by another one made of the function's own pieces. Its words say what
is wrong with the line, never what belongs there.
"""

import ast
from dataclasses import dataclass

from nnlib.grading.checks.search.repair_blocks import of_block
from nnlib.grading.checks.search.repair_control import of_control
from nnlib.grading.checks.search.repair_expressions import EXPRESSIONS, of_cases

MOST_CHARACTERS = 10_000
"""Of a function that is looked at."""

LONGEST = 24
"""Characters of an operation that may belong elsewhere, too."""

MOST = 700
"""Repairs that are tried, the likeliest ones first."""


@dataclass(frozen=True)
class Repair:
    """words: what is wrong in this line of the function (the first is 1). source: the function changed.

    at, new: the bytes that are replaced, and by what.
    """

    cost: float
    line: int
    words: str
    source: str
    at: tuple = (0, 0)
    new: str = ""


def together(source, one, other):
    """The source with two repairs, None if they are of the same place."""
    one, other = sorted((one, other), key=lambda repair: repair.at)
    if one.at[1] > other.at[0]:
        return None
    text = source.encode()
    between = text[one.at[1] : other.at[0]]
    return (
        text[: one.at[0]] + one.new.encode() + between + other.new.encode() + text[other.at[1] :]
    ).decode()


def repairs_of(source):
    """The repairs of a function's source, the likeliest first; none if it is no single plain function."""
    if len(source) > MOST_CHARACTERS:
        return []
    try:
        text = Text(source)
        found = [
            Repair(cost, line, words, text.changed(at, new), text.place(at), new)
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
        if not isinstance(self.function, (ast.FunctionDef, ast.ClassDef)):
            raise ValueError("no function or class")
        self._starts = [0]
        for line in self.bytes.split(b"\n"):
            self._starts.append(self._starts[-1] + len(line) + 1)
        nodes = list(ast.walk(self.function))
        walked = [n for n in nodes if isinstance(n, (ast.Name, ast.arg))]
        named = [n.arg if isinstance(n, ast.arg) else n.id for n in walked if _gives_value(n)]
        self.names = list(dict.fromkeys(named))
        operations = [n for n in nodes if isinstance(n, ast.BinOp)]
        self.expressions = {
            text: node.left.id if isinstance(node.left, ast.Name) else ""
            for node in operations
            if len(text := self.of(node)) <= LONGEST and "\n" not in text
        }
        """Operations that are written somewhere -> the name on their left."""
        self.places = {}
        """The same -> where they stand."""
        for node in operations:
            self.places.setdefault(self.of(node), []).append(self.span(node))
        ranges = [n for n in nodes if isinstance(n, ast.Call) and self.of(n.func) == "range"]
        self.bounds = {argument for n in ranges for argument in n.args if isinstance(argument, ast.BinOp)}
        """Operations that say how many rounds there are: those are changed by one, not turned round."""
        stored = [n for n in nodes if isinstance(n, ast.Subscript)]
        self.filled = {n.value for n in stored if isinstance(n.ctx, ast.Store)}
        """Names of arrays that a statement puts something into."""
        comparisons = [n for n in nodes if isinstance(n, ast.Compare)]
        sides = [{n.left, *n.comparators} for n in comparisons]
        self.compared = set().union(*(s for s in sides if any(isinstance(n, ast.Constant) for n in s)))
        """What is compared with a number: it stays, as a comparison that is never true hides other slips."""
        self.equal = set().union(
            *(s for n, s in zip(comparisons, sides, strict=True) if isinstance(n.ops[0], ast.Eq))
        )
        """What is asked to be equal: numbers stay there, too."""
        assigned = [n for n in nodes if isinstance(n, ast.Assign)]
        self.masks = [
            self.of(n.targets[0])
            for n in assigned
            if isinstance(n.value, ast.Compare) and isinstance(n.targets[0], ast.Name)
        ]
        """Names of what is true or false."""

    def span(self, node):
        """Where a node begins and ends."""
        start = self._starts[node.lineno - 1] + node.col_offset
        return start, self._starts[node.end_lineno - 1] + node.end_col_offset

    def of(self, node):
        """The source of a node."""
        start, end = self.span(node)
        return self.bytes[start:end].decode()

    def is_within(self, node, written):
        """Whether a node stands in an operation that is written so."""
        start, end = self.span(node)
        return any(begin <= start and end <= stop for begin, stop in self.places[written])

    def place(self, at):
        """Where a node begins and ends, or these bytes."""
        return at if isinstance(at, tuple) else self.span(at)

    def changed(self, at, new):
        """The source with `new` in place of a node, or of the bytes between two places."""
        start, end = self.place(at)
        return (self.bytes[:start] + new.encode() + self.bytes[end:]).decode()


def _gives_value(node):
    return isinstance(node, ast.arg) or isinstance(node.ctx, ast.Store)


def _of_node(node, text):
    """(cost, line, words, place, new text) of all repairs of one node."""
    for kind, repairs in EXPRESSIONS.items():
        if isinstance(node, kind) and node not in text.bounds:
            for cost, words, new in repairs(node, text):
                yield cost, node.lineno, words, node, new
    for cost, words, at, new in (*of_cases(node, text), *of_control(node, text)):
        yield cost, getattr(at, "lineno", node.lineno), words, at, new
    for field in ("body", "orelse"):
        block = getattr(node, field, None)
        if isinstance(block, list):
            yield from of_block(node, block, text)
