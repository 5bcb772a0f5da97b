"""NumPy functions that are made of others, so that they need no derivative rule of their own."""

import numpy as np


def axes_of(axis, ndim):
    """An axis argument of NumPy as a tuple of numbers from 0: None means all.

    Raises ValueError for an axis that an array with `ndim` axes does not have.
    """
    if axis is None:
        return tuple(range(ndim))
    axes = axis if isinstance(axis, tuple) else (axis,)
    for a in axes:
        if not -ndim <= a < ndim:
            raise ValueError(f"axis {a} is out of bounds for an array with {ndim} axes.")
    return tuple(a % ndim for a in axes)


def mean(a, axis=None, *, keepdims=False):
    total = np.sum(a, axis=axis, keepdims=keepdims)
    return total * (np.size(total) / np.size(a) if np.ndim(total) else 1 / np.size(a))


def dot(a, b):
    if np.ndim(a) == 0 or np.ndim(b) == 0:
        return a * b
    if np.ndim(a) > 1 and np.ndim(b) > 2:
        raise ValueError(
            f"np.dot of shapes {np.shape(a)} and {np.shape(b)} has no derivative rule here: use @ on stacks "
            "of matrices."
        )
    return a @ b


def inner(a, b):
    if np.ndim(b) > 2:
        raise ValueError(
            f"np.inner with shape {np.shape(b)} has no derivative rule here: use @ and np.transpose."
        )
    return dot(a, np.transpose(b))


def outer(a, b):
    return np.reshape(a, (-1, 1)) * np.reshape(b, (1, -1))


def stack(arrays, axis=0):
    (axis,) = axes_of(axis, np.ndim(arrays[0]) + 1)
    return np.concatenate([expand_dims(x, axis) for x in arrays], axis=axis)


def clip(a, a_min=None, a_max=None):
    a = a if a_min is None else np.maximum(a, a_min)
    return a if a_max is None else np.minimum(a, a_max)


def var(a, axis=None, *, keepdims=False):
    away = a - np.mean(a, axis=axis, keepdims=True)
    return np.mean(away * away, axis=axis, keepdims=keepdims)


def std(a, axis=None, *, keepdims=False):
    return np.sqrt(var(a, axis, keepdims=keepdims))


def norm(x, ord=None, axis=None, keepdims=False):
    """The square root of the sum of squares: of a vector ord 2, of a matrix "fro"."""
    axes = len(axes_of(axis, np.ndim(x)))
    if ord not in {1: (None, 2), 2: (None, "fro")}.get(axes, (None,)):
        raise ValueError(
            f"np.linalg.norm with ord={ord!r} over {axes} axes has no derivative rule here: write it with "
            "np.sum, np.abs, np.max and np.sqrt."
        )
    return np.sqrt(np.sum(x * x, axis=axis, keepdims=keepdims))


def ravel(a):
    return np.reshape(a, -1)


def expand_dims(a, axis):
    ndim = np.ndim(a) + (len(axis) if isinstance(axis, tuple) else 1)
    rest = iter(np.shape(a))
    new = axes_of(axis, ndim)
    return np.reshape(a, tuple(1 if at in new else next(rest) for at in range(ndim)))


def squeeze(a, axis=None):
    shape = np.shape(a)
    gone = [at for at in axes_of(axis, len(shape)) if axis is not None or shape[at] == 1]
    if any(shape[at] != 1 for at in gone):
        raise ValueError(f"np.squeeze of axis {axis} of shape {shape}: that axis has more than one element.")
    return np.reshape(a, tuple(length for at, length in enumerate(shape) if at not in gone))


def amax(a, axis=None, *, keepdims=False):
    return np.max(a, axis=axis, keepdims=keepdims)


def amin(a, axis=None, *, keepdims=False):
    return -np.max(-a, axis=axis, keepdims=keepdims)


COMPOSITES = {
    np.mean: mean,
    np.dot: dot,
    np.inner: inner,
    np.outer: outer,
    np.stack: stack,
    np.clip: clip,
    np.var: var,
    np.std: std,
    np.linalg.norm: norm,
    np.ravel: ravel,
    np.expand_dims: expand_dims,
    np.squeeze: squeeze,
    np.amax: amax,
    np.min: amin,
    np.amin: amin,
    # What has no derivative is taken of the value.
    np.shape: lambda a: a.shape,
    np.ndim: lambda a: a.ndim,
    np.size: lambda a: a.size,
    np.zeros_like: lambda a, dtype=None, shape=None: np.zeros(a.shape if shape is None else shape, dtype),
    np.ones_like: lambda a, dtype=None, shape=None: np.ones(a.shape if shape is None else shape, dtype),
    np.argmax: lambda a, axis=None: np.argmax(a.value, axis=axis),
    np.argmin: lambda a, axis=None: np.argmin(a.value, axis=axis),
    np.all: lambda a, axis=None: np.all(a.value, axis=axis),
    np.any: lambda a, axis=None: np.any(a.value, axis=axis),
}
