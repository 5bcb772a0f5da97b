"""The inputs of a check: an author draws arrays of lettered sizes, the course chooses the sizes.

No shape fits by chance: sizes are pairwise different and no multiples of each other. One case is square,
so that a transposed W gives numbers and not an error; one has an axis of length 1, one a single sample.
"""

import inspect

import numpy as np

from nnlib.grading.checks.search.table import Case

DIFFERENT = ((5, 3, 7, 4, 11), (7, 4, 3, 5, 2))
"""Sizes of the first two cases, for the letters in their order."""

SQUARE, SAMPLES = 4, 6
"""Of the square case: all sizes but the number of samples, and that."""


def sizes_for(letters):
    """One dictionary letter -> size for each case."""
    sizes = [dict(zip(letters, numbers, strict=False)) for numbers in DIFFERENT]
    others = [letter for letter in letters if letter != "N"]
    if len(others) > 1:
        sizes.append(dict.fromkeys(letters, SQUARE) | {k: SAMPLES for k in letters if k == "N"})
    elif others and "N" in letters:
        sizes.append(dict.fromkeys(letters, SQUARE))
    for letter in others[-1:]:
        sizes.append(dict(zip(letters, DIFFERENT[1], strict=False)) | {letter: 1})
    if "N" in letters:
        sizes.append(dict(zip(letters, DIFFERENT[0], strict=False)) | {"N": 1})
    return sizes


def normal(rng, *shapes):
    """One array of normal random numbers for each shape."""
    return tuple(rng.normal(size=shape) for shape in shapes)


def draw(inputs, rng, sizes=None):
    """The cases of `inputs(rng, ...)`: of the given sizes, or of those that the letters ask for."""
    letters = list(inspect.signature(inputs).parameters)[1:]
    drawn = []
    for chosen in sizes or sizes_for(letters) or [{}] * 3:
        arguments = inputs(rng, **chosen)
        if not isinstance(arguments, tuple):
            arguments = (arguments,)
        drawn.append(Case(arguments, dict(chosen)))
    return drawn


def same_inputs(before, after):
    """Whether arguments, lists of pairs too, hold the same numbers as before, but for the last digits."""
    if isinstance(before, np.ndarray):
        return before.shape == np.shape(after) and np.allclose(
            before, after, rtol=1e-10, atol=1e-12, equal_nan=True
        )
    if isinstance(before, (list, tuple)):
        return len(before) == len(after) and all(map(same_inputs, before, after))
    return before is after or callable(before) or before == after
