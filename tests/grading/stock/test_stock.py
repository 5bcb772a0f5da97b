"""The hostile submissions on stock nbgrader, where many of them bite: `make test-stock`.

Each runs alone, in a course, a home and a copy of nnlib of its own, because there it does the
damage that it is after. Entries with stock = "never" would harm the machine and are not run.
"""

import ast
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path

import pytest

from nnlib.grading.sandbox import withheld
from tests.grading.catalogue import questions
from tests.grading.course import Course, environment_path, solution_answers
from tests.grading.hostile import UNIT, hostile

pytestmark = [pytest.mark.stock, pytest.mark.filterwarnings("ignore")]


@pytest.mark.parametrize("entry", [entry for entry in hostile() if entry.stock != "never"], ids=str)
def test_what_comes_of_it_on_stock(entry, tmp_path):
    course = Course(tmp_path / "course", UNIT)
    course.write_config(stock=True)
    course.generate()
    home, library = tmp_path / "home", tmp_path / "library"
    home.mkdir()
    shutil.copytree(withheld.NNLIB, library / "nnlib")
    listener = socket.create_server(("127.0.0.1", 0))
    connections = []
    threading.Thread(target=lambda: connections.append(listener.accept()), daemon=True).start()
    first = questions(UNIT)[0]
    course.submit("reference", solution_answers(UNIT))
    course.submit("first", {first: solution_answers(UNIT)[first]})
    entry.submit(course, listener.getsockname()[1], home)
    own = {"PATH": environment_path(), "HOME": str(home), "PYTHONPATH": str(library)}

    def autograde(student):
        """The exit code, None if it hangs; what it printed goes to a file that no child keeps open."""
        line = ["nbgrader", "autograde", UNIT, "--student", student]
        with open(tmp_path / "said", "w") as said:
            process = subprocess.Popen(
                line,
                cwd=course.folder,
                env=os.environ | own,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )
            try:
                return process.wait(timeout=200)
            except subprocess.TimeoutExpired:
                return None
            finally:
                end_all_of(home)
                process.wait()

    autograde("first")
    code = autograde(entry.name)
    names = {
        "course": course.folder, "home": home, "library": library / "nnlib", "student": entry.name, "unit": UNIT,
        "connected": bool(connections), "died": code != 0, "time": time, "manual": manual(course),
    }  # fmt: skip
    try:
        points = course.total(entry.name) > course.total("first")
    except Exception:
        points = False
    damage = bool(entry.damage) and eval(ast.unparse(ast.parse(entry.damage)), names)
    for left in ("/tmp/nnlib-left-by-a-student", "/dev/shm/nnlib-left-by-a-student"):
        Path(left).unlink(missing_ok=True)
    assert ("points" if points else "damage" if damage else "") == entry.stock, (
        tmp_path / "said"
    ).read_text()[-500:]


def manual(course):
    with course.api.gradebook as gradebook:
        submissions = gradebook.assignment_submissions(UNIT)
        return {grade.manual_score for s in submissions for n in s.notebooks for grade in n.grades}


def end_all_of(home):
    """Kill every process that has this home: what an attack has started, in whatever session."""
    for path in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            if f"HOME={home}".encode() in path.read_bytes().split(b"\0"):
                os.kill(int(path.parent.name), signal.SIGKILL)
