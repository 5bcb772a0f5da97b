"""Which change of the reference gives the student's numbers on every input of the check?

One slip comes before two, and the reference before other ways to write it.
"""

from nnlib.grading.checks.search.explanations import Explanation, cheapest
from nnlib.grading.checks.search.matching import same
from nnlib.grading.checks.search.pairs import MOST_OF_PAIRS, by_two, with_returned
from nnlib.grading.checks.search.parts import by_part
from nnlib.grading.checks.search.table import LIKELY, RARE

USUAL = 1.3
"""The cost up to which a slip in what is returned is looked for before pairs of the reference."""


def explained(tables, answers):
    """The cheapest explanations, of the first kind that there is. tables: one a way to write the reference.

    answers: the student's flat arrays, an entry for each case; None where the function raised.
    """
    likely, pairs = LIKELY // len(tables), MOST_OF_PAIRS // len(tables)
    steps = (
        lambda table: by_one(table, answers, likely),
        lambda table: _by_part_or_returned(table, answers, likely),
        lambda table: by_one(table, answers, RARE) or by_part(table, answers, RARE),
        lambda table: by_two(table, answers, RARE, pairs),
        lambda table: by_part(table, answers, RARE, whole=False),
    )
    for step in steps:
        if found := [explanations for table in tables if (explanations := step(table))]:
            return min(found, key=lambda explanations: explanations[0].cost)
    return []


def by_one(table, answers, most):
    """The cheapest explanations by one slip, of the reference or of what is returned.

    most: visits of sites for the single changes that are tried.
    """
    wrong = table.wrong(answers)
    if not wrong:
        return []
    found = []
    for kind, target in table.targets(answers):
        if kind.words and all(same(kind.lost(r), t) for r, t in zip(table.right, target, strict=True)):
            found.append(Explanation(kind.cost, (("", kind.words),)))
    for number, value in table.tried(wrong[0], most):
        if same(value, answers[wrong[0]]) and table.everywhere(number, answers):
            change = table.changes[number]
            found.append(Explanation(change.cost, ((change.place, change.words),)))
    return cheapest(found)


def _by_part_or_returned(table, answers, most):
    """By part, unless a slip and the way in which all is returned explain it more simply."""
    parts, returned = by_part(table, answers, most), cheapest(with_returned(table, answers, most, USUAL))
    return returned if returned and (not parts or returned[0].cost < parts[0].cost - 1e-9) else parts
