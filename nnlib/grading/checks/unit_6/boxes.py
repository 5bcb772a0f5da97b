"""Questions of unit 6, part one: boxes, N of them, and N cells that say one each."""

import numpy as np

from nnlib.grading.checks.judging.truth import torch
from nnlib.grading.checks.question import normal, question


def boxes_and_one(rng, N):
    """Boxes (N, 4) and one more (4,): they overlap, lie apart in both directions or in one, or inside."""
    x, y = rng.uniform(-20, 20, 2)
    wide, high = rng.uniform(6, 9), rng.uniform(10, 13)
    box = np.array([x, y, x + wide, y + high])
    boxes = np.empty((N, 4))
    moves = ((0.4, -0.3), (-2.5, 2.2), (0.3, 1.8), (-1.9, 0.2), (0.1, 0.1))
    for n in range(N):
        along, down = moves[n % 5]
        size = rng.uniform(0.7, 1.2, 2) * (0.6 if n % 5 == 4 else 1)
        left, top = x + along * wide + rng.uniform(-0.5, 0.5), y + down * high + rng.uniform(-0.5, 0.5)
        boxes[n] = left, top, left + size[0] * wide, top + size[1] * high
    return boxes, box


def iou_in_torch(boxes, box):
    low = torch().maximum(boxes[:, :2], box[:2])
    high = torch().minimum(boxes[:, 2:], box[2:])
    both = (high - low).clamp(min=0).prod(dim=1)
    return both / ((boxes[:, 2:] - boxes[:, :2]).prod(dim=1) + (box[2:] - box[:2]).prod() - both)


def intersections(boxes, box, clipped=True):
    """Width times height of what each box has in common with the other one."""
    sides = np.minimum(boxes[:, 2:], box[2:]) - np.maximum(boxes[:, :2], box[:2])
    return np.prod(np.maximum(sides, 0) if clipped else sides, axis=1)


def with_corners(boxes):
    """The boxes that come of widths and heights in the last two places."""
    return np.concatenate((boxes[..., :2], boxes[..., :2] + boxes[..., 2:]), axis=-1)


def areas(boxes):
    return np.prod(boxes[..., 2:] - boxes[..., :2], axis=-1)


@question(
    returns="IoU",
    section="Object detection",
    inputs=boxes_and_one,
    sizes=[dict(N=5), dict(N=7), dict(N=4), dict(N=1)],
    value=iou_in_torch,
    names={
        "wide": "the width of the intersection", "high": "the height of the intersection",
        "both": "the intersection", "areas": "the areas of the boxes", "area": "the area of the one box",
        "union": "the union", "left": "the left edge", "right": "the right edge", "top": "the upper edge",
        "bottom": "the lower edge",
    },
    hints={
        "Boxes that lie apart have a negative width or height. Take 0 for it, for each of the two": (
            lambda boxes, box: (both := intersections(boxes, box, False))
            / (areas(boxes) + areas(box) - both)
        ),
        "A negative width times a negative height is positive. Take 0 for each, before you multiply": (
            lambda boxes, box: (both := np.maximum(intersections(boxes, box, False), 0))
            / (areas(boxes) + areas(box) - both)
        ),
        "In the union the intersection is counted twice: subtract it once": lambda boxes, box: (
            intersections(boxes, box) / (areas(boxes) + areas(box))
        ),
        "That is the share of the one box that is covered. Divide by the union": lambda boxes, box: (
            intersections(boxes, box) / areas(box)
        ),
        "That is the box around both: the left edge in common is the larger, the right edge the smaller": (
            lambda boxes, box: (
                around := np.prod(
                    np.maximum(boxes[:, 2:], box[2:]) - np.minimum(boxes[:, :2], box[:2]), axis=1
                )
            )
            / (areas(boxes) + areas(box) - around)
        ),
        "That is the intersection itself. Divide it by the union": intersections,
        "The last two numbers of a box are read as width and height: they are its right lower corner": (
            lambda boxes, box: iou.reference(with_corners(boxes), with_corners(box))
        ),
        "The areas: a box is x0, y0, x1, y1, so its width is the third number minus the first": (
            lambda boxes, box: (both := intersections(boxes, box))
            / (np.prod(boxes[:, 1::2] - boxes[:, ::2], axis=1) + np.prod(box[1::2] - box[::2]) - both)
        ),
        "The last two numbers of a box are its right lower corner, not width and height": lambda boxes, box: (
            (both := intersections(boxes, box))
            / (np.prod(boxes[:, 2:], axis=1) + np.prod(box[2:]) - both)
        ),
    },
)  # fmt: skip
def iou(boxes, box):
    """The intersection over union of boxes with one box."""
    left = np.maximum(boxes[:, 0], box[0])
    top = np.maximum(boxes[:, 1], box[1])
    right = np.minimum(boxes[:, 2], box[2])
    bottom = np.minimum(boxes[:, 3], box[3])
    wide = np.maximum(right - left, 0)
    high = np.maximum(bottom - top, 0)
    both = wide * high
    areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    area = (box[2] - box[0]) * (box[3] - box[1])
    union = areas + area - both
    return both / union


