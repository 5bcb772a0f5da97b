"""Where a formula alone would give NaN, and other edges: zero slopes, nothing to sum, objects, one number."""

import inspect

import numpy as np
import pytest

from nnlib.differentiation import Dual, Variable, derivative, gradient, hessian, jacobian, tape

MODES = ("forward", "reverse", "symbolic")
every_mode = pytest.mark.parametrize("method", MODES)
pytestmark = [
    pytest.mark.filterwarnings(f"ignore:{words}")
    for words in ("divide by zero", "invalid value", "Mean of empty slice", "Degrees of freedom")
]


@every_mode
@pytest.mark.parametrize(
    "f",
    [
        lambda x: np.sqrt(np.floor(x)),
        lambda x: np.hypot(np.floor(x), np.floor(x)),
        lambda x: np.arctan2(np.floor(x), x // 1),
        lambda x: np.cbrt(np.trunc(x)),
        lambda x: np.sign(x) + np.rint(x) ** 0.5 + np.heaviside(x, 0.5),
    ],
)
def test_a_slope_of_0_drops_an_infinite_one_behind_it(f, method):
    assert derivative(f, 0.3, method) == 0.0
    assert np.array_equal(gradient(lambda x: np.sum(f(x) + x), np.array([0.3, 0.4]), method), [1.0, 1.0])


@every_mode
def test_an_infinite_slope_stays_in_its_own_entry(method):
    assert np.array_equal(gradient(lambda x: np.sum(x**-1), np.array([0.0, 1.0]), method), [-np.inf, -1.0])
    J = jacobian(lambda x: np.sqrt(x) + np.log(1 + x), np.array([0.0, 1.0]), method)
    assert np.array_equal(J, [[np.inf, 0.0], [0.0, 1.0]])


def test_an_infinite_slope_stays_in_its_own_entry_of_a_hessian():
    H = hessian(lambda x: np.sum(x**2.5) + np.sum(1 / (x + 1)), np.array([0.0, 1.0]))
    np.testing.assert_allclose(H, np.diag([2.0, 0.25 + 3.75]))
    H = hessian(lambda x: np.sum(np.sqrt(x)), np.array([0.0, 1.0]))
    assert H[1, 1] == -0.25 and H[0, 1] == H[1, 0] == 0.0


@pytest.mark.parametrize("method", ["forward", "reverse"])
def test_what_where_leaves_out_does_not_count(method):
    f = lambda x: np.sum(np.where(x > 0, np.sqrt(x) + np.log(x), 0.0))  # noqa: E731
    assert np.array_equal(gradient(f, np.array([0.0, 1.0]), method), [0.0, 1.5])


@every_mode
def test_powers_of_0(method):
    assert np.array_equal(gradient(lambda y: np.sum(0.0**y), np.array([2.0, 0.0]), method), [0.0, 0.0])
    assert derivative(lambda y: 0.0**y, 2.0, method) == 0.0
    assert np.array_equal(gradient(lambda x: np.sum(x**0 + x**1), np.zeros(2), method), [1.0, 1.0])


@every_mode
@pytest.mark.parametrize("f", [np.sum, np.mean, np.var, lambda x: np.sum(x[[]])])
def test_nothing_to_sum(f, method):
    assert gradient(f, np.zeros(0), method).shape == (0,)
    assert jacobian(lambda x: np.mean(x, axis=0), np.zeros((0, 3)), method).shape == (3, 0, 3)
    assert jacobian(lambda x: x[[1]], np.zeros((2, 0)), method).shape == (1, 0, 2, 0)


@pytest.mark.parametrize("f", [np.exp, np.sin, np.sqrt, np.log, np.tanh, np.std, np.var, lambda a: a * a - 1])
def test_an_array_of_dual_numbers_takes_functions(f):
    """np.array([x, x²]) is an array of objects, whose elements NumPy asks one by one."""
    slope = derivative(lambda x: np.sum(f(np.array([x, x**2])) * x), 1.5)
    truth = derivative(lambda x: np.sum(f(np.stack([x, x**2])) * x), 1.5)
    assert slope == pytest.approx(truth, rel=1e-12)


def test_plain_numbers_beside_dual_numbers():
    for f in (np.var, np.std, lambda a: a * a):
        slope = derivative(lambda x, f=f: np.sum(f(np.array([x, 1.0]))), 1.5)
        assert slope == pytest.approx(derivative(lambda x, f=f: np.sum(f(np.stack([x, 1.0]))), 1.5))
    with pytest.raises(ValueError, match=r"join them with np.stack, as in np.stack\(\[x, 1.0\]\)"):
        derivative(lambda x: np.sum(np.exp(np.array([x, 1.0]))), 1.5)


@every_mode
def test_inner_with_a_number_does_not_transpose(method):
    x = np.arange(6.0).reshape(2, 3)
    assert jacobian(lambda x: np.inner(2.0, x), x, method).shape == (2, 3, 2, 3)


def test_the_length_of_what_has_a_shape():
    from nnlib.differentiation import compile_gradient

    lengths = []
    f = lambda x: lengths.append(len(x)) or np.sum(x)  # noqa: E731
    for method in (*MODES, "numeric"):
        gradient(f, np.ones(3), method)
    compile_gradient(f, np.ones(3))
    assert set(lengths) == {3}
    with pytest.raises(TypeError, match="len\\(\\) of a Variable without axes"):
        len(Variable(1.0))


@pytest.mark.parametrize("method", ["forward", "reverse"])
def test_float32_in_is_float32_out(method):
    x = np.ones(3, np.float32)
    for f in (
        lambda x: x * np.arange(3.0),
        lambda x: x,
        lambda x: np.ones(2),
        lambda x: np.tanh(x) * x.sum(),
    ):
        assert jacobian(f, x, method).dtype == np.float32
    assert gradient(lambda x: np.sum(x * np.arange(3.0)), x, method).dtype == np.float32


def test_a_gradient_has_the_float_type_of_its_variable():
    w = Variable(np.ones(3, np.float32))
    np.sum(w * np.arange(3.0)).backward()
    assert w.gradient.dtype == np.float32 and np.array_equal(w.gradient, [0, 1, 2])


@pytest.mark.parametrize("method", MODES)
def test_einsum_of_axes_that_differ_in_length_is_an_error(method):
    with pytest.raises(ValueError, match="np.einsum: axis j has the lengths 3 and 4"):
        jacobian(lambda x: np.einsum("ij,jk->ik", x, np.ones((4, 2))), np.ones((2, 3)), method)


def test_a_dual_number_of_derivative_0_is_a_constant():
    assert repr(np.sqrt(Dual(0.0, 0.0))) == "0 + 0ε"
    assert repr(Dual(2.0, 0.0) // 3 + Dual(1.0, 1.0)) == "1 + 1ε"


def test_the_tape_can_be_shown_whole():
    """Lecture 5 shows the source of this file: what Python and NumPy ask of a variable lives elsewhere."""
    assert len(inspect.getsource(tape).splitlines()) <= 130
    assert len(inspect.getsource(tape.sweep).splitlines()) <= 15
