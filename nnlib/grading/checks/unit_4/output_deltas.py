"""Questions of unit 4: the deltas of output neurons, for three pairs of output and error."""

import numpy as np

from nnlib.grading.checks.question import FORMULA, normal, question
from nnlib.grading.checks.search import vocabulary
from nnlib.grading.checks.unit_1.logistic import SPREAD, random_one_hot, spread_scores


@question(
    returns="Δ of the output",
    section="Deltas of output neurons",
    inputs=lambda rng, N, F: normal(rng, (N, F), (N, F)),
    error=lambda A, T: ((A.sigmoid() - T) ** 2).sum() / 2,
    by="A",
    tolerance=FORMULA,
)
def output_delta(A, T):
    """The deltas of the sum of squares after a sigmoid."""
    Y = 1 / (1 + np.exp(-A))
    slope = Y * (1 - Y)
    return (Y - T) * slope


def large_sums(rng, F):
    """Weighted sums whose exponentials overflow or vanish, and T."""
    A = spread_scores(rng, F)
    return A, random_one_hot(rng, len(A), F)


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
    inputs=lambda rng, N, F: (2 * rng.normal(size=(N, F)), random_one_hot(rng, N, F)),
    error=lambda A, T: -(T * A.log_softmax(dim=1)).sum(),
    by="A",
    also=[written_out],
    hints={
        "Only the desired class gets a delta. Each y depends on all a, so the others get one too": (
            lambda A, T: -T * (1 - vocabulary.softmax(A))
        )
    },
    parts={
        "large": dict(
            reference=stable, also=[], inputs=large_sums, sizes=SPREAD, about="large sums", after_first=True
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


def uncertain_by_terms(A, T):
    m, s = A[:, :1], A[:, 1:]
    off = m - T
    precision = np.exp(-s)
    by_mean = off * precision
    square = off**2
    whole = square * precision
    share = whole / 2
    by_log_variance = 0.5 - share
    return np.column_stack((by_mean, by_log_variance))


def _flat_deltas(A, T):
    """Both deltas where m and s have lost their axis: (N, N) each."""
    m, s = A[:, 0], A[:, 1]
    return (m - T) * np.exp(-s), (1 - (m - T) ** 2 * np.exp(-s)) / 2


STACKED = {
    "two of these stand side by side": np.column_stack,
    "two of these are stacked along the last axis": lambda pair: np.stack(pair, axis=-1),
    "two of these are stacked along axis 1": lambda pair: np.stack(pair, axis=1),
    "two of these stand one after the other": np.array,
    "two of these are turned": lambda pair: np.array(pair).T,
}
"""How two matrices (N, N) are put together where columns were meant: words -> function of the pair."""


@question(
    returns="Δ of the output",
    section="Deltas of output neurons",
    inputs=unsure,
    error=lambda A, T: ((A[:, 1:] + (T - A[:, :1]) ** 2 * (-A[:, 1:]).exp()) / 2).sum(),
    by="A",
    tolerance=FORMULA,
    names={
        "m": "the mean m",
        "s": "s, the logarithm of the variance,",
        "off": "m - t",
        "precision": "the factor e^-s",
        "square": "(t - m)²",
        "whole": "(t - m)² e^-s",
        "share": "(t - m)² e^-s",
        "rest": "1 - (t - m)² e^-s",
        "by_mean": "δ of m",
        "by_log_variance": "δ of s",
    },
    also=[uncertain_by_terms],
    hints={
        "Both deltas have the opposite sign: the derivative of E is asked for, not the way down": (
            lambda A, T: -uncertain_delta.reference(A, T)
        ),
        "Two signs. δ of m: the derivative of (t - m)² by m has a minus. δ of s: so has that of e^-s by s": (
            lambda A, T: uncertain_delta.reference(A, T) * [-1, -1] + [0, 1]
        ),
        "δ of s: the derivative of the first term s is missing": (
            lambda A, T: uncertain_delta.reference(A, T) - [0, 0.5]
        ),
        "δ of s: the derivative of the first term s is 1, not s": (
            lambda A, T: uncertain_delta.reference(A, T) + (A[:, 1:] - 1) * [0, 0.5]
        ),
        "δ of s: the derivative of e^-s by s has a minus": (
            lambda A, T: [0, 1] + uncertain_delta.reference(A, T) * [1, -1]
        ),
        "The columns are exchanged: δ of m comes first": lambda A, T: uncertain_delta.reference(A, T)[
            :, ::-1
        ],
        "That is e^s, where e^-s belongs: the square is divided by the variance": (
            lambda A, T: uncertain_delta.reference(A * [1, -1], T)
        ),
    }
    | {
        f"A[:, 0] is (N,), T is (N, 1), so m - T is (N, N), and {stacked}. Take A[:, :1] and A[:, 1:]": (
            lambda A, T, stack=stack: stack(_flat_deltas(A, T))
        )
        for stacked, stack in STACKED.items()
    },
)
def uncertain_delta(A, T):
    """The deltas of an output that says how sure it is."""
    m, s = A[:, :1], A[:, 1:]
    off = m - T
    precision = np.exp(-s)
    by_mean = off * precision
    square = off**2
    share = square * precision
    rest = 1 - share
    by_log_variance = rest / 2
    return np.column_stack((by_mean, by_log_variance))
