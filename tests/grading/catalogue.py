"""The catalogue of answers, right and wrong, and the notebook cells that they are held against.

tests/catalogue/<unit>/<question>.toml has tables [wrong.<name>] with `slip` and `code`, and
[right.<name>] with `code`. The code replaces the answer cell `<question>-answer`; the autograder
cells of the question are those whose id starts with `<question>-` and that carry points.
"""

import functools
import tomllib
from dataclasses import dataclass
from pathlib import Path

import nbformat

ROOT = Path(__file__).parent.parent.parent
FOLDER = Path(__file__).parent.parent / "catalogue"


@dataclass(frozen=True)
class Answer:
    unit: str
    question: str
    name: str
    code: str
    slip: str | None
    """What the hint for a wrong answer says, as a regular expression; None for a right one."""

    def __str__(self):
        return f"{self.unit}-{self.question}-{self.name}"


def answers():
    """Every entry of the catalogue."""
    for path in sorted(FOLDER.glob("*/*.toml")):
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        for kind, entries in tables.items():
            assert kind in ("wrong", "right"), f"{path}: [{kind}.…]"
            for name, entry in entries.items():
                slip = entry["slip"] if kind == "wrong" else None
                yield Answer(path.parent.name, path.stem, name, entry["code"], slip)


def units():
    return sorted(path.name for path in (ROOT / "solutions").iterdir() if path.is_dir())


@functools.cache
def solution(unit):
    """The notebook with the solutions of a unit. Look at it, and change nothing."""
    return nbformat.read(ROOT / "solutions" / unit / f"{unit}.ipynb", as_version=4)


def is_answer(cell):
    grading = cell.metadata.nbgrader
    return cell.cell_type == "code" and grading.solution


def is_given(cell):
    """Code that a question hands to the student, such as functions to be mended."""
    return cell.cell_type == "code" and "-given" in cell.id


def is_check(cell):
    grading = cell.metadata.nbgrader
    return cell.cell_type == "code" and grading.grade


def questions(unit):
    """The questions with a code answer, in order, without their "-answer"."""
    return [c.id.removesuffix("-answer") for c in solution(unit).cells if is_answer(c)]


def checks_of(unit, question):
    """The autograder cells of one question."""
    cells = solution(unit).cells
    start = [c.id for c in cells].index(f"{question}-answer")
    of_question = []
    for cell in cells[start + 1 :]:
        if cell.cell_type == "code" and is_answer(cell):
            break
        if is_check(cell):
            of_question.append(cell)
    return of_question
