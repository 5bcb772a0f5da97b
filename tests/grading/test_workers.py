"""Workers: each submission has a deadline and a bound on memory; a worker that is lost costs nobody else."""

import os
import re
import signal
from pathlib import Path

import pytest

from nnlib.grading import examiner, workers
from tests.grading.course import HANGS

pytestmark = pytest.mark.slow


def task(student, **more):
    handed_in = {"unreadable": None, "events": []}
    return {"student": student, "key": None, "limits": None, "seed": 1, "submission": handed_in} | more


def stands_in(task):
    """Stands in for `work`: does what the student is called after."""
    result = {"student": task["student"], "verdict": "graded", "reasons": []}
    if reason := task["submission"]["unreadable"]:
        return result | {"verdict": "not graded", "reasons": [reason]}
    match task["student"]:
        case "hangs":
            re.match("(a+)+$", "a" * 64 + "b")  # in C, where no other thread of Python gets its turn
        case "dies":
            os.kill(os.getpid(), signal.SIGKILL)
        case "dies once" if not Path(task["mark"]).exists():
            Path(task["mark"]).touch()
            os.kill(os.getpid(), signal.SIGKILL)
        case "takes memory":
            try:
                bytearray(workers.MEMORY)
            except MemoryError:
                result["reasons"] = ["bounded"]
    return result


def hangs(task):
    return task["student"] == "hangs" and not task["submission"]["unreadable"]


def test_who_hangs_or_dies_gets_a_verdict_and_the_others_theirs(monkeypatch, tmp_path):
    monkeypatch.setattr(workers, "work", stands_in)
    monkeypatch.setattr(workers, "seconds_for", lambda task: 3 if hangs(task) else HANGS)
    students = ["hangs", "dies", "ada", "dies once", "takes memory", "bob", "eve"]
    tasks = [task(student, mark=str(tmp_path / "mark")) for student in students]
    results = {of["student"]: result for of, result in workers.on_this_machine(tasks, 2)}
    assert {student: result["verdict"] for student, result in results.items()} == {
        "hangs": "not graded", "dies": "failed", "ada": "graded", "dies once": "graded",
        "takes memory": "graded", "bob": "graded", "eve": "graded",
    }  # fmt: skip
    assert results["hangs"]["reasons"] == ["Grading it took longer than 3 seconds."]
    assert "twice" in results["dies"]["reasons"][0] and results["takes memory"]["reasons"] == ["bounded"]


def test_who_makes_the_examiner_run_out_of_memory_gets_a_verdict(monkeypatch):
    def examine(task):
        if task["submission"]["unreadable"] is None:
            raise MemoryError
        return task["submission"]

    monkeypatch.setattr(examiner, "examine", examine)
    monkeypatch.setenv(workers.VARIABLE, "1")
    result = workers.work(task("ada"))
    assert result["unreadable"] == "Grading it took more than 4096 MB of memory."
    assert result["events"] == [["ended", result["unreadable"]]]
