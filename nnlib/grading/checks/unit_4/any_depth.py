"""Questions of unit 4: backward passes of any depth. A network is a list of pairs (W, b), one per layer.

Hidden layers have tanh, the output is linear, E is the sum of squares.
"""

import numpy as np

from nnlib.grading.checks.question import per_layer, question

FAR = 1e4
"""Size of desired outputs so far away that differences of E keep too few digits of the gradient."""

SHALLOW = [
    dict(nodes=(3, 5, 2), N=6, far=1), dict(nodes=(4, 4, 4), N=5, far=1), dict(nodes=(3, 5), N=7, far=1),
    dict(nodes=(3, 7, 2), N=5, far=FAR), dict(nodes=(5, 3, 1), N=4, far=1),
]  # fmt: skip
"""Nodes of each layer from the input on; N samples; size of the desired outputs."""

DEEP = [
    *SHALLOW, dict(nodes=(2, 5, 4, 3), N=7, far=1), dict(nodes=(3, 4, 5, 2, 6), N=5, far=FAR),
    dict(nodes=(4, 4, 4, 4), N=1, far=1),
]  # fmt: skip


def random_layers(rng, nodes):
    """A list of (W, b) with deviation 1/√I and small biases."""
    pairs = zip(nodes[1:], nodes[:-1], strict=True)
    return [(rng.normal(0, I**-0.5, (J, I)), rng.normal(0, 0.1, J)) for J, I in pairs]


def networks(rng, nodes, N, far):
    """layers, X and T."""
    layers = random_layers(rng, nodes)
    return layers, rng.normal(size=(N, nodes[0])), rng.normal(0, far, (N, nodes[-1]))


def outputs(layers, Y):
    """The outputs of a network in torch."""
    for number, (W, b) in enumerate(layers):
        Y = Y @ W.T + b
        if number < len(layers) - 1:
            Y = Y.tanh()
    return Y


def squares(layers, X, T):
    """E in torch."""
    return ((outputs(layers, X) - T) ** 2).sum() / 2


@question(
    returns=per_layer("∂E/∂W", "∂E/∂b"),
    section="Four steps",
    inputs=networks,
    sizes=DEEP,
    error=squares,
    by="layers",
    parts={"shallow": dict(sizes=SHALLOW, told="up to two layers")},
)
def backward(layers, X, T):
    """The gradient of a network of any depth."""
    Ys = [X]
    for W, b in layers:
        A = Ys[-1] @ W.T + b
        Ys.append(np.tanh(A))
    Delta = A - T
    gradients = []
    for number in range(len(layers) - 1, -1, -1):
        Y = Ys[number]
        dW = Delta.T @ Y
        db = np.sum(Delta, axis=0)
        gradients.insert(0, (dW, db))
        if number:
            slope = 1 - Y**2
            W = layers[number][0]
            Delta = slope * (Delta @ W)
    return gradients


@question(returns="∂E/∂X", section="Four steps", inputs=networks, sizes=DEEP, error=squares, by="X")
def input_gradient(layers, X, T):
    """The gradient of E by the inputs."""
    Ys = [X]
    for W, b in layers:
        A = Ys[-1] @ W.T + b
        Ys.append(np.tanh(A))
    Delta = A - T
    for number in range(len(layers) - 1, 0, -1):
        slope = 1 - Ys[number] ** 2
        W = layers[number][0]
        Delta = slope * (Delta @ W)
    W = layers[0][0]
    dX = Delta @ W
    return dX
