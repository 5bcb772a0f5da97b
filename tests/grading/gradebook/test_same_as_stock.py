"""Honest submissions earn the same points here as by stock nbgrader, question by question.

But for one rule: a warning on stderr costs all points of a test cell there, and none here.
"""

import os
import re
import subprocess

import pytest

from nnlib.grading.autograde import Run, grade
from tests.grading.catalogue import answers, questions, units
from tests.grading.course import Course, environment_path, solution_answers

pytestmark = [pytest.mark.slow, pytest.mark.sandbox, pytest.mark.filterwarnings("ignore")]


def honest(unit):
    """Students and their answers: right, in another style, in part, wrong, and with a mistake of form."""
    own = solution_answers(unit)
    catalogue = [a for a in answers() if a.unit == unit]
    first, last = questions(unit)[0], questions(unit)[-1]
    return {
        "reference": own,
        "other-style": own | {a.question: a.code for a in catalogue if not a.slip},
        "part": {q: own[q] for q in questions(unit)[::2]},
        "wrong": own | {a.question: a.code for a in reversed(catalogue) if a.slip},
        "no-syntax": own | {first: "def this is no Python"},
        "raises": own | {last: own[last] + "\n1 / 0"},
    }


def stock(course):
    """Grade the whole course by stock nbgrader, as an instructor would."""
    course.write_config(stock=True)
    line = ["nbgrader", "autograde", course.unit]
    done = subprocess.run(
        line, cwd=course.folder, env=os.environ | {"PATH": environment_path()}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("unit", units())
def test_the_same_points_as_stock(unit, tmp_path, monkeypatch):
    monkeypatch.setenv("NNLIB_CAMPAIGN_SEED", "11")
    ours, theirs = Course(tmp_path / "ours", unit), Course(tmp_path / "stock", unit)
    for course in (ours, theirs):
        course.generate()
        for student, own in honest(unit).items():
            course.submit(student, own)
    verdicts = grade(ours.api.coursedir, unit, Run(bar=False))
    assert all(v["verdict"] == "graded" and not v["events"] for v in verdicts.values())
    stock(theirs)
    assert {s: ours.points(s) for s in honest(unit)} == {s: theirs.points(s) for s in honest(unit)}
    totals = {student: ours.total(student) for student in honest(unit)}
    assert 0 < totals["part"] < totals["reference"] == totals["other-style"] > totals["wrong"]


def test_a_warning_costs_points_there_and_none_here(tmp_path):
    unit = units()[0]
    own = solution_answers(unit)
    question = questions(unit)[0]
    warns = r"\1    import warnings; warnings.warn('careful')\n"
    loud = own | {question: re.sub(r"(def .*:\n)", warns, own[question], count=1)}
    points = {}
    for name in ("ours", "stock"):
        course = Course(tmp_path / name, unit)
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
