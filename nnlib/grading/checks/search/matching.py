"""When numbers count as the same: that of a changed reference and that of a student."""

import itertools

import numpy as np

from nnlib.grading.sandbox.inside.noting import weights_of

CLOSE = 1e-8
"""Largest difference, relative to the largest entry, at which numbers count as explained."""


def same(value, answer, close=CLOSE):
    """Whether two lists of arrays hold the same numbers in the same shapes; both None: both raised."""
    if value is None or answer is None:
        return value is None and answer is None
    if len(value) != len(answer):
        return False
    return all(equal(v, a, close) for v, a in zip(value, answer, strict=True))


def equal(value, answer, close=CLOSE):
    """Whether two arrays agree, relative to the largest entry; NaN and infinity have to agree too."""
    if value.shape != answer.shape:
        return False
    if value.size == 0:
        return True
    largest = np.abs(answer).max()
    if np.isfinite(largest):
        return bool(np.abs(value - answer).max() <= close * max(largest, 1e-6))
    return bool(np.allclose(value, answer, rtol=close, atol=0, equal_nan=True))


def fingerprint(parts):
    """Equal for lists of arrays that hold the same numbers to about nine digits."""
    return None if parts is None else tuple((p.shape, _rounded(p)) for p in parts)


def _rounded(array):
    with np.errstate(all="ignore"):
        number = float(array.ravel() @ weights_of(array.size))
    return f"{number:.8e}" if np.isfinite(number) else str(array.ravel()[:3])


OF_TWO = 12
"""Bits that whole numbers that are wrong have to tell of two slips, log2(1 + the largest) each."""

OF_ONE = 14
"""The same of one slip that is not a common one."""


def tell_enough(right, answers, bits=OF_TWO):
    """Whether many numbers are wrong, or not whole: a few small whole ones are explained by chance.

    right, answers: an entry of flat arrays for each case, None where the function raised.
    """
    numbers = np.concatenate([part.ravel() for a in answers if a is not None for part in a] or [np.zeros(0)])
    if not np.isfinite(numbers).all() or (numbers % 1).any():
        return True
    wrong = sum(_differing(a, r) for a, r in zip(answers, right, strict=True) if a is not None)
    largest = max(np.abs(part).max(initial=0) for part in (numbers, *itertools.chain(*right)))
    return wrong * np.log2(1 + largest) >= bits


def _differing(answer, right):
    """How many numbers are wrong; all of those with another shape."""
    if [part.shape for part in answer] != [part.shape for part in right]:
        return sum(part.size for part in answer)
    return sum(np.count_nonzero(a != r) for a, r in zip(answer, right, strict=True))