def said_and_wanted(rng, N):
    """What N cells say, what they should, whether there is an object, how much it counts, and c."""
    there = rng.integers(2, size=N).astype(float)
    there[0] = 1.0
    if N > 1:
        there[-1] = 0.0
    return *normal(rng, (N, 4), (N, 4)), there, float(rng.uniform(2, 3)), float(rng.uniform(0.01, 0.3))


def with_one_root(A, T, there, weight, c):
    """The deltas if the four numbers of a box share a root."""
    return weight * there[:, None] * (A - T) / np.sqrt(np.sum((A - T) ** 2, axis=1, keepdims=True) + c)


@question(
    returns="Δ",
    section="Object detection",
    inputs=said_and_wanted,
    sizes=[dict(N=5), dict(N=7), dict(N=4), dict(N=1)],
    error=lambda A, T, there, weight, c: (
        weight * (there[:, None] * ((A - T) ** 2 + c).sqrt()).sum()
    ),
    by="A",
    names={"off": "A - T", "there": "there", "root": "the root"},
    hints={
        "Cells without an object count too: multiply their rows by 0, with `there`": (
            lambda A, T, there, weight, c: weight * (A - T) / np.sqrt((A - T) ** 2 + c)
        ),
        "That is the derivative of the square: the root is missing": (
            lambda A, T, there, weight, c: weight * there[:, None] * (A - T)
        ),
        "That is the derivative of the square: the root is missing, and a factor 2 is left of it": (
            lambda A, T, there, weight, c: 2 * weight * there[:, None] * (A - T)
        ),
        "A factor 2 is too many: the 2 of the inner derivative and the 1/2 of the root cancel": (
            lambda A, T, there, weight, c: 2 * box_delta.reference(A, T, there, weight, c)
        ),
        "One root is taken of the four squares of a box, each number has its own. And λ is missing": (
            lambda A, T, there, weight, c: (
                with_one_root(A, T, there, 1, c)
            )
        ),
        "`there` is spread the wrong way: row n of the mask is there_n four times": (
            lambda A, T, there, weight, c: (
                (off := A - T) * weight * np.tile(there, 4).reshape(A.shape) / np.sqrt(off**2 + c)
            )
        ),
        "One root is taken of the four squares of a box: each of its numbers has a root of its own": (
            with_one_root
        ),
        "The inner derivative 2 (a - t) is missing: that of the root alone is 1/2 divided by the root": (
            lambda A, T, there, weight, c: weight * there[:, None] / (2 * np.sqrt((A - T) ** 2 + c))
        ),
        "That is the term of the error itself. Its derivative is asked for": (
            lambda A, T, there, weight, c: weight * there[:, None] * np.sqrt((A - T) ** 2 + c)
        ),
    },
)  # fmt: skip
def box_delta(A, T, there, weight, c):
    """The deltas of the error of boxes."""
    off = A - T
    root = np.sqrt(off**2 + c)
    return weight * there[:, None] * off / root
