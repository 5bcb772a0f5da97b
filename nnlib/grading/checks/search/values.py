"""Slips with a whole value: another one in its place, turned, scaled, of another layer or sample."""

import ast

import numpy as np

from nnlib import slips
from nnlib.grading.checks.search.products import turned
from nnlib.grading.checks.search.vocabulary import sigmoid, sigmoid_slope, softmax
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
        yield 1.5, f"{own} is reshaped where it is to be transposed", lambda x: x.reshape(turned(x).shape)
    if site.seen & {"float", "int"}:
        yield 1.45, f"{own} counts twice", lambda x: 2 * x if _is_scalar(x) else _no()
    if "float" in site.seen:
        yield 1.45, f"{own} is halved", lambda x: x / 2 if _is_scalar(x) else _no()
    if "number" in site.seen:
        yield 1.3, f"{own} is replaced by 1", lambda x: x * 0 + 1 if _is_scalar(x) else _no()
    for value in (0.1, 0.01, 0.5, 0.001, 0.05, 1e-4, 1e-5, 1e-6) if "float" in site.seen else ():
        yield 1.4, f"{own} is replaced by {value:g}, whatever is given", _fixed(value)
    for value in (2, 3, 4, 5, 10) if "int" in site.seen else ():
        yield 1.35, f"{own} is replaced by {value}, whatever is given", _whole(value)
    for letter in sizes if "int" in site.seen else ():
        counted = SIZES.get(letter, letter)
        yield (
            1.3,
            f"{own} is replaced by {counted}",
            of_size(letter, lambda x, n: n if _is_count(x) else _no()),
        )
    if site.seen & {"number", "array"}:
        yield 1.6, f"the sign of {own} is turned", lambda x: -x
        yield 2.2, f"the absolute value of {own} is taken", lambda x: np.abs(x)
        yield 2.5, f"{own} is rounded", lambda x: np.round(x)
    if "int" in site.seen:
        yield 1.9, f"{own} is used one step too late", lambda x: x + 1 if isinstance(x, int) else _no()
    if site.seen & {"array", "list"}:
        yield 1.9, f"the rows of {own} come in reverse order", lambda x: x[::-1]
        yield 1.9, f"{own} has its first row alone", lambda x: x[:1]
        yield 1.9, f"{own} lacks its last row", lambda x: x[:-1]
    if "array" in site.seen:
        yield from _of_array(own)


def _of_array(own):
    """An array that is read."""
    yield 1.8, f"{own} is replaced by ones", lambda x: np.ones_like(x) if np.ndim(x) else _no()
    yield 2.2, f"the columns of {own} come in reverse order", lambda x: x[:, ::-1]
    for word, function in APPLIED.items():
        yield 1.55, f"{word} is taken of {own}, and should not be", _of_arrays(function)
    yield 1.65, f"1 - {own} stands where {own} belongs", _of_arrays(lambda x: 1 - x)
    yield 1.3, f"{own} is not used as an order: it is sorted", _of_order(np.sort)
    for row, at in (("first", slice(1)), ("last", slice(-1, None))):
        yield (
            1.6,
            f"the {row} row of {own} stands for all rows",
            lambda x, at=at: np.broadcast_to(x[at], x.shape) if np.ndim(x) == 2 else _no(),
        )
    yield 2.2, f"every second row of {own} is left out", lambda x: x[::2] if np.ndim(x) else _no()
    yield 2.5, f"the mean of {own} is subtracted", lambda x: x - np.mean(x)


APPLIED = {"tanh": np.tanh, "the sigmoid": sigmoid, "softmax": softmax}
"""Functions that students take once too often."""


def _of_order(function):
    """Of whole numbers, such as the order of samples."""
    return lambda x: function(x) if np.ndim(x) == 1 and np.asarray(x).dtype.kind == "i" else _no()


def _of_arrays(function):
    return lambda x: function(x) if np.ndim(x) else _no()


def another(name):
    """A change that takes another quantity of the reference, of the same kind."""

    def of(case):
        def apply(value):
            other = case.read(name)
            if np.ndim(other) != np.ndim(value) or isinstance(other, list) != isinstance(value, list):
                raise TypeError("nothing of another kind stands in its place")
            return other

        return apply

    return OfCase(of)


def _fixed(value):
    return lambda x: value if isinstance(x, float) and np.ndim(x) == 0 else _no()


def _whole(value):
    return lambda x: value if isinstance(x, int) else _no()


def _is_count(x):
    return isinstance(x, int) and not isinstance(x, bool)


def _is_scalar(x):
    return np.ndim(x) == 0 and not callable(x)


