"""Questions of unit 3, part four: four broken ways back. N samples, J neurons."""

import numpy as np

from nnlib.grading.checks.judging.truth import torch
from nnlib.grading.checks.question import FORMULA, normal, question


def sums_and_weights(rng, N, J):
    """A, and C = ∂E/∂y."""
    return normal(rng, (N, J), (N, J))


def sums_with_zeros(rng, N, J):
    """The same with sums that are exactly 0, where the convention at the kink decides."""
    A, C = sums_and_weights(rng, N, J)
    A.flat[0] = A.flat[-1] = 0.0
    return A, C


def sigmoid(A):
    return 1 / (1 + np.exp(-A))


def way_back(function, section, inputs=sums_and_weights):
    """The fields of a question: C times the slope of `function`, in torch the derivative of Σ C g(A) by A."""
    return dict(
        returns="dE/dA", section=section, inputs=inputs, by="A",
        error=lambda A, C: (C * function(A)).sum(), tolerance=FORMULA,
    )  # fmt: skip


@question(**way_back(lambda A: A.sigmoid(), "The slope of the sigmoid"))
def mended_1(A, C):
    """Back through the sigmoid."""
    Y = 1 / (1 + np.exp(-A))
    slope = Y * (1 - Y)
    return C * slope


@question(
    **way_back(lambda A: A.relu(), "Five functions", sums_with_zeros),
    hints={
        "At a = 0 the slope of relu is 0, by convention": lambda A, C: C * (A >= 0),
        "The slope of relu is 0 for negative sums, not -1": lambda A, C: C * np.sign(A),
        "The sign of what comes back decides here: the slope is 1 or 0 by the sign of A": lambda A, C: (
            np.maximum(C, 0)
        ),
    },
)
def mended_2(A, C):
    """Back through relu."""
    slope = np.where(A > 0, 1.0, 0.0)
    return C * slope


@question(
    **way_back(lambda A: A.tanh(), "tanh is a stretched sigmoid"),
    hints={
        "g' is taken of y = g(a) once more: take it at a": lambda A, C: C * (1 - np.tanh(np.tanh(A)) ** 2),
        "That is g(a) itself, where its slope belongs": lambda A, C: C * np.tanh(A),
        "That is 1 - y, where the slope of tanh is 1 - y²": lambda A, C: C * (1 - np.tanh(A)),
        "For 1 - y² y is tanh a = 2 Z - 1: the -1 is missing": lambda A, C: (
            C * (1 - (2 * sigmoid(2 * A)) ** 2)
        ),
        "The slope is 1 too small, as if the -1 of 2 Z - 1 were a part of it": (
            lambda A, C: mended_3.reference(A, C) - C
        ),
        "1 - y² is for y = tanh a, and Z is not that: tanh a = 2 Z - 1": lambda A, C: (
            C * (1 - sigmoid(2 * A) ** 2)
        ),
        "tanh a is the sigmoid at 2a, stretched: yours takes the sigmoid at a": lambda A, C: (
            C * 4 * sigmoid(A) * (1 - sigmoid(A))
        ),
        "tanh a is the sigmoid at 2a, stretched: yours is at a, and a factor 2 is missing": lambda A, C: (
            C * 2 * sigmoid(A) * (1 - sigmoid(A))
        ),
        "y (1 - y) is the slope of the sigmoid. For y = tanh a the slope is another": lambda A, C: (
            C * np.tanh(A) * (1 - np.tanh(A))
        ),
        "A factor 2 is missing still: one comes from 2a inside, one from 2 Z - 1": lambda A, C: (
            C * 2 * sigmoid(2 * A) * (1 - sigmoid(2 * A))
        ),
        "A factor 4 is missing: 2 comes from 2a inside, and 2 from 2 Z - 1": lambda A, C: (
            C * sigmoid(2 * A) * (1 - sigmoid(2 * A))
        ),
    },
)
def mended_3(A, C):
    """Back through tanh, the stretched sigmoid."""
    Z = 1 / (1 + np.exp(-2 * A))
    slope = 4 * Z * (1 - Z)
    return C * slope


@question(
    **way_back(lambda A: torch().nn.functional.leaky_relu(A, 0.2), "Five functions", sums_with_zeros),
    hints={
        "C is there twice where a is positive": lambda A, C: np.where(A > 0, C * C, 0.2 * C),
        "C is there twice where a is negative": lambda A, C: np.where(A > 0, C, 0.2 * C * C),
        "The factor C is missing where a is negative": lambda A, C: np.where(A > 0, C, 0.2),
        "The factor C is missing where a is positive": lambda A, C: np.where(A > 0, 1, 0.2 * C),
        "A stands where C belongs: the slope is 0.2, and it multiplies C": lambda A, C: np.where(
            A > 0, C, 0.2 * A
        ),
        "A is too many where a is negative: 0.2 a is the output, and its slope is 0.2": (
            lambda A, C: np.where(A > 0, C, 0.2 * C * A)
        ),
        "0.2 is added where a is negative, and is to multiply": lambda A, C: np.where(A > 0, C, C + 0.2),
        "That is the output times C. The slope is asked for": lambda A, C: C * np.where(A > 0, A, 0.2 * A),
        "The sign of c decides here, and not that of a": lambda A, C: np.where(C > 0, C, 0.2 * C),
        "At a = 0 the slope of the leaky relu is 0.2, by convention": lambda A, C: np.where(
            A >= 0, C, 0.2 * C
        ),
    },
)
def mended_4(A, C):
    """Back through the leaky relu with ε = 0.2."""
    slope = np.where(A > 0, 1.0, 0.2)
    return C * slope
