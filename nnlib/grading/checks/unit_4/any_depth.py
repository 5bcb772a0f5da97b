"""Questions of unit 4: backward passes of any depth. A network is a list of pairs (W, b), one per layer.

Hidden layers have tanh, the output is linear, E is the sum of squares.
"""

import numpy as np

from nnlib.grading.checks.question import FORMULA, per_layer, question

FAR = 1e4
"""Size of desired outputs so far away that differences of E keep too few digits of the gradient."""

SHALLOW = [
    dict(nodes=(3, 5, 2), N=6, size_of_T=1),
    dict(nodes=(4, 4, 4), N=5, size_of_T=1),
    dict(nodes=(3, 5), N=7, size_of_T=1),
    dict(nodes=(3, 7, 2), N=5, size_of_T=FAR),
    dict(nodes=(5, 3, 1), N=4, size_of_T=1),
]
"""Nodes of each layer from the input on; N samples; size of the desired outputs."""

DEEP = [
    *SHALLOW,
    dict(nodes=(2, 5, 4, 3), N=7, size_of_T=1),
    dict(nodes=(3, 4, 5, 2, 6), N=5, size_of_T=FAR),
    dict(nodes=(4, 4, 4, 4), N=1, size_of_T=1),
]


def random_layers(rng, nodes):
    """A list of (W, b) with deviation 1/√I and small biases."""
    pairs = zip(nodes[1:], nodes[:-1], strict=True)
    return [(rng.normal(0, I**-0.5, (J, I)), rng.normal(0, 0.1, J)) for J, I in pairs]


def networks(rng, nodes, N, size_of_T):
    """layers, X and T."""
    layers = random_layers(rng, nodes)
    return layers, rng.normal(size=(N, nodes[0])), rng.normal(0, size_of_T, (N, nodes[-1]))


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


def with_gaps(rng, nodes, N):
    """layers, X, and T in which some entries are NaN, in one row all of them."""
    layers, X, T = networks(rng, nodes, N, 1)
    T[0, 0] = T[2, -1] = T[3] = np.nan
    return layers, X, T


def squares_of_known(layers, X, T):
    """E in torch, of the entries of T that are known."""
    has_target = ~T.isnan()
    return ((outputs(layers, X) - T)[has_target] ** 2).sum() / 2


def whole(X, T):
    """The samples without a gap."""
    rows = ~np.isnan(T).any(axis=1)
    return X[rows], T[rows]


def backward_of_known(layers, X, T):
    Ys = [X]
    for W, b in layers:
        A = Ys[-1] @ W.T + b
        Ys.append(np.tanh(A))
    Delta = np.where(np.isnan(T), 0, A - T)
    gradients = []
    for number in range(len(layers) - 1, -1, -1):
        Y = Ys[number]
        gradients.insert(0, (Delta.T @ Y, np.sum(Delta, axis=0)))
        if number:
            slope = 1 - Y**2
            layer = layers[number]
            W = layer[0]
            Delta = slope * (Delta @ W)
    return gradients


def tanh_at_the_output(layers, X, T, sloped=True, by_inputs=False):
    """The gradients of a network whose last layer has tanh too; without `sloped` its slope is forgotten."""
    Ys = [X]
    for W, b in layers:
        Ys.append(np.tanh(Ys[-1] @ W.T + b))
    Delta, gradients = Ys[-1] - T, []
    if sloped:
        Delta = Delta * (1 - Ys[-1] ** 2)
    for (W, _), Y in zip(layers[::-1], Ys[-2::-1], strict=True):
        gradients.insert(0, (Delta.T @ Y, np.sum(Delta, axis=0)))
        dX = Delta @ W
        Delta = (1 - Y**2) * dX
    return dX if by_inputs else gradients


@question(
    returns=per_layer("∂E/∂W", "∂E/∂b"),
    section="Four steps",
    inputs=networks,
    sizes=DEEP,
    error=squares,
    by="layers",
    parts={
        "shallow": dict(sizes=SHALLOW, about="up to two layers"),
        "gaps": dict(
            reference=backward_of_known,
            inputs=with_gaps,
            sizes=[dict(nodes=(3, 5, 2), N=6), dict(nodes=(2, 5, 4, 3), N=7), dict(nodes=(4, 1), N=5)],
            error=squares_of_known,
            about="gaps in T",
            after_first=True,
            hints={
                "Where t is NaN the delta is NaN. It is to be 0: put a 0 there, as NaN times 0 is NaN": (
                    lambda layers, X, T: backward.reference(layers, X, T)
                ),
                "0 in place of NaN is a desired output of 0. A gap has no part in E, so its delta is 0": (
                    lambda layers, X, T: backward.reference(layers, X, np.nan_to_num(T))
                ),
                "A sample with a gap is left out. The other outputs of the sample do count": (
                    lambda layers, X, T: backward.reference(layers, *whole(X, T))
                ),
            },
        ),
    },
    names={"number": "the number of the layer", "layer": "the pair (W, b)"},
    hints={
        "The output has tanh, and should be linear": lambda layers, X, T: tanh_at_the_output(layers, X, T),
        "The output has tanh, though without its slope, and should be linear": lambda layers, X, T: (
            tanh_at_the_output(layers, X, T, sloped=False)
        ),
    },
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
            layer = layers[number]
            W = layer[0]
            Delta = slope * (Delta @ W)
    return gradients


@question(
    returns="∂E/∂X",
    section="Four steps",
    inputs=networks,
    sizes=DEEP,
    error=squares,
    by="X",
    tolerance=FORMULA,
    names={"number": "the number of the layer", "layer": "the pair (W, b)"},
    hints={
        "The output has tanh, and should be linear": lambda layers, X, T: tanh_at_the_output(
            layers, X, T, by_inputs=True
        ),
        "The output has tanh, though without its slope, and should be linear": lambda layers, X, T: (
            tanh_at_the_output(layers, X, T, sloped=False, by_inputs=True)
        ),
    },
)
def input_gradient(layers, X, T):
    """The gradient of E by the inputs."""
    Ys = [X]
    for W, b in layers:
        A = Ys[-1] @ W.T + b
        Ys.append(np.tanh(A))
    Delta = A - T
    for number in range(len(layers) - 1, 0, -1):
        slope = 1 - Ys[number] ** 2
        layer = layers[number]
        W = layer[0]
        Delta = slope * (Delta @ W)
    W = layers[0][0]
    dX = Delta @ W
    return dX
