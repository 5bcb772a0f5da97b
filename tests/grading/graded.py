"""A graded class for each unit, made once for all tests: right, wrong, useless and half answers.

Two units have all students in each run, the others the reference alone; `make test-stock` makes all.
"""

import fcntl
import os
from dataclasses import dataclass

import pytest

from nnlib.grading.autograde import Run, grade
from nnlib.grading.checks.judging.seed import VARIABLE
from nnlib.grading.gradebook.campaign import Campaign
from tests.grading.catalogue import answers, questions, units
from tests.grading.course import Course, solution_answers, with_body

SEED = "1"
"""The seed of home, so that the visible checks draw the numbers that they draw there."""

ALWAYS = ("1_regression", "5_automatic_differentiation")
"""A unit of functions and one of classes: all their students are graded in each run."""

WHOLE = "NNLIB_WHOLE_BATCH" in os.environ
"""Whether every unit gets all students, and root grades every hostile submission."""


def in_each_run(*always):
    """All units as parameters, of which all but these are left to `make test-stock`."""
    return [pytest.param(unit, marks=() if unit in always else pytest.mark.stock) for unit in units()]


COMPARED = in_each_run(*ALWAYS)

USELESS = {
    "passes": "pass",
    "zeros": "return np.zeros_like({first})",
    "ones": "return np.ones_like({first})",
    "its_input": "return {first}",
}


def wrong_answers(unit):
    """The first wrong answer of the catalogue to each question."""
    return {a.question: a.code for a in reversed(list(answers())) if a.unit == unit and a.slip}


def wrong_in_mixed(unit):
    """The third of the questions that the student "mixed" has wrong, and the student "wrong" has right."""
    return questions(unit)[1::3]


def honest(unit):
    """Students and their answers: right, in another style, in part, a third wrong, and with a mistake of form."""
    own = solution_answers(unit)
    catalogue = [a for a in answers() if a.unit == unit]
    first, last = questions(unit)[0], questions(unit)[-1]
    wrong = wrong_answers(unit)
    few = {q: own[q] for q in questions(unit)[1:4]}
    return {
        "reference": own,
        "styles": own | {a.question: a.code for a in reversed(catalogue) if not a.slip},
        "half": {q: own[q] for q in questions(unit)[::2]},
        "mixed": own | {q: wrong[q] for q in wrong_in_mixed(unit)},
        "no_syntax": few | {first: "def this is no Python"},
        "raises": few | {last: own[last] + "\n1 / 0"},
    }


def everyone_else(course, own):
    """Hand in for all but the reference."""
    unit = course.unit
    for student, answers_ in honest(unit).items():
        course.submit(student, answers_)
    wrong = {q: code for q, code in wrong_answers(unit).items() if q not in wrong_in_mixed(unit)}
    course.submit("wrong", own | wrong)
    course.submit("untouched")
    for student, body in USELESS.items():
        course.submit(student, {question: with_body(code, body) for question, code in own.items()})


@dataclass
class GradedClass:
    """The course, and the verdict of each student."""

    course: Course
    verdicts: dict


def graded_class(unit, place, patch):
    """The class of a unit in a folder that the processes of a test run share; who comes first makes it."""
    place.mkdir(parents=True, exist_ok=True)
    patch.setenv(VARIABLE, SEED)
    with open(place / f"{unit}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        folder, done = place / unit, place / f"{unit}.done"
        course = Course(folder, unit)
        if not done.exists():
            course.generate()
            own = solution_answers(unit)
            course.submit("reference", own)
            if WHOLE or unit in ALWAYS:
                everyone_else(course, own)
            grade(course.api.coursedir, unit, Run(bar=False))
            done.touch()
    return GradedClass(course, Campaign(course.api.coursedir, unit).verdicts())
