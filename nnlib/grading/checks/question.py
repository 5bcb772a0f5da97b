"""The author's interface: a question is one reference, decorated with what it is checked against.

    @question(
        returns="Δ of the hidden layer",
        section="Deltas of hidden neurons",
        inputs=lambda rng, N, I, J: normal(rng, (N, J), (J, I), (N, I)),
        error=lambda Delta, W, A: (Delta * (A.tanh() @ W.T)).sum(),
        by="A",
    )
    def hidden_deltas(Delta, W, A):
        '''The deltas of a hidden layer of tanh, for a batch.'''
        slope = 1 - np.tanh(A) ** 2
        return slope * (Delta @ W)

`hidden_deltas(student_function)` is then the check. The reference's source is read, and changed, when an
answer is wrong (see `search`): no hint has to be written.
"""

import functools
import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from nnlib.grading.checks.judging import cases, results, seed, truth
from nnlib.grading.checks.judging.answer import called, passed
from nnlib.grading.checks.judging.cases import normal
from nnlib.grading.checks.judging.diagnosis import Diagnosis
from nnlib.grading.checks.judging.failure import CheckFailed
from nnlib.grading.checks.judging.not_finite import where_it_begins
from nnlib.grading.checks.judging.results import PerLayer, per_layer
from nnlib.grading.checks.judging.where import close
from nnlib.grading.checks.search.program import copy_of

__all__ = ["FORMULA", "normal", "per_layer", "question"]


FORMULA = 1e-12
"""Tolerance where a formula is asked for: differences of E do not come so near. The complex step does, and
counts: it is exact, and needs the whole forward pass in the student's own words."""


def question(**fields):
    """A decorator that makes the check `Question` of a reference.

    returns: the name of the array that is returned, a tuple of several names, or `per_layer(...)`.
    section: the heading of the unit's lecture that explains it; lecture: the number of an earlier one, if it
    stands there.
    also: other ways to write the reference, in which slips are searched for too.
    inputs: from a random generator and sizes by letter to the arguments; sizes: dictionaries of those
    letters, one for each case, where the course's own choice does not do.
    error, by: the error in torch and the names of the arguments that it is differentiated by; or value: what
    is returned, in torch; with neither the reference is the truth.
    through: from what the student wrote, a class or a function that returns objects, to a plain function with
    the reference's arguments that returns plain numbers. Versions of a class are tried in the sandbox too, if
    it is a function of `sandbox.inside.objects`.
    tolerance: largest difference relative to the largest entry; FORMULA where a formula is asked for.
    no_overflow: the numbers alone are not enough: nothing may overflow, or be divided by 0, on the way there.
    The question has to say so.
    may_change: names of arguments that may be changed in place.
    names: words for names of the reference; hints: sentence -> wrong values for the same arguments, for
    slips that the search cannot reach; where shapes do not fit, a ValueError as the student's own.
    parts: name or number -> fields that differ in a further check of the question; `only` judges some of
    the arrays, `quality(function, rng)` judges by what the student's function achieves; `about` are the words
    that stand after the question's own when the part is passed; with `after_first` a wrong answer is sent to
    the check without a part, until that is passed.
    """
    return lambda reference: Question(reference, **fields)


