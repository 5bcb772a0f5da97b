"""Checks of unit 4: the deltas of output neurons, for two pairs of output and error."""

import numpy as np

from nnlib.grading.checks.judging import oracle
from nnlib.grading.checks.judging.comparison import call, compare, passed
from nnlib.grading.checks.judging.seed import generator

# N samples, F outputs.
SIZES = ((5, 4), (3, 2))


def output_delta(function, hidden=False):
    """Δ = (Y - T) Y (1 - Y): sum of squares after a sigmoid."""
    rng = generator("unit_4.output_delta", hidden)
    for N, F in SIZES:
        A, T = rng.normal(size=(2, N, F))
        truth = oracle.gradient(lambda A, T: ((A.sigmoid() - T) ** 2).sum() / 2, A, T)
        Y = 1 / (1 + np.exp(-A))
        again = 1 / (1 + np.exp(-Y))
        slips = {
            "sign": -truth,
            "no_output_slope": Y - T,
            "factor_2": 2 * truth,
            "averaged": truth / N,
            "output_missing": Y * Y * (1 - Y),
            "derivative_alone": Y * (1 - Y),
            "derivative_of_output": (Y - T) * again * (1 - again),
            "derivative_of_sum": (Y - T) * A * (1 - A),
            "activation_for_slope": (Y - T) * Y,
            "no_sigmoid": (A - T) * Y * (1 - Y),
            "samples_in_columns": truth.T,
            "samples_merged": truth.sum(axis=0),
        }
        found = call(function, A, T, name="output_delta")
        compare(found, truth, "Δ of the output", slips)
    passed("output deltas of the sum of squares after a sigmoid")


def softmax_delta(function, large=False, hidden=False):
    """Δ = softmax(A) - T: cross-entropy after softmax; `large`: for weighted sums of ±10 000."""
    if large:
        return _softmax_delta_of_large_sums(function, hidden)
    rng = generator("unit_4.softmax_delta", hidden)
    for N, F in ((5, 4), (4, 6)):
        A = rng.normal(0, 2, (N, F))
        T = np.eye(F)[rng.integers(F, size=N)]
        truth = oracle.gradient(lambda A, T: -(T * A.log_softmax(dim=1)).sum(), A, T)
        Y = truth + T
        powers = np.exp(A)
        slips = {
            "sign": -truth,
            "no_softmax": A - T,
            "spurious_slope": truth * Y * (1 - Y),
            "averaged": truth / N,
            "factor_2": 2 * truth,
            "wrong_axis": powers / powers.sum(axis=0) - T,
            "all_rows": powers / powers.sum() - T,
            "not_normalised": powers - T,
            "output_missing": Y,
            "hard_maximum": np.eye(F)[A.argmax(axis=1)] - T,
            "sigmoid": 1 / (1 + np.exp(-A)) - T,
        }
        compare(call(function, A, T, name="softmax_delta"), truth, "Δ of the output", slips)
    passed("output deltas of the cross-entropy after softmax")


def _softmax_delta_of_large_sums(function, hidden):
    """There exp overflows, or is 0 throughout a row."""
    rng = generator("unit_4.softmax_delta large", hidden)
    A = rng.normal(size=(4, 3)) + np.array([[1e4], [-1e4], [0.0], [700.0]])
    A[2] *= 1e4
    T = np.eye(3)[rng.integers(3, size=4)]
    truth = oracle.gradient(lambda A, T: -(T * A.log_softmax(dim=1)).sum(), A, T)
    found = call(function, A, T, name="softmax_delta")
    compare(found, truth, "Δ of the output", {"unstable": np.full_like(truth, np.nan)})
    passed("the same for very large and very small sums")
