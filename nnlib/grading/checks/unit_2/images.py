"""Questions of unit 2, fourth part: weights as images, and a filter that slides over a picture."""

import numpy as np

from nnlib.grading.checks.question import normal, question


@question(
    returns="the images",
    section="Weights as images",
    inputs=lambda rng, J, R, S: (rng.normal(size=(J, R * S)), R, S),
    sizes=[dict(J=5, R=3, S=7), dict(J=4, R=4, S=4), dict(J=3, R=7, S=5), dict(J=1, R=2, S=5)],
    hints={
        "Rows and columns are exchanged in the shape of an image":
            lambda W, R, S: best_images.reference(W, S, R),
        "Those are pixels of 0 and 1. Here an image of length 1 is asked for, and pixels may be negative":
            lambda W, R, S: (W > 0).reshape(len(W), R, S),
        "The pixels are put into columns. They stand row by row":
            lambda W, R, S: best_images.reference(W, S, R).transpose(0, 2, 1),
        "Pixels are put into columns, but stand row by row. The root of the sum of squares is missing":
            lambda W, R, S: (W / np.sum(W**2, axis=1, keepdims=True)).reshape(-1, S, R).transpose(0, 2, 1),
        "The pixels stand row by row, not in columns. Each image has a length of its own, not all one":
            lambda W, R, S: (W / np.sqrt(np.sum(W**2))).reshape(-1, S, R).transpose(0, 2, 1),
    },
)  # fmt: skip
def best_images(W, rows, columns):
    """The best-liked image of each neuron, of length 1."""
    length = np.sqrt(np.sum(W**2, axis=1, keepdims=True))
    return (W / length).reshape(len(W), rows, columns)


def slid(picture, kernel):
    """The same in torch."""
    import torch

    return torch.nn.functional.conv2d(picture[None, None], kernel[None, None])[0, 0]


def turned_filter(picture, kernel):
    """The weighted sums of a transposed filter, where it is square; else its places do not fit."""
    if len(set(kernel.shape)) > 1:
        raise ValueError("another shape")
    return filtered.reference(picture, kernel.T)


def first_weight_alone(picture, kernel):
    """The product of the upper left weight and the pixel below it."""
    rows, columns = np.subtract(picture.shape, kernel.shape) + 1
    return kernel[0, 0] * picture[:rows, :columns]


@question(
    returns="the weighted sums",
    section="Filters",
    inputs=lambda rng, H, B, R, S: normal(rng, (H, B), (R, S)),
    sizes=[
        dict(H=7, B=9, R=3, S=2), dict(H=6, B=6, R=3, S=3), dict(H=8, B=5, R=2, S=4), dict(H=5, B=7, R=1, S=3)
    ],
    value=slid,
    hints={
        "The filter is turned by half a turn. Lay it on as it is, upper left weight on upper left pixel":
            lambda picture, kernel: filtered.reference(picture, kernel[::-1, ::-1]),
        "The last row and column of places are missing: there are H - R + 1 and B - S + 1":
            lambda picture, kernel: filtered.reference(picture, kernel)[:-1, :-1],
        "The filter lies on the picture transposed": turned_filter,
        "The filter jumps by its own size. It is laid on every place, one pixel after the other":
            lambda picture, kernel: filtered.reference(picture, kernel)[:: len(kernel), :: kernel.shape[1]],
        "Only one weight meets a pixel. Each of them meets its own, and all products are added up":
            first_weight_alone,
    },
)  # fmt: skip
def filtered(picture, kernel):
    """A filter slid over a picture."""
    patches = np.lib.stride_tricks.sliding_window_view(picture, kernel.shape)
    return np.sum(kernel * patches, axis=(2, 3))
