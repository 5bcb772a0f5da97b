"""Slips with a whole result: scaled, turned, summed, with a factor or a term too many."""

import numpy as np

from nnlib import slips
from nnlib.grading.checks.search.change import no
from nnlib.grading.checks.search.formulas import of_two
from nnlib.grading.checks.search.names import APPLIED, of_arrays
from nnlib.grading.checks.search.of_case import OfCase, of_size
from nnlib.grading.checks.search.products import turned
from nnlib.grading.checks.search.vocabulary import sigmoid, sigmoid_slope
from nnlib.grading.checks.search.words import SIZES, place_of


def of_value(site, names, sizes=()):
    """A result that is assigned, added up, appended or returned."""
    if site.seen & {"number", "array"}:
        yield from _of_numbers(site, names, sizes)


def _of_numbers(site, names, sizes):
    yield 1.2, slips.SIGN, lambda x: -numbers(x)
    yield 1.2, slips.TWICE, lambda x: 2 * numbers(x)
    yield 1.2, slips.HALF, lambda x: numbers(x) / 2
    for letter in sizes:
        yield 1.2, f"divided by {SIZES.get(letter, letter)}", of_size(letter, lambda x, n: numbers(x) / n)
        yield (
            1.6,
            f"multiplied by {SIZES.get(letter, letter)}",
            of_size(letter, lambda x, n: numbers(x) * n),
        )
    yield 1.6, "averaged over all its entries: it is divided by their number", lambda x: x / np.size(x)
    yield 1.4, slips.TRANSPOSED, lambda x: turned(x)
    told = "it is reshaped to the shape of its transpose, which mixes its entries"
    yield 1.8, told, lambda x: x.reshape(turned(x).shape)
    yield 1.4, "it is 0 throughout", lambda x: 0.0 * numbers(x)
    yield 1.6, "it is 1 throughout", lambda x: 0.0 * numbers(x) + 1
    yield 1.65, "the mean over all entries stands in each", lambda x: np.mean(x) + 0 * x
    yield 1.65, "the sum over all entries stands in each", lambda x: np.sum(x) + 0 * x
    yield 1.6, "the sum over all rows stands in each row", _of_matrix(lambda x: np.sum(x, axis=0) + 0 * x)
    yield 1.5, "it is added up over the first axis", _of_matrix(lambda x: np.sum(x, axis=0))
    yield 1.5, "it is added up over the last axis", _of_matrix(lambda x: np.sum(x, axis=-1))
    yield (
        1.5,
        "it is averaged over the first axis",
        _of_matrix(lambda x: np.mean(x, axis=0)),
    )
    yield (
        1.5,
        "it is averaged over the last axis",
        _of_matrix(lambda x: np.mean(x, axis=-1)),
    )
    yield 1.5, "it is one mean over all its entries", lambda x: np.mean(x) if np.ndim(x) else no()
    yield 1.6, "all its entries are added up", lambda x: np.sum(x) if np.ndim(x) else no()
    yield 1.8, "its absolute value is taken", lambda x: np.abs(numbers(x))
    yield 1.9, "it is squared", lambda x: numbers(x) ** 2
    yield 2, "the root of it is taken", lambda x: np.sqrt(numbers(x))
    yield 2, "the logarithm of it is taken", lambda x: np.log(numbers(x))
    yield 2, "the exponential of it is taken", lambda x: np.exp(numbers(x))
    yield 2, "it is rounded", lambda x: np.round(numbers(x))
    yield 2, "it is turned upside down", lambda x: 1 / numbers(x)
    for word, function in APPLIED.items() if "fraction" in site.seen else ():
        yield 1.5, f"{word} is taken of it, and should not be", of_arrays(function)
    yield 1.65, "1 is added, a term too many", lambda x: numbers(x) + 1
    yield (
        1.5,
        "it is reshaped where it is to be transposed",
        lambda x: turned(x).reshape(x.shape),
    )
    for line, at in LINES.items():
        yield 1.5, f"its {line} is 0: does the loop run over all of them?", _without(at)
    yield 1.9, "negative values are set to 0", lambda x: np.maximum(numbers(x), 0)
    if site.is_result:
        for words, at in (("in front", np.s_[None]), ("behind", np.s_[..., None])):
            told = f"its shape has an axis of length 1 too many, {words}"
            yield 1.2, told, lambda x, at=at: np.asarray(numbers(x))[at]
    yield 1.85, "only its first row is there", lambda x: numbers(x)[:1]
    yield 2, "it is divided by its largest entry", lambda x: x / np.max(numbers(x))
    yield 2, "it is divided by its sum", lambda x: x / np.sum(numbers(x))
    yield 2, "it is divided by its length", lambda x: x / np.linalg.norm(numbers(x))
    for other in site.names:
        if other not in site.matching:
            continue
        word = place_of(other, names)
        for function, of in AT_ANOTHER.items():
            yield (
                1.55,
                f"{function} {word} stands there, another quantity",
                _with(other, lambda x, o, of=of: of(o)),
            )
        yield 1.6, f"it is multiplied by {word}, a factor too many", _with(other, lambda x, o: x * o)
        yield 1.8, f"it is divided by {word}, and should not be", _with(other, lambda x, o: x / o)
        yield 2, f"{word} is added, a term too many", _with(other, lambda x, o: x + o)
        yield 2, f"{word} is subtracted, a term too many", _with(other, lambda x, o: x - o)
        if "fraction" not in site.seen:
            continue  # whole numbers are no outputs, and have no slopes
        if site.is_result:
            after = f"that is {word} after a step, where the gradient alone is asked"
            yield 1.5, after, _with(other, lambda x, o: o - x)
        yield (
            1.4,
            f"there is a factor too many, the slope of the sigmoid at {word}",
            _with(other, lambda x, o: x * sigmoid_slope(o)),
        )
        yield (
            1.4,
            f"there is a factor too many, the slope of tanh at {word}",
            (_with(other, lambda x, o: x * (1 - np.tanh(o) ** 2))),
        )
        yield (
            1.45,
            f"there is a factor too many, the slope 1 - y² of tanh with {word} for y",
            (_with(other, lambda x, o: x * (1 - o**2))),
        )
        yield (
            1.4,
            f"there is a factor too many, the slope y (1 - y) of the sigmoid with {word} for y",
            (_with(other, lambda x, o: x * o * (1 - o))),
        )
    if "fraction" not in site.seen:
        return
    yield from of_two(site, names)
    yield 1.6, "it is multiplied by its own slope y (1 - y)", lambda x: x * numbers(x) * (1 - x)
    yield 1.7, "it is multiplied by its own slope 1 - y²", lambda x: numbers(x) * (1 - x**2)


