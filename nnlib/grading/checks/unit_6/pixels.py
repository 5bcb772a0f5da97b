"""Questions of unit 6, part two: errors of pixels. N pictures, F classes."""

import numpy as np

from nnlib.grading.checks.judging.truth import torch, with_gradients
from nnlib.grading.checks.question import FORMULA, question
from nnlib.grading.checks.search import vocabulary

SCENES = [
    dict(N=2, H=3, W=5, F=4), dict(N=3, H=2, W=1, F=5), dict(N=4, H=4, W=4, F=4), dict(N=1, H=5, W=3, F=2),
]  # fmt: skip
"""Sizes of pictures."""


def scores_and_labels(rng, N, H, W, F):
    """Scores of pixels, their labels, and the number for "no label", which may also be that of a class."""
    labels = rng.integers(F, size=(N, H, W))
    ignored = int(rng.choice((0, 255))) if N < 4 else 255
    ignored = 0 if N == 3 else ignored
    labels[:, 0, 0] = ignored
    labels[:, -1, -1] = 1
    return 2 * rng.normal(size=(N, H, W, F)), labels, ignored


def wide_scores(rng, N, H, W, F):
    """The same where some probabilities are too small for a float."""
    A, labels, ignored = scores_and_labels(rng, N, H, W, F)
    A[:, -1, -1, 0] += 900
    A[:, -1, 0] -= 2000
    return A, labels, ignored


def pixels_in_torch(A, labels, ignored):
    return with_gradients(lambda A: classes_in_torch(A, labels, ignored), A)


def classes_in_torch(A, labels, ignored):
    """The cross-entropy of scores A (..., F) for labels (...), summed over all that count."""
    rows, wanted = A.reshape(-1, A.shape[-1]), torch().as_tensor(labels).reshape(-1)
    return torch().nn.functional.cross_entropy(rows, wanted, ignore_index=ignored, reduction="sum")


def one_hot_or_zeros(labels, F):
    """The classes one-hot; zeros for a label that is not a class."""
    return 1.0 * (labels[..., None] == np.arange(F))


def pixel_delta_as_written(A, labels, ignored):
    """E and Δ by the formula as the lecture writes it, for scores A (..., F) and labels (...)."""
    counts = 1.0 * (labels != ignored)[..., None]
    T = one_hot_or_zeros(labels, A.shape[-1])
    Y = vocabulary.softmax(A)
    E = -np.sum(counts * T * np.log(Y))
    Delta = counts * (Y - T)
    return E, Delta


def by_its_place(A, labels, ignored):
    """The logarithm only of the probability of the label: of 0 it is -∞, where T times it would be NaN."""
    counted = labels != ignored
    _, Delta = pixel_delta_as_written(A, labels, ignored)
    y = vocabulary.softmax(A)[counted]
    return -np.sum(np.log(y[np.arange(len(y)), labels[counted]])), Delta


def uncounted(function):
    """The function where pixels without a label count too."""
    return lambda A, labels, ignored: function(A, labels, -1)


def seen_as_no_class(A, labels, ignored):
    """The function where pixels are left out if their label is no class, not if it is `ignored`."""
    return pixel_delta_as_written(A, labels, ignored if ignored >= A.shape[-1] else -1)


LOG_OF_0 = "ln of a probability that is 0 for a float: take ln y = a - max - ln Σ exp(a - max)"
LOG_IS_INFINITE = "The softmax is 0 for a float, and ln 0 is -∞: take ln y = a - max - ln Σ exp(a - max)"


