"""Slips in calls: one function for another, left out, or with its arguments exchanged."""

import ast

import numpy as np

from nnlib import slips
from nnlib.grading.checks.search import vocabulary
from nnlib.grading.checks.search.slopes import of_sigmoid, of_tanh
from nnlib.grading.checks.search.sums import REDUCTIONS, of_reduction
from nnlib.grading.checks.search.words import CALLS, name_of

WORDS = {
    "np.tanh": "tanh", "np.exp": "exp", "np.log": "ln", "np.sin": "sin", "np.cos": "cos",
    "np.sqrt": "the root", "np.maximum": "the maximum", "np.abs": "the absolute value",
}  # fmt: skip

OTHERS = {
    "np.tanh": (("the sigmoid", vocabulary.sigmoid), ("ReLU", vocabulary.relu), ("arctan", np.arctan)),
    "sigmoid": (("tanh", np.tanh), ("ReLU", vocabulary.relu), ("softmax", vocabulary.softmax)),
    "relu": (("tanh", np.tanh), ("the sigmoid", vocabulary.sigmoid), ("the absolute value", np.abs)),
    "leaky_relu": (("ReLU", vocabulary.relu), ("tanh", np.tanh)),
    "softmax": (("the sigmoid", vocabulary.sigmoid), ("tanh", np.tanh)),
    "np.exp": (
        ("a power of 2", np.exp2), ("exp(a) - 1", np.expm1), ("exp(-a)", lambda x: np.exp(-x)),
        ("the rule of a power, x exp(x - 1),", lambda x: x * np.exp(x - 1)),
    ),
    "np.log": (
        ("the logarithm to base 10", np.log10), ("the logarithm to base 2", np.log2),
        ("ln(1 + y)", np.log1p),
    ),
    "np.sin": (("cos", np.cos), ("tan", np.tan), ("sin in degrees", lambda x: np.sin(np.deg2rad(x)))),
    "np.cos": (
        ("cos in degrees", lambda x: np.cos(np.deg2rad(x))),
        ("sin", np.sin), ("-sin", lambda x: -np.sin(x)), ("-cos", lambda x: -np.cos(x)),
    ),
    "sigmoid_slope": (("the slope of tanh", vocabulary.tanh_slope), ("g itself", vocabulary.sigmoid)),
    "tanh_slope": (("the slope of the sigmoid", vocabulary.sigmoid_slope), ("g itself", np.tanh)),
    "relu_slope": (("ReLU itself", vocabulary.relu), ("the slope of tanh", vocabulary.tanh_slope)),
    "leaky_relu_slope": (("the slope of the ReLU", vocabulary.relu_slope),),
}  # fmt: skip
"""A function -> what students take for it."""


def word_of(name):
    """How a sentence calls a function."""
    return CALLS.get(name) or WORDS.get(name, name.split(".")[-1])


def of_call(site, names):
    """f(x, ...), the operands being the function and its arguments; `nested` gives the g and x of f(g(x))."""
    for cost, words, apply in _of_call(site, names):
        yield cost, words, lambda *operands, nested=None, apply=apply, **how: apply(*operands, **how)
    if "nested" in site.inside:
        outer, inner = word_of(site.inside["name"]), word_of(ast.unparse(site.inside["nested"].func))

        def exchanged(f, x, *more, nested, inner=None, **how):
            g, of = nested()
            return g(f(of, *more, **how))

        yield 1.2, f"{outer} is taken before {inner}, and belongs after it", exchanged


def of_written_sigmoid(site, names):
    """1 / (1 + exp(-x)), where `sigmoid_of` gives x."""
    of = name_of(site.inside["sigmoid_of"], names)
    for other, function in OTHERS["sigmoid"]:
        if other != "softmax":
            told = f"{other} is taken of {of}, where the sigmoid belongs"
            yield 0.95, told, lambda *_, sigmoid_of, function=function, **__: function(sigmoid_of())
    yield 0.95, f"the sigmoid of {of} is missing", lambda *_, sigmoid_of, **__: sigmoid_of()
    mirrored = f"1 - y is computed for the sigmoid y of {of}, as without the minus in front of {of}"
    yield 0.95, mirrored, lambda *_, sigmoid_of, **__: vocabulary.sigmoid(-sigmoid_of())
    told = f"left of 0 the sigmoid of {of} is e / (1 + e) with e = exp(-|a|), and not 1 / (1 + e)"
    yield 0.95, told, lambda *_, sigmoid_of, **__: vocabulary.sigmoid(np.abs(sigmoid_of()))
    yield (
        1.2,
        f"the sigmoid is taken of 2 {of}",
        lambda *_, sigmoid_of, **__: vocabulary.sigmoid(2 * sigmoid_of()),
    )


