"""Checks of unit 1: linear regression.

The errors in torch are those that the questions show.
"""

import numpy as np

from nnlib.grading.checks.judging import oracle
from nnlib.grading.checks.judging.comparison import call, compare, passed
from nnlib.grading.checks.judging.seed import generator

# Sizes are all different, so that no shape fits by chance: N samples, D inputs, F outputs.
SIZES = ((4, 3, 5), (7, 4, 3))


def batches(check, hidden, one_hot=False):
    """W, X and T of each of the sizes; T is one-hot if asked for."""
    rng = generator(check, hidden)
    for N, D, F in SIZES:
        T = np.eye(F)[rng.integers(F, size=N)] if one_hot else rng.normal(size=(N, F))
        yield rng.normal(size=(F, D)), rng.normal(size=(N, D)), T


def _squares(W, X, T):
    return ((X @ W.T - T) ** 2).sum() / 2


def linear_output(function, hidden=False):
    """y = Wx for one sample."""
    for W, X, _ in batches("unit_1.linear_output", hidden):
        x = X[0]
        y = W @ x
        slips = {
            "not_summed": W * x,
            "summed_columns": (W * x).sum(axis=0),
            "averaged_inputs": y / len(x),
            "one_output": y[0],
            "negative": -y,
            "input_itself": x,
        }
        compare(call(function, W, x, name="linear_output"), y, "y", slips)
    passed("the output of one sample")


def linear_outputs(function, hidden=False):
    """Y = X Wᵀ for a batch."""
    for W, X, _ in batches("unit_1.linear_outputs", hidden):
        Y = X @ W.T
        slips = {
            "samples_in_columns": Y.T,
            "one_row": Y[0],
            "outputs_added": Y.sum(axis=1),
            "samples_added": Y.sum(axis=0),
            "input_itself": X,
        }
        compare(call(function, W, X, name="linear_outputs"), Y, "Y", slips)
    passed("the outputs of a batch")


def sum_of_squares(function, hidden=False):
    """E = 1/2 Σ (y - t)², one number."""
    rng = generator("unit_1.sum_of_squares", hidden)
    for N, _, F in SIZES:
        Y, T = rng.normal(size=(2, N, F))
        truth = oracle.value(lambda Y, T: ((Y - T) ** 2).sum() / 2, Y, T)
        squares = (Y - T) ** 2
        slips = {
            "no_half": squares.sum(),
            "averaged": truth / N,
            "averaged_all": squares.mean(),
            "per_sample": squares.sum(axis=1) / 2,
            "per_output": squares.sum(axis=0) / 2,
            "not_squared": (Y - T).sum() / 2,
            "absolute": np.abs(Y - T).sum() / 2,
            "squared_sum": (Y - T).sum() ** 2 / 2,
            "root": np.sqrt(squares.sum()),
        }
        compare(call(function, Y, T, name="sum_of_squares"), truth, "E", slips)
    passed("the sum of squares")


def gradient_slips(gradient, delta, X):
    """What slips that both regressions know give instead of `gradient`; delta is y - t."""
    return {
        "transpose": gradient.T,
        "sign": -gradient,
        "input_missing": delta if X.ndim == 1 else delta.sum(axis=0),
    }


def gradient_of_sample(function, hidden=False):
    """(y - t) xᵀ, an outer product."""
    for W, X, T in batches("unit_1.gradient_of_sample", hidden):
        x, t = X[0], T[0]
        truth = oracle.gradient(_squares, W, X[:1], T[:1])
        slips = gradient_slips(truth, W @ x - t, x) | {
            "factor_2": 2 * truth,
            "half": truth / 2,
            "output_missing": np.outer(W @ x, x),
            "input_itself": W,
        }
        found = call(function, W, x, t, name="gradient_of_sample")
        compare(found, truth, "The gradient", slips)
    passed("the gradient of one sample")


def gradient(function, hidden=False):
    """(Y - T)ᵀ X, summed over the samples."""
    for W, X, T in batches("unit_1.gradient", hidden):
        truth = oracle.gradient(_squares, W, X, T)
        delta = X @ W.T - T
        slips = gradient_slips(truth, delta, X) | {
            "averaged": truth / len(X),
            "averaged_all": truth / delta.size,
            "factor_2": 2 * truth,
            "output_missing": (X @ W.T).T @ X,
            "one_sample": np.outer(delta[0], X[0]),
            "overwritten": np.outer(delta[-1], X[-1]),
            "input_itself": W,
        }
        compare(call(function, W, X, T, name="gradient"), truth, "The gradient", slips)
    passed("the gradient of a batch")
