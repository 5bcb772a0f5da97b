"""All weights of a network in one vector, so that one call changes them all.

A bias is a weight from a constant input 1. Each layer has one matrix M (I + 1, J + 1), W transposed
with b as its last row, and A = X Wᵀ + b becomes one product. The further column makes the next
layer's constant input: it holds a weight c with g(c) = 1, and otherwise 0. Wide layers are filled up
with neurons that are always 0, to a multiple of 4: matrix products of such sizes are faster.
"""

import numpy as np

from nnlib import activations


class FlatWeights:
    """All weights of a network in the vector `values`; `matrices` are the M of each layer, views of it.

    The network itself is not changed until `write_back`.
    """

    def __init__(self, network):
        self.network = network
        inputs, *hidden, output = network.sizes
        rows = [inputs + 1, *map(_width, hidden)]
        self._shapes = list(zip(rows, [*rows[1:], output], strict=True))
        self.values = np.zeros(sum(I * J for I, J in self._shapes), network.dtype)
        self.matrices = self.by_layer(self.values)
        for layer, M in zip(network.layers, self.matrices, strict=True):
            neurons, inputs = layer.W.shape
            constant, filler = _weights_of_constants(layer.activation)
            M[inputs, neurons : neurons + 1] = constant
            M[inputs, neurons + 1 :] = filler
        self.read(arrays_of(network), self.values)
        self._pairs = list(zip(arrays_of(network), self.parts(self.values), strict=True))

    def by_layer(self, vector):
        """Views of a vector like `values`, its gradient for example: one matrix per layer."""
        ends = np.cumsum([I * J for I, J in self._shapes])
        parts = zip(np.split(vector, ends[:-1]), self._shapes, strict=True)
        return [part.reshape(shape) for part, shape in parts]

    def parts(self, vector):
        """Views of a vector like `values`, shaped like the weights they belong to: W, b, W, b, ..."""
        return [
            part
            for layer, M in zip(self.network.layers, self.by_layer(vector), strict=True)
            for part in (M[: layer.W.shape[1], : len(layer.b)].T, M[layer.W.shape[1], : len(layer.b)])
        ]

    def read(self, arrays, vector):
        """Copy arrays like W, b, W, b, ... into a vector like `values`."""
        for part, array in zip(self.parts(vector), arrays, strict=True):
            part[...] = array

    def write_back(self):
        """Give the weights to the network."""
        for array, part in self._pairs:
            array[...] = part


def arrays_of(network):
    """The weights of a network itself, layer by layer: W, b, W, b, ..."""
    return [array for layer in network.layers for array in (layer.W, layer.b)]


def _width(neurons):
    """Columns of a hidden layer: its neurons, the constant, and in wide layers some that stay 0."""
    return neurons + 1 if neurons < 64 else -(-(neurons + 1) // 4) * 4


def _weights_of_constants(g):
    """c with g(c) = 1, and c with g(c) = 0, rounded: there the derivative of tanh and sigmoid is 0."""
    return {activations.tanh: (20, 0), activations.sigmoid: (40, -80)}.get(g, (1, 0))
