"""Question of unit 4: numeric gradients by central differences."""

import numpy as np

from nnlib.grading.checks.question import question


def bent(rng, J, I):
    """An error that bends, weights, and a step h that is large enough to tell the kinds of difference."""
    C = rng.normal(size=(J, I))

    def E(W, C=C):
        return float(np.sum(np.sin(W) * C) + np.sum(W) ** 3)

    return E, rng.normal(size=(J, I)), float(10 ** rng.uniform(-2.5, -1.5))


def one_sided(E, W, h):
    differences = np.zeros(W.shape)
    for place in np.ndindex(W.shape):
        ahead = W.copy()
        ahead[place] += h
        differences[place] = (E(ahead) - E(W)) / h
    return differences


def rows_at_once(E, W, h):
    differences = np.zeros(W.shape)
    for j in range(len(W)):
        ahead, behind = W.copy(), W.copy()
        ahead[j] += h
        behind[j] -= h
        differences[j] = (E(ahead) - E(behind)) / (2 * h)
    return differences


def moves_that_stay(E, W, h):
    """Differences in which all entries before move too, ahead and back."""
    moved, differences = np.zeros(W.shape), np.zeros(W.shape)
    for place in np.ndindex(W.shape):
        moved[place] = h
        differences[place] = (E(W + moved) - E(W - moved)) / (2 * h)
    return differences


def never_put_back(E, W, h):
    W, differences = W.copy(), np.zeros(W.shape)
    for place in np.ndindex(W.shape):
        W[place] += h
        ahead = E(W)
        W[place] -= 2 * h
        differences[place] = (ahead - E(W)) / (2 * h)
    return differences


@question(
    returns="the gradient",
    section="Is it right? Check the gradient",
    inputs=bent,
    names={
        "place": "the entry",
        "W[place]": "the moved weight",
        "kept": "w",
        "ahead": "E(w + h)",
        "behind": "E(w - h)",
        "differences[place]": "the difference",
        "differences": "the result",
    },
    hints={
        "That is the forward difference. Step to both sides: E(w + h) and E(w - h)": one_sided,
        "The second E is taken at w, not at w - h, which is h below w and 2h below w + h": (
            lambda E, W, h: one_sided(E, W, h) / 2
        ),
        "That is the backward difference. Step to both sides: E(w + h) and E(w - h)": (
            lambda E, W, h: one_sided(E, W, -h)
        ),
        "All weights of a row are moved at once: move one entry at a time": rows_at_once,
        "All weights are moved at once: move one entry at a time": lambda E, W, h: np.full(
            W.shape, (E(W + h) - E(W - h)) / (2 * h)
        ),
        "An entry that has been moved stays at w - h: put it back before the next one": never_put_back,
        "All entries before move along: each is to be back at w before the next one moves": moves_that_stay,
    },
)
def numeric_gradient(E, W, h):
    """The gradient by central differences."""
    W = W.copy()
    differences = np.zeros(W.shape)
    for place in np.ndindex(W.shape):
        kept = W[place]
        W[place] = kept + h
        ahead = E(W)
        W[place] = kept - h
        behind = E(W)
        differences[place] = (ahead - behind) / (2 * h)
        W[place] = kept
    return differences
