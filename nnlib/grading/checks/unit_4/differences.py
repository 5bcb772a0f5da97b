"""Check of unit 4: the gradient by central differences."""

import numpy as np

from nnlib.grading.checks.judging.comparison import call, compare, passed
from nnlib.grading.checks.judging.seed import generator


def numeric_gradient(function, hidden=False):
    """Central differences of a function of a matrix."""
    rng = generator("unit_4.numeric_gradient", hidden)
    for shape in ((2, 3), (4, 1)):
        W, C, h = rng.normal(size=shape), rng.normal(size=shape), 1e-2

        def E(W, C=C):
            return float(np.sum(np.sin(W) * C) + np.sum(W) ** 3)

        def difference(forward, backward, W=W, E=E, h=h):
            found = np.zeros(W.shape)
            for place in np.ndindex(W.shape):
                step = np.zeros(W.shape)
                step[place] = h
                found[place] = E(W + forward * step) - E(W + backward * step)
            return found

        truth = difference(1, -1) / (2 * h)
        first = np.zeros(shape)
        first.flat[0] = truth.flat[0]
        slips = {
            "forward_difference": difference(1, 0) / h,
            "double_step": 2 * truth,
            "no_division": 2 * h * truth,
            "negative": -truth,
            "one_entry": first,
            "not_restored": _drifting(E, W, h),
            "transpose": truth.T,
        }
        mine = np.array(W)
        compare(call(function, E, mine, h, name="numeric_gradient"), truth, "The gradient", slips)
    passed("the gradient by central differences")


def _drifting(E, W, h):
    """Central differences of someone who leaves every entry at w - h."""
    W, found = np.array(W), np.zeros(W.shape)
    for place in np.ndindex(W.shape):
        W[place] += h
        ahead = E(W)
        W[place] -= 2 * h
        found[place] = (ahead - E(W)) / (2 * h)
    return found
