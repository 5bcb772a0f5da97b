"""The catalogue of hostile submissions, made into notebooks."""

import textwrap
import tomllib
from dataclasses import dataclass, field

import nbformat

from tests.grading.catalogue import ROOT, questions
from tests.grading.course import solution_answers, with_body

UNIT = "1_regression"


@dataclass(frozen=True)
class Hostile:
    """One entry of tests/catalogue/hostile.toml, which says what its keys mean."""

    name: str
    stock: str
    code: str = ""
    answer: str = "import numpy as np\nreturn np.zeros_like({first})"
    answers: dict = field(default_factory=dict)
    event: str = ""
    damage: str = ""
    lost: bool = False

    def __str__(self):
        return self.name

    def submit(self, course, port, home):
        """Hand it in: the first question right, the rest as hostile as can be."""

        def filled(text):
            for mark, value in (("{course}", course.folder), ("{port}", port), ("{home}", home)):
                text = text.replace(mark, str(value))
            return text.replace("{{", "{").replace("}}", "}").strip()

        first = questions(UNIT)[0]
        own = solution_answers(UNIT)
        body = self.answer if "{first}" in self.answer else filled(self.answer)
        body = (
            textwrap.indent(body.strip(), "    ")
            .strip()
            .replace("{f", "\0")
            .replace("{", "{{")
            .replace("}", "}}")
        )
        body = body.replace("\0irst}}", "{first}").replace("\0", "{{f")
        answers = {q: code if q == first else with_body(code, body) for q, code in own.items()} | self.answers

        def change(notebook):
            if self.code:
                number = next(n for n, cell in enumerate(notebook.cells) if cell.id == "setup")
                cell = nbformat.v4.new_code_cell(filled(self.code))
                notebook.cells.insert(number + 1, cell)

        course.submit(self.name, answers, change)


def hostile():
    """All entries."""
    table = tomllib.loads((ROOT / "tests" / "catalogue" / "hostile.toml").read_text())
    return [Hostile(**entry) for entry in table["hostile"]]
