"""What each single change of a reference gives for each input of a check: computed once, and kept.

Work is counted in visits of sites, so that no hint depends on how fast the machine is.
"""

from dataclasses import dataclass, field

from nnlib.grading.checks.search import returned
from nnlib.grading.checks.search.kinds import changes_of
from nnlib.grading.checks.search.matching import fingerprint, same
from nnlib.grading.checks.search.program import MOST_OF_CHANGED, MOST_SITES, Program

LIKELY = 100_000
"""Sites visited for what the likeliest single changes give, of one input: about 0.3 seconds."""

RARE = 400_000
"""The same with the rare ones, where the others explain nothing: the rest of the changes is not tried."""

SETUP = 20
"""What starting a run costs, in visits."""

ALONE = 2.5
"""The cost from which a single change is too odd to be paired with another."""


@dataclass(eq=False)
class Case:
    """One input of a check: the arguments, and the sizes by letter."""

    arguments: tuple
    sizes: dict = field(default_factory=dict)


class Table:
    """The single changes of one reference, for one set of inputs.

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
        self._costs, self._traces = {}, {}
        self._entries, self._values, self._tried, self._distinct, self._kinds = {}, {}, {}, {}, {}

    def _surveyed(self, case):
        """The flat arrays of the reference itself, or None where it raises."""
        given = self.cases[case]
        try:
            return self.flatten(self.program.survey(given.arguments, given.sizes), case)
        except Exception:
            return None

    def run(self, switched, entry, case):
        """The flat arrays that the changed reference gives, or None where it raises."""
        given = self.cases[case]
        if case < len(self.rounds):
            self.program.rounds = self.rounds[case]
            self.program.most_visits = min(MOST_SITES, MOST_OF_CHANGED * (self.visits[case] + SETUP))
        try:
            return self.flatten(self.program.run(given.arguments, switched, given.sizes, entry), case)
        except Exception:
            return None

    def value(self, number, case):
        """What single change `number` gives for a case."""
        if (number, case) not in self._values:
            change = self.changes[number]
            self._values[number, case] = self.run(change.switched, self.entry(change), case)
            self._costs[number, case] = self.program.visits + SETUP
        return self._values[number, case]

    def traces(self, changes, case):
        """The trace of the reference for a case, and that with all of these changes."""
        given = self.cases[case]
        switched = {site: apply for change in changes for site, apply in change.switched.items()}
        entry = next((entry for change in changes if (entry := self.entry(change))), None)
        self.program.most_visits = MOST_SITES
        return (
            self.right_trace(case),
            self.program.trace(given.arguments, switched, given.sizes, entry),
        )

    def right_trace(self, case):
        """The visits of the reference itself for a case."""
        if case not in self._traces:
            given = self.cases[case]
            self._traces = {case: self.program.trace(given.arguments, {}, given.sizes)}
        return self._traces[case]

    def entry(self, change):
        """The program with the statements of a change, None for those of the reference."""
        if change.code is None:
            return None
        if change not in self._entries:
            self._entries[change] = self.program.with_code(*change.code)
        return self._entries[change]

    def tried(self, case, most):
        """The numbers of the single changes that so many visits allow, each with what it gives."""
        if (case, most) not in self._tried:
            visits, tried = 0, []
            for number in range(len(self.changes)):
                tried.append((number, self.value(number, case)))
                visits += self._costs[number, case]
                if visits > most:
                    break
            self._tried[case, most] = tried
        return self._tried[case, most]

    def wrong(self, answers):
        """The numbers of the cases that are answered, and wrongly: the quickest one first."""
        wrong = [n for n, a in enumerate(answers) if a is not None and not same(self.right[n], a)]
        return sorted(wrong, key=lambda number: self.visits[number])

    def everywhere(self, number, answers, lost=list):
        """Whether a single change gives these arrays in every case, but for what is lost of them."""
        return all(same(left(lost, self.value(number, case)), answer) for case, answer in enumerate(answers))

    def different(self, case, most):
        """Fingerprint of each result but the right one -> numbers of the changes that give it, by cost.

        What is the same in one case may differ in another one: with more layers, for example.
        """
        if (case, most) not in self._distinct:
            nothing, found = fingerprint(self.right[case]), {}
            for number, value in self.tried(case, most):
                mark = fingerprint(value)
                change = self.changes[number]
                if value is not None and change.cost < ALONE and not change.alone and mark != nothing:
                    found.setdefault(mark, []).append(number)
            self._distinct[case, most] = found
        return self._distinct[case, most]

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


def left(lost, value):
    """What is left of the arrays of a changed reference, None if it raised or has no rows to lose."""
    try:
        return None if value is None else lost(value)
    except IndexError:
        return None
