"""Slips in one round of a loop alone: the bias that the last layer lacks, a first layer without tanh."""

import itertools

from nnlib.grading.checks.search.of_case import OfCase
from nnlib.grading.checks.search.program import ORIGINAL

KINDS = ("Add", "Sub", "Mult", "Div", "MatMult", "transposed", "call")
"""Of sites that have such slips."""

MOST_COST = 1.2
"""Slips that are rarer are not made in one round alone."""

ALONE = 0.35
"""What it costs more."""

ROUNDS = {
    "in the first {} alone": lambda number, last: number == 0,
    "in the last {} alone": lambda number, last: number == last,
    "in every {} but the last": lambda number, last: number < last,
}


def of_rounds(site, slips):
    """For the slips (cost, words, apply) of a site in a loop: the same in some of its rounds."""
    if not site.round or site.kind not in KINDS:
        return
    for cost, words, apply in slips:
        if cost <= MOST_COST:
            for where, chosen in ROUNDS.items():
                told = f"{words}, {where.format(site.round)}"
                yield cost + ALONE, told, _chosen(site, apply, chosen)


def _chosen(site, apply, chosen):
    def of(case):
        changed = apply.of(case) if isinstance(apply, OfCase) else apply
        visits, last = itertools.count(), case.rounds[site.number] - 1

        def in_rounds(*operands, **inside):
            own = changed if chosen(next(visits), last) else ORIGINAL[site.kind]
            return own(*operands, **inside)

        return in_rounds

    return OfCase(of)
