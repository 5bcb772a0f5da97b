"""A hint claims no more than what is so: answers that used to be told something else."""

import numpy as np
import pytest

from nnlib.grading.checks import CheckFailed
from nnlib.grading.checks.judging.plainly import size_of
from nnlib.grading.checks.judging.raised import CLASHES
from nnlib.grading.checks.judging.where import where_wrong
from nnlib.grading.checks.question import normal, question
from nnlib.grading.checks.search.repairs import repairs_of
from nnlib.grading.checks.search.words import both
from tests.grading.catalogue import Answer
from tests.grading.checks.test_catalogue import graded

pytestmark = pytest.mark.slow

CLAIMED = {
    "2_neural_networks-xor": (
        """
def xor():
    W = np.ones((2, 2)) * 10
    return W, np.array([-5.0, -5.0]), np.array([[10.0, -10.0]]), np.array([0.0])
""",
        "wrong side of 0.5",
        "Right, but not sure",
    ),
    "2_neural_networks-bump": (
        """
def bump(l, r, h):
    s = 100 / (r - l)
    return np.array([[s], [s]]), np.array([-s * l, -s * r]), np.array([[h, -h]]), np.array([h])
""",
        "Everything is lifted by",
        "not steep enough",
    ),
    "2_neural_networks-fixed_point": (
        """
def fixed_point(W, b):
    x = np.random.default_rng(0).normal(size=len(b))
    for _ in range(17):
        x = np.tanh(W @ x + b)
    return x
""",
        "digits and no more",
        "slope",
    ),
    "5_automatic_differentiation-power": (
        """
def power(v, v_dot, p):
    if v == 0:
        return 0.0, 0.0
    return v**p, p * v ** (p - 1) * v_dot
""",
        "",
        "whatever is given",
    ),
    "5_automatic_differentiation-second_derivative": (
        """
def second_derivative(f, x, h=2e-5):
    return (f(x + h) - 2 * f(x) + f(x - h)) / h**2
""",
        "digits and no more",
        "is not right",
    ),
}


@pytest.mark.parametrize("question_of_unit", CLAIMED)
def test_a_hint_names_the_true_cause_alone(question_of_unit):
    code, said, unsaid = CLAIMED[question_of_unit]
    unit, name = question_of_unit.split("-")
    hints = graded(Answer(unit, name, "claimed", code, said))[2]
    assert said in hints[0] and unsaid not in hints[0], hints[0]


@question(returns="Y", section="A layer", inputs=lambda rng, N, I: normal(rng, (I, I), (N, I)))
def twice(W, X):
    """W is used turned at two places."""
    Y = np.tanh(X @ W.T)
    return Y @ W.T


def test_a_reversed_name_is_not_called_reversed():
    with pytest.raises(CheckFailed, match="W is not transposed") as failure:
        twice(lambda W, X: np.tanh(X @ W) @ W)
    assert "W is transposed" not in failure.value.hint


def test_the_hint_names_rows_that_all_hold_the_last():
    right = np.arange(12.0).reshape(4, 3)
    hint = where_wrong("the angles", [right[[-1] * 4]], [right], 1e-8)
    assert "in all rows" in hint and "Store a copy" in hint


def test_a_number_has_no_shape_in_a_hint():
    hint = where_wrong("the number of parameters", [np.array(3.0)], [np.array(5.0)], 1e-8)
    assert hint == "the number of parameters is not right, the difference is up to 2."


def test_true_or_false_lacks_no_term():
    source = "def f(W, y):\n    fires = W.sum(axis=1) > 0\n    return np.where(fires, y, 0)\n"
    assert not [r for r in repairs_of(source) if r.line == 2 and "missing" in r.words]


def test_the_hint_gives_sizes_of_layers_as_a_network():
    assert (size_of("nodes", (3, 5, 2)), size_of("N", 6)) == ("a network 3-5-2", "N = 6")


def test_the_hint_names_a_value_that_does_not_fit_its_place():
    with pytest.raises(ValueError) as error:
        np.empty(5)[:] = np.ones((5, 5))
    (words,) = [words for words, said in CLASHES.items() if said in str(error.value)]
    assert "(N,) and (N, 1) make (N, N)" in words


def test_a_quantity_with_an_article_is_no_factor():
    assert both("the next W", "W") == "the next W and W"
    assert both("W", "V") == "the factors W and V"


def test_an_answer_of_a_fixed_size_gets_a_hint():
    code = """
def hidden_deltas(Delta, W, A):
    D = np.zeros((4, 4))
    D[:] = (1 - np.tanh(A) ** 2) * (Delta @ W)
    return D
"""
    hints = graded(Answer("4_backpropagation", "hidden_deltas", "fixed", code, ""))[2]
    assert "in line 3 of its cell, `D = np.zeros((4, 4))`" in hints[0], hints[0]
