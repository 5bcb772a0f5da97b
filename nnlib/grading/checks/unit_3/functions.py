"""Questions of unit 3, part one: activation functions and their derivatives, entry by entry.

N samples, J neurons. C holds ∂E/∂y of each output: how much it counts in E.
"""

import numpy as np

from nnlib.grading.checks.judging.truth import torch
from nnlib.grading.checks.question import FORMULA, normal, question
from nnlib.grading.checks.unit_3.float32 import far_out_too, keeps_float32


def value_and_slope(function):
    """In torch: from A to function(A) and its derivative for each entry."""

    def both(A):
        A = A.clone().requires_grad_(True)
        Y = function(A)
        return Y, torch().autograd.grad(Y.sum(), A)[0]

    return both


def far_out(rng, N, J):
    """Weighted sums of both signs up to 1e4, and ordinary ones."""
    A = rng.normal(size=(N, J))
    return A * 10.0 ** rng.integers(0, 5, size=(N, J))


def softplus_as_written(A):
    """Softplus, which overflows, and its slope."""
    Y = np.log(1 + np.exp(A))
    slope = 1 / (1 + np.exp(-A))
    return Y, slope


def softplus_without_overflow(A):
    """The same with an exponential that is at most 1."""
    E = np.exp(-np.abs(A))
    Y = np.maximum(A, 0) + np.log(1 + E)
    slope = 1 / (1 + np.exp(-A))
    return Y, slope


def corrected_below(A):
    """Softplus if ln(1 + e^-|a|) is added to nothing but the 0 of negative sums."""
    E = np.exp(-np.abs(A))
    return np.where(A > 0, A, np.log(1 + E)), 1 / (1 + np.exp(-A))


CORRECTED = "For positive sums a stands alone, and the part ln(1 + e^-a) is missing"

INFINITE = "e^a overflows for a large sum. Pull it out of the bracket, so that no exponent is above 0"


@question(
    returns=("Y", "slope"),
    section="Formulas that fail",
    also=(softplus_as_written, softplus_without_overflow),
    inputs=lambda rng, N, J: 2 * rng.normal(size=(N, J)),
    value=value_and_slope(lambda A: torch().nn.functional.softplus(A, threshold=1e9)),
    tolerance=FORMULA,
    parts={
        "large": dict(
            inputs=far_out,
            no_overflow=True,
            tolerance=1e-8,
            after_first=True,
            value=value_and_slope(lambda A: torch().nn.functional.softplus(A)),
            also=(softplus_without_overflow,),
            hints={
                CORRECTED: corrected_below,
                INFINITE: softplus_as_written,
                f"{INFINITE}; and so in the slope": lambda A: (
                    np.log(1 + np.exp(A)),
                    np.exp(A) / (1 + np.exp(A)),
                ),
            },
        ),
        "float32": dict(
            quality=keeps_float32(
                ("Y", "slope"), lambda rng: (far_out_too(rng),), lambda A: softplus_without_overflow(A)
            )
        ),
    },
    hints={
        CORRECTED: corrected_below,
        "That is the slope of relu, which softplus has far out only": lambda A: (
            np.logaddexp(A, 0),
            np.where(A > 0, 1.0, 0.0),
        ),
        "That is relu itself: softplus has no kink": lambda A: (np.maximum(A, 0), np.where(A > 0, 1.0, 0.0)),
        "Y is right; the slope is 1 / (1 + e^a): e^a is missing, or a minus in front of a": lambda A: (
            np.logaddexp(A, 0),
            1 / (1 + np.exp(A)),
        ),
        "Y is right; y (1 - y) is the slope of the sigmoid y, and not of softplus": (
            lambda A: (Y := np.logaddexp(A, 0), Y * (1 - Y))
        ),
        "Y is right; that is the slope of the sigmoid, as if softplus were differentiated twice": lambda A: (
            np.logaddexp(A, 0),
            np.exp(-np.abs(A)) / (1 + np.exp(-np.abs(A))) ** 2,
        ),
    },
)
def softplus(A):
    """Softplus and its slope."""
    Y = np.logaddexp(0, A)
    slope = 1 / (1 + np.exp(-A))
    return Y, slope


def at_the_kinks(rng, N, J):
    """Weighted sums, some of them exactly at a kink."""
    A = 1.5 * rng.normal(size=(N, J))
    A.flat[0] = 1.0
    A.flat[-1] = -1.0
    return A


