"""Image enhancement: a picture of one kind becomes one of another. Miniatures of pix2pix.

Isola et al., Image-to-Image Translation with Conditional Adversarial Networks, 2017.

Six pairs, one encoder-decoder. The error is the squared difference from the desired picture,

    E = 1/D Σ_d (y_d - t_d)²            d: pixels and their colours

without pix2pix' second network that judges the result: where several pictures are possible, ours is
their mean. Scenes of 32 x 32 pixels, in which the desired colour of a pixel follows from the pixels nearby.
"""

from functools import cache

import numpy as np

from nnlib.applications import encoder_decoder, facades, fruit, pictures, streets, towns
from nnlib.applications.baselines import by_pixel
from nnlib.applications.fitting import arrays, batches, fit
from nnlib.applications.segmentation import COLOURS, HELD_OUT

GREY = np.array([0.3, 0.59, 0.11])
"""How bright red, green and blue look."""
OF_FACADES = np.array(
    [[0.8, 0.66, 0.48], [0.25, 0.35, 0.5], [0.35, 0.2, 0.1], [0.95, 0.9, 0.8], [0.2, 0.2, 0.2],
     [0.55, 0.75, 1], [0.55, 0.25, 0.2]]
)  # fmt: skip


def _street(rng):
    L, _, _ = streets.labels(rng)
    return np.eye(len(streets.CLASSES))[L], streets.painted(L)


def _map(rng):
    L = towns.town(rng)
    return towns.from_above(rng, L), towns.OF_THE_MAP[L]


def _facade(rng):
    L = facades.labels(rng)
    return np.eye(len(facades.CLASSES))[L], facades.painted(L)


def _colour(rng):
    L, _, _ = streets.labels(rng)
    I = streets.as_photograph(rng, streets.painted(L))
    return (I @ GREY)[..., None], I


def _night(rng):
    L, _, _ = streets.labels(rng)
    I = streets.painted(L)
    return streets.as_photograph(rng, I), streets.night(I, L)


PAIRS = {
    "street": (_street, "labels → street"),
    "map": (_map, "aerial → map"),
    "facade": (_facade, "labels → facade"),
    "colour": (_colour, "black-and-white → colour"),
    "night": (_night, "day → night"),
    "edges": (fruit.outlines_and_picture, "edges → photo"),
}
"""Name -> function that draws a pair X (32, 32, channels) and T (32, 32, 3), and its title."""


def data(pair, n, seed):
    """Pairs of pictures X (n, 32, 32, channels) and T (n, 32, 32, 3), 0..1; labels are one-hot channels.

    Raises ValueError for a pair that is not in `PAIRS`.
    """
    if pair not in list(PAIRS):
        raise ValueError(f"There is no pair {pair!r}; there are {', '.join(PAIRS)}.")
    rng = np.random.default_rng(seed)
    X, T = zip(*(PAIRS[pair][0](rng) for _ in range(n)), strict=True)
    return np.array(X, np.float32), np.array(T, np.float32)


def weights(rng, X, T):
    """Weights at the start, for samples X and T: the output begins at T's mean colour."""
    W = encoder_decoder.weights(rng, X.shape[3] + 2, 3, mean=T.mean((0, 1, 2)))
    return W | encoder_decoder.standards(X)


def net(W, X):
    """Y (N, H, W, 3) of X (N, H, W, channels). The row and the column of a pixel are two further channels."""
    N, H, width, _ = X.shape
    place = np.stack(np.mgrid[0:H, 0:width], axis=2).astype("f") / np.float32([H, width]) - np.float32(0.5)
    X = encoder_decoder.standardised(W, X)
    return encoder_decoder.net(W, np.concatenate([X, np.broadcast_to(place, (N, H, width, 2))], axis=3))


def loss(W, X, T):
    """The squared difference, on average."""
    difference = net(W, X) - T
    return np.sum(difference * difference) * np.float32(1 / T.size)


def train(pair, seed=0, steps=800, n=1200, watch=None):
    """Weights W as arrays, learnt from n pairs."""
    X, T = data(pair, n, seed)
    rng = np.random.default_rng(seed)
    W = weights(rng, X, T)
    fit(loss, W, batches(rng, X, T, size=8), steps, alpha=4e-3, watch=watch)
    return arrays(W)


def turned(W, X):
    """The pictures (N, 32, 32, 3) in 0..1 that the network makes of X; ValueError for other shapes."""
    X = pictures.checked(X, len(W["mean"]))
    return np.clip(np.concatenate([net(W, X[i : i + 50]) for i in range(0, len(X), 50)]), 0, 1)


def psnr(Y, T):
    """Peak signal-to-noise ratio -10 log₁₀ of the mean square, in decibels, for pictures in 0..1."""
    return float(-10 * np.log10(np.mean((np.clip(Y, 0, 1) - T) ** 2)))


def measure(pair, W, n=200):
    """PSNR of the network and of its baselines, on n pairs held out; of a map also the right classes."""
    X, T = data(pair, n, HELD_OUT)
    X_train, T_train = data(pair, 300, HELD_OUT + 1)
    Y = turned(W, X)
    measured = {"network": psnr(Y, T), "mean image": psnr(T_train.mean(0), T)}
    measured["pixel by pixel"] = psnr(by_pixel(X_train, T_train, X), T)
    if X.shape[3] in (1, 3):
        measured["copy"] = psnr(X, T)
    best = max(value for name, value in measured.items() if name != "network")
    measured["gain"] = measured["network"] - best
    if pair == "map":
        measured["right class"] = float(np.mean(_classes(Y) == _classes(T)))
    return measured


def _classes(Y):
    """The class whose colour on the map is nearest."""
    return ((Y[..., None, :] - towns.OF_THE_MAP) ** 2).sum(4).argmin(3)


def seen(X):
    """Inputs as colours: labels get one each."""
    channels = X.shape[3]
    if channels == 3:
        return X
    return X[..., 0] if channels == 1 else (COLOURS if channels == len(COLOURS) else OF_FACADES)[X.argmax(3)]


@cache
def _baseline(pair, n):
    """The baseline of n held-out pairs, computed once: in training `show` is called again and again."""
    return by_pixel(*data(pair, 100, HELD_OUT + 1), data(pair, n, HELD_OUT)[0])


def show(pair, W, n=8):
    """Held-out pairs: input, the network's picture, the desired one, and the baseline pixel by pixel."""
    X, T = data(pair, n, HELD_OUT)
    rows = {"input": seen(X), "network": turned(W, X), "wanted": T, "by pixel": _baseline(pair, n)}
    return pictures.grid(
        rows, f"{PAIRS[pair][1]}: input, the network's picture, what is wanted, and a baseline"
    )
