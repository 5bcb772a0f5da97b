"""Shapes in pictures of 32 x 32 pixels: for detection and captions."""

import numpy as np

SIZE = 32
PIXEL = np.arange(SIZE, dtype=np.float32) + np.float32(0.5)


# Which points (u, v) belong to a shape of radius 1 around (0, 0).
INSIDE = {
    "disc": lambda u, v: u * u + v * v < 1,
    "square": lambda u, v: np.maximum(abs(u), abs(v)) < 0.9,
    "triangle": lambda u, v: (v < 0.6) & (1.6 * abs(u) < v + 1),
    "cross": lambda u, v: (np.minimum(abs(u), abs(v)) < 0.3) & (np.maximum(abs(u), abs(v)) < 1),
    "ring": lambda u, v: (u * u + v * v < 1) & (u * u + v * v > 0.36),
}
KINDS = tuple(INSIDE)


def masks(kind, x, y, r, angle):
    """Which pixels (n, 32, 32) belong to each shape with centre (x, y), radius r, turned by an angle."""
    c, s, x, y = (
        np.asarray(v, np.float32)[:, None, None] for v in (np.cos(angle) / r, np.sin(angle) / r, x, y)
    )
    across, down = PIXEL - x, PIXEL[:, None] - y
    u, v = across * c + down * s, down * c - across * s
    M = np.empty(u.shape, bool)
    for number, inside in enumerate(INSIDE.values()):
        rows = np.equal(kind, number)
        M[rows] = inside(u[rows], v[rows])
    return M


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
