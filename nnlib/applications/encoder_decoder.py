"""An encoder-decoder: a picture goes in, a picture of the same size comes out. A small U-Net.

Ronneberger et al., U-Net: Convolutional Networks for Biomedical Image Segmentation, 2015.

    32 x 32   X → A ─────────────────────→ [E, A] → Y
    16 x 16         ↳ B ────────→ [D, B] → E ↗
     8 x 8              ↳ C → D ↗

Going down, a neuron sees more of the picture, but knows less about where. Coming up, each level gets
back what the way down knew about places: [D, B] are D, two times as large, and B side by side.
"""

import numpy as np

from nnlib.applications.fitting import constant, he
from nnlib.differentiation import convolve, upsample


def weights(rng, inputs, outputs, width=16, mean=0.0):
    """Kernels K1 .. K6 and biases b1 .. b6. The output begins near `mean`, a number or one a channel.

    The last layer begins at a tenth of He's size: so the first steps are not spent on forgetting.
    """
    c = width
    sizes = [(inputs, c), (c, 2 * c), (2 * c, 3 * c), (3 * c, 3 * c), (5 * c, 2 * c), (3 * c, outputs)]
    W = {}
    for n, (C, F) in enumerate(sizes, start=1):
        W[f"K{n}"] = he(rng, 3, 3, C, F, gain=0.1 if n == 6 else 1.0)
        W[f"b{n}"] = constant(mean, F) if n == 6 else constant(0.0, F)
    return W


def net(W, X):
    """Y (N, H, W, outputs) for pictures X (N, H, W, inputs); H and W are multiples of 4."""
    A = convolve(X, W["K1"], W["b1"], relu=True)
    B = convolve(A, W["K2"], W["b2"], stride=2, relu=True)
    C = convolve(B, W["K3"], W["b3"], stride=2, relu=True)
    D = convolve(C, W["K4"], W["b4"], relu=True)
    E = convolve(np.concatenate([upsample(D), B], axis=3), W["K5"], W["b5"], relu=True)
    return convolve(np.concatenate([upsample(E), A], axis=3), W["K6"], W["b6"])


def standards(X):
    """Mean and deviation of each channel of pictures X (N, H, W, C): kept with a network's weights."""
    return {"mean": X.mean((0, 1, 2)), "deviation": X.std((0, 1, 2)) + np.float32(0.05)}


def standardised(W, X):
    """The pictures, with mean 0 and deviation about 1 in each channel, as those it was trained with."""
    return (X - W["mean"]) / W["deviation"]
