"""From a wrong answer to its hint: the slip that explains it, or where it is wrong. Nothing is guessed."""

import inspect
import re
from functools import partial

import numpy as np

from nnlib.grading.checks.judging import results, truth
from nnlib.grading.checks.judging.failure import CheckFailed
from nnlib.grading.checks.judging.not_finite import where_it_begins
from nnlib.grading.checks.judging.repaired import repaired
from nnlib.grading.checks.judging.where import close, where_wrong
from nnlib.grading.checks.search.matching import same
from nnlib.grading.checks.search.program import quiet
from nnlib.grading.checks.search.search import MOST_OF_PAIRS, MOST_OF_SINGLES, Search
from nnlib.grading.checks.search.sentences import hint_of
from nnlib.grading.sandbox.inside.lines import line_of

CLASHES = {
    "The shapes do not fit this product. Is one factor to be transposed, do they stand in the other order, "
    "or is it an outer product?": "mismatch in its core dimension|not aligned|enough dimensions",
    "Arrays of these shapes do not fit entry by entry.": "could not be broadcast",
    "What is computed has another shape than the place where it is stored. (N,) and (N, 1) make (N, N).":
        "could not broadcast input array",
}  # fmt: skip
"""Sentence -> what NumPy writes when shapes do not fit."""

UNEXPLAINED = ("wrong", "shapes", "type", "few_digits")
"""Slips of hints that say only where an answer is wrong."""

