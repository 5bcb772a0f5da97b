"""Questions of unit 4: broken backward passes that were mended.

What the broken version gives is told as that alone: the slip is for the student to find.
"""

import numpy as np

from nnlib.grading.checks.question import question
from nnlib.grading.checks.unit_4.any_depth import networks
from nnlib.grading.checks.unit_4.one_layer import squares_of_two_layers, two_layers

STILL_BROKEN = "That is what the broken version gives. Compare it with your gradient check"


def network(rng, nodes, N, far):
    """The network as separate arrays."""
    layers, X, T = networks(rng, nodes, N, far)
    return (*layers[0], *layers[1], X, T)


def _broken(W1, b1, W2, b2, X, T, D2=None, slope=None, W=None):
    A1 = X @ W1.T + b1
    Y1 = np.tanh(A1)
    A2 = Y1 @ W2.T + b2
    D2 = (D2 or (lambda A2: A2 - T))(A2)
    slope = (slope or (lambda A1: 1 - np.tanh(A1) ** 2))(A1)
    D1 = slope * (D2 @ (W or (lambda dW2: W2))(D2.T @ Y1))
    return D1.T @ X, D1.sum(axis=0), D2.T @ Y1, D2.sum(axis=0)


BROKEN = {
    1: lambda *given: _broken(*given, slope=lambda A: 1 + 0 * A),
    2: lambda *given: _broken(*given, D2=lambda A: (A - given[5]) / len(A)),
    3: lambda *given: _broken(*given, slope=lambda A: 1 - np.tanh(np.tanh(A)) ** 2),
    4: lambda *given: _broken(*given, W=lambda dW: given[2] - 0.1 * dW),
    5: lambda *given: _broken(*given, D2=lambda A: (A - given[5]) * (1 - np.tanh(A) ** 2)),
}

mended = question(
    returns=("∂E/∂W1", "∂E/∂b1", "∂E/∂W2", "∂E/∂b2"),
    section="Three traps",
    inputs=network,
    sizes=[
        dict(nodes=(3, 5, 2), N=6, far=1), dict(nodes=(4, 4, 4), N=7, far=1),
        dict(nodes=(5, 3, 2), N=4, far=1e4),
    ],
    error=squares_of_two_layers,
    by="W1, b1, W2, b2",
    parts={number: dict(hints={STILL_BROKEN: broken}) for number, broken in BROKEN.items()},
)(two_layers.reference)  # fmt: skip
