"""Question of unit 6, part seven: the style of a picture."""

import numpy as np

from nnlib.grading.checks.judging.truth import with_gradients
from nnlib.grading.checks.question import question


def outputs_and_style(rng, H, W, C):
    """Outputs of a layer, and the Gram matrix of another picture."""
    other = rng.normal(size=(13, C))
    return rng.normal(size=(H, W, C)), other.T @ other / 13


def style_in_torch(F, G):
    def error(F):
        rows = F.reshape(-1, F.shape[-1])
        return ((rows.T @ rows / len(rows) - G) ** 2).sum()

    return with_gradients(error, F)


def with_places(F, G, places, factor):
    """E and the gradient where the products are divided by another number."""
    rows = F.reshape(-1, F.shape[-1])
    off = rows.T @ rows / places - G
    return np.sum(off**2), factor * (rows @ off).reshape(F.shape)


@question(
    returns=("E", "∂E/∂F"),
    section="Art",
    inputs=outputs_and_style,
    sizes=[dict(H=3, W=5, C=4), dict(H=7, W=1, C=3), dict(H=4, W=4, C=4), dict(H=2, W=4, C=5)],
    value=style_in_torch,
    parts={"error": dict(only="E", about="E")},
    names={
        "rows": "the places in rows", "gram": "the Gram matrix", "off": "Gram - G", "dF": "∂E/∂F",
        "places": "the number of places",
    },
    hints={
        "∂E/∂F: a factor 2 is missing. F stands twice in Fᵀ F, and the square has a 2 of its own": (
            lambda F, G: with_places(F, G, F.shape[0] * F.shape[1], 2 / (F.shape[0] * F.shape[1]))
        ),
        "E has no 1/2 in front, and so neither has its derivative": lambda F, G: tuple(
            part / 2 for part in style_gradient.reference(F, G)
        ),
        "∂E/∂F has a row for each place: give it the shape of F again": lambda F, G: (
            (right := style_gradient.reference(F, G))[0], right[1].reshape(-1, F.shape[2]),
        ),
        "The Gram matrix is not divided by the number of places": lambda F, G: with_places(F, G, 1, 4),
        "∂E/∂F is not divided by the number of places": lambda F, G: with_places(
            F, G, F.shape[0] * F.shape[1], 4
        ),
    },
)  # fmt: skip
def style_gradient(F, G):
    """The style error and its gradient."""
    rows = F.reshape(-1, F.shape[2])
    places = len(rows)
    gram = rows.T @ rows / places
    off = gram - G
    E = np.sum(off**2)
    dF = 4 * rows @ off / places
    return E, dF.reshape(F.shape)
