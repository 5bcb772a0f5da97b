"""Questions of unit 3, part four: four broken ways back. N samples, J neurons."""

import numpy as np

from nnlib.grading.checks.judging.truth import torch
from nnlib.grading.checks.question import normal, question


def sums_and_weights(rng, N, J):
    """A, and C = ∂E/∂y."""
    return normal(rng, (N, J), (N, J))


def way_back(function, section):
    """The fields of a question: C times the slope of `function`, in torch the derivative of Σ C g(A) by A."""
    return dict(
        returns="dE/dA", section=section, inputs=sums_and_weights, by="A",
        error=lambda A, C: (C * function(A)).sum(),
    )  # fmt: skip


@question(**way_back(lambda A: A.sigmoid(), "The slope of the sigmoid"))
def mended_1(A, C):
    """Back through the sigmoid."""
    Y = 1 / (1 + np.exp(-A))
    slope = Y * (1 - Y)
    return C * slope


@question(**way_back(lambda A: A.relu(), "Five functions"))
def mended_2(A, C):
    """Back through relu."""
    slope = np.where(A > 0, 1.0, 0.0)
    return C * slope


@question(
    **way_back(lambda A: A.tanh(), "tanh is a stretched sigmoid"),
    hints={
        "g' is taken of y = g(a) once more: take it at a": lambda A, C: C * (1 - np.tanh(np.tanh(A)) ** 2),
        "That is g(a) itself, where its slope belongs": lambda A, C: C * np.tanh(A),
    },
)
def mended_3(A, C):
    """Back through tanh, the stretched sigmoid."""
    Z = 1 / (1 + np.exp(-2 * A))
    slope = 4 * Z * (1 - Z)
    return C * slope


@question(
    **way_back(lambda A: torch().nn.functional.leaky_relu(A, 0.2), "Five functions"),
    hints={"The factor C is missing where a is negative": lambda A, C: np.where(A > 0, C, 0.2)},
)
def mended_4(A, C):
    """Back through the leaky relu with ε = 0.2."""
    slope = np.where(A > 0, 1.0, 0.2)
    return C * slope
