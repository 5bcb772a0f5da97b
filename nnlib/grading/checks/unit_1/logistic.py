"""Checks of unit 1: softmax, cross-entropy, logistic regression and its training.

The errors in torch are those that the questions show.
"""

import numpy as np

from nnlib import datasets
from nnlib.grading.checks.judging import oracle
from nnlib.grading.checks.judging.comparison import as_array, call, compare, passed
from nnlib.grading.checks.judging.failure import CheckFailed
from nnlib.grading.checks.judging.hints import HINTS
from nnlib.grading.checks.judging.seed import generator
from nnlib.grading.checks.unit_1.linear import SIZES, batches, gradient_slips


def _surprise(W, X, T):
    return -(T * (X @ W.T).log_softmax(dim=1)).sum()


def softmax(function, large=False, hidden=False):
    """Probabilities of each row of scores; `large`: of ±10 000, and of rows that lie far apart."""
    if large:
        return _softmax_of_large_scores(function, hidden)
    rng = generator("unit_1.softmax", hidden)
    for N, _, F in SIZES:
        A = rng.normal(0, 2, (N, F))
        truth = oracle.value(lambda A: A.softmax(dim=1), A)
        powers = np.exp(A)
        shifted = np.exp(A - A.max(axis=1, keepdims=True))
        slips = {
            "wrong_axis": powers / powers.sum(axis=0),
            "all_rows": powers / powers.sum(),
            "not_normalised": powers,
            "logarithm_of_softmax": np.log(truth),
            "sigmoid": 1 / (1 + np.exp(-A)),
            "hard_maximum": np.eye(F)[A.argmax(axis=1)],
            "samples_in_columns": truth.T,
            "input_itself": A,
        }
        found = call(function, A, name="softmax")
        if as_array(found, "Y").shape == A.shape and np.allclose(found, shifted):
            found = powers
        compare(found, truth, "Y", slips)
    passed("softmax of a batch")


def _softmax_of_large_scores(function, hidden):
    rng = generator("unit_1.softmax large", hidden)
    near = rng.normal(0, 1, (4, 3))
    shifts = np.array([[1e4], [-1e4], [0.0], [700.0]])
    truth = oracle.value(lambda A: A.softmax(dim=1), near + shifts)
    slips = {"unstable": np.full_like(truth, np.nan)}
    compare(call(function, near + shifts, name="softmax"), truth, "Y", slips)
    passed("softmax of very large and very small scores")


def cross_entropy(function, hidden=False):
    """E = - Σ t ln y, one number."""
    rng = generator("unit_1.cross_entropy", hidden)
    for N, _, F in SIZES:
        Y = rng.dirichlet(np.ones(F), N)
        T = np.eye(F)[rng.integers(F, size=N)]
        truth = oracle.value(lambda Y, T: -(T * Y.log()).sum(), Y, T)
        slips = {
            "minus_missing": -truth,
            "averaged": truth / N,
            "averaged_all": truth / Y.size,
            "base_10": truth / np.log(10),
            "base_2": truth / np.log(2),
            "all_classes": -np.log(Y).sum(),
            "no_logarithm": -(T * Y).sum(),
            "per_sample": -(T * np.log(Y)).sum(axis=1),
            "two_class": -(T * np.log(Y) + (1 - T) * np.log(1 - Y)).sum(),
        }
        compare(call(function, Y, T, name="cross_entropy"), truth, "E", slips)
    passed("the cross-entropy")


def logistic_gradient(function, hidden=False):
    """(Y - T)ᵀ X with Y = softmax(X Wᵀ)."""
    for W, X, T in batches("unit_1.logistic_gradient", hidden, one_hot=True):
        truth = oracle.gradient(_surprise, W, X, T)
        Y = oracle.value(lambda A: A.softmax(dim=1), X @ W.T)
        slips = gradient_slips(truth, Y - T, X) | {
            "averaged": truth / len(X),
            "identity_output": (X @ W.T - T).T @ X,
            "spurious_derivative": ((Y - T) * Y * (1 - Y)).T @ X,
            "spurious_output": (Y * (T - Y)).T @ X,
            "output_missing": Y.T @ X,
            "input_itself": W,
            "hard_maximum": (np.eye(len(W))[Y.argmax(axis=1)] - T).T @ X,
        }
        compare(call(function, W, X, T, name="logistic_gradient"), truth, "The gradient", slips)
    passed("the gradient of logistic regression")


def _descend(X, T, alpha, epochs, W):
    for _ in range(epochs):
        W = W - alpha * oracle.gradient(_surprise, W, X, T)
    return W


def train(function, digits=False, hidden=False):
    """W after three epochs of gradient descent from zero; `digits`: how many digits it learns to read."""
    if digits:
        return _train_on_digits(function, hidden)
    for W, X, T in batches("unit_1.train", hidden, one_hot=True):
        alpha, zero = 0.1, np.zeros_like(W)
        truth = _descend(X, T, alpha, 3, zero)
        slips = {
            "uphill": _descend(X, T, -alpha, 3, zero),
            "no_alpha": _descend(X, T, 1.0, 3, zero),
            "averaged": _descend(X, T, alpha / len(X), 3, zero),
            "one_epoch": _descend(X, T, alpha, 1, zero),
            "extra_epoch": _descend(X, T, alpha, 4, zero),
            "no_step": zero,
            "not_zero_start": _descend(X, T, alpha, 3, zero + 1),
            "transpose": truth.T,
        }
        compare(call(function, X, T, alpha, 3, name="train"), truth, "W", slips)
    passed("three epochs of gradient descent")


def _train_on_digits(function, hidden):
    """At least 93 % of the held-out digits after 200 epochs with α = 0.001."""
    X, T, X_test, T_test = datasets.split(*datasets.digits())
    if hidden:  # columns in another order: the same task, other numbers
        order = generator("unit_1.train digits", hidden).permutation(X.shape[1])
        X, X_test = X[:, order], X_test[:, order]
    W = as_array(call(function, X, T, 0.001, 200, name="train"), "W")
    if W.shape != (10, 64):
        raise CheckFailed("shape", f"W has shape {W.shape}, expected (10, 64).")
    share = np.mean((X_test @ W.T).argmax(axis=1) == T_test.argmax(axis=1))
    if not share >= 0.93:
        raise CheckFailed("few_right", f"{HINTS['few_right']} {share:.1%} of them, expected at least 93 %.")
    passed(f"{share:.1%} of the held-out digits are read correctly")
