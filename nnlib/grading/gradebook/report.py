"""A report on the class: points by question, frequent hints, times, events to look at.

Made from what the campaign recorded and from the gradebook: `reports/UNIT.html` to read,
`reports/UNIT.csv` with one line for each student.
"""

import csv
import html
import io
import json
import re
from collections import Counter
from pathlib import Path
from statistics import median

from nnlib.grading.gradebook import grades
from nnlib.grading.gradebook.campaign import Campaign, counted, write_text
from nnlib.grading.gradebook.export import plain
from nnlib.grading.gradebook.grades import NothingGraded, question_of, rounded

FREQUENT = 15
"""How many hints the report lists."""
BARS = 12
"""Bars of the distribution of points, at most."""
LONGEST_EXAMPLE = 1500
"""Characters of the code that is shown with a hint."""
SIZE = re.compile(r" Largest difference: [\d.e+-]+")
"""What differs between two hints about the same slip: each check has its own numbers."""
NO_SLIP = {"not_answered", "first_check"}
"""Hints that explain no mistake: an answer is missing, or the check before this one has the hint."""

KINDS = {
    "network": "tried to reach the network",
    "withheld": "took what is withheld",
    "metadata": "changed cells or metadata that are not the student's",
    "process": "started or signalled processes",
    "ctypes": "loaded a library by ctypes",
    "call": "made calls of the kernel that are forbidden",
    "link": "handed in a symbolic link",
    "file": "handed in a file that is not ordinary",
    "ended": "the process ended or was ended",
    "check": "a check met what it did not foresee",
}
"""Kinds of events, in words."""


def write_report(coursedir, unit):
    """Write both files and return their paths. Raises NothingGraded."""
    verdicts = Campaign(coursedir, unit).verdicts()
    if not verdicts:
        raise NothingGraded(f"Nobody of {unit} is graded yet. Run: nnlib-grade autograde {unit}")
    of_class = grades.read(coursedir, unit)
    folder = Path(coursedir.root, "reports")
    paths = [folder / f"{unit}.html", folder / f"{unit}.csv"]
    answers = {
        student: Path(coursedir.format_path(coursedir.autograded_directory, student, unit), f"{unit}.ipynb")
        for student in verdicts
    }
    write_text(paths[0], as_html(unit, verdicts, of_class, answers))
    write_text(paths[1], as_csv(verdicts, of_class))
    return paths


def as_csv(verdicts, of_class):
    """One line for each student: who, points, verdict, seconds, events, and the points of each question."""
    file = io.StringIO()
    writer = csv.writer(file)
    measured = "seconds", "student_seconds", "megabytes"
    head = ["student", "first_name", "last_name", "email", "points", "possible", "verdict", *measured]
    writer.writerow([*head, "events", *of_class.questions])
    for student, verdict in verdicts.items():
        own = [
            "pending" if of_class.pending(student, question) else rounded(of_class.got(student, question))
            for question in of_class.questions
        ]
        events = "; ".join(f"{kind}: {detail}" for kind, detail in verdict.get("events", []))
        numbers = [f"{verdict.get(name, 0):.2f}" for name in measured]
        who = [student, *of_class.roster.get(student, ("", "", ""))]
        points = [rounded(of_class.got(student)), rounded(of_class.possible()), verdict["verdict"]]
        writer.writerow([plain(value) for value in (*who, *points, *numbers, events, *own)])
    return file.getvalue()


def as_html(unit, verdicts, of_class, answers):
    """The report as one page without scripts. All that comes from students is escaped."""
    seconds = [verdict.get("seconds", 0.0) for verdict in verdicts.values()]
    unsafe = sum(bool(verdict.get("unsafe")) for verdict in verdicts.values())
    theirs = [verdict.get("student_seconds", 0.0) for verdict in verdicts.values()]
    waiting = sum(of_class.pending(student) for student in verdicts)
    said = [
        f"{counted(verdicts)}.",
        *([f"Pending: {waiting} have an answer that nobody has read yet."] if waiting else []),
        *([f"Graded without a sandbox: {unsafe}."] if unsafe else []),
        f"Grading took {median(seconds):.1f} s for the median student, {max(seconds):.1f} s at most; "
        f"{median(theirs):.1f} s and {max(theirs):.1f} s of that are the students' own code.",
    ]
    events = [
        [student, KINDS.get(kind, kind), detail]
        for student, v in verdicts.items()
        for kind, detail in v.get("events", [])
    ]
    unclear = [[s, v["verdict"], " ".join(v["reasons"])] for s, v in verdicts.items() if v["reasons"]]
    title = html.escape(f"Report on {unit}")
    head = ["question", "points", "mean", "reached", "all points", "none", "not answered", "pending"]
    parts = [
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        "<meta http-equiv='Content-Security-Policy' "
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{title}</title><style>{STYLE}</style></head><body>",
        f"<h1>{title}</h1>",
        *(f"<p>{html.escape(line)}</p>" for line in said),
        "<h2>Distribution of points</h2>",
        _distribution(of_class, verdicts),
        _table("Questions", head, _questions(verdicts, of_class)),
        _table("Most frequent hints", ["students", "question", "hint"], _hints(verdicts, answers)),
        _table("Events to look at", ["student", "what", "detail"], events),
        _table("Remarks on submissions", ["student", "verdict", "reason"], unclear),
        "</body></html>",
    ]
    return "\n".join(parts)


STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:64rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}"
    ".wide{overflow-x:auto;margin:1rem 0 2rem}"
    "table{border-collapse:collapse}th,td{text-align:left;padding:.2rem .8rem .2rem 0;"
    "border-bottom:1px solid #8886;vertical-align:top;overflow-wrap:anywhere}"
    "th,td.bar,td.name{white-space:nowrap}"
    "svg text{font:12px sans-serif;fill:currentColor}"
    "pre{font-size:.85rem;white-space:pre-wrap;margin:.4rem 0}"
)


def _distribution(of_class, verdicts):
    """How many students have how many points, as bars."""
    most = of_class.possible()
    width = max(1, -(-int(most + 1) // BARS))
    counts = Counter(int(of_class.got(student) // width) for student in verdicts)
    bars = range(int(most // width) + 1)
    tallest = max(counts.values())
    drawn = []
    for bar in bars:
        low, high = bar * width, min(most, (bar + 1) * width - 1)
        name = rounded(low) if low >= high else f"{rounded(low)}-{rounded(high)}"
        height = 100 * counts[bar] / tallest
        x = 10 + 52 * bar
        drawn.append(
            f'<rect x="{x}" y="{120 - height:.0f}" width="40" height="{height:.0f}" fill="#0072B2"></rect>'
            f'<text x="{x + 20}" y="{114 - height:.0f}" text-anchor="middle">{counts[bar] or ""}</text>'
            f'<text x="{x + 20}" y="136" text-anchor="middle">{name}</text>'
        )
    label = "; ".join(f"{counts[bar]} students from {bar * width} points" for bar in bars)
    size = f'width="{20 + 52 * len(bars)}" height="160"'
    below = f'<text x="10" y="156">points of {rounded(most)}; above each bar the number of students</text>'
    return _wide(f'<svg role="img" aria-label="{label}" {size}>{"".join(drawn)}{below}</svg>')


def _questions(verdicts, of_class):
    """One row for each question, with its difficulty as a bar."""
    not_answered = {
        (s, question_of(cell))
        for s, v in verdicts.items()
        for cell, slip, _ in _told(v)
        if slip == "not_answered"
    }
    rows = []
    for name in of_class.questions:
        most = of_class.possible(name)
        read = [student for student in verdicts if not of_class.pending(student, name)]
        got = [of_class.got(student, name) for student in read]
        mean = sum(got) / len(got) if got else 0
        rows.append([
            _Name(name), rounded(most), f"{mean:.2f}" if got else "", _Bar(mean / most if most else 0),
            sum(points >= most for points in got), sum(points == 0 for points in got),
            sum((student, name) in not_answered for student in verdicts), len(verdicts) - len(read),
        ])  # fmt: skip
    return rows


class _Bar(float):
    """A part of 1 that is drawn."""


class _Name(str):
    """The name of a question, which is not broken."""


def _told(verdict):
    """The hints of one student, each once."""
    return {tuple(hint) for hint in verdict.get("hints", [])}


def _hints(verdicts, answers):
    """The hints that most students got, each with one answer that got it, without a name."""
    who = {}
    for student, verdict in verdicts.items():
        told = [(question_of(cell), hint) for cell, slip, hint in _told(verdict) if slip not in NO_SLIP]
        for key in {(question, SIZE.sub("", hint)) for question, hint in told}:
            who.setdefault(key, []).append(student)
    frequent = sorted(who.items(), key=lambda item: (-len(item[1]), item[0]))[:FREQUENT]
    return [
        [len(students), _Name(question), _Hint((hint, _answer(answers[students[0]], question)))]
        for (question, hint), students in frequent
    ]


def _answer(path, question):
    """The code of an answer in a graded notebook; empty if there is none, or if that is damaged."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        sources = ["".join(cell["source"]) for cell in cells if cell.get("id") == f"{question}-answer"]
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return ""
    return sources[0][:LONGEST_EXAMPLE] if sources else ""


class _Hint(tuple):
    """A hint, and an answer that got it, which is folded."""


def _table(title, head, rows):
    if not rows:
        return f"<h2>{title}</h2><p>None.</p>"
    body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows)
    names = "".join(f"<th>{name}</th>" for name in head)
    return f"<h2>{title}</h2>{_wide(f'<table><tr>{names}</tr>{body}</table>')}"


def _wide(drawn):
    """What is wider than a phone scrolls by itself."""
    return f'<div class="wide" tabindex="0">{drawn}</div>'


def _cell(value):
    if isinstance(value, _Bar):
        drawn = f'<rect width="100" height="10" fill="#8884"></rect>{_filled(100 * value)}'
        bar = f'<svg role="img" aria-label="{value:.0%}" width="100" height="10">{drawn}</svg>'
        return f'<td class="bar">{bar} {value:.0%}</td>'
    if isinstance(value, _Hint):
        hint, code = map(html.escape, value)
        folded = f"<details><summary>one answer</summary><pre>{code}</pre></details>" if code else ""
        return f"<td>{hint}{folded}</td>"
    name = ' class="name"' if isinstance(value, _Name) else ""
    return f"<td{name}>{html.escape(str(value))}</td>"


def _filled(width):
    return f'<rect width="{width:.0f}" height="10" fill="#009E73"></rect>'
