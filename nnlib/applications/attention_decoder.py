"""A decoder that writes a sentence word by word, and looks with attention at the output of an encoder.

Each word looks at the words before it, then at the encoder's places H, then goes through two layers:

    D ← D + attention(D, D)      only backwards: words to come are hidden by a mask
    D ← D + attention(D, H)      where in the picture (or in the other sentence) it looks
    D ← D + relu(D Wᵀ + b) Vᵀ    each word by itself

each after a layer norm, with several heads side by side. Vaswani et al., Attention Is All You Need, 2017.
"""

import numpy as np

from nnlib.applications.fitting import constant
from nnlib.differentiation import Variable, attention, embedding, layer_norm, linear


def matrix(rng, outputs, inputs, size=1.0):
    """Weights of variance size² / inputs."""
    return Variable((size / np.sqrt(inputs) * rng.standard_normal((outputs, inputs))).astype(np.float32))


def norm(name, D):
    """Gain and bias of a layer norm."""
    return {f"{name}_gain": constant(1.0, D), f"{name}_bias": constant(0.0, D)}


def looking(rng, name, D):
    """The four matrices of an attention: of queries, keys, values, and of its output."""
    parts = {"Q": 1.0, "K": 1.0, "V": 1.0, "O": 0.3}
    return {f"{name}_{part}": matrix(rng, D, D, size) for part, size in parts.items()}


def weights(rng, words, length, D=48):
    """Weights for so many words, sentences up to a length, and D numbers for each word."""
    W = {
        "words": matrix(rng, words, D, 3.0),
        "positions": matrix(rng, length, D, 2.0),
        "up": matrix(rng, 2 * D, D, np.sqrt(2)), "up_bias": constant(0.0, 2 * D),
        "down": matrix(rng, D, 2 * D, 0.3),
        "out": matrix(rng, words, D, 0.3), "out_bias": constant(0.0, words),
    }  # fmt: skip
    for name in ("before", "across"):
        W |= looking(rng, name, D) | norm(name, D)
    return W | norm("each", D) | norm("last", D)


def look(W, name, X, Y, heads, mask=None):
    """Each row of X (N, M, D) looks at the rows of Y (N, T, D): what it sees (N, M, D), and the weights.

    The D numbers are shared out among heads, so that one word can look at several places at once. The
    weights (N, heads, M, T) say how much it looks where.
    """
    N, M, D = X.shape

    def parts(Z, which):
        Z = Z @ W[f"{name}_{which}"].T
        return np.transpose(np.reshape(Z, (N, Z.shape[1], heads, D // heads)), (0, 2, 1, 3))

    seen, looks = attention(parts(X, "Q"), parts(Y, "K"), parts(Y, "V"), mask, weights=True)
    return np.reshape(np.transpose(seen, (0, 2, 1, 3)), (N, M, D)) @ W[f"{name}_O"].T, looks


def seen_by_all(there):
    """The mask of places for all heads and all words, or None."""
    return None if there is None else there[:, np.newaxis, np.newaxis]


def normal(W, name, X):
    return layer_norm(X, W[f"{name}_gain"], W[f"{name}_bias"])


def net(W, H, words, heads=4, there=None):
    """Scores (N, T, words) of each next word, and where each word looked (N, heads, T, places).

    H (N, places, D) is the output of the encoder, words (N, T) are the numbers of the words so far. `there`
    (N, places) is False for places that only fill up: no word looks there.
    """
    T = words.shape[1]
    D = embedding(W["words"], words) + W["positions"][:T]
    X = normal(W, "before", D)
    D = D + look(W, "before", X, X, heads, np.tri(T, dtype=bool))[0]
    seen, looks = look(W, "across", normal(W, "across", D), H, heads, seen_by_all(there))
    D = D + seen
    up = np.maximum(linear(normal(W, "each", D), W["up"], W["up_bias"]), 0)
    D = D + up @ W["down"].T
    return linear(normal(W, "last", D), W["out"], W["out_bias"]), looks


def written(W, H, first, length, heads=4, there=None):
    """The likeliest sentence word by word, (N, length) without the first word, and where each looked."""
    words = np.full((len(H), 1), first)
    for _ in range(length):
        scores, looks = net(W, H, words, heads, there)
        words = np.c_[words, scores[:, -1].argmax(-1)]
    return words[:, 1:], looks
