"""Slips in what is returned: the right arrays in another order, turned, scaled or in few digits.

Each undoes its slip in the student's arrays, so that one run of a changed reference is compared with all.
"""

from dataclasses import dataclass

import numpy as np

from nnlib.grading.checks.search.words import SIZES


@dataclass(frozen=True)
class Returned:
    """words, cost: as of a change. undo: from the student's arrays and the sizes to what was meant."""

    words: str
    cost: float
    undo: object
    coarse: bool = False


def kinds(letters, number, per_layer):
    """The slips for results of `number` arrays; per_layer: how many stand for each layer, or 0."""
    yield Returned("", 0, lambda parts, sizes: parts)
    yield Returned("the sign is turned", 1.3, lambda parts, sizes: [-p for p in parts])
    yield Returned("a factor 2 is too many", 1.3, lambda parts, sizes: [p / 2 for p in parts])
    yield Returned("a factor 1/2 is too many", 1.3, lambda parts, sizes: [2 * p for p in parts])
    for letter in letters:
        yield Returned(
            f"divided by {SIZES.get(letter, letter)}", 1.3,
            lambda parts, sizes, letter=letter: [p * sizes[letter] for p in parts],
        )  # fmt: skip
    yield Returned("that is the transpose: rows and columns are exchanged", 1.3, _transposed)
    if per_layer:
        yield Returned(
            "the layers stand in reverse order: the first layer comes first",
            1,
            (lambda parts, sizes: _reversed_layers(parts, per_layer)),
        )
    if number > 2:
        yield Returned("the arrays are returned in reverse order", 1, lambda parts, sizes: parts[::-1])
    if number == 2 or per_layer == 2:
        yield Returned(
            "the two arrays of a pair are exchanged",
            1,
            lambda parts, sizes: [parts[i ^ 1] for i in range(len(parts))],
        )
    yield Returned(
        "the numbers are in single precision: float32 keeps 7 digits, use float64",
        1,
        (lambda parts, sizes: parts),
        coarse=True,
    )


def _transposed(parts, sizes):
    return [p.T for p in parts]


def _reversed_layers(parts, per_layer):
    layers = [parts[i : i + per_layer] for i in range(0, len(parts), per_layer)]
    return [part for layer in layers[::-1] for part in layer]


def is_single_precision(result):
    """Whether any array of a result, in lists and tuples too, holds float32 or float16."""
    if isinstance(result, (list, tuple)):
        return any(map(is_single_precision, result))
    return getattr(result, "dtype", None) in (np.float32, np.float16)
