"""The showpiece of unit 2: a neuron, drawn by hand, that finds a pattern of the student's choice."""

import numpy as np

from nnlib.grading.checks.judging import seed
from nnlib.grading.checks.judging.answer import passed
from nnlib.grading.checks.judging.failure import CheckFailed
from nnlib.grading.checks.unit_2.by_hand import answered, array

SIDE, ROWS, COLUMNS = 8, 40, 64
SAME = 58
"""A patch that agrees with the pattern in so many of its 64 pixels counts as the pattern."""

PLACES = ((3, 5), (4, 40), (26, 12), (25, 50))


def scene(rng, pattern, flipped):
    """A picture with the pattern at four places, decoys between them, and so many flipped pixels
    in each place of the pattern."""
    picture = np.zeros((ROWS, COLUMNS))
    decoys = [np.ones((SIDE, SIDE)), 1 - pattern]
    decoys += [rng.permutation(pattern.ravel()).reshape(SIDE, SIDE) for _ in range(2)]
    for (row, column), decoy in zip(((14, 4), (14, 20), (13, 36), (14, 52)), decoys, strict=True):
        picture[row : row + SIDE, column : column + SIDE] = decoy
    for row, column in PLACES:
        seen = pattern.copy().ravel()
        places = rng.permutation(SIDE * SIDE)[:flipped]
        seen[places] = 1 - seen[places]
        picture[row : row + SIDE, column : column + SIDE] = seen.reshape(SIDE, SIDE)
    return picture


def sums(picture, kernel, b):
    """The weighted sum of the neuron at every place of the picture."""
    windows = np.lib.stride_tricks.sliding_window_view(picture, kernel.shape)
    return np.tensordot(windows, kernel, axes=2) + b


def finder(function, part=None, hidden=False):
    """A filter and a bias that fire where the pattern is, and nowhere else."""
    result = answered(function, "finder")
    if not isinstance(result, (list, tuple)) or len(result) != 3:
        raise CheckFailed("type", "finder must return three arrays: the pattern, the filter, the bias.")
    pattern, kernel = (
        array(result[0], "the pattern", (SIDE, SIDE)),
        array(result[1], "the filter", (SIDE, SIDE)),
    )
    b = float(array(result[2], "the bias", ()))
    if not is_pattern(pattern) and is_pattern(kernel):
        hint = "The pattern and the filter are exchanged: the pattern of zeros and ones is returned first."
        raise CheckFailed("order", hint)
    if not is_pattern(pattern):
        ones, zeros = np.sum(pattern == 1), np.sum(pattern == 0)
        hint = (
            f"The pattern must hold zeros and ones, 12 to 52 of them ones; yours has {ones} ones and "
            f"{zeros} zeros."
        )
        raise CheckFailed("pattern", hint)
    rng = seed.generator(f"unit_2.finder {part}", hidden)
    for _ in range(3):
        picture = scene(rng, pattern, 4 if part == "noise" else 0)
        fires, near = _firing(picture, kernel, b)
        if not near.any(axis=0).all():
            _missed(picture, pattern, kernel, b, part)
        if not near.any(axis=1).all():
            _false(picture, fires[~near.any(axis=1)], pattern, kernel, b)
    passed("your neuron finds your pattern" + (", also with 4 wrong pixels" if part == "noise" else ""))


SLIPS = {
    "the sign of the filter is turned, so it likes the negative": lambda kernel: -kernel,
    "the filter is turned by half a turn, and is laid on as it is": lambda kernel: kernel[::-1, ::-1],
    "the filter is transposed": np.transpose,
}
"""What may be wrong with a filter that misses the pattern -> the filter without it."""


def _firing(picture, kernel, b):
    """The places where the neuron fires, and for each of them which place of the pattern is near."""
    fires = np.argwhere(sums(picture, kernel, b) > 0)
    near = [[np.abs(place - own).max() <= 1 for own in PLACES] for place in fires]
    return fires, np.array(near).reshape(-1, 4)


def _finds(picture, kernel, b):
    """Whether the neuron fires at each place of the pattern, and nowhere else."""
    _, near = _firing(picture, kernel, b)
    return near.any(axis=0).all() and near.any(axis=1).all()


def is_pattern(array):
    """Whether an array holds zeros and ones, enough of both."""
    return bool(np.isin(array, (0, 1)).all()) and 12 <= array.sum() <= 52


def _missed(picture, pattern, kernel, b, part):
    a = sums(picture, kernel, b)
    lowest = min(a[row, column] for row, column in PLACES)
    hint = f"Your neuron misses the pattern: a = {lowest:g} where it stands, and has to be above 0."
    clean = float((kernel * pattern).sum() + b)
    for words, changed in SLIPS.items():
        if _finds(picture, changed(kernel), b):
            raise CheckFailed("missed", f"{hint} One change makes it right: {words}.")
    more = (
        f" Without wrong pixels a = {clean:g}: it has to be so high that 4 of them do not take it to 0."
        if part == "noise"
        else ""
    )
    raise CheckFailed(
        "missed", hint + (more or " The filter times the pattern, summed, has to exceed minus the bias.")
    )


def _false(picture, places, pattern, kernel, b):
    at = sums(picture, kernel, b)
    row, column = max(places, key=lambda place: at[tuple(place)])
    patch, a = picture[row : row + SIDE, column : column + SIDE], float(at[row, column])
    if (patch == pattern).sum() >= SAME:
        why = (
            "What lies there is nearly your pattern: it resembles itself, or its negative, when it is "
            "shifted, so no bias can help. Draw a pattern that does not repeat itself."
        )
    elif patch.all():
        why = "Ink is everywhere in it. Pixels for paper need more negative weights, or the bias is too high."
    elif not patch.any():
        why = "There is nothing but paper in it: the bias has to be negative."
    elif a >= min(at[place] for place in PLACES):
        why = (
            "That is not less than where it stands, so no bias can part them: compare the filter with the "
            "pattern, pixel by pixel. Pixels that should be paper need negative weights."
        )
    else:
        why = "Make the bias more negative, or give the pixels that should be paper negative weights."
    hint = f"Your neuron fires at row {row}, column {column}, where your pattern is not: a = {a:g}. {why}"
    raise CheckFailed("false_alarm", hint)
