"""Questions of unit 3, part four: what activation functions do to the size of signals.

N samples, I senders, J receivers.
"""

import numpy as np

from nnlib.grading.checks.question import per_layer, question
from nnlib.grading.checks.unit_3.networks import DEPTHS, random_layers


def sums_and_outputs(rng, N, J):
    """Weighted sums A and outputs of an unknown function, of another size."""
    A = rng.normal(size=(N, J))
    return A, rng.uniform(0.2, 0.9) * np.maximum(A, -0.3) + 0.1


@question(
    returns="c",
    section="What the function changes",
    inputs=sums_and_outputs,
    names={"size_before": "the size of A", "size_after": "the size of Y"},
    hints={
        "Sums or means are compared; size is the root of the mean of the squares": lambda A, Y: (
            np.mean(A) / np.mean(Y)
        ),
        "Sums or means of |a| and |y| are compared; size is the root of the mean of squares": lambda A, Y: (
            np.mean(np.abs(A)) / np.mean(np.abs(Y))
        ),
        "Standard deviations are compared; size is measured from 0, not from the mean": lambda A, Y: (
            np.std(A) / np.std(Y)
        ),
        "Largest entries are compared; size is the root of the mean of the squares": lambda A, Y: (
            np.max(np.abs(A)) / np.max(np.abs(Y))
        ),
    },
)
def gain(A, Y):
    """The factor that gives the outputs the size of the sums again."""
    size_before = np.sqrt(np.mean(A**2))
    size_after = np.sqrt(np.mean(Y**2))
    return size_before / size_after


def started(draws, square_of_c):
    """Weights with the standard deviation c / √I, and biases 0."""
    return [(Z * np.sqrt(square_of_c / Z.shape[1]), np.zeros(len(Z))) for Z in draws]


def draws_and_function(rng, sizes, g):
    """Normal random numbers for each layer, the name of g, and a leak."""
    draws = [rng.normal(size=(J, I)) for I, J in zip(sizes, sizes[1:], strict=False)]
    return draws, g, float(rng.uniform(0.1, 0.5))


@question(
    returns=per_layer("W", "b"),
    section="A start for each function",
    sizes=[
        dict(sizes=(3, 5, 2), g="tanh"),
        dict(sizes=(5, 2, 7), g="relu"),
        dict(sizes=(4, 4), g="leaky"),
        dict(sizes=(7, 3, 5, 1), g="leaky"),
        dict(sizes=(2, 7), g="tanh"),
    ],
    inputs=draws_and_function,
    names={"s": "the standard deviation s"},
    hints={
        "b is a single number. Each neuron has a bias, so b has shape (J,)": lambda draws, g, epsilon: [
            (W, 0.0) for W, _ in initial_weights.reference(draws, g, epsilon)
        ],
        "b has one entry for each sender, shape (I,). Each receiver has a bias: shape (J,)": (
            lambda draws, g, epsilon: [
                (W, np.zeros(W.shape[1])) for W, _ in initial_weights.reference(draws, g, epsilon)
            ]
        ),
        "b is a column, shape (J, 1), where shape (J,) belongs": lambda draws, g, epsilon: [
            (W, np.zeros((len(W), 1))) for W, _ in initial_weights.reference(draws, g, epsilon)
        ],
        "Relu starts like tanh, but it loses half of the mean square": lambda draws, g, epsilon: started(
            draws, {"leaky": 2 / (1 + epsilon**2)}.get(g, 1)
        ),
        "The leaky relu starts like relu, but it keeps ε² of the negative half": lambda draws, g, epsilon: (
            started(draws, 1 if g == "tanh" else 2)
        ),
        "Tanh starts like relu, but around 0 it loses nothing": lambda draws, g, epsilon: started(
            draws, 2 / (1 + epsilon**2) if g == "leaky" else 2
        ),
        "The draws are multiplied by the root of I, and it has to divide them": lambda draws, g, epsilon: [
            (W * W.shape[1], b) for W, b in initial_weights.reference(draws, g, epsilon)
        ],
        "I counts senders, the columns of Z; yours divides by the receivers": lambda draws, g, epsilon: [
            (W * np.sqrt(W.shape[1] / W.shape[0]), b) for W, b in initial_weights.reference(draws, g, epsilon)
        ],
    },
)
def initial_weights(draws, g, epsilon):
    """Weights and biases for the start."""
    layers = []
    for Z in draws:
        I = Z.shape[1]
        s = np.sqrt(1 / I)
        if g == "relu":
            s = np.sqrt(2 / I)
        if g == "leaky":
            s = np.sqrt(2 / ((1 + epsilon**2) * I))
        W = s * Z
        b = np.zeros(len(Z))
        layers.append((W, b))
    return layers


def layers_and_function(rng, sizes, N):
    """Layers, a function g, and X."""
    factor = float(rng.uniform(0.5, 2))
    X = rng.normal(size=(N, sizes[0]))

    def g(A):
        return np.tanh(factor * A) + 0.2

    return random_layers(rng, sizes), g, X


def of_all_neurons(sizes, layers):
    """The sizes if means over the samples are added up over the neurons."""
    return [size * np.sqrt(len(W)) for size, (W, _) in zip(sizes, layers, strict=True)]


def sums_passed_on(layers, g, X):
    sizes = []
    for W, b in layers:
        X = X @ W.T + b
        sizes.append(np.sqrt(np.mean(g(X) ** 2)))
    return sizes


@question(
    returns="the sizes",
    section="Signals through many layers",
    sizes=DEPTHS,
    inputs=layers_and_function,
    hints={
        "g is measured, but the next layer gets the weighted sums": sums_passed_on,
        "The sum of the squares is divided by N alone. The mean is over all outputs, N times J of them": (
            lambda layers, g, X: of_all_neurons(signal_sizes.reference(layers, g, X), layers)
        ),
        "The sum of the squares is divided by N alone, not by all N times J of them. And b is not added": (
            lambda layers, g, X: of_all_neurons(
                signal_sizes.reference([(W, 0 * b) for W, b in layers], g, X), layers
            )
        ),
    },
)
def signal_sizes(layers, g, X):
    """The size of the outputs of each layer."""
    sizes = []
    Y = X
    for W, b in layers:
        A = Y @ W.T + b
        Y = g(A)
        sizes.append(np.sqrt(np.mean(Y**2)))
    return sizes
