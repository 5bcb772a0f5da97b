"""The pages in solutions/, followed line by line in a copy of the course: as a new author, and who grades."""

import csv
import json
import re
import shlex
import subprocess
import zipfile
from pathlib import Path

import nbformat
import pytest

from nnlib.grading.gradebook.campaign import read
from tests.copied_course import CopiedCourse
from tests.grading.catalogue import ROOT

PAGE = (ROOT / "solutions" / "README.md").read_text()
NAME, UNIT = "sum_of_absolutes", "1_regression"
pytestmark = [pytest.mark.slow, pytest.mark.sandbox, pytest.mark.filterwarnings("ignore")]

CELL = re.compile(
    r"Cell `([\w-]+)`, (Markdown|code), \*([^*]+)\*(?:, (\d+) points?)?:\n\n```\w+\n(.*?)```", re.S
)
KINDS = {
    "read-only": {"grade": False, "solution": False, "locked": True},
    "autograded answer": {"grade": False, "solution": True, "locked": False},
    "autograder tests": {"grade": True, "solution": False, "locked": True},
}


def block(after):
    """The first block of code after these words of the page."""
    return re.search(re.escape(after) + r".*?```\w+\n(.*?)```", PAGE, re.S)[1]


class Author(CopiedCourse):
    """A copy of the course, and the commands of the page in it."""

    def __init__(self, folder):
        folders = ("nnlib", f"solutions/{UNIT}", f"tests/catalogue/{UNIT}", "tests/grading")
        files = ("nbgrader_config.py", "pyproject.toml", "tests/__init__.py", "tests/conftest.py")
        super().__init__(folder, [*folders, *files])
        self.notebook = folder / "solutions" / UNIT / f"{UNIT}.ipynb"

    def run(self, words):
        """What a line of the page prints."""
        first, *words = shlex.split(words)
        if first == "python":
            assert words[:2] == ["-m", "pytest"]
            return self.pytest(*words[2:], NNLIB_CAMPAIGN_SEED="7")
        module = {"nbgrader": "nbgrader", "nnlib-grade": "nnlib.grading.command"}[first]
        return self.python("-m", module, *words, NNLIB_CAMPAIGN_SEED="7")

    def submit(self, student, code):
        path = self.folder / "exercises" / UNIT / f"{UNIT}.ipynb"
        notebook = nbformat.read(path, as_version=4)
        next(cell for cell in notebook.cells if cell.id == f"{NAME}-answer").source = code
        place = self.folder / "submitted" / student / UNIT
        place.mkdir(parents=True)
        nbformat.write(notebook, place / f"{UNIT}.ipynb")

    def verdict(self, student):
        return read(self.folder / "campaigns" / UNIT / "students" / f"{student}.json")


