"""How a malformed submission is written down: a function that changes a right one, with what must come of it."""

import json
from collections.abc import Callable
from dataclasses import dataclass

MALFORMED = []


@dataclass(frozen=True)
class Malformed:
    """change: takes the path of a right submission and changes it. verdict, reason: the verdict that it must
    get, and a part of the reason. full: whether it still earns all points."""

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


def cell_of(notebook, name):
    return next(c for c in notebook["cells"] if c["id"] == name)


def text_cell(source, **more):
    return {"cell_type": "markdown", "source": source, "metadata": {}} | more


def code_cell(source):
    return {"cell_type": "code", "source": source, "metadata": {}}
