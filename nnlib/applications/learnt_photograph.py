"""A photograph learnt as a function from a pixel's place to its colour, with and without Fourier features.

A network of relu that is given (x, y) alone learns a blur: it is slow to learn what changes fast. Given sines
and cosines of many frequencies of the place instead,

    (x, y)  →  sin(2π B (x, y)), cos(2π B (x, y))       B: random, drawn once, of standard deviation σ

it learns the picture. Tancik et al., Fourier Features Let Networks Learn High Frequency Functions, 2020.
Every fourth pixel along the diagonals is held out and never seen: what comes out there was guessed.
"""

import numpy as np

from nnlib.applications import pictures
from nnlib.applications.attention_decoder import matrix
from nnlib.applications.fitting import arrays, batches, constant, fit
from nnlib.applications.image_pairs import psnr
from nnlib.differentiation import linear

HEIGHT, WIDTH = 64, 96
FREQUENCIES, SIGMA, HIDDEN = 64, 8.0, 96


def data(name="china.jpg"):
    """Places X (6144, 2) in 0..1, colours T (6144, 3), and which pixels are held out (6144,).

    `name`: "china.jpg" or "flower.jpg", the photographs that come with scikit-learn, each made smaller by
    means of whole tiles of pixels. Raises ValueError for another name.
    """
    from sklearn.datasets import load_sample_image

    if name not in ("china.jpg", "flower.jpg"):
        raise ValueError(f"name must be 'china.jpg' or 'flower.jpg', got {name!r}.")
    photograph = load_sample_image(name)[: 6 * HEIGHT, : 6 * WIDTH] / 255
    T = photograph.reshape(HEIGHT, 6, WIDTH, 6, 3).mean(axis=(1, 3)).reshape(-1, 3)
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    X = np.stack([x / WIDTH, y / HEIGHT], axis=-1).reshape(-1, 2)
    return X.astype(np.float32), T.astype(np.float32), (x + y).ravel() % 4 == 0


def weights(rng, fourier=True):
    """Two hidden layers of relu, behind frequencies B (2, 64) that stay as they are, or behind x, y alone."""
    W = {"B": rng.normal(0, SIGMA, (2, FREQUENCIES)).astype(np.float32)} if fourier else {}
    inputs = 2 * FREQUENCIES if fourier else 2
    W["H"], W["H_bias"] = matrix(rng, HIDDEN, inputs, 2**0.5), constant(0.0, HIDDEN)
    W["G"], W["G_bias"] = matrix(rng, HIDDEN, HIDDEN, 2**0.5), constant(0.0, HIDDEN)
    W["C"], W["C_bias"] = matrix(rng, 3, HIDDEN), constant(0.0, 3)
    return W


def net(W, X):
    """Colours (N, 3) in 0..1 at places X (N, 2)."""
    if "B" in W:
        angles = 2 * np.pi * X @ W["B"]
        X = np.concatenate([np.sin(angles), np.cos(angles)], axis=1).astype(np.float32)
    else:
        X = (X - np.float32(0.5)) * np.float32(3)
    X = np.maximum(linear(X, W["H"], W["H_bias"]), 0)
    X = np.maximum(linear(X, W["G"], W["G_bias"]), 0)
    return 1 / (1 + np.exp(-linear(X, W["C"], W["C_bias"])))


def loss(W, X, T):
    """The mean of (y - t)² over colours."""
    away = net(W, X) - T
    return np.sum(away * away) * (1 / T.size)


def train(name="china.jpg", seed=0, steps=400, fourier=True, watch=None):
    """Weights W as arrays, learnt from three quarters of the pixels of a photograph."""
    rng = np.random.default_rng(seed)
    X, T, held_out = data(name)
    W = weights(rng, fourier)
    fit(loss, W, batches(rng, X[~held_out], T[~held_out], size=1024), steps, alpha=1e-2, watch=watch)
    return arrays(W)


def measure(W, name="china.jpg"):
    """PSNR in dB of the pixels that were learnt, and of those that were held out."""
    X, T, held_out = data(name)
    Y = net(W, X)
    return {"learnt": psnr(Y[~held_out], T[~held_out]), "held out": psnr(Y[held_out], T[held_out])}


def image(W):
    """The picture (64, 96, 3) that the network has learnt."""
    return net(W, data()[0]).reshape(HEIGHT, WIDTH, 3)


def show(W, without=None, name="china.jpg"):
    """The photograph, and what the network made of it; `without`: also one without Fourier features."""
    images = {"the photograph": data(name)[1].reshape(HEIGHT, WIDTH, 3)}
    if without is not None:
        images["learnt from x, y alone"] = image(without)
    images["learnt with Fourier features" if "B" in W else "learnt"] = image(W)
    return pictures.row(images, "A photograph, and what a network has learnt of it", 288)
