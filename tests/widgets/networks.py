"""Small networks, samples and targets that the live figures are tested with."""

import numpy as np

from nnlib import Network

CASES = {
    "2-2-2 tanh": ([2, 2, 2], "tanh", "identity", "sum_of_squares", 1),
    "2-3-2 sigmoid, batch": ([2, 3, 2], "sigmoid", "sigmoid", "sum_of_squares", 3),
    "3-2-2-3 leaky relu, softmax": ([3, 2, 2, 3], "leaky_relu(0.2)", "softmax", "cross_entropy", 2),
    "2-2-1 relu, two classes": ([2, 2, 1], "relu", "sigmoid", "cross_entropy", 1),
    "2-2-3 tanh, squares after softmax": ([2, 2, 3], "tanh", "softmax", "sum_of_squares", 1),
}


def case(name):
    """network, X, T and error of a case; X (I,) and T (F,) if it has a single sample."""
    sizes, hidden, output, error, N = CASES[name]
    rng = np.random.default_rng(len(name))
    network = Network(sizes, hidden, output, rng=rng)
    for layer in network.layers:
        layer.b = rng.normal(0, 0.5, layer.b.shape)
    X = rng.normal(0, 1, (N, sizes[0]))
    if error == "sum_of_squares":
        T = rng.normal(0, 1, (N, sizes[-1]))
    elif output == "softmax":
        T = np.eye(sizes[-1])[rng.integers(0, sizes[-1], N)]
    else:
        T = rng.integers(0, 2, (N, sizes[-1])).astype(float)
    return (network, X[0], T[0], error) if N == 1 else (network, X, T, error)


def squares_batch():
    """A 2-2-2 network with a sigmoid hidden layer, X (3, 2) and T (3, 2) for the sum of squares."""
    network = Network([2, 2, 2], "sigmoid", rng=3)
    rng = np.random.default_rng(5)
    return network, rng.normal(size=(3, 2)), rng.normal(size=(3, 2))
