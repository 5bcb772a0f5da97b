"""Activation functions g of a neuron, y = g(a), with their derivatives: unit 3 of the lecture.

    identity     g(a) = a                            g' = 1
    relu         g(a) = a if a > 0, else 0           g' = 1 if a > 0, else 0
    leaky_relu   g(a) = a if a > 0, else ε a         g' = 1 if a > 0, else ε
    sigmoid      g(a) = 1 / (1 + exp(-a))            g' = y (1 - y)
    tanh         g(a) = tanh(a)                      g' = 1 - y²
    softmax      g_k(a) = exp(a_k) / Σ_j exp(a_j)    over the last axis: couples all outputs,
                                                     so it has no derivative of a single neuron

All keep float32 and float64, and stay finite and silent for |a| up to 1e4 and beyond. At the kink
a = 0 the derivative is that of the left side: relu'(0) = 0, leaky_relu'(0) = ε, as in PyTorch.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Activation:
    """An activation function: `g(a)` gives y, `g.derivative(a)` gives g'(a), shaped like a.

    `g.from_output(y)` gives the same derivative from the output y = g(a), as on the slide "Logistic
    Sigmoid". `g.formula` and `g.derivative_formula` say both in words for pictures and traces.
    """

    name: str
    function: Callable
    from_output: Callable
    formula: str
    derivative_formula: str

    def __call__(self, a):
        return self.function(_floating(a))

    def derivative(self, a):
        """g'(a), element by element."""
        return self.from_output(self(a))

    def __repr__(self):
        return f"<activation {self.name}: g(a) = {self.formula}>"


def _floating(a):
    a = np.asarray(a)
    return a if a.dtype in (np.float32, np.float64) else a.astype(np.float64)


def _sigmoid(a):
    # The same function as 1 / (1 + exp(-a)), but tanh saturates where exp would overflow.
    return 0.5 * np.tanh(0.5 * a) + 0.5


def _softmax(a):
    # The largest a is subtracted: exp(-max) cancels in the fraction, and no exponential overflows.
    exponentials = np.exp(a - a.max(axis=-1, keepdims=True))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)


def _no_derivative_of_its_own(y):
    raise ValueError(
        "softmax has no g'(a) of a single neuron: every output depends on every weighted sum. "
        "After softmax the delta is y - t with the cross-entropy."
    )


def leaky_relu(epsilon=0.01):
    """The leaky rectified linear unit with slope ε for a <= 0.

    Raises ValueError unless 0 < ε < 1: only then y tells on which side of the kink a was.
    """
    if not 0 < epsilon < 1:
        raise ValueError(f"The slope ε of leaky_relu must be in 0 < ε < 1, got {epsilon!r}.")
    return Activation(
        f"leaky_relu({epsilon:g})",
        lambda a: np.where(a > 0, a, a.dtype.type(epsilon) * a),
        lambda y: np.where(y > 0, y.dtype.type(1), y.dtype.type(epsilon)),
        f"a if a > 0, else {epsilon:g} a",
        f"1 if a > 0, else {epsilon:g}",
    )


identity = Activation("identity", lambda a: a, np.ones_like, "a", "1")
relu = Activation(
    "relu",
    lambda a: np.maximum(a, 0),
    lambda y: (y > 0).astype(y.dtype),
    "a if a > 0, else 0",
    "1 if a > 0, else 0",
)
sigmoid = Activation("sigmoid", _sigmoid, lambda y: y * (1 - y), "1 / (1 + exp(-a))", "y (1 - y)")
tanh = Activation("tanh", np.tanh, lambda y: 1 - y * y, "tanh(a)", "1 - y²")
softmax = Activation(
    "softmax",
    _softmax,
    _no_derivative_of_its_own,
    "exp(a_k) / Σ_j exp(a_j)",
    "none of a single neuron",
)

ACTIVATIONS = {g.name: g for g in (identity, relu, sigmoid, tanh)} | {"leaky_relu": leaky_relu()}
"""Activation functions of single neurons by name; `softmax` is for the output layer alone."""


def by_name(activation):
    """The `Activation` of that name, "leaky_relu(0.2)" with its slope; an `Activation` stays itself.

    Raises ValueError for an unknown name, with those that are known.
    """
    if isinstance(activation, Activation):
        return activation
    known = ACTIVATIONS | {"softmax": softmax}
    if isinstance(activation, str) and (slope := re.fullmatch(r"leaky_relu\((.+)\)", activation)):
        return leaky_relu(float(slope[1]))
    if not isinstance(activation, str) or activation not in known:
        raise ValueError(
            f"There is no activation function {activation!r}; there are {', '.join(known)}."
        )
    return known[activation]
