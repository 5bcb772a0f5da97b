"""Questions of unit 3, part three: what activation functions do in layers.

N samples, I senders, J receivers.
"""

import numpy as np

from nnlib.grading.checks.question import normal, question

DEPTHS = [
    dict(sizes=(3, 5), N=6),
    dict(sizes=(2, 5, 4, 3), N=7),
    dict(sizes=(4, 4, 4), N=5),
    dict(sizes=(3, 7, 2), N=1),
]
"""Inputs, hidden neurons and outputs of each case."""


def random_layers(rng, sizes):
    """A list of pairs W (J, I), b (J,)."""
    return [normal(rng, (J, I), (J,)) for I, J in zip(sizes, sizes[1:], strict=False)]


@question(
    returns=("W", "b"),
    section="Why not pass the sum on as it is?",
    sizes=DEPTHS,
    inputs=lambda rng, sizes, N: random_layers(rng, sizes),
    names={"W_next": "the next W", "b_next": "the next b"},
    hints={
        "b: the bias of the first layer is lost": lambda layers: collapse.reference(
            [(layers[0][0], 0 * layers[0][1]), *layers[1:]]
        ),
        "b: each b meets the given bias of the layer before, not that of all layers so far": lambda layers: (
            collapse.reference(layers)[0],
            collapse.reference(layers[-2:])[1],
        ),
        "Only the last two layers are put together: go on from the W and b of all layers so far": (
            lambda layers: collapse.reference(layers[-2:])
        ),
        "W: b is added to each column, as in the outputs of unit vectors. Take it away": lambda layers: (
            (pair := collapse.reference(layers))[0] + pair[1][:, None],
            pair[1],
        ),
    },
)
def collapse(layers):
    """One layer for a network of identities."""
    W, b = layers[0]
    for W_next, b_next in layers[1:]:
        W = W_next @ W
        b = W_next @ b + b_next
    return W, b


@question(
    returns="the shares",
    section="Keep layer 1 alive",
    inputs=lambda rng, N, J: (2 * rng.normal(size=(N, J)), float(rng.uniform(0.05, 0.6))),
)
def saturation(A, limit):
    """How often each neuron is saturated."""
    slope = 1 - np.tanh(A) ** 2
    saturated = slope < limit
    return np.mean(saturated, axis=0)


def partly_dead(rng, sizes, N):
    """Layers of relu in which some neurons are dead, and X."""
    layers = [(W, b - 20.0 * (rng.uniform(size=b.shape) < 0.4)) for W, b in random_layers(rng, sizes)]
    W, b = layers[0]
    W[1], b[1] = 0.0, 0.0  # its sum is exactly 0 for all samples: dead as well
    return layers, rng.normal(size=(N, sizes[0]))


def counted(layers, X, which):
    """For each hidden layer of relu, how often `which` of its weighted sums is true."""
    counts = []
    for W, b in layers[:-1]:
        A = X @ W.T + b
        counts.append(np.sum(which(A)))
        X = np.maximum(A, 0)
    return counts


@question(
    returns="the counts",
    section="Dead neurons",
    sizes=[
        dict(sizes=(3, 11, 2), N=6),
        dict(sizes=(2, 13, 9, 3), N=7),
        dict(sizes=(8, 8, 8, 8), N=8),
        dict(sizes=(4, 9, 7, 5, 1), N=5),
    ],
    inputs=partly_dead,
    hints={
        "Neurons are counted whose sum is at most 0 for any sample: dead is for all": lambda layers, X: (
            counted(layers, X, lambda A: np.any(A <= 0, axis=0))
        ),
        "A neuron whose sum is exactly 0 for all samples is dead too: a ≤ 0": lambda layers, X: counted(
            layers, X, lambda A: np.all(A < 0, axis=0)
        ),
        "The samples are added up or averaged first. Dead is a neuron that is silent for each of them": (
            lambda layers, X: counted(layers, X, lambda A: np.mean(A, axis=0) <= 0)
        ),
        "Living neurons are counted": lambda layers, X: counted(layers, X, lambda A: np.any(A > 0, axis=0)),
        "That counts samples in which all neurons are silent, and not neurons": lambda layers, X: counted(
            layers, X, lambda A: np.all(A <= 0, axis=1)
        ),
        "The output layer is counted too, and only hidden layers were asked for": lambda layers, X: counted(
            [*layers, layers[-1]], X, lambda A: np.all(A <= 0, axis=0)
        ),
        "All layers are added up: return one count for each": lambda layers, X: np.sum(
            counted(layers, X, lambda A: np.all(A <= 0, axis=0))
        ),
    },
)
def dead_neurons(layers, X):
    """The number of dead neurons in each hidden layer."""
    counts = []
    Y = X
    for W, b in layers[:-1]:
        A = Y @ W.T + b
        dead = np.all(A <= 0, axis=0)
        counts.append(np.sum(dead))
        Y = np.maximum(A, 0)
    return counts


