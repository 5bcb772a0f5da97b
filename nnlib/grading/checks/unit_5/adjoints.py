"""Questions of unit 5 on the adjoints of arrays, and on the number of sweeps that a Jacobian needs."""

import numpy as np

from nnlib.grading.checks.question import FORMULA, normal, question
from nnlib.grading.sandbox.inside import objects


def in_front(rng, N, I, J):
    return rng.normal(size=(N, I, J)), (J,)


def several_axes(rng, N, I, J):
    """g, and the shape of an operand with axes of length 1, or fewer axes, or both."""
    return rng.normal(size=(N, I, J)), ((I, 1), (1, I, 1), (1, 1))[N % 3]


def stretched(rng, N, J):
    return rng.normal(size=(N, J)), (N, 1)


def axis_lost(g, shape):
    """The adjoint summed as it should be, without the axes of length 1."""
    g = g.sum(axis=tuple(range(g.ndim - len(shape))))
    return g.sum(axis=tuple(k for k, n in enumerate(shape) if n == 1))


def summed_from_behind(g, shape):
    """Wrong: the last axes are summed, not the first."""
    while g.ndim > len(shape):
        g = g.sum(axis=-1)
    for axis in range(len(shape)):
        if shape[axis] == 1:
            g = g.sum(axis=axis, keepdims=True)
    return g


REPEATED = {
    "Where axes stand in front, those of length 1 are counted as in `shape`: in g they come later": (
        lambda g, shape: g.sum(
            axis=(*range(g.ndim - len(shape)), *(k for k, n in enumerate(shape) if n == 1))
        ).reshape(shape)
    ),
    "A reshape puts entries of other axes together: sum along the axis itself": lambda g, shape: g.reshape(
        -1, *shape
    ).sum(axis=0),
    "The summed axis is gone: keepdims=True leaves it there, with length 1": axis_lost,
    "That is the mean over what was repeated: take the sum": lambda g, shape: np.reshape(
        g.reshape(-1, *g.shape[g.ndim - len(shape) :])
        .mean(axis=0)
        .mean(axis=tuple(k for k, n in enumerate(shape) if n == 1), keepdims=True),
        shape,
    ),
    "The last axis is summed, the wrong axis: what was repeated stands in front": summed_from_behind,
    "That is the first of the repetitions: add up all of them": lambda g, shape: np.reshape(
        g[(0,) * (g.ndim - len(shape))][tuple(slice(0, n) for n in shape)], shape
    ),
}
"""Hint -> wrong values, for operands that were repeated along axes in front or of length 1."""


@question(
    returns="the adjoint of the operand",
    section="From numbers to arrays",
    inputs=in_front,
    value=lambda g, shape: g.sum_to_size(tuple(int(n) for n in shape)),
    through=objects.with_hint_on_reshape,
    parts={
        "stretched": dict(
            inputs=stretched,
            about="an axis of length 1",
            sizes=[dict(N=5, J=3), dict(N=4, J=4), dict(N=3, J=7)],
            hints=REPEATED
            | {
                "Nothing is summed: an axis on which the operand has length 1 is summed too": (
                    lambda g, shape: g
                ),
                "All is summed into one number: sum only the axis on which the operand has length 1": (
                    lambda g, shape: g.sum()
                ),
                "The other axis is summed": lambda g, shape: g.sum(axis=0),
                "The other axis is summed: the operand has length 1 on the last one": (
                    lambda g, shape: g.sum(axis=0, keepdims=True)
                ),
            },
        ),
        "both": dict(
            inputs=several_axes,
            sizes=[dict(N=3, I=4, J=2), dict(N=4, I=3, J=5), dict(N=5, I=2, J=3)],
            about="several axes, in front and of length 1",
        ),
    },
    hints=REPEATED,
)
def unbroadcast(g, shape):
    """The adjoint summed over the axes along which the operand was repeated."""
    while g.ndim > len(shape):
        g = np.sum(g, axis=0)
    for axis in range(len(shape)):
        if shape[axis] == 1:
            g = np.sum(g, axis=axis, keepdims=True)
    return g


