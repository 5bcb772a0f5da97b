"""Slips with an index, a bound, an axis, a number, or a comparison."""

import ast

import numpy as np

from nnlib.grading.checks.search.change import no
from nnlib.grading.checks.search.of_case import another
from nnlib.grading.checks.search.products import turned
from nnlib.grading.checks.search.words import name_of


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
    return i if isinstance(i, int) else no()


ALONE = 2.5
"""The cost of a number that is told by itself."""

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
    for value in sorted({own / 2, 2 * own, own / 10, 10 * own, 0.1, 0.01} - {own}) if own % 1 else ():
        # Never in pairs: with another slip a number gives too much.
        yield ALONE, f"the number {own:g} is {value:g} here", lambda x, value=value: value
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
