"""Which change of the reference gives the student's numbers on every input of the check?

What each single change gives is computed once per question and set of inputs, and kept. Work is counted in
visits of sites, so that no hint depends on how fast the machine is.
"""

import itertools
from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from nnlib.grading.checks.search import returned
from nnlib.grading.checks.search.kinds import changes_of
from nnlib.grading.checks.search.matching import fingerprint, same
from nnlib.grading.checks.search.program import MOST_OF_CHANGED, MOST_SITES, Program

MOST_OF_SINGLES = 100_000
"""Sites visited for what the likeliest single changes give, of one input: about 0.3 seconds."""

MOST_OF_RARE = 400_000
"""The same with the rare ones, where the others explain nothing: the rest of the changes is not tried."""

MOST_OF_PAIRS = 400_000
"""Sites visited for pairs: about two seconds."""

MOST_CASES = 3
"""Cases in which all single changes are tried, to find one that shows both of two slips."""

MOST_ALONE = 20
"""Changes of each of two cases that are tried together, where each explains its own case."""

MOST_OF_SLIPS = 3
"""Slips that are told at once, each of other arrays."""

SETUP = 20
"""What starting a run costs, in visits."""

ALONE = 2.5
"""The cost from which a single change is too odd to be paired with another."""


@dataclass(eq=False)
class Case:
    """One input of a check: the arguments, and the sizes by letter."""

    arguments: tuple
    sizes: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Explanation:
    """Changes that together give the student's numbers: for each its place and its words."""

    cost: float
    sentences: tuple