@question(
    returns=("one-sided", "central", "forward", "reverse"),
    section="Forward or reverse?",
    inputs=lambda rng: (int(rng.integers(3, 60)), int(rng.integers(70, 200))),
    hints={
        "An evaluation, and a pass too, gives all outputs at once: do not multiply by m": (
            lambda n, m: ((n + 1) * m, 2 * n * m, n * m, m)
        ),
        "An evaluation gives all outputs at once: do not multiply by m": (
            lambda n, m: ((n + 1) * m, 2 * n * m, n, m)
        ),
        "A pass gives the derivatives of all outputs at once: do not multiply by m": (
            lambda n, m: (n + 1, 2 * n, n * m, m)
        ),
        "A sweep gives the derivatives with respect to all inputs at once: do not multiply by n": (
            lambda n, m: (n + 1, 2 * n, n, n * m)
        ),
    },
)
def passes(n, m):
    """Evaluations, passes and sweeps of a whole Jacobian."""
    return n + 1, 2 * n, n, m


def as_softmax(v, y_bar):
    """The rule with exponentials that overflow for large numbers, as a factor of its own."""
    powers = np.exp(v)
    y = powers / np.sum(powers)
    return y_bar * y


def far_away(F):
    """On which side of 0 so many entries lie: all on one, or on both."""
    return (-1, 1, np.where(np.arange(F) < F // 2, -1, 1))[F % 3]


def y_bar_inside(v, y_bar):
    """The rule with the adjoint in the exponent."""
    largest = np.max(v)
    return np.exp(y_bar * (v - largest - np.log(np.sum(np.exp(v - largest)))))


@question(
    returns="v̄",
    section="One rule",
    also=[as_softmax],
    inputs=lambda rng, F: (rng.normal(size=F), float(rng.uniform(1.5, 3))),
    sizes=[dict(F=3), dict(F=5), dict(F=4)],
    error=lambda v, y_bar: y_bar * v.logsumexp(dim=0),
    by="v",
    hints={"ȳ stands in the exponent. It multiplies the slope exp(v - y)": y_bar_inside},
    tolerance=FORMULA,
    parts={
        "large": dict(
            about="large numbers",
            after_first=True,
            also=(),
            tolerance=1e-8,
            inputs=lambda rng, F: (rng.normal(size=F) + 1e4 * far_away(F), float(rng.uniform(1.5, 3))),
            lecture="1",
            section="Many classes: softmax",
            hints={
                "exp overflows at 10⁴, and is 0 at -10⁴: subtract the largest entry of v first": as_softmax,
                "Large entries are cut to one size, and differ: subtract the largest entry of v instead": (
                    lambda v, y_bar: as_softmax(np.clip(v, -100, 100), y_bar)
                ),
            },
        )
    },
)
def logsumexp_adjoint(v, y_bar):
    """The rule of the logarithm of a sum of exponentials."""
    powers = np.exp(v - np.max(v))
    return y_bar * powers / np.sum(powers)


def tanh_of_each_product(W1, w2, x, t):
    """The gradient of a network whose neurons add up tanh of each product."""
    H = np.tanh(W1 * x)
    h = H.sum(axis=1)
    delta = w2 @ h - t
    return delta * w2[:, None] * (1 - H**2) * x, delta * h


def with_one_sum_for_all(W1, w2, x, t):
    """The gradient of a network in which each neuron's sum holds those of the neurons before it."""
    h = np.tanh(np.cumsum(W1 @ x))
    delta = w2 @ h - t
    handed_back = np.cumsum((delta * w2 * (1 - h**2))[::-1])[::-1]
    return np.outer(handed_back, x), delta * h


@question(
    returns=("∂E/∂W1", "∂E/∂w2"),
    section="It is backpropagation",
    inputs=lambda rng, I, J: (*normal(rng, (J, I), (J,), (I,)), float(rng.normal())),
    error=lambda W1, w2, x, t: (w2 @ (W1 @ x).tanh() - t) ** 2 / 2,
    by="W1, w2",
    hints={
        "That is the gradient of y, and that of E is asked for": lambda W1, w2, x, t: of_output(W1, w2, x),
        "tanh is taken of each product w x. It belongs to the whole weighted sum of a neuron": (
            tanh_of_each_product
        ),
        "The weighted sum is set to 0 once, and goes on from neuron to neuron: each has its own": (
            with_one_sum_for_all
        ),
    },
)
def network_gradient(W1, w2, x, t):
    """The gradient of a network, as PyTorch has it."""
    h = np.tanh(W1 @ x)
    delta = w2 @ h - t
    slope = 1 - h**2
    return np.outer(delta * slope * w2, x), delta * h


def of_output(W1, w2, x):
    """The gradient of the output."""
    h = np.tanh(W1 @ x)
    return np.outer((1 - h**2) * w2, x), h
