"""Differences: the order of their errors, the best h, and the complex step without a limit."""

import numpy as np
import pytest

from nnlib.differentiation.numeric import STEPS, along, error_against_step, jacobian


@pytest.mark.parametrize(
    ("scheme", "order"), [("forward difference", 1), ("central difference", 2), ("complex step", 2)]
)
def test_the_error_falls_with_the_order_of_the_scheme(scheme, order):
    errors = error_against_step(np.exp, 1.0, np.e, [1e-2, 1e-3], scheme)
    assert abs(np.log10(errors[0] / errors[1]) - order) < 0.05


def test_too_small_a_step_loses_digits_but_for_the_complex_step():
    steps = np.logspace(-15, -1, 57)
    for scheme in ("forward difference", "central difference"):
        errors = error_against_step(np.exp, 1.0, np.e, steps, scheme)
        best = steps[np.argmin(errors)]
        assert STEPS[scheme] / 50 < best < 50 * STEPS[scheme]
        assert errors[0] > 100 * errors.min()
    assert error_against_step(np.exp, 1.0, np.e, [1e-30, 1e-100], "complex step").max() < 1e-15


def test_a_point_without_numbers_has_an_empty_jacobian():
    assert jacobian(lambda x: np.ones(2), np.zeros(0)).shape == (2, 0)


def test_x_stays_as_it_was():
    def f(x):
        x *= 2
        return np.sum(x * x)

    x = np.ones(2)
    for scheme in STEPS:
        assert np.allclose(jacobian(f, x, scheme), [8, 8]) and np.array_equal(x, [1, 1])


def test_bad_schemes_and_steps_raise():
    with pytest.raises(ValueError, match="no scheme 'backward'"):
        along(np.exp, 1.0, 1.0, "backward")
    with pytest.raises(ValueError, match="h must be positive"):
        along(np.exp, 1.0, 1.0, h=0)
