"""The scalar dual number: every operator, from both sides, printed, compared, and where it has no value."""

import inspect
import operator

import numpy as np
import pytest

from nnlib.differentiation import Dual, derivative, dual

BINARY = [
    operator.add, operator.sub, operator.mul, operator.truediv, operator.pow, operator.mod, operator.floordiv,
]  # fmt: skip
OTHERS = [3, 2.5, np.float64(2.5), np.int64(3), np.float32(2.5), np.array(2.5), np.array([1.5, 2.5])]


@pytest.mark.parametrize("operation", BINARY, ids=lambda o: o.__name__)
@pytest.mark.parametrize("other", OTHERS, ids=lambda o: f"{type(o).__name__}{np.shape(o)}")
def test_operators_from_both_sides(operation, other):
    """The other operand may be a number or an array of NumPy, on the left as well."""
    x, h, plain = 1.7, 1e-6, np.asarray(other, float)
    for f in (lambda x, c: operation(x, c), lambda x, c: operation(c, x)):
        y = f(Dual(x, 2.0), other)
        tangent = y.derivative if isinstance(y, Dual) else y.partials[0]
        tolerance = 1e-6 if type(other) is np.float32 else 1e-12
        np.testing.assert_allclose(y.value, f(x, plain), rtol=tolerance)
        np.testing.assert_allclose(tangent, (f(x + h, plain) - f(x - h, plain)) / h, rtol=1e-6, atol=1e-8)


def test_signs_and_absolute_value():
    x = Dual(-3.0, 2.0)
    assert [repr(f(x)) for f in (operator.neg, operator.pos, abs)] == ["3 - 2ε", "-3 + 2ε", "3 - 2ε"]


def test_whole_numbers_count_as_numbers():
    """Of whole numbers NumPy alone would make whole numbers: np.reciprocal(2) is 0."""
    assert repr(np.reciprocal(Dual(2, 1))) == "0.5 - 0.25ε"
    assert repr(Dual(2, 1) ** Dual(-1, 0)) == "0.5 - 0.25ε"
    assert repr(np.int64(2) ** Dual(-1, 0)) == "0.5 + 0ε"


def test_comparison_is_of_the_value():
    x = Dual(2, 1)
    assert (
        x < 3 and 3 > x and x <= 2 and np.float64(1) < x and x == Dual(2, 5) and x != 3 and not x > Dual(2, 0)
    )
    assert sorted([Dual(3, 1), Dual(1, 2)])[0].value == 1 and max(x, 3) == 3


def test_printing():
    assert repr(Dual(9, 8)) == "9 + 8ε" and repr(Dual(1, -2.5)) == "1 - 2.5ε"
    assert repr(Dual(Dual(1, 2), Dual(3, 4), 1)) == "(1 + 2ε) + (3 + 4ε)ε"


@pytest.mark.parametrize(
    ("f", "error", "words"),
    [
        (
            lambda x: 1 / x,
            ZeroDivisionError,
            r"\(1\) / \(0 \+ 1ε\): a dual number with value 0 has no inverse",
        ),
        (lambda x: np.reciprocal(x), ZeroDivisionError, "a dual number with value 0 has no inverse"),
        (
            lambda x: x**-1,
            ZeroDivisionError,
            r"\(0 \+ 1ε\) \*\* -1 needs the inverse of a dual number with value 0",
        ),
        (lambda x: x**0.5, ZeroDivisionError, "needs the inverse of a dual number with value 0"),
        (lambda x: (x - 2) ** 0.5, ValueError, r"\(-2 \+ 1ε\) \*\* 0.5 is not a real number"),
        (lambda x: int(x), ValueError, r"float\(\) of a Dual would lose"),
        (lambda x: np.zeros(1).__iadd__(x), ValueError, "A Dual cannot be written into an array in place"),
    ],
)
def test_a_missing_derivative_raises_with_a_reason(f, error, words):
    with pytest.raises(error, match=words):
        f(Dual(0.0, 1.0))


def test_a_list_or_an_array_of_duals_has_a_derivative_for_each():
    for f in (lambda x: [x, x**2], lambda x: (x, x**2), lambda x: np.array([x, x**2])):
        assert np.array_equal(derivative(f, 2.0), [1.0, 4.0])
    assert derivative(lambda x: np.asarray(x**2), 2.0) == 4.0
    second = derivative(lambda t: derivative(lambda x: [x**2, x**3], t), 2.0)
    assert np.array_equal(second, [2.0, 12.0])


def test_options_may_be_dual_numbers():
    assert derivative(lambda x: np.sum(np.clip(np.array([0.1, 0.9]), a_min=0, a_max=x)), 0.5) == 1


def test_fits_on_a_screen():
    """The lecture shows dual.py whole: what is not sum, product, power or chain rule has its own file."""
    assert len(inspect.getsource(dual).splitlines()) <= 90
