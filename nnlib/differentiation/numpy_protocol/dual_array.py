"""Forward mode on arrays: dual arrays that carry the derivatives in many directions at once.

    value (…)    partials (K, …): partials[k] is the derivative of the value in direction k

Directions come first, so that NumPy broadcasts g'(value) along them: one pass brings a whole Jacobian.
"""

import itertools

import numpy as np

from nnlib.differentiation.numpy_protocol.derived import highest
from nnlib.differentiation.numpy_protocol.dual_number import NumberProtocol
from nnlib.differentiation.numpy_protocol.operators import (
    ARRAY,
    MATMUL,
    NEW,
    Operators,
    constant,
    elementwise,
    without_rule,
)
from nnlib.differentiation.numpy_protocol.shapes import align
from nnlib.differentiation.rules import CHAINED, DERIVATIVES

LEVELS = itertools.count(1)
"""Every derivative in forward mode takes the next level: the ε of one is not the ε of another."""


class ArrayDual(Operators):
    """An array of dual numbers with K directions. Its parts may belong to a derivative around this one.

    Raises ValueError where the derivative would be lost (float, assignment, in-place arithmetic) or a
    NumPy function has no rule.
    """

    __slots__ = ("level", "partials", "value")
    called = "a dual array"

    def __init__(self, value, partials, level=0):
        self.value, self.partials, self.level = value, partials, level

    @property
    def rank(self):
        return self.level

    @staticmethod
    def apply(ufunc, x1, x2=None):
        chained = CHAINED.get(ufunc)
        if chained is None:
            if ufunc is MATMUL and type(x1) is ARRAY and x1.ndim == 2 and type(x2.value) is ARRAY:
                return _matrix_product(x1, x2)
            return without_rule(ufunc, x1, x2)
        if x2 is not None:
            return _binary(ufunc, chained, x1, x2)
        v = x1.value
        y = ufunc(v)
        if type(x1) is Seed and type(v) is ARRAY and v.ndim == 1:
            return dual(y, _diagonal(DERIVATIVES[ufunc](v, y), v), x1.level)
        return dual(y, chained(x1.partials, v, y), x1.level)

    def derive(self, operation, operands, value, push, pull, *options):
        level, values, partials = split(operands)
        return ArrayDual(value(*values), push(values, *partials), level)

    def is_zero(self):
        """Where value and all partials are 0."""
        parts = [x.is_zero() if isinstance(x, Operators) else x == 0 for x in (self.value, self.partials)]
        return parts[0] & np.all(parts[1], axis=0)

    def __repr__(self):
        return f"ArrayDual(value={self.value}, partials={self.partials})"


class Seed(ArrayDual):
    """The input x of f. Its partials are the identity, so those of W x are Wᵀ without a product."""

    __slots__ = ()


def dual(value, partials, level):
    """An `ArrayDual`, made in half the time."""
    x = NEW(ArrayDual)
    x.value, x.partials, x.level = value, partials, level
    return x


def from_number(number):
    """A `Dual` as a dual array without axes, with one direction."""

    def array(part):
        if isinstance(part, Operators):
            return part
        return from_number(part) if hasattr(part, "level") else np.asarray(part, float)

    return ArrayDual(array(number.value), array(number.derivative)[np.newaxis], number.level)


def split(operands):
    """The highest level; of each operand the value, and the partials of that level or None."""
    operands = [x.as_array() if hasattr(x, "as_array") else x for x in operands]
    level = max(x.level for x in operands if isinstance(x, ArrayDual))
    values, partials = [], []
    for x in operands:
        varies = isinstance(x, ArrayDual) and x.level == level
        values.append(
            x.value if varies else x if isinstance(x, Operators) else np.asanyarray(constant(x, ArrayDual))
        )
        partials.append(x.partials if varies else None)
    return level, values, partials


def _diagonal(slopes, v):
    """The partials of a function of the seed: each output depends on its own input alone."""
    n = len(v)
    partials = np.zeros((n, n), v.dtype)
    partials.reshape(-1)[:: n + 1] = slopes
    return partials


def _matrix_product(W, x):
    """W x for a plain W and a vector x, in fewer calls than `matmul` needs."""
    if x.value.ndim != 1 or W.shape[1] != len(x.value):
        return without_rule(MATMUL, W, x)
    # Of the identity it is Wᵀ: a copy, since f may go on to write into W.
    return dual(W.dot(x.value), W.copy().T if type(x) is Seed else x.partials.dot(W.T), x.level)


CONSTANT_TYPES = frozenset({ARRAY, float, int})
DUALS = frozenset({ArrayDual, Seed})
KINDS = CONSTANT_TYPES | DUALS


def _binary(ufunc, chained, x1, x2):
    first, second = chained
    if type(x1) in DUALS and type(x2) in DUALS and x1.level == x2.level:  # the common case, in fewer calls
        v1, v2 = x1.value, x2.value
        if v1.shape == v2.shape:
            y = ufunc(v1, v2)
            return dual(y, first(x1.partials, v1, v2, y) + second(x2.partials, v1, v2, y), x1.level)
    if type(x1) not in KINDS or type(x2) not in KINDS:
        top = highest((x1, x2))
        if not isinstance(top, (ArrayDual, NumberProtocol)):
            return top.apply(ufunc, x1, x2)
    level, v1, p1, v2, p2 = _pair(x1, x2)
    y = elementwise(ufunc, v1, v2)
    if p1 is None:
        total = second(align(p2, y), v1, v2, y)
    elif p2 is None:
        total = first(align(p1, y), v1, v2, y)
    else:
        total = first(align(p1, y), v1, v2, y) + second(align(p2, y), v1, v2, y)
    if total.shape[1:] != y.shape:
        total = total + np.zeros(y.shape, total.dtype)
    return dual(y, total, level)


def _pair(x1, x2):
    """Level, values and partials of two inputs: as `split`, with a short way for the common cases."""
    if type(x1) in DUALS:
        if type(x2) in DUALS and x1.level == x2.level:
            return x1.level, x1.value, x1.partials, x2.value, x2.partials
        if type(x2) in CONSTANT_TYPES and (type(x2) is not ARRAY or x2.dtype.kind != "c"):
            return x1.level, x1.value, x1.partials, x2, None
    elif type(x2) in DUALS and type(x1) in CONSTANT_TYPES and (type(x1) is not ARRAY or x1.dtype.kind != "c"):
        return x2.level, x1, None, x2.value, x2.partials
    level, (v1, v2), (p1, p2) = split((x1, x2))
    return level, v1, p1, v2, p2
