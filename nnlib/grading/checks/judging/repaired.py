"""The second direction of the search: the one change of the student's own function that makes it right.

Changed code of the student's runs where the student's code runs: in the sandbox, or beside the kernel. A
change that leaves the result right but for its sign, a factor, an order or a transposition is told with that.
"""

import numpy as np

from nnlib.grading.checks.search.repairs import repairs_of
from nnlib.grading.sandbox.inside import values, versions
from nnlib.grading.sandbox.remote import Remote

LONGEST_LINE = 60
"""Characters of a line that a hint shows."""

MOST_WITH_A_SLIP = 20
"""Changes that leave a slip, and are looked at in all cases."""


def repaired(function, diagnosis, first, hiding=False):
    """The sentence on the cheapest change that makes a function right in all cases, or "".

    first: the number of a case for which the student's own function is wrong. hiding: look for functions
    that hide digits alone, where all numbers are nearly right: other changes come near them by chance.
    """
    source = _source(function)
    if source is None:
        return ""
    try:
        with np.errstate(all="ignore"):
            return _repaired(function, *source, diagnosis, first, hiding)
    except (values.NotTransferable, OSError):
        return ""


def _repaired(function, begins, source, diagnosis, first, hiding):
    repairs, cases = repairs_of(source), diagnosis.cases
    if hiding:
        repairs = [repair for repair in repairs if repair.words.endswith("does not belong here")]
    results = _results(function, repairs, [cases[first]])
    arrays = [diagnosis.fitted(found, first) for (found,) in results]
    fitting = [r for r, found in zip(repairs, arrays, strict=False) if diagnosis.is_right(found, first)]
    for repair, found in zip(fitting, _results(function, fitting, cases), strict=False):
        if all(diagnosis.is_right(diagnosis.fitted(one, n), n) for n, one in enumerate(found)):
            return f"One change makes it right, {_line(repair, begins, source)}: {repair.words}."
    return _with_a_slip(function, begins, source, diagnosis, first, zip(repairs, arrays, strict=False))


def _with_a_slip(function, begins, source, diagnosis, first, tried):
    """The sentence on a change that leaves a slip in what is returned."""
    kept = [(r, found) for r, found in tried if found is not None and _of_use(diagnosis, found, first)]
    kept = [repair for repair, found in kept if _slips(diagnosis, {first: found})][:MOST_WITH_A_SLIP]
    for repair, found in zip(kept, _results(function, kept, diagnosis.cases), strict=False):
        arrays = {n: diagnosis.fitted(one, n) for n, one in enumerate(found)}
        if words := _slips(diagnosis, arrays):
            slip = f"{words[0][0].upper()}{words[0][1:]}"
            return f"Two slips. First: {_line(repair, begins, source)}: {repair.words}. Second: {slip}."
    return ""


def _of_use(diagnosis, found, case):
    """Whether arrays could be right up to a slip: they are of the right number, and not zero."""
    return len(found) == len(diagnosis.right[case]) and any(part.any() for part in found)


def _slips(diagnosis, arrays):
    """The slips in what is returned without which these arrays (number of a case -> arrays) are right."""
    if any(found is None for found in arrays.values()):
        return []
    answers = [arrays.get(n) for n in range(len(diagnosis.cases))]
    return [
        kind.words
        for kind, undone in diagnosis.searches[0].targets(answers)
        if kind.words and all(diagnosis.is_right(undone[n], n) for n in arrays)
    ]


def _line(repair, begins, source):
    text = source.split("\n")[repair.line - 1].strip()
    shown = text if len(text) <= LONGEST_LINE else f"{text[: LONGEST_LINE - 4]} ..."
    return f"in line {begins + repair.line - 1} of its cell, `{shown}`"


def _source(function):
    """(number of the first line in its cell, source), or None."""
    match function._source() if isinstance(function, Remote) else versions.source_of(function):
        case [int(begins), str(source)]:
            return begins, source


def _results(function, repairs, cases):
    """For each repair what it gives in each case, None where it raises."""
    sources, calls = [repair.source for repair in repairs], [case.arguments for case in cases]
    if not sources:
        return []
    if isinstance(function, Remote):
        found = function._versions(sources, calls)
    else:
        found = versions.results_of(function, sources, calls)
        found = values.decode({"list": [{"list": results} for results in found]}, None)
    well_formed = isinstance(found, list) and all(
        isinstance(results, list) and len(results) == len(cases) for results in found
    )
    return found if well_formed else []
