"""Slips in products, quotients and powers. Each: cost, words, and what it makes of the operands."""

import ast
import operator

import numpy as np

from nnlib import slips
from nnlib.grading.checks.search.change import no
from nnlib.grading.checks.search.words import both, factor, name_of


def of_matmul(site, names):
    """l @ r."""
    left, right = (name_of(node, names) for node in site.operands)
    yield 1, f"{factor(right)} is missing", lambda l, r: l
    yield 1, f"{factor(left)} is missing", lambda l, r: r
    yield 1, slips.ignored(left), lambda l, r: np.ones_like(l) @ r
    yield 1, slips.ignored(right), lambda l, r: l @ np.ones_like(r)
    if not _is_transpose(site.operands[0]):
        yield 1.2, f"{left} is transposed, and should not be", lambda l, r: turned(l) @ r
    if not _is_transpose(site.operands[1]):
        yield 1.2, f"{right} is transposed, and should not be", lambda l, r: l @ turned(r)
    yield 1.5, f"{both(left, right)} stand in the other order", lambda l, r: r @ l
    yield (
        1,
        (f"{left} and {right} are multiplied entry by entry; the matrix product also adds up"),
        lambda l, r: l * r,
    )
    yield (
        1.4,
        (f"{left} and {right} are multiplied entry by entry and then added up along the wrong axis"),
        lambda l, r: (l * r).sum(axis=0),
    )
    yield (
        1.6,
        (f"{left} and {right} are multiplied entry by entry, and everything is added up"),
        lambda l, r: np.sum(l * r),
    )
    yield (
        1.4,
        f"{left} and {right} are multiplied entry by entry, one of them transposed",
        (lambda l, r: l * turned(r)),
    )
    yield 1.2, f"{right} is missing: {left} alone is added up", lambda l, r: l.sum(axis=-1)
    yield 1.2, f"{left} is missing: {right} alone is added up", lambda l, r: r.sum(axis=0)
    yield (
        1.3,
        "the sum of the product is a mean: do not divide by the number of its terms",
        (lambda l, r: l @ r / r.shape[0]),
    )
    yield 1.2, "the sum of the product lacks its last term", lambda l, r: l[..., :-1] @ r[:-1]
    for word, last in ((left, lambda l, r: l[..., -1]), (right, lambda l, r: r[-1])):
        told = f"the last term of the product is {word} alone, as if it was a bias"
        yield 1.4, told, lambda l, r, last=last: l[..., :-1] @ r[:-1] + last(l, r)
    yield 1.3, "the sum of the product lacks its first term", lambda l, r: l[..., 1:] @ r[1:]
    yield 1.1, slips.FIRST_TERM, lambda l, r: l[..., :1] @ r[:1]
    yield (
        1.1,
        slips.LAST_TERM,
        (lambda l, r: l[..., -1:] @ r[-1:]),
    )
    yield (
        1.5,
        f"{left} and {right} are summed before they are multiplied",
        (lambda l, r: np.multiply.outer(l.sum(axis=-1), r.sum(axis=0))),
    )
    yield (
        1.5,
        "that is an outer product, where the products are to be added up",
        (lambda l, r: np.outer(l, r)),
    )
    for cost, words, axis in UNSUMMED:
        yield cost, words, lambda l, r, axis=axis: _each_with_each(l, r, axis)
    yield 2, f"{left} and {right} are added, not multiplied", lambda l, r: l + r
    yield 2.5, f"{right} is reshaped where nothing is to be turned", (lambda l, r: l @ r.reshape(r.T.shape))
    yield 2, f"{left} is squared in the product", lambda l, r: l**2 @ r
    yield 2, f"{right} is squared in the product", lambda l, r: l @ r**2
    yield 2, "only the first entry of each sample's result is there", lambda l, r: (l @ r)[..., 0]
    yield 2, "only the first row of the result is there", lambda l, r: (l @ r)[0] if r.ndim == 2 else no()


UNSUMMED = (
    (1.2, "one matrix for each term of the sum comes back: they are not added up", 0),
    (1.2, "the terms of the product are not added up", 2),
    (1.4, "the terms of the product are added up along the wrong axis", "second"),
    (1.4, "the terms of the product are added up along the wrong axis", "first"),
)  # fmt: skip


def _each_with_each(l, r, axis):
    """The terms of l @ r, their sum's axis moved to `axis`; or added up along another one, by its name."""
    terms = l[:, None, :] * r.T[None, :, :]
    if axis == "second":
        return terms.sum(axis=1)
    return terms.sum(axis=0) if axis == "first" else np.moveaxis(terms, 2, axis)


