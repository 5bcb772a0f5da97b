"""The examiner: one submission in, one verdict and one graded notebook out, as plain data.

It knows no gradebook and no other submission.
"""

import time

import nbformat

from nnlib.grading.examination import MOST_ENTRIES, Again, Examination
from nnlib.grading.gradebook import submission
from nnlib.grading.gradebook.cleaning import clean_attachments, clean_markdown, storable_all


def examine(task):
    """Grade one submission.

    task: unit, student, submission (of `submission.collect`), release (of `release.release`), seed,
    unsafe, limits (or None), stage (or None where it is not prepared on this machine yet). Returns student,
    verdict ("graded" | "not graded"), reasons, notebook (as text), hints, events, seconds, student_seconds,
    megabytes, and memory (the way in which it was bounded) if anything was run.
    """
    begun = time.monotonic()
    handed_in = task["submission"]
    result = {"student": task["student"], "hints": [], "student_seconds": 0.0, "megabytes": 0}
    result |= {"reasons": list(handed_in["notes"]), "events": list(handed_in["events"])}
    try:
        if handed_in["unreadable"]:
            raise submission.Unreadable(handed_in["unreadable"])
        cells, notes = submission.read_cells(handed_in["notebook"])
        result["reasons"] += notes
        cells, notes, events = submission.match(cells, task["release"])
        result["reasons"] += notes
        result["events"] += events
        result["verdict"] = "graded"
    except submission.Unreadable as reason:
        cells = [submission.as_cell(cell, cell["source"]) for cell in task["release"]["cells"]]
        result["verdict"] = "not graded"
        result["reasons"].insert(0, str(reason))
    outputs = {}
    if result["verdict"] == "graded":
        examination = Examination(task, cells)
        try:
            outputs = examination.run()
        except Again:
            examination = Examination(task, cells, examination.deadline)
            outputs = examination.run()
        result["hints"], result["megabytes"] = examination.hints, examination.peak / 2**20
        result["memory"] = examination.memory
        result["events"] += examination.events
        result["reasons"] = examination.reasons + result["reasons"]
        result["student_seconds"] = examination.student_seconds
    for key in ("reasons", "hints", "events"):
        result[key] = shortened(result[key])
    notebook = as_notebook(cells, outputs, task["release"], result)
    result["notebook"] = nbformat.writes(notebook)
    result["seconds"] = time.monotonic() - begun
    return result


def shortened(entries):
    """The first entries of a list of texts, in a form that can be stored; and how many more there were."""
    kept = storable_all(entries[:MOST_ENTRIES])
    if len(entries) > MOST_ENTRIES:
        more = f"{len(entries) - MOST_ENTRIES} more of these"
        kept.append(more if isinstance(entries[0], str) else ["more", more, ""][: len(entries[0])])
    return kept


def as_notebook(cells, outputs, release, result):
    """The graded notebook, made anew: nothing of the submission but sources and cleaned outputs."""
    built, own = [], 0
    for number, cell in enumerate(cells):
        source = cell["source"]
        if cell["cell_type"] != "code" and not (cell["nbgrader"] and cell["nbgrader"]["locked"]):
            source = clean_markdown(source)
        if cell["cell_type"] == "code":
            shown = [nbformat.from_dict(output) for output in outputs.get(number, [])]
            node = nbformat.v4.new_code_cell(source, outputs=shown)
        else:
            source, pasted = clean_attachments(source, cell["attachments"])
            node = nbformat.v4.new_markdown_cell(source)
            if pasted:
                node.attachments = nbformat.from_dict(pasted)
        if cell["nbgrader"]:
            node.id, node.metadata["nbgrader"] = cell["name"], nbformat.from_dict(cell["nbgrader"])
        else:
            own += 1
            node.id = f"own-{own}"
        built.append(node)
    if result["reasons"]:
        lines = "\n".join(f"- {clean_markdown(reason)}" for reason in result["reasons"])
        title = (
            "This submission could not be graded"
            if result["verdict"] == "not graded"
            else "About this submission"
        )
        built.insert(0, nbformat.v4.new_markdown_cell(f"**{title}**\n\n{lines}", id="verdict"))
    notebook = nbformat.v4.new_notebook(cells=built, metadata=nbformat.from_dict(release["metadata"]))
    nbformat.validate(notebook)
    return notebook
