"""All weights of a network in one vector, and their gradient in another: one call updates them all.

A bias is a weight from a constant input 1. Each layer has one matrix M (I + 1, J + 1), W transposed
with b as its last row, and A = X Wᵀ + b becomes one product. The further column makes the next
layer's constant input: it holds a weight c with g(c) = 1, and otherwise 0. Wide layers are filled up
with neurons that are always 0, to a multiple of 4: matrix products like that.
"""

import numpy as np

from nnlib import activations


class FlatWeights:
    """All weights of a network in the vector `values`, and their gradient in the vector `gradient`.

    `matrices` are the M of each layer and `slopes` their gradients: views of the two vectors. The
    network itself is not touched until `write_back`.
    """

    def __init__(self, network):
        self.network = network
        inputs, *hidden, output = network.sizes
        rows = [inputs + 1, *map(_width, hidden)]
        shapes = list(zip(rows, [*rows[1:], output], strict=True))
        self.values, self.matrices = _vector_and_views(shapes, network.dtype)
        self.gradient, self.slopes = _vector_and_views(shapes, network.dtype)
        for layer, M in zip(network.layers, self.matrices, strict=True):
            neurons, inputs = layer.W.shape
            M[:inputs, :neurons] = layer.W.T
            M[inputs, :neurons] = layer.b
            one, zero = _weights_of_constants(layer.activation)
            M[inputs, neurons : neurons + 1] = one
            M[inputs, neurons + 1 :] = zero

    def write_back(self):
        """Give the weights to the network."""
        for layer, M in zip(self.network.layers, self.matrices, strict=True):
            neurons, inputs = layer.W.shape
            layer.W[:] = M[:inputs, :neurons].T
            layer.b[:] = M[inputs, :neurons]


def _width(neurons):
    """Columns of a hidden layer: its neurons, the constant, and in wide layers some that stay 0."""
    return neurons + 1 if neurons < 64 else -(-(neurons + 1) // 4) * 4


def _vector_and_views(shapes, dtype):
    sizes = [rows * columns for rows, columns in shapes]
    vector = np.zeros(sum(sizes), dtype)
    parts = np.split(vector, np.cumsum(sizes)[:-1])
    return vector, [part.reshape(shape) for part, shape in zip(parts, shapes, strict=True)]


def with_constant(X):
    """X (N, I) with the constant input: a further last column of ones."""
    return np.concatenate((X, np.ones((len(X), 1), X.dtype)), axis=1)


def _weights_of_constants(g):
    """c with g(c) = 1, and c with g(c) = 0, rounded: there the derivative of tanh and sigmoid is 0."""
    return {activations.tanh: (20, 0), activations.sigmoid: (40, -80)}.get(g, (1, 0))
