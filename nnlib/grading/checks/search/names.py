"""Slips with a quantity that is read: another one in its place, turned, cut, fixed."""

import numpy as np

from nnlib.grading.checks.search.change import no
from nnlib.grading.checks.search.formulas import with_another
from nnlib.grading.checks.search.of_case import another, as_given, of_size
from nnlib.grading.checks.search.products import turned
from nnlib.grading.checks.search.vocabulary import sigmoid, softmax
from nnlib.grading.checks.search.words import SIZES, name_of, place_of


def of_name(site, names, sizes=()):
    """A quantity that is read."""
    own = name_of(site.node, names)
    for other in site.names:
        if other != site.node.id and other in site.similar:
            # What is computed here is rarely put in its own place.
            cost = 1.7 if other == site.place else 1.2
            yield cost, f"{place_of(other, names)} stands where {own} belongs", another(other)
    if "given" in site.seen:
        yield 1.1, f"{own} as it was given is used in each step, not as it has become", as_given(site.node.id)
    if "matrix" in site.seen:
        if not site.inside.get("is_transposed"):
            yield 1.2, f"{own} is transposed, and should not be", lambda x: turned(x)
        told = f"{own} is reshaped to the shape of its transpose, which mixes its entries"
        yield 1.5, told, lambda x: x.reshape(turned(x).shape)
    if site.seen & {"float", "int"}:
        yield 1.45, f"{own} counts twice", lambda x: 2 * x if _is_scalar(x) else no()
    if "float" in site.seen:
        yield 1.45, f"{own} is halved", lambda x: x / 2 if _is_scalar(x) else no()
    if "number" in site.seen:
        yield 1.3, f"{own} is replaced by 1", lambda x: x * 0 + 1 if _is_scalar(x) else no()
    for value in (0.1, 0.01, 0.5, 0.001, 0.05, 1e-4, 1e-5, 1e-6) if "float" in site.seen else ():
        yield 1.4, f"{own} is replaced by {value:g}, whatever is given", _fixed(value)
    for value in (2, 3, 4, 5, 10) if "int" in site.seen else ():
        yield 1.35, f"{own} is replaced by {value}, whatever is given", _whole(value)
    for letter in sizes if "int" in site.seen else ():
        counted = SIZES.get(letter, letter)
        yield (
            1.3,
            f"{own} is replaced by {counted}",
            of_size(letter, lambda x, n: n if _is_count(x) else no()),
        )
    if site.seen & {"number", "array"}:
        yield 1.6, f"the sign of {own} is turned", lambda x: -x
        yield 2.2, f"the absolute value of {own} is taken", lambda x: np.abs(x)
        yield 2.5, f"{own} is rounded", lambda x: np.round(x)
    if "int" in site.seen:
        yield 1.9, f"{own} is used one step too late", lambda x: x + 1 if isinstance(x, int) else no()
    if site.seen & {"array", "list"}:
        yield 1.9, f"the rows of {own} come in reverse order", lambda x: x[::-1]
        yield 1.9, f"{own} has its first row alone", lambda x: x[:1]
        yield 1.9, f"{own} lacks its last row", lambda x: x[:-1]
    if "fraction" in site.seen:
        yield from with_another(site, own, names)
        for word, function in FUNCTIONS.items():
            yield 1.7, f"{word} is taken of {own}, and should not be", _of_numbers(function)
    if "array" in site.seen:
        yield from _of_array(own)


def _of_array(own):
    """An array that is read."""
    yield 1.8, f"{own} is replaced by ones", lambda x: np.ones_like(x) if np.ndim(x) else no()
    yield 2.2, f"the columns of {own} come in reverse order", lambda x: x[:, ::-1]
    for word, function in APPLIED.items():
        yield 1.55, f"{word} is taken of {own}, and should not be", of_arrays(function)
    yield 1.65, f"1 - {own} stands where {own} belongs", of_arrays(lambda x: 1 - x)
    yield 1.5, f"{own} is added up over its rows, and should not be", _of_matrix(lambda x: np.sum(x, axis=0))
    yield (
        1.6,
        f"the mean of the rows of {own} is taken, and should not be",
        _of_matrix(lambda x: np.mean(x, axis=0)),
    )
    yield 1.3, f"{own} is not used as an order: it is sorted", _of_order(np.sort)
    for row, at in (("first", slice(1)), ("last", slice(-1, None))):
        yield (
            1.6,
            f"the {row} row of {own} stands for all rows",
            lambda x, at=at: np.broadcast_to(x[at], x.shape) if np.ndim(x) == 2 else no(),
        )
    yield 2.2, f"every second row of {own} is left out", lambda x: x[::2] if np.ndim(x) else no()
    yield 2.5, f"the mean of {own} is subtracted", lambda x: x - np.mean(x)


APPLIED = {"tanh": np.tanh, "the sigmoid": sigmoid, "softmax": softmax}
"""Functions that students take once too often."""


FUNCTIONS = {"exp": np.exp, "ln": np.log, "the root": np.sqrt, "the square": np.square}
"""Functions of any number."""


def _of_numbers(function):
    return lambda x: function(x) if isinstance(x, (float, np.ndarray)) else no()


def _of_matrix(function):
    return lambda x: function(x) if np.ndim(x) == 2 else no()


def _of_order(function):
    """Of whole numbers, such as the order of samples."""
    return lambda x: function(x) if np.ndim(x) == 1 and np.asarray(x).dtype.kind == "i" else no()


def of_arrays(function):
    return lambda x: function(x) if np.ndim(x) else no()


def _fixed(value):
    return lambda x: value if isinstance(x, float) and np.ndim(x) == 0 else no()


def _whole(value):
    return lambda x: value if isinstance(x, int) else no()


def _is_count(x):
    return isinstance(x, int) and not isinstance(x, bool)


def _is_scalar(x):
    return np.ndim(x) == 0 and not callable(x)
