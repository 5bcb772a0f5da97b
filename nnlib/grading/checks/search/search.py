"""Which change of the reference gives the student's numbers on every input of the check?

Single changes first, then what explains each returned array by itself, then pairs. What each single
change gives is computed once per question and set of inputs, and kept.
"""

import itertools
from dataclasses import dataclass, field

import numpy as np

from nnlib.grading.checks.search import returned
from nnlib.grading.checks.search.kinds import changes_of
from nnlib.grading.checks.search.program import Program
from nnlib.grading.checks.search.values import OfSize

CLOSE = 1e-8
"""Largest difference, relative to the largest entry, at which numbers count as explained."""

MOST_VISITS = 800_000
"""Sites visited in a search of pairs: about two seconds. A count, so that no hint depends on the machine."""

ALONE = 2.5
"""The cost from which a single change is too odd to be paired with another."""


@dataclass
class Case:
    """One input of a check: the arguments, the sizes by letter, what the student's function gave."""

    arguments: tuple
    sizes: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Explanation:
    """Changes that together give the student's numbers; parts: the names of the arrays that each explains."""

    cost: float
    sentences: tuple


class Search:
    """The search for one question and one set of inputs. flatten: from a result to a list of arrays."""

    def __init__(self, reference, cases, flatten, names=(), returns=(), per_layer=0):
        self.program = Program(reference, returns)
        self.cases, self.flatten, self.names = cases, flatten, dict(names)
        letters = [k for k in cases[0].sizes if all(isinstance(c.sizes.get(k), int) for c in cases)]
        self.letters = [k for k in letters if any(c.sizes[k] > 1 for c in cases)]
        self.per_layer = per_layer
        self.right = [self._run({}, None, case) for case in cases]
        if None in self.right:
            raise ValueError(f"The reference of {reference.__name__} fails with its sites in.")
        self.changes = changes_of(self.program, self.letters, self.names)
        self._values = {}
        self._pairable = None

    def _run(self, switched, entry, case):
        """The flat arrays that the changed reference gives, or None where it raises."""
        try:
            applied = {
                site: apply.with_sizes(case.sizes) if isinstance(apply, OfSize) else apply
                for site, apply in switched.items()
            }
            result = self.program.run(case.arguments, applied, case.sizes, entry)
            return self.flatten(result)
        except Exception:
            return None

    def values(self, number, case):
        """What single change `number` gives for case number `case`."""
        if (number, case) not in self._values:
            change = self.changes[number]
            entry = None if change.trees is None else self._entry(change)
            self._values[number, case] = self._run(change.switched, entry, self.cases[case])
        return self._values[number, case]

    def _entry(self, change):
        return self.program.compiled(change.trees)

    def explain(self, answers):
        """The cheapest explanations of the student's answers, one per case: flat arrays or None (raised).

        Returns a list of `Explanation` of equal cost, empty if nothing explains.
        """
        first = next((n for n, answer in enumerate(answers) if answer is not None), None)
        if first is None:
            return []
        targets = self._targets(answers)
        singles = self._singles(answers, targets, first)
        if singles:
            return cheapest(singles)
        together = self._by_part(answers, first)
        if together:
            return cheapest(together)
        return cheapest(self._pairs(targets, first))

    def _targets(self, answers):
        """(kind of return slip, the student's arrays without it, for each case)."""
        found = []
        number = max((len(a) for a in answers if a is not None), default=0)
        for kind in returned.kinds(self.letters, number, self.per_layer):
            try:
                undone = [
                    None if answer is None else kind.undo(answer, case.sizes)
                    for answer, case in zip(answers, self.cases, strict=True)
                ]
            except (TypeError, KeyError):
                continue
            found.append((kind, undone))
        return found

    def _singles(self, answers, targets, first):
        """Explanations by one slip: of the reference, or of what is returned."""
        found = []
        for kind, target in targets:
            if kind.words and all(same(r, t, kind.coarse) for r, t in zip(self.right, target, strict=True)):
                found.append(Explanation(kind.cost, (("", kind.words),)))
        for number, change in enumerate(self.changes):
            if same(self.values(number, first), answers[first]) and all(
                same(self.values(number, case), answer) for case, answer in enumerate(answers)
            ):
                found.append(Explanation(change.cost, ((change.place, change.words),)))
        return found

    def _by_part(self, answers, first):
        """Explanations that put together one slip for some of the arrays and one for the others."""
        if answers[first] is None or any(
            a is not None and len(a) != len(r) for a, r in zip(answers, self.right, strict=True)
        ):
            return []
        kinds = self._kinds_of_parts(len(answers[first]))
        if len(kinds) < 2 or any(a is None for a in answers):
            return []
        explained = {}
        for kind in range(len(kinds)):
            if self._part_same(self.right, answers, kind, kinds):
                continue
            own = []
            for number, change in enumerate(self.changes):
                values = [self.values(number, case) for case in range(len(self.cases))]
                if self._part_same(values, answers, kind, kinds):
                    own.append(change)
            if not own:
                return []
            explained[kind] = own
        if not 0 < len(explained) <= 2:
            return []
        found = []
        for chosen in itertools.product(*(list(own)[:3] for own in explained.values())):
            sentences = tuple(
                dict.fromkeys(
                    (self._name_of_part(kind, change), change.words)
                    for kind, change in zip(explained, chosen, strict=True)
                )
            )
            found.append(Explanation(sum(c.cost for c in chosen), sentences))
        return found

    def _name_of_part(self, kind, change):
        name = self.part_names[kind] if kind < len(self.part_names) else ""
        return name or change.place

    part_names = ()

    def _kinds_of_parts(self, number):
        """Which arrays belong together: each by itself, or one per layer."""
        if self.per_layer:
            return list(range(self.per_layer))
        return list(range(number))

    def _part_same(self, values, answers, kind, kinds):
        step = self.per_layer or None
        for value, answer in zip(values, answers, strict=True):
            if value is None or answer is None or len(value) != len(answer):
                return False
            at = slice(kind, None, step) if step else slice(kind, kind + 1)
            if not same(value[at], answer[at]):
                return False
        return True

    def pairable(self):
        """Numbers of the single changes that do something, one for each distinct result."""
        if self._pairable is None:
            seen, self._pairable = {fingerprint(self.right)}, []
            for number, change in enumerate(self.changes):
                if change.cost >= ALONE:
                    continue
                values = [self.values(number, case) for case in range(len(self.cases))]
                mark = fingerprint(values)
                if mark in seen or all(v is None for v in values):
                    continue
                seen.add(mark)
                self._pairable.append(number)
        return self._pairable

    def _pairs(self, targets, first):
        """Explanations by two slips, until the visits are used up or the next ones cost more."""
        found, best, visits = [], float("inf"), 0
        numbers = self.pairable()
        for number in numbers:
            change = self.changes[number]
            for kind, target in targets:
                if (
                    kind.words
                    and not kind.coarse
                    and all(same(self.values(number, case), t) for case, t in enumerate(target))
                ):
                    both = ((change.place, change.words), ("", kind.words))
                    found.append(Explanation(change.cost + kind.cost, both))
                    best = min(best, change.cost + kind.cost)
        order = sorted(
            (self.changes[a].cost + self.changes[b].cost, a, b) for a, b in itertools.combinations(numbers, 2)
        )
        plain = targets[0][1]
        for cost, a, b in order:
            if visits > MOST_VISITS or cost > best + 1e-9:
                break
            pair = self._switched(self.changes[a], self.changes[b])
            if pair is None:
                continue
            value = self._run(*pair, self.cases[first])
            visits += self.program.visits + 20
            if not same(value, plain[first]):
                continue
            if all(same(self._run(*pair, case), t) for case, t in zip(self.cases, plain, strict=True)):
                both = tuple((c.place, c.words) for c in (self.changes[a], self.changes[b]))
                found.append(Explanation(cost, both))
                best = min(best, cost)
        return found

    def _switched(self, one, other):
        """What to run for two changes at once; None if they cannot be there together."""
        if one.trees is not None and other.trees is not None or one.switched.keys() & other.switched:
            return None
        switched = one.switched | other.switched
        entry = next((self._entry(c) for c in (one, other) if c.trees is not None), None)
        return switched, entry


