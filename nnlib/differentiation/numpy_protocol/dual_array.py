"""Forward mode on arrays: dual arrays that carry the derivatives in many directions at once.

    value (…)    partials (K, …): partials[k] is the derivative of the value in direction k

Directions come first, so that NumPy broadcasts g'(value) along them: one pass brings a whole Jacobian.
"""

import itertools

import numpy as np

from nnlib.differentiation.numpy_protocol.messages import MIXED, do_not_broadcast
from nnlib.differentiation.numpy_protocol.operators import ARRAY, MATMUL, NEW, Operators, without_rule
from nnlib.differentiation.rules import CHAINED, DERIVATIVES

LEVELS = itertools.count(1)
"""Every call of a front door takes the next level: the ε of one call is not the ε of another."""


class ArrayDual(Operators):
    """An array of dual numbers with K directions; value and partials may be dual arrays of a lower level.

    Raises ValueError where the derivative would be lost (float, assignment, in-place arithmetic) or a
    NumPy function has no rule.
    """

    __slots__ = ("level", "partials", "value")
    called = "a dual array"
    known = tuple(CHAINED)

    def __init__(self, value, partials, level=0):
        self.value, self.partials, self.level = value, partials, level

    @staticmethod
    def apply(ufunc, x1, x2=None):
        if ufunc is MATMUL:
            return ArrayDual.functions[MATMUL](x1, x2)
        try:
            chained = CHAINED[ufunc]
        except KeyError:
            return without_rule(ufunc, x1, x2, primal, ArrayDual)
        if x2 is not None:
            return _binary(ufunc, chained, x1, x2)
        v = x1.value
        y = ufunc(v)
        if type(x1) is Seed and type(v) is ARRAY and v.ndim == 1:
            return dual(y, _diagonal(DERIVATIVES[ufunc](v, y), len(v)), x1.level)
        return dual(y, chained(x1.partials, v, y), x1.level)

    def __getitem__(self, index):
        index = primal(index)
        value = self.value[index]
        if isinstance(index, (int, slice)) or index is Ellipsis:
            return ArrayDual(value, self.partials[:, index], self.level)
        # Where does each element come from? The same for every direction.
        source = np.arange(self.size).reshape(self.shape)[index]
        return ArrayDual(value, self.partials.reshape((len(self.partials), -1))[:, source], self.level)

    def __repr__(self):
        return f"ArrayDual(value={self.value}, partials={self.partials})"


class Seed(ArrayDual):
    """The input itself: its partials are the identity, so that a product W x needs none for them."""

    __slots__ = ()


def dual(value, partials, level):
    """An `ArrayDual`, made in half the time."""
    x = NEW(ArrayDual)
    x.value, x.partials, x.level = value, partials, level
    return x


def primal(x):
    """The plain value of a dual array of any level, or x itself."""
    while isinstance(x, ArrayDual):
        x = x.value
    return x


def from_number(number):
    """A `Dual` as a dual array without axes, with one direction."""

    def array(part):
        if isinstance(part, ArrayDual):
            return part
        return from_number(part) if hasattr(part, "level") else np.asarray(part, float)

    return ArrayDual(array(number.value), array(number.derivative)[np.newaxis], number.level)


def align(partials, y):
    """Partials (K, …) with axes of length 1 behind K, so that they broadcast with the axes of y."""
    missing = y.ndim + 1 - partials.ndim
    if missing <= 0:
        return partials
    shape = partials.shape
    return partials.reshape(shape[:1] + (1,) * missing + shape[1:])


def split(inputs):
    """The highest level, and each input as a pair: its value, and its partials of that level or None."""
    inputs = [from_number(x) if hasattr(x, "level") and not hasattr(x, "partials") else x for x in inputs]
    level = max(x.level for x in inputs if isinstance(x, ArrayDual))
    pairs = []
    for x in inputs:
        if isinstance(x, Operators) and not isinstance(x, ArrayDual):
            raise ValueError(MIXED)
        if isinstance(x, ArrayDual) and x.level == level:
            pairs.append((x.value, x.partials))
        else:
            pairs.append((x if isinstance(x, ArrayDual) else np.asanyarray(x), None))
    return level, pairs


PLAIN = frozenset({np.ndarray, float, int})


def pair(x1, x2):
    """Level, value and partials of two inputs: as `split`, with a short way for the common cases."""
    if isinstance(x2, ArrayDual):
        if type(x1) in PLAIN:
            return x2.level, x1, None, x2.value, x2.partials
        if isinstance(x1, ArrayDual) and x1.level == x2.level:
            return x1.level, x1.value, x1.partials, x2.value, x2.partials
    elif type(x2) in PLAIN:
        return x1.level, x1.value, x1.partials, x2, None
    level, ((v1, p1), (v2, p2)) = split((x1, x2))
    return level, v1, p1, v2, p2


def _diagonal(slopes, n):
    """The partials of a function of the seed: each output depends on its own input alone."""
    partials = np.zeros((n, n))
    partials.reshape(-1)[:: n + 1] = slopes
    return partials


def _binary(ufunc, chained, x1, x2):
    level, v1, p1, v2, p2 = pair(x1, x2)
    try:
        y = ufunc(v1, v2)
    except ValueError as error:
        if "broadcast" not in str(error):
            raise
        raise do_not_broadcast(ufunc, v1, v2) from None
    first, second = chained
    if p1 is not None and p2 is not None and v1.shape == v2.shape:
        return dual(y, first(p1, v1, v2, y) + second(p2, v1, v2, y), level)
    if p1 is None:
        total = second(align(p2, y), v1, v2, y)
    elif p2 is None:
        total = first(align(p1, y), v1, v2, y)
    else:
        total = first(align(p1, y), v1, v2, y) + second(align(p2, y), v1, v2, y)
    if total.shape[1:] != y.shape:
        total = total + np.zeros(y.shape)
    return dual(y, total, level)
