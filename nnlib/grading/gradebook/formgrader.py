"""The page on which a submission is marked: it runs nbgrader's scripts alone, and shows the mark scheme.

What a student wrote is cleaned already. This is the second wall: the policy of the page allows the
scripts that stand before the submission, by their hashes.
"""

import base64
import hashlib
import re

from nbgrader.server_extensions.formgrader import handlers

from nnlib.grading.gradebook import mark_scheme
from nnlib.grading.gradebook.formulas import to_html
from nnlib.grading.gradebook.pages import clean_page

START = re.compile(r'<div\b[^>]*\bid="notebook"')
"""Where the student's part of the page begins."""
SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.S)
HANDLER = re.compile(r'\bonclick="([^"]*)"')


def policy(page):
    """The Content-Security-Policy of a page: scripts of nbgrader, pictures in the page, nothing else."""
    start = START.search(page)
    before = page[: start.start()] if start else ""
    own = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
        for text in dict.fromkeys(SCRIPT.findall(before) + HANDLER.findall(before))
    )
    return (
        f"default-src 'none'; script-src 'self' 'unsafe-hashes' {own}; connect-src 'self'; "
        "font-src 'self' data:; style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; "
        "form-action 'self'; "
        "frame-ancestors 'self'"
    )


def with_mark_scheme(page, schemes):
    """The page with the solution of each written question above the field for the comment."""
    for name, text in schemes.items():
        field = rf'<div class="panel-footer">\s*<div><textarea\b[^>]*\bid="{re.escape(name)}-comment"'
        said = f"<summary>Solution, not for students</summary>{clean_page(to_html(text))}"
        shown = f'<details open class="panel-footer">{said}</details>'
        page = re.sub(field, lambda match, shown=shown: shown + match[0], page, count=1)
    return page


class _Exporter:
    """Makes the page of a handler."""

    def __init__(self, handler, exporter):
        self.handler, self.exporter = handler, exporter

    def from_filename(self, filename, resources):
        page, resources = self.exporter.from_filename(filename, resources=resources)
        self.handler.set_header("Content-Security-Policy", policy(page))
        schemes = mark_scheme.of_unit(self.handler.coursedir, resources["assignment_id"])
        return with_mark_scheme(page, schemes), resources


def protect():
    """Let formgrader show submissions this way."""
    handlers.SubmissionHandler.exporter = property(
        lambda handler: _Exporter(handler, handler.settings["nbgrader_exporter"])
    )
