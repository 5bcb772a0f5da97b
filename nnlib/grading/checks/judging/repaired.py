"""The second direction of the search: one change of the student's own function makes its result right.

The changed code runs where the student's code runs: in the sandbox, or in a copy of the notebook's process.
Where the result is then right up to a sign, a factor, an order or a transposition, the hint names both slips.
"""

import re

import numpy as np

from nnlib.grading.checks.judging.written import written
from nnlib.grading.checks.search.matching import fingerprint
from nnlib.grading.checks.search.pairs import MOST_ALIKE
from nnlib.grading.checks.search.repairs import repairs_of
from nnlib.grading.checks.search.sentences import sentence
from nnlib.grading.checks.search.table import RARE
from nnlib.grading.sandbox.inside import values, versions
from nnlib.grading.sandbox.remote import Remote

LONGEST_LINE = 60
"""Characters of a line that a hint shows."""

MOST_WITH_A_SLIP = 20
"""At most so many changes that leave a second slip are tried in all cases."""


MOST_COST = 1.3
"""Of a change that leaves a slip of the reference: rarer ones meet one by chance."""


def repaired(function, diagnosis, first, hiding=False):
    """The sentence on the cheapest change that makes a function right in all cases, or "".

    first: the number of a case for which the student's own function is wrong. hiding: look for functions
    that hide digits alone, where all numbers are nearly right: other changes come near them by chance.
    """
    try:
        with np.errstate(all="ignore"):
            return _repaired(function, *written(function), diagnosis, first, hiding)
    except (values.NotTransferable, OSError):
        return ""


def _repaired(function, begins, source, diagnosis, first, hiding):
    repairs, cases = repairs_of(source), diagnosis.cases
    if hiding:
        repairs = [repair for repair in repairs if repair.words.endswith("does not belong here")]
    results = _results(function, repairs, [cases[first]])
    arrays = [diagnosis.fitted(result, first) for (result,) in results]
    fitting = [repair for repair, a in zip(repairs, arrays, strict=False) if diagnosis.is_right(a, first)]
    for repair, by_case in zip(fitting, _results(function, fitting, cases), strict=False):
        if all(diagnosis.is_right(diagnosis.fitted(result, n), n) for n, result in enumerate(by_case)):
            return f"One change makes it right, {_line(repair, begins, source)}: {repair.words}."
    tried = list(zip(repairs, arrays, strict=False))
    return _with_a_slip(function, begins, source, diagnosis, first, tried) or _with_a_change(
        function, begins, source, diagnosis, first, tried
    )


def _with_a_slip(function, begins, source, diagnosis, first, tried):
    """The sentence on a change that leaves a slip in what is returned."""
    kept = [(repair, a) for repair, a in tried if a is not None and _of_use(diagnosis, a, first)]
    kept = [repair for repair, a in kept if _slips(diagnosis, {first: a})][:MOST_WITH_A_SLIP]
    for repair, by_case in zip(kept, _results(function, kept, diagnosis.cases), strict=False):
        arrays = {n: diagnosis.fitted(result, n) for n, result in enumerate(by_case)}
        if words := _slips(diagnosis, arrays):
            slip = f"{words[0][0].upper()}{words[0][1:]}"
            return f"Two slips. First: {_line(repair, begins, source)}: {repair.words}. Second: {slip}."
    return ""


def _with_a_change(function, begins, source, diagnosis, first, tried):
    """The sentence on a change after which the function is what one change of the reference gives."""
    if not diagnosis.tables:
        return ""
    table = diagnosis.tables[0]
    numbers = table.different(first, RARE)
    met = [
        (repair, table.changes[number], number) for repair, a in tried
        if a is not None and repair.cost <= MOST_COST and re.search(KEEPS, repair.words)
        and "comparison" not in repair.words and _of_use(diagnosis, a, first) and _varies(a)
        for number in numbers.get(fingerprint(a), ())[:MOST_ALIKE]
    ]  # fmt: skip
    met = sorted((m for m in met if m[1].cost <= MOST_COST), key=lambda m: m[0].cost + m[1].cost)
    met = met[:MOST_WITH_A_SLIP]
    by_repair = _results(function, [repair for repair, _, _ in met], diagnosis.cases)
    for (repair, change, number), by_case in zip(met, by_repair, strict=False):
        if table.everywhere(number, [diagnosis.fitted(result, n) for n, result in enumerate(by_case)]):
            line = _line(repair, begins, source)
            left = sentence(change.place, change.words)
            return f"Two slips. First: {line}: {repair.words}. Second: {left}"
    return ""


KEEPS = (
    "wrong sign|a sign is|turned round|transpose|wrong order|the (mean|sum) is taken|not the function"
    "|slope of g|is not the product"
)
"""Words of changes after which all of the function still counts. Others take away what is wrong, and then
meet a reference from which something else is taken away."""


def _varies(arrays):
    """Whether arrays hold different numbers: what is the same throughout is so for many reasons."""
    numbers = np.concatenate([part.ravel() for part in arrays])
    return numbers.size > 1 and len(np.unique(numbers)) > 1


def _of_use(diagnosis, arrays, case):
    """Whether arrays could be right up to a slip: they are of the right number, and not zero."""
    return len(arrays) == len(diagnosis.right[case]) and any(part.any() for part in arrays)


def _slips(diagnosis, arrays):
    """The slips in what is returned without which these arrays (number of a case -> arrays) are right."""
    if any(a is None for a in arrays.values()):
        return []
    diagnosis.prepare()  # nothing is searched yet if every call raised
    answers = [arrays.get(n) for n in range(len(diagnosis.cases))]
    return [
        kind.words
        for kind, undone in diagnosis.tables[0].targets(answers)
        if kind.words and all(diagnosis.is_right(undone[n], n) for n in arrays)
    ]


def _line(repair, begins, source):
    text = source.split("\n")[repair.line - 1].strip()
    shown = text if len(text) <= LONGEST_LINE else f"{text[: LONGEST_LINE - 4]} ..."
    return f"in line {begins + repair.line - 1} of its cell, `{shown}`"


def _results(function, repairs, cases):
    """For each repair what it gives in each case, None where it raises."""
    sources, calls = [repair.source for repair in repairs], [case.arguments for case in cases]
    if not sources:
        return []
    if isinstance(function, Remote):
        tried = function._versions(sources, calls)
    else:
        tried = versions.results_of(function, sources, calls)
        tried = values.decode({"list": [{"list": results} for results in tried]}, None)
    well_formed = isinstance(tried, list) and all(
        isinstance(results, list) and len(results) == len(cases) for results in tried
    )
    return tried if well_formed else []
