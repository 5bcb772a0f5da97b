"""Submissions that are broken in their form. A new one is a function here, of the path of a right one.

It returns nothing; the decorator says the verdict and a part of the reason that must be given, and
whether all points are still earned.
"""

import copy
import json
import os
import shutil
import socket
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

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


# --- Files that stop who opens them ---------------------------------------------------------------


@graded("timestamp.txt holds no time")
def time_is_a_pipe(path):
    os.mkfifo(path.with_name("timestamp.txt"))


@graded("timestamp.txt holds no time")
def time_is_a_folder(path):
    path.with_name("timestamp.txt").mkdir()


@graded("timestamp.txt holds no time")
def time_is_a_link(path):
    path.with_name("timestamp.txt").symlink_to("/etc/hostname")


@graded("timestamp.txt holds no time")
def time_in_a_zone_that_is_a_file(path):
    path.with_name("timestamp.txt").write_text("2026-01-01 00:00:00 /etc/hostname")


@graded("timestamp.txt holds no time")
def time_is_long(path):
    path.with_name("timestamp.txt").write_text("2026-01-01 00:00:00 UTC" * 100_000)


@graded("timestamp.txt holds no time")
def time_is_no_text(path):
    path.with_name("timestamp.txt").write_bytes(b"\xff\xfe\x00")


@graded("data.csv is no ordinary file")
def pipe_beside_the_notebook(path):
    os.mkfifo(path.with_name("data.csv"))


@graded("server.txt is no ordinary file")
def socket_beside_the_notebook(path):
    here = os.getcwd()
    os.chdir(path.parent)  # the path of a socket is short
    try:
        with socket.socket(socket.AF_UNIX) as server:
            server.bind("server.txt")
    finally:
        os.chdir(here)


@graded("its name is no UTF-8")
def file_with_a_name_of_other_bytes(path):
    Path(os.fsdecode(os.fsencode(path.parent) + b"/na\xffme.csv")).write_text("1")


@graded("more than 200 files")
def thousands_of_links(path):
    for number in range(2000):
        path.with_name(f"link-{number}").symlink_to("/etc/passwd")


@graded("more than 200 files")
def hundreds_of_files(path):
    for number in range(500):
        path.with_name(f"z{number}.txt").write_text("x")


@graded()
def folders_in_folders(path):
    place = path.parent.joinpath(*["d"] * 60)
    place.mkdir(parents=True)
    (place / "data.csv").write_text("1")


@graded("data.csv was left out: 21 MB are too much")
def file_beside_is_too_large(path):
    with open(path.with_name("data.csv"), "wb") as file:
        file.truncate(21 * 2**20 + 1)


@graded()
def secret_of_the_exchange(path):
    path.with_name("submission_secret.txt").write_text("secret")


@graded()
def secret_is_a_pipe(path):
    os.mkfifo(path.with_name("submission_secret.txt"))


# --- Text that stops who shows it -----------------------------------------------------------------


def text_cell(source, **more):
    return {"cell_type": "markdown", "source": source, "metadata": {}} | more


def code_cell(source):
    return {"cell_type": "code", "source": source, "metadata": {}}


@graded()
def marks_of_hidden_tests_in_an_own_cell(path):
    edit(path, lambda n: n["cells"].append(code_cell("### BEGIN HIDDEN TESTS\nprint(1)")))


@graded()
def marks_of_solutions_in_an_own_cell(path):
    edit(path, lambda n: n["cells"].append(code_cell("### END SOLUTION\n### BEGIN SOLUTION\nprint(1)")))


@graded()
def picture_pasted(path):
    pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    pasted = text_cell("![](attachment:a.png)", attachments={"a.png": {"image/png": pixel}})
    edit(path, lambda n: n["cells"].append(pasted))


@graded()
def picture_pasted_and_lost(path):
    edit(path, lambda n: n["cells"].append(text_cell("![](attachment:a.png) ![](attachment:)")))


@graded()
def attachments_are_a_list(path):
    edit(path, lambda n: n["cells"].append(text_cell("![](attachment:a.png)", attachments=[1])))


@graded()
def attachment_is_a_script(path):
    pasted = {"a.png": {"text/html": "<script>alert('INFECTED')</script>", "image/svg+xml": "<svg onload=x>"}}
    edit(path, lambda n: n["cells"].append(text_cell("![](attachment:a.png)", attachments=pasted)))


@graded()
def links_to_scripts(path):
    links = "[see](javascript:alert('INFECTED')) <javascript:alert(1)> [x](data:text/html,INFECTED) ![](https://example.org/x.png)"
    edit(path, lambda n: n["cells"].append(text_cell(links)))


@graded()
def formula_that_is_a_link(path):
    edit(path, lambda n: n["cells"].append(text_cell("$\\href{javascript:alert(1)}{x}$ $$\\style{a:b}{x}$$")))


@graded()
def formula_without_an_end(path):
    deep = "{" * 5000
    edit(
        path,
        lambda n: n["cells"].append(text_cell(f"${deep}$ $\\frac$ $$\\begin{{aligned}}$$ ${'x_' * 900}$")),
    )


@graded()
def markdown_in_markdown(path):
    edit(path, lambda n: n["cells"].append(text_cell("> " * 3000 + "x\n\n" + "[" * 3000 + "*" * 3000)))


@graded()
def html_in_html(path):
    edit(path, lambda n: n["cells"].append(text_cell("<div>" * 5000)))


# --- Numbers and names of no measure --------------------------------------------------------------


@graded()
def points_of_400_digits(path):
    edit(path, lambda n: cell(n, "softmax-check")["metadata"]["nbgrader"].update(points=10**400))


@graded()
def points_are_infinite(path):
    edit(path, lambda n: cell(n, "softmax-check")["metadata"]["nbgrader"].update(points=float("inf")))


@refused("is no JSON")
def number_of_5000_digits(path):
    path.write_text(path.read_text().replace('"nbformat": 4', f'"nbformat": 4, "x": {"1" * 5000}', 1))


@graded()
def metadata_in_metadata(path):
    deep = {}
    for _ in range(300):
        deep = {"a": deep}
    edit(path, lambda n: n["metadata"].update(deep=deep))


@graded()
def name_of_half_a_character(path):
    meta = {"grade_id": "\ud800", "grade": True, "locked": True, "points": 1}
    edit(path, lambda n: n["cells"].append(code_cell("1") | {"metadata": {"nbgrader": meta}}))


@graded()
def name_of_a_million_characters(path):
    meta = {"grade_id": "x" * 1_000_000, "grade": True, "locked": True, "points": 1}
    edit(path, lambda n: n["cells"].append(code_cell("1") | {"metadata": {"nbgrader": meta}}))


@graded()
def tags_of_half_characters(path):
    edit(path, lambda n: cell(n, "setup")["metadata"].update(tags=["\udfff" * 1000] * 100))


@graded("is in ")
def language_of_half_a_character(path):
    edit(path, lambda n: n["metadata"].update(kernelspec={"language": "\ud800", "name": "x"}))


@graded()
def source_of_many_lines(path):
    edit(path, lambda n: n["cells"].append(code_cell(["\n"] * 100_000)))
