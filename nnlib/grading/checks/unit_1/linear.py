"""Questions of unit 1, first part: linear regression. N samples, D inputs, F outputs."""

import numpy as np

from nnlib.grading.checks.question import FORMULA, normal, question


@question(
    returns="y",
    section="Several outputs",
    inputs=lambda rng, D, F: normal(rng, (F, D), (D,)),
    value=lambda W, x: W @ x,
)
def linear_output(W, x):
    """The output of one sample."""
    y = W @ x
    return y


def one_number(sums):
    """Hints for `sums(Y, T, axis)`, where E is the sum over both axes."""
    hints = {
        1: "That is a number for each sample. E is one number: add up the samples too",
        0: "That is a number for each output. E is one number: add up the outputs too",
    }
    return {
        words: lambda Y, T, axis=axis: E[0] if len(E := sums(Y, T, axis)) == 1 else E
        for axis, words in hints.items()
    }


@question(
    returns="E",
    section="How wrong is it? The sum of squares",
    inputs=lambda rng, N, F: normal(rng, (N, F), (N, F)),
    value=lambda Y, T: ((Y - T) ** 2).sum() / 2,
    hints=one_number(lambda Y, T, axis: np.sum((Y - T) ** 2, axis=axis) / 2),
)
def sum_of_squares(Y, T):
    """The sum of squares."""
    return np.sum((Y - T) ** 2) / 2


FAR = 1e5
"""Size of desired outputs so far away that differences of E, which is quadratic, keep too few digits."""


def with_far_sample(rng, N, D, F):
    """W, X and T; a single sample has its desired outputs far away."""
    W, X, T = normal(rng, (F, D), (N, D), (N, F))
    return W, X, T * (FAR if N == 1 else 1)


def far_sample(rng, D, F):
    """W, x and t, which is far away where all sizes are equal."""
    W, x, t = normal(rng, (F, D), (D,), (F,))
    return W, x, t * (FAR if D == F else 1)


def squares(W, X, T):
    """E in torch, of one sample or of a batch."""
    return ((X @ W.T - T) ** 2).sum() / 2


@question(
    returns="∂E/∂W",
    section="The gradient of the sum of squares",
    inputs=far_sample,
    error=squares,
    by="W",
    tolerance=FORMULA,
    names={"difference": "y - t"},
    hints={
        "For y_k only one summand w_ki x_i is taken: y_k is their sum over all i": lambda W, x, t: (
            (W * x - t[:, None]) * x
        ),
    },
)
def gradient_of_sample(W, x, t):
    """The gradient of one sample."""
    y = W @ x
    difference = y - t
    return np.outer(difference, x)


def gradient_by_samples(W, X, T):
    dW = np.zeros(W.shape)
    for x, t in zip(X, T, strict=True):
        difference = W @ x - t
        dW += np.outer(difference, x)
    return dW


@question(
    returns="∂E/∂W",
    section="A batch at once",
    inputs=with_far_sample,
    error=squares,
    by="W",
    tolerance=FORMULA,
    also=[gradient_by_samples],
    names={"difference": "Y - T"},
)
def gradient(W, X, T):
    """The gradient of a batch."""
    Y = X @ W.T
    difference = Y - T
    return difference.T @ X


def robust(W, X, T, s):
    """E in torch: nearly half of a square for differences far below s, nearly s times the size far above."""
    return (s**2 * ((1 + ((X @ W.T - T) / s) ** 2).sqrt() - 1)).sum()


def with_outliers(rng, N, D, F):
    """W, X, T and s; a fifth of the desired outputs lie far off."""
    W, X, T = normal(rng, (F, D), (N, D), (N, F))
    return W, X, T * np.where(rng.uniform(size=T.shape) < 0.2, 10, 1), float(rng.uniform(0.6, 2.5))


@question(
    returns="∂E/∂W",
    section="The gradient of the sum of squares",
    inputs=with_outliers,
    error=robust,
    by="W",
    tolerance=FORMULA,
    names={"difference": "Y - T"},
    hints={
        "That is the gradient of the sum of squares, in which a far sample counts as far as it lies": (
            lambda W, X, T, s: (X @ W.T - T).T @ X
        ),
        "s is not squared: below the root stands ((y - t) / s)²": lambda W, X, T, s: (
            ((X @ W.T - T) / np.sqrt(1 + (X @ W.T - T) ** 2 / s)).T @ X
        ),
        "A factor s is too many: ((y - t) / s)² has the derivative 2 (y - t) / s²": lambda W, X, T, s: (
            s * ((X @ W.T - T) / np.sqrt(1 + ((X @ W.T - T) / s) ** 2)).T @ X
        ),
        "The inner derivative is missing: what stands below the root depends on y too": (
            lambda W, X, T, s: (s**2 / np.sqrt(1 + ((X @ W.T - T) / s) ** 2) / 2).T @ X
        ),
    },
)
def robust_gradient(W, X, T, s):
    """The gradient of an error that bears outliers."""
    Y = X @ W.T
    difference = Y - T
    root = np.sqrt(1 + (difference / s) ** 2)
    return (difference / root).T @ X
