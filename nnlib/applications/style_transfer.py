"""One photograph in the style of another: gradient descent on the pixels, and not on the weights.

A network of convolutions looks at both. What is in a place is its outputs F there (content); what a picture
looks like everywhere is which outputs come together, whatever the place (style): the Gram matrix G = Fᵀ F,
divided by the number of places.

    E = (1 - s) |F(x) - F(content)|² + s Σ_layers |G(x) - G(style)|² + roughness(x)

Gatys, Ecker and Bethge, CVPR 2016, with a network that had seen a million photographs. This one has seen two,
for 200 steps: it learns to tell which photograph a patch is from, and how it is rotated. Filters drawn at
random only recolour.
"""

import numpy as np

from nnlib.applications import pictures
from nnlib.applications.fitting import arrays, batches, constant, fit, he
from nnlib.differentiation import Variable, convolve, softmax_cross_entropy

HEIGHT, WIDTH = 96, 144
CHANNELS = (3, 16, 32, 48)
PATCH = 32


def photographs():
    """The two photographs of scikit-learn, {name: (96, 144, 3)} in 0..1."""
    from sklearn.datasets import load_sample_images

    names = ("china", "flower")
    cut = [image[: 4 * HEIGHT, : 4 * WIDTH] / np.float32(255) for image in load_sample_images().images]
    small = [image.reshape(HEIGHT, 4, WIDTH, 4, 3).mean(axis=(1, 3)) for image in cut]
    return dict(zip(names, small, strict=True))


def data(n, seed):
    """Patches X (n, 32, 32, 3) of both photographs, turned, and T (n, 8): which one, and which way up."""
    rng, images = np.random.default_rng(seed), list(photographs().values())
    which, turn = rng.integers(2, size=n), rng.integers(4, size=n)
    y, x = rng.integers(HEIGHT - PATCH, size=n), rng.integers(WIDTH - PATCH, size=n)
    patches = [
        np.rot90(images[k][r : r + PATCH, c : c + PATCH], q)
        for k, q, r, c in zip(which, turn, y, x, strict=True)
    ]
    return np.array(patches, np.float32), np.eye(8, dtype=np.float32)[4 * which + turn]


def weights(rng):
    """Kernels of three layers, and weights V, c of the eight classes."""
    W = {}
    for n, (inputs, outputs) in enumerate(zip(CHANNELS[:-1], CHANNELS[1:], strict=True), start=1):
        W[f"K{n}"], W[f"b{n}"] = he(rng, 3, 3, inputs, outputs), constant(0.0, outputs)
    return W | {"V": he(rng, CHANNELS[-1], 8), "c": constant(0.0, 8)}


def net(W, X):
    """The outputs of the three layers, (N, H, W, 16), (N, H/2, W/2, 32), (N, H/4, W/4, 48)."""
    features, X = [], X - np.float32(0.5)
    for n in (1, 2, 3):
        X = convolve(X, W[f"K{n}"], W[f"b{n}"], relu=True)
        features.append(X)
        N, H, width, C = X.shape
        X = np.mean(np.reshape(X, (N, H // 2, 2, width // 2, 2, C)), axis=(2, 4))
    return features


def loss(W, X, T):
    """The cross-entropy of a patch, on average."""
    scores = np.mean(net(W, X)[-1], axis=(1, 2)) @ W["V"] + W["c"]
    return softmax_cross_entropy(scores, T) * (1 / len(T))


def train(seed=0, steps=200, watch=None):
    """Weights W as arrays, learnt from patches."""
    rng = np.random.default_rng(seed)
    W = weights(rng)
    fit(loss, W, batches(rng, *data(2000, seed), size=32), steps, alpha=3e-3, watch=watch)
    return arrays(W)


def gram(F):
    """Which outputs of a layer come together: Fᵀ F / places, (C, C)."""
    rows = np.reshape(F, (-1, F.shape[-1]))
    return rows.T @ rows * (1 / rows.shape[0])


def painted(W, content, style, steps=150, share=0.9, seed=0, watch=None):
    """The picture `content` in the style of `style`, all (96, 144, 3) in 0..1; `share` is s, 0 to 1."""
    content, style = (pictures_of(image) for image in (content, style))
    wanted, grams = net(W, content)[-1], [gram(F) for F in net(W, style)]
    noise = np.random.default_rng(seed).normal(0, 0.05, content.shape)
    x = {"x": Variable((content + noise).astype(np.float32))}

    def error(x, *_):
        x = x["x"]
        features = net(W, x)
        away = features[-1] - wanted
        E = np.mean(away * away) * ((1 - share) / np.mean(wanted**2))
        for F, G in zip(features, grams, strict=True):
            away = gram(F) - G
            E = E + np.mean(away * away) * (share / np.mean(G * G))
        down, right = x[:, 1:] - x[:, :-1], x[:, :, 1:] - x[:, :, :-1]
        return E + (np.mean(down * down) + np.mean(right * right)) * 2

    fit(error, x, iter(lambda: (), None), steps, alpha=0.02, watch=watch)
    return np.clip(x["x"].value[0], 0, 1)


def measure(W, n=300, seed=10_000):
    """The share of n other patches of the photographs that are classified rightly: chance is 1/8."""
    X, T = data(n, seed)
    scores = np.mean(net(W, X)[-1], axis=(1, 2)) @ W["V"] + W["c"]
    return (scores.argmax(1) == T.argmax(1)).mean()


def show(W, steps=150):
    """Both photographs, and each in the style of the other."""
    china, flower = photographs().values()
    images = {"the temple": china, "the flower": flower}
    images["the temple as the flower"] = painted(W, china, flower, steps)
    images["the flower as the temple"] = painted(W, flower, china, steps)
    return pictures.row(images, "Two photographs, and each in the style of the other")


def pictures_of(image):
    """One photograph as a batch. Raises ValueError for another shape."""
    image = np.asarray(image, np.float32)
    if image.shape != (HEIGHT, WIDTH, 3):
        raise ValueError(f"The picture has shape {image.shape}, expected ({HEIGHT}, {WIDTH}, 3).")
    return image[np.newaxis]
