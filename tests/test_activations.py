"""nnlib.activations: values, derivatives, stability, and the convention at the kink."""

import numpy as np
import pytest
import torch

from nnlib import activations
from nnlib.activations import ACTIVATIONS, by_name, leaky_relu, softmax

each = pytest.mark.parametrize("g", ACTIVATIONS.values(), ids=ACTIVATIONS)
TORCH = {
    "identity": lambda a: a * 1,
    "relu": torch.relu,
    "leaky_relu": lambda a: torch.nn.functional.leaky_relu(a, 0.01),
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
}


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_value_and_derivative_equal_pytorch(name):
    a = np.concatenate((np.random.default_rng(0).normal(0, 3, 50), [0.0]))
    leaf = torch.tensor(a, requires_grad=True)
    y = TORCH[name](leaf)
    y.sum().backward()
    g = ACTIVATIONS[name]
    np.testing.assert_allclose(g(a), y.detach().numpy(), rtol=1e-13, atol=1e-16)
    np.testing.assert_allclose(g.derivative(a), leaf.grad.numpy(), rtol=1e-12, atol=1e-15)


@each
def test_derivative_equals_central_difference(g):
    a, h = np.array([-3.0, -1.2, -0.1, 0.2, 1.0, 4.0]), 1e-6
    slope = (g(a + h) - g(a - h)) / (2 * h)
    np.testing.assert_allclose(g.derivative(a), slope, rtol=1e-8, atol=1e-9)


@each
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_stable_and_silent_far_out_and_the_type_stays(g, dtype):
    a = np.array([-1e4, -50, 0, 50, 1e4], dtype)
    for values in (g(a), g.derivative(a), g.from_output(g(a))):
        assert values.dtype == dtype and np.isfinite(values).all()


@each
def test_derivative_from_the_output_is_the_same(g):
    a = np.linspace(-4, 4, 33)
    assert np.array_equal(g.from_output(g(a)), g.derivative(a))


SMOOTH = {
    activations.softplus: torch.nn.functional.softplus,
    activations.silu: torch.nn.functional.silu,
    activations.gelu: torch.nn.functional.gelu,
}
each_smooth = pytest.mark.parametrize("g", SMOOTH, ids=lambda g: g.name)


