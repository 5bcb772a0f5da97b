"""Questions of unit 3, part two: softmax, where every output depends on every sum.

N samples, F outputs.
"""

import numpy as np

from nnlib.grading.checks.judging.truth import torch
from nnlib.grading.checks.question import FORMULA, normal, question


def softmax(A):
    """Of each row."""
    powers = np.exp(A - np.max(A, axis=-1, keepdims=True))
    return powers / np.sum(powers, axis=-1, keepdims=True)


def jacobian_in_torch(a):
    return torch().autograd.functional.jacobian(lambda a: a.softmax(dim=0), a)


def sums_of_one_sample(rng, F, spread=0):
    """Weighted sums, the first of them so far below 0 and the others so far above, half of the spread.

    800 is too wide for exponentials where the smallest sum is subtracted, and not for those of the sums.
    """
    return rng.normal(size=F) + spread / 2 * np.where(np.arange(F) > 0, 1, -1)


@question(
    returns="the Jacobian",
    section="Formulas that fail",
    inputs=sums_of_one_sample,
    sizes=[dict(F=5), dict(F=3), dict(F=4, spread=800), dict(F=1)],
    value=jacobian_in_torch,
    tolerance=FORMULA,
    hints={
        "Only the diagonal is there: every output depends on every weighted sum": lambda a: np.diag(
            np.diag(softmax_jacobian.reference(a))
        ),
        "Only the diagonal is there, as a vector: every output depends on every weighted sum": lambda a: (
            np.diag(softmax_jacobian.reference(a))
        ),
        "That is the derivative of ln y_k, which is that of y_k divided by y_k: the factor y_k is missing": (
            lambda a: np.eye(len(a)) - softmax(a)
        ),
        "The diagonal is not right: it is y_k (1 - y_k), that is y_k - y_k²": (
            lambda a: np.diag(1 - softmax(a)) - np.outer(softmax(a), softmax(a))
        ),
        "On the diagonal y_k² is subtracted twice: y_k (1 - y_k) holds it already": (
            lambda a: np.diag(softmax(a) * (1 - softmax(a))) - np.outer(softmax(a), softmax(a))
        ),
        "The diagonal is not right: there k = k', and a_k acts on the numerator of y_k too": (
            lambda a: -np.outer(softmax(a), softmax(a))
        ),
    },
)
def softmax_jacobian(a):
    """The Jacobian of softmax."""
    powers = np.exp(a - np.max(a))
    y = powers / np.sum(powers)
    return np.diag(y) - np.outer(y, y)


def large_sums(rng, N, F):
    """Weighted sums whose exponentials overflow or vanish, and C."""
    shifts = 10.0 ** rng.integers(0, 5, size=(N, 1)) * rng.choice([-1, 1], size=(N, 1))
    return rng.normal(size=(N, F)) + shifts, rng.normal(size=(N, F))


@question(
    returns="dE/dA",
    section="Formulas that fail",
    inputs=lambda rng, N, F: normal(rng, (N, F), (N, F)),
    error=lambda A, C: (C * A.softmax(dim=1)).sum(),
    by="A",
    tolerance=FORMULA,
    parts={"large": dict(inputs=large_sums, no_overflow=True, tolerance=1e-8, after_first=True)},
    names={"mean": "the sum over the row"},
    hints={
        "Y multiplies both terms, C and the sum over the row: brackets are missing": lambda A, C: (
            C * softmax(A) - np.sum(C * softmax(A), axis=1, keepdims=True)
        ),
        "Only the diagonal of the Jacobian is used: a_k' acts on every output of its row": lambda A, C: (
            C * softmax(A) * (1 - softmax(A))
        ),
    },
)
def softmax_back(A, C):
    """Back through softmax, for a batch."""
    powers = np.exp(A - np.max(A, axis=1, keepdims=True))
    Y = powers / np.sum(powers, axis=1, keepdims=True)
    mean = np.sum(C * Y, axis=1, keepdims=True)
    return Y * (C - mean)
