"""Art from a network that was never trained: a picture is a function from a pixel's place to its colour.

    colour = sigmoid(V g(W … g(W (x, y, r, 1))))       r: the distance from the middle

Compositional pattern-producing networks (Stanley, 2007): the same network at every pixel, weights drawn at
random, larger than a network to be trained would get, so that its neurons are steep and the picture has
edges; some neurons are sines, so that it has repetition. They are bred by choosing parents: a child has each
neuron from one of its parents, and changes a little (Secretan et al., Picbreeder, 2008).
"""

import numpy as np

from nnlib.applications import pictures

WIDTH, DEPTH = 16, 5
SCALE = 1.6
"""Standard deviation of the weights, times √inputs."""


def weights(rng):
    """The genes of a picture: rows of each layer's neurons, W0 (16, 4), W1 .. W4 (16, 16), V (3, 16)."""
    sizes = {"W0": (WIDTH, 4), **{f"W{k}": (WIDTH, WIDTH) for k in range(1, DEPTH)}, "V": (3, WIDTH)}
    return {name: rng.normal(0, SCALE / np.sqrt(shape[1]), shape) for name, shape in sizes.items()}


def data(size):
    """The places of the pixels of a square picture: 2x, 2y, 2r and 1 for x, y in -1 .. 1, (size², 4)."""
    y, x = np.mgrid[-1 : 1 : size * 1j, -1 : 1 : size * 1j]
    return np.stack([2 * x, 2 * y, 2 * np.hypot(x, y), np.ones_like(x)], axis=-1).reshape(-1, 4)


def net(W, X):
    """Colours (N, 3) in 0..1 at places X (N, 4). Every fourth neuron is a sine, the others tanh."""
    for k in range(DEPTH):
        A = X @ W[f"W{k}"].T
        X = np.tanh(A)
        X[:, ::4] = np.sin(2 * A[:, ::4])
    return 1 / (1 + np.exp(-2 * X @ W["V"].T))


def image(W, size=96):
    """The picture (size, size, 3)."""
    return net(W, data(size)).reshape(size, size, 3)


def child(parent, other, rng, change=0.15):
    """Each neuron's weights from one of two parents, and a small change of all."""
    born = {}
    for name, w in parent.items():
        first = rng.random((len(w), 1)) < 0.5
        born[name] = np.where(first, w, other[name]) + change * SCALE / np.sqrt(w.shape[1]) * rng.normal(
            size=w.shape
        )
    return born


def show(seeds=range(8), size=96):
    """Pictures of some seeds."""
    images = [image(weights(np.random.default_rng(seed)), size) for seed in seeds]
    half = (len(images) + 1) // 2
    rows = {"": images[:half], " ": images[half:]} if len(images) > 4 else {"": images}
    return pictures.grid(rows, "Pictures of networks with random weights", side=120)
