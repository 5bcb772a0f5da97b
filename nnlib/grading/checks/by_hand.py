"""The author's interface for numbers that are computed with pencil and paper.

    @by_hand(section="The carried network, backwards", parts={"forward": ("a", "h", "y", "E"), ...})
    def numbers():
        '''The numbers of a small network.'''
        a = W1 @ x + b1
        ...
        return {"a": a, "h": h, ...}

`numbers(student_function, "forward")` then checks the numbers of the part "forward". For a wrong number the
reference is searched for its slip, as in `question`. A number that is right for an earlier wrong one, which
it was computed from, is not a second mistake.
"""

import functools

import numpy as np

from nnlib.grading.checks.judging.answer import called, passed
from nnlib.grading.checks.judging.failure import CheckFailed
from nnlib.grading.checks.judging.raised import raised
from nnlib.grading.checks.judging.results import as_array
from nnlib.grading.checks.search.explanations import Explanation, cheapest
from nnlib.grading.checks.search.kinds import changes_of
from nnlib.grading.checks.search.program import Program, quiet
from nnlib.grading.checks.search.sentences import hint_of

DIGITS = 5e-4
"""Largest difference of numbers that were rounded to four decimals on the way."""

COARSE = 2e-2
"""Largest difference of numbers that were rounded to two decimals on the way."""


def by_hand(section, parts, names=()):
    """A decorator that makes the check `ByHand` of a reference that returns a dictionary of numbers.

    section: the heading of the unit's lecture that explains them. parts: name of a part -> names of its
    numbers, in the order in which they are computed. names: words for names of the reference.
    """
    return lambda reference: ByHand(reference, section, parts, dict(names))


class ByHand:
    """The check of numbers computed by hand."""

    def __init__(self, reference, section, parts, names):
        functools.update_wrapper(self, reference)
        self.reference, self.section, self.parts, self.names = reference, section, parts, names
        self._program = None

    @property
    def unit(self):
        """The number of the unit, from the name of the module."""
        return next((p[5:] for p in self.__module__.split(".") if p.startswith("unit_")), "")

    @property
    def program(self):
        """The reference with its sites, and the number of the site of each result."""
        if self._program is None:
            program = Program(self.reference)
            sites = {site.place: site.number for site in reversed(program.sites) if site.kind == "value"}
            program.survey(())
            self._program = program, sites, changes_of(program, names=self.names)
        return self._program

    def __call__(self, function, part, hidden=False):
        answer = called(function, (), self.__name__)
        if answer.error is not None:
            raise CheckFailed(*raised(self.__name__, answer.error))
        if not isinstance(answer.result, dict):
            hint = f"{self.__name__} returned no dictionary. Fill in the one of the question."
            raise CheckFailed("type", hint)
        right = {name: np.asarray(value, float) for name, value in self.reference().items()}
        given = {name: self._number(answer.result, name, right[name]) for name in right}
        mistakes = self._mistakes(given, right)
        for name in self.parts[part]:
            if given[name] is None:
                as_array(answer.result.get(name), name)
                raise CheckFailed("not_answered", f"{name} is not answered yet.")
            if given[name].shape != right[name].shape:
                hint = f"{name} has shape {given[name].shape}, expected {right[name].shape}."
                raise CheckFailed("shape", hint)
            if name in mistakes or (len(mistakes) > 1 and not near(given[name], right[name])):
                with quiet():
                    failure = CheckFailed(*self._hint(name, given, right, mistakes))
                raise failure
        followed = [name for name in self.parts[part] if not near(given[name], right[name])]
        some = f"; {', '.join(followed)} for your {mistakes[0]}" if followed else ""
        passed(f"{part} by hand: {', '.join(self.parts[part])}{some}")

    @staticmethod
    def _number(result, name, right):
        """The student's number or numbers of this name, or None."""
        if result.get(name) is None:
            return None
        try:
            value = as_array(result[name], name)
        except CheckFailed:
            return None
        return value.reshape(()) if right.ndim == 0 and value.size == 1 else value

    def _following(self, name, given, right):
        """What `name` is for the student's own earlier numbers."""
        program, sites, _ = self.program
        earlier = list(right)[: list(right).index(name)]
        own = {
            sites[n]: (lambda *_, value=given[n], **__: value)
            for n in earlier
            if n in sites and given[n] is not None and given[n].shape == right[n].shape
        }
        return own, np.asarray(program.run((), own)[name], float)

    def _used(self, name, given, right, mistakes):
        """The first of the wrong numbers that `name` is computed from, or the first of all."""
        own = self._following(name, given, right)[1]
        mended = {m: self._following(name, given | {m: right[m]}, right)[1] for m in mistakes}
        return next((m for m in mistakes if not np.array_equal(mended[m], own)), mistakes[0])

    def _mistakes(self, given, right):
        """The numbers that are wrong for the student's own earlier ones."""
        wrong = []
        for name in right:
            if given[name] is None or given[name].shape != right[name].shape:
                wrong.append(name)
            elif not near(given[name], right[name]) and not near(
                given[name], self._following(name, given, right)[1]
            ):
                wrong.append(name)
        return wrong

    def _hint(self, name, given, right, mistakes):
        """(slip, hint) for a wrong number."""
        value = given[name]
        difference = float(np.abs(value - right[name]).max())
        if name not in mistakes:
            wrong = self._used(name, given, right, mistakes)
            hint = f"{name} is right for your {wrong}, which is not: put that right first."
            return "follows", hint, difference
        place = tuple(int(i) for i in np.argwhere(~(np.abs(value - right[name]) <= DIGITS))[0])
        at = name + "".join(f"[{i}]" for i in place)
        section = f"(Lecture {self.unit}, “{self.section}”.)"
        if near(value, right[name], COARSE) and np.allclose(value, np.round(value, 2)):
            return "rounded", f"{at} = {value[place]:g} has two decimals: give four. {section}", difference
        explanations = self._explained(name, given, right)
        if explanations:
            words = hint_of(explanations, set(right))
            return words, f"{at} = {value[place]:.4f} is not right. {words} {section}", difference
        hint = f"{at} = {value[place]:.4f} is not right: look at its formula, and at what goes into it."
        return "wrong", f"{hint} {section}", difference

    def _explained(self, name, given, right):
        """Single changes that give the number, all others being right or the student's own."""
        program, _, changes = self.program
        own, following = self._following(name, given, right)
        explanations = []
        for change in changes:
            for earlier in ({},) if near(following, right[name], 1e-9) else ({}, own):
                try:
                    entry = program.with_code(*change.code) if change.code else None
                    value = np.asarray(program.run((), earlier | change.switched, {}, entry)[name], float)
                except Exception:
                    continue
                if value.shape == given[name].shape and near(value, given[name], 1.5e-4):
                    explanations.append(Explanation(change.cost, ((change.place, change.words),)))
                    break
        return cheapest(explanations)


def near(value, other, digits=DIGITS):
    """Whether numbers agree to the digits that are written by hand."""
    return value.shape == other.shape and bool((np.abs(value - other) <= digits).all())
