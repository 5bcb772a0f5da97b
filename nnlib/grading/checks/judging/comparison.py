"""Call the student's function, look at what comes back, and say what is wrong with it.

In this order: not answered yet, raised an error, no value, wrong type, wrong shape, a known slip,
the size of the difference. Nothing of the student's is trusted: a result is copied to plain
float64 before anything is done with it.
"""

import numbers
import re

import numpy as np

from nnlib.grading.checks.judging.failure import CheckFailed
from nnlib.grading.checks.judging.hints import HINTS

TOLERANCE = 1e-8
"""Largest difference to the truth, relative to its largest entry: far above rounding in float64,
far below any slip."""

CLASHES = {
    "product_shapes": "mismatch in its core dimension|not aligned|enough dimensions",
    "broadcast_shapes": "could not be broadcast",
}
"""Slip -> what NumPy writes when shapes do not fit."""


def call(function, *arguments, name):
    """What `function` returns for copies of the arguments, or `CheckFailed` if it raises."""
    copies = [copy_of(a) for a in arguments]
    try:
        with np.errstate(all="ignore"):  # overflow is judged by its result
            return function(*copies)
    except NotImplementedError:
        told = f"{name} is not answered yet, or calls an answer that is not."
        raise CheckFailed("not_answered", told) from None
    except Exception as error:
        text = str(error)[:300]
        for slip, words in CLASHES.items():
            if isinstance(error, ValueError) and re.search(words, text):
                raise CheckFailed(slip, f"{_sentence(name, slip)} (NumPy: {text.strip()}.)") from None
        raise CheckFailed("raises", f"{name} raised {type(error).__name__}: {text}") from None


def copy_of(value):
    """A copy of arrays, also of those in lists and tuples: an answer may change what it gets."""
    if isinstance(value, np.ndarray):
        return np.array(value)
    return type(value)(map(copy_of, value)) if isinstance(value, (list, tuple)) else value


def compare_parts(result, truths, names, slips):
    """As `compare`, for an answer that returns several arrays: `slips` has one value for each part."""
    if result is None:
        raise CheckFailed("none", f"{names[0]} and what follows: your function returned None.")
    if not isinstance(result, (list, tuple)) or len(result) != len(truths):
        raise CheckFailed("type", f"Return {len(truths)} arrays: {', '.join(names)}.")
    # A slip that explains every part comes before one that explains the first wrong part alone.
    arrays = [as_array(found, name) for found, name in zip(result, names, strict=True)]
    whole = {slip: values for slip, values in slips.items() if _explains(values, arrays)}
    slips = whole or slips
    for number, (found, truth, name) in enumerate(zip(arrays, truths, names, strict=True)):
        compare(found, truth, name, {slip: values[number] for slip, values in slips.items()})


def _explains(values, arrays):
    pairs = zip(map(np.asarray, values), arrays, strict=True)
    return all(value.shape == found.shape and equal(found, value) for value, found in pairs)


def as_array(result, name):
    """A result as a float64 array, or `CheckFailed` if it is none."""
    if result is None:
        raise CheckFailed("none", f"{name} returned None. Is there a return?")
    if not isinstance(result, (numbers.Real, np.ndarray, list, tuple)) or isinstance(result, bool):
        kind = type(result).__name__
        raise CheckFailed("type", f"{name} returned a {kind}, expected numbers in a NumPy array.")
    try:
        plain = np.array(result, subok=False)
        if plain.dtype.kind not in "fiu":
            raise TypeError
        return plain.astype(np.float64)
    except (TypeError, ValueError):
        raise CheckFailed(
            "type", f"{name} returned something else than real numbers in a NumPy array."
        ) from None


def compare(result, truth, name, slips=None):
    """Pass if `result` equals `truth`, otherwise raise `CheckFailed` with the slip that explains it.

    slips: name of a slip in HINTS -> the values that this slip would give.
    """
    found, truth = as_array(result, name), np.asarray(truth, dtype=np.float64)
    slips = {slip: np.asarray(value, dtype=np.float64) for slip, value in (slips or {}).items()}
    if found.shape == truth.shape and equal(found, truth):
        return
    for slip, value in slips.items():
        # A slip may differ in shape; a single number is the same with and without brackets.
        if found.shape == value.shape and equal(found, value):
            difference = _difference(found, truth)
            size = "" if difference is None else f" (Largest difference: {difference:.2g}.)"
            raise CheckFailed(slip, _sentence(name, slip) + size, difference)
    if found.shape != truth.shape:
        raise CheckFailed("shape", f"{name} has shape {found.shape}, expected {truth.shape}.")
    if not np.isfinite(found).all():
        slip = "unstable" if "unstable" in slips else "not_finite"
        hint = _sentence(name, slip) if slip in HINTS else f"{name} holds nan or inf."
        raise CheckFailed(slip, hint)
    difference = _difference(found, truth)
    raise CheckFailed(
        "wrong",
        f"{name} has the right shape, but its values differ by up to {difference:.2g}.",
        difference,
    )


def equal(found, truth):
    """Whether all entries agree to within the tolerance."""
    if not np.isfinite(found).all():
        return np.array_equal(found, truth, equal_nan=True)
    return bool(np.abs(found - truth).max(initial=0) <= TOLERANCE * max(1e-6, np.abs(truth).max(initial=0)))


def _difference(found, truth):
    if found.shape != truth.shape or not np.isfinite(found).all():
        return None
    return float(np.abs(found - truth).max(initial=0))


def _sentence(name, slip):
    return f"{name}: {HINTS[slip]}"


def passed(what):
    """Tell the student what was checked; the first word is green."""
    print(f"\x1b[1;32mRight:\x1b[0m {what}.")
