"""A unit played through with nbgrader and its exchange: the course that the tests of a semester look at."""

import logging
import os
import sys
from multiprocessing import get_context

import nbformat
from nbgrader.apps import NbGraderApp

from nnlib.grading.autograde import Run, grade
from nnlib.grading.gradebook import collected
from nnlib.grading.gradebook.feedback import FEWEST
from tests.grading.course import FEW, Course, environment_path, solution_answers

UNIT = "1_regression"
TRANSPOSED = "def gradient(W, X, T):\n    return X.T @ (X @ W.T - T)"
OWN_MARKERS = "### BEGIN HIDDEN TESTS\nprint('mine')"
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def picture_pasted(notebook):
    """A picture pasted into the written answer, one that is missing, and marks of hidden tests in own cells."""
    cell = next(cell for cell in notebook.cells if cell.id == "written-answer")
    cell.source = "Softmax is flat, $y(1-y)$.\n\n![mine](attachment:image.png) ![gone](attachment:gone.png)"
    cell["attachments"] = {"image.png": {"image/png": PIXEL}}
    notebook.cells.append(nbformat.v4.new_code_cell(OWN_MARKERS))
    notebook.cells.append(nbformat.v4.new_code_cell("raise ValueError('\\ud800')"))


def command(words, folder, home, said):
    """Run the command nbgrader with these arguments as a new process."""
    os.chdir(folder)
    os.environ |= {"PATH": environment_path(), "HOME": str(home)}
    sys.stdout = sys.stderr = said.open("w")
    logging.getLogger().handlers.clear()
    NbGraderApp.clear_instance()
    NbGraderApp.launch_instance(list(words))


class Semester:
    """Everybody has handed in; graded, a part of it read, feedback made."""

    def __init__(self, folder):
        self.course = course = Course(folder / "course", UNIT, few=True)
        self.commands = []
        self.exchange = folder / "exchange"
        self.exchange.mkdir()
        self.exchange.chmod(0o777)
        course.write_config()
        with (course.folder / "nbgrader_config.py").open("a") as config:
            config.write(f"\nc.Exchange.root = {str(self.exchange)!r}\n")
        course.generate()
        self.nbgrader("release_assignment", UNIT)
        self.own = solution_answers(UNIT)
        self.home = folder / "student"
        self.home.mkdir()
        self.nbgrader("fetch_assignment", UNIT, of_student=True)
        fetched = self.home / UNIT / f"{UNIT}.ipynb"
        notebook = nbformat.read(fetched, as_version=4)
        for cell in notebook.cells:
            if cell.id.removesuffix("-answer") in self.own:
                cell.source = self.own[cell.id.removesuffix("-answer")]
        nbformat.write(notebook, fetched)
        self.nbgrader("submit", UNIT, of_student=True)
        self.nbgrader("collect", UNIT)
        (self.fetcher,) = (path.name for path in (course.folder / "submitted").iterdir())
        course.submit("wrong", self.own | {"gradient": TRANSPOSED})
        course.submit("part", {question: self.own[question] for question in FEW[::2]})
        course.submit("pasted", self.own, picture_pasted)
        for number in range(FEWEST):
            course.submit(f"student-{number}", {} if number % 2 else self.own | {"gradient": TRANSPOSED})
        with course.api.gradebook as gradebook:
            gradebook.update_or_create_student(
                "part", first_name="Ada", last_name="Lovelace", email="ada@example.org"
            )
        self.verdicts = grade(course.api.coursedir, UNIT, Run(bar=False))
        with course.api.gradebook as gradebook:
            notebook = gradebook.find_submission(UNIT, "part").notebooks[0]
            written = next(g for g in notebook.grades if g.name == "written-answer")
            written.manual_score, written.needs_manual_grade = 16.009999999999998 - 15, False
            next(
                c for c in notebook.comments if c.name == "written-answer"
            ).manual_comment = "Name the <factor>."
            gradebook.db.commit()
        collected.keep(
            course.api.coursedir, UNIT,
            {
                "part": {"system": "moodle", "origin": "Ada Lovelace_17_assignsubmission_file", "notes": []},
                "wrong": {"system": "moodle", "origin": "Bob_18_assignsubmission_file", "notes": []},
                "student-1": {"system": "canvas", "origin": "doejane_LATE_4711_990", "notes": []},
            },
        )  # fmt: skip
        self.said = self.nbgrader("generate_feedback", UNIT)

    def nbgrader(self, *words, of_student=False, fails=False):
        """What a command of nbgrader writes, run in the course's folder or in a student's."""
        self.commands.append(" ".join(["nbgrader", *words]))
        folder = self.home if of_student else self.course.folder
        options = [f"--Exchange.root={self.exchange}", "--course=neural-networks"] if of_student else []
        said = self.exchange.parent / "said.txt"
        # A copy of this process, which has loaded nbgrader already.
        process = get_context("fork").Process(
            target=command, args=([*words, *options], folder, self.exchange.parent, said)
        )
        process.start()
        process.join()
        assert (process.exitcode != 0) == fails, said.read_text()
        return said.read_text()

    def page(self, student):
        return (self.course.folder / "feedback" / student / UNIT / f"{UNIT}.html").read_text()
