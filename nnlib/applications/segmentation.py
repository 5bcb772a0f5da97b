"""Semantic segmentation: what does each pixel show? A miniature of A2D2's front centre camera.

The network gives each pixel a score for each class, y = softmax(a), and the error is the cross-entropy
of every pixel, as of a classifier, divided by their number:

    E = -1/P Σ_p Σ_k t_kp ln y_kp

Scenes of 32 x 32 pixels: road, lanes, up to three cars in any colour, houses, trees, three kinds of sky,
noise of 0.035. What it is measured with is the mean over classes of the intersection over union.
"""

import numpy as np

from nnlib.applications import encoder_decoder, pictures, streets
from nnlib.applications.baselines import by_colour
from nnlib.applications.fitting import arrays, batches, fit
from nnlib.differentiation import softmax_cross_entropy

CLASSES = streets.CLASSES
COLOURS = np.array(
    [
        [0.55, 0.75, 1],
        [0.65, 0.42, 0.3],
        [0.15, 0.5, 0.2],
        [0.35, 0.35, 0.38],
        [1, 0.95, 0.75],
        [0.9, 0.1, 0.1],
    ]
)
"""The colour in which each class is shown."""
HELD_OUT = 9999
"""The seed of samples that are only used to measure."""


def data(n, seed):
    """Pictures X (n, 32, 32, 3) in 0..1 and labels one-hot T (n, 32, 32, 6)."""
    rng = np.random.default_rng(seed)
    X, L = np.empty((n, streets.SIZE, streets.SIZE, 3), "f"), np.empty((n, streets.SIZE, streets.SIZE), int)
    for i in range(n):
        L[i], cars, horizon = streets.labels(rng)
        X[i] = streets.photograph(rng, L[i], cars, horizon)
    return X, np.eye(len(CLASSES), dtype="f")[L]


def weights(rng, X):
    """Weights at the start, and what X (N, 32, 32, 3) is standardised by."""
    return encoder_decoder.weights(rng, 3, len(CLASSES), width=12) | encoder_decoder.standards(X)


def net(W, X):
    """Scores A (N, 32, 32, 6) of pictures X (N, 32, 32, 3)."""
    return encoder_decoder.net(W, encoder_decoder.standardised(W, X))


def loss(W, X, T):
    """The cross-entropy of a pixel, on average."""
    return softmax_cross_entropy(net(W, X), T) * np.float32(1 / T[..., 0].size)


def train(seed=0, steps=1200, n=1500, watch=None):
    """W as arrays after so many steps on n scenes, half of them seen in a mirror."""
    X, T = data(n, seed)
    rng = np.random.default_rng(seed)
    W = weights(rng, X)
    fit(loss, W, batches(rng, X, T, size=8, changed=mirrored), steps, alpha=4e-3, watch=watch)
    return arrays(W)


def mirrored(rng, X, T):
    """Half of all batches seen in a mirror."""
    return (X[:, :, ::-1], T[:, :, ::-1]) if rng.random() < 0.5 else (X, T)


def labels(W, X):
    """The class of each pixel, (N, 32, 32), for pictures X in 0..1.

    Raises ValueError for another shape.
    """
    X = pictures.checked(X, 3)
    return np.concatenate([net(W, X[i : i + 50]).argmax(3) for i in range(0, len(X), 50)])


def mean_iou(P, L):
    """Intersection over union of each class, for the network's labels P and the right labels L."""
    classes = range(len(CLASSES))
    return np.array([((P == k) & (L == k)).sum() / ((P == k) | (L == k)).sum() for k in classes])


def measure(W, n=400):
    """Mean IoU on n scenes that were held out, of each class, and of two baselines that see colour alone."""
    X, T = data(n, HELD_OUT)
    measured = measure_network(W, n)
    for name, squares in (("colour, linear", False), ("colour with squares", True)):
        measured[name] = float(mean_iou(by_colour(*data(300, 1), X, squares), T.argmax(3)).mean())
    return measured


def measure_network(W, n=400):
    """The mean IoU of the network alone, and of each class."""
    X, T = data(n, HELD_OUT)
    of_each = mean_iou(labels(W, X), T.argmax(3))
    return {"mean IoU": float(of_each.mean())} | dict(zip(CLASSES, of_each.tolist(), strict=True))


def show(W, n=8):
    """Held-out scenes, the network's labels, and the right ones."""
    X, T = data(n, HELD_OUT)
    rows = {"picture": X, "found": COLOURS[labels(W, X)], "right": COLOURS[T.argmax(3)]}
    return pictures.grid(rows, "Streets, the class that the network gives each pixel, and the right one")
