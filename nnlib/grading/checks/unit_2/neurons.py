"""Questions of unit 2, first part: a neuron, a layer, a network, and their slopes.

N samples, I inputs, J neurons.
"""

import numpy as np

from nnlib.grading.checks.question import FORMULA, normal, question
from nnlib.grading.checks.search import vocabulary


@question(
    returns="y",
    section="The artificial neuron",
    inputs=lambda rng, I: (*normal(rng, (I,)), float(rng.normal()), rng.normal(size=I)),
    value=lambda w, b, x: (w @ x + b).sigmoid(),
    hints={
        "That is the sum a, without the sigmoid": lambda w, b, x: w @ x + b,
        "That is tanh of a, where the sigmoid belongs": lambda w, b, x: np.tanh(w @ x + b),
        "b is added after the sigmoid. It belongs to the sum a": (
            lambda w, b, x: neuron.reference(w, 0, x) + b
        ),
    },
)
def neuron(w, b, x):
    """The output of a neuron with the sigmoid."""
    a = np.sum(w * x) + b
    return 1 / (1 + np.exp(-a))


def tanh_of_each_summand(W, b, X):
    """A layer in which tanh is taken each time that a summand is added."""
    A = b
    for w, x in zip(W.T, X.T, strict=True):
        A = np.tanh(A + x[:, None] * w)
    return A


@question(
    returns="Y",
    section="A layer",
    inputs=lambda rng, N, I, J: normal(rng, (J, I), (J,), (N, I)),
    value=lambda W, b, X: (X @ W.T + b).tanh(),
    hints={
        "b is added after tanh. It belongs to the sum a": lambda W, b, X: np.tanh(X @ W.T) + b,
        "ReLU stands where tanh belongs, and b is added after it. It belongs to the sum a": lambda W, b, X: (
            np.maximum(X @ W.T, 0) + b
        ),
        "tanh is taken after each summand, inside of the sum. It belongs after the whole sum a": (
            tanh_of_each_summand
        ),
    },
)
def layer(W, b, X):
    """The outputs of a layer of tanh, for a batch."""
    A = X @ W.T + b
    return np.tanh(A)


@question(
    returns=("dy/dx", "dy/dw", "dy/db"),
    section="The artificial neuron",
    inputs=lambda rng, I: (*normal(rng, (I,)), float(rng.normal()), rng.normal(size=I)),
    error=lambda w, b, x: (w @ x + b).sigmoid(),
    by="x, w, b",
    parts={"inputs": dict(only="dy/dx")},
    hints={
        "The derivatives with respect to x and w are exchanged: for x_i, ∂a/∂x_i is w_i": (
            lambda w, b, x: exchanged(*neuron_gradient.reference(w, b, x))
        ),
    },
)
def neuron_gradient(w, b, x):
    """The derivatives of a neuron's output."""
    y = neuron.reference(w, b, x)
    slope = y * (1 - y)
    dx = slope * w
    dw = slope * x
    db = slope
    return dx, dw, db


def exchanged(dx, dw, db):
    return dw, dx, db


def jacobian(W, b, x):
    """All derivatives of the outputs by the inputs, in torch."""
    import torch

    return torch.autograd.functional.jacobian(lambda x: (W @ x + b).tanh(), x)


@question(
    returns="dy/dx",
    section="A layer",
    inputs=lambda rng, I, J: normal(rng, (J, I), (J,), (I,)),
    value=jacobian,
    hints={
        "That is the slope alone. It is multiplied by the weight w_ji": (
            lambda W, b, x: 1 - np.tanh(W @ x + b) ** 2
        ),
        "The slope of neuron j belongs to row j of W; yours goes along the columns": (
            lambda W, b, x: (1 - np.tanh(W @ x + b) ** 2) * W
        ),
        "The slope is taken at the inputs x: it belongs to the sums a, one for each row of W": (
            lambda W, b, x: W * (1 - np.tanh(x) ** 2)
        ),
        "That is the derivative with respect to the weights: for an input, the factor is w_ji, not x_i": (
            lambda W, b, x: np.outer(1 - np.tanh(W @ x + b) ** 2, x)
        ),
    },
)
def layer_jacobian(W, b, x):
    """The derivatives of all outputs of a layer of tanh by all inputs."""
    y = np.tanh(W @ x + b)
    slope = 1 - y**2
    return slope[:, np.newaxis] * W


def gated(rng, I):
    """u, v and x; u so short that the gate is neither open nor closed."""
    u, v, x = normal(rng, (I,), (I,), (I,))
    return u / np.linalg.norm(x), v, x


def with_product_of_derivatives(u, v, x):
    du, dv, _ = gated_gradient.reference(u, v, x)
    gate = 1 / (1 + np.exp(-np.sum(u * x)))
    return du, dv, gate * (1 - gate) * u * v


def with_slope_of_output(u, v, x):
    """The gradient with y (1 - y) of the whole neuron's output."""
    gate, signal = vocabulary.sigmoid(u @ x), v @ x
    slope = gate * signal * (1 - gate * signal)
    return slope * signal * x, gate * x, slope * signal * u + gate * v