def of_mult(site, names):
    """l * r."""
    left, right = (name_of(node, names) for node in site.operands)
    yield 1, f"{factor(right)} is missing", lambda l, r: l
    yield 1, f"{factor(left)} is missing", lambda l, r: r
    yield 1.5, f"{left} and {right} are multiplied as matrices, not entry by entry", lambda l, r: l @ r
    for turn in (lambda l, r: turned(l) @ r, lambda l, r: l @ turned(r)):
        yield 1.6, f"{left} and {right} are multiplied as matrices, not entry by entry", turn
    yield 2, f"{left} and {right} are added, not multiplied", lambda l, r: l + r
    yield 1.5, f"{left} is divided by {right}, not multiplied", lambda l, r: l / r
    yield 2, f"{right} is divided by {left}, not multiplied", lambda l, r: r / l
    yield 1.5, f"{factor(right)} is there twice", lambda l, r: l * r * r
    yield 1.5, f"{factor(left)} is there twice", lambda l, r: l * l * r
    yield 2, f"{right} is subtracted, not multiplied", lambda l, r: l - r
    yield (
        1.8,
        f"{left} and {right} are averaged over before they are multiplied",
        (lambda l, r: l * np.mean(r)),
    )
    yield 2, "the products are added up, where each stands for itself", lambda l, r: np.sum(l * r)
    yield (
        2,
        "the products are added up along the last axis, where each stands for itself",
        (lambda l, r: np.sum(l * r, axis=-1)),
    )
    yield 2, f"{right} stands on the wrong axis", lambda l, r: l * r[:, None]
    yield 2, f"{left} stands on the wrong axis", lambda l, r: l[:, None] * r


def of_div(site, names):
    """l / r; `of_left` and `of_right` give the operands of a bracket."""
    top, bottom = (name_of(node, names) for node in site.operands)
    yield 1, f"the division by {bottom} is missing", lambda l, r, **_: l
    yield 1.5, f"multiplied by {bottom}, not divided", lambda l, r, **_: l * r
    yield 1.5, "the fraction stands upside down", lambda l, r, **_: r / l
    yield 1.5, f"the numerator {top} is missing", lambda l, r, **_: 1 / r
    yield 1.5, f"{bottom} stands alone: {top} is to be divided by it", lambda l, r, **_: r
    yield 1.5, f"{bottom} is subtracted, where it is to divide", lambda l, r, **_: l - r
    yield 1.5, f"1 is added to {bottom}, by which it is divided", lambda l, r, **_: l / (1 + r)
    yield 2, f"divided by {bottom} twice", lambda l, r, **_: l / r / r
    yield 2, f"divided by the root of {bottom}", lambda l, r, **_: l / np.sqrt(r)
    yield 2, "that is a division of whole numbers (//)", lambda l, r, **_: l // r
    if "of_left" in site.inside and isinstance(site.inside["of_left"].op, (ast.Add, ast.Sub)):
        of = OPERATIONS[type(site.inside["of_left"].op)]
        yield (
            1,
            "brackets are missing before the division: it takes the last term alone",
            (lambda l, r, of_left, of=of, **_: of(of_left()[0], of_left()[1] / r)),
        )
    if "of_right" in site.inside:
        kind = type(site.inside["of_right"].op)
        of = OPERATIONS.get(kind)
        if kind is ast.Mult:
            yield (
                1,
                "brackets are missing in the denominator: only its first factor divides",
                (lambda l, r, of_right, **_: l / of_right()[0] * of_right()[1]),
            )
        elif of:
            yield (
                1,
                "brackets are missing in the denominator: only its first term divides",
                (lambda l, r, of_right, **_: of(l / of_right()[0], of_right()[1])),
            )


def of_pow(site, names):
    """l ** r; `of_left` gives the operands of a bracket."""
    base = name_of(site.operands[0], names)
    squared = isinstance(site.operands[1], ast.Constant) and site.operands[1].value == 2
    power = "squared" if squared else "raised to its power"
    yield 1, f"{base} is not {power}", lambda l, r, **_: l
    yield 1.3, f"{base} is doubled, not squared", lambda l, r, **_: 2 * l
    yield 1.3, f"the absolute value of {base} stands where it is to be squared", lambda l, r, **_: np.abs(l)
    yield 1.6, f"{base} has a power too many", lambda l, r, **_: l ** (r + 1)
    yield 1.8, f"{base} is squared twice", lambda l, r, **_: l ** (2 * r)
    yield 2, f"the root of {base} stands where it is to be squared", lambda l, r, **_: np.sqrt(np.abs(l))
    yield 1.3, f"{base} is missing", lambda l, r, **_: np.ones_like(l)
    if "of_left" in site.inside and isinstance(site.inside["of_left"].op, (ast.Add, ast.Sub)):
        of = OPERATIONS[type(site.inside["of_left"].op)]
        yield (
            1,
            "brackets are missing before the square: it takes the last term alone",
            (lambda l, r, of_left: of(of_left()[0], of_left()[1] ** r)),
        )
        yield (
            1,
            "each term of the bracket is squared by itself; the square is of the whole bracket",
            (lambda l, r, of_left: of(of_left()[0] ** r, of_left()[1] ** r)),
        )


OPERATIONS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}


def turned(array):
    """The transpose of a matrix; a vector has none, and a change that needs it does not apply."""
    if np.ndim(array) != 2:
        raise TypeError("only a matrix has a transpose")
    return array.T


def _is_transpose(node):
    return isinstance(node, ast.Attribute) and node.attr == "T"
