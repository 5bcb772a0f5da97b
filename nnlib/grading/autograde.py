"""Grading a unit: the sandbox runs every submission, one process writes the results, each gets a verdict.

Behind `nbgrader autograde`, formgrader's button, `NbGraderAPI.autograde` and `nnlib-grade`.
"""

import contextlib
import fnmatch
import logging
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path

from tqdm import tqdm

from nnlib.grading import workers
from nnlib.grading.gradebook import collected, submission
from nnlib.grading.gradebook.campaign import Campaign
from nnlib.grading.gradebook.cleaning import storable_all
from nnlib.grading.gradebook.release import release
from nnlib.grading.gradebook.writer import Writer
from nnlib.grading.sandbox import bubblewrap, sandbox, withheld


class NoSubmissions(RuntimeError):
    """Nobody has handed in the unit, or the student that was asked for has not."""


@dataclass
class Run:
    """How to grade. `student` is a name or a pattern; `regrade` is None, "*" or a question."""

    student: str = "*"
    workers: int | None = None
    scheduler: str | None = None
    regrade: str | None = None
    unsafe: bool = False
    bar: bool = True
    limits: sandbox.Limits | None = None
    log: logging.Logger = field(default_factory=lambda: logging.getLogger("nnlib.grading"))
    parent: object = None
    """nbgrader's application or converter, for its configuration."""


def submitted(coursedir, unit, student="*"):
    """The students who have a folder or file for this unit, sorted."""
    pattern = Path(coursedir.format_path(coursedir.submitted_directory, "*", unit))
    excluded = set(filter(None, coursedir.student_id_exclude.split(",")))
    students = []
    for path in Path(coursedir.root).glob(str(pattern.relative_to(coursedir.root))):
        name = path.relative_to(coursedir.format_path(coursedir.submitted_directory, "", "")).parts[0]
        if fnmatch.fnmatchcase(name, student) and name not in excluded and not name.startswith("."):
            students.append(name)
    return sorted(students)


def grade(coursedir, unit, run):
    """Grade what needs it. Returns student -> verdict, one for every student who handed in.

    Raises NoSubmissions, ReleaseError, SandboxUnavailable, SchedulerUnreachable. Ctrl-C leaves every
    student either as before or graded.
    """
    if run.unsafe:
        run.log.warning(
            "--unsafe-no-sandbox: students' code runs without a sandbox, as %s, and may do all that you may.",
            os.environ.get("USER", "this user"),
        )
    else:
        bubblewrap.require()
    released = release(coursedir, unit)
    students = submitted(coursedir, unit, run.student)
    if not students:
        who = "Nobody" if run.student == "*" else f"No student {run.student!r}"
        raise NoSubmissions(
            f"{who} has handed in {unit}: there is no {coursedir.submitted_directory}/STUDENT/{unit}/."
        )
    released["withheld"] = withheld.closure(released["withheld"])
    only = _cells_of(released, run.regrade)
    campaign = Campaign(coursedir, unit)
    verdicts = {}
    with Writer(coursedir, unit, run.log, run.parent) as writer:
        tasks = _tasks(coursedir, unit, students, released, campaign, writer, run, verdicts)
        if run.scheduler:
            results = workers.on_a_cluster(tasks, run.scheduler)
        else:
            results = workers.on_this_machine(
                tasks, run.workers or max(1, min(os.cpu_count() or 1, len(students)))
            )
        bar = tqdm(
            total=len(students), unit="student", desc=unit, file=sys.stdout, disable=not run.bar, leave=False
        )
        with bar, contextlib.closing(results):
            for task, result in results:
                verdicts[task["student"]] = _keep(task, result, campaign, writer, only, run)
                bar.update(len(verdicts) - bar.n)
    forgotten = set(students) ^ set(verdicts)
    if forgotten:
        raise RuntimeError(f"Students without a verdict: {', '.join(sorted(forgotten))}. Please report this.")
    return verdicts


def _cells_of(released, question):
    """The names of the cells of one question; None for all."""
    if question in (None, "*"):
        return None
    names = {
        c["name"]
        for c in released["cells"]
        if c["name"].partition("-")[0] == question and c["nbgrader"]["grade"]
    }
    if not names:
        raise NoSubmissions(f"{released['unit']} has no question {question!r} with points.")
    return names


def _tasks(coursedir, unit, students, released, campaign, writer, run, verdicts):
    """The submissions that need grading. What is finished goes to `verdicts` at once."""
    notes = collected.notes(coursedir, unit)
    for student in students:
        folder = coursedir.format_path(coursedir.submitted_directory, student, unit)
        task = {"unit": unit, "student": student, "seed": campaign.seed, "key": None}
        try:
            if submission.shown(student) != student or submission.UNFIT.search(student):
                raise ValueError(
                    'The name of the folder holds one of < > " \\, or what cannot be printed: change it.'
                )
            handed_in = submission.collect(folder, unit, notes.get(student, ()))
            task["key"] = campaign.key(handed_in, released, run.unsafe)
            old = campaign.verdict(student)
            if run.regrade is None and old.get("key") == task["key"] and writer.holds(student):
                writer.late(student, old)
                verdicts[student] = old | {"kept": True}
                continue
        except Exception as error:
            # An error in the files of one student does not stop the others.
            reason = f"{type(error).__name__}: {error}" if not isinstance(error, ValueError) else str(error)
            verdicts[student] = _failed(workers.failure(task, reason), run)
            continue
        yield task | {
            "submission": handed_in, "release": released, "unsafe": run.unsafe, "limits": run.limits,
            "stage": None if run.scheduler else bubblewrap.stage(released["withheld"]),
        }  # fmt: skip


def _failed(result, run):
    """A verdict for a reason that may not be the student's: it is logged, and nothing is written."""
    result["reasons"] = storable_all(result["reasons"])
    student = submission.shown(result["student"])
    run.log.error("%s: not graded, nothing of theirs was changed. %s", student, result["reasons"][0])
    return result


def _keep(task, result, campaign, writer, only, run):
    """Write a result, and return the verdict that stays."""
    student = task["student"]
    if result["verdict"] != "failed":
        try:
            writer.write(result, only)
        except Exception as error:
            # A submission that cannot be written does not stop the others.
            result = workers.failure(task, f"It could not be written: {type(error).__name__}: {error}")
    if result["verdict"] == "failed":
        return _failed(result, run)
    verdict = {name: value for name, value in result.items() if name != "notebook"}
    verdict |= {"key": task["key"], "unsafe": run.unsafe}
    campaign.record(student, verdict)
    for reason in result["reasons"]:
        run.log.warning("%s: %s", student, reason)
    return verdict
