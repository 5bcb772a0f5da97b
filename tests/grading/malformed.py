"""Submissions that are broken in their form. A new one is a function here, of the path of a right one.

It returns nothing; the decorator says the verdict and a part of the reason that must be given, and
whether all points are still earned.
"""

import copy
import json
import os
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

MALFORMED = []


@dataclass(frozen=True)
class Malformed:
    """What is done to a right submission, and what must come of it."""

    change: Callable
    verdict: str
    reason: str
    full: bool

    def __str__(self):
        return self.change.__name__


def malformed(verdict, reason="", full=True):
    def add(change):
        MALFORMED.append(Malformed(change, verdict, reason, full and verdict == "graded"))
        return change

    return add


def graded(reason="", full=True):
    return malformed("graded", reason, full)


def refused(reason):
    return malformed("not graded", reason)


def edit(path, change):
    notebook = json.loads(path.read_text())
    notebook = change(notebook) or notebook
    path.write_text(json.dumps(notebook))


def cell(notebook, name):
    return next(c for c in notebook["cells"] if c["id"] == name)


# --- No notebook ----------------------------------------------------------------------------------


@refused("is empty")
def empty_file(path):
    path.write_text("")


@refused("is no JSON")
def cut_off(path):
    path.write_text(path.read_text()[:5000])


@refused("is no text")
def binary(path):
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 10)


@refused("is no JSON")
def merge_conflict(path):
    path.write_text("<<<<<<< HEAD\n" + path.read_text() + "\n=======\n>>>>>>> mine\n")


@refused("no notebook")
def json_number(path):
    path.write_text("7")


@refused("no notebook")
def json_list(path):
    path.write_text("[]")


@refused("no list of cells")
def empty_table(path):
    path.write_text("{}")


@refused("no list of cells")
def cells_are_a_table(path):
    edit(path, lambda n: n.update(cells={"a": 1}))


@refused("nested too deeply")
def deep_json(path):
    path.write_text("[" * 200_000)


@refused("There is no notebook")
def no_file(path):
    path.unlink()


@refused("There is no notebook")
def a_folder_of_its_name(path):
    path.unlink()
    path.mkdir()


@refused("more than one other")
def two_other_notebooks(path):
    shutil.copy(path, path.with_name("a.ipynb"))
    path.rename(path.with_name("b.ipynb"))


@refused("symbolic link")
def link_to_the_solution(path):
    solution = path.parents[3] / "solutions" / path.stem / path.name
    path.unlink()
    path.symlink_to(solution)


@refused("symbolic link")
def folder_is_a_link(path):
    shutil.rmtree(path.parent)
    path.parent.symlink_to(path.parents[3] / "solutions" / path.stem)


@refused("no ordinary file")
def named_pipe(path):
    path.unlink()
    os.mkfifo(path)


@refused("500 MB are too much")
def five_hundred_megabytes(path):
    with open(path, "ab") as file:
        file.truncate(500 * 2**20)


@refused("at most 1000")
def many_cells(path):
    def change(notebook):
        notebook["cells"] += [{"cell_type": "markdown", "source": "x", "metadata": {}}] * 5000

    edit(path, change)


@refused("cannot be converted")
def format_one(path):
    edit(path, lambda n: n.update(nbformat=1, cells=7))


# --- Another form ---------------------------------------------------------------------------------


@graded("is called renamed.ipynb")
def renamed(path):
    path.rename(path.with_name("renamed.ipynb"))


@graded()
def format_of_the_future(path):
    edit(path, lambda n: n.update(nbformat=99, nbformat_minor="x"))


@graded()
def byte_order_mark(path):
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())


@graded()
def utf_16(path):
    path.write_bytes(path.read_text().encode("utf-16"))


@graded()
def windows_lines(path):
    edit(
        path,
        lambda n: [c.update(source="".join(c["source"]).replace("\n", "\r\n")) for c in n["cells"]] and None,
    )


@graded("is in r")
def kernel_of_r(path):
    edit(
        path, lambda n: n["metadata"].update(kernelspec={"name": "ir", "language": "R", "display_name": "R"})
    )


@graded()
def kernel_that_nobody_has(path):
    edit(path, lambda n: n["metadata"].update(kernelspec={"name": "nowhere", "display_name": "x"}))


@graded()
def no_metadata(path):
    edit(path, lambda n: n.pop("metadata") and None)


@graded()
def metadata_is_a_list(path):
    edit(path, lambda n: n.update(metadata=[1]))


@graded("is no cell")
def a_cell_is_a_number(path):
    edit(path, lambda n: n["cells"].insert(0, 7))


@graded("holds no text")
def a_source_is_a_number(path):
    edit(path, lambda n: n["cells"].insert(0, {"cell_type": "code", "source": 7, "metadata": {}}))