FEW_DIGITS = 1e-4
"""Largest difference, relative to the largest entry, of numbers that are right but for their last digits."""

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
        self.searches = []
        self._hints = {}

    def fail(self, answers, function=None):
        """Raise CheckFailed with the hint for these answers, one per case, which are not all right.

        function: the student's, if it may be looked at where its numbers explain nothing.
        """
        returned = [self._arrays(answer) for answer in answers]
        key = repr([
            (a.changed, repr(a.error), None if f is None else [(p.shape, p.tobytes()) for p in f])
            for a, f in zip(answers, returned, strict=True)
        ])  # fmt: skip
        if key not in self._hints:
            if len(self._hints) >= MOST_KEPT:
                self._hints.clear()
            with quiet():
                self._hints[key] = self._diagnose(answers, returned)
        slip, hint, difference = self._hints[key]
        if function is not None and slip in UNEXPLAINED:
            first = self._first_wrong(returned)
            if words := repaired(function, self, first, hiding=slip == "few_digits"):
                slip, hint = "repaired", self._with_section(words, difference)
            elif words := self._not_finite(function, returned):
                hint += f" {words}"
        raise CheckFailed(slip, hint, difference)

    def _not_finite(self, function, returned):
        """Where NaN or infinity begins, in the first case that has one where the right values have none."""
        for f, r, case in zip(returned, self.right, self.cases, strict=True):
            if (
                f is not None
                and not all(np.isfinite(p).all() for p in f)
                and all(np.isfinite(p).all() for p in r)
            ):
                return where_it_begins(function, case.arguments)
        return ""

    def fitted(self, result, number):
        """A result as the flat arrays of this case, None if its kind is wrong."""
        q, right = self.question, self.right[number]
        try:
            return results.fitted(results.flat(result, q.returns, q.name, q.only), right)
        except CheckFailed:
            return None

    def is_right(self, arrays, number):
        """Whether these arrays are right in this case, as the student's own have to be."""
        right = self.right[number]
        return arrays is not None and len(arrays) == len(right) and self._judged_right(arrays, right)

    def _first_wrong(self, returned):
        """The number of the smallest case for which an answer is wrong."""
        wrong = [
            n for n, (f, r) in enumerate(zip(returned, self.right, strict=True))
            if f is None or not self.is_right(results.fitted(f, r), n)
        ]  # fmt: skip
        return min(wrong, key=lambda n: sum(part.size for part in self.right[n]), default=0)

    def _arrays(self, answer):
        """The flat arrays of an answer, None if it raised. Raises CheckFailed if its kind is wrong."""
        if answer.error is not None:
            return None
        q = self.question
        return results.flat(answer.result, q.returns, q.name, q.only)

    def _diagnose(self, answers, returned):
        """(slip, hint, difference)."""
        returned = [
            None if f is None else results.fitted(f, right)
            for f, right in zip(returned, self.right, strict=True)
        ]
        difference = self._difference(returned)
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
            values = [self._values(wrong_values, case) for case in self.cases]
            if any(returned) and all(same(v, f) for v, f in zip(values, returned, strict=True)):
                return words, self._with_section(f"{words}.", difference), difference
        if self._is_error(returned):
            words = "That is E itself. Its derivative is asked for."
            return "error_returned", self._with_section(words, difference), difference
        for words in (self._given_back(returned), self._constant(returned)):
            if words:
                return words.split(":")[0], words, difference
        explanations = self.explained(returned)
        if explanations:
            words = hint_of(explanations, self._names())
            return words, self._with_section(words, difference), difference
        if words := self._few_digits(answers, returned):
            return "few_digits", words, difference
        changed = next((a.changed for a in answers if a.changed), 0)
        if changed:
            name = self.parameters[changed - 1]
            hint = (
                f"{name} is not as it was: {self.question.name} changes it in place while it is still needed"
            )
            return (
                "argument_changed",
                f"{hint}, or for whoever called it. {self._where(returned)[1]}",
                difference,
            )
        if any(answer.error is not None for answer in answers):
            slip, words = self._raised(answers)
            return slip, words + self._right_for(returned), None
        slip, words = self._where(returned)
        return slip, words + self._right_for(returned), difference

    def _right_for(self, returned):
        """' It is right for N = 1.', if it is right in some cases, of other sizes than all others."""
        right = [_sizes(case.sizes) for n, case in enumerate(self.cases) if self.is_right(returned[n], n)]
        wrong = [_sizes(case.sizes) for n, case in enumerate(self.cases) if not self.is_right(returned[n], n)]
        if not right or any(sizes in wrong for sizes in right):
            return ""
        return f" It is right for {right[0]}."

    def _values(self, wrong_values, case):
        """The flat arrays that a known slip gives, or None where its shapes do not fit."""
        try:
            return results.plain(wrong_values(*case.arguments), self.question.returns)
        except ValueError:
            return None

    def explained(self, returned):
        """Explanations by the search: one slip before two, the reference before other ways to write it."""
        self.prepare()
        most = MOST_OF_PAIRS // len(self.searches)
        for s in self.searches:
            s.most_of_singles = MOST_OF_SINGLES // len(self.searches)
        steps = Search.by_one, Search.by_part, Search.by_rare, partial(Search.by_two, most_visits=most)
        for step in steps:
            by_search = [explanations for s in self.searches if (explanations := step(s, returned))]
            if by_search:
                return min(by_search, key=lambda explanations: explanations[0].cost)
        return []

    def prepare(self):
        """Make the searches, one for each way to write the reference, if that is not done yet."""
        if self.searches:
            return
        q = self.question
        layered = isinstance(q.returns, results.PerLayer)
        names = q.returns.names if layered else q.returns
        names = (names,) if isinstance(names, str) else tuple(names)
        self.searches = [
            Search(reference, self.cases, self._flatten, q.names, names, layered)
            for reference in (q.reference, *q.also)
        ]

    def _flatten(self, result, case):
        return results.fitted(results.plain(result, self.question.returns), self.right[case])

    def _judged_right(self, returned, right):
        judged = self.question.judged(len(right))
        return all(close(returned[n], right[n], self.question.tolerance) for n in judged)

    def _is_error(self, returned):
        """Whether the answer is the error, in every case."""
        error = self.question.error
        return error is not None and all(
            found is not None and len(found) == 1 and found[0].size == 1
            and same([found[0].reshape(())], [np.asarray(truth.value(error, case.arguments))])
            for found, case in zip(returned, self.cases, strict=True)
        )  # fmt: skip

    def _given_back(self, returned):
        """A sentence if the answer is one of the arguments, in every case."""
        for number, name in enumerate(self.parameters):
            if all(
                f is not None and same(f, results.arrays_in(case.arguments[number]))
                for f, case in zip(returned, self.cases, strict=True)
            ):
                return f"That is {name}, what the function was given: nothing is computed yet."
        return ""

    def _constant(self, returned):
        """A sentence if all numbers of the answer are the same, in every case, and no array is right."""
        tolerance = self.question.tolerance
        pairs = [pair for fs, rs in zip(returned, self.right, strict=True) if fs for pair in zip(fs, rs)]  # noqa: B905
        if any(close(f, r, tolerance) for f, r in pairs):
            return ""
        numbers = [part.ravel() for f in returned if f is not None for part in f]
        if not numbers or any(f is None for f in returned):
            return ""
        numbers = np.concatenate(numbers)
        if numbers.size > 1 and np.isfinite(numbers[0]) and np.all(numbers == numbers[0]):
            return f"Every number that comes back is {numbers[0]:g}, whatever is given."
        return ""

    def _few_digits(self, answers, returned):
        """A sentence if all numbers are right, but to a few digits alone."""
        errors = [
            np.abs(f - r).max(initial=0) / max(np.abs(r).max(initial=0), 1e-6)
            for fs, rs in zip(returned, self.right, strict=True) if fs is not None and len(fs) == len(rs)
            for f, r in zip(fs, rs, strict=True) if f.shape == r.shape
        ]  # fmt: skip
        whole = all(
            f is not None and _shapes(f) == _shapes(r) for f, r in zip(returned, self.right, strict=True)
        )
        error = np.max(errors, initial=0)  # NaN if any is
        if not whole or not 0 < error < FEW_DIGITS:
            return ""
        if any(is_single_precision(answer.result) for answer in answers):
            return "The numbers are in single precision: float32 keeps 7 digits, use float64."
        digits = int(-np.log10(error))
        return (
            f"The numbers agree with the right ones to {digits} digits and no more. So do differences of E, "
            "and rounded numbers; the formula gives all digits."
        )

    def _names(self):
        """The names of parameters, variables and results of the references."""
        of_results = {name for search in self.searches for name in search.parts}
        return of_results | {
            name for search in self.searches for site in search.program.sites for name in site.names
        }

    def _raised(self, answers):
        """(slip, hint) for an error of the student's code, with the sizes of the case if others went well."""
        number, error = next((n, a.error) for n, a in enumerate(answers) if a.error is not None)
        sizes = _sizes(self.cases[number].sizes)
        some = f" for {sizes}" if sizes and any(a.error is None for a in answers) else ""
        return raised(self.question.name, error, some)

    def _where(self, returned):
        """(slip, hint) that says where the answer is wrong."""
        number = max(len(r) for r in self.right)
        names = results.names_of(self.question.returns, number)
        if any(f is not None and len(f) != len(r) for f, r in zip(returned, self.right, strict=True)):
            f, r = next((f, r) for f, r in zip(returned, self.right, strict=True) if len(f) != len(r))
            return "type", (
                f"{self.question.name} returned {results.count(len(f), 'array')}, expected {len(r)}."
            )
        right_ones, sentences = [], []
        for n in self.question.judged(number):
            if self._as_given(returned, n):
                sentences.append(f"{names[n]} is as it was given.")
                continue
            pairs = [(f[n], r[n]) for f, r in zip(returned, self.right, strict=True) if f and n < len(r)]
            if all(close(f, r, self.question.tolerance) for f, r in pairs):
                right_ones.append(names[n])
            else:
                sentences.append(where_wrong(names[n], *zip(*pairs, strict=True), self.question.tolerance))
        hint = " ".join(sentences[:2]).replace(". the ", ". The ")
        if right_ones and len(sentences) > 0:
            hint += f" Right: {', '.join(right_ones)}."
        return "wrong", hint

    def _as_given(self, returned, n):
        """Whether array n is an argument as it was given, in every case in which it is wrong."""
        wrong_somewhere = False
        for f, r, case in zip(returned, self.right, self.cases, strict=True):
            if f is None or n >= len(r) or close(f[n], r[n], self.question.tolerance):
                continue
            given = [arrays for a in case.arguments if len(arrays := results.arrays_in(a)) == len(r)]
            if not any(np.array_equal(arrays[n], f[n]) for arrays in given):
                return False
            wrong_somewhere = True
        return wrong_somewhere

    def _difference(self, returned):
        """The largest difference in the first case that is wrong: others may have far larger numbers."""
        cases = [
            list(zip(fs, rs, strict=True)) for fs, rs in zip(returned, self.right, strict=True)
            if fs is not None and len(fs) == len(rs)
        ]  # fmt: skip
        pairs = [pair for case in cases for pair in case]
        if not pairs or any(f.shape != r.shape or not np.isfinite(f).all() for f, r in pairs):
            return None
        tolerance = self.question.tolerance
        wrong = [case for case in cases if not all(close(f, r, tolerance) for f, r in case)]
        return max(float(np.abs(f - r).max(initial=0)) for f, r in (wrong or cases)[0])

    def _with_section(self, words, difference):
        size = "" if difference is None else f" Largest difference: {difference:.2g}."
        return f"{words}{size} (Lecture {self.question.lecture}, “{self.question.section}”.)"


