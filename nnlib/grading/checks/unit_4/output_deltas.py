"""Questions of unit 4: the deltas of output neurons, for three pairs of output and error."""

import numpy as np

from nnlib.grading.checks.question import normal, question
from nnlib.grading.checks.search import vocabulary
from nnlib.grading.checks.unit_1.logistic import SPREAD, one_hot, spread_scores


@question(
    returns="Δ of the output",
    section="Deltas of output neurons",
    inputs=lambda rng, N, F: normal(rng, (N, F), (N, F)),
    error=lambda A, T: ((A.sigmoid() - T) ** 2).sum() / 2,
    by="A",
)
def output_delta(A, T):
    """The deltas of the sum of squares after a sigmoid."""
    Y = 1 / (1 + np.exp(-A))
    slope = Y * (1 - Y)
    return (Y - T) * slope


def large_sums(rng, F):
    """Weighted sums whose exponentials overflow or vanish, and T."""
    A = spread_scores(rng, F)
    return A, one_hot(rng, len(A), F)


def written_out(A, T):
    powers = np.exp(A)
    Y = powers / np.sum(powers, axis=1, keepdims=True)
    return Y - T


def stable(A, T):
    powers = np.exp(A - np.max(A, axis=1, keepdims=True))
    Y = powers / np.sum(powers, axis=1, keepdims=True)
    return Y - T


@question(
    returns="Δ of the output",
    section="Softmax and cross-entropy",
    inputs=lambda rng, N, F: (2 * rng.normal(size=(N, F)), one_hot(rng, N, F)),
    error=lambda A, T: -(T * A.log_softmax(dim=1)).sum(),
    by="A",
    also=[written_out],
    parts={
        "large": dict(
            reference=stable, also=[], inputs=large_sums, sizes=SPREAD, told="large sums", after_first=True
        ),
    },
)
def softmax_delta(A, T):
    """The deltas of the cross-entropy after softmax."""
    Y = vocabulary.softmax(A)
    return Y - T


def unsure(rng, N):
    """A with means and logarithms of variances, and T; one sample far off."""
    A, T = rng.uniform(-3, 3, (N, 2)), rng.normal(size=(N, 1))
    T[0] = 30 * (1 + rng.uniform())
    A[0, 1] = -3
    return A, T


@question(
    returns="Δ of the output",
    section="Deltas of output neurons",
    inputs=unsure,
    error=lambda A, T: ((A[:, 1:] + (T - A[:, :1]) ** 2 * (-A[:, 1:]).exp()) / 2).sum(),
    by="A",
    names={
        "m": "the mean m",
        "s": "s, the logarithm of the variance,",
        "off": "m - t",
        "precision": "e^-s",
        "by_mean": "δ of m",
        "by_log_variance": "δ of s",
    },
)
def uncertain_delta(A, T):
    """The deltas of an output that says how sure it is."""
    m, s = A[:, :1], A[:, 1:]
    off = m - T
    precision = np.exp(-s)
    by_mean = off * precision
    by_log_variance = (1 - off**2 * precision) / 2
    return np.column_stack((by_mean, by_log_variance))
