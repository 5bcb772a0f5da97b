"""One function, four ways: the lecture's examples, control flow, defaults and errors."""

import math

import numpy as np
import pytest

from nnlib.differentiation import Dual, Variable, derivative, gradient, hessian, jacobian

METHODS = ("forward", "reverse", "numeric", "symbolic")
every_method = pytest.mark.parametrize("method", METHODS)
TOLERANCE = {"forward": 1e-12, "reverse": 1e-12, "numeric": 1e-6, "symbolic": 1e-12}
W1, W2 = np.random.default_rng(0).normal(size=(2, 4, 4))
POINT = np.array([0.3, -1.2, 0.8, 2.0])


def polynomial(x):
    return x**2 + 2 * x + 3


def network(x):
    return W2 @ np.tanh(W1 @ x) + x * np.sin(x)


def test_slide_dual_numbers():
    u, w = Dual(1, 2), Dual(3, 4)
    assert repr(u + w) == "4 + 6ε"
    assert repr(u - w) == "-2 - 2ε"
    assert repr(u * w) == "3 + 10ε"


def test_slide_differentiation_with_dual_numbers():
    assert repr(Dual(3, 1) ** 2) == "9 + 6ε"
    assert repr(polynomial(Dual(3, 1))) == "18 + 8ε"
    assert repr(polynomial(Dual(-2, 1))) == "3 - 2ε"
    assert (Dual(3, 1).value, Dual(3, 1).derivative) == (3, 1)


@every_method
def test_the_slide_s_polynomial_in_every_mode(method):
    for x, truth in ((3.0, 8.0), (-2.0, -2.0)):
        assert abs(derivative(polynomial, x, method) - truth) <= TOLERANCE[method]


@every_method
def test_a_jacobian_is_outputs_by_inputs(method):
    A = np.arange(6.0).reshape(2, 3) / 10
    J = jacobian(lambda x: A @ x, np.ones(3), method)
    assert J.shape == (2, 3) and np.allclose(J, A, atol=1e-7)
    truth = W2 @ np.diag(1 - np.tanh(W1 @ POINT) ** 2) @ W1 + np.diag(np.sin(POINT) + POINT * np.cos(POINT))
    assert np.abs(jacobian(network, POINT, method) - truth).max() <= TOLERANCE[method] * 10


@every_method
def test_a_gradient_is_shaped_like_x(method):
    X = np.arange(6.0).reshape(2, 3) / 3
    dE_dX = gradient(lambda X: np.sum(X * X * np.array([1.0, 2.0, 3.0])), X, method)
    assert dE_dX.shape == X.shape and np.allclose(dE_dX, 2 * X * [1, 2, 3], atol=1e-7)


@every_method
def test_outputs_that_do_not_depend_on_x_have_derivative_zero(method):
    assert derivative(lambda x: 4.0, 1.0, method) == 0
    assert np.array_equal(jacobian(lambda x: np.ones(2), np.ones(3), method), np.zeros((2, 3)))


@every_method
def test_a_list_of_outputs_counts_as_an_array(method):
    J = jacobian(lambda x: [x[0] * x[1], x[1] ** 2], np.array([2.0, 3.0]), method)
    assert np.allclose(J, [[3, 2], [0, 6]], atol=1e-7)


def test_the_default_mode_follows_the_number_of_outputs(monkeypatch):
    from nnlib.differentiation import derivatives

    used = []
    for name in ("_forward", "_reverse"):
        plain = getattr(derivatives, name)
        monkeypatch.setattr(derivatives, name, lambda f, x, n=name, p=plain: used.append(n) or p(f, x))
    jacobian(lambda x: np.concatenate([x, x]), np.ones(3))
    jacobian(lambda x: x[:1], np.ones(3))
    gradient(np.sum, np.ones(3))
    assert used == ["_forward", "_reverse", "_reverse"]


# Control flow: branch, while loop, recursion.
def branch(x):
    return x * x if x > 1 else 3 * x


def newton(x):
    """√x by Newton's method, until it stands."""
    y = x
    while abs(y * y - x) > 1e-14 * x:
        y = (y + x / y) / 2
    return y