def cheapest(explanations):
    """Those of the lowest cost, each sentence once."""
    if not explanations:
        return []
    best = min(e.cost for e in explanations)
    near = {e.sentences: e for e in explanations if e.cost <= best + 1e-9}
    return list(near.values())


def same(value, answer, coarse=False):
    """Whether two lists of arrays hold the same numbers in the same shapes; both None: both raised."""
    if value is None or answer is None:
        return value is None and answer is None
    if len(value) != len(answer):
        return False
    return all(equal(v, a, coarse) for v, a in zip(value, answer, strict=True))


def equal(value, answer, coarse=False):
    """Whether two arrays agree to within CLOSE of the largest entry; NaN and infinity have to agree."""
    if value.shape != answer.shape:
        return False
    if value.size == 0:
        return True
    close = 1e-5 if coarse else CLOSE
    largest = np.abs(answer).max()
    if np.isfinite(largest):
        return bool(np.abs(value - answer).max() <= close * max(largest, 1e-6))
    return bool(np.allclose(value, answer, rtol=close, atol=0, equal_nan=True))


def fingerprint(values):
    """Equal for lists of arrays that hold the same numbers to about nine digits."""
    return tuple(None if parts is None else tuple((p.shape, _rounded(p)) for p in parts) for parts in values)


def _rounded(array):
    weights = np.cos(np.arange(1, array.size + 1))
    number = float(array.ravel() @ weights)
    return f"{number:.8e}" if np.isfinite(number) else str(array.ravel()[:3])
