"""Slips in sums, differences, means, maxima and loops."""

import ast

import numpy as np

from nnlib import slips
from nnlib.grading.checks.search.change import no
from nnlib.grading.checks.search.patterns import is_tanh_slope
from nnlib.grading.checks.search.slopes import of_tanh
from nnlib.grading.checks.search.words import name_of


def of_add(site, names):
    """l + r; where l is a sum, `terms` gives what its last axis adds up."""
    for cost, words, apply in _of_add(site, names):
        yield cost, words, lambda l, r, terms=None, apply=apply: apply(l, r)
    if "terms" in site.inside:
        word = name_of(site.operands[1], names)
        told = f"{word} is added once for each term of the sum: it is added once, after it"
        yield 1.2, told, lambda l, r, terms: l + np.shape(terms())[-1] * r


def _of_add(site, names):
    left, right = (name_of(node, names) for node in site.operands)
    yield 1, f"{right} is not added", lambda l, r: l
    yield 1, f"{left} is not added", lambda l, r: r
    yield 1, f"{right} is subtracted, not added", lambda l, r: l - r
    yield 1.6, f"{left} is subtracted, not added", lambda l, r: r - l
    yield 1.6, f"{left} and {right} are multiplied, not added", lambda l, r: l * r
    yield 2, f"{right} is added twice", lambda l, r: l + 2 * r
    yield 1.6, f"the mean of {left} and {right} stands where their sum belongs", lambda l, r: (l + r) / 2
    yield 2, f"{right} stands on the wrong axis", lambda l, r: l + r[:, None]


def of_sub(site, names):
    """l - r."""
    left, right = (name_of(node, names) for node in site.operands)
    # 1 - y² is rarely turned round: then its sign is.
    cost = 1.3 if is_tanh_slope(site.node) else 1
    yield cost, f"the difference is turned round: {right} minus {left}", lambda l, r, **_: r - l
    yield 1.1, slips.not_subtracted(right), lambda l, r, **_: l
    yield 1.15, f"{right} is added, not subtracted", lambda l, r, **_: l + r
    yield 1.5, f"{left} is missing in front of - {right}", lambda l, r, **_: -r
    yield 1.5, f"{left} - is missing: {right} stands alone", lambda l, r, **_: r
    if not isinstance(site.operands[0], ast.Constant):
        told = f"that is the derivative of the cross-entropy with respect to {left}, -{right}/{left}"
        yield 1.2, f"{told}: go on to the weighted sum", lambda l, r, **_: -r / l
    yield 2, f"{left} and {right} are multiplied, not subtracted", lambda l, r, **_: l * r
    yield 2, f"the absolute value is taken of {left} minus {right}", lambda l, r, **_: np.abs(l - r)
    yield 1.8, f"{left} is divided by {right}, not subtracted", lambda l, r, **_: l / r
    if is_tanh_slope(site.node):
        yield from of_tanh(lambda l, r, inner, **_: inner())


def of_minus(site, names):
    """-x."""
    yield 1, f"the minus in front of {name_of(site.operands[0], names)} is missing", lambda x: x


OTHERS = ((np.min, "smallest"), (np.max, "largest"), (np.mean, "mean"), (np.sum, "sum"))

REDUCTIONS = {"np.sum": "sum", "np.mean": "mean", "np.max": "largest", "np.min": "smallest"}
AXES = {0: "down the columns (axis 0)", 1: "along the rows (axis 1)", -1: "along the rows (axis -1)"}


def of_reduction(site, names):
    """np.sum, np.mean, np.max, np.min of x along an axis; `inner` gives the operands of x."""
    for cost, words, apply in _of_reduction(site, names):
        yield cost, words, lambda f, x, inner=None, apply=apply, **how: apply(f, x, **how)
    if "inner" in site.inside and isinstance(site.inside["inner"].op, ast.Pow):
        yield (
            1,
            "the square is taken after the sum: square each term first, then sum",
            (lambda f, x, inner, **how: f(inner()[0], **how) ** 2),
        )
        yield (
            1.1,
            "each row is summed before it is squared: square each term first, then sum",
            (lambda f, x, inner, **how: f(np.sum(inner()[0], axis=-1) ** 2, **how)),
        )
        if site.inside["name"] == "np.mean":
            yield (
                1.1,
                "the mean is subtracted before the square, as for a standard deviation",
                (lambda f, x, inner, **how: np.var(inner()[0], **how)),
            )
    elif "inner" in site.inside:
        if _is_logarithm(site.inside["inner"].right):
            yield (
                1,
                "the logarithm of the sum is taken, where the logarithms are to be added up",
                (lambda f, x, inner, **how: np.log(f(inner()[0] * np.exp(inner()[1]), **how))),
            )
        if isinstance(site.inside["inner"].op, ast.Mult):
            yield from _of_factors(site.inside["inner"], names)
        yield (
            1.2,
            "the factors are summed before they are multiplied",
            (lambda f, x, inner, **how: f(inner()[0], **how) * f(inner()[1], **how)),
        )


def _of_factors(product, names):
    """The sum of a product, of which one factor is left outside."""
    for at, factor in enumerate((product.left, product.right)):
        told = f"the factor {name_of(factor, names)} stands outside of the sum, and belongs inside"
        yield 1.1, told, lambda f, x, inner, at=at, **how: inner()[at] * f(inner()[1 - at], **how)


def _is_logarithm(node):
    return isinstance(node, ast.Call) and ast.unparse(node.func) == "np.log"