@question(
    returns=("dy/du", "dy/dv", "dy/dx"),
    section="The artificial neuron",
    inputs=gated,
    error=lambda u, v, x: (u @ x).sigmoid() * (v @ x),
    by="u, v, x",
    tolerance=FORMULA,
    names={"gate": "the gate σ(u · x)", "signal": "v · x"},
    parts={"signal": dict(only="dy/dv"), "gate": dict(only="dy/du")},
    hints={
        "dy/dx: two derivatives are multiplied with each other. The product rule adds up two terms": (
            with_product_of_derivatives
        ),
        "The slope y (1 - y) is that of the gate: y is the gate there, and not the output of the neuron": (
            with_slope_of_output
        ),
        "v stands where v · x belongs, the sum of all v_i x_i": lambda u, v, x: with_signal(u, v, x, v),
        "The products v_i x_i are not added up: v · x is one number": (
            lambda u, v, x: with_signal(u, v, x, v * x)
        ),
    },
)
def gated_gradient(u, v, x):
    """The derivatives of a neuron with a gate."""
    gate = 1 / (1 + np.exp(-np.sum(u * x)))
    signal = np.sum(v * x)
    slope = gate * (1 - gate)
    du = slope * signal * x
    dv = gate * x
    dx = slope * signal * u + gate * v
    return du, dv, dx


def with_signal(u, v, x, signal):
    """The derivatives of a neuron with a gate, with something else for v · x."""
    gate = 1 / (1 + np.exp(-np.sum(u * x)))
    slope = gate * (1 - gate)
    return slope * signal * x, gate * x, slope * signal * u + gate * v


def random_layers(rng, nodes):
    """A list of (W, b) with deviation 1/√I and biases that are not small."""
    pairs = zip(nodes[1:], nodes[:-1], strict=True)
    return [(rng.normal(0, 1.5 * I**-0.5, (J, I)), rng.normal(0, 0.5, J)) for J, I in pairs]


def late_bias(layers, X):
    """Outputs if each hidden bias is added to the output of its neuron."""
    for W, b in layers[:-1]:
        X = np.maximum(X @ W.T, 0) + b
    W, b = layers[-1]
    return X @ W.T + b


def with_tanh(layers, X):
    """Outputs if hidden layers have tanh."""
    for W, b in layers[:-1]:
        X = np.tanh(X @ W.T + b)
    W, b = layers[-1]
    return X @ W.T + b


def outputs(layers, X):
    """The outputs of a network in torch."""
    for W, b in layers[:-1]:
        X = (X @ W.T + b).relu()
    W, b = layers[-1]
    return X @ W.T + b


@question(
    returns="Y",
    section="The multilayer network",
    inputs=lambda rng, nodes, N: (random_layers(rng, nodes), rng.normal(size=(N, nodes[0]))),
    sizes=[
        dict(nodes=(4, 4, 4), N=7), dict(nodes=(5, 3), N=7), dict(nodes=(3, 7, 5, 2), N=11),
        dict(nodes=(2, 5, 7, 3, 1), N=4), dict(nodes=(3, 5, 4, 2), N=1),
    ],
    value=outputs,
    hints={
        "b is added after relu. It belongs to the weighted sum": lambda layers, X: late_bias(layers, X),
        "A single layer is the output layer: it has no relu": lambda layers, X: (
            network.reference(layers, X) if layers[1:] else np.maximum(network.reference(layers, X), 0)
        ),
        "Relu is taken at the output layer too, which is linear": (
            lambda layers, X: np.maximum(network.reference(layers, X), 0)
        ),
        "Those are the outputs of the layer before: the last one is missing, or not what is returned": (
            lambda layers, X: np.maximum(network.reference(layers[:-1], X), 0) if layers[1:] else X
        ),
        "Hidden layers have tanh in yours, where relu belongs": lambda layers, X: with_tanh(layers, X),
    },
)  # fmt: skip
def network(layers, X):
    """The outputs of a network of any depth: hidden layers of relu, then a linear one."""
    Y = X
    for W, b in layers:
        A = Y @ W.T + b
        Y = np.maximum(A, 0)
    return A


def pairs(sizes, count):
    """The sum of count(I, J) over successive layers of I and J nodes."""
    return sum(count(I, J) for I, J in zip(sizes[:-1], sizes[1:], strict=True))


@question(
    returns="the number of parameters",
    section="The multilayer network",
    inputs=lambda rng, layers: ([int(size) for size in rng.integers(3, 30, layers + 1)],),
    sizes=[dict(layers=2), dict(layers=1), dict(layers=4), dict(layers=3)],
    hints={
        "The biases are missing: each neuron has one": lambda s: pairs(s, lambda I, J: I * J),
        "Each input node counts once too: it has no bias, and no weight of its own": (
            lambda s: pairs(s, lambda I, J: J * (I + 1)) + s[0]
        ),
        "The biases are counted for the senders. They belong to the receivers": (
            lambda s: pairs(s, lambda I, J: I * (J + 1))
        ),
        "There is one bias for each neuron, not one for each layer": (
            lambda s: pairs(s, lambda I, J: I * J + 1)
        ),
        "There is one bias for each neuron, not one for each layer. The last layer is missing, too": (
            lambda s: pairs(s[:-1], lambda I, J: I * J + 1)
        ),
        "That is the number of nodes. Count what connects them, and the biases": lambda s: sum(s),
        "All sizes are multiplied with one another. Only neighbouring layers are connected": lambda s: (
            int(np.prod(s)) + sum(s[1:])
        ),
        "Only the first layer is counted": lambda s: s[1] * (s[0] + 1),
        "Only the last layer is counted": lambda s: s[-1] * (s[-2] + 1),
    },
)
def parameters(sizes):
    """The number of weights and biases of a multilayer network."""
    count = 0
    for I, J in zip(sizes[:-1], sizes[1:]):  # noqa: B905
        count += J * (I + 1)
    return count
