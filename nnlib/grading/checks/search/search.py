"""Which change of the reference gives the student's numbers on every input of the check?

One slip comes before two, and the reference before other ways to write it.
"""

from nnlib.grading.checks.search.evidence import ALL
from nnlib.grading.checks.search.explanations import Explanation, cheapest
from nnlib.grading.checks.search.matching import OF_ONE, same, tell_enough
from nnlib.grading.checks.search.pairs import MOST_OF_PAIRS, by_two, with_returned
from nnlib.grading.checks.search.parts import by_part
from nnlib.grading.checks.search.table import LIKELY, RARE

COMMON = 1.5
"""The cost up to which one slip is told without a look for simpler ones by part."""

COMMON_OF_FEW = 1.15
"""The same where a few whole numbers are wrong: rarer slips give them by chance."""

PART = 0.6
"""So much simpler an explanation by part has to be than one slip of all."""

USUAL = 1.3
"""The cost up to which a slip in what is returned is looked for before pairs of the reference."""


def explained(tables, answers, evidence=ALL):
    """The cheapest explanations, of the first kind that there is. tables: one a way to write the reference.

    answers: the student's flat arrays, an entry for each case; None where the function raised.
    evidence: what the student's code may hold.
    """
    likely, rare, pairs = (most // len(tables) for most in (LIKELY, RARE, MOST_OF_PAIRS))
    steps = (
        lambda table: _usual(by_one(table, answers, likely, evidence)),
        lambda table: _likely(table, answers, likely, evidence),
        lambda table: by_one(table, answers, rare, evidence) or by_part(table, answers, rare, evidence),
        lambda table: by_two(table, answers, rare, pairs, evidence),
        lambda table: by_part(table, answers, rare, evidence, whole=False),
    )
    doubtful = []
    for step in steps:
        if found := [explanations for table in tables if (explanations := step(table))]:
            best = min(found, key=lambda explanations: explanations[0].cost)
            if not best[0].is_doubtful():
                return best
            doubtful = doubtful or best
    return doubtful


def by_one(table, answers, most, evidence=ALL):
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
    tells = tell_enough(table.right, answers, OF_ONE)
    for number, value in table.tried(wrong[0], most):
        if same(value, answers[wrong[0]]) and table.everywhere(number, answers):
            change = table.changes[number]
            if change.cost > COMMON_OF_FEW and not tells:
                continue
            doubt = evidence.doubt(table, wrong[0], answers[wrong[0]], number)
            found.append(Explanation(change.cost + doubt, ((change.place, change.words),), doubt))
    return cheapest(found)


def _likely(table, answers, most, evidence):
    """By one slip, by part, or by one and the way in which all is returned: the simplest."""
    returned = cheapest(with_returned(table, answers, most, evidence, USUAL))
    found = [each for each in (by_part(table, answers, most, evidence), returned) if each]
    best = min(found, key=lambda explanations: explanations[0].cost, default=[])
    one = by_one(table, answers, most, evidence)
    return one if one and (not best or one[0].cost <= best[0].cost + PART) else best


def _usual(explanations):
    return explanations if explanations and explanations[0].cost <= COMMON else []