def power(x, n=5):
    return 1.0 if n == 0 else x * power(x, n - 1)


@pytest.mark.parametrize("method", METHODS[:3])
@pytest.mark.parametrize(
    ("f", "x", "truth"),
    [(branch, 2.0, 4.0), (branch, 0.5, 3.0), (newton, 7.0, 0.5 / math.sqrt(7)), (power, 1.5, 5 * 1.5**4)],
)
def test_control_flow(f, x, truth, method):
    assert abs(derivative(f, x, method) - truth) <= 10 * TOLERANCE[method]


def test_symbolic_refuses_branches_that_depend_on_x():
    assert derivative(power, 1.5, "symbolic") == pytest.approx(5 * 1.5**4)
    for f in (branch, newton):
        with pytest.raises(ValueError, match="The branch depends on x"):
            derivative(f, 2.0, "symbolic")
    with pytest.raises(ValueError, match="The branch depends on x"):
        gradient(lambda x: np.sum(np.where(x > 0, x, 0.0)), POINT, "symbolic")


def test_derivatives_of_derivatives_are_not_confused():
    """d/dx (x · d/dy (x + y)) at x = y = 1 is 1: an ε that is shared gives 2."""
    assert derivative(lambda x: x * derivative(lambda y: x + y, 1.0), 1.0) == 1.0
    assert derivative(lambda x: derivative(lambda y: x * y * y, x), 3.0) == pytest.approx(12.0)
    third = derivative(lambda x: derivative(lambda y: derivative(lambda z: z**5, y), x), 2.0)
    assert third == pytest.approx(60 * 2.0**2)


def test_nested_with_arrays():
    """Σ A = 6, so the inner derivative is 12 y x = 12 x², and the outer one 24 x."""
    A = np.arange(1.0, 4.0)
    assert derivative(lambda x: derivative(lambda y: np.sum(A * y * y * x), x), 2.0) == pytest.approx(48)


def test_nested_with_numbers_that_become_arrays_on_the_way():
    """Σ A (y^y)'' = 3 y^y ((1 + ln y)² + 1 / y)."""
    A, x = np.array([1.0, 2.0]), 2.0
    second = derivative(lambda x: derivative(lambda y: np.sum(A * y**y), x), x)
    assert second == pytest.approx(3 * x**x * ((1 + math.log(x)) ** 2 + 1 / x), rel=1e-12)


@pytest.mark.parametrize("n", [1, 3])
def test_hessian(n):
    rng = np.random.default_rng(n)
    A, x = rng.normal(size=(n, n)), rng.normal(size=n)
    assert np.allclose(hessian(lambda x: x @ A @ x, x), A + A.T)
    B = rng.normal(size=(2, n))
    t = np.tanh(B @ x)
    truth = B.T @ np.diag(-2 * t * (1 - t * t)) @ B
    assert np.allclose(hessian(lambda x: np.sum(np.tanh(B @ x)), x), truth)
    by_differences = jacobian(lambda x: gradient(lambda z: np.mean(np.exp(z) * z[0]), x), x, "numeric")
    assert np.allclose(hessian(lambda z: np.mean(np.exp(z) * z[0]), x), by_differences, atol=1e-7)


def test_hessian_over_the_structural_operations():
    def f(x):
        grid = np.reshape(x, (2, 2))
        joined = np.concatenate([grid, grid.T * grid], axis=0)
        return np.sum(np.where(joined > 0, joined**3, joined)) * np.max(x) + np.maximum(x[0], x[1])

    x = np.array([0.7, -0.4, 1.1, 0.9])
    truth = jacobian(lambda at: gradient(f, at, "reverse"), x, "numeric")
    assert np.allclose(hessian(f, x), truth, atol=1e-6)


