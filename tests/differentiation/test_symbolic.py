"""The file that the lecture shows, and what an expression does with 0, 1 and brackets."""

import inspect

import numpy as np
import pytest

from nnlib.differentiation import symbolic
from nnlib.differentiation.symbolic import Expression

LINES = 130


def test_the_expression_tree_can_be_shown_whole():
    """Lecture 5 shows the source of this one file from top to bottom: what is no rule lives elsewhere."""
    lines = inspect.getsource(symbolic).splitlines()
    assert len(lines) <= LINES, f"symbolic.py has {len(lines)} lines, more than a lecture can show."
    source = inspect.getsource(Expression)
    for shown in ("def apply", "def derivative", "def evaluate", "RULES[node.ufunc]"):
        assert shown in source


x, y = Expression("x"), Expression("y")


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (x + 0, "x"), (0 + x, "x"), (x - 0, "x"), (0 - x, "0 - x"), (1 * x, "x"), (x * 1, "x"), (x / 1, "x"),
        (1 / x, "1 / x"), (x * 0, "0.0"), (0 * x, "0.0"), (x**1, "x"), (x**0, "1.0"), (1**x, "1 ** x"),
        (-1 * x, "-x"), (x * -1, "-x"), (+x, "x"),
    ],
)  # fmt: skip
def test_what_0_and_1_do(expression, text):
    assert str(expression) == text


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (x + (y + 1), "x + y + 1"), (x - (y + 1), "x - (y + 1)"), (x - y - 1, "x - y - 1"),
        (x * (y * 2), "x * y * 2"), (x / (y * 2), "x / (y * 2)"), ((x + y) * 2, "(x + y) * 2"),
        (x**y**2, "x ** y ** 2"), ((x**y) ** 2, "(x ** y) ** 2"), (-x * y, "-x * y"), (-(x * y), "-(x * y)"),
        ((-x) ** 2, "(-x) ** 2"), (-(x**2), "-(x ** 2)"), (x * -2, "x * (-2)"), (x + -2, "x + -2"),
        (np.sin(x + y) / 0.5, "sin(x + y) / 0.5"), (np.arctan2(x, 1), "arctan2(x, 1)"),
    ],
)  # fmt: skip
def test_brackets_stand_where_they_are_needed(expression, text):
    assert str(expression) == text
    values = {"x": 1.3, "y": 0.7, "sin": np.sin, "arctan2": np.arctan2}
    assert eval(text, values) == pytest.approx(expression.evaluate({x: 1.3, y: 0.7}))
