"""Scenes with one or two shapes, and the sentence that describes each: what captions are learnt from.

Scenes of 32 x 32 pixels with one large shape (radius 6.5 to 10) or two (6.5 to 7.8) of four kinds in six
colours, turned a little, on a grey ground with noise of 0.03. Two shapes do not touch, and it is never in
doubt which relation holds.
"""

import numpy as np

from nnlib.applications import shapes

COLOURS = {"red": (.85, .15, .15), "green": (.15, .65, .2), "blue": (.15, .25, .85),
           "yellow": (.92, .85, .15), "purple": (.6, .2, .7), "white": (.95, .95, .95)}  # fmt: skip
KINDS = shapes.KINDS[:4]
WORDS = ("", "<start>", ".", "a", *COLOURS, *KINDS, "left of", "above")
NOTHING, START, STOP, A = range(4)
COLOUR, KIND, LEFT, ABOVE = 4, 4 + len(COLOURS), len(WORDS) - 2, len(WORDS) - 1
LENGTH = 8
"""Words of the longest sentence, its stop included."""


def scenes(rng, n):
    """Pictures X (n, 32, 32, 3) in 0..1, and sentences T (n, 9) of numbers of words, the start first."""
    two, kind, colour = (
        rng.random(n) < 0.5,
        rng.integers(len(KINDS), size=(2, n)),
        rng.integers(6, size=(2, n)),
    )
    at, M, left = np.empty((2, 2, n)), np.zeros((2, n, shapes.SIZE, shapes.SIZE), bool), np.arange(n)
    while len(left):  # until no shapes touch, and no doubt is left which relation holds
        pair = two[left]
        r = rng.uniform(6.5, np.where(pair, 7.8, 10), (2, len(left)))
        x, y = at[:, :, left] = r + (shapes.SIZE - 2 * r) * rng.random((2, *r.shape))
        for i in (0, 1):
            M[i, left] = shapes.masks(kind[i, left], x[i], y[i], r[i], rng.uniform(-0.3, 0.3, len(left)))
        doubt = abs(abs(x[0] - x[1]) - abs(y[0] - y[1])) < 3
        left = left[pair & (doubt | (M[0, left] & M[1, left]).any((1, 2)))]
    M[1] &= two[:, None, None]
    X = rng.uniform(0.35, 0.5, (n, 1, 1, 1)) + rng.uniform(-0.1, 0.1, (n, 1, 1, 3))
    X = X.astype("f") + np.float32(0.03) * rng.standard_normal((n, shapes.SIZE, shapes.SIZE, 3), "f")
    for mask, which in zip(M, colour, strict=True):
        paint = np.array(list(COLOURS.values()))[which] * rng.uniform(0.85, 1.05, (n, 1)) - 0.425
        X += mask[..., None] * paint[:, None, None].astype("f")
    return X, sentences(two, kind, colour, at[:, 0] - at[:, 1])


def sentences(two, kind, colour, between):
    """The sentence of each scene; `between`: how far the first shape lies right of the second, and below."""
    beside = abs(between[0]) > abs(between[1])
    first = (two & (np.where(beside, *between) > 0)).astype(int)  # which is named first
    n = np.arange(len(two))
    T = np.full((len(n), LENGTH + 1), NOTHING)
    T[:, 0], T[:, 1], T[:, 5], T[:, 4] = START, A, A, np.where(beside, LEFT, ABOVE)
    for place, which in ((2, first), (6, 1 - first)):
        T[:, place], T[:, place + 1] = COLOUR + colour[which, n], KIND + kind[which, n]
    T[~two, 4:] = NOTHING
    T[n, np.where(two, LENGTH, 4)] = STOP
    return T


def said(row):
    """The numbers of words as a sentence, up to its stop."""
    words = [WORDS[n] for n in row if n != START]
    return " ".join(words[: words.index(".") + 1 if "." in words else None]).replace(" .", ".").strip()
