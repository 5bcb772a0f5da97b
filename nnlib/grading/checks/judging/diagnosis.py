"""From a wrong answer to its hint: the slip that explains it, or where it is wrong. Nothing is guessed."""

import functools
import inspect

import numpy as np

from nnlib.grading.checks.judging import plainly, results
from nnlib.grading.checks.judging.failure import CheckFailed
from nnlib.grading.checks.judging.known import with_another
from nnlib.grading.checks.judging.raised import raised
from nnlib.grading.checks.judging.second_look import looked_at
from nnlib.grading.checks.judging.where import close
from nnlib.grading.checks.judging.written import computed, written
from nnlib.grading.checks.search.evidence import ALL, Evidence
from nnlib.grading.checks.search.matching import same
from nnlib.grading.checks.search.parts import UNKNOWN
from nnlib.grading.checks.search.program import quiet
from nnlib.grading.checks.search.search import by_one, explained
from nnlib.grading.checks.search.sentences import hint_of
from nnlib.grading.checks.search.table import LIKELY, Table

ROUNDING = 1e-12
"""A difference that is not worth telling: what is wrong shows in a case that raises."""

MOST_KEPT = 500
"""Hints that are kept, for answers that come again."""


class Diagnosis:
    """The hints of one question for one set of inputs. The hint for an answer is searched once, and kept.

    In its methods `returned` has an entry for each case: the flat list of arrays that the student's function
    returned, None where it raised. f is such an array or list, r the right one.
    """

    def __init__(self, question, cases):
        self.question, self.cases = question, cases
        self.right = [question.right(case) for case in cases]
        self.parameters = list(inspect.signature(question.reference).parameters)
        self.tables = []
        self._hints = {}

    def fail(self, answers, function):
        """Raise CheckFailed with the hint for these answers, one per case, which are not all right.

        function: the student's. Its code is looked at, and changed where its numbers explain nothing.
        """
        returned = [self._arrays(answer) for answer in answers]
        source = written(function)[1]
        key = source, repr([
            (a.changed, repr(a.error), None if f is None else [(p.shape, p.tobytes()) for p in f])
            for a, f in zip(answers, returned, strict=True)
        ])  # fmt: skip
        if key not in self._hints:
            if len(self._hints) >= MOST_KEPT:
                self._hints.clear()
            with quiet():
                evidence = Evidence(source, functools.cache(lambda case: self.on_the_way(function, case)))
                self._hints[key] = self._diagnose(answers, returned, evidence)
        slip, hint, difference = self._hints[key]
        slip, hint = looked_at(self, function, returned, slip, hint, difference)
        raise CheckFailed(slip, hint, difference)

    def on_the_way(self, function, case):
        """What the student's function computes for a case, None if that is not known."""
        return computed(function, self.cases[case].arguments)

    def fitted(self, result, number):
        """A result as the flat arrays of this case, None if its kind is wrong."""
        q, right = self.question, self.right[number]
        try:
            return results.fitted(results.flat(result, q.returns, q.name, q.only), right)
        except CheckFailed:
            return None

    def is_right(self, arrays, number, parts=None):
        """Whether these arrays, or those at some places, are right in this case."""
        right = self.right[number]
        return arrays is not None and len(arrays) == len(right) and self._judged_right(arrays, right, parts)

    def judged(self):
        """The places of the flat arrays that count, of those that are there in every case."""
        return self.question.judged(min(len(right) for right in self.right))

    def names(self):
        """The names of the flat arrays."""
        return results.names_of(self.question.returns, max(len(right) for right in self.right))

    def _arrays(self, answer):
        """The flat arrays of an answer, None if it raised. Raises CheckFailed if its kind is wrong."""
        if answer.error is not None:
            return None
        q = self.question
        return results.flat(answer.result, q.returns, q.name, q.only)

    def _diagnose(self, answers, returned, evidence):
        """(slip, hint, difference)."""
        returned = [
            None if f is None else results.fitted(f, right)
            for f, right in zip(returned, self.right, strict=True)
        ]
        difference = plainly.difference(self.right, returned, self.question.tolerance)
        if all(f is None for f in returned):
            return *self._raised(answers), None
        if all(self.is_right(f, number) for number, f in enumerate(returned)):
            name = self.parameters[next(a.changed for a in answers if a.changed) - 1]
            return (
                "argument_changed",
                (
                    f"The numbers are right, but {name} is not as it was: {self.question.name} changes "
                    "it in place. Work on a copy, or write x = x - ... for x -= ...."
                ),
                None,
            )
        for words, wrong_values in self.question.hints.items():
            values = [self._values(wrong_values, case.arguments) for case in self.cases]
            if any(returned) and all(same(v, f) for v, f in zip(values, returned, strict=True)):
                return words, self.with_section(f"{words}.", difference), difference
        if plainly.is_error(self.question, self.cases, returned):
            words = "That is E itself. Its derivative is asked for."
            return "error_returned", self.with_section(words, difference), difference
        if words := plainly.given_back(self.parameters, self.cases, returned):
            return words.split(":")[0], words + self._why(returned), difference
        if words := plainly.constant(self.right, returned, self.question.tolerance):
            return "constant", words, difference
        if explanations := self.explained(returned, evidence):
            words = hint_of(explanations, self._names())
            slip = "partly" if explanations[0].sentences[-1][1] == UNKNOWN else words
            slip = "doubtful" if explanations[0].is_doubtful() else slip
            if slip != "doubtful" or len(explanations[0].sentences) > 1:
                return slip, self.with_section(words, difference), difference
        if words := plainly.few_digits(self.right, answers, returned):
            return "few_digits", words, difference
        if words := plainly.true_or_false(self.right, returned):
            return "true_or_false", words, difference
        changed = next((a.changed for a in answers if a.changed), 0)
        if changed:
            name = self.parameters[changed - 1]
            hint = (
                f"{name} is not as it was: {self.question.name} changes it in place while it is still needed"
            )
            return (
                "argument_changed",
                f"{hint}, or for whoever called it. {self._where_wrong(returned)[1]}",
                difference,
            )
        if any(answer.error is not None for answer in answers):
            slip, words = self._raised(answers)
            return slip, words + self._right_for(returned), None
        slip, words = self._where_wrong(returned)
        return slip, words + self._right_for(returned), difference

    def _right_for(self, returned):
        """' It is right for N = 1.', if it is right in some cases, of other sizes than all others."""
        right = [
            plainly.sizes_of(case.sizes) for n, case in enumerate(self.cases) if self.is_right(returned[n], n)
        ]
        wrong = [
            plainly.sizes_of(case.sizes)
            for n, case in enumerate(self.cases)
            if not self.is_right(returned[n], n)
        ]
        if not right or any(sizes in wrong for sizes in right):
            return ""
        return f" It is right for {right[0]}{self._one_depth(returned)}."

    def _one_depth(self, returned):
        """', and wrong for deeper networks' or '... networks of another depth', if it is right for all of one
        depth, and for no others."""
        depths = {True: set(), False: set()}
        for number, case in enumerate(self.cases):
            layers = [len(size) for size in case.sizes.values() if np.ndim(size) > 0]
            depths[self.is_right(returned[number], number)].update(layers)
        one = len(depths[True]) == 1 and depths[False] and not depths[True] & depths[False]
        if not one:
            return ""
        is_least = max(depths[True]) < min(depths[False])
        return ", and wrong for deeper networks" if is_least else ", and wrong for networks of another depth"

    def _values(self, wrong_values, arguments):
        """The flat arrays that a known slip gives, or None where its shapes do not fit."""
        if arguments is None:
            return None
        try:
            return results.plain(wrong_values(*arguments), self.question.returns)
        except (ValueError, TypeError, IndexError, ZeroDivisionError):
            return None

    def explained(self, returned, evidence=ALL):
        """Explanations by the search, or by a slip that the author knows and a second one."""
        self.prepare()
        q = self.question
        return explained(self.tables, returned, evidence) or with_another(
            q.hints, self._values, self.parameters, self.cases, self.tables[0], returned
        )

    def _why(self, returned):
        """The sentence on the one slip that gives these arrays, if there is one."""
        self.prepare()
        explanations = by_one(self.tables[0], returned, LIKELY)
        return f" {hint_of(explanations, self._names())}" if explanations else ""

    def prepare(self):
        """Make the tables of single changes, one for each way to write the reference, if not done yet."""
        if self.tables:
            return
        q = self.question
        layered = isinstance(q.returns, results.PerLayer)
        names = q.returns.names if layered else q.returns
        names = (names,) if isinstance(names, str) else tuple(names)
        self.tables = [
            Table(reference, self.cases, self._flatten, q.names, names, layered)
            for reference in (q.reference, *q.also)
        ]

    def _flatten(self, result, case):
        return results.fitted(results.plain(result, self.question.returns), self.right[case])

    def _judged_right(self, returned, right, parts=None):
        judged = parts or self.question.judged(len(right))
        return all(close(returned[n], right[n], self.question.tolerance) for n in judged)

    def _names(self):
        """The names of parameters, variables and results of the references."""
        of_results = {name for table in self.tables for name in table.parts}
        return of_results | {
            name for table in self.tables for site in table.program.sites for name in site.names
        }

    def _raised(self, answers):
        """(slip, hint) for an error of the student's code, with the sizes of the case if others went well."""
        number, error = next((n, a.error) for n, a in enumerate(answers) if a.error is not None)
        sizes = plainly.sizes_of(self.cases[number].sizes)
        some = f" for {sizes}" if sizes and any(a.error is None for a in answers) else ""
        return raised(self.question.name, error, some)

    def _where_wrong(self, returned):
        """(slip, hint) that says where the answer is wrong."""
        return plainly.where(self.question, self.cases, self.right, returned)

    def with_section(self, words, difference):
        """The words, with the size of the largest difference and the section of the lecture."""
        size = f" Largest difference: {difference:.2g}." if difference and difference > ROUNDING else ""
        return f"{words}{size} (Lecture {self.question.lecture}, “{self.question.section}”.)"
