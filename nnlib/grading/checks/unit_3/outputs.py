"""Questions of unit 3: the outputs of four activation functions, and their slopes from these outputs.

R of relu, L of the leaky relu with slope ε, S of the sigmoid, H of tanh.
"""

import numpy as np

from nnlib.grading.checks.judging.truth import torch
from nnlib.grading.checks.question import question
from nnlib.grading.checks.unit_3.float32 import far_out_too, keeps_float32

SHAPES = {1: (7,), 2: (5, 3), 3: (2, 3, 4)}
"""A shape for each number of axes."""

AXES = [dict(axes=axes) for axes in SHAPES]


def sums(rng, axes):
    """Weighted sums with so many axes, and ε."""
    return 2 * rng.normal(size=SHAPES[axes]), float(rng.uniform(0.05, 0.4))


def far_sums(rng, axes):
    """The same with sums of both signs up to ±1e4."""
    A, epsilon = sums(rng, axes)
    A = A * 10.0 ** rng.integers(0, 4, size=A.shape)
    A.flat[:2] = -1e4, 1e4
    return A, epsilon


def in_torch(A, epsilon):
    functional = torch().nn.functional
    return A.relu(), functional.leaky_relu(A, epsilon), A.sigmoid(), A.tanh()


def with_sigmoid(sigmoid):
    """The outputs with another function for the sigmoid."""
    return lambda A, epsilon: (np.maximum(A, 0), np.where(A > 0, A, epsilon * A), sigmoid(A), np.tanh(A))


def with_tanh(tanh):
    return lambda A, epsilon: (*outputs.reference(A, epsilon)[:3], tanh(A))


def tanh_of_exponentials(A):
    return (np.exp(A) - np.exp(-A)) / (np.exp(A) + np.exp(-A))


NAMES = ("R", "L", "S", "H")
INFINITE = "e^a overflows for a large sum, and infinity divided by infinity is NaN. Take e^-|a| alone"


@question(
    returns=NAMES,
    section="Formulas that fail",
    sizes=AXES,
    inputs=sums,
    value=in_torch,
    parts={
        "large": dict(
            inputs=far_sums,
            no_overflow=True,
            after_first=True,
            hints={
                f"S: {INFINITE}": with_sigmoid(lambda A: np.exp(A) / (1 + np.exp(A))),
                f"H: {INFINITE}. Or use np.tanh": with_tanh(tanh_of_exponentials),
            },
        ),
        "float32": dict(
            quality=keeps_float32(
                NAMES,
                lambda rng: (far_out_too(rng), float(rng.uniform(0.05, 0.4))),
                lambda A, epsilon: outputs.reference(A, epsilon),
            )
        ),
    },
    hints={
        "S: that is the sigmoid at -a: an exponent's sign is wrong, or sides are exchanged": with_sigmoid(
            lambda A: 1 / (1 + np.exp(A))
        ),
        "S: for negative sums the other formula belongs: e^a / (1 + e^a)": with_sigmoid(
            lambda A: 1 / (1 + np.exp(-np.abs(A)))
        ),
        "H: that is tanh of a / 2. tanh a is 2z - 1 with the sigmoid z at 2a": with_tanh(
            lambda A: 2 / (1 + np.exp(-A)) - 1
        ),
    },
)
def outputs(A, epsilon):
    """The outputs of four functions."""
    R = np.maximum(A, 0)
    L = np.where(A > 0, A, epsilon * A)
    S = 1 / (1 + np.exp(-A))
    H = np.tanh(A)
    return R, L, S, H


def outputs_of_four(rng, N, J):
    """Outputs of relu, leaky relu, sigmoid and tanh, with silent and saturated neurons, and ε."""
    A, epsilon = rng.normal(size=(4, N, J)), float(rng.uniform(0.05, 0.4))
    A[2:].reshape(2, -1)[:, [0, -1]] = 1e4, -1e4
    relu, leaky = np.maximum(A[0], 0), np.where(A[1] > 0, A[1], epsilon * A[1])
    relu[0, 0] = leaky[0, 0] = 0.0
    return relu, leaky, (1 + np.tanh(A[2] / 2)) / 2, np.tanh(A[3]), epsilon


def with_kinks(relu, leaky):
    """Slopes that are 1 where relu(R, 0) and leaky(L, 0) are true."""
    return lambda R, L, S, H, epsilon: (
        np.where(relu(R, 0), 1.0, 0.0),
        np.where(leaky(L, 0), 1.0, epsilon),
        S * (1 - S),
        1 - H**2,
    )


SLOPES = ("slope of relu", "slope of leaky relu", "slope of sigmoid", "slope of tanh")


@question(
    returns=SLOPES,
    section="Five functions",
    inputs=outputs_of_four,
    parts={
        "float32": dict(
            quality=keeps_float32(
                SLOPES,
                lambda rng: outputs_of_four(rng, 4, 3),
                lambda *given: slopes_from_outputs.reference(*given),
            )
        ),
    },
    hints={
        "A relu neuron with y = 0 has slope 0, by convention": (with_kinks(np.greater_equal, np.greater)),
        "Where y = 0 the convention at the kink holds: slope 0 for relu, ε for the leaky relu": (
            with_kinks(np.greater_equal, np.greater_equal)
        ),
        "Where y = 0 the slope of the leaky relu is ε, by the convention at the kink": (
            with_kinks(np.greater, np.greater_equal)
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
