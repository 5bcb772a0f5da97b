"""The solution of a written question, for the person who marks it: shown in formgrader, never to students."""

import re
from pathlib import Path

import nbformat

SOLUTION = re.compile(r"### BEGIN SOLUTION\s*\n(.*?)\n### END SOLUTION", re.S)


def of_unit(coursedir, unit):
    """Name of a written answer -> Markdown of its solution and mark scheme."""
    path = Path(coursedir.format_path(coursedir.source_directory, ".", unit), f"{unit}.ipynb")
    schemes = {}
    for cell in nbformat.read(path, as_version=4).cells if path.is_file() else ():
        grading = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "markdown" and grading.get("solution"):
            if text := SOLUTION.search(cell.source):
                schemes[grading["grade_id"]] = text[1]
    return schemes
