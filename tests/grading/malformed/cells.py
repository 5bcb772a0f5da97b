"""Notebooks whose cells were changed, copied, moved, renamed or deleted."""

import copy

from tests.grading.malformed.entry import cell_of, edit, graded


@graded()
def schema_version_99(path):
    edit(path, lambda n: [c["metadata"]["nbgrader"].update(schema_version=99) for c in n["cells"]] and None)


@graded("more than once")
def check_twice(path):
    edit(path, lambda n: n["cells"].append(copy.deepcopy(cell_of(n, "softmax-check"))))


@graded("more than once")
def answer_twice(path):
    def change(notebook):
        broken = copy.deepcopy(cell_of(notebook, "softmax-answer"))
        broken["source"] = "def softmax(A):\n    return 0"
        notebook["cells"].insert(0, broken)

    edit(path, change)


@graded("Missing and put back")
def checks_deleted(path):
    edit(path, lambda n: n.update(cells=[c for c in n["cells"] if "-check" not in c["id"]]))


@graded("Missing and put back", full=False)
def an_answer_deleted(path):
    edit(path, lambda n: n["cells"].remove(cell_of(n, "linear_output-answer")))


@graded("Missing and put back", full=False)
def everything_deleted(path):
    edit(path, lambda n: n.update(cells=[]))


@graded("Missing and put back")
def answer_renamed(path):
    edit(path, lambda n: cell_of(n, "softmax-answer")["metadata"]["nbgrader"].update(grade_id="my-softmax"))


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