@question(
    returns=("Y", "slope"),
    section="Kinks",
    inputs=at_the_kinks,
    value=value_and_slope(lambda A: torch().nn.functional.hardtanh(A)),
    hints={
        "Y is right; at a kink the slope is 1, where the flat side counts": lambda A: (
            np.clip(A, -1, 1),
            np.where(np.abs(A) <= 1, 1.0, 0.0),
        ),
        "Y is right; at a kink the slope is the mean of both sides, where the flat side counts": lambda A: (
            np.clip(A, -1, 1),
            (np.sign(A + 1) - np.sign(A - 1)) / 2,
        ),
        "Y is right; at a kink the left side is taken, where the flat side counts": lambda A: (
            np.clip(A, -1, 1),
            np.where((A > -1) & (A <= 1), 1.0, 0.0),
        ),
        "Y is right; at a kink the right side is taken, where the flat side counts": lambda A: (
            np.clip(A, -1, 1),
            np.where((A >= -1) & (A < 1), 1.0, 0.0),
        ),
        "Below -1 it is as between -1 and 1. If an `if` for it stands there, an `elif` has to follow": (
            lambda A: (np.minimum(A, 1), np.where(A < 1, 1.0, 0.0))
        ),
        "Y is right; between -1 and 1 the slope is 1, and not a itself": lambda A: (
            np.clip(A, -1, 1),
            np.where(np.abs(A) < 1, A, 0.0),
        ),
        "Y is right; the slope is that of tanh, 1 - y²": lambda A: (
            np.clip(A, -1, 1),
            1 - np.clip(A, -1, 1) ** 2,
        ),
    },
)
def hard_tanh(A):
    """Hard tanh and its slope, at the kinks too."""
    Y = np.clip(A, -1, 1)
    slope = np.where(np.abs(A) < 1, 1.0, 0.0)
    return Y, slope


def sums_and_counts(rng, N, J):
    """A, C and ε; of a single neuron with a derivative above 0."""
    A, C = normal(rng, (N, J), (N, J))
    if J == 1 and np.sum(C * np.minimum(A, 0)) < 0:
        C = -C
    return A, C, float(rng.uniform(0.05, 0.4))


@question(
    returns="dE/dε",
    section="Five functions",
    inputs=sums_and_counts,
    error=lambda A, C, epsilon: (C * torch().where(A > 0, A, epsilon * A)).sum(),
    by="epsilon",
    tolerance=FORMULA,
    names={"slope": "dy/dε"},
    hints={
        "These are slopes with respect to a, added up: here ε moves": lambda A, C, epsilon: np.sum(
            C * np.where(A > 0, 1, epsilon)
        ),
        "ε is still there as a factor": lambda A, C, epsilon: np.sum(C * np.minimum(epsilon * A, 0)),
        "Positive sums do not depend on ε: they count 0": lambda A, C, epsilon: np.sum(
            C * np.where(A > 0, 1, A)
        ),
        "The positive sums are taken, and they do not depend on ε": lambda A, C, epsilon: np.sum(
            C * np.maximum(A, 0)
        ),
        "ε stands where a belongs: y = ε a changes by a when ε moves by 1": lambda A, C, epsilon: np.sum(
            C * np.where(A > 0, 0, epsilon)
        ),
        "All sums are taken, and positive ones do not depend on ε": lambda A, C, epsilon: np.sum(C * A),
        "1 stands where a belongs: y = ε a changes by a when ε moves by 1": lambda A, C, epsilon: np.sum(
            C * np.where(A > 0, 0, 1)
        ),
        "The mean is taken, where E is a sum over all outputs": lambda A, C, epsilon: np.mean(
            C * np.minimum(A, 0)
        ),
        "C is missing: it says how much each output counts": lambda A, C, epsilon: np.sum(np.minimum(A, 0)),
        "That is one derivative for each output. All share one ε: add them up": lambda A, C, epsilon: (
            C * np.minimum(A, 0)
        ),
    },
)
def leak_gradient(A, C, epsilon):
    """The derivative of E with respect to the leak."""
    slope = np.where(A > 0, 0, A)
    return np.sum(C * slope)


def sigmoid(A):
    return 1 / (1 + np.exp(-A))


@question(
    returns="slope",
    section="What is used today",
    inputs=lambda rng, N, J: 2 * rng.normal(size=(N, J)),
    error=lambda A: torch().nn.functional.silu(A).sum(),
    by="A",
    tolerance=FORMULA,
    names={"S": "the sigmoid", "S_slope": "the slope of the sigmoid"},
    parts={"large": dict(inputs=far_out, no_overflow=True, tolerance=1e-8, after_first=True)},
    hints={
        "That is the slope of the sigmoid alone. g is a times the sigmoid: use the product rule": (
            lambda A: sigmoid(A) * (1 - sigmoid(A))
        ),
        "That is a times the slope of the sigmoid. The product rule has a second term": (
            lambda A: A * sigmoid(A) * (1 - sigmoid(A))
        ),
        "y (1 - y) is the slope of the sigmoid, and y = g(a) is another function here": (
            lambda A: A * sigmoid(A) * (1 - A * sigmoid(A))
        ),
        "That is g(a) itself. Its slope is asked for": lambda A: A * sigmoid(A),
        "That is the sigmoid alone. The product rule has a second term": lambda A: sigmoid(A),
    },
)
def silu_slope(A):
    """The slope of SiLU."""
    S = 1 / (1 + np.exp(-A))
    S_slope = S * (1 - S)
    return S + A * S_slope
