"""Kinds of slip that the search knows, each shown on a question of its own that no unit asks."""

import numpy as np
import pytest

from nnlib.grading.checks import CheckFailed
from nnlib.grading.checks.question import normal, question


def told(check, answer):
    with pytest.raises(CheckFailed) as failure:
        check(answer)
    return failure.value.hint


def sigmoid(A):
    return 1 / (1 + np.exp(-A))


@question(returns="Y", section="", inputs=lambda rng, N, I, J: normal(rng, (J, I), (J,), (N, I)))
def fired(W, b, X):
    """A layer of the sigmoid."""
    A = X @ W.T + b
    return 1 / (1 + np.exp(-A))


OF_LAYER = {
    "b is added after the sigmoid, and belongs inside": lambda W, b, X: sigmoid(X @ W.T) + b,
    "tanh is taken of A, where the sigmoid belongs": lambda W, b, X: np.tanh(X @ W.T + b),
    "tanh is taken, where the sigmoid belongs; and b is added after tanh": (
        lambda W, b, X: np.tanh(X @ W.T) + b
    ),
}


@pytest.mark.parametrize("words", OF_LAYER)
def test_slips_around_a_written_sigmoid_are_told(words):
    assert words in told(fired, OF_LAYER[words])


@question(returns="the place", section="", inputs=lambda rng, I: normal(rng, (I, I), (I,), (I,)))
def met(W, x, z):
    """A difference of two places."""
    return W @ x - 0.5 * z


def test_what_is_taken_of_the_result_is_told_beside_another_slip():
    hint = told(met, lambda W, x, z: 1 / (W @ x + 0.5 * z))
    assert "added, not subtracted" in hint and "It is turned upside down" in hint


def test_two_exchanged_quantities_are_told():
    assert "x and z are exchanged" in told(met, lambda W, x, z: W @ z - 0.5 * x)


@question(
    returns="the sign of the difference",
    section="",
    inputs=lambda rng: (rng.normal(size=4), rng.normal(size=4)),
)
def moved(x, z):
    """A step back."""
    return x - np.exp(z)


def test_a_step_in_the_wrong_direction_is_told_as_added():
    assert "exp(z) is added, not subtracted" in told(moved, lambda x, z: x + np.exp(z))


@question(returns="the size", section="", inputs=lambda rng, N, I: normal(rng, (N, I)))
def widest(A):
    """The largest size of an entry of each row."""
    return np.max(np.abs(A), axis=1)


def test_two_functions_in_the_wrong_order_are_told():
    assert "the largest entry is taken before the absolute value" in told(
        widest, lambda A: np.abs(np.max(A, axis=1))
    )


@question(
    returns="the counts",
    section="",
    inputs=lambda rng, N, I: (rng.integers(-9, 10, size=(N, I)).astype(float), rng.integers(-2, 3, size=I)),
)
def counted(A, limits):
    """How many entries of each column are above its limit."""
    return np.sum(A > limits, axis=0)


def test_a_comparison_that_differs_where_both_are_equal_is_told():
    assert "≥ stands where > belongs between A and limits" in told(
        counted, lambda A, limits: np.sum(A >= limits, axis=0)
    )


@question(returns="Y", section="", inputs=lambda rng, N, I: (3 * rng.normal(size=(N, I)),))
def bounded(A):
    """A between -1 and 2."""
    return np.clip(A, -1, 2)


BOUNDS = {
    "not bounded by -1 from below": lambda A: np.minimum(A, 2),
    "not bounded by 2 from above": lambda A: np.maximum(A, -1),
    "the lower bound of A is 0": lambda A: np.clip(A, 0, 2),
    "0 stands outside of the bounds": lambda A: np.where((A > -1) & (A < 2), A, 0),
    "2 stands on both sides": lambda A: np.where((A > -1) & (A < 2), A, 2),
}


@pytest.mark.parametrize("words", BOUNDS)
def test_a_wrong_bound_is_told(words):
    assert words in told(bounded, BOUNDS[words])


@question(returns="g", section="", inputs=lambda rng, N, I, J: (rng.normal(size=(N, I, J)),))
def flattened(g):
    """Summed until one axis is left."""
    while g.ndim > 1:
        g = np.sum(g, axis=0)
    return g


def test_a_while_that_is_an_if_is_told():
    assert "does `if` stand for `while`" in told(flattened, lambda g: g.sum(axis=0))


@question(returns="c", section="", inputs=lambda rng: tuple(map(float, rng.uniform(0.5, 2, 2))))
def single(v, w):
    """A number."""
    return np.sin(v) * w


