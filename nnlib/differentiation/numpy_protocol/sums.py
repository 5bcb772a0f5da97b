"""Sums, products and the largest along axes, and from these mean, variance and norm."""

import math

import numpy as np

from nnlib.differentiation.numpy_protocol.derived import derived, primal
from nnlib.differentiation.numpy_protocol.places import astype
from nnlib.differentiation.numpy_protocol.shapes import axes_of


def sum_(a, axis=None, dtype=None, *, keepdims=False, initial=None, where=True):
    x = _masked(_cast(a, dtype), where, 0.0)
    axes = axes_of(axis, x.ndim)
    kept = tuple(1 if a in axes else length for a, length in enumerate(x.shape))
    total = derived(
        "sum",
        (x,),
        lambda x: np.sum(x, axis=axes, keepdims=keepdims),
        lambda values, p: np.sum(p, axis=tuple(a + 1 for a in axes), keepdims=keepdims) if axes else p,
        (lambda g, x, y: np.broadcast_to(g.reshape(kept), x.shape),),
        axes,
        keepdims,
    )
    return total if initial is None else total + initial


def prod(a, axis=None, dtype=None, *, keepdims=False, initial=None, where=True):
    """Multiplied in pairs, without a division, so that derivatives are right where factors are 0."""
    a = _masked(_cast(a, dtype), where, 1.0)
    axes = axes_of(axis, a.ndim)
    rest = [i for i in range(a.ndim) if i not in axes]
    shape = math.prod(a.shape[i] for i in axes), *(a.shape[i] for i in rest)
    a = np.reshape(np.transpose(a, (*axes, *rest)), shape)
    if not len(a):
        a = np.concatenate([a, np.ones((1, *a.shape[1:]), a.dtype)])
    while len(a) > 1:
        half = len(a) // 2
        pairs = a[:half] * a[half : 2 * half]
        a = pairs if len(a) % 2 == 0 else np.concatenate([pairs, a[2 * half :]])
    product = a[0] if initial is None else a[0] * initial
    return np.expand_dims(product, axes) if keepdims and axes else product


def max_(a, axis=None, *, keepdims=False, initial=None, where=True):
    x = _masked(a, where, -np.inf)
    axes = axes_of(axis, x.ndim)
    kept = tuple(1 if a in axes else length for a, length in enumerate(x.shape))
    behind = tuple(a + 1 for a in axes)
    largest = derived(
        "max",
        (x,),
        lambda x: np.max(x, axis=axes, keepdims=keepdims),
        lambda values, p: np.sum(p * share_of_largest(values[0], axes), axis=behind, keepdims=keepdims),
        (lambda g, x, y: share_of_largest(x, axes) * g.reshape(kept),),
        axes,
        keepdims,
    )
    return largest if initial is None else np.maximum(largest, initial)


def share_of_largest(x, axes):
    """Where x is the largest along the axes: 1 there, divided among ties, as in PyTorch's amax."""
    x = primal(x)
    at = (x == np.max(x, axis=axes, keepdims=True)).astype(x.dtype)
    return at / np.sum(at, axis=axes, keepdims=True)


def min_(a, axis=None, *, keepdims=False, initial=None, where=True):
    return -max_(-a, axis, keepdims=keepdims, initial=None if initial is None else -initial, where=where)


def mean(a, axis=None, dtype=None, *, keepdims=False, where=True):
    total = np.sum(a, axis=axis, dtype=dtype, keepdims=keepdims, where=where)
    return total * _reciprocal(_count(a, axis, keepdims, where), total)


def var(a, axis=None, dtype=None, *, ddof=0, keepdims=False, where=True):
    a = _cast(a, dtype)
    away = a - mean(a, axis, keepdims=True, where=where)
    total = np.sum(away * away, axis=axis, keepdims=keepdims, where=where)
    return total * _reciprocal(_count(a, axis, keepdims, where) - ddof, total)


def std(a, axis=None, dtype=None, *, ddof=0, keepdims=False, where=True):
    return np.sqrt(var(a, axis, dtype, ddof=ddof, keepdims=keepdims, where=where))


def cumsum(a, axis=None, dtype=None):
    x = _cast(np.reshape(a, -1) if axis is None else a, dtype)
    (axis,) = axes_of(axis or 0, x.ndim)
    return derived(
        "cumsum",
        (x,),
        lambda x: np.cumsum(x, axis=axis),
        lambda values, p: np.cumsum(p, axis=axis + 1),
        (lambda g, x, y: np.flip(np.cumsum(np.flip(g, axis), axis=axis), axis),),
    )


def norm(x, ord=None, axis=None, keepdims=False):
    """The square root of the sum of squares: of a vector ord 2, of a matrix "fro"."""
    axes = len(axes_of(axis, np.ndim(x)))
    if ord not in {1: (None, 2), 2: (None, "fro")}.get(axes, (None,)):
        raise ValueError(
            f"np.linalg.norm with ord={ord!r} over {axes} axes has no derivative rule here: write it with "
            "np.sum, np.abs, np.max and np.sqrt."
        )
    return np.sqrt(np.sum(x * x, axis=axis, keepdims=keepdims))


def clip(a, a_min=None, a_max=None, *, min=None, max=None):
    low, high = (a_min if min is None else min), (a_max if max is None else max)
    a = a if low is None else np.maximum(a, low)
    return a if high is None else np.minimum(a, high)


def _cast(a, dtype):
    return a if dtype is None else astype(a, dtype)


def _masked(a, where, otherwise):
    return a if where is True else np.where(where, a, otherwise)


def _count(a, axis, keepdims, where):
    """How many elements go into each sum: a number, or an array where a mask chooses them."""
    if where is True:
        return math.prod(np.shape(a)[i] for i in axes_of(axis, np.ndim(a)))
    return np.sum(np.broadcast_to(where, np.shape(a)), axis=axis, keepdims=keepdims)


def _reciprocal(count, total):
    """1 / count, NaN where no element is counted."""
    if isinstance(count, int):
        return 1 / count if count > 0 else np.nan
    return np.asarray(1 / np.where(count > 0, count, np.nan), total.dtype)
