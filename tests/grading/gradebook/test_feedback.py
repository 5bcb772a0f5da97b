"""Feedback is nbgrader's own, made on all cores."""

import os
import re
import subprocess
import sys

import pytest

from nnlib.grading.autograde import Run, grade
from nnlib.grading.gradebook.feedback import FEWEST
from tests.grading.course import Course, environment_path, solution_answers

UNIT = "1_regression"
pytestmark = [pytest.mark.slow, pytest.mark.sandbox, pytest.mark.filterwarnings("ignore")]


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    made = Course(tmp_path_factory.mktemp("feedback"), UNIT)
    made.write_config()
    made.generate()
    for number in range(3 * FEWEST):
        made.submit(f"student-{number:02}", solution_answers(UNIT) if number % 2 else {})
    grade(made.api.coursedir, UNIT, Run(bar=False))
    return made


def generate(course, *options):
    line = [sys.executable, "-m", "nbgrader", "generate_feedback", UNIT, "--force", *options]
    return subprocess.run(
        line, cwd=course.folder, env=os.environ | {"PATH": environment_path()}, capture_output=True, text=True
    )


def pages(course):
    found = {
        path.parts[-3]: path.read_text() for path in course.folder.glob(f"feedback/*/{UNIT}/{UNIT}.html")
    }
    # nbconvert numbers what it folds anew in each run.
    return {student: re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "", page) for student, page in found.items()}


def test_every_student_gets_the_page_that_stock_makes(course):
    done = generate(course)
    assert done.returncode == 0, done.stderr
    ours = pages(course)
    assert len(ours) == 3 * FEWEST
    course.write_config(stock=True)
    try:
        assert generate(course).returncode == 0
    finally:
        course.write_config()
    assert pages(course) == ours


def test_a_page_that_cannot_be_made_is_told(course):
    broken = course.folder / "autograded" / "student-03" / UNIT / f"{UNIT}.ipynb"
    whole = broken.read_text()
    broken.chmod(0o644)
    broken.write_text("{")
    done = generate(course)
    broken.write_text(whole)
    assert done.returncode != 0 and "student-03" in done.stderr
    assert len(pages(course)) >= 3 * FEWEST - 1
