"""The functions of NumPy that are not elementwise and can be differentiated: one table.

Each takes the arguments of NumPy's function of that name, without `out` and `order`.
"""

import numpy as np

from nnlib.differentiation.numpy_protocol import places, products, sums
from nnlib.differentiation.numpy_protocol.derived import primal


def _of_values(function):
    """A function without derivative: it is called with the plain values."""
    return lambda *arguments, **options: function(*map(primal, arguments), **options)


def _like(function):
    def of(a, *arguments, dtype=None, shape=None):
        return function(np.shape(a) if shape is None else shape, *arguments, dtype=dtype or a.dtype)

    return of


FUNCTIONS = {
    np.sum: sums.sum_, np.prod: sums.prod, np.max: sums.max_, np.amax: sums.max_, np.min: sums.min_,
    np.amin: sums.min_, np.mean: sums.mean, np.var: sums.var, np.std: sums.std, np.cumsum: sums.cumsum,
    np.linalg.norm: sums.norm, np.clip: sums.clip,
    np.matmul: products.matmul, np.dot: products.dot, np.inner: products.inner, np.outer: products.outer,
    np.tensordot: products.tensordot, np.einsum: products.einsum, np.linalg.solve: products.solve,
    np.linalg.inv: products.inv, np.linalg.det: products.det,
    np.reshape: places.reshape, np.ravel: lambda a: np.reshape(a, -1), np.expand_dims: places.expand_dims,
    np.squeeze: places.squeeze, np.broadcast_to: lambda array, shape: array + np.zeros(shape, array.dtype),
    np.transpose: places.transpose, np.swapaxes: places.swapaxes, np.moveaxis: places.moveaxis,
    np.concatenate: places.concatenate, np.stack: places.stack, np.vstack: places.vstack,
    np.hstack: places.hstack, np.column_stack: places.column_stack, np.split: places.split,
    np.where: places.where, np.diff: places.diff, np.pad: places.pad, np.sort: places.sort,
    np.repeat: places.repeat,
    np.diagonal: places.diagonal, np.trace: places.trace, np.diag: places.diag,
    np.take: lambda a, indices, axis=None: places.rearranged(np.take)(a, primal(indices), axis),
    np.shape: lambda a: a.shape, np.ndim: lambda a: a.ndim,
    np.size: lambda a, axis=None: a.size if axis is None else a.shape[axis],
    np.zeros_like: _like(np.zeros), np.ones_like: _like(np.ones), np.full_like: _like(np.full),
}  # fmt: skip
FUNCTIONS |= {function: places.rearranged(function) for function in (np.tile, np.roll, np.flip)}
FUNCTIONS |= {
    function: _of_values(function)
    for function in (
        np.argmax, np.argmin, np.argsort, np.all, np.any, np.allclose, np.isclose, np.array_equal, np.round,
        np.count_nonzero, np.nonzero, np.fix,
    )
}  # fmt: skip
