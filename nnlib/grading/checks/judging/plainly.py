"""What is said of a wrong answer without a search: what it is, or where it is wrong. Nothing is guessed.

In all functions `returned` has an entry for each case: the flat list of arrays that the student's function
returned, None where it raised. f is such an array or list, r the right one.
"""

import numpy as np

from nnlib.grading.checks.judging import results, truth
from nnlib.grading.checks.judging.where import close, where_wrong
from nnlib.grading.checks.search.matching import same

FEW_DIGITS = 1e-4
"""Largest difference, relative to the largest entry, of numbers that are right but for their last digits."""


def is_error(question, cases, returned):
    """Whether the answer is the error, in every case."""
    error = question.error
    return error is not None and all(
        found is not None and len(found) == 1 and found[0].size == 1
        and same([found[0].reshape(())], [np.asarray(truth.value(error, case.arguments))])
        for found, case in zip(returned, cases, strict=True)
    )  # fmt: skip


def given_back(parameters, cases, returned):
    """A sentence if the answer is one of the arguments, in every case."""
    for number, name in enumerate(parameters):
        if all(
            f is not None and same(f, results.arrays_in(case.arguments[number]))
            for f, case in zip(returned, cases, strict=True)
        ):
            return f"That is {name}, what the function was given: nothing is computed yet."
    return ""


def constant(right, returned, tolerance):
    """A sentence if all numbers of the answer are the same, in every case, and no array is right."""
    pairs = [pair for fs, rs in zip(returned, right, strict=True) if fs for pair in zip(fs, rs)]  # noqa: B905
    if any(close(f, r, tolerance) for f, r in pairs):
        return ""
    numbers = [part.ravel() for f in returned if f is not None for part in f]
    if not numbers or any(f is None for f in returned):
        return ""
    numbers = np.concatenate(numbers)
    if numbers.size > 1 and np.isfinite(numbers[0]) and np.allclose(numbers, numbers[0], rtol=1e-9, atol=0):
        return f"Every number that comes back is {numbers[0]:g}, whatever is given."
    return ""


def true_or_false(right, returned):
    """A sentence if the answer is 1 or 0 in every case, where the right numbers are no whole ones."""
    if any(f is None for f in returned):
        return ""
    whole = all(np.isin(part, (0, 1)).all() for f in returned for part in f)
    if not whole or all((part % 1 == 0).any() for r in right for part in r):
        return ""
    return "All that comes back is 0 or 1, as from a comparison. The number itself is asked for."


def few_digits(right, answers, returned):
    """A sentence if all numbers are right, but to a few digits alone."""
    errors = [
        np.abs(f - r).max(initial=0) / max(np.abs(r).max(initial=0), 1e-6)
        for fs, rs in zip(returned, right, strict=True) if fs is not None and len(fs) == len(rs)
        for f, r in zip(fs, rs, strict=True) if f.shape == r.shape
    ]  # fmt: skip
    whole = all(f is not None and _shapes(f) == _shapes(r) for f, r in zip(returned, right, strict=True))
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


def is_single_precision(result):
    """Whether any array of a result, in lists and tuples too, holds float32 or float16."""
    if isinstance(result, (list, tuple)):
        return any(map(is_single_precision, result))
    return getattr(result, "dtype", None) in (np.float32, np.float16)


def where(question, cases, right, returned):
    """(slip, hint) that says where the answer is wrong."""
    number = max(len(r) for r in right)
    names = results.names_of(question.returns, number)
    if any(f is not None and len(f) != len(r) for f, r in zip(returned, right, strict=True)):
        f, r = next((f, r) for f, r in zip(returned, right, strict=True) if len(f) != len(r))
        return "type", f"{question.name} returned {results.count(len(f), 'array')}, expected {len(r)}."
    right_ones, sentences = [], []
    for n in question.judged(number):
        if _as_given(cases, right, returned, n, question.tolerance):
            sentences.append(f"{names[n]} is as it was given.")
            continue
        pairs = [(f[n], r[n]) for f, r in zip(returned, right, strict=True) if f and n < len(r)]
        if all(close(f, r, question.tolerance) for f, r in pairs):
            right_ones.append(names[n])
        else:
            sentences.append(where_wrong(names[n], *zip(*pairs, strict=True), question.tolerance))
    hint = " ".join(sentences[:2]).replace(". the ", ". The ")
    if right_ones and len(sentences) > 0:
        hint += f" Right: {', '.join(right_ones)}."
    return "wrong", hint


def _as_given(cases, right, returned, n, tolerance):
    """Whether array n is an argument as it was given, in every case in which it is wrong."""
    wrong_somewhere = False
    for f, r, case in zip(returned, right, cases, strict=True):
        if f is None or n >= len(r) or close(f[n], r[n], tolerance):
            continue
        given = [arrays for a in case.arguments if len(arrays := results.arrays_in(a)) == len(r)]
        if not any(np.array_equal(arrays[n], f[n]) for arrays in given):
            return False
        wrong_somewhere = True
    return wrong_somewhere


def difference(right, returned, tolerance):
    """The largest difference in the first case that is wrong: others may have far larger numbers."""
    cases = [
        list(zip(fs, rs, strict=True)) for fs, rs in zip(returned, right, strict=True)
        if fs is not None and len(fs) == len(rs)
    ]  # fmt: skip
    pairs = [pair for case in cases for pair in case]
    if not pairs or any(f.shape != r.shape or not np.isfinite(f).all() for f, r in pairs):
        return None
    wrong = [case for case in cases if not all(close(f, r, tolerance) for f, r in case)]
    return max(float(np.abs(f - r).max(initial=0)) for f, r in (wrong or cases)[0])


def sizes_of(sizes):
    """'N = 6, D = 3': what has a letter, and the sizes of layers."""
    told = {name: size for name, size in sizes.items() if len(name) == 1 or np.ndim(size) > 0}
    return ", ".join(size_of(*pair) for pair in told.items())


def size_of(letter, size):
    """'N = 6', and 'a network 3-5-2' for the sizes of several layers."""
    return f"{letter} = {size}" if np.ndim(size) == 0 else f"a network {'-'.join(map(str, size))}"


def _shapes(arrays):
    return [array.shape for array in arrays]
