"""Questions of unit 4 for pencil and paper: the numbers of a small network, and a chain of functions."""

import numpy as np

from nnlib.grading.checks.by_hand import by_hand
from nnlib.grading.checks.question import FORMULA, question


@by_hand(
    section="The carried network, backwards",
    parts={
        "forward": ("a", "h", "y", "E"),
        "deltas": ("delta_out", "delta_hidden"),
        "gradients": ("dW2", "dW1"),
    },
    names={"V": "W2", "c": "b2", "W": "W1", "b": "b1"},
)
def numbers():
    """The numbers of a network with a layer of sigmoids and a linear output."""
    W, b = np.array([[1.0, -1.0], [0.5, 1.0]]), np.array([-1.0, -3.0])
    V, c = np.array([[2.0, 1.0], [-1.0, 3.0]]), np.array([0.0, 1.0])
    x, t = np.array([2.0, 1.0]), np.array([0.0, 2.0])
    a = W @ x + b
    h = 1 / (1 + np.exp(-a))
    y = V @ h + c
    E = np.sum((y - t) ** 2) / 2
    delta_out = y - t
    slope = h * (1 - h)
    delta_hidden = slope * (V.T @ delta_out)
    dW2 = np.outer(delta_out, h)
    dW1 = np.outer(delta_hidden, x)
    return {
        "a": a, "h": h, "y": y, "E": E,
        "delta_out": delta_out, "delta_hidden": delta_hidden, "dW2": dW2, "dW1": dW1,
    }  # fmt: skip


@question(
    returns="df/du",
    section="The chain rule with many paths",
    inputs=lambda rng, low, high: (float(rng.uniform(low, high)),),
    sizes=[dict(low=0.5, high=2), dict(low=0.1, high=0.3), dict(low=-2, high=-0.5)],
    error=lambda u: u**2 * (3 * u + 1).sin(),
    by="u",
    tolerance=FORMULA,
    names={
        "by_p": "the share of the path through p", "by_q": "the share of the path through q",
        "dp": "dp/du", "dq": "dq/du",
    },
    hints={
        "That is f itself. Return its derivative with respect to u": lambda u: u**2 * np.sin(3 * u + 1),
        "The paths are crossed: ∂f/∂p belongs to dp/du, and ∂f/∂q to dq/du": (
            lambda u: 3 * np.sin(3 * u + 1) + 2 * u**3 * np.cos(3 * u + 1)
        ),
        "Both derivatives are multiplied. Each path has the other factor, and the two are added": (
            lambda u: 2 * u * 3 * np.cos(3 * u + 1)
        ),
    },
)  # fmt: skip
def chain(u):
    """The chain rule along two paths."""
    p = u**2
    q = 3 * u + 1
    dp = 2 * u
    dq = 3
    by_p = np.sin(q) * dp
    by_q = p * np.cos(q) * dq
    return by_p + by_q