@graded("no known type")
def a_type_nobody_knows(path):
    edit(path, lambda n: n["cells"].insert(0, {"cell_type": "video", "source": "x", "metadata": {}}))


@graded()
def half_a_character(path):
    edit(
        path, lambda n: n["cells"].insert(0, {"cell_type": "markdown", "source": "\ud800 \0", "metadata": {}})
    )


@graded()
def huge_outputs_stored(path):
    text = {"output_type": "stream", "name": "stdout", "text": "x" * 10_000_000}
    edit(path, lambda n: cell(n, "setup").update(outputs=[text]))


@graded()
def time_that_is_none(path):
    path.with_name("timestamp.txt").write_text("yesterday, I think")


@graded()
def files_of_every_name(path):
    for name in (
        "numpy.py",
        "torch.py",
        "nnlib.py",
        "sitecustomize.py",
        "ipython_config.py",
        "random.py",
        "json.py",
    ):
        path.with_name(name).write_text("raise SystemExit('INFECTED')")


@graded("programs.zip was left out: beside the notebook only data and pictures are taken")
def a_library_in_an_archive(path):
    with zipfile.ZipFile(path.with_name("programs.zip"), "w") as archive:
        archive.writestr("nnlib/__init__.py", "raise SystemExit('INFECTED')")


# --- Cells that are not as they were given --------------------------------------------------------


@graded()
def schema_version_99(path):
    edit(path, lambda n: [c["metadata"]["nbgrader"].update(schema_version=99) for c in n["cells"]] and None)


@graded("more than once")
def check_twice(path):
    edit(path, lambda n: n["cells"].append(copy.deepcopy(cell(n, "softmax-check"))))


@graded("more than once")
def answer_twice(path):
    def change(notebook):
        broken = copy.deepcopy(cell(notebook, "softmax-answer"))
        broken["source"] = "def softmax(A):\n    return 0"
        notebook["cells"].insert(0, broken)

    edit(path, change)


@graded("Missing and put back")
def checks_deleted(path):
    edit(path, lambda n: n.update(cells=[c for c in n["cells"] if "-check" not in c["id"]]))


@graded("Missing and put back", full=False)
def an_answer_deleted(path):
    edit(path, lambda n: n["cells"].remove(cell(n, "linear_output-answer")))


@graded("Missing and put back", full=False)
def everything_deleted(path):
    edit(path, lambda n: n.update(cells=[]))


@graded("Missing and put back")
def answer_renamed(path):
    edit(path, lambda n: cell(n, "softmax-answer")["metadata"]["nbgrader"].update(grade_id="my-softmax"))


@graded()
def checks_made_text(path):
    edit(path, lambda n: [c.update(cell_type="markdown") for c in n["cells"] if "-check" in c["id"]] and None)


@graded()
def checks_emptied(path):
    edit(path, lambda n: [c.update(source="") for c in n["cells"] if "-check" in c["id"]] and None)


@graded()
def checks_unlocked(path):
    change = {"locked": False, "grade": False, "solution": True, "points": 100}
    edit(
        path,
        lambda n: (
            [c["metadata"]["nbgrader"].update(change) for c in n["cells"] if "-check" in c["id"]] and None
        ),
    )


@graded()
def execution_skipped(path):
    edit(path, lambda n: [c["metadata"].update(tags=["skip-execution"]) for c in n["cells"]] and None)


@graded(full=False)
def order_reversed(path):
    edit(path, lambda n: n["cells"].reverse())


@graded()
def grading_metadata_is_text(path):
    edit(
        path, lambda n: n["cells"].append({"cell_type": "code", "source": "1", "metadata": {"nbgrader": "x"}})
    )


@graded()
def points_for_an_own_cell(path):
    meta = {
        "grade": True,
        "grade_id": "mine",
        "points": 50,
        "locked": True,
        "solution": False,
        "schema_version": 3,
    }
    edit(
        path,
        lambda n: n["cells"].append({"cell_type": "code", "source": "1", "metadata": {"nbgrader": meta}}),
    )


@graded()
def cell_ids_all_the_same(path):
    edit(path, lambda n: [c.update(id="x") for c in n["cells"]] and None)


@graded()
def a_cell_with_a_syntax_error(path):
    edit(path, lambda n: n["cells"].insert(1, {"cell_type": "code", "source": "def (:", "metadata": {}}))


@graded()
def script_in_text(path):
    text = "<script>alert('INFECTED')</script>"
    edit(path, lambda n: n["cells"].insert(0, {"cell_type": "markdown", "source": text, "metadata": {}}))


@graded()
def warnings_on_stderr(path):
    text = "import sys\nprint('careful', file=sys.stderr)\nimport warnings\nwarnings.warn('careful')"
    edit(path, lambda n: n["cells"].insert(1, {"cell_type": "code", "source": text, "metadata": {}}))
