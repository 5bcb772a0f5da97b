"""Which slip explains some of the arrays that are returned, and which one the others?"""

import itertools
from collections import Counter

import numpy as np

from nnlib.grading.checks.search.evidence import ALL, EXCLUDED
from nnlib.grading.checks.search.explanations import Explanation, cheapest
from nnlib.grading.checks.search.matching import OF_ONE, same, tell_enough
from nnlib.grading.checks.search.table import ALONE
from nnlib.grading.checks.search.words import place_of

MOST_OF_SLIPS = 3
"""Slips that are told at once, each of other arrays."""

ANOTHER = 0.9
"""The cost of one returned array in the place of another."""

USUAL = 1.5
"""The cost up to which a change of the reference is told before that."""


SHARED = 0.3
"""So much more than one each may one slip of all arrays cost."""

UNKNOWN = "this is wrong too"
"""What is said of the arrays that no slip explains, beside others."""


def by_part(table, answers, most, evidence=ALL, whole=True):
    """The cheapest explanations by one slip for some of the arrays and another one for the others.

    whole: every wrong array has to be explained; else one at least.
    """
    wrong = table.wrong(answers)
    lengths = zip(answers, table.right, strict=True)
    if not wrong or any(a is None or len(a) != len(r) for a, r in lengths):
        return []
    kinds = range(len(table.parts) if table.per_layer else len(answers[wrong[0]]))
    explained, unknown = [], []
    for kind in kinds:
        at = slice(kind, None, len(kinds)) if table.per_layer else slice(kind, kind + 1)
        if all(same(r[at], a[at]) for r, a in zip(table.right, answers, strict=True)):
            continue
        own = list(_changes(table, answers, wrong[0], at, most, table.parts[kind], evidence))
        if all(cost > USUAL for cost, _ in own):
            own = list(_others(table, answers, kind, kinds)) or own
        if not own and whole:
            return []
        if not own:
            unknown.append(table.parts[kind])
            continue
        explained.append([(cost, table.parts[kind], words) for cost, words in own])
    if not explained or len(kinds) < 2:
        return []
    if unknown:
        covering = _covering(explained)
        also = ((", ".join(unknown), UNKNOWN),)
        return [Explanation(e.cost, e.sentences + also) for e in covering if len(e.sentences) < MOST_OF_SLIPS]
    most = SHARED + max(min(cost for cost, _, _ in own) for own in explained)
    shared = set.intersection(*({words for cost, _, words in own if cost <= most} for own in explained))
    if len(explained) > 1 and shared:
        names = ", ".join(own[0][1] for own in explained)
        return cheapest(
            Explanation(cost, ((names, words),)) for cost, _, words in explained[0] if words in shared
        )
    if len(explained) > 2:
        return _covering(explained)
    found = [
        Explanation(
            sum(cost for cost, _, _ in chosen),
            tuple(dict.fromkeys((name, words) for _, name, words in chosen)),
        )
        for chosen in itertools.product(*(own[:3] for own in explained))
    ]
    return cheapest(found)


def _changes(table, answers, first, at, most, name, evidence):
    """(cost, words) of the changes that give these arrays, called `name`; the words say where."""
    if not _any(answers, at):
        own, right = answers[first][at][0], table.right[first][at][0]
        if _any(table.right, at):
            yield 1, "it is 0 throughout"  # which has many reasons
        elif own.shape != right.shape:
            yield 1, f"it has shape {own.shape}, expected {right.shape}"
        return
    right, own = ([arrays[at] for arrays in by_case] for by_case in (table.right, answers))
    if not tell_enough(right, own, OF_ONE):
        return
    for number, value in table.tried(first, most):
        change = table.changes[number]
        if value is not None and change.cost < ALONE and same(value[at], answers[first][at]):
            if all(_same_part(table.value(number, case), at, a) for case, a in enumerate(answers)):
                doubt = evidence.doubt(table, first, answers[first], number)
                cost = change.cost + doubt
                explanation = Explanation(cost, ((change.place, change.words),), doubt)
                if doubt == EXCLUDED or explanation.is_doubtful():
                    continue
                is_there = change.place in ("", name) or change.place in change.words
                yield cost, change.words if is_there else f"{change.place}: {change.words}"


def _any(by_case, at):
    """Whether the arrays at these places hold anything but 0."""
    return any(part.any() for arrays in by_case for part in arrays[at])


def _same_part(value, at, answer):
    return value is not None and len(value) == len(answer) and same(value[at], answer[at])


def _others(table, answers, kind, kinds):
    """(cost, words) of the argument, or the other array, that is returned in the place of this one."""
    if table.per_layer:
        return
    for number, name in enumerate(table.program.parameters):
        given = [case.arguments[number] for case in table.cases]
        if all(
            is_numbers(g) and same([np.asarray(g)], [a[kind]]) for g, a in zip(given, answers, strict=True)
        ):
            yield ANOTHER, f"what is returned there is {place_of(name)}"
            return
    for other in kinds:
        others = [r[other] for r in table.right]
        if other != kind and all(same([o], [a[kind]]) for o, a in zip(others, answers, strict=True)):
            yield ANOTHER, f"what is returned there is {table.parts[other]}"


def is_numbers(value):
    """Whether an argument is a number or an array of numbers."""
    return isinstance(value, (float, np.ndarray))


def _covering(explained):
    """One explanation of a few slips that give all wrong arrays; none if they are more than MOST_OF_SLIPS.

    explained: for each wrong array the (cost, name, words) of its slips.
    """
    left_over, chosen = list(explained), []
    while left_over:
        counts = Counter(words for own in left_over for words in {words for _, _, words in own})
        _, cost, words = min((-counts[words], cost, words) for own in left_over for cost, _, words in own)
        covered = [own for own in left_over if any(words == other for _, _, other in own)]
        left_over = [own for own in left_over if own not in covered]
        chosen.append((cost, (", ".join(own[0][1] for own in covered), words)))
    if len(chosen) > MOST_OF_SLIPS:
        return []
    return [Explanation(sum(cost for cost, _ in chosen), tuple(sentence for _, sentence in chosen))]
