"""nnlib.regression against the slides, by hand, by PyTorch autograd and by central differences."""

import numpy as np
import pytest
import torch

from nnlib import datasets, regression
from nnlib.regression import least_squares, linear, logistic, with_constant

W = np.array([[1.0, -2.0, 0.5], [0.0, 3.0, -1.0]])
x = np.array([2.0, 1.0, -2.0])


def test_slide_linear_regression_one_sample_by_hand():
    """y = Wx = (2 - 2 - 1, 3 + 2) = (-1, 5); with t = (1, 4): E = (4 + 1)/2 = 2.5,
    y - t = (-2, 1), and the gradient is its outer product with x = (2, 1, -2)."""
    t = np.array([1.0, 4.0])
    assert linear.output(W, x).tolist() == [-1, 5]
    assert linear.error(W, x, t) == 2.5
    assert linear.gradient(W, x, t).tolist() == [[-4, -2, 4], [2, 1, -2]]


def test_slide_logistic_regression_one_sample_by_hand():
    """Wx = (0, ln 3) gives y = (1/4, 3/4); with t = (1, 0): E = ln 4, y - t = (-3/4, 3/4)."""
    weights = np.array([[0.0, 0.0], [np.log(3), 0.0]])
    x, t = np.array([1.0, 2.0]), np.array([1.0, 0.0])
    np.testing.assert_allclose(logistic.output(weights, x), (0.25, 0.75), rtol=1e-15)
    np.testing.assert_allclose(logistic.error(weights, x, t), np.log(4), rtol=1e-15)
    expected = [[-0.75, -1.5], [0.75, 1.5]]
    np.testing.assert_allclose(logistic.gradient(weights, x, t), expected, rtol=1e-15)


def torch_error(model, W, X, T):
    A = X @ W.T
    if model is linear:
        return 0.5 * ((A - T) ** 2).sum()
    return -(T * torch.log_softmax(A, dim=1)).sum()


def batch(model, rng, N=7, D=4, F=3):
    X = rng.normal(size=(N, D))
    T = rng.normal(size=(N, F)) if model is linear else np.eye(F)[rng.integers(F, size=N)]
    return rng.normal(size=(F, D)), X, T


@pytest.mark.parametrize("model", [linear, logistic], ids=lambda model: model.name)
def test_error_and_gradient_equal_pytorch_autograd(model):
    weights, X, T = batch(model, np.random.default_rng(0))
    leaf = torch.tensor(weights, requires_grad=True)
    error = torch_error(model, leaf, torch.tensor(X), torch.tensor(T))
    error.backward()
    np.testing.assert_allclose(model.error(weights, X, T), error.item(), rtol=1e-13)
    np.testing.assert_allclose(model.gradient(weights, X, T), leaf.grad.numpy(), rtol=1e-12)


@pytest.mark.parametrize("model", [linear, logistic], ids=lambda model: model.name)
def test_gradient_equals_central_differences(model):
    weights, X, T = batch(model, np.random.default_rng(1))
    gradient, h = model.gradient(weights, X, T), 1e-5
    for place in np.ndindex(weights.shape):
        step = np.zeros_like(weights)
        step[place] = h
        slope = (model.error(weights + step, X, T) - model.error(weights - step, X, T)) / (2 * h)
        np.testing.assert_allclose(gradient[place], slope, rtol=1e-7, atol=1e-8)


@pytest.mark.parametrize("model", [linear, logistic], ids=lambda model: model.name)
def test_a_batch_is_the_sum_of_its_samples(model):
    weights, X, T = batch(model, np.random.default_rng(2))
    each = zip(X, T, strict=True)
    total = sum(model.gradient(weights, x, t) for x, t in each)
    np.testing.assert_allclose(model.gradient(weights, X, T), total, rtol=1e-12)
    total = sum(model.error(weights, x, t) for x, t in zip(X, T, strict=True))
    np.testing.assert_allclose(model.error(weights, X, T), total, rtol=1e-12)


def test_two_classes_are_the_sigmoid_of_the_difference():
    weights, X, _ = batch(logistic, np.random.default_rng(3), F=2)
    sigmoid = 1 / (1 + np.exp(-(X @ (weights[0] - weights[1]))))
    np.testing.assert_allclose(logistic.output(weights, X)[:, 0], sigmoid, rtol=1e-12)