def _of_call(site, names):
    name = site.inside["name"].removeprefix("vocabulary.")
    if name in REDUCTIONS:
        yield from of_reduction(site, names)
        return
    word = word_of(name)
    given = [name_of(node, names) for node in site.operands]
    of = given[0] if given else ""
    # Of exp(-a) only the minus is told.
    is_minus = name == "np.exp" and isinstance(site.operands[0], ast.UnaryOp)
    for other, function in OTHERS.get(name, ()):
        if is_minus and other == "exp(-a)":
            continue
        yield (
            1,
            f"{other} is taken of {of}, where {word} belongs",
            (lambda f, *x, function=function, **_: function(x[0])),
        )
    if name == "np.tanh":
        half = f"{of} / 2 goes into tanh, as with a stretched sigmoid at {of}: it belongs at 2 {of}"
        yield 1.2, half, lambda f, x, *_, **__: f(x / 2)
    if len(given) == 1 or name in OTHERS:
        yield 1, f"{word} of {of} is missing", lambda f, x, *_, **__: x
        yield 1.5, f"{word} is taken twice", lambda f, x, *more, **how: f(f(x, *more, **how), *more, **how)
    if name in SPECIAL and not is_minus:
        yield from SPECIAL[name](given)
    elif len(given) == 2:
        yield 1.3, f"{given[0]} and {given[1]} are exchanged", lambda f, x, y, **how: f(y, x, **how)
        yield 1.5, f"{given[0]} stands alone: {given[1]} is missing", lambda f, x, y, **_: x
        yield 1.5, f"{given[1]} stands alone: {given[0]} is missing", lambda f, x, y, **_: y


def _exp(given):
    yield 1.3, f"the sign of {given[0]} in exp is turned", lambda f, x: np.exp(-x)


def _outer(given):
    left, right = given
    yield 1, "that is the transpose: rows receive, columns send", lambda f, x, y: f(y, x)
    yield 1, f"{left} is missing: its values are not used", lambda f, x, y: f(np.ones_like(x), y)
    yield 1, f"{right} is missing: its values are not used", lambda f, x, y: f(x, np.ones_like(y))
    yield 1, f"{left} stands alone: {right} is missing", lambda f, x, y: x
    yield 1, f"{right} stands alone: {left} is missing", lambda f, x, y: y
    yield 1, f"{left} and {right} are multiplied entry by entry, not each with each", lambda f, x, y: x * y
    yield 1, f"that is the inner product of {left} and {right}, not the outer", lambda f, x, y: x @ y
    yield 1.3, "the products are added up over the receivers", lambda f, x, y: f(x, y).sum(axis=0)
    yield 1.3, "the products are added up over the senders", lambda f, x, y: f(x, y).sum(axis=1)
    told = "is squared there: each entry is to be multiplied with each of the other"
    yield 1.2, f"{left} {told}", lambda f, x, y: f(x**2, np.ones_like(y))
    yield 1.2, f"{right} {told}", lambda f, x, y: f(np.ones_like(x), y**2)
    yield 2, f"{left} and {right} are added, not multiplied", lambda f, x, y: x[:, None] + y
    yield 2, f"{left} is squared", lambda f, x, y: f(x**2, y)
    yield 2, f"{right} is squared", lambda f, x, y: f(x, y**2)


def _solve(given):
    matrix, vector = given
    told = f"multiplied by {matrix}, where the system of equations is to be solved"
    yield 1, told, lambda f, x, y: x @ y
    yield 1, f"the transpose of {matrix} stands for its inverse", lambda f, x, y: x.T @ y
    yield 1.2, f"{matrix} is transposed, and should not be", lambda f, x, y: f(x.T, y)
    yield 1.3, f"divided by {matrix} entry by entry, not solved", lambda f, x, y: (y / x).sum(axis=-1)
    yield 1.5, f"{vector} stands alone: {matrix} is missing", lambda f, x, y: y


def _softmax(given):
    def shifted(x):
        return np.exp(x - np.max(x, axis=-1, keepdims=True))

    yield (
        1,
        "softmax sums over the samples; each row is divided by its own sum",
        (lambda f, x: np.exp(x) / np.exp(x).sum(axis=0)),
    )
    yield (
        1,
        "softmax sums over everything; each row is divided by its own sum",
        (lambda f, x: np.exp(x) / np.exp(x).sum()),
    )
    yield 1, "the exponentials are not divided by their sum", lambda f, x: np.exp(x)
    yield 1.2, "the exponentials are not divided by their sum", lambda f, x: shifted(x)
    yield 1, "that is the logarithm of softmax, not softmax", lambda f, x: np.log(f(x))
    yield (
        1,
        "1 at the largest score and 0 elsewhere stands for softmax, which gives probabilities",
        (lambda f, x: (x == np.max(x, axis=-1, keepdims=True)) * 1.0),
    )
    yield (
        1.5,
        "the scores are divided by their sum: exp is missing in softmax",
        (lambda f, x: x / np.sum(x, axis=-1, keepdims=True)),
    )


