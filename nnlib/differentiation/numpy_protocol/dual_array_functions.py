"""Functions of NumPy on dual arrays that are no elementwise ones: products, sums, other shapes."""

import numpy as np

from nnlib.differentiation.numpy_protocol.composites import axes_of
from nnlib.differentiation.numpy_protocol.dual_array import ArrayDual, Seed, align, dual, pair, primal, split
from nnlib.differentiation.numpy_protocol.operators import ARRAY, share_of_largest


def _matmul(x1, x2):
    if type(x1) is ARRAY and x1.ndim == 2 and type(x2.value) is ARRAY and x2.value.ndim == 1:  # W x
        try:
            value = x1.dot(x2.value)
        except ValueError:
            raise _inner_lengths_differ(x1, x2) from None
        # Of the identity it is Wᵀ: a copy, since f may go on to write into W.
        return dual(value, x1.copy().T if type(x2) is Seed else x2.partials.dot(x1.T), x2.level)
    level, A, PA, B, PB = pair(x1, x2)
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
    return align(P, B) @ B if ndim > 1 and B.ndim > 1 else P @ B


def _right(A, P, ndim):
    """The directions of B in A @ B."""
    if ndim > 1:
        return A @ align(P, A)
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
    level, pairs = split(arrays)
    K = _directions(pairs)
    (axis,) = axes_of(axis, len(pairs[0][0].shape))
    value = np.concatenate([v for v, _ in pairs], axis=axis)
    return ArrayDual(value, np.concatenate([_zeros_or(p, v, K) for v, p in pairs], axis=axis + 1), level)


def _where(condition, x1, x2):
    condition = primal(condition)
    level, pairs = split((x1, x2))
    K = _directions(pairs)
    value = np.where(condition, pairs[0][0], pairs[1][0])
    partials = [align(_zeros_or(p, v, K), value) for v, p in pairs]
    return ArrayDual(value, np.where(condition, *partials), level)


ArrayDual.functions = {
    np.matmul: _matmul,
    np.sum: _sum,
    np.max: _max,
    np.reshape: _reshape,
    np.transpose: _transpose,
    np.concatenate: _concatenate,
    np.where: _where,
}
