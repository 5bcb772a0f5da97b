"""A bump, and any number of them side by side: any weights of sharp steps that give the heights are right."""

import numpy as np

from nnlib.grading.checks.judging import seed
from nnlib.grading.checks.judging.answer import passed
from nnlib.grading.checks.judging.failure import CheckFailed
from nnlib.grading.checks.judging.returned_arrays import change_that_mends
from nnlib.grading.checks.unit_2.by_hand import answered, output_of, two_layers


def bump(function, hidden=False):
    """A bump of height h from l to r: two hidden neurons with the sigmoid, a linear output."""
    rng = seed.generator("unit_2.bump", hidden)
    places = [_random_place(rng) for _ in range(4)]
    results = [two_layers(answered(function, "bump", *place), "bump", 1, 2) for place in places]
    for (l, r, h), arrays in zip(places, results, strict=True):
        where = _around(l, r, h)
        y, t = _of_bump(arrays, l, r), np.array([t for _, t in where.values()])
        if (wrong := misses(y, t)).any():
            n = int(wrong.argmax())
            told = f"{list(where)[n]} y = {y[n]:.2f}, expected {t[n]:.2f}."
            why = _why_no_bump(y, h, arrays["W1"], arrays["b1"], l, r)
            mends = change_that_mends(
                results, lambda changed: all(map(_is_bump, changed, places)), ("W1", "b1")
            )
            raise CheckFailed("bump", f"l = {l:.2f}, r = {r:.2f}, h = {h:.2f}: {told} {why}{mends}")
    passed("bumps of any place, width and height")


def _random_place(rng):
    """l, r and h. On one side of 0, so that edges with the wrong sign lie elsewhere."""
    width, near = float(rng.uniform(0.5, 2.5)), float(rng.uniform(0.3, 3))
    l = near if rng.integers(2) else -near - width
    return l, l + width, float(rng.uniform(0.5, 3) * rng.choice((-1, 1)))


def _around(l, r, h):
    """Words -> (x, desired output) for places around the bump."""
    width = r - l
    return {
        f"left of l, at {l - 0.3 * width:.2f},": (l - 0.3 * width, 0),
        f"between l and r, at {l + 0.5 * width:.2f},": (l + 0.5 * width, h),
        f"right of r, at {r + 0.3 * width:.2f},": (r + 0.3 * width, 0),
        f"inside, near l, at {l + 0.1 * width:.2f},": (l + 0.1 * width, h),
        f"inside, near r, at {r - 0.1 * width:.2f},": (r - 0.1 * width, h),
        f"outside, near l, at {l - 0.1 * width:.2f},": (l - 0.1 * width, 0),
        f"outside, near r, at {r + 0.1 * width:.2f},": (r + 0.1 * width, 0),
    }


def _of_bump(arrays, l, r):
    """The outputs at the places around the bump."""
    return output_of(arrays, np.array([x for x, _ in _around(l, r, 0).values()]))


def _is_bump(arrays, place):
    l, r, h = place
    return not misses(_of_bump(arrays, l, r), np.array([t for _, t in _around(l, r, h).values()])).any()


def misses(y, t):
    """Which outputs are off by more than 3 % of the largest height."""
    return np.abs(y - t) > 0.03 * np.abs(t).max()


def _why_no_bump(y, h, W1, b1, l, r):
    left, middle, right = y[:3]
    near = lambda value, t: abs(value - t) < 0.02 * abs(h)  # noqa: E731
    at = lambda *values: all(map(near, (left, middle, right), values))  # noqa: E731
    edges = np.sort(-b1 / np.where(W1[:, 0] == 0, np.nan, W1[:, 0]))
    if at(0, -h, 0):
        if h < 0:
            return "That is the bump upside down. Is it so for h > 0, too? If not, the sign of h is lost."
        return "That is the bump upside down: step up at l, step down at r."
    if at(h, 0, h):
        return "That is high outside and low inside."
    if at(0, h, 2 * h):
        return "The second step goes up too: it has to be subtracted."
    if at(0, h, h):
        return "There is a step up at l and none down at r."
    if near(left, right) and near(middle - left, h) and not near(left, 0):
        return f"Everything is lifted by {left:.2f}: the output bias takes that away."
    if at(0, 1, 0):
        return "That is a bump of height 1: multiply by h in the output neuron."
    if np.allclose(edges, np.sort([-l, -r]), atol=0.05):
        return "Your steps are at -l and -r: s (x - l) has the weight s and the bias -s l."
    if not np.allclose(edges, [l, r], atol=0.05):
        return f"Your hidden neurons switch at {edges[0]:.2f} and {edges[1]:.2f}: there w x + b is 0."
    if not at(0, h, 0) and (np.abs(W1[:, 0]) * 0.3 * (r - l) > SHARP).all():
        return (
            "The steps are sharp and at the right places: look at their directions, and at the output neuron."
        )
    return (
        "The steps are at the right places, but not steep enough: use larger weights, and biases with them."
    )


