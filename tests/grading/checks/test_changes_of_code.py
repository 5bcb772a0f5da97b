"""The second direction: what is changed in the student's own code, and what that code is asked for."""

import ast
from dataclasses import replace

import numpy as np
import pytest

from nnlib.grading.checks.judging.diagnosis import Diagnosis
from nnlib.grading.checks.judging.repaired_twice import a_part
from nnlib.grading.checks.judging.trial import Trial
from nnlib.grading.checks.question import normal, question
from nnlib.grading.checks.search.evidence import Evidence
from nnlib.grading.checks.search.repairs import repairs_of
from nnlib.grading.checks.unit_1 import sum_of_squares
from nnlib.grading.checks.unit_6 import policy_delta
from nnlib.grading.sandbox.inside import versions
from tests.grading.checks.test_catalogue import written
from tests.grading.checks.test_kinds_of_change import latitude, told

pytestmark = pytest.mark.slow


@question(
    returns="the place", section="", sizes=[dict(I=2)] * 9,
    inputs=lambda rng, I: (rng.normal(size=(3, I)), float(rng.normal())),
)  # fmt: skip
def nearest(X, x):
    """The row whose sum is nearest to a number."""
    away = np.abs(np.sum(X, axis=1) - x)
    return np.argmin(away)


@question(
    returns=("the sum", "the product"), section="", inputs=lambda rng, I: normal(rng, (I,), (I,)),
    through=lambda Pair: lambda v, w: (Pair(v, w).sum(), Pair(v, w).product()),
)  # fmt: skip
def Pair(v, w):
    """Sum and product of two arrays."""
    return v + w, v * w


@question(
    returns="the slope", section="", inputs=lambda rng: (float(rng.normal()), str(rng.choice(["number", "x"]))),
    sizes=[{}] * 9,
)  # fmt: skip
def slope(v, kind):
    """The derivative of a number, or of x."""
    return 1.0 if kind == "x" else 0.0


WRONG = {
    "`return v`: a number that is always the same belongs here": (
        slope,
        """
def slope(v, kind):
    if kind == "x":
        return 1.0
    return v
""",
    ),
    "smallest is compared in each round and never becomes another": (
        nearest,
        """
def nearest(X, x):
    best, smallest = 0, abs(sum(X[0]) - x)
    for n in range(len(X)):
        away = abs(sum(X[n]) - x)
        if away < smallest:
            best = n
    return best
""",
    ),
    "`for n in range(1, len(X)):`: the loop begins or ends one off. Second: in line 5": (
        nearest,
        """
def nearest(X, x):
    best, smallest = 0, 1e9
    for n in range(1, len(X)):
        away = abs(sum(X[n]) - 2 * x)
        if away < smallest:
            best, smallest = n, away
    return best
""",
    ),
    "Something is wrong in line 2 of its cell, `away = np.linalg.norm(Y - T, axis=1) / 2`, or in line 3": (
        sum_of_squares,
        """def sum_of_squares(Y, T):
    away = np.linalg.norm(Y - T, axis=1) / 2
    return away.sum()
""",
    ),
    "the product right, in line 10 of its cell, `return self.v * self.w * (self.v + 9)`: a factor is too many": (
        Pair,
        """
class Pair:
    def __init__(self, v, w):
        self.v, self.w = v, w

    def sum(self):
        return np.arctan(self.v) ** 3

    def product(self):
        return self.v * self.w * (self.v + 9)
""",
    ),
}


@pytest.mark.parametrize("words", WRONG)
def test_changes_of_the_code_say_what_is_wrong(words):
    check, code = WRONG[words]
    assert words in told(check, written(code, check.name))


SLOPE = "def f(v, w):\n    return v * w / 2\n"


@pytest.mark.parametrize(
    ("words", "holds"),
    [
        ("ReLU of v stands there, another quantity", False),
        ("tanh of v is missing", True),
        ("the absolute value of v is missing", True),
        ("the number 1 is 3 here", False),
        ("the number 1 is 2 here", True),
        ("divided by the number of samples", True),
        ("the mean is subtracted before the square, as for a standard deviation", False),
    ],
)
def test_what_is_said_to_be_there_is_looked_for(words, holds):
    assert Evidence(SLOPE).allows(words) is holds
    assert Evidence("").allows(words)
    assert Evidence(SLOPE.replace("v * w", "helper(v) * w")).allows(words)


def test_what_the_code_holds_is_not_said_to_be_missing():
    assert not Evidence(SLOPE.replace("v * w", "np.abs(v) * w")).allows("the absolute value of v is missing")


