"""Facts from the archives of Moodle and Canvas that are needed later for grading, grades and feedback.

`downloaded/UNIT/collected.json`: student -> system, origin (how the name of their file began), and notes,
such as that Canvas calls it late or that an archive was damaged.
"""

from pathlib import Path

from nnlib.grading.gradebook.campaign import read, write

LATE = "Canvas calls this submission late."


def path(coursedir, unit):
    """The file of a unit."""
    return Path(coursedir.root, "downloaded", unit, "collected.json")


def students(coursedir, unit):
    """Student -> {"system": "moodle" or "canvas", "origin": text, "notes": [text]}."""
    return read(path(coursedir, unit))


def notes(coursedir, unit):
    """Student -> notes that were made when the submissions were collected."""
    return {student: entry["notes"] for student, entry in students(coursedir, unit).items()}


def keep(coursedir, unit, entries):
    """Write what was collected now to what was collected before."""
    write(path(coursedir, unit), students(coursedir, unit) | entries)