def _of_reduction(site, names):
    own, of = site.inside["name"], name_of(site.operands[0], names)
    word = REDUCTIONS[own]
    has_axis = any(keyword.arg == "axis" for keyword in site.node.keywords)
    for axis, along in AXES.items():
        for kept in (False, True):
            cost = 1.1 if axis != -1 else 2
            which = ", the wrong axis" if has_axis else " alone"
            yield cost, f"the {word} runs {along}{which}", _with_axis(axis, kept)
    yield (
        1,
        "keepdims=True is missing: without it the axis is gone",
        (lambda f, x, keepdims=False, **how: f(x, **how) if keepdims else no()),
    )
    yield (
        1.1,
        f"the {word} runs over everything, not along one axis",
        (lambda f, x, axis=None, keepdims=False: _other(f(x), axis is not None)),
    )
    yield 1, f"{of} is not added up" if word == "sum" else f"the {word} is not taken", (lambda f, x, **_: x)
    if own == "np.sum":
        yield 1, f"the mean is taken of {of}, where the sum belongs", lambda f, x, **how: np.mean(x, **how)
        yield (
            1.5,
            f"the mean over everything is taken of {of}, where the sum belongs",
            (lambda f, x, **how: f(x, **how) / np.size(x)),
        )
        yield 1.4, "the logarithm of the sum is taken", lambda f, x, **how: np.log(f(x, **how))
        yield 1.6, "the largest term stands where the sum belongs", lambda f, x, **how: np.max(x, **how)
        yield 2, "the terms are multiplied, not added up", lambda f, x, **how: np.prod(x, **how)
        yield 1.6, "a sum is divided by the number of samples", lambda f, x, **how: f(x, **how) / len(x)
        yield 1.6, "a sum is divided by the number of columns", (lambda f, x, **how: f(x, **how) / x.shape[1])
    if own == "np.mean":
        yield 1, f"the sum is taken of {of}, where the mean belongs", lambda f, x, **how: np.sum(x, **how)
    if own in ("np.max", "np.min"):
        for other, name in OTHERS:
            if name != word:
                yield (
                    1,
                    f"the {name} is taken, where the {word} belongs",
                    (lambda f, x, other=other, **how: other(x, **how)),
                )
        yield (
            0.9,
            f"the {word} is not subtracted: exp overflows, or is 0 throughout a row",
            (lambda f, x, **how: 0 * f(x, **how)),
        )
    yield 1.3, "the sum is squared", lambda f, x, **how: f(x, **how) ** 2
    yield 1.3, "the root of the sum is taken", lambda f, x, **how: np.sqrt(f(x, **how))
    yield 2, "the absolute value of each term is taken", lambda f, x, **how: f(np.abs(x), **how)
    yield 1.6, "the root of each term is taken", lambda f, x, **how: f(np.sqrt(np.abs(x)), **how)
    for at, words in TERMS.items():
        yield 1.3, f"the {word} {words}", _of_slice(at, False)
        yield 1.5, f"the {word} {words.replace('term', 'column')}", _of_slice(at, True)


TERMS = {
    (None, -1): "lacks its last term", (1, None): "lacks its first term",
    (None, 1): "has its first term alone", (-1, None): "has its last term alone",
}  # fmt: skip


def _with_axis(axis, kept):
    def apply(f, x, **how):
        own = how.get("axis")
        if own is not None and own % np.ndim(x) == axis % np.ndim(x):
            raise TypeError("that is the axis of the reference")
        return f(x, axis=axis, keepdims=kept)

    return apply


def _of_slice(at, last):
    """The reduction of a part along its own axis, or along the last one."""

    def apply(f, x, **how):
        axis = how.get("axis")
        along = -1 if last else 0 if axis is None else axis
        index = [slice(None)] * np.ndim(x)
        index[along] = slice(*at)
        return f(x[tuple(index)], **how)

    return apply


def _other(value, differs):
    return value if differs else no()


MOST_ROUNDS = 10_000
"""Of a loop whose rounds are changed."""


def of_loop(site, names):
    """What a `for` goes through."""
    over = name_of(site.operands[0], names)
    over = "" if len(over) > 16 or over == "this value" else f" over {over}"
    yield 1.1, f"the loop{over} ends one round too early", lambda it: _list(it)[:-1]
    yield 1.1, f"the loop{over} starts one round too late", lambda it: _list(it)[1:]
    yield (
        1,
        f"only the first round of the loop{over} counts: does return stand inside of it, "
        "or does each round begin anew?",
        lambda it: _list(it)[:1],
    )
    yield 1.2, f"only the last round of the loop{over} counts", lambda it: _list(it)[-1:]
    yield 1.3, f"the loop{over} runs in reverse order", lambda it: _list(it)[::-1]
    yield 1.5, f"each round of the loop{over} takes the first one", lambda it: [_list(it)[0]] * len(_list(it))
    yield 1.5, f"the loop{over} is not run", lambda it: _list(it)[:0]
    yield 1.2, f"the loop{over} has one round too many", lambda it: [*_list(it), _next(it)]
    yield 2, f"the loop{over} is run twice", lambda it: 2 * _list(it)


def _list(iterable):
    if isinstance(iterable, range) and len(iterable) > MOST_ROUNDS:
        raise TypeError("so many rounds are no list")
    return list(iterable)


def _next(iterable):
    """What would come after the last round of a range; of another list, its last once more."""
    if isinstance(iterable, range):
        return iterable.start + len(iterable) * iterable.step
    return _list(iterable)[-1]
