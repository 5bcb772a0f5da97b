"""A second look, at the student's own code: where numbers explain nothing, a part, or by two slips alone."""

import re

import numpy as np

from nnlib.grading.checks.judging import results
from nnlib.grading.checks.judging.not_finite import where_it_begins
from nnlib.grading.checks.judging.repaired import repaired
from nnlib.grading.checks.search.parts import UNKNOWN

UNEXPLAINED = ("wrong", "shapes", "type", "few_digits", "constant", "raises", "doubtful")
"""Slips of hints that say only where an answer is wrong, or what nothing in it speaks for."""

SEVERAL = r"\b(Two|Three) slips\. First:"
"""In a hint on several slips: one change of the student's code is simpler, where there is one."""


def looked_at(diagnosis, function, returned, slip, hint, difference):
    """(slip, hint), perhaps others than were given.

    returned: for each case the flat list of arrays that the student's function gave, None where it raised.
    """
    first = _first_wrong(diagnosis, returned)
    if slip != "doubtful" and re.search(SEVERAL, hint) or slip == "partly":
        if words := repaired(function, diagnosis, first, alone=True):
            return "repaired", diagnosis.with_section(words, difference)
        return slip, _with_the_rest(diagnosis, function, first, hint) if slip == "partly" else hint
    if slip not in UNEXPLAINED:
        return slip, hint
    if not diagnosis.question.through and (words := _not_finite(diagnosis, function, returned)):
        return slip, f"{hint} {words}"
    if words := repaired(function, diagnosis, first, hiding=slip == "few_digits"):
        told = f"{hint} {words}" if slip == "raises" else diagnosis.with_section(words, difference)
        return "repaired", told
    return slip, hint


def _with_the_rest(diagnosis, function, first, hint):
    """The hint on some arrays, with what changes of the code tell of those that are not explained."""
    unknown = re.search(rf"([^.]*): {UNKNOWN}\.", hint)
    names = unknown[1].strip()
    left = [name.lower() for name in names.split(", ")]
    parts = tuple(n for n in diagnosis.judged() if diagnosis.names()[n].lower() in left)
    words = repaired(function, diagnosis, first, parts) if parts else ""
    return hint.replace(unknown[0], f" {words.replace('it right', f'{names} right', 1)}") if words else hint


def _not_finite(diagnosis, function, returned):
    """Where NaN or infinity begins, in the first case that has one where the right values have none."""
    for f, r, case in zip(returned, diagnosis.right, diagnosis.cases, strict=True):
        if f is not None and not _is_finite(f) and _is_finite(r):
            return where_it_begins(function, case.arguments)
    return ""


def _is_finite(arrays):
    return all(np.isfinite(part).all() for part in arrays)


def _first_wrong(diagnosis, returned):
    """The number of a case for which an answer is wrong: that of the search, or the smallest."""
    if diagnosis.tables and (searched := diagnosis.tables[0].wrong(returned)):
        return searched[0]
    wrong = [
        n for n, (f, r) in enumerate(zip(returned, diagnosis.right, strict=True))
        if f is None or not diagnosis.is_right(results.fitted(f, r), n)
    ]  # fmt: skip
    return min(wrong, key=lambda n: sum(part.size for part in diagnosis.right[n]), default=0)
