"""Slips in what is returned: the right arrays in another order, turned or scaled.

Each undoes its slip in the student's arrays, so that one run of a changed reference is compared with all;
what a slip loses is taken away from the reference's arrays instead.
"""

import itertools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nnlib import slips
from nnlib.grading.checks.search.words import SIZES


@dataclass(frozen=True)
class Returned:
    """words, cost: as of a change. undo: from the student's arrays and the sizes to what was meant.
    lost: from the arrays that were meant to those that are left of them.
    """

    words: str
    cost: float
    undo: Callable
    lost: Callable = list


def kinds(letters, names, number, layered):
    """The slips for results of `number` arrays with these names; layered: the names are of each layer's."""
    yield Returned("", 0, lambda parts, sizes: parts)
    yield Returned(slips.SIGN, 1.3, lambda parts, sizes: [-p for p in parts])
    yield Returned(slips.TWICE, 1.3, lambda parts, sizes: [p / 2 for p in parts])
    yield Returned(slips.HALF, 1.3, lambda parts, sizes: [2 * p for p in parts])
    for letter in letters:
        yield Returned(
            f"divided by {SIZES.get(letter, letter)}", 1.3,
            lambda parts, sizes, letter=letter: [p * sizes[letter] for p in parts],
        )  # fmt: skip
    yield Returned(slips.TRANSPOSED, 1.3, _transposed)
    for words, at in ENDS.items():
        lacks = f"the {words} one is missing in what is returned"
        yield Returned(lacks, 1.2, lambda parts, sizes: parts, lambda parts, at=at: [p[at] for p in parts])
        told = f"one too many is returned: the {words} one"
        yield Returned(told, 1.2, lambda parts, sizes, at=at: [p[at] for p in parts])
    for cost, words, at in ((2.2, "first", 0), (1.2, "last", -1)):
        told = f"only the {words} one is returned"
        yield Returned(told, cost, lambda parts, sizes: parts, lambda parts, at=at: [p[at] for p in parts])
    for words, undo in OF_FUNCTIONS.items() if number == 1 else ():
        yield Returned(words, RARE, lambda parts, sizes, undo=undo: [_inside(undo, p) for p in parts])
    yield Returned(
        "each stands one place too early, and the last is 0", 1.1,
        lambda parts, sizes: parts, lambda parts: [np.concatenate([p[1:], 0 * p[:1]]) for p in parts],
    )  # fmt: skip
    for words, at in (("first", np.s_[:1]), ("last", np.s_[-1:])):
        told = f"only its {words} row is returned"
        yield Returned(told, 1.5, lambda parts, sizes: parts, lambda parts, at=at: [p[at] for p in parts])
    if layered:
        own = len(names)
        told = "the layers stand in reverse order: the first layer comes first"
        yield Returned(told, 1, lambda parts, sizes: _reversed_layers(parts, own))
    elif number > 2:
        yield Returned("the arrays are returned in reverse order", 1, lambda parts, sizes: parts[::-1])
    if number == 4 and not layered:
        told = "the two halves of what is returned are exchanged"
        yield Returned(told, 1, lambda parts, sizes: [*parts[2:], *parts[:2]])
    if number % 2 == 0 and (not layered or len(names) == 2):
        told = "the two arrays of a pair are exchanged"
        if number == len(names):
            told = f"{names[0]} and {names[1]} are exchanged in what is returned"
        yield Returned(told, 1, lambda parts, sizes: [parts[i ^ 1] for i in range(len(parts))])
    if 2 < number == len(names) and not layered:
        for i, j in itertools.combinations(range(number), 2):
            told = f"{names[i]} and {names[j]} are exchanged in what is returned"
            yield Returned(told, 0.9, lambda parts, sizes, i=i, j=j: _exchanged(parts, i, j))


OF_FUNCTIONS = {
    "its root is missing: that is the square of what is asked for": np.sqrt,
    "its root is taken, and should not be": lambda p: np.where(p < 0, np.nan, p) ** 2,
    "it is turned upside down": lambda p: 1 / p,
    "1 minus it is returned": lambda p: 1 - p,
    "tanh is taken of it, and should not be": np.arctanh,
    "the sigmoid is taken of it, and should not be": lambda p: np.log(p) - np.log1p(-p),
    "exp is taken of it, and should not be": np.log,
    "the logarithm of it is taken, and should not be": np.exp,
}
"""What is taken of the one array that is returned, or is not -> how it is undone."""

RARE = 1.6
"""Their cost: what the reference itself lacks is told sooner."""

ENDS = {"first": np.s_[1:], "last": np.s_[:-1]}
"""Rows of a matrix, entries of a vector -> all the others."""


def _inside(undo, part):
    """The part without the function; IndexError where it has no such values, or whole ones: 1 - 0 is 1."""
    undone = undo(part)
    if not np.isfinite(undone).all() or (undone % 1 == 0).all():
        raise IndexError("no value of this function")
    return undone


def _exchanged(parts, i, j):
    parts = list(parts)
    parts[i], parts[j] = parts[j], parts[i]
    return parts


def _transposed(parts, sizes):
    return [p.T for p in parts]


def _reversed_layers(parts, per_layer):
    layers = [parts[i : i + per_layer] for i in range(0, len(parts), per_layer)]
    return [part for layer in layers[::-1] for part in layer]
