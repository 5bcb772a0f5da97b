"""What an explanation claims is looked for among what the student's function computes on its way."""

import numpy as np
import pytest

from nnlib.grading.checks import unit_2, unit_5, unit_6
from nnlib.grading.checks.judging.written import computed, on_the_way_of
from nnlib.grading.checks.search.on_the_way import OnTheWay, version_that_notes
from tests.grading.checks.test_catalogue import written
from tests.grading.checks.test_kinds_of_change import told

pytestmark = pytest.mark.slow

LOOPS = """
def squares(A, n):
    total, sums = 0.0, []
    for row in A:
        for a in row:
            total += a**2
        sums.append(np.tanh(row).mean())
    return f"{total:.2f}", {"last": A[-1, 0] if n > 2 else A.T @ A}
"""


@pytest.fixture
def on_the_way():
    A = np.arange(6.0).reshape(2, 3)
    return computed(written(LOOPS, "squares"), (A, 1))


def test_values_are_noted_wherever_they_are_computed(on_the_way):
    A = np.arange(6.0).reshape(2, 3)
    for value in (A, A.T, A.T @ A, np.float64(55), np.tanh(A[1]).mean(), A[0]):
        assert on_the_way.holds(np.asarray(value))
    for value in (A + 1, A @ A.T, np.float64(54), -A):
        assert not on_the_way.holds(np.asarray(value))
    assert on_the_way.holds(-A, either_sign=True)


def test_rows_and_numbers_that_a_loop_computes_make_up_an_array(on_the_way):
    A = np.arange(6.0).reshape(2, 3)
    assert on_the_way.holds(np.tanh(A)) and on_the_way.holds(A**2)


def test_the_parts_of_what_a_call_returns_are_noted():
    calls = written("def f(A):\n    B, C = np.divmod(A, 2)\n    return 0\n", "f")
    assert computed(calls, (np.arange(5.0) + 0.5,)).holds(np.array([0.5, 1.5, 0.5, 1.5, 0.5]))


def test_what_comes_before_an_error_is_noted():
    fails = written("def f(A):\n    B = 3 * A\n    return B @ missing\n", "f")
    assert computed(fails, (np.ones(2),)).holds(np.full(2, 3.0))


@pytest.mark.parametrize(
    "source", ["", "x = 1", "class A: pass", "def f(*a): return a", "def f(:", "def f(x, y): return x"]
)
def test_nothing_is_noted_of_what_is_no_plain_function(source):
    assert version_that_notes(source, 1) is None


@pytest.mark.parametrize("noted", [None, 3, {}, "abc", [1, 2], [[2**5000] * 5], [["a"] * 5], [[1, [2]]]])
def test_notes_that_a_student_made_up_are_refused(noted):
    with pytest.raises((ValueError, TypeError, OverflowError)):
        on_the_way_of(noted)


def test_notes_that_a_student_made_up_do_no_harm():
    made_up = on_the_way_of(
        [[np.nan, 1, 1, 1, 1]] * 9 + [[n, np.inf, np.nan, 1e300, -1] for n in range(10**5)]
    )
    assert len(made_up.lines) < 1000 and not made_up.holds(np.ones(3))
    assert made_up.lines_among(OnTheWay.of_values([np.ones(3)])) == set()
    assert made_up.counting_lines() == frozenset()


def test_a_slip_is_not_told_whose_right_value_is_computed():
    hint = told(
        unit_6.style_gradient,
        written(
            """
def style_gradient(F, G):
    P = F.shape[0] * F.shape[1]
    rows = F.reshape(P, F.shape[2])
    D = rows.T @ rows / P - G
    return (D**2).sum(), (2 * rows @ D).reshape(F.shape)
""",
            "style_gradient",
        ),
    )
    assert "Two slips" in hint and "replaced by 2" not in hint


def test_numbers_without_a_trace_of_the_slip_are_told_as_numbers():
    hint = told(
        unit_5.divide,
        written(
            """
def divide(v, v_dot, w, w_dot):
    inverse = 1 / w
    return v * inverse, v_dot * inverse + v * (-1 / w**2)
""",
            "divide",
        ),
    )
    assert hint.startswith("These numbers come of this: The dot of u / w: the factor ẇ is missing.")


def test_two_lines_that_may_be_wrong_are_both_told():
    hint = told(
        unit_2.fixed_point,
        written(
            """
def fixed_point(W, b):
    x, moved = np.zeros(len(b)), 1.0
    while moved > 1e-3:
        new = np.tanh(W @ x + b)
        moved = np.max(np.abs(new - x))
        x = new
    return x
""",
            "fixed_point",
        ),
    )
    assert "Either in line 4" in hint and "Or in line 6" in hint
