"""Object detection: where is an object, and of which class? A miniature of Detectron2.

The picture is divided into 8 x 8 cells, and each cell says: the score that the middle of an object lies
in it, where in the cell, how large its box is (logarithms, so that an error counts the same for small and
large ones), and a score for each class (Redmon et al., YOLO, 2016). The error of a picture is

    E = 2 Σ_cells [ln(1 + eᵃ) - t a] + Σ_objects [-3 ln y_class + 2 Σ_i √((b_i - t_i)² + 0.01)]

Scenes of 32 x 32 pixels with six strokes of clutter and noise of 0.04; the shape's colour differs from
the background by at least 0.35 in one of red, green, blue. One object: radius 5 to 9. Several: one to
three with radius 4.5 to 7, of which less than 15 % is hidden.
"""

import numpy as np

from nnlib.applications import pictures, shapes
from nnlib.applications.boxes import CELLS, average_precision, iou, said, true_objects, write
from nnlib.applications.fitting import arrays, batches, constant, fit, he
from nnlib.applications.segmentation import HELD_OUT
from nnlib.differentiation import convolve, softmax_cross_entropy
from nnlib.figures.svg import element, svg, text

KINDS = shapes.KINDS


def data(n, seed, most=1):
    """Pictures X (n, 32, 32, 3) in 0..1 with one to `most` shapes, and T (n, 64, 10): what each cell says.

    Columns of T: 1 for an object, x and y in the cell from -1/2 to 1/2, ln of width and height / 12,
    the class one-hot.
    """
    rng = np.random.default_rng(seed)
    X, T = shapes.ground(rng, n), np.zeros((n, CELLS * CELLS, 5 + len(KINDS)), np.float32)
    shapes.clutter(rng, X)
    taken, count = np.zeros(X.shape[:3], bool), rng.integers(1, most + 1, n)
    for place in range(most):
        left = np.flatnonzero(count > place)
        while len(left):  # until each is drawn at a place where it can be seen
            k = rng.integers(len(KINDS), size=len(left))
            r = rng.uniform(*((5, 9) if most == 1 else (4.5, 7)), len(left))
            x, y = r + (shapes.SIZE - 2 * r) * rng.random((2, len(left)))
            M = shapes.masks(k, x, y, r, rng.uniform(-0.35, 0.35, len(left)))
            colour, area = rng.uniform(0, 1, (len(left), 3)), M.sum((1, 2))
            under = (X[left] * M[..., None]).sum((1, 2)) / area[:, None]
            good = (abs(colour - under).max(1) > 0.35) & ((M & taken[left]).sum((1, 2)) < 0.15 * area)
            at, M = left[good], M[good]
            X[at] = np.where(M[..., None], colour[good, None, None], X[at])
            taken[at] |= M
            write(T, at, k[good], shapes.boxes(M))
            left = left[~good]
    return X + rng.normal(0, 0.04, X.shape).astype("f"), T


def weights(rng):
    """Weights at the start. Most cells are empty: the bias of their score begins at -4."""
    sizes = {1: (5, 5, 3, 16), 2: (3, 3, 16, 32), 3: (3, 3, 32, 48), 4: (3, 3, 48, 48), 5: (1, 1, 48, 10)}
    W = {f"K{n}": he(rng, *shape, gain=0.1 if n == 5 else 1) for n, shape in sizes.items()}
    W |= {f"b{n}": constant(0.0, shape[3]) for n, shape in sizes.items() if n < 5}
    return W | {"b5": constant(np.array([-4.0] + 9 * [0.0]))}


def net(W, X):
    """What each cell says, (N, 64, 10), of pictures X (N, 32, 32, 3). Each loses its mean colour."""
    X = (X - X.mean((1, 2), keepdims=True)) * np.float32(4)
    X = convolve(X, W["K1"], W["b1"], stride=2, relu=True)
    X = convolve(X, W["K2"], W["b2"], stride=2, relu=True)
    X = convolve(X, W["K3"], W["b3"], relu=True)
    X = X + convolve(X, W["K4"], W["b4"], relu=True)
    return np.reshape(convolve(X, W["K5"], W["b5"]), (X.shape[0], CELLS * CELLS, -1))