def _no():
    raise TypeError("this change is for another kind of value")


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
    yield 1.8, "it is reshaped where it is to be transposed", lambda x: x.reshape(turned(x).shape)
    yield 1.4, "it is 0 throughout", lambda x: 0.0 * numbers(x)
    yield 1.6, "it is 1 throughout", lambda x: 0.0 * numbers(x) + 1
    yield 1.65, "the mean over all entries stands in each", lambda x: np.mean(x) + 0 * x
    yield 1.65, "the sum over all entries stands in each", lambda x: np.sum(x) + 0 * x
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
    yield 1.5, "it is one mean over all its entries", lambda x: np.mean(x) if np.ndim(x) else _no()
    yield 1.6, "all its entries are added up", lambda x: np.sum(x) if np.ndim(x) else _no()
    yield 1.8, "its absolute value is taken", lambda x: np.abs(numbers(x))
    yield 1.9, "it is squared", lambda x: numbers(x) ** 2
    yield 2, "the root of it is taken", lambda x: np.sqrt(numbers(x))
    yield 2, "the logarithm of it is taken", lambda x: np.log(numbers(x))
    yield 2, "the exponential of it is taken", lambda x: np.exp(numbers(x))
    yield 2, "it is rounded", lambda x: np.round(numbers(x))
    yield 2, "it is turned upside down", lambda x: 1 / numbers(x)
    for word, function in APPLIED.items() if "fraction" in site.seen else ():
        yield 1.5, f"{word} is taken of it, and should not be", _of_arrays(function)
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
    yield 1.6, "it is multiplied by its own slope y (1 - y)", lambda x: x * numbers(x) * (1 - x)
    yield 1.7, "it is multiplied by its own slope 1 - y²", lambda x: numbers(x) * (1 - x**2)


AT_ANOTHER = {
    "tanh of": np.tanh, "the sigmoid of": sigmoid, "the slope of tanh at": lambda o: 1 - np.tanh(o) ** 2,
    "the slope of the sigmoid at": sigmoid_slope, "ReLU of": lambda o: np.maximum(o, 0),
    "the slope of the ReLU at": lambda o: 1.0 * (o > 0),
}  # fmt: skip
"""What students take of a quantity, in the place of another one."""


def _of_matrix(function):
    return lambda x: function(x) if np.ndim(x) > 1 else _no()


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


class OfCase:
    """A change that needs to know the case: `of(program)` gives the function of the operands.

    The program has `sizes` (letter -> number), `given` (name of a parameter -> argument), and `read(name)`,
    what a name of the reference stands for where the changed site is.
    """

    def __init__(self, of):
        self.of = of


def of_size(letter, function):
    """A change with a size of the case, such as the number of samples."""
    return OfCase(lambda case: lambda x: function(x, case.sizes[letter]))


def as_given(name):
    """A change that takes an argument as it was given, wherever it is read."""
    return OfCase(lambda case: lambda x: case.as_given(name))


def of_transposed(site, names):
    """x.T."""
    of = name_of(site.operands[0], names)
    yield 1, f"{of} is not transposed", lambda x: x
    yield 1.3, f"{of} is reshaped where it is to be transposed", lambda x: x.reshape(x.T.shape)


def of_index(site, names):
    """An index of a list or an array, such as the number of a layer."""
    from_ = name_of(site.node.value, names)
    yield 1.2, f"one place too early is read from {from_}", lambda i: _int(i) - 1
    yield 1.2, f"one place too late is read from {from_}", lambda i: _int(i) + 1
    yield 1.5, f"always the first one is read from {from_}", lambda i: _int(i) * 0
    yield 1.5, f"always the last one is read from {from_}", lambda i: _int(i) * 0 - 1
    for other in site.similar:
        if isinstance(site.node.slice, ast.Name) and other != site.node.slice.id:
            yield 1, f"the index of {from_} is {other}, not {site.node.slice.id}", another(other)


def of_new_axis(site, names):
    """x[:, np.newaxis] or x[np.newaxis]."""
    of = name_of(site.operands[0], names)
    yield 1, f"{of} lacks the new axis, so it goes along the other one", lambda x: np.squeeze(x)
    yield 1.2, f"the new axis of {of} stands on the other side", lambda x: turned(x)


def of_bound(site, names):
    """A bound of a slice."""
    of = name_of(site.node.value, names)
    yield 1.4, f"the part of {of} begins or ends one too late", lambda i: i + 1
    yield 1.4, f"the part of {of} begins or ends one too early", lambda i: i - 1
    yield 1.45, f"a part of {of} begins or ends elsewhere", lambda i: None


def _int(i):
    return i if isinstance(i, int) else _no()


ODD = 2.6
"""The cost of a number that nobody writes for another: too high for pairs, as it fits too much."""


def of_constant(site, names):
    """A number."""
    own = site.node.value
    for value in (0, 1, 2, 3, 0.5, -1, 10):
        if value != own:
            # 0 for 1 in 1 - y: "1 is missing in front of - y" says the same.
            cost = {0: 1.55, 0.5: ODD, -1: ODD, 10: ODD}.get(value, 1.5)
            yield cost, f"the number {own:g} is {value:g} here", lambda x, value=value: value
    if own == 0.5:
        yield 1, "the factor 1/2 is missing", lambda x: 1


def of_comparison(site, names):
    """l < r, or another comparison."""
    left, right = (name_of(node, names) for node in site.operands)
    yield 1, f"the comparison of {left} with {right} is turned round", TURNED[site.kind]
    yield 2, f"{left} is compared with 1", lambda l, r: TURNED[site.kind](1, l)
    signs, other = STRICT[site.kind]
    yield 1.15, f"{signs[1]} stands where {signs[0]} belongs between {left} and {right}", other


TURNED = {
    "Lt": lambda l, r: l > r, "Gt": lambda l, r: l < r, "LtE": lambda l, r: l >= r,
    "GtE": lambda l, r: l <= r,
}  # fmt: skip

STRICT = {
    "Lt": ("<≤", lambda l, r: l <= r), "Gt": (">≥", lambda l, r: l >= r), "LtE": ("≤<", lambda l, r: l < r),
    "GtE": ("≥>", lambda l, r: l > r),
}  # fmt: skip
"""The same comparison but for what is equal."""