AT_ANOTHER = {
    "tanh of": np.tanh, "the sigmoid of": sigmoid, "the slope of tanh at": lambda o: 1 - np.tanh(o) ** 2,
    "the slope of the sigmoid at": sigmoid_slope, "ReLU of": lambda o: np.maximum(o, 0),
    "the slope of the ReLU at": lambda o: 1.0 * (o > 0),
}  # fmt: skip
"""What students take of a quantity, in the place of another one."""


def _of_matrix(function):
    return lambda x: function(x) if np.ndim(x) > 1 else no()


LINES = {
    "last row": np.s_[-1:], "first row": np.s_[:1],
    "last column": np.s_[..., -1:], "first column": np.s_[..., :1],
}  # fmt: skip


def _without(at):
    def apply(x):
        if np.ndim(x) == 0 or (at is LINES["last column"] or at is LINES["first column"]) and x.ndim < 2:
            raise TypeError("no rows or columns")
        changed = np.array(x, float)
        changed[at] = 0
        return changed

    return apply


def _with(name, function):
    """A change that needs another quantity of the reference, of the same shape."""

    def of(case):
        def apply(value):
            other = case.read(name)
            if isinstance(other, list) and other:
                other = other[-1]
            if np.shape(other) != np.shape(value):
                raise TypeError("of another shape")
            return function(numbers(value), other)

        return apply

    return OfCase(of)


def numbers(x):
    """x itself if it holds numbers: a change does not scale lists or truth values."""
    if isinstance(x, bool) or not isinstance(x, (int, float, np.ndarray, np.generic)):
        raise TypeError("no numbers")
    return x
