"""Axes and shapes, as the derivatives of array functions need them."""

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


def unbroadcast(g, shape):
    """g summed over the axes that broadcasting added or stretched, so that it has `shape`."""
    if g.shape == shape:
        return g
    if g.ndim > len(shape):
        g = np.add.reduce(g, axis=tuple(range(g.ndim - len(shape))))
    stretched = tuple(a for a, length in enumerate(shape) if length == 1 and g.shape[a] != 1)
    if stretched:
        g = np.add.reduce(g, axis=stretched, keepdims=True)
    # A scalar adjoint stands for all of a larger input.
    return g if g.shape == shape else g + np.zeros(shape, g.dtype)


def align(partials, y):
    """Partials (K, …) with axes of length 1 behind K, so that they broadcast with the axes of y."""
    missing = y.ndim + 1 - partials.ndim
    if missing <= 0:
        return partials
    shape = partials.shape
    return partials.reshape(shape[:1] + (1,) * missing + shape[1:])
