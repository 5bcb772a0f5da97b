"""Questions of unit 2, fourth part: weights as images, and a filter that slides over a picture."""

import numpy as np

from nnlib.grading.checks.question import normal, question


@question(
    returns="the images",
    section="Weights as images",
    inputs=lambda rng, J, R, S: (rng.normal(size=(J, R * S)), R, S),
    sizes=[dict(J=5, R=3, S=7), dict(J=4, R=4, S=4), dict(J=3, R=7, S=5), dict(J=1, R=2, S=5)],
)
def best_images(W, rows, columns):
    """The best-liked image of each neuron, of length 1."""
    length = np.sqrt(np.sum(W**2, axis=1, keepdims=True))
    return (W / length).reshape(len(W), rows, columns)


def slid(picture, kernel):
    """The same in torch."""
    import torch

    return torch.nn.functional.conv2d(picture[None, None], kernel[None, None])[0, 0]


@question(
    returns="the weighted sums",
    section="Filters",
    inputs=lambda rng, H, B, R, S: normal(rng, (H, B), (R, S)),
    sizes=[dict(H=7, B=9, R=3, S=2), dict(H=6, B=6, R=3, S=3), dict(H=8, B=5, R=2, S=4), dict(H=5, B=7, R=1, S=3)],
    value=slid,
)  # fmt: skip
def filtered(picture, kernel):
    """A filter slid over a picture."""
    rows = picture.shape[0] - kernel.shape[0] + 1
    columns = picture.shape[1] - kernel.shape[1] + 1
    A = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            patch = picture[i : i + kernel.shape[0], j : j + kernel.shape[1]]
            A[i, j] = np.sum(kernel * patch)
    return A
