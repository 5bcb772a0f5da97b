"""At home, without sandbox: `Validate` runs the visible checks and gives the hints that grading gives."""

import html
import io

import nbformat
import pytest
from nbgrader.validator import Validator

from nnlib.grading.autograde import Run, grade
from nnlib.grading.checks.judging.seed import VARIABLE
from tests.grading.catalogue import answers, units
from tests.grading.course import Course, solution_answers

pytestmark = [pytest.mark.slow, pytest.mark.sandbox, pytest.mark.filterwarnings("ignore")]


@pytest.mark.parametrize("unit", units())
def test_validate_gives_the_hints_of_grading(unit, tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, "1")  # with the numbers of home
    course = Course(tmp_path, unit)
    course.generate()
    wrong = {a.question: a.code for a in reversed(list(answers())) if a.unit == unit and a.slip}
    paths = {"wrong": course.submit("wrong", solution_answers(unit) | wrong)}
    paths["reference"] = course.submit("reference", solution_answers(unit))
    verdict = grade(course.api.coursedir, unit, Run(bar=False))["wrong"]
    told = {name: f"Not yet: {hint}" for name, _, hint in verdict["hints"]}
    cells = {cell.source.strip(): cell.id for cell in nbformat.read(paths["wrong"], as_version=4).cells}
    at_home = {
        cells[failed["source"].strip()]: html.unescape(failed["error"])
        for failed in validated(paths["wrong"])["failed"]
    }
    # A check that only hidden inputs fail passes at home.
    assert set(at_home) <= set(told) and len(at_home) >= len(wrong) // 2
    assert at_home == {name: told[name] for name in at_home}
    assert "failed" not in validated(paths["reference"])


def validated(path):
    validator = Validator()
    validator.stream = io.StringIO()
    return validator.validate(str(path))