def test_logistic_error_of_wrong_outputs_stays_finite():
    weights, X = np.array([[1e4], [-1e4]]), np.array([[1.0]])
    assert logistic.error(weights, X, np.array([[0.0, 1.0]])) == 2e4
    assert logistic.error(weights, X, np.array([[1.0, 0.0]])) == 0


def test_least_squares_is_where_the_gradient_vanishes():
    _, X, T = batch(linear, np.random.default_rng(4), N=30)
    best = least_squares(X, T)
    np.testing.assert_allclose(linear.gradient(best, X, T), 0, atol=1e-12)
    reference = np.linalg.solve(X.T @ X, X.T @ T).T
    np.testing.assert_allclose(best, reference, rtol=1e-10)


@pytest.mark.slow
def test_gradient_descent_reaches_the_closed_form():
    X, T, _, _ = datasets.split(*datasets.diabetes())
    X = with_constant(datasets.standardise(X))
    descent = regression.gradient_descent(linear, X, T, alpha=5e-4, epochs=20_000)
    np.testing.assert_allclose(descent.W, least_squares(X, T), atol=1e-4)
    assert descent.errors[-1] == pytest.approx(linear.error(least_squares(X, T), X, T), rel=1e-10)
    assert np.all(np.diff(descent.errors) <= 1e-6)


def test_gradient_descent_steps_as_on_the_slide():
    weights, X, T = batch(logistic, np.random.default_rng(5))
    descent = regression.gradient_descent(logistic, X, T, alpha=0.1, epochs=2, W=weights)
    first = weights - 0.1 * logistic.gradient(weights, X, T)
    second = first - 0.1 * logistic.gradient(first, X, T)
    assert np.array_equal(descent.weights, [weights, first, second])
    assert descent.errors.tolist() == [logistic.error(w, X, T) for w in descent.weights]


def test_logistic_regression_reads_held_out_digits():
    X, T, X_test, T_test = datasets.split(*datasets.digits())
    descent = regression.gradient_descent(logistic, with_constant(X), T, alpha=1e-3, epochs=300)
    Y = logistic.output(descent.W, with_constant(X_test))
    assert np.mean(Y.argmax(axis=1) == T_test.argmax(axis=1)) > 0.95


def test_with_constant_makes_the_bias_a_weight():
    assert with_constant(x).tolist() == [2, 1, -2, 1]
    assert with_constant(np.stack((x, x))).shape == (2, 4)


ok_T = np.array([[1.0, 0.0]])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: linear.output(W, [1.0, 2.0]), r"X has shape \(2,\) and W has shape \(2, 3\)"),
        (lambda: linear.output(W[0], x), r"W must have 2 axes, got shape \(3,\)"),
        (lambda: linear.error(W, x, [1.0]), r"T has shape \(1,\), expected \(2,\)"),
        (lambda: linear.gradient(W, x[None], ok_T[0]), r"T has shape \(2,\), expected \(1, 2\)"),
        (lambda: logistic.error(W, x, [0.5, 0.5]), "must be one-hot .* row 0 is"),
        (lambda: logistic.gradient(W, x[None], [[1, 1]]), "must be one-hot"),
        (lambda: linear.output(W, [1, np.nan, 0]), r"X must be finite, but X\[1\] is nan"),
        (lambda: linear.output(np.full((2, 3), np.inf), x), "W must be finite"),
        (lambda: linear.output(W, np.ones((0, 3))), "empty batch"),
        (lambda: linear.output("W", x), "array of real numbers, got str"),
        (lambda: least_squares(x[None], np.ones((2, 1))), "X has 1 rows and T has 2"),
        (
            lambda: regression.gradient_descent(linear, x[None], ok_T, alpha=0, epochs=1),
            "0 < α <= 1, got 0",
        ),
        (
            lambda: regression.gradient_descent(linear, x[None], ok_T, alpha=1.5, epochs=1),
            "0 < α <= 1, got 1.5",
        ),
        (
            lambda: regression.gradient_descent(linear, x[None], ok_T, alpha=1, epochs=2.5),
            "epochs must be a whole number of at least 1, got 2.5",
        ),
        (
            lambda: regression.gradient_descent(linear, x[None], ok_T, alpha=1, epochs=1, W=W.T),
            r"X has shape \(1, 3\) and W has shape \(3, 2\)",
        ),
        (
            lambda: regression.gradient_descent(linear, 9 * x[None], ok_T, alpha=1, epochs=900),
            "diverged in epoch .* α = 1 is too large",
        ),
    ],
)
def test_bad_input_raises_with_a_reason(call, message):
    with pytest.raises(ValueError, match=message):
        call()
