"""A report on the class: points per question, frequent hints, times, events to look at.

Made from what the campaign recorded and from the gradebook: `reports/UNIT.html` to read,
`reports/UNIT.csv` with one line for each student.
"""

import csv
import html
import io
from collections import Counter
from pathlib import Path
from statistics import median

from nbgrader.api import Gradebook, MissingEntry

from nnlib.grading.gradebook.campaign import Campaign, write_text

FREQUENT = 15
"""How many hints the report lists."""

KINDS = {
    "network": "tried to reach the network",
    "withheld": "took what is withheld",
    "metadata": "changed cells or metadata that are not the student's",
    "process": "started or signalled processes",
    "ctypes": "loaded a library by ctypes",
    "link": "handed in a symbolic link",
    "file": "handed in what is no ordinary file",
    "ended": "the process ended or was ended",
    "check": "a check met what it did not foresee",
}
"""Kinds of events, in words."""


class NothingGraded(ValueError):
    """The unit has no verdict yet."""


def write_report(coursedir, unit):
    """Write both files and return their paths. Raises NothingGraded."""
    verdicts = Campaign(coursedir, unit).verdicts()
    if not verdicts:
        raise NothingGraded(f"Nobody of {unit} is graded yet. Run: nnlib-grade autograde {unit}")
    points = _points(coursedir, unit)
    folder = Path(coursedir.root, "reports")
    paths = [folder / f"{unit}.html", folder / f"{unit}.csv"]
    write_text(paths[0], as_html(unit, verdicts, points))
    write_text(paths[1], as_csv(verdicts, points))
    return paths


def _points(coursedir, unit):
    """cell -> (possible points, {student: points so far}), in the order of the notebook."""
    with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        try:
            notebook = gradebook.find_notebook(unit, unit)
        except MissingEntry:
            raise NothingGraded(f"The gradebook does not know {unit}.") from None
        order = [cell.name for cell in notebook.source_cells]
        found = {}
        for cell in sorted(notebook.grade_cells, key=lambda cell: order.index(cell.name)):
            found[cell.name] = (cell.max_score, {})
        for submission in gradebook.assignment_submissions(unit):
            for grade in submission.notebooks[0].grades:
                found[grade.name][1][submission.student_id] = grade.score
        return found


def as_csv(verdicts, points):
    """One line for each student: points, verdict, seconds, events, and the points of each cell."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(
        ["student", "points", "verdict", "seconds", "student_seconds", "megabytes", "events", *points]
    )
    for student, verdict in verdicts.items():
        own = [of.get(student, 0.0) for _, of in points.values()]
        events = "; ".join(f"{kind}: {detail}" for kind, detail in verdict.get("events", []))
        measured = [f"{verdict.get(name, 0):.2f}" for name in ("seconds", "student_seconds", "megabytes")]
        row = [student, sum(own), verdict["verdict"], *measured, events, *own]
        writer.writerow([_plain(value) for value in row])
    return file.getvalue()


def _plain(value):
    """A cell of a table that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def as_html(unit, verdicts, points):
    """The report as one page without scripts. All that comes from students is escaped."""
    count = Counter(verdict["verdict"] for verdict in verdicts.values())
    seconds = [verdict.get("seconds", 0.0) for verdict in verdicts.values()]
    unsafe = sum(bool(verdict.get("unsafe")) for verdict in verdicts.values())
    theirs = [verdict.get("student_seconds", 0.0) for verdict in verdicts.values()]
    said = [
        f"{len(verdicts)} students: {count['graded']} graded, {count['not graded']} not gradable.",
        *([f"Graded without a sandbox: {unsafe}."] if unsafe else []),
        f"Grading took {median(seconds):.1f} s for the median student, {max(seconds):.1f} s at most; "
        f"{median(theirs):.1f} s and {max(theirs):.1f} s of that are the students' own code.",
    ]
    told = [hint for verdict in verdicts.values() for hint in {tuple(h) for h in verdict.get("hints", [])}]
    # What is not answered is no mistake to explain: it has a column of its own.
    unanswered = Counter(cell for cell, slip, _ in told if slip == "not_answered")
    hints = Counter((cell, hint) for cell, slip, hint in told if slip != "not_answered")
    rows = [[name, most, *_spread(most, of), unanswered[name]] for name, (most, of) in points.items()]
    frequent = [[count, cell, hint] for (cell, hint), count in hints.most_common(FREQUENT)]
    events = [
        [student, KINDS.get(kind, kind), detail]
        for student, v in verdicts.items()
        for kind, detail in v.get("events", [])
    ]
    unclear = [[s, v["verdict"], " ".join(v["reasons"])] for s, v in verdicts.items() if v["reasons"]]
    title = html.escape(f"Report on {unit}")
    parts = [
        f"<!doctype html><html lang='en'><meta charset='utf-8'><title>{title}</title><style>{STYLE}</style>",
        f"<h1>{title}</h1>",
        *(f"<p>{html.escape(line)}</p>" for line in said),
        _table("Points", ["question", "points", "mean", "full", "none", "not answered"], rows),
        _table("Most frequent hints", ["students", "question", "hint"], frequent),
        _table("Events to look at", ["student", "what", "detail"], events),
        _table("Remarks on submissions", ["student", "verdict", "reason"], unclear),
        "</html>",
    ]
    return "\n".join(parts)


STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}"
    "table{border-collapse:collapse;margin:1rem 0 2rem}th,td{text-align:left;padding:.2rem .8rem;"
    "border-bottom:1px solid #8886;vertical-align:top;overflow-wrap:anywhere}"
)


def _spread(most, of):
    """Mean, and how many have all points and none."""
    got = list(of.values())
    mean = f"{sum(got) / len(got):.2f}" if got else ""
    return mean, sum(points >= most for points in got), sum(points == 0 for points in got)


def _table(title, head, rows):
    if not rows:
        return f"<h2>{title}</h2><p>None.</p>"
    lines = ["".join(f"<td>{html.escape(str(value))}</td>" for value in row) for row in rows]
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return f"<h2>{title}</h2><table><tr>{''.join(f'<th>{name}</th>' for name in head)}</tr>{body}</table>"