def is_single_precision(result):
    """Whether any array of a result, in lists and tuples too, holds float32 or float16."""
    if isinstance(result, (list, tuple)):
        return any(map(is_single_precision, result))
    return getattr(result, "dtype", None) in (np.float32, np.float16)


def _sizes(sizes):
    """'N = 6, D = 3': what has a letter, and the sizes of layers."""
    told = {name: size for name, size in sizes.items() if len(name) == 1 or np.ndim(size) > 0}
    return ", ".join(_size(*pair) for pair in told.items())


def _size(letter, size):
    """'N = 6', and 'a network 3-5-2' for the sizes of several layers."""
    return f"{letter} = {size}" if np.ndim(size) == 0 else f"a network {'-'.join(map(str, size))}"


def _shapes(arrays):
    return [array.shape for array in arrays]


def words_of_line(error):
    """'in line 3 of its cell, `...`': where the student's code raised; "" if the line is not known."""
    line = getattr(error, "student_line", None) or line_of(error)
    return f"in line {line[0]} of its cell, `{line[1]}`" if line else ""


def raised(name, error, some=""):
    """(slip, hint) for what the student's function raised; some: for which inputs."""
    text, kind = " ".join(str(error).split())[:300], type(error).__name__
    where = f" {line}" if (line := words_of_line(error)) else ""
    for words, pattern in CLASHES.items():
        if isinstance(error, ValueError) and re.search(pattern, text):
            return "shapes", f"{name}{where}{some}: {words} (NumPy: {text.rstrip('.')}.)"
    return "raises", f"{name} raised {kind}{where}{some}: {text}"
