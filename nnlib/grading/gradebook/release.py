"""A release: the cells of a unit as the gradebook has them, held against `solutions/`.

Checks, questions and pictures are taken from the release, not from the submission: so a student cannot
change them.
"""

import hashlib
import importlib.util
import json
from copy import deepcopy
from pathlib import Path

import nbformat
from nbgrader import utils
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.preprocessors import ClearHiddenTests


class ReleaseError(RuntimeError):
    """The unit cannot be graded as it stands. The text says why, and what to do."""


class StaleRelease(ReleaseError):
    """The gradebook has no release of the unit, or another one than `solutions/`."""


def release(coursedir, unit):
    """The release of a unit, as plain data: `cells` in order, `checks`, `withheld`, `metadata`, `hash`.

    `checks` is the module of the unit's checks. A cell has name, cell_type, source, `released` (its
    source without hidden checks), `nbgrader` (its metadata). An answer cell holds the stub. Raises
    ReleaseError, StaleRelease.
    """
    notebook = solution(coursedir, unit)
    kept, points = _gradebook(coursedir, unit)
    changed = []
    cells = []
    for cell in notebook.cells:
        meta = cell.metadata.get("nbgrader", {})
        name = meta.get("grade_id")
        if name is None:
            continue
        if name not in kept:
            changed.append(name)
            continue
        source = kept[name]
        locked = utils.is_locked(cell)
        if (
            locked
            and utils.compute_checksum(cell) != source["checksum"]
            or meta.get("points", 0) != points.get(name, 0)
        ):
            changed.append(name)
        meta = {key: meta[key] for key in ("grade", "solution", "locked", "points") if key in meta}
        meta |= {"grade_id": name, "schema_version": 3, "task": False, "checksum": source["checksum"]}
        meta |= {"cell_type": cell.cell_type}
        text = source["source"] if not locked else cell.source
        cells.append(
            {
                "name": name,
                "cell_type": cell.cell_type,
                "source": text,
                "released": _released(cell, text),
                "nbgrader": meta,
            }
        )
    changed += sorted(set(kept) - {cell["name"] for cell in cells})
    if changed:
        raise StaleRelease(
            f"The gradebook holds another {unit} than solutions/: {', '.join(changed[:5])} differ"
            f"{' and more' if len(changed) > 5 else ''}. Run: nbgrader generate_assignment {unit} --force"
        )
    metadata = {
        key: notebook.metadata[key] for key in ("kernelspec", "language_info") if key in notebook.metadata
    }
    withheld = list(notebook.metadata.get("nnlib", {}).get("withheld", ()))
    checks = _checks(unit)
    digest = hashlib.sha256(json.dumps([cells, withheld], sort_keys=True).encode()).hexdigest()
    return {
        "unit": unit,
        "cells": cells,
        "checks": checks,
        "withheld": withheld,
        "metadata": metadata,
        "hash": digest,
    }


def _checks(unit):
    """The module of the checks of a unit: those of `4_backpropagation` are `nnlib.grading.checks.unit_4`."""
    name = f"nnlib.grading.checks.unit_{unit.partition('_')[0]}"
    try:
        module = importlib.util.find_spec(name)
    except ValueError:
        module = None
    if module is None:
        raise ReleaseError(
            f"There are no checks for {unit}: a unit is named NUMBER_TITLE, and its checks stand in "
            "nnlib/grading/checks/unit_NUMBER."
        )
    return name


def solution(coursedir, unit):
    """The notebook of a unit in `solutions/`. Raises ReleaseError."""
    folder = Path(coursedir.format_path(coursedir.source_directory, ".", unit))
    if not folder.is_dir():
        there = sorted(path.name for path in folder.parent.glob("*/") if not path.name.startswith("."))
        raise ReleaseError(
            f"There is no unit {unit!r} in {coursedir.source_directory}/; "
            f"there are: {', '.join(there) or 'none'}."
        )
    notebooks = sorted(folder.glob("*.ipynb"))
    if [path.stem for path in notebooks] != [unit]:
        raise ReleaseError(
            f"A unit is one notebook of the same name: expected {folder.name}/{unit}.ipynb in "
            f"{coursedir.source_directory}, found {[path.name for path in notebooks] or 'none'}."
        )
    return nbformat.read(notebooks[0], as_version=4)


def _gradebook(coursedir, unit):
    with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        try:
            notebook = gradebook.find_notebook(unit, unit)
        except MissingEntry:
            raise StaleRelease(
                f"The gradebook does not know {unit} yet. Run: nbgrader generate_assignment {unit}"
            ) from None
        cells = {c.name: {"source": c.source, "checksum": c.checksum} for c in notebook.source_cells}
        return cells, {cell.name: cell.max_score for cell in notebook.grade_cells}


def _released(cell, text):
    """The source that students got: hidden checks are cut out."""
    if not utils.is_grade(cell) or utils.is_solution(cell):
        return text
    cell, _ = ClearHiddenTests().preprocess_cell(deepcopy(cell), {}, 0)
    return cell.source
