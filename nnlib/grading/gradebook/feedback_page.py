"""The page that a student reads: a table of the questions, then the graded notebook.

It is one file without scripts: formulas are MathML, pictures lie in it, and its policy lets it load nothing.
"""

import importlib
import re
from functools import lru_cache

import nbformat
from jinja2 import Environment, PackageLoader
from markupsafe import Markup, escape
from nbconvert.filters import ansi2html
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from nnlib.grading.gradebook.cleaning import clean_html
from nnlib.grading.gradebook.formulas import to_html
from nnlib.grading.gradebook.grades import question_of, rounded
from nnlib.grading.gradebook.pages import clean_page

TEMPLATE = Environment(
    loader=PackageLoader("nnlib.grading", "gradebook"), autoescape=True, trim_blocks=True
).get_template("feedback.html.j2")
HIDDEN = re.compile(r"^### BEGIN HIDDEN TESTS.*?^### END HIDDEN TESTS\n?", re.M | re.S)
HEADING = re.compile(r"^#+ +(.*?)(?: \(\d+ points?\))?$", re.M)
"""A heading without its points, which have a column of their own."""
WORDS = {"right": "right", "partly": "in part", "wrong": "not yet", "waits": "not read yet"}
ABOUT = "verdict"
"""The cell that the examiner has put first where there is something to say about the submission."""
LONGEST_IN_TABLE = 600
"""Characters of a hint in the table; all of it stands below."""


class Pages:
    """Makes the pages of one unit, for the points in `grades.Grades`."""

    def __init__(self, unit, grades):
        self.unit, self.grades = unit, grades
        self.number = unit.partition("_")[0]
        self.checks = importlib.import_module(f"nnlib.grading.checks.unit_{self.number}")

    def page(self, student, text):
        """The page of one student as HTML, from the text of the graded notebook."""
        # Valid already, and read without the second that a proof of it takes for a class.
        cells = nbformat.v4.reads(text).cells
        titles = {c.id.partition("-")[0]: _title(c) for c in cells if c.id.endswith("-question")}
        hints = {}
        for cell in cells:
            for output in cell.get("outputs", ()):
                if _is_check(cell) and output.output_type == "error":
                    hints.setdefault(question_of(cell.id), output.evalue.removeprefix("Not yet: "))
        for cell, comment in self.grades.comments.get(student, {}).items():
            hints.setdefault(question_of(cell), comment)
        questions = [self._row(student, name, titles, hints) for name in self.grades.questions]
        pending = sum(row["state"] == "waits" for row in questions)
        return TEMPLATE.render(
            unit=self.unit,
            number=self.number,
            title=next(filter(None, (_title(c) for c in cells if c.cell_type == "markdown")), self.unit),
            got=rounded(self.grades.got(student)),
            possible=rounded(self.grades.possible()),
            pending=f"{pending} answer{'s' * (pending > 1)}" if pending else "",
            penalty=rounded(penalty) if (penalty := self.grades.penalties.get(student)) else "",
            questions=questions,
            about=[self._cell(student, cell) for cell in cells if cell.id == ABOUT],
            cells=[self._cell(student, cell) for cell in cells if cell.id != ABOUT],
        )

    def _row(self, student, name, titles, hints):
        got, possible = self.grades.got(student, name), self.grades.possible(name)
        state = "right" if got >= possible else "partly" if got else "wrong"
        state = "waits" if self.grades.pending(student, name) else state
        hint = hints.get(name, "")
        if len(hint) > LONGEST_IN_TABLE:
            hint = f"{hint[:LONGEST_IN_TABLE]} ..."
        return {
            "name": name, "title": titles.get(name) or name, "state": state, "word": WORDS[state],
            "got": rounded(got), "possible": rounded(possible), "hint": hint,
            "section": getattr(getattr(self.checks, name, None), "section", ""),
        }  # fmt: skip

    def _cell(self, student, cell):
        meta = cell.metadata.get("nbgrader", {})
        name, source = meta.get("grade_id", ""), cell.source
        shown = {"anchor": "", "kind": "own" if not meta else "given", "label": "", "state": ""}
        shown |= {"outputs": [], "comment": self.grades.comments.get(student, {}).get(name, "")}
        if name.endswith("-question"):
            shown["anchor"] = question_of(name)
        if meta.get("solution"):
            shown |= {"kind": "answer", "label": "Your answer"}
        if meta.get("grade"):
            points = self.grades.points.get(student, {}).get(name)
            most = self.grades.cells.get(name, 0)
            of = f"{rounded(points)} of {rounded(most)} points" if points is not None else "not read yet"
            shown["label"] = f"Your answer: {of}" if meta.get("solution") else f"Check: {of}"
            if _is_check(cell):
                state = "right" if (points or 0) >= most else "partly" if points else "wrong"
                shown |= {"kind": "check", "state": state}
                source = HIDDEN.sub("", source)
        if cell.cell_type == "code":
            shown["html"] = _code(source)
            shown["outputs"] = [_output(output, _is_check(cell)) for output in cell.outputs]
        elif cell.get("attachments"):
            shown["html"] = Markup(clean_page(to_html(source, cell.attachments)))
        else:
            shown["html"] = _markdown(source)
        return shown


def _is_check(cell):
    meta = cell.metadata.get("nbgrader", {})
    return bool(meta.get("grade") and not meta.get("solution"))


def _title(cell):
    heading = HEADING.search(cell.source)
    return heading[1].replace("$", "") if heading else ""


@lru_cache(2000)
def _markdown(source):
    return Markup(clean_page(to_html(source)))


@lru_cache(2000)
def _code(source):
    if not source.strip():
        return ""
    return Markup(f"<pre>{highlight(source, PythonLexer(), HtmlFormatter(nowrap=True))}</pre>")


def _output(output, of_check):
    match output:
        case {"output_type": "stream", "text": text}:
            return Markup(f'<pre class="said">{ansi2html(text)}</pre>')
        case {"output_type": "error", "evalue": text} if of_check:
            return Markup(f'<p class="hint">{escape(text)}</p>')
        case {"output_type": "error", "traceback": lines}:
            return Markup(f'<pre class="traceback">{ansi2html(chr(10).join(lines))}</pre>')
        case {"data": data}:
            for kind in ("image/png", "image/jpeg"):
                if kind in data:
                    return Markup(f'<img alt="" src="data:{kind};base64,{escape(data[kind])}">')
            if "text/html" in data:
                return Markup(clean_html(data["text/html"]))
            return Markup(f'<pre class="said">{escape(data.get("text/plain", ""))}</pre>')
    return ""