class Search:
    """The search in one reference for one set of inputs.

    flatten: from a result and the number of its case to a list of arrays. names: words for names of the
    reference. parts: names of the arrays that are returned, or of those for each layer (per_layer).
    Answers are lists, one entry a case: the student's flat arrays, or None if the function raised.
    """

    def __init__(self, reference, cases, flatten, names, parts, per_layer=False):
        self.program = Program(reference, parts)
        self.cases, self.flatten, self.parts, self.per_layer = cases, flatten, parts, per_layer
        whole = [k for k in cases[0].sizes if all(isinstance(c.sizes.get(k), int) for c in cases)]
        self.letters = [k for k in whole if any(c.sizes[k] > 1 for c in cases)]
        self.right, self.visits, self.rounds = [], [], []
        for number in range(len(cases)):
            self.right.append(self._surveyed(number))
            self.visits.append(self.program.visits)
            self.rounds.append(self.program.counted)
        if None in self.right:
            raise ValueError(f"The reference of {reference.__name__} fails with its sites in.")
        self.changes = changes_of(self.program, self.letters, names)
        self.most_of_singles = MOST_OF_SINGLES
        self._costs = {}
        self._entries, self._values, self._tried, self._distinct, self._kinds = {}, {}, {}, {}, {}

    def _surveyed(self, case):
        """The flat arrays of the reference itself, or None where it raises."""
        given = self.cases[case]
        try:
            return self.flatten(self.program.survey(given.arguments, given.sizes), case)
        except Exception:
            return None

    def _run(self, switched, entry, case):
        """The flat arrays that the changed reference gives, or None where it raises."""
        given = self.cases[case]
        if case < len(self.rounds):
            self.program.rounds = self.rounds[case]
            self.program.most_visits = min(MOST_SITES, MOST_OF_CHANGED * (self.visits[case] + SETUP))
        try:
            return self.flatten(self.program.run(given.arguments, switched, given.sizes, entry), case)
        except Exception:
            return None

    def _value(self, number, case):
        """What single change `number` gives for a case."""
        if (number, case) not in self._values:
            change = self.changes[number]
            self._values[number, case] = self._run(change.switched, self._entry(change), case)
            self._costs[number, case] = self.program.visits + SETUP
        return self._values[number, case]

    def _entry(self, change):
        """The program with the statements of a change, None for those of the reference."""
        if change.code is None:
            return None
        if change not in self._entries:
            self._entries[change] = self.program.with_code(*change.code)
        return self._entries[change]

    def _singles(self, case):
        """The numbers of the single changes that are tried, each with what it gives for the case."""
        if (case, self.most_of_singles) not in self._tried:
            visits, tried = 0, []
            for number in range(len(self.changes)):
                tried.append((number, self._value(number, case)))
                visits += self._costs[number, case]
                if visits > self.most_of_singles:
                    break
            self._tried[case, self.most_of_singles] = tried
        return self._tried[case, self.most_of_singles]

    def _first(self, answers):
        """The case that is tried first: of those that are answered, and wrongly, the quickest; or None."""
        wrong = [n for n, a in enumerate(answers) if a is not None and not same(self.right[n], a)]
        return min(wrong, key=lambda number: self.visits[number], default=None)

    def _telling(self, answers):
        """The case that is tried first for two slips: one that no single slip explains, so that both show."""
        wrong = [n for n, a in enumerate(answers) if a is not None and not same(self.right[n], a)]
        for case in sorted(wrong, key=lambda number: self.visits[number])[:MOST_CASES]:
            if not any(same(value, answers[case]) for _, value in self._singles(case)):
                return case
        return self._first(answers)

    def targets(self, answers):
        """(slip in what is returned, the student's arrays without it, for each case)."""
        found = []
        number = max((len(a) for a in answers if a is not None), default=0)
        for kind in self._kinds_of(number):
            try:
                undone = [
                    None if answer is None else kind.undo(answer, case.sizes)
                    for answer, case in zip(answers, self.cases, strict=True)
                ]
            except (TypeError, KeyError, IndexError):
                continue
            found.append((kind, undone))
        return found

    def _kinds_of(self, number):
        """The slips in what is returned, of so many arrays, that would show if all else was right."""
        if number not in self._kinds:
            kinds = returned.kinds(self.letters, self.parts, number, self.per_layer)
            self._kinds[number] = [kind for kind in kinds if not kind.words or self._shows(kind)]
        return self._kinds[number]

    def _shows(self, kind):
        """Not the transpose of what is symmetric, for example."""
        try:
            return not all(
                same(kind.lost(right), kind.undo(right, case.sizes))
                for right, case in zip(self.right, self.cases, strict=True)
            )
        except (TypeError, KeyError, IndexError):
            return False

    def by_rare(self, answers):
        """As by_one and by_part, with rare single changes too; they stay in for pairs."""
        self.most_of_singles = MOST_OF_RARE
        return self.by_one(answers) or self.by_part(answers)

    def by_one(self, answers):
        """The cheapest explanations by one slip, of the reference or of what is returned."""
        first = self._first(answers)
        if first is None:
            return []
        found = []
        for kind, target in self.targets(answers):
            if kind.words and all(same(kind.lost(r), t) for r, t in zip(self.right, target, strict=True)):
                found.append(Explanation(kind.cost, (("", kind.words),)))
        for number, value in self._singles(first):
            if same(value, answers[first]) and self._everywhere(number, answers):
                change = self.changes[number]
                found.append(Explanation(change.cost, ((change.place, change.words),)))
        return cheapest(found)

    def _everywhere(self, number, answers, lost=list):
        """Whether a single change gives these arrays in every case, but for what is lost of them."""
        return all(same(left(lost, self._value(number, case)), answer) for case, answer in enumerate(answers))

    def by_part(self, answers):
        """The cheapest explanations by one slip for some of the arrays and another one for the others."""
        first = self._first(answers)
        lengths = zip(answers, self.right, strict=True)
        if first is None or any(a is None or len(a) != len(r) for a, r in lengths):
            return []
        kinds = range(len(self.parts) if self.per_layer else len(answers[first]))
        explained = []
        for kind in kinds:
            at = slice(kind, None, len(kinds)) if self.per_layer else slice(kind, kind + 1)
            if all(same(r[at], a[at]) for r, a in zip(self.right, answers, strict=True)):
                continue
            own = [
                self.changes[number]
                for number, value in self._singles(first)
                if value is not None and self.changes[number].cost < ALONE
                and same(value[at], answers[first][at])
                and all(self._part_same(number, case, at, a) for case, a in enumerate(answers))
            ]  # fmt: skip
            if not own:
                return []
            name = self.parts[kind]
            explained.append([(change.cost, name, change.words) for change in own])
        if not explained or len(kinds) < 2:
            return []
        shared = set.intersection(*({words for _, _, words in own} for own in explained))
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

    def _part_same(self, number, case, at, answer):
        value = self._value(number, case)
        return value is not None and len(value) == len(answer) and same(value[at], answer[at])

    def by_two(self, answers, most_visits=MOST_OF_PAIRS):
        """The cheapest explanations by two slips at once that are found in so many visits of sites."""
        first = self._telling(answers)
        if first is None:
            return []
        targets = self.targets(answers)
        found = self._with_returned(answers, targets, first) + self._each_in_its_case(answers)
        best = min((e.cost for e in found), default=float("inf"))
        visits = 0
        for cost, a, b in self._pairs(self._different(first), self._partly(answers[first], first)):
            if visits > most_visits:
                break
            if cost > best + 1e-9:
                continue
            if (pair := self._pair(a, b)) is None:
                continue
            visits += self.program.visits + SETUP
            if same(self._run(*pair, first), answers[first]) and self._pair_everywhere(a, b, answers):
                found.append(self._of_pair(a, b))
                best = min(best, cost)
        return cheapest(found)

    def _pairs(self, numbers, likely):
        """(cost, a, b) for all pairs of these changes: first those with a likely one, then by cost."""
        first, second = np.triu_indices(len(numbers), 1)
        costs = np.array([self.changes[number].cost for number in numbers])
        rare = np.array([number not in likely for number in numbers], dtype=bool)
        cost = costs[first] + costs[second]
        order = np.lexsort((cost, rare[first] & rare[second]))
        return ((cost[at], numbers[first[at]], numbers[second[at]]) for at in order)

    def _each_in_its_case(self, answers):
        """Explanations by two slips, of which each alone explains a case: they show for other inputs."""
        wrong = [n for n, a in enumerate(answers) if a is not None and not same(self.right[n], a)]
        alone = (
            {number for number, value in self._singles(case) if same(value, answers[case])}
            for case in sorted(wrong, key=lambda number: self.visits[number])[:MOST_CASES]
        )
        one = next(alone, None)
        if not one:
            return []
        other = next((own for own in alone if not own & one), set())
        pairs = itertools.product(sorted(one)[:MOST_ALONE], sorted(other)[:MOST_ALONE])
        return [self._of_pair(a, b) for a, b in pairs if self._pair_everywhere(a, b, answers)]

    def _pair(self, a, b):
        """What is switched on for two changes at once, and the entry; None if they exclude each other."""
        one, other = self.changes[a], self.changes[b]
        if one.switched.keys() & other.switched or (one.code and other.code):
            return None
        return one.switched | other.switched, self._entry(one) or self._entry(other)

    def _pair_everywhere(self, a, b, answers):
        pair = self._pair(a, b)
        return pair is not None and all(
            same(self._run(*pair, case), answer) for case, answer in enumerate(answers)
        )

    def _of_pair(self, a, b):
        one, other = self.changes[a], self.changes[b]
        return Explanation(one.cost + other.cost, ((one.place, one.words), (other.place, other.words)))

    def _partly(self, answer, case):
        """Numbers of the changes that explain one of several arrays: likely to be one of two slips."""
        right = self.right[case]
        if len(answer) != len(right) or len(right) < 2:
            return set()
        wrong = [n for n, (r, a) in enumerate(zip(right, answer, strict=True)) if not same([r], [a])]
        return {
            number for number, value in self._singles(case)
            if value is not None and len(value) == len(answer)
            and any(same([value[n]], [answer[n]]) for n in wrong)
        }  # fmt: skip

    def _with_returned(self, answers, targets, first):
        """Explanations by a slip of the reference and one in what is returned."""
        found = []
        for number in self._different(first):
            change, value = self.changes[number], self._value(number, first)
            for kind, target in targets:
                if kind.words and same(left(kind.lost, value), target[first]):
                    if self._everywhere(number, target, kind.lost):
                        both = ((change.place, change.words), ("", kind.words))
                        found.append(Explanation(change.cost + kind.cost, both))
        return found

    def _different(self, case):
        """Numbers of the single changes that do something in a case, one for each distinct result."""
        if case not in self._distinct:
            seen, found = {fingerprint(self.right[case])}, []
            for number, value in self._singles(case):
                mark = fingerprint(value)
                if value is not None and self.changes[number].cost < ALONE and mark not in seen:
                    seen.add(mark)
                    found.append(number)
            self._distinct[case] = found
        return self._distinct[case]


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


def left(lost, value):
    """What is left of the arrays of a changed reference, None if it raised or has no rows to lose."""
    try:
        return None if value is None else lost(value)
    except IndexError:
        return None


def cheapest(explanations):
    """Those of the lowest cost, each sentence once."""
    explanations = list(explanations)
    best = min((e.cost for e in explanations), default=0)
    return list({e.sentences: e for e in explanations if e.cost <= best + 1e-9}.values())