def loss(W, X, T):
    """E of a picture, on average: each cell says whether, and where there is an object where and what."""
    Y, T = np.reshape(net(W, X), (-1, T.shape[2])), T.reshape(-1, T.shape[2])
    a, objects = Y[:, 0], np.flatnonzero(T[:, 0])
    near, wanted = Y[objects], T[objects]
    whether = np.sum(np.logaddexp(a, np.float32(0)) - a * T[:, 0])
    away = near[:, 1:5] - wanted[:, 1:5]
    where = np.sum(np.sqrt(away * away + np.float32(0.01)))
    what = softmax_cross_entropy(near[:, 5:], wanted[:, 5:])
    return (2 * whether + 3 * what + 2 * where) * (1 / len(X))


def mirrored(rng, X, T):
    """Half of all batches seen in a mirror: cells and x change sides."""
    if rng.random() < 0.5:
        return X, T
    T = T.reshape(-1, CELLS, CELLS, T.shape[2])[:, :, ::-1].copy()
    T[..., 1] *= -1
    return X[:, :, ::-1], T.reshape(len(X), CELLS * CELLS, -1)


def train(seed=0, most=1, steps=3200, n=6000, watch=None):
    """Weights W as arrays, learnt from n scenes with one to `most` objects."""
    rng = np.random.default_rng(seed)
    W = weights(rng)
    fit(loss, W, batches(rng, *data(n, seed, most), changed=mirrored), steps, watch=watch)
    return arrays(W)


def found(W, X, threshold=0.3, overlap=0.45):
    """For each picture a list of (score, class, box), the surest first, each object once.

    Non-maximum suppression: of boxes that overlap by more, only the surest is kept.
    Raises ValueError for pictures of another shape than (N, 32, 32, 3).
    """
    X = pictures.checked(X, 3)
    lists = []
    for first in range(0, len(X), 250):
        for scores, kinds, boxes in zip(*said(net(W, X[first : first + 250])), strict=True):
            kept = []
            for i in np.argsort(-scores):
                if scores[i] > threshold and all(iou(boxes[i], box) < overlap for _, _, box in kept):
                    kept.append((float(scores[i]), int(kinds[i]), boxes[i].tolist()))
            lists.append(kept)
    return lists


def measure(W, most=1, n=1000):
    """On n scenes held out. One object: class right and IoU > 0.5, both. Several: mAP at IoU 0.5."""
    X, T = data(n, HELD_OUT, most)
    right = true_objects(T)
    if most == 1:
        best = [boxes[0] for boxes in found(W, X, threshold=0)]
        kinds = np.array([k == t[0][0] for (_, k, _), t in zip(best, right, strict=True)])
        places = np.array([iou(b, t[0][1]) for (_, _, b), t in zip(best, right, strict=True)])
        return {"class and place": float(np.mean(kinds & (places > 0.5))), "class": float(kinds.mean()),
                "IoU > 0.5": float(np.mean(places > 0.5)), "mean IoU": float(places.mean())}  # fmt: skip
    precisions = {KINDS[k]: average_precision(found(W, X, 0.03), right, k) for k in range(len(KINDS))}
    return {"mAP": float(np.mean(list(precisions.values())))} | precisions


def show(W, most=1, n=6, side=140):
    """Held-out scenes with the boxes that the network finds; a name and a score stand above each."""
    X, _ = data(n, HELD_OUT, most)
    parts = []
    for i, (image, objects) in enumerate(zip(X, found(W, X), strict=True)):
        left, scale = i * (side + 8), side / shapes.SIZE
        parts.append(pictures.image_at(left, 20, side, image))
        for score, kind, (x0, y0, x1, y1) in objects:
            box = {"x": left + scale * x0, "y": 20 + scale * y0, "fill": "none"}
            box |= {"width": scale * (x1 - x0), "height": scale * (y1 - y0)}
            parts.append(element("rect", **box, stroke="white", stroke_width=4))
            parts.append(element("rect", **box, stroke="#D55E00", stroke_width=2))
            x, look = min(box["x"], left + side - 70), {"stroke": "black", "stroke_width": 3, "fill": "white"}
            words = f"{KINDS[kind]} {score:.2f}"
            parts.append(text(x, box["y"] - 4, words, "start", font_size=12, paint_order="stroke", **look))
    words = "Scenes and the boxes that the network finds"
    return pictures.Picture(svg(n * (side + 8), side + 24, words, *parts), words)
