"""Derivatives of derivatives: forward and reverse mode in every order, on paths that once were cut silently."""

import copy
import pickle
import threading

import numpy as np
import pytest

from nnlib.differentiation import (
    Variable,
    attention,
    conv2d,
    derivative,
    gradient,
    hessian,
    jacobian,
    layer_norm,
    linear,
    max_pool,
    softmax,
    softmax_cross_entropy,
)
from nnlib.differentiation.numeric import jacobian as by_differences

MODES = ("forward", "reverse")
pairs = pytest.mark.parametrize("outer, inner", [(a, b) for a in MODES for b in MODES])
rng = np.random.default_rng(3)
A, X = rng.normal(size=(3, 3)), np.array([0.3, -0.7, 1.2])


@pairs
def test_through_a_closure(outer, inner):
    """d/dx of ∂/∂y x y² = 2 x y at y = 2 is 4."""
    slope = gradient(lambda x: gradient(lambda y: x * y * y, np.array(2.0), inner), np.array(3.0), outer)
    assert slope == 4.0


@pairs
def test_at_a_point_that_depends_on_x(outer, inner):
    """∂/∂y x y³ at y = x is 3 x³: by x that is 9 x²."""
    slope = derivative(lambda x: derivative(lambda y: x * y**3, x, inner), 2.0, outer)
    assert slope == pytest.approx(36.0, rel=1e-14)


@pairs
def test_the_variables_of_two_derivatives_are_not_confused(outer, inner):
    assert derivative(lambda x: x * derivative(lambda y: x + y, 1.0, inner), 1.0, outer) == 1.0


@pytest.mark.parametrize("modes", [(a, b, c) for a in MODES for b in MODES for c in MODES])
def test_three_deep(modes):
    """∂³/∂x³ of x⁵ is 60 x², and a closure over all three: ∂/∂z (z · ∂/∂y (y z · ∂/∂x (x y z)))."""
    a, b, c = modes
    third = derivative(lambda x: derivative(lambda y: derivative(lambda z: z**5, y, c), x, b), 2.0, a)
    assert third == pytest.approx(240.0, rel=1e-13)
    closure = derivative(
        lambda z: z * derivative(lambda y: y * z * derivative(lambda x: x * y * z, 0.3, c), 0.5, b), 2.0, a
    )
    assert closure == pytest.approx(3 * 2 * 0.5 * 2.0**2, rel=1e-13)  # z³ 2 y


def curved(x):
    return (
        np.sum(np.tanh(A @ x) ** 2 / (1 + x * x))
        + np.max(x) * x[0] * x[1]
        + np.linalg.det(np.outer(x, x) + A)
    )


