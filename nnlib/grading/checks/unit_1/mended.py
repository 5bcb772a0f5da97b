"""Questions of unit 1: three trainings with a bad curve, each of another model, to be mended.

N samples, D inputs, F outputs. Each broken version is the mended one with one line changed or moved.
"""

import numpy as np

from nnlib.grading.checks.judging.truth import descended, descended_layers
from nnlib.grading.checks.question import normal, question
from nnlib.grading.checks.search import vocabulary
from nnlib.grading.checks.unit_1.linear import squares
from nnlib.grading.checks.unit_1.logistic import UPHILL

STILL_BAD = "That is what the training does as it was given. Look at its curve again"


def mended_1(X, T, alpha, epochs):
    """Linear regression, mended."""
    W = np.zeros((T.shape[1], X.shape[1]))
    for _ in range(epochs):
        Y = X @ W.T
        difference = Y - T
        W = W - alpha * difference.T @ X
    return W


def broken_1(X, T, alpha, epochs):
    return epochs * mended_1(X, T, alpha, 1)


def mended_2(W, X, T, alpha, epochs):
    """Two classes by the sigmoid and the cross-entropy, mended."""
    for _ in range(epochs):
        Y = vocabulary.sigmoid(X @ W.T)
        difference = Y - T
        W = W - alpha * difference.T @ X
    return W


def broken_2(W, X, T, alpha, epochs):
    for _ in range(epochs):
        Y = vocabulary.sigmoid(X @ W.T)
        W = W - alpha * ((Y - T) * Y * (1 - Y)).T @ X
    return W


def mended_3(X, T, alpha, epochs):
    """Linear regression with biases, mended."""
    W = np.zeros((T.shape[1], X.shape[1]))
    b = np.zeros(T.shape[1])
    for _ in range(epochs):
        difference = X @ W.T + b - T
        W = W - alpha * difference.T @ X
        b = b - alpha * np.sum(difference, axis=0)
    return W, b


def broken_3(X, T, alpha, epochs):
    W, b = np.zeros((T.shape[1], X.shape[1])), np.zeros(T.shape[1])
    for _ in range(epochs):
        difference = X @ W.T + b - T
        W = W - alpha * difference.T @ X
        b = b - alpha * np.sum(difference)
    return W, b


def bias_first(X, T, alpha, epochs):
    W, b = np.zeros((T.shape[1], X.shape[1])), np.zeros(T.shape[1])
    for _ in range(epochs):
        b = b - alpha * np.sum(X @ W.T + b - T, axis=0)
        W = W - alpha * (X @ W.T + b - T).T @ X
    return W, b


def samples(rng, N, D, F):
    """X, T, α and epochs."""
    return *normal(rng, (N, D), (N, F)), *rate_and_epochs(rng, N)


def yes_or_no(rng, N, D, F):
    """W, X, T of zeros and ones, α and epochs."""
    W, X = normal(rng, (F, D), (N, D))
    return W, X, rng.integers(2, size=(N, F)).astype(float), *rate_and_epochs(rng, N)


def rate_and_epochs(rng, N):
    """α and epochs, many for a single sample."""
    return float(rng.uniform(0.01, 0.04)), int(rng.integers(3, 6)) if N > 1 else int(rng.integers(25, 35))


def sigmoid_error(W, X, T):
    """E in torch: the cross-entropy of two classes."""
    Y = (X @ W.T).sigmoid()
    return -(T * Y.log() + (1 - T) * (1 - Y).log()).sum()


def squares_with_bias(layers, X, T):
    ((W, b),) = layers
    return ((X @ W.T + b - T) ** 2).sum() / 2


def with_bias_in_torch(X, T, alpha, epochs):
    start = [(0 * (T.T @ X), 0 * T[0])]
    return descended_layers(squares_with_bias, start, alpha, [(X, T)] * epochs)[0]


mended = question(
    returns="W",
    section="Gradient descent",
    inputs=samples,
    value=lambda X, T, alpha, epochs: descended(squares, 0 * (T.T @ X), alpha, [(X, T)] * epochs),
    names={"difference": "Y - T"},
    parts={
        1: dict(
            hints={STILL_BAD: broken_1, UPHILL: lambda X, T, alpha, n: mended_1(X, T, -alpha, n)},
        ),
        2: dict(
            reference=mended_2, inputs=yes_or_no,
            value=lambda W, X, T, alpha, epochs: descended(sigmoid_error, W, alpha, [(X, T)] * epochs),
            hints={STILL_BAD: broken_2, UPHILL: lambda W, X, T, alpha, n: mended_2(W, X, T, -alpha, n)},
        ),
        3: dict(
            reference=mended_3, returns=("W", "b"), value=with_bias_in_torch,
            hints={
                STILL_BAD: broken_3,
                UPHILL: lambda X, T, alpha, n: mended_3(X, T, -alpha, n),
                "b takes no step: it stays 0": lambda X, T, alpha, n: (mended_1(X, T, alpha, n), 0 * T[0]),
                "The new b is used in the step of W: take both steps with the same Y - T": bias_first,
            },
        ),
    },
)(mended_1)  # fmt: skip
