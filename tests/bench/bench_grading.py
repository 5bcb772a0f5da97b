"""Grading a class: the course's way against stock nbgrader, by their commands, feedback included.

Each course has the same submissions: the reference, as a class that answers everything right, which
is the slowest to grade.
"""

import os
import subprocess
import tempfile
import threading
import time
from pathlib import Path

from nnlib.grading.gradebook.campaign import Campaign
from nnlib.grading.sandbox import processes
from tests.bench.measure import Row
from tests.grading.catalogue import units
from tests.grading.course import Course, environment_path, solution_answers

CLASS = 40
GROWTH = (10, 400)


def rows():
    for unit in units():
        ours, stock = course(unit, CLASS), course(unit, CLASS, stock=True)
        graded, memory = timed(ours, "nnlib-grade", "autograde", unit)
        feedback, _ = timed(ours, "nbgrader", "generate_feedback", unit)
        stock_graded, _ = timed(stock, "nbgrader", "autograde", unit)
        stock_feedback, _ = timed(stock, "nbgrader", "generate_feedback", unit)
        verdicts = Campaign(ours.api.coursedir, unit).verdicts().values()
        theirs = sum(verdict["student_seconds"] for verdict in verdicts)
        of = f"{unit}, {CLASS} students"
        faster = (stock_graded + stock_feedback) / (graded + feedback)
        yield Row(f"{of}: faster than stock, feedback included", faster, "times", at_least=6, goal=10)
        # Neither can compute faster what students wrote; ours lets two do so at a time.
        apart = (stock_graded + stock_feedback - theirs) / (graded + feedback - theirs / os.cpu_count())
        yield Row(f"{of}: the same without the students' own computing", apart, "times")
        yield Row(f"{of}: faster than stock, grading alone", stock_graded / graded, "times")
        yield Row(
            f"{of}: students' own computing, of all of ours",
            theirs / os.cpu_count() / (graded + feedback),
            "",
        )
        yield Row(f"{of}: ours, grading", graded, "s")
        yield Row(f"{of}: ours, feedback", feedback, "s")
        yield Row(f"{of}: stock, grading", stock_graded, "s")
        yield Row(f"{of}: stock, feedback", stock_feedback, "s")
        yield Row(f"{of}: ours, peak memory of all processes", memory / 2**20, "MB")
    unit = units()[0]
    few, many = (
        timed(course(unit, number), "nnlib-grade", "autograde", unit)[0] / number for number in GROWTH
    )
    name = f"{unit}: seconds per student, {GROWTH[1]} students to {GROWTH[0]}"
    yield Row(name, many / few, "times", at_most=1.1)


def course(unit, number, stock=False):
    """A course of its own in which `number` students have handed in."""
    made = Course(Path(tempfile.mkdtemp(prefix="nnlib-bench-")), unit)
    made.write_config(stock)
    made.generate()
    for student in range(number):
        made.submit(f"student-{student:03}", solution_answers(unit))
    return made


def timed(course, *command):
    """Seconds of a command in the folder of a course, and the most memory of all its processes."""
    environment = os.environ | {"PATH": environment_path(), "NNLIB_CAMPAIGN_SEED": "7"}
    begun = time.monotonic()
    with open(os.devnull, "w") as quiet:
        process = subprocess.Popen(command, cwd=course.folder, env=environment, stdout=quiet, stderr=quiet)
        most = [0]

        def watch():
            while process.poll() is None:
                most[0] = max(most[0], sum(map(processes.share, processes.tree(process.pid))))
                time.sleep(1)

        watcher = threading.Thread(target=watch)
        watcher.start()
        code = process.wait()
        seconds = time.monotonic() - begun
        watcher.join()
    if code:
        raise RuntimeError(f"{' '.join(command)} ended with {code}.")
    return seconds, most[0]
