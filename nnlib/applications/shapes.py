"""Shapes in pictures of 32 x 32 pixels: for detection and captions."""

import numpy as np

KINDS = ("disc", "square", "triangle", "cross", "ring")
SIZE = 32
PIXEL = np.arange(SIZE, dtype=np.float32) + np.float32(0.5)


def masks(kind, x, y, r, angle):
    """Which pixels (n, 32, 32) belong to each shape with centre (x, y), radius r, turned by an angle."""
    c, s, x, y = (
        np.asarray(v, np.float32)[:, None, None] for v in (np.cos(angle) / r, np.sin(angle) / r, x, y)
    )
    across, down = PIXEL - x, PIXEL[:, None] - y
    u, v = across * c + down * s, down * c - across * s
    p, q, square = abs(u), abs(v), u * u + v * v
    kinds = [
        square < 1,
        np.maximum(p, q) < 0.9,
        (v < 0.6) & (1.6 * p < v + 1),
        (np.minimum(p, q) < 0.3) & (np.maximum(p, q) < 1),
        (square < 1) & (square > 0.36),
    ]
    return np.choose(np.asarray(kind)[:, None, None], kinds)


def ground(rng, n):
    """Pictures (n, 32, 32, 3) of one colour each, which changes a little from left to right."""
    X = rng.uniform(0.2, 0.8, (n, 1, 1, 3)) + rng.uniform(-0.15, 0.15, (n, 1, 1, 3)) * (
        PIXEL[:, None] / SIZE - 0.5
    )
    return np.repeat(X, SIZE, axis=1).astype(np.float32)


def clutter(rng, X, strokes=6):
    """Paint so many strokes in random colours into each picture: a background that is not a shape."""
    n = len(X)
    for _ in range(strokes):
        x, y = (rng.uniform(0, SIZE, (n, 1, 1)).astype("f") for _ in range(2))
        turn = rng.uniform(0, np.pi, (n, 1, 1)).astype("f")
        across, down = PIXEL - x, PIXEL[:, None] - y
        u, v = across * np.cos(turn) + down * np.sin(turn), down * np.cos(turn) - across * np.sin(turn)
        stroke = (abs(u) < rng.uniform(2, 9, (n, 1, 1))) & (abs(v) < rng.uniform(0.5, 1.1, (n, 1, 1)))
        np.copyto(X, rng.uniform(0, 1, (n, 1, 1, 3)), where=stroke[..., None], casting="same_kind")


def boxes(M):
    """The box (x0, y0, x1, y1) around each mask (n, 32, 32)."""
    columns, rows = M.any(1), M.any(2)
    return np.stack(
        [
            columns.argmax(1),
            rows.argmax(1),
            SIZE - columns[:, ::-1].argmax(1),
            SIZE - rows[:, ::-1].argmax(1),
        ],
        1,
    )
