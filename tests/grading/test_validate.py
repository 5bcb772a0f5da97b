"""At home, without sandbox: `Validate` runs the visible checks and gives the hints that grading gives."""

import html
import io

import nbformat
import pytest
from nbgrader.validator import Validator

from tests.grading.catalogue import answers
from tests.grading.graded import COMPARED

pytestmark = [pytest.mark.slow, pytest.mark.sandbox, pytest.mark.filterwarnings("ignore")]


@pytest.mark.parametrize("graded", COMPARED, indirect=True)
def test_validate_gives_the_hints_of_grading(graded):
    course = graded.course
    wrong = {a.question for a in answers() if a.unit == course.unit and a.slip}
    paths = {student: course.submitted(student) for student in ("wrong", "reference")}
    verdict = graded.verdicts["wrong"]
    hints = {name: f"Not yet: {hint}" for name, _, hint in verdict["hints"]}
    cells = {cell.source.strip(): cell.id for cell in nbformat.read(paths["wrong"], as_version=4).cells}
    at_home = {
        cells[failed["source"].strip()]: html.unescape(failed["error"])
        for failed in validated(paths["wrong"])["failed"]
    }
    # A check that only hidden inputs fail passes at home.
    assert set(at_home) <= set(hints) and len(at_home) >= len(wrong) // 2
    assert at_home == {name: hints[name] for name in at_home}
    assert "failed" not in validated(paths["reference"])


def validated(path):
    validator = Validator()
    validator.stream = io.StringIO()
    return validator.validate(str(path))
