"""Which two slips at once give the student's numbers?

A slip in what is returned is undone in the student's numbers, which are then looked up among what the single
changes give: that needs no run. Only pairs of changes of the reference have to be run, the likeliest first.
"""

import itertools

import numpy as np

from nnlib.grading.checks.search.evidence import ALL
from nnlib.grading.checks.search.explanations import Explanation, cheapest
from nnlib.grading.checks.search.matching import fingerprint, same, tell_enough
from nnlib.grading.checks.search.table import SETUP, left

MOST_OF_PAIRS = 200_000
"""Sites visited for pairs: about a second."""

UNLIKELY = 0.3
"""For the order of pairs: taken off the cost of a change that explains one of several arrays, added once to
that of another one which is seen in the answer, and twice where nothing speaks for it."""

MOST_SEEN = 1.5
"""The cost of a change of which it is asked whether it is seen in the answer."""

MOST_ALIKE = 4
"""Changes that give the same for one input, and are all tried for the others."""

MOST_CASES = 3
"""Cases in which all single changes are tried, to find one that shows both of two slips."""

MOST_ALONE = 20
"""Changes of each of two cases that are tried together, where each explains its own case."""


def by_two(table, answers, most, most_of_pairs=MOST_OF_PAIRS, evidence=ALL):
    """The cheapest explanations by two slips at once.

    most: visits of sites for single changes; most_of_pairs: for pairs of them.
    """
    first = _telling(table, answers, most)
    if first is None or not tell_enough(table.right, answers):
        return []
    allowed = {n for n, change in enumerate(table.changes) if evidence.allows(change.words)}
    found = with_returned(table, answers, most, evidence)
    found += _each_in_its_case(table, answers, most, allowed)
    best = min((e.cost for e in found), default=float("inf"))
    groups = ([n for n in numbers if n in allowed] for numbers in table.different(first, most).values())
    alike = {numbers[0]: numbers[:MOST_ALIKE] for numbers in groups if numbers}
    visits = 0
    cheap = [number for number in alike if table.changes[number].cost <= MOST_SEEN]
    doubt = dict.fromkeys(alike, 2 * UNLIKELY)
    doubt |= dict.fromkeys(evidence.seen(table, cheap, first, answers[first]), UNLIKELY)
    doubt |= dict.fromkeys(_partly(table, answers[first], first, most), -UNLIKELY)
    for cost, a, b in _pairs(table, list(alike), doubt):
        if visits > most_of_pairs:
            break
        if cost > best + 1e-9:
            continue
        if (pair := _pair(table, a, b)) is None:
            continue
        gives = table.run(*pair, first)
        visits += table.program.visits + SETUP
        if same(gives, answers[first]):
            found += [
                _explanation(table, *pair, evidence.doubt(table, first, answers[first], *pair))
                for pair in itertools.product(alike[a], alike[b]) if _everywhere(table, *pair, answers)
            ]  # fmt: skip
            best = min((e.cost for e in found), default=best)
    return cheapest(found)


def with_returned(table, answers, most, evidence=ALL, most_cost=float("inf")):
    """Explanations by a slip of the reference and one in what is returned, of at most this cost."""
    first = _telling(table, answers, most)
    if first is None or not tell_enough(table.right, answers):
        return []
    found = []
    numbers = table.different(first, most)
    for kind, target in table.targets(answers):
        if not kind.words or kind.cost > most_cost:
            continue
        if kind.lost is list:
            likely = numbers.get(fingerprint(target[first]), [])
        else:
            likely = [
                n for alike in numbers.values()
                if same(left(kind.lost, table.value(alike[0], first)), target[first]) for n in alike
            ]  # fmt: skip
        for number in likely:
            if table.everywhere(number, target, kind.lost):
                change = table.changes[number]
                doubt = evidence.doubt(table, first, target[first], number)
                both = ((change.place, change.words), ("", kind.words))
                found.append(Explanation(change.cost + kind.cost + doubt, both, doubt))
    return found


def _pairs(table, numbers, doubt):
    """(cost, a, b) for all pairs of these changes, by cost and doubt (number -> what it adds)."""
    first, second = np.triu_indices(len(numbers), 1)
    costs = np.array([table.changes[number].cost for number in numbers])
    doubts = np.array([doubt[number] for number in numbers])
    cost = costs[first] + costs[second]
    order = np.argsort(cost + doubts[first] + doubts[second], kind="stable")
    return ((cost[at], numbers[first[at]], numbers[second[at]]) for at in order)


def _telling(table, answers, most):
    """The case that is tried first for two slips: one that no single slip explains, so that both show."""
    wrong = table.wrong(answers)
    for case in wrong[:MOST_CASES]:
        if not any(same(value, answers[case]) for _, value in table.tried(case, most)):
            return case
    return wrong[0] if wrong else None


def _each_in_its_case(table, answers, most, allowed):
    """Explanations by two slips, of which each alone explains a case: they show for other inputs."""
    alone = (
        {n for n, value in table.tried(case, most) if n in allowed and same(value, answers[case])}
        for case in table.wrong(answers)[:MOST_CASES]
    )
    one = next(alone, None)
    if not one:
        return []
    other = next((own for own in alone if not own & one), set())
    pairs = itertools.product(sorted(one)[:MOST_ALONE], sorted(other)[:MOST_ALONE])
    return [_explanation(table, a, b) for a, b in pairs if _everywhere(table, a, b, answers)]


def _pair(table, a, b):
    """What is switched on for two changes at once, and the entry; None if they exclude each other."""
    one, other = table.changes[a], table.changes[b]
    if one.switched.keys() & other.switched or (one.code and other.code):
        return None
    return one.switched | other.switched, table.entry(one) or table.entry(other)


def _everywhere(table, a, b, answers):
    """Whether a pair of changes gives these arrays in every case."""
    pair = _pair(table, a, b)
    return pair is not None and all(
        same(table.run(*pair, case), answer) for case, answer in enumerate(answers)
    )


def _explanation(table, a, b, doubt=0):
    one, other = table.changes[a], table.changes[b]
    both = ((one.place, one.words), (other.place, other.words))
    return Explanation(one.cost + other.cost + doubt, both, doubt)


def _partly(table, answer, case, most):
    """Numbers of the changes that explain one of several arrays: likely to be one of two slips."""
    right = table.right[case]
    if len(answer) != len(right) or len(right) < 2:
        return set()
    wrong = [n for n, (r, a) in enumerate(zip(right, answer, strict=True)) if not same([r], [a])]
    return {
        number for number, value in table.tried(case, most)
        if value is not None and len(value) == len(answer)
        and any(same([value[n]], [answer[n]]) for n in wrong)
    }  # fmt: skip
