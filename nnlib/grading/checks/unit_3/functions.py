"""Questions of unit 3, part one: activation functions and their derivatives, entry by entry.

N samples, J neurons. C holds ∂E/∂y of each output: how much it counts in E.
"""

import numpy as np

from nnlib.grading.checks.judging.failure import CheckFailed
from nnlib.grading.checks.judging.truth import torch
from nnlib.grading.checks.question import normal, question


def value_and_slope(function):
    """In torch: from A to function(A) and its derivative for each entry."""

    def found(A):
        A = A.clone().requires_grad_(True)
        Y = function(A)
        return Y, torch().autograd.grad(Y.sum(), A)[0]

    return found


def far_out(rng, N, J):
    """Weighted sums of both signs up to 1e4, and ordinary ones."""
    A = rng.normal(size=(N, J))
    return A * 10.0 ** rng.integers(0, 5, size=(N, J))


def keeps_float32(function, rng):
    """float32 in, float32 out, finite also at ±1e4."""
    A = np.append(rng.normal(size=4), [-1e4, 1e4]).astype(np.float32).reshape(2, 3)
    with np.errstate(all="ignore"):
        found = function(A.copy())
    for name, array in zip(("Y", "the slope"), found, strict=True):
        kind = getattr(array, "dtype", type(array).__name__)
        if kind != np.float32:
            told = f"For A in float32 {name} comes back as {kind}: it should be float32 too."
            raise CheckFailed("type", told)
        if not np.isfinite(array).all():
            raise CheckFailed("not_finite", f"For A in float32 {name} holds NaN or infinity at a = ±10 000.")
    return "float32 stays float32"


@question(
    returns=("Y", "slope"),
    section="Formulas that fail",
    inputs=lambda rng, N, J: 2 * rng.normal(size=(N, J)),
    value=value_and_slope(lambda A: torch().nn.functional.softplus(A, threshold=1e9)),
    parts={
        "large": dict(inputs=far_out, value=value_and_slope(lambda A: torch().nn.functional.softplus(A))),
        "float32": dict(quality=keeps_float32),
    },
    hints={
        "That is the slope of relu, which softplus has far out only": lambda A: (
            np.logaddexp(A, 0),
            np.where(A > 0, 1.0, 0.0),
        ),
        "That is relu itself: softplus has no kink": lambda A: (np.maximum(A, 0), np.where(A > 0, 1.0, 0.0)),
        "Y is right; the slope is differentiated once more": lambda A: (
            np.logaddexp(A, 0),
            np.exp(-np.abs(A)) / (1 + np.exp(-np.abs(A))) ** 2,
        ),
    },
)
def softplus(A):
    """Softplus and its slope."""
    E = np.exp(-np.abs(A))
    Y = np.maximum(A, 0) + np.log(1 + E)
    slope = np.where(A < 0, E, 1) / (1 + E)
    return Y, slope


def outputs_of_four(rng, N, J):
    """Outputs of relu, leaky relu, sigmoid and tanh, with silent neurons, and ε."""
    A, epsilon = rng.normal(size=(4, N, J)), float(rng.uniform(0.05, 0.4))
    relu, leaky = np.maximum(A[0], 0), np.where(A[1] > 0, A[1], epsilon * A[1])
    relu[0, 0] = leaky[0, 0] = 0.0
    return relu, leaky, 1 / (1 + np.exp(-A[2])), np.tanh(A[3]), epsilon


@question(
    returns=("slope of relu", "slope of leaky relu", "slope of sigmoid", "slope of tanh"),
    section="Five functions",
    inputs=outputs_of_four,
    hints={
        "A relu neuron with y = 0 has slope 0, by convention": lambda R, L, S, H, epsilon: (
            np.ones_like(R),
            np.where(L > 0, 1.0, epsilon),
            S * (1 - S),
            1 - H**2,
        ),
    },
)
def slopes_from_outputs(R, L, S, H, epsilon):
    """The slopes of four functions from their outputs."""
    relu = np.where(R > 0, 1.0, 0.0)
    leaky = np.where(L > 0, 1.0, epsilon)
    sigmoid = S * (1 - S)
    tanh = 1 - H**2
    return relu, leaky, sigmoid, tanh


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


@question(
    returns="dE/dε",
    section="Five functions",
    inputs=lambda rng, N, J: (*normal(rng, (N, J), (N, J)), float(rng.uniform(0.05, 0.4))),
    error=lambda A, C, epsilon: (C * torch().where(A > 0, A, epsilon * A)).sum(),
    by="epsilon",
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
    },
)
def leak_gradient(A, C, epsilon):
    """The derivative of E with respect to the leak."""
    negative = np.minimum(A, 0)
    return np.sum(C * negative)


@question(
    returns="slope",
    section="What is used today",
    inputs=lambda rng, N, J: 2 * rng.normal(size=(N, J)),
    error=lambda A: torch().nn.functional.silu(A).sum(),
    by="A",
    parts={"large": dict(inputs=far_out)},
)
def silu_slope(A):
    """The slope of SiLU."""
    E = np.exp(-np.abs(A))
    S = np.where(A < 0, E, 1) / (1 + E)
    return S + A * S * (1 - S)