HALF_A_PIECE = 0.2
"""Half the width of the narrowest piece."""

SHARP = 5
"""The weighted sum from which the sigmoid is 0 or 1, nearly."""


def pieces(function, hidden=False):
    """Any number of bumps side by side in one network: the output has a height on each piece."""
    rng = seed.generator("unit_2.pieces", hidden)
    pieces = [_random_pieces(rng, count) for count in (3, 1, 5, 7)]
    results = [
        two_layers(answered(function, "pieces", *drawn), "pieces", 1, len(drawn[0])) for drawn in pieces
    ]
    for (edges, heights), arrays in zip(pieces, results, strict=True):
        count = len(heights)
        y, t = _of_pieces(arrays, edges), np.array([0, *heights, 0])
        if (wrong := misses(y, t)).any():
            n = int(wrong.argmax())
            piece = (
                "left of all pieces" if n == 0 else "right of all pieces" if n > count else f"on piece {n}"
            )
            hint = f"With {count} piece{'s' * (count > 1)}, {piece} y = {y[n]:.2f}, expected {t[n]:.2f}."
            why = _why_no_pieces(y, t, arrays["W1"], arrays["b1"], edges)
            mends = change_that_mends(
                results, lambda changed: all(map(_are_pieces, changed, pieces)), ("W1", "b1")
            )
            raise CheckFailed("pieces", f"{hint} {why}{mends}")
    passed("functions of any number of pieces, by one network")


def _random_pieces(rng, count):
    """The edges of so many pieces, and their heights."""
    edges = np.cumsum(rng.uniform(0.4, 1.2, count + 1)) - 2
    return edges, rng.uniform(0.5, 2, count) * rng.choice((-1, 1), count)


def _of_pieces(arrays, edges):
    """The outputs in the middle of each piece, and on both sides of all."""
    return output_of(arrays, np.array([edges[0] - 0.3, *(edges[:-1] + edges[1:]) / 2, edges[-1] + 0.3]))


def _are_pieces(arrays, drawn):
    edges, heights = drawn
    return not misses(_of_pieces(arrays, edges), np.array([0, *heights, 0])).any()


def _why_no_pieces(y, t, W1, b1, edges):
    near = lambda heights, other: np.abs(heights - other).max() < 0.1  # noqa: E731
    if near(y, np.cumsum(t)):
        return "Each step goes up by a whole height. It has to go up by the difference to the height before."
    if near(y[:-1], t[:-1]) and abs(y[-1]) > 0.1:
        return "The last step down is missing, or wrong: after the last piece the height is 0 again."
    if near(y, -t):
        return "That is upside down: each step goes up (w > 0), by the next height minus the one before."
    switches = np.sort(-b1 / np.where(W1[:, 0] == 0, np.nan, W1[:, 0]))
    if not np.allclose(switches, edges, atol=0.05):
        return "The hidden neurons do not switch at the edges: there w x + b has to be 0."
    if (np.abs(W1[:, 0]) * HALF_A_PIECE < SHARP).any():
        return "The steps reach into the middle of a piece: they are not steep. Larger weights, and biases."
    if misses(y, t)[0]:
        return f"Left of all pieces y is {y[0]:.2f}, and should be 0: with w > 0 it is the output bias."
    off = np.abs(np.diff(y) - np.diff(t))
    k = int(np.argmax(off > min(0.1, off.max() / 2)))
    return (
        "Neuron k switches at edge k, so its output weight is what the height changes by there. "
        f"At edge {k} y changes by {y[k + 1] - y[k]:.2f}, and should change by {t[k + 1] - t[k]:.2f}."
    )