def _maximum(given):
    yield 1, "the smaller one is taken, not the larger", lambda f, x, y: np.minimum(x, y)
    if given[1] != "0":
        yield 1.3, f"{given[0]} stands alone: {given[1]} is missing", lambda f, x, y: x
        yield 1.3, f"{given[1]} stands alone: {given[0]} is missing", lambda f, x, y: y
        return
    yield 1, "negative values are kept: the maximum with 0 is missing", lambda f, x, y: x
    yield 1.2, "the absolute value is taken, not the maximum", lambda f, x, y: np.abs(x)
    yield 1.2, "that is 1 or 0, not the value itself", lambda f, x, y: 1.0 * (x > y)
    yield 1.6, "one maximum is taken over all entries, not for each", lambda f, x, y: np.max(x)


def _clip(given):
    of, lower, upper = given
    yield 1, f"{of} is not bounded by {lower} from below", lambda f, x, low, up: np.minimum(x, up)
    yield 1, f"{of} is not bounded by {upper} from above", lambda f, x, low, up: np.maximum(x, low)
    yield 1.1, f"{of} is not bounded at all", lambda f, x, low, up: x
    yield 1, f"the lower bound of {of} is 0, not {lower}", lambda f, x, low, up: f(x, 0, up)
    yield 1, f"the upper bound of {of} is 0, not {upper}", lambda f, x, low, up: f(x, low, 0)
    told = "stands on both sides, also where"
    yield 1, f"0 stands outside of the bounds, where {lower} and {upper} belong", _outside(lambda *_: (0, 0))
    yield 1.1, f"{upper} {told} {lower} belongs", _outside(lambda low, up: (up, up))
    yield 1.1, f"{lower} {told} {upper} belongs", _outside(lambda low, up: (low, low))
    yield 1.1, f"the bounds {lower} and {upper} are exchanged", _outside(lambda low, up: (up, low))


def _outside(values):
    """Other values below the lower bound and above the upper one."""

    def apply(f, x, low, up):
        below, above = values(low, up)
        return np.where(x <= low, below, np.where(x >= up, above, x))

    return apply


def _where(given):
    yield 1, "the two cases are exchanged", lambda f, c, x, y: f(c, y, x)
    yield 1.1, "the first case is taken everywhere", lambda f, c, x, y: f(c | True, x, y)
    yield 1.1, "the second case is taken everywhere", lambda f, c, x, y: f(c & False, x, y)
    yield 1.2, "the second case is 0", lambda f, c, x, y: f(c, x, 0)
    yield 2.5, "the first case is 0", lambda f, c, x, y: f(c, 0, y)
    yield 2.5, "the first case is 1", lambda f, c, x, y: f(c, 1, y)


def _tanh_slope(given):
    yield from of_tanh(lambda f, a, **_: np.tanh(a))
    yield 1, "the slope is computed from a as if a was the output", lambda f, a: 1 - a**2


def _sigmoid_slope(given):
    yield from of_sigmoid(lambda f, a, **_: vocabulary.sigmoid(a))


def _relu_slope(given):
    yield 1, slips.NO_SLOPE, lambda f, a, *_, **__: np.ones_like(a)
    yield 1, "the slope is 1 for negative sums and 0 for positive ones", lambda f, a: 1.0 * (a < 0)
    yield 1.2, "the slope for negative sums is not 0", lambda f, a: np.where(a > 0, 1, a)
    yield 1.2, "the slope for negative sums is -1, not 0", lambda f, a: np.sign(a)
    yield 1.3, "the slope is the sum a itself", lambda f, a, *_, **__: a


def _for_all(given):
    yield 1, f"any {given[0]} is asked for, where all belong", lambda f, x, **how: np.any(x, **how)
    for axis, along in ((0, "down the columns (axis 0)"), (1, "along the rows (axis 1)")):
        told = f"it is asked for all {along}, the wrong axis"
        yield 1.1, told, lambda f, x, axis_=axis, **how: np.all(x, **(how | {"axis": axis_}))


SPECIAL = {
    "np.all": _for_all,
    "np.exp": _exp, "np.outer": _outer, "softmax": _softmax, "np.maximum": _maximum, "np.where": _where,
    "np.clip": _clip,
    "np.linalg.solve": _solve,
    "tanh_slope": _tanh_slope, "sigmoid_slope": _sigmoid_slope, "relu_slope": _relu_slope,
    "leaky_relu_slope": _relu_slope,
}  # fmt: skip
