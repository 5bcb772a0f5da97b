"""A course of its own in a temporary folder, driven through the real nbgrader."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from functools import cache
from pathlib import Path

import nbformat
from nbgrader.apps import NbGraderAPI
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from tests.grading.catalogue import ROOT, checks_of, is_answer

HANGS = 500
"""Seconds after which a process is said to hang: no grading of these tests takes a tenth of it."""

RELEASES = None
"""Where releases are kept for other courses to copy; the folder for temporary files if None."""


FEW = ("linear_output", "gradient", "softmax")
"""Questions of unit 1: enough for what is no matter of its questions, and graded many times as fast."""


class Course:
    """One unit, its release, and submissions of students, in a new folder or in that of such a course.

    `few`: of unit 1 with the questions `FEW` alone.
    """

    def __init__(self, folder, unit, database=None, few=False):
        self.folder, self.unit, self.few = Path(folder), unit, few
        if not self.solution.exists():
            shutil.copytree(ROOT / "solutions" / unit, self.solution.parent)
            if few:
                shorten(self.solution)
        config = Config(PyFileConfigLoader("nbgrader_config.py", path=str(ROOT)).load_config())
        config.CourseDirectory.root = str(self.folder)
        config.CourseDirectory.db_url = database or f"sqlite:///{self.folder}/gradebook.db"
        self.config = config
        self.api = NbGraderAPI(config=config)

    def write_config(self, stock=False):
        """Put the course's nbgrader_config.py into its folder; `stock`: without our way to grade."""
        text = (ROOT / "nbgrader_config.py").read_text()
        if stock:
            text = text.replace("\ntake_over()", "")
            text = text.replace("from nnlib.grading.gradebook.converter import take_over", "")
        (self.folder / "nbgrader_config.py").write_text(text)

    def generate(self):
        """Make the release and the gradebook. What nbgrader makes of an untouched unit is made once."""
        gradebook = self.folder / "gradebook.db"
        its_own = self.config.CourseDirectory.db_url.endswith(str(gradebook)) and not gradebook.exists()
        made = _generated(self.unit, self.few) if its_own else None
        place = Path("solutions", self.unit, f"{self.unit}.ipynb")
        if made is None or self.solution.read_bytes() != (made / place).read_bytes():
            self._expect(self.api.generate_assignment(self.unit, force=True, create=True))
            return
        shutil.copytree(made / "exercises", self.folder / "exercises")
        shutil.copy(made / "gradebook.db", gradebook)

    @property
    def solution(self):
        return self.folder / "solutions" / self.unit / f"{self.unit}.ipynb"

    @property
    def release(self):
        return self.folder / "exercises" / self.unit / f"{self.unit}.ipynb"

    def submit(self, student, answers=None, change=None):
        """Hand in the release, with the code of `answers` (question -> code) in its answer cells."""
        notebook = nbformat.read(self.release, as_version=4)
        for cell in notebook.cells:
            question = cell.id.removesuffix("-answer")
            if is_answer(cell) and answers and question in answers:
                cell.source = answers[question]
            elif cell.metadata.nbgrader.solution and answers and cell.cell_type == "markdown":
                cell.source = "The flat softmax and the steep logarithm cancel."
        if change:
            change(notebook)
        path = self.submitted(student)
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, path)
        return path

    def submitted(self, student):
        return self.folder / "submitted" / student / self.unit / f"{self.unit}.ipynb"

    def autograde(self, student):
        self._expect(self.api.autograde(self.unit, student, force=True, create=True))

    def feedback(self, student):
        self._expect(self.api.generate_feedback(self.unit, student, force=True))
        return self.folder / "feedback" / student / self.unit / f"{self.unit}.html"

    def points(self, student):
        """Automatic points per autograder cell, None where none were given."""
        with self.api.gradebook as gradebook:
            submission = gradebook.find_submission(self.unit, student)
            grades = submission.notebooks[0].grades
            return {grade.name: grade.auto_score for grade in grades}

    def total(self, student):
        return sum(points or 0 for points in self.points(student).values())

    @contextlib.contextmanager
    def running(self, *line):
        """`python -m` with this line, in the folder of the course; it is ended with the context."""
        environment = os.environ | {"PATH": environment_path(), "NNLIB_CAMPAIGN_SEED": "7"}
        environment["PYTHONFAULTHANDLER"] = "1"  # says where it hangs, if it does
        process = subprocess.Popen(
            [sys.executable, "-m", *line], cwd=self.folder, env=environment, text=True, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        try:
            yield process
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()

    def graded(self):
        """The students whose verdict is written."""
        return {path.stem for path in (self.folder / "campaigns" / self.unit / "students").glob("*.json")}

    def wait_until_graded(self, number, process):
        """Wait until the process has graded so many students; it must go on meanwhile."""
        begun = time.monotonic()
        while len(self.graded()) < number:
            assert process.poll() is None, process.stderr.read()
            if time.monotonic() - begun > HANGS:
                raise self._hang(process)
            time.sleep(0.02)

    def ended(self, process):
        """Wait for the end of a process: its exit code, and what it said on stdout and stderr."""
        try:
            said = process.communicate(timeout=HANGS)
        except subprocess.TimeoutExpired:
            raise self._hang(process) from None
        return process.returncode, *said

    @staticmethod
    def _hang(process):
        """The error that says where a process hangs, which is ended."""
        process.send_signal(signal.SIGABRT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=60)
        with contextlib.suppress(ProcessLookupError):  # none of its group is left
            os.killpg(process.pid, signal.SIGKILL)
        return AssertionError(f"it hangs:\n{process.communicate()[1]}")

    @staticmethod
    def _expect(result):
        assert result["success"], f"{result.get('log')}\n{result.get('error')}"


@cache
def _generated(unit, few):
    """The folder of a course whose release was made by nbgrader, for others to copy."""
    folder = Path(tempfile.mkdtemp(dir=RELEASES, prefix="nnlib-release-"))
    course = Course(folder, unit, few=few)
    course._expect(course.api.generate_assignment(unit, force=True, create=True))
    return folder


WITHHELD_UNTIL_THEN = "from nnlib.regression import linear\nprint(linear.gradient.__name__)"
"""What stands for a picture: to draw one takes longer than all the rest."""


def shorten(path):
    """Leave a notebook with the cells of FEW, and those before and after all questions, without pictures."""
    notebook = nbformat.read(path, as_version=4)
    kept = (*FEW, "title", "setup", "written")
    notebook.cells = [cell for cell in notebook.cells if cell.id.partition("-")[0] in kept]
    for cell in notebook.cells:
        if cell.id.endswith("-picture"):
            cell.source = WITHHELD_UNTIL_THEN
    nbformat.write(notebook, path)


def points_of(unit, questions):
    """What the checks of these questions give together."""
    return sum(cell.metadata.nbgrader.points for q in questions for cell in checks_of(unit, q))


def solution_answers(unit):
    """The solution's own code of each question, and its code with another body."""
    from tests.grading.catalogue import solution

    return {
        c.id.removesuffix("-answer"): c.source
        for c in solution(unit).cells
        if c.cell_type == "code" and is_answer(c)
    }


def with_body(code, body):
    """The functions of `code` with `body` instead of theirs; `{first}` is the first argument."""
    import ast

    functions = [node for node in ast.parse(code).body if isinstance(node, ast.FunctionDef)]
    texts = []
    for function in functions:
        names = [argument.arg for argument in function.args.args]
        texts.append(
            f"def {function.name}({', '.join(names)}):\n    {body.format(first=names[0] if names else None)}\n"
        )
    return "\n".join(texts)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def environment_path():
    """nbgrader calls alembic by name: make sure that the one of this environment is found."""
    return os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
