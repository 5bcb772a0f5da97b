"""A grading campaign: one unit, one seed for its hidden checks, and what was graded so far.

In `campaigns/UNIT/` of the course lie `campaign.json` with the seed and `students/STUDENT.json`
with each verdict. A verdict counts as long as the submission, the release, the seed and the grading
are those that it was made with: their hash is its key.
"""

import datetime
import hashlib
import json
import os
import secrets
from pathlib import Path

from nnlib.grading.checks.judging import seed as seeds

VERSION = 1
"""Raised when the same submission would get another result: then all are graded again."""
DAMAGED = {"verdict": "failed", "reasons": ["What was recorded is damaged: grade this student again."]}
"""What stands for a verdict whose file cannot be read."""


class Campaign:
    """The campaign of one unit in the course that `coursedir` describes."""

    def __init__(self, coursedir, unit):
        self.unit = unit
        self.folder = Path(coursedir.root, "campaigns", unit)
        self.students = self.folder / "students"
        self.seed = self._seed()

    def _seed(self):
        """The seed of the environment variable, or the recorded one, or a fresh one. It is recorded."""
        path = self.folder / "campaign.json"
        recorded = read(path)
        if seeds.VARIABLE in os.environ:
            seed = seeds.campaign_seed()
        else:
            seed = recorded.get("seed", secrets.randbelow(2**31))
        if recorded.get("seed") != seed:
            begun = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
            write(path, {"unit": self.unit, "seed": seed, "begun": begun})
        return seed

    def key(self, submission, release, unsafe):
        """Hash of all that decides a result."""
        parts = [VERSION, self.seed, submission["hash"], release["hash"], bool(unsafe)]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

    def verdict(self, student):
        """What was recorded for a student; an empty table if nothing was."""
        return read(self.students / f"{student}.json")

    def record(self, student, verdict):
        """Keep the verdict. Written last of all, so that what it says is there."""
        write(self.students / f"{student}.json", verdict)

    def verdicts(self):
        """All recorded verdicts, by student. One that is damaged says so."""
        return {path.stem: read(path) or DAMAGED for path in sorted(self.students.glob("*.json"))}


def counted(verdicts):
    """'3 students: 2 graded, 1 not gradable'"""
    kinds = [verdict["verdict"] for verdict in verdicts.values()]
    students = f"{len(kinds)} student{'s' * (len(kinds) != 1)}"
    return f"{students}: {kinds.count('graded')} graded, {kinds.count('not graded')} not gradable"


def begin(coursedir, unit):
    """Forget the seed, so that the next grading draws a fresh one and grades everyone with it."""
    Path(coursedir.root, "campaigns", unit, "campaign.json").unlink(missing_ok=True)


def read(path):
    """A table from a file; empty if there is none or if it is damaged."""
    try:
        table = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return table if isinstance(table, dict) else {}


def write(path, table):
    """Write a table to a file, completely or not at all."""
    write_text(path, json.dumps(table, indent=1))


def write_text(path, text):
    """Write text to a file, completely or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_text(text, encoding="utf-8")
    os.replace(beside, path)
