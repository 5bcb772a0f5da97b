"""Boxes: as numbers of the cells of a grid and back, how much two overlap, and how well objects are found."""

import numpy as np

from nnlib.activations import sigmoid
from nnlib.differentiation import softmax

CELLS, CELL, TYPICAL = 8, 4, 12
"""Cells in a row, pixels of a cell, and the size of box at which the logarithm is 0."""


def write(T, at, kinds, boxes):
    """Into row `at` of T: an object of this class with this box (x0, y0, x1, y1)."""
    low, high = boxes[:, :2], boxes[:, 2:]
    middle = (low + high) / 2
    cell = (middle // CELL).astype(int)
    row = np.zeros((len(at), T.shape[2]), np.float32)
    row[:, 0], row[:, 1:3], row[:, 3:5] = 1, middle / CELL % 1 - 0.5, np.log((high - low) / TYPICAL)
    row[np.arange(len(at)), 5 + kinds] = 1
    T[at, cell[:, 1] * CELLS + cell[:, 0]] = row


def said(Y):
    """What cells say as boxes: score, class and (x0, y0, x1, y1) of each cell, for Y (N, 64, 10)."""
    chance, classes = sigmoid(Y[..., 0]), softmax(Y[..., 5:])
    column, row = np.arange(CELLS * CELLS) % CELLS, np.arange(CELLS * CELLS) // CELLS
    middle = (np.stack([column, row], 1) + 0.5 + Y[..., 1:3]) * CELL
    half = TYPICAL / 2 * np.exp(np.clip(Y[..., 3:5], -2, 2))
    return chance * classes.max(-1), classes.argmax(-1), np.concatenate([middle - half, middle + half], -1)


def iou(a, b):
    """Intersection over union of two boxes (x0, y0, x1, y1)."""
    wide, high = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    both = max(0.0, wide) * max(0.0, high)
    return both / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - both)


def true_objects(T):
    """The objects of T (N, 64, 10): for each picture a list of (class, box)."""
    _, kinds, boxes = said(T * 1.0)
    return [
        [(int(k[i]), b[i].tolist()) for i in np.flatnonzero(t[:, 0])]
        for t, k, b in zip(T, kinds, boxes, strict=True)
    ]


def average_precision(lists, right, kind):
    """The mean precision over recall of one class, as in PASCAL VOC since 2010: each object is found once."""
    left = [[box for k, box in objects if k == kind] for objects in right]
    total = sum(map(len, left))
    hits = []
    for _, n, box in sorted(
        ((score, n, box) for n, boxes in enumerate(lists) for score, k, box in boxes if k == kind),
        reverse=True,
    ):
        best = max(left[n], key=lambda other: iou(box, other), default=None)
        hits.append(best is not None and iou(box, best) > 0.5)
        if hits[-1]:
            left[n].remove(best)
    true = np.cumsum(hits)
    precision = np.maximum.accumulate((true / np.arange(1, len(hits) + 1))[::-1])[::-1]
    return float(np.sum(precision * np.diff(np.r_[0, true / total])))
