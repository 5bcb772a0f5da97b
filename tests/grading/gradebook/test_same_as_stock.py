"""Honest submissions earn the same points here as by stock nbgrader, question by question.

But for one rule: a warning on stderr costs all points of a test cell there, and none here.
"""

import os
import re
import subprocess

import pytest

from nnlib.grading.autograde import Run, grade
from nnlib.grading.checks.judging.seed import VARIABLE
from tests.grading.catalogue import questions, units
from tests.grading.course import Course, environment_path, solution_answers
from tests.grading.graded import ALWAYS, SEED, honest, in_each_run

pytestmark = [pytest.mark.slow, pytest.mark.sandbox, pytest.mark.filterwarnings("ignore")]


def stock(course):
    """Grade the whole course by stock nbgrader, as an instructor would."""
    course.write_config(stock=True)
    line = ["nbgrader", "autograde", course.unit]
    done = subprocess.run(
        line,
        cwd=course.folder,
        env=os.environ | {"PATH": environment_path(), VARIABLE: SEED},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


FIRST = in_each_run(ALWAYS[0])
"""Stock nbgrader takes ten seconds for a student: one unit in each run."""


@pytest.mark.parametrize("graded", FIRST, indirect=True)
def test_the_same_points_as_stock(graded, tmp_path):
    ours, unit = graded.course, graded.course.unit
    theirs = Course(tmp_path, unit)
    theirs.generate()
    students = honest(unit)
    del students["styles"]  # as the reference: all points, and most of the time
    for student, own in students.items():
        theirs.submit(student, own)
    assert all(
        graded.verdicts[s]["verdict"] == "graded" and not graded.verdicts[s]["events"] for s in students
    )
    stock(theirs)
    assert {s: ours.points(s) for s in students} == {s: theirs.points(s) for s in students}
    totals = {student: ours.total(student) for student in students}
    assert 0 < totals["half"] < totals["reference"] > totals["mixed"]


def test_a_warning_costs_points_there_and_none_here(tmp_path):
    unit = units()[0]
    own = solution_answers(unit)
    question = questions(unit)[0]
    warns = r"\1    import warnings; warnings.warn('careful')\n"
    loud = own | {question: re.sub(r"(def .*:\n)", warns, own[question], count=1)}
    points = {}
    for name in ("ours", "stock"):
        course = Course(tmp_path / name, unit, few=True)
        course.generate()
        course.submit("loud", loud)
        if name == "ours":
            grade(course.api.coursedir, unit, Run(bar=False))
        else:
            stock(course)
        points[name] = {
            cell: p for cell, p in course.points("loud").items() if cell.startswith(f"{question}-")
        }
    assert all(p > 0 for p in points["ours"].values()) and set(points["stock"].values()) == {0}
