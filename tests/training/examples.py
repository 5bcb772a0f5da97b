"""A small network with its samples, and how networks are compared, for the tests of training."""

import numpy as np

from nnlib import Network


def small(rng=0):
    network = Network([3, 4, 2], activation="tanh", rng=rng)
    generator = np.random.default_rng(5)
    return network, generator.normal(size=(7, 3)), generator.normal(size=(7, 2))


def copy_of(network):
    return Network.of(
        [(layer.W.copy(), layer.b.copy()) for layer in network.layers],
        [layer.activation for layer in network.layers],
    )


def assert_same_weights(network, other, tolerance=0.0):
    for layer, same in zip(network.layers, other.layers, strict=True):
        assert np.abs(layer.W - same.W).max() <= tolerance
        assert np.abs(layer.b - same.b).max() <= tolerance