def test_a_number_that_is_a_factor_too_many_is_told():
    assert "it is multiplied by v" in told(single, lambda v, w: np.sin(v) * w * v)


def late_by_one(X, b):
    """Wrong: the last row is added twice."""
    return np.tanh(X + b).sum(axis=0) + np.tanh(X + b)[-1]


@question(
    returns="S",
    section="",
    inputs=lambda rng, N, I: normal(rng, (N, I), (I,)),
    hints={"The last row counts twice": late_by_one},
)
def summed(X, b):
    """A sum over rows."""
    return np.tanh(X + b).sum(axis=0)


def test_a_known_slip_is_told_beside_another():
    hint = told(summed, lambda X, b: late_by_one(X, 0 * b))
    assert "First: The last row counts twice. Second: b: it counts as 0, as if it were left out" in hint
    assert "First: The last row counts twice. Second: The sign is turned" in told(
        summed, lambda X, b: -late_by_one(X, b)
    )


def test_a_few_small_whole_numbers_are_not_explained_by_two_slips():
    @question(returns="n", section="", inputs=lambda rng: (rng.integers(0, 2, size=(3, 3)).astype(float),))
    def found(C):
        """Whether anything is in the last column."""
        return np.max(C[:, -1] * 1.0)

    hint = told(found, lambda C: float(C[0].sum() > 5) + 2 * (C[1, 0] == 0))
    assert "Two slips" not in hint


@question(
    returns="Y",
    section="",
    inputs=lambda rng, N: (rng.normal(size=(N, 4)), rng.normal(size=(4, 4)), rng.normal(size=4)),
)
def scaled(X, W, s):
    """Rows of W scaled."""
    Y = X @ W.T + s
    return Y @ (s[:, np.newaxis] * W)


NEAR = {
    "s lacks the new axis": lambda X, W, s: (X @ W.T + s) @ (s * W),
    "s is added once for each term of the sum": lambda X, W, s: (X @ W.T + 4 * s) @ (s[:, None] * W),
    "ReLU of X stands there": lambda X, W, s: np.maximum(X, 0) @ (s[:, None] * W),
}


@pytest.mark.parametrize("words", NEAR)
def test_axes_and_terms_that_count_twice_are_told(words):
    assert words in told(scaled, NEAR[words])


@question(
    returns="s",
    section="",
    sizes=[dict(N=5), dict(N=7)],
    inputs=lambda rng, N: (rng.normal(size=(N, 5)), rng.integers(0, 5, size=N)),
)
def picked(A, order):
    """A sum along an order."""
    s = np.zeros(5)
    for i, j in enumerate(order):
        s[j] += A[i, j] * order[i]
    return s


def test_another_index_is_told():
    def other(A, order):
        s = np.zeros(5)
        for i, j in enumerate(order):
            s[j] += A[i, j] * order[j]
        return s

    assert "the index of order is j, not i" in told(picked, other)


@question(returns="q", section="", inputs=lambda rng: tuple(map(float, rng.uniform(0.5, 2, 3))))
def newtonian(x, f, g):
    """A step."""
    return x - f / g


STEPS = {
    "g stands alone: f is to be divided by it": lambda x, f, g: x - g,
    "g is halved": lambda x, f, g: x - f / (g / 2),
}


@pytest.mark.parametrize("words", STEPS)
def test_a_wrong_quotient_is_told(words):
    assert words in told(newtonian, STEPS[words])


@question(returns="Y", section="", inputs=lambda rng, N: normal(rng, (N,)))
def leaky(A):
    """A slope of 0.2 for negative sums."""
    return np.where(A > 0, A, 0.2 * A)


def test_another_number_is_told():
    assert "the number 0.2 is 0.1 here" in told(leaky, lambda A: np.where(A > 0, A, 0.1 * A))


@question(
    returns="Y", section="", inputs=lambda rng, N, I: (rng.uniform(0.1, 0.9, size=(N, I)), rng.normal(size=I))
)
def latitude(A, b):
    """The Gudermannian of A, and b: arctan(sinh a) is arcsin(tanh a)."""
    return np.arctan(np.sinh(A)) + b


def test_what_was_given_back_is_told_with_its_slip():
    hint = told(latitude, lambda A, b: A)
    assert hint.startswith("That is A, what the function was given")
    hint = told(slopes_of_one, lambda x, W: W)
    assert "nothing is computed yet" in hint and "is missing" in hint


@question(returns="J", section="", inputs=lambda rng, I, J: normal(rng, (J,), (J, I)))
def slopes_of_one(x, W):
    """Rows of W with a slope each."""
    slope = np.cos(x)
    return slope[:, np.newaxis] * W
