"""Forward mode on arrays: dual arrays that carry the derivatives in many directions at once.

    value (…)    partials (K, …): partials[k] is the derivative of the value in direction k

Directions come first, so that NumPy broadcasts g'(value) along them: one pass brings a whole Jacobian.
"""

import itertools

import numpy as np

from nnlib.differentiation.chain_rule import CHAINED
from nnlib.differentiation.composites import axes_of
from nnlib.differentiation.operators import Operators, share_of_largest, without_rule
from nnlib.differentiation.refusals import MIXED, do_not_broadcast
from nnlib.differentiation.rules import DERIVATIVES

LEVELS = itertools.count(1)
"""Every call of a front door takes the next level: the ε of one call is not the ε of another."""


class ArrayDual(Operators):
    """An array of dual numbers with K directions; value and partials may be dual arrays of a lower level.

    Raises ValueError where the derivative would be lost (float, assignment, in-place arithmetic) or a
    NumPy function has no rule.
    """

    __slots__ = ("level", "partials", "value")
    called = "a dual array"

    def __init__(self, value, partials, level=0):
        self.value, self.partials, self.level = value, partials, level

    def __array_ufunc__(self, ufunc, method, x1, x2=None, **options):
        if method == "__call__" and not options:
            return self.apply(ufunc, x1, x2)
        return super().__array_ufunc__(ufunc, method, x1, **options)

    @staticmethod
    def apply(ufunc, x1, x2=None):
        if ufunc is MATMUL:
            return _matmul(x1, x2)
        try:
            chained = CHAINED[ufunc]
        except KeyError:
            return without_rule(ufunc, (x1,) if x2 is None else (x1, x2), _matmul, primal, ArrayDual)
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


NEW, ARRAY, MATMUL = object.__new__, np.ndarray, np.matmul  # looked up often


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


def from_number(dual):
    """A `Dual` as a dual array without axes, with one direction."""

    def array(part):
        if isinstance(part, ArrayDual):
            return part
        return from_number(part) if hasattr(part, "level") else np.asarray(part, float)

    return ArrayDual(array(dual.value), array(dual.derivative)[np.newaxis], dual.level)


def _align(partials, y):
    """Partials (K, …) with axes of length 1 behind K, so that they broadcast with the axes of y."""
    missing = y.ndim + 1 - partials.ndim
    if missing <= 0:
        return partials
    shape = partials.shape
    return partials.reshape(shape[:1] + (1,) * missing + shape[1:])


def _split(inputs):
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


def _pair(x1, x2):
    """Level, value and partials of two inputs: as `_split`, with a short way for the common cases."""
    if isinstance(x2, ArrayDual):
        if type(x1) in PLAIN:
            return x2.level, x1, None, x2.value, x2.partials
        if isinstance(x1, ArrayDual) and x1.level == x2.level:
            return x1.level, x1.value, x1.partials, x2.value, x2.partials
    elif type(x2) in PLAIN:
        return x1.level, x1.value, x1.partials, x2, None
    level, ((v1, p1), (v2, p2)) = _split((x1, x2))
    return level, v1, p1, v2, p2


def _diagonal(slopes, n):
    """The partials of a function of the seed: each output depends on its own input alone."""
    partials = np.zeros((n, n))
    partials.reshape(-1)[:: n + 1] = slopes
    return partials


def _binary(ufunc, chained, x1, x2):
    level, v1, p1, v2, p2 = _pair(x1, x2)
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
        total = second(_align(p2, y), v1, v2, y)
    elif p2 is None:
        total = first(_align(p1, y), v1, v2, y)
    else:
        total = first(_align(p1, y), v1, v2, y) + second(_align(p2, y), v1, v2, y)
    if total.shape[1:] != y.shape:
        total = total + np.zeros(y.shape)
    return dual(y, total, level)


def _matmul(x1, x2):
    level, A, PA, B, PB = _pair(x1, x2)
    if PA is None and type(B) is ARRAY is type(A) and B.ndim == 1 and A.ndim == 2:  # W x, the common case
        try:
            return dual(A.dot(B), A.T if type(x2) is Seed else PB.dot(A.T), level)
        except ValueError:
            raise _inner_lengths_differ(A, B) from None
    try:
        value = A @ B
    except ValueError:
        raise _inner_lengths_differ(A, B) from None
    total = None
    if PA is not None:
        total = _left(PA, A.ndim, B)
    if PB is not None:
        term = _right(A, PB, B.ndim)
        total = term if total is None else total + term
    return ArrayDual(value, total, level)


def _inner_lengths_differ(A, B):
    return ValueError(f"@ of shapes {A.shape} and {B.shape}: the inner lengths differ.")


def _left(P, ndim, B):
    """The directions of A in A @ B."""
    if ndim == 1 and B.ndim > 2:
        return (P.reshape((len(P),) + (1,) * (B.ndim - 1) + P.shape[1:]) @ B)[..., 0, :]
    return _align(P, B) @ B if ndim > 1 and B.ndim > 1 else P @ B


def _right(A, P, ndim):
    """The directions of B in A @ B."""
    if ndim > 1:
        return A @ _align(P, A)
    if A.ndim <= 2:
        return P @ A.T
    return (A @ P.reshape((len(P),) + (1,) * (A.ndim - 2) + P.shape[1:] + (1,)))[..., 0]


def _sum(x, axis=None, *, keepdims=False):
    behind = tuple(a + 1 for a in axes_of(axis, x.ndim))
    value = np.sum(x.value, axis=axis, keepdims=keepdims)
    partials = np.sum(x.partials, axis=behind, keepdims=keepdims) if behind else x.partials
    return ArrayDual(value, partials, x.level)


def _max(x, axis=None, *, keepdims=False):
    largest = np.max(primal(x), axis=axis, keepdims=True)
    share = share_of_largest(primal(x), largest, axes_of(axis, x.ndim))
    return np.sum(x * share, axis=axis, keepdims=keepdims)


def _reshape(x, shape):
    value = np.reshape(x.value, shape)
    return ArrayDual(value, x.partials.reshape((len(x.partials), *value.shape)), x.level)


def _transpose(x, axes=None):
    axes = tuple(range(x.ndim))[::-1] if axes is None else axes_of(tuple(axes), x.ndim)
    behind = (0, *(a + 1 for a in axes))
    return ArrayDual(np.transpose(x.value, axes), np.transpose(x.partials, behind), x.level)


def _zeros_or(partials, value, K):
    return partials if partials is not None else np.zeros((K, *value.shape))


def _directions(pairs):
    return next(len(p) for _, p in pairs if p is not None)


def _concatenate(arrays, axis=0):
    level, pairs = _split(arrays)
    K = _directions(pairs)
    (axis,) = axes_of(axis, len(pairs[0][0].shape))
    value = np.concatenate([v for v, _ in pairs], axis=axis)
    return ArrayDual(value, np.concatenate([_zeros_or(p, v, K) for v, p in pairs], axis=axis + 1), level)


def _where(condition, x1, x2):
    condition = primal(condition)
    level, pairs = _split((x1, x2))
    K = _directions(pairs)
    value = np.where(condition, pairs[0][0], pairs[1][0])
    partials = [_align(_zeros_or(p, v, K), value) for v, p in pairs]
    return ArrayDual(value, np.where(condition, *partials), level)


ArrayDual.functions = {
    np.sum: _sum,
    np.max: _max,
    np.reshape: _reshape,
    np.transpose: _transpose,
    np.concatenate: _concatenate,
    np.where: _where,
}
ArrayDual.known = tuple(CHAINED)