@question(
    returns=("E", "Δ"),
    section="Semantic segmentation",
    inputs=scores_and_labels,
    sizes=SCENES,
    value=pixels_in_torch,
    also=[pixel_delta_as_written],
    names={
        "counts": "which pixels count", "T": "T, the one-hot labels,", "total": "the sum of the exponentials",
        "surprise": "-ln y", "shifted": "the shifted scores",
    },
    parts={
        "delta": dict(only="Δ"),
        "large": dict(
            about="scores far apart", inputs=wide_scores, after_first=True, also=[],
            hints={LOG_OF_0: pixel_delta_as_written, LOG_IS_INFINITE: by_its_place},
        ),
    },
    hints={
        "Pixels without a label count too, in E and in Δ": uncounted(pixel_delta_as_written),
        "Pixels without a label count too: not in E, but in Δ": lambda A, labels, ignored: (
            pixel_delta_as_written(A, labels, ignored)[0], pixel_delta_as_written(A, labels, -1)[1],
        ),
        "Only labels that are no class are left out: `ignored` may be one": seen_as_no_class,
        "Only labels that are no class are left out: `ignored` may be one. And E is no mean": (
            lambda A, labels, ignored: (
                (result := seen_as_no_class(A, labels, ignored))[0]
                / np.sum((labels != ignored) | (labels < A.shape[-1])),
                result[1],
            )
        ),
        "Pixels of class 0 are left out, as if they had no label": lambda A, labels, ignored: (
            pixel_delta_as_written(A, np.where(labels == 0, ignored, labels), ignored)
        ),
        "Pixels without a label have T = 0, but their Y is left in Δ": lambda A, labels, ignored: (
            pixel_delta_as_written(A, labels, ignored)[0],
            vocabulary.softmax(A) - one_hot_or_zeros(np.where(labels == ignored, -1, labels), A.shape[-1]),
        ),
        "E: the largest score m is not taken away again: ln y = a - m - ln Σ exp(a - m)": (
            lambda A, labels, ignored: (
                (result := pixel_delta_as_written(A, labels, ignored))[0]
                - np.sum((labels != ignored) * np.max(A, axis=-1)),
                result[1],
            )
        ),
        "E: the minus is missing. -ln y is positive": lambda A, labels, ignored: (
            (result := pixel_delta_as_written(A, labels, ignored)) and (-result[0], result[1])
        ),
        "That is the mean over the pixels that count: here E is their sum": lambda A, labels, ignored: tuple(
            part / np.sum(labels != ignored) for part in pixel_delta_as_written(A, labels, ignored)
        ),
        "That is the mean over all pixels: here E is the sum over those that count": (
            lambda A, labels, ignored: tuple(
                part / labels.size for part in pixel_delta_as_written(A, labels, ignored)
            )
        ),
    },
)  # fmt: skip
def pixel_delta(A, labels, ignored):
    """The cross-entropy of pixels and its deltas."""
    counts = 1.0 * (labels != ignored)[..., None]
    T = 1.0 * (labels[..., None] == np.arange(A.shape[-1]))
    shifted = A - np.max(A, axis=-1, keepdims=True)
    powers = np.exp(shifted)
    total = np.sum(powers, axis=-1, keepdims=True)
    Y = powers / total
    surprise = np.log(total) - shifted
    E = np.sum(counts * T * surprise)
    Delta = counts * (Y - T)
    return E, Delta


def sums_and_masks(rng, N, H, W):
    """Weighted sums of pixels, masks of which few are 1, and s."""
    T = (rng.uniform(size=(N, H, W)) < 0.3).astype(float)
    T[:, 0, 0] = 1.0
    return 1.5 * rng.normal(size=(N, H, W)), T, float(rng.uniform(0.5, 2))


def dice_in_torch(A, T, s):
    Y = A.sigmoid()
    both, sizes = (T * Y).sum(dim=(1, 2)), (T + Y).sum(dim=(1, 2))
    return (1 - (2 * both + s) / (sizes + s)).sum()


def bottom_of(A, T, s):
    """The denominator of each picture."""
    return np.sum(T + vocabulary.sigmoid(A), axis=(1, 2), keepdims=True) + s


def dice_by_Y(A, T, s):
    """The derivative by the outputs."""
    Y = vocabulary.sigmoid(A)
    both, bottom = np.sum(T * Y, axis=(1, 2), keepdims=True), bottom_of(A, T, s)
    return (2 * both + s) / bottom**2 - 2 * T / bottom


def dice_at_once(A, T, s):
    """The derivative where the sums run over all pictures, not over each."""
    Y = vocabulary.sigmoid(A)
    both, sizes = np.sum(T * Y), np.sum(T + Y)
    return Y * (1 - Y) * ((2 * both + s) / (sizes + s) ** 2 - 2 * T / (sizes + s))


@question(
    returns="Δ",
    section="Semantic segmentation",
    inputs=sums_and_masks,
    sizes=[dict(N=2, H=3, W=5), dict(N=3, H=4, W=1), dict(N=4, H=4, W=4), dict(N=1, H=2, W=7)],
    error=dice_in_torch,
    by="A",
    tolerance=FORMULA,
    names={
        "both": "Σ t y", "sizes": "Σ (t + y)", "top": "the numerator", "bottom": "the denominator",
        "by_Y": "∂E/∂Y", "D": "the quotient D",
    },
    hints={
        "That is the derivative with respect to Y. Go on to A: the slope of the sigmoid is missing": (
            dice_by_Y
        ),
        "The sign is turned: E is 1 minus the quotient": lambda A, T, s: -dice_delta.reference(A, T, s),
        "The sums run over all pictures at once: each picture has its own": dice_at_once,
        "s is missing: it stands in the numerator and in the denominator": lambda A, T, s: (
            dice_delta.reference(A, T, 0)
        ),
        "In the quotient rule u' v and u v' are subtracted from each other, not added": lambda A, T, s: (
            -vocabulary.sigmoid_slope(A) * (dice_by_Y(A, T, s) + 4 * T / bottom_of(A, T, s))
        ),
        "In the quotient rule the derivative of the denominator is missing: y stands there too": (
            lambda A, T, s: vocabulary.sigmoid_slope(A)
            * (-2 * T / bottom_of(A, T, s))
        ),
    },
)  # fmt: skip
def dice_delta(A, T, s):
    """The deltas of the Dice error."""
    Y = 1 / (1 + np.exp(-A))
    both = np.sum(T * Y, axis=(1, 2), keepdims=True)
    sizes = np.sum(T + Y, axis=(1, 2), keepdims=True)
    bottom = sizes + s
    D = (2 * both + s) / bottom
    by_Y = (D - 2 * T) / bottom
    slope = Y * (1 - Y)
    return slope * by_Y