@each_smooth
def test_smooth_functions_equal_pytorch(g):
    a = np.random.default_rng(0).normal(0, 3, 50)
    leaf = torch.tensor(a, requires_grad=True)
    y = SMOOTH[g](leaf)
    y.sum().backward()
    np.testing.assert_allclose(g(a), y.detach().numpy(), rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(g.derivative(a), leaf.grad.numpy(), rtol=1e-12, atol=1e-14)


@each_smooth
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_smooth_functions_are_stable_far_out(g, dtype):
    a = np.array([-1e4, -50, 0, 50, 1e4], dtype)
    for values, right in ((g(a), [0, 0, g(dtype(0)), 50, 1e4]), (g.derivative(a), [0, 0, 0.5, 1, 1])):
        assert values.dtype == dtype
        np.testing.assert_allclose(values, right, rtol=1e-6, atol=1e-18)


def test_the_slope_of_softplus_follows_from_its_output():
    a = np.linspace(-30, 30, 41)
    np.testing.assert_allclose(activations.softplus.derivative(a), activations.sigmoid(a), rtol=1e-13)


@pytest.mark.parametrize("g", [activations.silu, activations.gelu], ids=lambda g: g.name)
def test_no_slope_from_an_output_that_two_sums_have(g):
    with pytest.raises(ValueError, match="two weighted sums have the same y"):
        g.from_output(g(np.array([-1.0])))


def test_convention_at_the_kink():
    zero = np.zeros(1)
    assert activations.relu.derivative(zero) == 0
    assert leaky_relu(0.2).derivative(zero) == 0.2


def test_slide_activation_functions():
    """The slide's five formulas at a = 2 and a = -2, with ε = 1/4; e² and tanh 2 by series."""
    a = np.array([2.0, -2.0])
    e2, tanh2 = 7.38905609893065, 0.9640275800758169
    assert np.array_equal(activations.identity(a), [2, -2])
    assert np.array_equal(activations.relu(a), [2, 0])
    assert np.array_equal(leaky_relu(0.25)(a), [2, -0.5])
    np.testing.assert_allclose(activations.sigmoid(a), [e2 / (e2 + 1), 1 / (1 + e2)], rtol=1e-15)
    np.testing.assert_allclose(activations.tanh(a), [tanh2, -tanh2], rtol=1e-15)


def test_slide_logistic_sigmoid():
    """g(ln 3) = 1 / (1 + 1/3) = 3/4 and g' = g (1 - g) = 3/16."""
    np.testing.assert_allclose(activations.sigmoid(np.log(3)), 0.75, rtol=1e-15)
    np.testing.assert_allclose(activations.sigmoid.derivative(np.log(3)), 3 / 16, rtol=1e-15)


@pytest.mark.parametrize("a", [-20.0, -40.0, -300.0, -700.0])
def test_a_sigmoid_close_to_zero_keeps_its_digits(a):
    """For a far below 0, 1 / (1 + exp(-a)) = exp(a) / (1 + exp(a)), which is about exp(a), not 0."""
    y = np.exp(a) / (1 + np.exp(a))
    np.testing.assert_allclose(activations.sigmoid(a), y, rtol=1e-14)
    np.testing.assert_allclose(activations.sigmoid.derivative(a), y * (1 - y), rtol=1e-14)


def test_softmax_by_hand():
    """Scores (0, ln 2, ln 5): exponentials 1, 2, 5 of sum 8."""
    np.testing.assert_allclose(softmax(np.log([1, 2, 5])), [1 / 8, 2 / 8, 5 / 8], rtol=1e-15)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_softmax_is_stable_and_keeps_the_type(dtype):
    y = softmax(np.array([[1e4, -1e4, 0], [-1e4, -1e4, -1e4]], dtype))
    assert y.dtype == dtype
    np.testing.assert_allclose(y, [[1, 0, 0], [1 / 3] * 3], rtol=1e-6)


def test_softmax_of_a_batch_is_softmax_of_each_row():
    A = np.random.default_rng(1).normal(size=(5, 3))
    assert np.array_equal(softmax(A), [softmax(a) for a in A])


def test_a_name_holds_every_digit_of_a_slope():
    g = leaky_relu(0.123456789)
    assert by_name(g.name)(-1.0) == g(-1.0) == -0.123456789
    assert by_name("leaky_relu(1e-05)")(-1.0) == -1e-5
    assert by_name(g) is g


@pytest.mark.parametrize("name", ["gauss", "leaky_relu(a)", None, np.tanh, leaky_relu])
def test_an_unknown_activation_raises_with_the_known(name):
    with pytest.raises(ValueError, match="no activation function .*; there are identity, relu"):
        by_name(name)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: softmax(1.0), r"softmax needs at least one score along the last axis, got shape \(\)"),
        (lambda: softmax(np.ones((2, 0))), r"got shape \(2, 0\)"),
        (lambda: softmax([[0.0, 1.0], [0.0, np.nan]]), r"a must be finite, but a\[1, 1\] is nan"),
        (lambda: softmax([np.inf, 0.0]), r"a must be finite, but a\[0\] is inf"),
        (lambda: softmax([1j, 2.0]), "a must be an array of real numbers, got ndarray of complex128"),
        (lambda: activations.tanh("0.5"), "a must be an array of real numbers"),
    ],
)
def test_arguments_without_an_output_raise(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize("epsilon", [0, 1, -0.1, 2, np.nan, "0.1", None])
def test_a_slope_out_of_range_raises(epsilon):
    with pytest.raises(ValueError, match="0 < ε < 1, got"):
        leaky_relu(epsilon)
