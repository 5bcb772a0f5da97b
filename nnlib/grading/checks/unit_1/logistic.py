"""Questions of unit 1, second part: softmax, cross-entropy, logistic regression and its training."""

import numpy as np

from nnlib import datasets
from nnlib.grading.checks.judging.failure import CheckFailed
from nnlib.grading.checks.judging.results import as_array
from nnlib.grading.checks.judging.truth import descended
from nnlib.grading.checks.question import FORMULA, normal, question
from nnlib.grading.checks.search import vocabulary
from nnlib.grading.checks.unit_1.linear import one_number

SPREAD = [dict(F=3), dict(F=4)]


def spread_scores(rng, F):
    """Scores whose exponentials overflow or vanish: rows far from 0, rows far apart, two wide rows."""
    A = rng.normal(size=(6, F)) + np.array([[1e4], [-1e4], [0.0], [700.0], [0.0], [0.0]])
    A[4, :] = np.linspace(-900, 900, F)
    A[5, :] = np.linspace(0, -1000, F)
    return A


def stable_softmax(A):
    powers = np.exp(A - np.max(A, axis=1, keepdims=True))
    return powers / np.sum(powers, axis=1, keepdims=True)


def known_softmax(A):
    return vocabulary.softmax(A)


@question(
    returns="Y",
    section="Many classes: softmax",
    inputs=lambda rng, N, F: 2 * rng.normal(size=(N, F)),
    value=lambda A: A.softmax(dim=1),
    also=[stable_softmax, known_softmax],
    parts={
        "large": dict(
            reference=stable_softmax,
            also=[],
            inputs=spread_scores,
            sizes=SPREAD,
            about="large scores",
            after_first=True,
            hints={
                f"Far scores are cut, as if at {most}: cut none, and take the largest of the row away": (
                    lambda A, most=most: stable_softmax(np.clip(A, -most, most))
                )
                for most in (20, 30, 50, 100, 200, 300, 500, 600, 700, 709)
            },
        ),
    },
)
def softmax(A):
    """Softmax of a batch of scores."""
    powers = np.exp(A)
    return powers / np.sum(powers, axis=1, keepdims=True)


def random_one_hot(rng, N, F):
    """T with a single 1 in each row."""
    return np.eye(F)[rng.integers(F, size=N)]


TINY = 1e-30
"""A probability, smaller than what anyone adds to 0 or clips at."""


def probabilities(rng, N, F):
    """Y with rows that sum to 1, and T; one true class has a tiny probability."""
    Y, T = rng.dirichlet(np.ones(F), N), random_one_hot(rng, N, F)
    if F > 1:
        Y[0] = np.where(T[0] == 1, TINY, (1 - TINY) / (F - 1))
    return Y, T


@question(
    returns="E",
    section="Many classes: softmax",
    inputs=lambda rng, N, F: probabilities(rng, N, F),
    value=lambda Y, T: -(T * Y.log()).sum(),
    hints={
        "That is the two-class error. With one-hot t only the terms t ln y count": lambda Y, T: (
            -np.sum(T * np.log(Y) + (1 - T) * np.log(1 - Y))
        ),
        "Each row meets the classes of all samples, as in Y[:, classes] or by @. Only its own counts": (
            lambda Y, T: -np.sum(np.log(Y[:, T.argmax(axis=1)]))
        ),
    }
    | one_number(lambda Y, T, axis: -np.sum(T * np.log(Y), axis=axis))
    | {
        f"That is ln(y + {small:g}), or y is clipped there. Take ln of y itself: it is never 0 here": (
            lambda Y, T, small=small: -np.sum(T * np.log(Y + small))
        )
        for small in 10.0 ** np.arange(-15, -1)
    }
    | {
        f"A tiny y counts as {small:g}. Clip nothing, add nothing inside of ln: y is never 0 here": (
            lambda Y, T, small=small: -np.sum(T * np.log(np.maximum(Y, small)))
        )
        for small in 10.0 ** np.arange(-20, -1)
    },
)
def cross_entropy(Y, T):
    """The cross-entropy."""
    return -np.sum(T * np.log(Y))


def logistic_error(W, X, T):
    """E in torch: the cross-entropy of softmax(X Wᵀ)."""
    return -(T * (X @ W.T).log_softmax(dim=1)).sum()


def softmax_of_columns(A):
    """Each row's exponentials, divided by the sums of the columns."""
    powers = np.exp(A - np.max(A, axis=1, keepdims=True))
    return powers / np.sum(powers, axis=0)


@question(
    returns="∂E/∂W",
    section="The gradient of the cross-entropy",
    inputs=lambda rng, N, D, F: (*normal(rng, (F, D), (N, D)), random_one_hot(rng, N, F)),
    error=logistic_error,
    by="W",
    tolerance=FORMULA,
    names={"difference": "Y - T"},
    hints={
        "Softmax: the exponentials are divided by their sum over the samples, not over the classes": (
            lambda W, X, T: (softmax_of_columns(X @ W.T) - T).T @ X
        ),
    },
)
def logistic_gradient(W, X, T):
    """The gradient of logistic regression."""
    Y = vocabulary.softmax(X @ W.T)
    difference = Y - T
    return difference.T @ X


def reads_digits(function, rng):
    """At least 93 % of the held-out digits after 200 epochs with α = 0.001; columns in an order of rng's."""
    X, T, X_test, T_test = datasets.split(*datasets.digits())
    order = rng.permutation(X.shape[1])
    W = as_array(function(X[:, order], T, 0.001, 200), "W")
    if W.shape != (10, 64):
        raise CheckFailed("shape", f"W has shape {W.shape} for the digits, expected (10, 64).")
    share = np.mean((X_test[:, order] @ W.T).argmax(axis=1) == T_test.argmax(axis=1))
    if not share >= 0.93:
        hint = f"After 200 epochs {share:.1%} of the held-out digits are read correctly, expected 93 %."
        raise CheckFailed("few_right", hint)
    return f"{share:.1%} of the held-out digits are read correctly"


def after_each_sample(X, T, alpha, epochs):
    W = np.zeros((T.shape[1], X.shape[1]))
    for _ in range(epochs):
        for x, t in zip(X, T, strict=True):
            W = W - alpha * np.outer(vocabulary.softmax(W @ x) - t, x)
    return W


UPHILL = "Each step goes uphill. W becomes W - α ∂E/∂W, with a gradient made of output minus desired output"


def rates(rng, N):
    """A learning rate and a number of epochs, others for each case: many for a single sample."""
    return float(rng.uniform(0.02, 0.2)), int(rng.integers(2, 5)) if N > 1 else int(rng.integers(120, 150))


@question(
    returns="W",
    section="Gradient descent",
    inputs=lambda rng, N, D, F: (rng.normal(size=(N, D)), random_one_hot(rng, N, F), *rates(rng, N)),
    value=lambda X, T, alpha, epochs: descended(logistic_error, 0 * (T.T @ X), alpha, [(X, T)] * epochs),
    parts={"digits": dict(quality=reads_digits)},
    names={"difference": "Y - T"},
    hints={
        UPHILL: lambda X, T, alpha, epochs: train.reference(X, T, -alpha, epochs),
        "That takes a step after each sample. Take one in each epoch, with the gradient of all samples": (
            after_each_sample
        ),
    },
)
def train(X, T, alpha, epochs):
    """Some epochs of gradient descent."""
    W = np.zeros((T.shape[1], X.shape[1]))
    for _ in range(epochs):
        dW = logistic_gradient.reference(W, X, T)
        W = W - alpha * dW
    return W