@dataclass(eq=False)
class Question:
    """The check of a question: called with the student's function, it prints a line or raises."""

    reference: Callable
    returns: str | tuple | PerLayer
    section: str
    inputs: Callable
    also: Sequence[Callable] = ()
    sizes: Sequence[dict] = ()
    error: Callable | None = None
    by: str = ""
    value: Callable | None = None
    through: Callable | None = None
    tolerance: float = 1e-8
    no_overflow: bool = False
    may_change: Sequence[str] = ()
    names: dict = field(default_factory=dict)
    hints: dict = field(default_factory=dict)
    only: str | tuple | None = None
    quality: Callable | None = None
    parts: dict = field(default_factory=dict)
    part: str | int = ""
    about: str = ""
    lecture: str = ""
    after_first: bool = False

    def __post_init__(self):
        functools.update_wrapper(self, self.reference)
        self.name = self.reference.__name__
        """The name of the question, of its check, and of the student's function."""
        self.lecture = self.lecture or self.unit
        self.only = (self.only,) if isinstance(self.only, str) else self.only
        for name, fields in self.parts.items():
            if isinstance(name, str):  # what is known of the question holds for its parts
                fields = fields | {"hints": fields.get("hints", {}) | self.hints}
            part = replace(self, parts={}, part=name, **fields)
            if isinstance(name, str):  # a numbered part is about a function of its own
                part.name, part.__doc__ = self.name, self.__doc__
            part._first = self if part.after_first else None
            self.parts[name] = part
        self._first = None
        self._diagnoses = {}

    @property
    def unit(self):
        """The number of the unit, from the module: unit_4 or unit_4.learning."""
        return next((p[5:] for p in self.__module__.split(".") if p.startswith("unit_")), "")

    def __call__(self, function, part=None, hidden=False):
        if part is not None:
            return self.parts[part](function, hidden=hidden)
        given = self.cases(hidden)
        answers = self._answers(function, given)
        if not self._all_right(given, answers):
            self._send_to_first(function)
            key = seed.campaign_seed(), hidden
            if key not in self._diagnoses:
                self._diagnoses = {key: Diagnosis(self, given)}
            self._diagnoses[key].fail(answers, function)
        if self.no_overflow:
            self._refuse_overflow(function, given)
        line = self.quality(function, self._generator_of_quality(hidden)) if self.quality else None
        passed(line or self._what())

    def _answers(self, function, given):
        plain = self.through(function) if self.through else function
        return [called(plain, case.arguments, self.name, self._may_change()) for case in given]

    def _refuse_overflow(self, function, given):
        for case in given:
            if words := where_it_begins(function, case.arguments):
                hint = f"The numbers are right, but something overflows on the way. {words}"
                raise CheckFailed("overflow", f"{hint} (Lecture {self.lecture}, “{self.section}”.)")

    def _send_to_first(self, function):
        if self._first:
            given = self._first.cases()
            if not self._first._all_right(given, self._first._answers(function, given)):
                hint = (
                    f"The check of {self.name} above is not passed yet: go by its hint, then run this again."
                )
                raise CheckFailed("first_check", hint)

    def cases(self, hidden=False):
        """The inputs of the check; with `hidden` those of this grading campaign."""
        return cases.draw(self.inputs, self._generator(hidden), self.sizes)

    def _generator(self, hidden):
        return seed.generator(f"{self.__module__}.{self.name} {self.part}", hidden)

    def _generator_of_quality(self, hidden):
        """What is good enough at home is so when it is graded: visible checks draw the same there."""
        return self._generator(hidden) if hidden else seed.same_generator(f"{self.__module__}.{self.name}")

    def right(self, case):
        """The truth for one case, as a flat list of arrays."""
        if self.value:
            result = truth.value(self.value, case.arguments)
        elif self.error:
            names = list(inspect.signature(self.reference).parameters)
            by = [names.index(name.strip()) for name in self.by.split(",")]
            result = truth.gradient(self.error, case.arguments, by)
        else:
            result = self.reference(*copy_of(case.arguments))
        return results.plain(result, self.returns)

    def judged(self, number):
        """The places of the flat arrays that count in this check, of `number` arrays."""
        if self.only is None:
            return list(range(number))
        names = results.names_of(self.returns, number)
        return [n for n, name in enumerate(names) if name in self.only]

    def _all_right(self, given, answers):
        for case, answer in zip(given, answers, strict=True):
            if answer.error or answer.changed:
                return False
            try:
                returned = results.flat(answer.result, self.returns, self.name, self.only)
            except CheckFailed:
                return False
            right = self.right(case)
            returned = results.fitted(returned, right)
            if len(returned) != len(right):
                return False
            if not all(close(returned[n], right[n], self.tolerance) for n in self.judged(len(right))):
                return False
        return True

    def _may_change(self):
        names = list(inspect.signature(self.reference).parameters)
        return [names.index(name) for name in self.may_change]

    def _what(self):
        """What was checked, in the words of the docstring; of a part, also what it is about."""
        line = (self.__doc__ or self.name).strip().split("\n")[0].rstrip(".")
        if not line.split()[0].endswith("'s"):  # Newton's method
            line = line[:1].lower() + line[1:]
        if not isinstance(self.part, str) or not self.part:
            return line
        about = self.about or ", ".join(self.only or ()) or self.part.replace("_", " ")
        return f"{line}: {about}{', without overflow' if self.no_overflow else ''}"