def painted_in_torch(layers, X):
    for W, b in layers[:-1]:
        X = (X @ W.T + b).tanh()
    W, b = layers[-1]
    return (X @ W.T + b).sigmoid()


def last_sums(layers, X, without=0):
    """The weighted sums of the last layer; the outputs of the layer before with `without` = 1."""
    for W, b in layers[:-1]:
        X = np.tanh(X @ W.T + b)
    return X if without else X @ layers[-1][0].T + layers[-1][1]


def biases_after_tanh(layers, X):
    """The colours of a network whose hidden layers add b after tanh."""
    for W, b in layers[:-1]:
        X = np.tanh(X @ W.T) + b
    W, b = layers[-1]
    return 1 / (1 + np.exp(-(X @ W.T + b)))


OVERFLOW = "The exponential overflows for a large sum: take one that is at most 1, as in the lecture"


def overflowing(layers, X):
    """The colours where infinity is divided by infinity."""
    powers = np.exp(last_sums(layers, X))
    return powers / (1 + powers)


def strong_layers(rng, sizes, N):
    """Layers with weights so large that exponentials overflow, and X."""
    layers = [(300 * W, b) for W, b in random_layers(rng, sizes)]
    return layers, 3 * rng.normal(size=(N, sizes[0]))


@question(
    returns="the colours",
    section="Five functions",
    sizes=DEPTHS,
    inputs=lambda rng, sizes, N: (random_layers(rng, sizes), rng.normal(size=(N, sizes[0]))),
    value=painted_in_torch,
    parts={
        "large": dict(inputs=strong_layers, no_overflow=True, hints={OVERFLOW: overflowing}, after_first=True)
    },
    hints={
        "Tanh is taken at the output, where the sigmoid belongs": lambda layers, X: np.tanh(
            last_sums(layers, X)
        ),
        "Those are the last weighted sums, without the sigmoid": lambda layers, X: last_sums(layers, X),
        "At the output tanh is taken before the sigmoid": (
            lambda layers, X: 1 / (1 + np.exp(-np.tanh(last_sums(layers, X))))
        ),
        "That is the sigmoid at 2a, or (tanh a + 1) / 2; the sigmoid at a is asked for": (
            lambda layers, X: (np.tanh(last_sums(layers, X)) + 1) / 2
        ),
        "In hidden layers b is added after tanh. It belongs to the sum": biases_after_tanh,
        "At the output tanh is taken before the sigmoid, which is e / (1 + e) left of 0, not 1 / (1 + e)": (
            lambda layers, X: 1 / (1 + np.exp(-np.abs(np.tanh(last_sums(layers, X)))))
        ),
        "The sigmoid is taken of the last hidden outputs: the output layer is not used": lambda layers, X: (
            (np.tanh(last_sums(layers, X, 1) / 2) + 1) / 2
        ),
    },
)
def paint(layers, X):
    """The colours that a network gives to points."""
    Y = X
    for W, b in layers:
        A = Y @ W.T + b
        Y = np.tanh(A)
    return 1 / (1 + np.exp(-A))
