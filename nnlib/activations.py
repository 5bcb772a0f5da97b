"""Activation functions g of a neuron, y = g(a), with their derivatives: unit 3 of the lecture.

    identity     g(a) = a                            g' = 1
    relu         g(a) = a if a > 0, else 0           g' = 1 if a > 0, else 0
    leaky_relu   g(a) = a if a > 0, else ε a         g' = 1 if a > 0, else ε
    sigmoid      g(a) = 1 / (1 + exp(-a))            g' = y (1 - y)
    tanh         g(a) = tanh(a)                      g' = 1 - y²
    softmax      g_k(a) = exp(a_k) / Σ_j exp(a_j)    over the last axis: couples all outputs,
                                                     so it has no derivative of a single neuron

and three that are smooth, as in many networks of today:

    softplus     g(a) = ln(1 + exp(a))               g' = sigmoid(a)
    silu         g(a) = a sigmoid(a)                 g' = s (1 + a (1 - s)), s = sigmoid(a)
    gelu         g(a) = a Φ(a)                       g' = Φ(a) + a φ(a), Φ and φ of the normal distribution

All keep float32 and float64, and stay finite and silent for |a| up to 1e4 and beyond. At the kink
a = 0 the derivative is that of the left side: relu'(0) = 0, leaky_relu'(0) = ε, as in PyTorch.
"""

import numbers
import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nnlib.arguments import finite


@dataclass(frozen=True)
class Activation:
    """An activation function: `g(a)` gives y, `g.derivative(a)` gives g'(a), shaped like a.

    `g.from_output(y)` gives the same derivative from the output y = g(a), as on the slide "Logistic
    Sigmoid". `g.formula` and `g.derivative_formula` write both for pictures and traces.
    Where two a have the same y, no derivative follows from y: then `slope` computes it from a.
    """

    name: str
    function: Callable
    from_output: Callable
    formula: str
    derivative_formula: str
    slope: Callable | None = None

    def __call__(self, a):
        if self is softmax and hasattr(a, "rank"):  # a variable of the tape, or a dual array
            return _softmax(a)
        return self.function(_floating(a))

    def derivative(self, a):
        """g'(a), element by element: a of any shape -> the same shape.

        Raises ValueError for softmax, which has no derivative of a single neuron.
        """
        return self.slope(_floating(a)) if self.slope else self.from_output(self(a))

    def __repr__(self):
        return f"<activation {self.name}: g(a) = {self.formula}>"


def _floating(a):
    a = np.asarray(a)
    return a if a.dtype in (np.float32, np.float64) else finite(a, "a")


def _sigmoid(a):
    # 1 / (1 + exp(-a)) for a >= 0, exp(a) / (1 + exp(a)) for a < 0: the same function, where no
    # exponential overflows and a small y keeps all its digits.
    z = np.exp(-np.abs(a))
    return np.where(a < 0, z, z.dtype.type(1)) / (1 + z)


def _softmax(a):
    if a.ndim == 0 or a.shape[-1] == 0:
        raise ValueError(f"softmax needs at least one score along the last axis, got shape {a.shape}.")
    # The largest a is subtracted: exp(-max) cancels in the fraction, and no exponential overflows.
    highest = a.max(axis=-1, keepdims=True)
    if not np.isfinite(highest).all():  # also where a single a is NaN
        finite(a, "a")
    exponentials = np.exp(a - highest)
    return exponentials / exponentials.sum(axis=-1, keepdims=True)


def _no_single_derivative(y):
    raise ValueError(
        "softmax has no g'(a) of a single neuron: every output depends on every weighted sum. "
        "With the cross-entropy the delta after softmax is y - t."
    )


def _silu_slope(a):
    y = _sigmoid(a)
    return y * (1 + a * (1 - y))


def _normal(a):
    """Φ(a), the share of a normal distribution below a."""
    from scipy.special import ndtr

    return ndtr(a)


def _gelu_slope(a):
    density = np.exp(-a * a / 2) / a.dtype.type(np.sqrt(2 * np.pi))
    return _normal(a) + a * density


def _two_sums_one_output(y):
    raise ValueError(
        "This function falls and rises: two weighted sums have the same y, so g'(a) does not follow "
        "from y. Take derivative(a)."
    )


def leaky_relu(epsilon=0.01):
    """The leaky rectified linear unit with slope ε for a <= 0.

    Raises ValueError unless 0 < ε < 1: only then y tells on which side of the kink a was.
    """
    if not isinstance(epsilon, numbers.Real) or not 0 < float(epsilon) < 1:
        raise ValueError(f"The slope ε of leaky_relu must be in 0 < ε < 1, got {epsilon!r}.")
    slope = repr(float(epsilon))  # all its digits: networks are saved by the names of activations
    return Activation(
        f"leaky_relu({slope})",
        lambda a: np.where(a > 0, a, a.dtype.type(epsilon) * a),
        lambda y: np.where(y > 0, y.dtype.type(1), y.dtype.type(epsilon)),
        f"a if a > 0, else {slope} a",
        f"1 if a > 0, else {slope}",
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
    _no_single_derivative,
    "exp(a_k) / Σ_j exp(a_j)",
    "no derivative of a single neuron",
)
softplus = Activation(
    "softplus",
    lambda a: np.logaddexp(a, a.dtype.type(0)),
    lambda y: -np.expm1(-y),
    "ln(1 + exp(a))",
    "1 - exp(-y)",
)
silu = Activation(
    "silu",
    lambda a: a * _sigmoid(a),
    _two_sums_one_output,
    "a sigmoid(a)",
    "s (1 + a (1 - s)), s = sigmoid(a)",
    _silu_slope,
)
gelu = Activation(
    "gelu", lambda a: a * _normal(a), _two_sums_one_output, "a Φ(a)", "Φ(a) + a φ(a)", _gelu_slope
)

ACTIVATIONS = {g.name: g for g in (identity, relu, sigmoid, tanh)} | {"leaky_relu": leaky_relu()}
"""Activation functions of single neurons by name; `softmax` is for the output layer alone."""


def by_name(activation, owner=""):
    """The `Activation` of that name, such as "leaky_relu(0.2)"; an `Activation` is returned as it is.

    Raises ValueError for an unknown name; it lists the known ones, and names `owner` if given.
    """
    if isinstance(activation, Activation):
        return activation
    known = ACTIVATIONS | {"softmax": softmax}
    if isinstance(activation, str) and activation in known:
        return known[activation]
    if slope := re.fullmatch(r"leaky_relu\((-?\d*\.?\d+(?:e-?\d+)?)\)", str(activation)):
        return leaky_relu(float(slope[1]))
    raise ValueError(
        f"There is no activation function {activation!r}{owner and f' for {owner}'}; "
        f"there are {', '.join(known)}, and leaky_relu(ε) with another slope."
    )