def test_the_page_leads_from_nothing_to_a_graded_question(tmp_path):
    author = Author(tmp_path)
    # 1. The cells
    notebook = json.loads(author.notebook.read_text())
    cells = []
    for name, kind, role, points, source in CELL.findall(PAGE):
        meta = KINDS[role] | {"grade_id": name, "schema_version": 3, "task": False}
        meta |= {"points": int(points)} if points else {}
        cell = {
            "cell_type": kind.lower(),
            "id": name,
            "metadata": {"nbgrader": meta},
            "source": source.strip(),
        }
        cells.append(cell | ({"outputs": [], "execution_count": None} if kind == "code" else {}))
    assert len(cells) == 5
    notebook["cells"] += cells[:4]
    author.notebook.write_text(json.dumps(notebook))
    # 2. The check
    checks = author.folder / "nnlib" / "grading" / "checks" / "unit_1"
    with (checks / "linear.py").open("a") as module:
        module.write("\n\n" + block("Append to `nnlib/grading/checks/unit_1/linear.py`"))
    names = (checks / "__init__.py").read_text()
    names = names.replace("    sum_of_squares,\n", f"    sum_of_squares,\n    {NAME},\n")
    (checks / "__init__.py").write_text(names.replace('    "train",\n', f'    "{NAME}",\n    "train",\n'))
    # 3. The catalogue
    catalogue = author.folder / "tests" / "catalogue" / UNIT / f"{NAME}.toml"
    catalogue.write_text(block("In `tests/catalogue/1_regression/sum_of_absolutes.toml`"))
    assert "passed" in author.run(block("Test the check with them:"))
    # 4. A check without a reference
    notebook["cells"] += cells[4:]
    author.notebook.write_text(json.dumps(notebook))
    # 5. The release
    author.run(block("## 5. The release"))
    released = (author.folder / "exercises" / UNIT / f"{UNIT}.ipynb").read_text()
    assert "hidden=True" not in released and "np.sum(np.abs(Y - T))" not in released
    # 6. Grading
    right = cells[1]["source"]
    author.submit("right", right)
    author.submit("wrong", right.replace("np.abs(Y - T)", "Y - T"))
    author.submit("plain", right.replace("np.sum(np.abs(Y - T))", "2.0"))
    assert "3 graded" in author.run(block("exchange and `nbgrader zip_collect` put them there."))
    of_question = [c["id"] for c in cells if "points" in c["metadata"]["nbgrader"]]
    assert [author.verdict("right")["scores"][name] for name in of_question] == [1, 1, 1]
    assert [author.verdict("wrong")["scores"][name] for name in of_question] == [0, 0, 1]
    hints = {(name, hint) for name, _, hint in author.verdict("plain")["hints"] if name.startswith(NAME)}
    assert (f"{NAME}-plain-check", "The errors are 1 and 2: E is 3.") in hints
    assert author.verdict("plain")["events"] == []
    # 7. When students have handed in
    mended = author.notebook.read_text().replace("E is 3.", "E is three.")
    author.notebook.write_text(mended)
    for line in block("## 7. When students have handed in").splitlines():
        author.run(line)
    assert "E is three." in str(author.verdict("plain")["hints"])
    assert author.verdict("right")["scores"][f"{NAME}-check"] == 1
    grade_as_the_page_says(author)
    assert not Path(ROOT, "tests", "catalogue", UNIT, f"{NAME}.toml").exists()


def grade_as_the_page_says(author):
    """The first half of solutions/GRADING.md, from the archive of a learning platform to its grades."""
    page = (ROOT / "solutions" / "GRADING.md").read_text().partition("## A JupyterHub")[0]
    install, release, grade = re.findall(r"```sh\n(.*?)```", page, re.S)
    rules = (ROOT / ".ci" / "environment.mk").read_text()
    assert "make .venv/course" in install and "\n$(VENV)/course:" in rules
    assert all(
        name in (ROOT / ".ci" / "run").read_text() for name in ("bubblewrap", "libseccomp2", "python3-venv")
    )
    with zipfile.ZipFile(author.folder / "submissions.zip", "w") as archive:
        handed_in = author.folder / "submitted" / "right" / UNIT / f"{UNIT}.ipynb"
        archive.write(handed_in, f"Ada Lovelace_17_assignsubmission_file/{UNIT}.ipynb")
    for line in [*release.splitlines(), *grade.splitlines()]:
        if line.startswith("n"):
            author.run(line)
        else:
            subprocess.run(shlex.split(line), cwd=author.folder, check=True)
    (row,) = csv.DictReader((author.folder / "reports" / f"{UNIT}-moodle.csv").open())
    assert row["Identifier"] == "Participant 17" and float(row["Grade"]) == 3
    names = zipfile.ZipFile(author.folder / "reports" / f"{UNIT}-moodle-feedback.zip").namelist()
    assert names == [f"Ada Lovelace_17_assignsubmission_file/{UNIT}.html"]
    assert (author.folder / "reports" / f"{UNIT}.html").exists()


def test_a_new_gradebook_needs_no_activated_environment(tmp_path):
    course = CopiedCourse(tmp_path, ["nnlib", f"solutions/{UNIT}", "nbgrader_config.py"])
    course.python("-m", "nbgrader", "generate_assignment", UNIT, "--create", PATH="/usr/bin:/bin")
    assert (tmp_path / "gradebook.db").exists()
