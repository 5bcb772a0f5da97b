"""At home, without sandbox: `Validate` runs the visible checks and gives the hints that grading gives."""

import html
import importlib
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
    # Changed versions of what is asked through an object run at home alone: the hint may say more there.
    through = tuple(f"{question}-" for question in wrong if _through(course.unit, question))
    same = {name for name in at_home if not name.startswith(through)}
    assert {name: at_home[name] for name in same} == {name: hints[name] for name in same}
    assert len(same) > len(at_home) / 2
    assert "failed" not in validated(paths["reference"])


def _through(unit, question):
    """Whether the check calls the student's function or class through another function."""
    check = getattr(importlib.import_module(f"nnlib.grading.checks.unit_{unit[0]}"), question)
    parts = (check, *getattr(check, "parts", {}).values())
    return any(getattr(part, "through", None) for part in parts)


def validated(path):
    validator = Validator()
    validator.stream = io.StringIO()
    return validator.validate(str(path))
