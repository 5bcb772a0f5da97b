"""Slips of one of several arrays that are returned, and how the others are told beside it."""

import numpy as np

from nnlib.grading.checks.question import normal, question
from tests.grading.checks.test_kinds_of_change import told


@question(returns=("W", "b"), section="", inputs=lambda rng: (rng.normal(size=(3, 5)), 0.3), sizes=[{}] * 3)
def start(Z, s):
    """Weights and biases to begin with."""
    return s * Z, np.zeros(len(Z))


def test_zeros_of_another_shape_are_told_as_that():
    hint = told(start, lambda Z, s: (Z, np.zeros(5)))
    assert "b: it has shape (5,), expected (3,)" in hint and "0 throughout" not in hint


@question(returns=("a", "b", "c"), section="", inputs=lambda rng, N: normal(rng, (N,), (N,), (N,)))
def three(x, y, z):
    """Three arrays."""
    return x * y, y * np.exp(z), x - z


def test_an_array_in_the_place_of_another_is_told():
    wrong = told(three, lambda x, y, z: (x * y, x * y, x - z))
    assert "b: what is returned there is a" in wrong
    wrong = told(three, lambda x, y, z: (x * y, y, x - z))
    assert "b: the factor" in wrong or "b: what is returned there is y" in wrong


def test_a_function_of_another_quantity_is_told():
    assert "b: the slope of tanh at x" in told(three, lambda x, y, z: (x * y, 1 - np.tanh(x) ** 2, x - z))


def test_what_explains_one_array_is_told_beside_an_unknown_slip():
    hint = told(three, lambda x, y, z: (x * y, np.arctan(y**3 + x), x + z))
    assert "c: z is added, not subtracted" in hint and "b: this is wrong too" in hint


def test_the_rule_of_a_power_for_exp_is_told():
    hint = told(three, lambda x, y, z: (x * y, y * z * np.exp(z - 1), x - z))
    assert "rule of a power, x exp(x - 1), is taken of z" in hint


@question(returns=("p", "q"), section="", inputs=lambda rng, N: normal(rng, (N,), (N,)))
def slopes_of_two(x, z):
    """Two arrays of one slope."""
    slope = 1 - np.tanh(x) ** 2
    return slope * z, slope * np.exp(z)


def test_a_part_is_told_the_place_of_its_slip():
    hint = told(slopes_of_two, lambda x, z: (z, z))
    assert "it is 1 throughout" not in hint


def test_zeros_are_told_as_such():
    assert "q: it is 0 throughout" in told(slopes_of_two, lambda x, z: (x, 0 * z))
