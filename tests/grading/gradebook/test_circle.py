"""The whole circle with the real nbgrader: generate, submit, autograde, feedback, export."""

import ast
import csv
import re

import nbformat
import pytest
from nbgrader.plugins import CsvExportPlugin

from tests.grading.catalogue import ROOT, checks_of, is_given, questions, solution
from tests.grading.course import points_of, solution_answers
from tests.grading.graded import COMPARED, USELESS, wrong_in_mixed

pytestmark = [
    pytest.mark.slow,
    pytest.mark.sandbox,
    pytest.mark.filterwarnings("ignore"),  # nbgrader's own warnings
]

of_everyone = pytest.mark.parametrize("graded", COMPARED, indirect=True)
"""Tests that look at others than the reference."""


@pytest.fixture
def course(graded):
    return graded.course


def possible(unit, of=None):
    return points_of(unit, questions(unit) if of is None else of)


def test_the_reference_earns_all_automatic_points(course):
    assert course.total("reference") == possible(course.unit)


@of_everyone
def test_right_answers_in_other_styles_earn_all_automatic_points(course):
    assert course.total("styles") == possible(course.unit)


@of_everyone
@pytest.mark.parametrize("student", ["untouched", *USELESS])
def test_a_useless_submission_earns_nothing(course, student):
    assert course.total(student) == 0


@of_everyone
def test_a_half_right_submission_earns_exactly_its_part(course):
    answered = questions(course.unit)[::2]
    points = course.points("half")
    for question in questions(course.unit):
        for cell in checks_of(course.unit, question):
            # A later answer may call an earlier one that is missing: then its checks fail too.
            if question not in answered:
                assert points[cell.id] == 0, cell.id
    independent = [q for q in answered if _stands_alone(course.unit, q, answered)]
    expected = possible(course.unit, independent)
    assert course.total("half") == expected > 0


def _stands_alone(unit, question, answered):
    """Whether an answer calls none that is missing: by itself, by given code, or by other answers."""
    own = solution_answers(unit)
    code = own | {cell.id: cell.source for cell in solution(unit).cells if is_given(cell)}
    lacking = {name for name in own if name not in answered}
    while True:
        names = {f for name in lacking for f in re.findall(r"^(?:def|class) (\w+)", code[name], re.M)}
        more = {name for name in set(code) - lacking if names & _used(code[name])}
        if not more:
            return question not in lacking
        lacking |= more


def _used(code):
    """The names that code takes from outside: an argument called like a question is none of them."""
    nodes = list(ast.walk(ast.parse(code)))
    own = {n.arg for n in nodes if isinstance(n, ast.arg)}
    return {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)} - own


@of_everyone
def test_each_wrong_answer_loses_points_on_its_question(course):
    points = {student: course.points(student) for student in ("wrong", "mixed")}
    for question in questions(course.unit):
        cells = checks_of(course.unit, question)
        student = "mixed" if question in wrong_in_mixed(course.unit) else "wrong"
        assert any(points[student][cell.id] == 0 for cell in cells), question


def test_the_written_question_waits_for_a_person(course):
    written = [c for c in solution(course.unit).cells if c.cell_type == "markdown"]
    ids = [c.id for c in written if c.metadata.nbgrader.grade]
    assert ids and all(course.points("reference")[name] is None for name in ids)


@of_everyone
def test_feedback_holds_the_hint_and_no_traceback_of_the_checker(course):
    page = course.feedback("wrong").read_text()
    assert "Not yet: " in page
    # A traceback of the student's own picture cell is theirs to read; of the checks there is none.
    assert "comparison.py" not in page and "CheckFailed" not in page


@of_everyone
def test_export_lists_every_student_with_the_points(course, tmp_path):
    exporter = CsvExportPlugin(config=course.config)
    exporter.to = str(tmp_path / "grades.csv")
    with course.api.gradebook as gradebook:
        exporter.export(gradebook)
    rows = {row["student_id"]: row for row in csv.DictReader(open(tmp_path / "grades.csv"))}
    assert float(rows["reference"]["score"]) == possible(course.unit)
    assert float(rows["untouched"]["score"]) == 0


def test_exercises_are_what_make_exercises_generates(course):
    """The release of `course` was made by nbgrader."""
    committed = ROOT / "exercises" / course.unit / f"{course.unit}.ipynb"
    assert nbformat.read(committed, 4) == nbformat.read(course.release, 4)


def test_the_release_holds_no_solution_and_no_hidden_check(course):
    folder = course.release.parent
    assert [path.name for path in folder.iterdir()] == [course.release.name]
    text = course.release.read_text()
    for never in ("BEGIN SOLUTION", "HIDDEN TESTS", "hidden=True", "Mark scheme"):
        assert never not in text
    for question, code in solution_answers(course.unit).items():
        body = [line.strip() for line in code.splitlines() if "SOLUTION" not in line]
        telling = [line for line in body if len(line) > 25 and not line.startswith(("def ", '"""'))]
        released = [c.source for c in nbformat.read(course.release, 4).cells if c.id == f"{question}-answer"]
        assert "raise NotImplementedError" in released[0]
        assert not any(line in released[0] for line in telling), question