MESSAGES = [
    (lambda: gradient(np.sum, np.array([1, 2])), "integer dtype int64.*write 1.0 instead of 1"),
    (lambda: Variable([1, 2]), "integer dtype"),
    (lambda: gradient(lambda x: x * 2, np.ones(3)), r"f\(x\) has shape \(3,\): use jacobian"),
    (lambda: derivative(np.sum, np.ones(3)), "use gradient or jacobian"),
    (lambda: jacobian(np.sin, np.ones(3), "backward"), "no method 'backward'; there are forward, reverse"),
    (lambda: derivative(lambda x: math.sin(x), 1.0), r"float\(\) of a Dual would lose"),
    (lambda: gradient(lambda x: math.sin(x[0]), np.ones(2)), r"float\(\) of a Variable would lose"),
    (lambda: gradient(lambda x: math.sin(x[0]), np.ones(2), "forward"), r"float\(\) of a dual array would lose"),
    (lambda: gradient(lambda x: np.sum(np.fft.fft(x)), np.ones(2)), r"np.fft.fft has no derivative rule here. Use .*sin"),
    (lambda: gradient(lambda x: np.sum(np.sinc(x)), np.ones(2), "forward"), "np.sinc has no derivative rule"),
    (lambda: jacobian(np.spacing, np.ones(2), "forward"), "np.spacing has no derivative rule"),
    (lambda: gradient(lambda x: np.sum(np.asarray(x)), np.ones(2)), "cannot become a plain array"),
    (lambda: gradient(lambda x: np.sum(np.ones((2, 3)) @ x), np.ones(2)), r"@ of shapes \(2, 3\) and \(2,\)"),
    (lambda: jacobian(lambda x: np.ones(3) * x, np.ones(2), "forward"), r"shapes \(3,\) and \(2,\): they do not"),
    (lambda: jacobian(lambda x: np.ones(3) * x, np.ones(2), "reverse"), r"shapes \(3,\) and \(2,\): they do not"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "words"), MESSAGES)
def test_operations_without_a_rule_raise_with_a_sentence(call, words):
    with pytest.raises(ValueError, match=words):
        call()


@pytest.mark.parametrize("method", ["forward", "reverse"])
def test_changes_in_place_raise(method):
    def assigns(x):
        x[0] = 1.0
        return np.sum(x)

    def adds_to_an_array(x):
        total = np.zeros(2)
        total += x
        return np.sum(total)

    for f, words in ((assigns, "cannot be changed in place"), (adds_to_an_array, "in place: the derivative")):
        with pytest.raises(ValueError, match=words):
            gradient(f, np.ones(2), method)


def test_division_by_a_zero_dual_raises():
    with pytest.raises(ZeroDivisionError, match=r"\(1 \+ 2ε\) / \(0 \+ 1ε\): a dual number with value 0"):
        Dual(1, 2) / Dual(0, 1)


def test_the_input_itself_may_be_used_in_products_and_elsewhere():
    """The identity that the input carries is left out of W x, and only there."""
    A = np.arange(12.0).reshape(3, 4) / 10
    for f in (lambda x: A @ x, lambda x: A @ x + (x @ A.T) * x[0], lambda x: A @ (A.T @ (A @ x))):
        forward, reverse = (jacobian(f, POINT, method) for method in ("forward", "reverse"))
        assert np.abs(forward - reverse).max() <= 1e-13
    with pytest.raises(ValueError, match=r"@ of shapes \(3, 4\) and \(3,\)"):
        jacobian(lambda x: A @ x, np.ones(3), "forward")


@pytest.mark.parametrize("method", ["forward", "reverse"])
def test_a_jacobian_belongs_to_who_asked_for_it(method):
    W = np.arange(6.0).reshape(2, 3)
    for f, x in (
        (lambda x: W @ x, np.ones(3)), (lambda X: W @ X, np.ones((3, 1))), (lambda x: x, np.ones(2)),
        (lambda x: x, np.ones((2, 1))), (lambda x: x, np.ones(40)), (lambda x: x[1], np.ones(2)),
    ):  # fmt: skip
        first = jacobian(f, x, method).copy()
        jacobian(f, x, method)[...] = 7
        assert np.array_equal(jacobian(f, x, method), first)
    assert np.array_equal(W, np.arange(6.0).reshape(2, 3))


def test_a_jacobian_within_a_derivative():
    """J of x³ t has 3 x² t on its diagonal: by t that is 3 x²."""
    x = np.array([1.0, 2.0])
    slope = derivative(lambda t: jacobian(lambda z: z**3 * t, x, "forward"), 2.0)
    assert np.allclose(slope, np.diag(3 * x**2))