@pairs
def test_hessians(outer, inner):
    H = jacobian(lambda x: gradient(curved, x, inner), X, outer)
    np.testing.assert_allclose(H, hessian(curved, X), rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(H, by_differences(lambda x: gradient(curved, x), X), rtol=1e-6, atol=1e-8)


@pairs
def test_a_jacobian_of_a_jacobian(outer, inner):
    second = jacobian(lambda x: jacobian(lambda y: np.sin(A @ y) * y[0], x, inner), X, outer)
    truth = by_differences(lambda x: jacobian(lambda y: np.sin(A @ y) * y[0], x), X)
    assert second.shape == (3, 3, 3)
    np.testing.assert_allclose(second, truth, rtol=1e-6, atol=1e-8)


IMAGES, KERNELS = rng.normal(size=(2, 1, 4, 4)), rng.normal(size=(2, 1, 3, 3))
LAYERS = {
    "linear": (lambda W: np.sum(np.tanh(linear(A, W, W[0])) ** 2), (3, 3)),
    "linear_of_input": (lambda Z: np.sum(np.tanh(linear(Z, A, X)) ** 2), (2, 3)),
    "softmax": (lambda Z: np.sum(softmax(Z) ** 2), (2, 3)),
    "cross_entropy": (lambda Z: softmax_cross_entropy(Z, np.abs(A[:2])) ** 2, (2, 3)),
    "conv2d_of_kernels": (lambda K: np.sum(np.tanh(conv2d(IMAGES, K)) ** 2), (1, 1, 2, 2)),
    "conv2d_of_images": (lambda Z: np.sum(np.tanh(conv2d(Z, KERNELS, 1)) ** 2), (1, 1, 4, 3)),
    "pool": (lambda Z: np.sum(max_pool(Z) ** 3), (1, 1, 4, 2)),
    "layer_norm": (lambda Z: np.sum(layer_norm(Z, X, 1.0) ** 2), (2, 3)),
    "attention": (lambda Z: np.sum(attention(Z, Z * A[:2], Z) ** 2), (2, 3)),
}


@pytest.mark.parametrize("name", LAYERS)
@pairs
def test_layers(name, outer, inner):
    f, shape = LAYERS[name]
    x = np.random.default_rng(1).normal(size=shape)
    H = jacobian(lambda x: gradient(f, x, inner), x, outer)
    np.testing.assert_allclose(H, by_differences(lambda x: gradient(f, x), x), rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("outer", MODES)
def test_backward_by_hand_within_f(outer):
    """E = (w x)² has ∂E/∂w = 2 w x², which by x is 4 w x."""

    def f(x):
        w = Variable(0.5)
        E = (w * x) ** 2
        E.backward()
        return w.gradient

    assert gradient(f, np.array(3.0), outer) == 6.0


@pytest.mark.parametrize("outer", MODES)
def test_a_variable_made_of_x_by_hand(outer):
    def f(x):
        w = Variable(x)
        np.sum(w**3).backward()
        return np.sum(w.gradient)

    np.testing.assert_allclose(gradient(f, np.array([1.0, 2.0]), outer), [6.0, 12.0])


def test_the_gradient_of_x_itself_within_f():
    def f(x):
        np.sum(x**3).backward()
        return np.sum(x.gradient)

    assert np.array_equal(gradient(f, np.array([1.0, 2.0])), [6.0, 12.0])


def test_the_gradient_of_a_variable_from_outside_within_f():
    W = Variable(np.array([1.0, 2.0]))

    def f(x):
        W.clear()
        np.sum((W * x) ** 3).backward()
        return np.sum(W.gradient)

    assert gradient(f, np.array(2.0)) == pytest.approx(9 * 5 * 4.0)  # ∂/∂x Σ 3 w² x³
    assert isinstance(jacobian(lambda x: W.value * x, np.array(2.0), "reverse"), np.ndarray)


def test_a_forward_derivative_is_recorded_on_an_outer_tape():
    """The slope of tanh(w t) by t is w (1 - tanh²): its square descends by w."""
    w = Variable(0.5)
    slope = derivative(lambda t: np.tanh(w * t), 0.7)
    (slope**2).backward()
    truth = derivative(lambda w: derivative(lambda t: np.tanh(w * t), 0.7) ** 2, 0.5)
    assert w.gradient == pytest.approx(truth, rel=1e-12)


def test_training_within_f():
    """One step of gradient descent from w on (w - x)²: w - α 2 (w - x), so its slope by x is 2 α."""

    def f(x):
        w = Variable(3.0)
        ((w - x) ** 2).backward()
        return w - 0.1 * w.gradient

    assert gradient(f, np.array(1.0)) == pytest.approx(0.2)

    def in_place(x):
        w = Variable(3.0)
        ((w - x) ** 2).backward()
        w.descend(0.1)
        return w * 1.0

    with pytest.raises(ValueError, match="cannot take a step in place while a derivative through that step"):
        gradient(in_place, np.array(1.0))


def test_an_inner_derivative_leaves_other_gradients_alone():
    w = Variable(2.0)
    (w * w).backward()
    gradient(lambda x: gradient(lambda y: w * x * y**3, x), np.array(3.0))
    assert w.gradient == 4.0


@pytest.mark.parametrize("method", MODES)
@pytest.mark.parametrize(
    "copied", [copy.copy, copy.deepcopy, lambda x: x.copy(), lambda x: copy.deepcopy([x])[0]]
)
def test_a_copy_of_x_depends_on_x(copied, method):
    x = np.array([1.0, 2.0])
    assert np.array_equal(gradient(lambda x: np.sum(copied(x) ** 2), x, method), [2.0, 4.0])
    assert np.array_equal(gradient(lambda x: np.sum(copied(2 * x) ** 2), x, method), [8.0, 16.0])
    assert np.array_equal(gradient(lambda x: np.sum(copied(x) ** 2), x, "symbolic"), [2.0, 4.0])


@pytest.mark.parametrize("method", [*MODES, "symbolic"])
def test_what_depends_on_x_cannot_be_pickled(method):
    with pytest.raises(ValueError, match="cannot be pickled: the derivative would be lost"):
        gradient(lambda x: np.sum(pickle.loads(pickle.dumps(x)) ** 2), np.ones(2), method)


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda w: pickle.loads(pickle.dumps(w))])
def test_a_copy_of_a_variable_made_by_hand_is_another_one(copied):
    w = Variable(np.array([1.0, 2.0]), name="w")
    np.sum(w * w).backward()
    other = copied(w)
    assert np.array_equal(other.gradient, [2, 4]) and other.name == "w" and not other.value.flags.writeable
    other.descend(0.5)
    assert np.array_equal(w.value, [1, 2]) and np.array_equal(w.gradient, [2, 4])
    np.sum(w * other).backward()
    np.sum(other * other).backward()
    assert np.array_equal(other.gradient, [1, 2])


def test_threads_may_share_a_variable():
    """Each of 4 threads goes backward 50 times by Σ w x: ∂E/∂w is 200 x."""
    w, x = Variable(np.ones(3)), np.array([1.0, 2.0, 3.0])

    def work():
        for _ in range(50):
            y = w * x
            for _ in range(10):
                y = y + 0.0 * w
            np.sum(y).backward()
            gradient(lambda z: np.sum(w * z), x)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert np.array_equal(w.gradient, 200 * x)


@pytest.mark.parametrize("size", [1, 3])
def test_the_sweep_for_arrays_gives_what_the_plain_one_gives(size):
    from nnlib.differentiation.tape import sweep

    x = Variable(np.random.default_rng(size).normal(size=size))
    y = np.concatenate([np.sin(x) * x, x / (2 + x * x), linear(x[None], np.ones((2, size)), np.ones(2))[0]])
    E = np.sum(np.where(y > 0, y, x[0] * y))
    E.backward()
    adjoints = sweep(E, np.array(1.0))
    assert len(adjoints) == len(E.history())
    for node, adjoint in adjoints.items():
        assert np.array_equal(node.gradient, adjoint)
