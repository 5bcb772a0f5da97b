"""Grades and feedback as Moodle and Canvas take them.

Both number their users, and the numbers stand in the names of the files that were downloaded there, which
`collecting` has kept. So only students whose files came from a system are exported to it.
"""

import csv
import io
import zipfile
from pathlib import Path

from nnlib.grading.gradebook import collected, grades
from nnlib.grading.gradebook.campaign import write_text
from nnlib.grading.gradebook.grades import rounded

SYSTEMS = ("moodle", "canvas")


class NothingToExport(ValueError):
    """No submission of this unit came from that system."""


def export(coursedir, unit, system):
    """Write `reports/UNIT-SYSTEM.csv` and, if there is feedback, `reports/UNIT-SYSTEM-feedback.zip`. Returns
    their paths, and the students who have an answer that nobody has read yet: they get no grade.

    Raises NothingGraded, NothingToExport.
    """
    of_class = grades.read(coursedir, unit)
    origins = {
        student: entry["origin"]
        for student, entry in collected.students(coursedir, unit).items()
        if entry["system"] == system and student in of_class.points
    }
    if not origins:
        raise NothingToExport(
            f"No graded submission of {unit} came from {system.title()}. Put the archive that it offers to "
            f"download into downloaded/{unit}/archive/ and run: nbgrader zip_collect {unit}"
        )
    folder = Path(coursedir.root, "reports")
    paths = [folder / f"{unit}-{system}.csv"]
    write_text(paths[0], (_moodle if system == "moodle" else _canvas)(unit, of_class, origins))
    pages = {
        student: Path(coursedir.format_path(coursedir.feedback_directory, student, unit), f"{unit}.html")
        for student in origins
    }
    pages = {student: page for student, page in pages.items() if page.is_file()}
    if pages:
        paths.append(folder / f"{unit}-{system}-feedback.zip")
        with zipfile.ZipFile(paths[1], "w", zipfile.ZIP_DEFLATED) as archive:
            for student, page in sorted(pages.items()):
                archive.write(page, _name_of_feedback(system, origins[student], page.name))
    return paths, sorted(student for student in origins if of_class.pending(student))


def _name_of_feedback(system, origin, name):
    """Both systems take the student from the name that they gave to the file when it was downloaded."""
    return f"{origin}/{name}" if system == "moodle" else f"{origin}_{name}"


def _moodle(unit, of_class, origins):
    """The grading worksheet of an assignment: Moodle finds the participant by the identifier."""
    rows = [["Identifier", "Full name", "Email address", "Grade", "Maximum Grade", "Last modified (grade)"]]
    for student, origin in sorted(origins.items()):
        first, last, email = of_class.roster.get(student, ("", "", ""))
        name, _, number = origin.removesuffix("_assignsubmission_file").rpartition("_")
        full = f"{first} {last}".strip() or name
        grade = "" if of_class.pending(student) else rounded(of_class.got(student))
        rows.append([f"Participant {number}", full, email, grade, rounded(of_class.possible()), ""])
    return _table(rows)


def _canvas(unit, of_class, origins):
    """The gradebook of a course with one assignment: Canvas finds the student by the ID."""
    rows = [["Student", "ID", "SIS User ID", "SIS Login ID", "Section", unit]]
    rows.append(["    Points Possible", "", "", "", "", rounded(of_class.possible())])
    for student in sorted(origins):
        first, last, email = of_class.roster.get(student, ("", "", ""))
        name = ", ".join(part for part in (last, first) if part) or student
        grade = "" if of_class.pending(student) else rounded(of_class.got(student))
        rows.append([name, student, "", email, "", grade])
    return _table(rows)


def _table(rows):
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerows([[plain(value) for value in row] for row in rows])
    return file.getvalue()


def plain(value):
    """A cell of a table that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