def test_a_version_that_does_not_end_leaves_time_for_others():
    ends = written("def f(n):\n    while n > 9:\n        n = n - 1\n    return n\n", "f")
    sources = [f"def f(n):\n    while {c}:\n        n = n - 1\n    return n\n" for c in ("True", "n > 4")]
    assert (
        versions.results_of(ends, sources, [(20,)])[1] == versions.results_of(ends, sources[1:], [(20,)])[0]
    )


BECOMES = {
    "what known leaves out": (
        "known = n > 0\n    E = A * n\n    return E",
        "known = n > 0\n    E = (A * n)\n    return ((E) * known)",
    ),
    "stands alone here": ("a = A - n\n    return A / a", "a = A - n\n    return (A - n) / a"),
    "comes too late": (
        "y = A\n    A = A + 1\n    n = n + 1\n    d = A * n\n    return y, A, n, d",
        "y = A\n    d = A * n\n    A = A + 1\n    n = n + 1\n    return y, A, n, d",
    ),
    "is not the word that belongs here": ("return A and n", "return ((A) or (n))"),
    "a copy is missing": ("y = A\n    y[0] = n\n    return y", "y = A.copy()\n    y[0] = n\n    return y"),
    "brackets are missing": ("return A * n - A", "return A * (n - A)"),
    "brackets": ("return A * n * 2 - A", "return A * (n * 2 - A)"),
    "the root of the divisor is missing": ("return A / n", "return A / np.sqrt(n)"),
    "lacks its power": ("return A / n", "return A / n**2"),
    "holds whole numbers": ("y = np.array(A)\n    return y", "y = np.array(A) * 1.0\n    return y"),
    "each row has one of its own": ("return A[:, n]", "return A[np.arange(len(n)), n]"),
    "not the quantity that belongs here": ("return np.sum(A)", "return n"),
    "row and column are exchanged": ("return A[n, 1]", "return A[1, n]"),
    "begins or ends one off": ("return list(range(1, n))", "return list(range((1) + 0, (n) + 1))"),
}


@pytest.mark.parametrize("words", BECOMES)
def test_a_kind_of_change_gives_the_right_code(words):
    wrong, right = (f"def f(A, n):\n    {body}\n" for body in BECOMES[words])
    trees = [ast.dump(ast.parse(r.source)) for r in repairs_of(wrong) if words in r.words]
    assert ast.dump(ast.parse(right)) in trees


TOO_EARLY = """
def policy_delta(A, actions, R, b):
    Delta = np.exp(A - A.max(axis=1, keepdims=True))
    Delta /= Delta.sum(axis=1, keepdims=True)
    Delta *= (R - b).reshape(-1, 1)
    Delta[np.arange(len(A)), actions] -= 1
    return Delta
"""


def test_one_change_comes_before_two_slips_of_the_reference():
    hint = told(replace(policy_delta, hints={}), written(TOO_EARLY, "policy_delta"))
    assert "line 5 of its cell" in hint and "this step and the next one stand in the wrong order" in hint


@question(returns=("v̂", "p"), section="", inputs=lambda rng, I: normal(rng, (I,), (I,)))
def both(v, w):
    """A sum and a product."""
    return v + w, v * w


OF_THE_SUM = """
def both(v, w):
    v = v + w
    return v, v * w
"""


def test_what_breaks_a_right_array_is_not_told_as_mending_another():
    """Without the term w the product is right, and the sum is not."""
    trial = Trial(written(OF_THE_SUM, "both"), Diagnosis(both, both.cases()), 0)
    repairs = [repair for repair in repairs_of(trial.source) if repair.words == "a term is too many"]
    assert a_part(trial, list(zip(repairs, trial.in_first([r.source for r in repairs]), strict=True))) == ""


def test_what_breaks_an_array_that_this_check_does_not_judge_mends_nothing():
    product = replace(both, only=("p",))
    trial = Trial(written(OF_THE_SUM, "both"), Diagnosis(product, product.cases()), 0)
    (repair,) = [r for r in repairs_of(trial.source) if r.words == "a term is too many" and r.new == "(v)"]
    (by_case,) = trial.in_all([repair.source])
    assert all(trial.is_right(arrays, n) for n, arrays in enumerate(by_case))
    assert not trial.everywhere(by_case)


LOOP = """
def f(n):
    for k in range(n - 1):
        n = n - k
    return n
"""


def test_bounds_of_a_loop_are_not_turned_round():
    repairs = repairs_of(LOOP.strip())
    assert {r.line for r in repairs if r.words == "the difference is turned round"} == {3}
    assert any(r.words == "the loop has the wrong number of rounds" for r in repairs)


def test_a_slip_in_the_code_beside_one_of_the_reference_is_told_as_a_place():
    hint = told(latitude, written("def latitude(A, b):\n    return np.arcsin(np.sqrt(A))\n", "latitude"))
    assert "in line 2 of its cell" in hint and hint.startswith("Something is wrong")
