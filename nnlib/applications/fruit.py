"""Fruit on a table: the outlines, and the picture, for the pair "edges → photo"."""

import numpy as np

SIZE = 32
COLOURS = np.array([[0.85, 0.15, 0.12], [0.65, 0.78, 0.2], [0.97, 0.82, 0.15], [0.5, 0.2, 0.55]])
"""Apple, pear, banana, plum: the outline tells which it is, and that tells the colour."""


def outlines_and_picture(rng):
    """Edges (32, 32, 1), 1 at the border of two areas, and the picture (32, 32, 3)."""
    Y, X = np.mgrid[0:SIZE, 0:SIZE] + 0.5
    table = rng.uniform(20, 25)
    I = np.tile([0.93, 0.9, 0.82], (SIZE, SIZE, 1))
    I[Y > table] = (np.array([0.6, 0.42, 0.25]) * (1 - 0.15 * (Y - table > 4))[..., None])[Y > table]
    areas = (Y > table).astype(int)
    for n in range(rng.integers(1, 4)):
        kind, r = rng.integers(4), rng.uniform(4, 6.5)
        x = (X - rng.uniform(5, SIZE - 5)) / r
        y = (Y - table - rng.uniform(-1, 4) + 0.6 * r) / r
        M = [
            np.hypot(x, y) < 1,
            np.hypot(x / (0.62 + 0.25 * np.clip(y, -1, 1)), y) < 1,
            (np.hypot(x, y - 0.3) < 1) & (np.hypot(x, y + 0.45) > 0.95),
            np.hypot(x / 1.25, y / 0.8) < 1,
        ][kind]
        z = np.sqrt(np.maximum(0, 1 - x * x - y * y))
        light = 0.55 + 0.5 * np.clip(-0.5 * x - 0.6 * y + 0.6 * z, 0, 1)
        I[(abs(x - 0.25) < 1) & (abs(y - 1) < 0.18) & ~M] *= 0.65
        I[M] = COLOURS[kind] * light[M][:, None]
        I[M & (np.hypot(x + 0.4, y + 0.4) < 0.2)] = 0.95
        areas[M] = 2 + 5 * n + kind
        if kind < 2:
            stalk = (abs(x + 0.15 * (y + 1)) < 0.12) & (y < -0.85) & (y > -1.35)
            I[stalk], areas[stalk] = (0.3, 0.2, 0.1), 40
    edges = np.zeros((SIZE, SIZE, 1))
    edges[1:, 1:, 0] = (areas[1:, 1:] != areas[:-1, 1:]) | (areas[1:, 1:] != areas[1:, :-1])
    return edges, np.clip(I, 0, 1)
