"""Every wrong answer fails with its own hint, every right one earns all points: in one process."""

import contextlib
import functools
import io
from collections import Counter

import numpy as np
import pytest

from nnlib.grading.checks import CheckFailed
from nnlib.grading.checks.hints import HINTS
from tests.grading.catalogue import answers, checks_of, is_answer, is_given, questions, solution, units

ANSWERS = list(answers())
WRONG = [answer for answer in ANSWERS if answer.slip]
RIGHT = [answer for answer in ANSWERS if not answer.slip]


@functools.cache
def reference(unit):
    """The names that the solution's setup, given and answer cells define."""
    names = {}
    for cell in solution(unit).cells:
        if cell.id == "setup" or is_given(cell) or (cell.cell_type == "code" and is_answer(cell)):
            exec(compile(cell.source, cell.id, "exec"), names)
    return names


def graded(answer):
    """Points earned, points possible, and the slips of the failed cells."""
    names = dict(reference(answer.unit))
    # Later names see the replaced answer as in a notebook: all cells share one namespace.
    for cell in solution(answer.unit).cells:
        if cell.cell_type == "code" and is_answer(cell):
            own = cell.id == f"{answer.question}-answer"
            exec(compile(answer.code if own else cell.source, cell.id, "exec"), names)
    earned = possible = 0
    slips = []
    for cell in checks_of(answer.unit, answer.question):
        possible += cell.metadata.nbgrader.points
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                exec(compile(cell.source, cell.id, "exec"), names)
            earned += cell.metadata.nbgrader.points
        except CheckFailed as failure:
            slips.append(failure.slip)
    return earned, possible, slips


@pytest.mark.parametrize("answer", WRONG, ids=str)
def test_a_wrong_answer_fails_with_its_own_hint(answer):
    earned, possible, slips = graded(answer)
    assert slips and slips[0] == answer.slip
    assert earned < possible


@pytest.mark.parametrize("answer", RIGHT, ids=str)
def test_a_right_answer_in_another_style_earns_all_points(answer):
    earned, possible, slips = graded(answer)
    assert (earned, slips) == (possible, [])


@pytest.mark.parametrize("unit", units())
def test_the_catalogue_covers_every_question(unit):
    wrong = Counter(a.question for a in WRONG if a.unit == unit)
    right = Counter(a.question for a in RIGHT if a.unit == unit)
    for question in questions(unit):
        assert wrong[question] >= 5, f"{question} has {wrong[question]} wrong answers"
        assert right[question] >= 3, f"{question} has {right[question]} right answers"


USELESS = {
    "none": lambda *arguments: None,
    "zeros": lambda *arguments: np.zeros_like(arguments[0]),
    "ones": lambda *arguments: np.ones_like(arguments[0]),
    "zero": lambda *arguments: 0.0,
    "one": lambda *arguments: 1.0,
    **{f"input_{n}": (lambda *arguments, n=n: arguments[min(n, len(arguments) - 1)]) for n in range(3)},
}


@pytest.mark.parametrize("useless", USELESS)
@pytest.mark.parametrize("unit", units())
def test_a_useless_answer_earns_nothing(unit, useless):
    for question in questions(unit):
        names = dict(reference(unit))
        for cell in checks_of(unit, question):
            code = compile(cell.source, cell.id, "exec")
            called = [n for n in code.co_names if callable(names.get(n)) and n != "checks"]
            for name in called:
                with pytest.raises(CheckFailed):
                    exec(code, names | {name: USELESS[useless]})


def test_every_hint_is_used_and_none_is_missing():
    told = {answer.slip for answer in WRONG}
    assert told - set(HINTS) <= {"raises", "shape", "none", "wrong", "type", "not_finite"}
