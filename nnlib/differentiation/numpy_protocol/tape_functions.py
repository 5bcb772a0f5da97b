"""Functions of NumPy on variables that are no elementwise ones: each with the shares of its inputs."""

import numpy as np

from nnlib.differentiation.numpy_protocol.composites import axes_of
from nnlib.differentiation.numpy_protocol.operators import share_of_largest
from nnlib.differentiation.tape import Variable, as_array, operand, plain, record, unbroadcast


def _matmul(A, B):
    of_A, of_B = isinstance(A, Variable), isinstance(B, Variable)
    inputs = (A, B) if of_A and of_B else (A,) if of_A else (B,)
    a, b = operand(A), operand(B)
    try:
        y = a @ b
    except ValueError:
        shapes = f"{np.shape(a)} and {np.shape(b)}"
        raise ValueError(f"@ of shapes {shapes}: the inner lengths differ.") from None

    def pull(g):
        if a.ndim == b.ndim == 2:  # ∂E/∂A = G Bᵀ, ∂E/∂B = Aᵀ G
            if not of_A:
                return (a.T @ g,)
            return (g @ b.T, a.T @ g) if of_B else (g @ b.T,)
        left = a[np.newaxis] if a.ndim == 1 else a
        right = b[:, np.newaxis] if b.ndim == 1 else b
        g = g[..., np.newaxis] if b.ndim == 1 else g
        g = g[..., np.newaxis, :] if a.ndim == 1 else g
        pulled = []
        if of_A:
            pulled.append(unbroadcast(g @ np.swapaxes(right, -1, -2), left.shape).reshape(a.shape))
        if of_B:
            pulled.append(unbroadcast(np.swapaxes(left, -1, -2) @ g, right.shape).reshape(b.shape))
        return pulled

    return record(y, inputs, pull, "matmul")


def _sum(x, axis=None, *, keepdims=False):
    axes = axes_of(axis, x.ndim)
    kept = tuple(1 if a in axes else length for a, length in enumerate(x.shape))

    def pull(g):
        return (np.broadcast_to(g.reshape(kept), x.shape),)

    return record(np.sum(x.value, axis=axes, keepdims=keepdims), (x,), pull, "sum")


def _max(x, axis=None, *, keepdims=False):
    axes = axes_of(axis, x.ndim)
    largest = np.max(x.value, axis=axes, keepdims=True)
    share = share_of_largest(x.value, largest, axes)

    def pull(g):
        return (share * g.reshape(largest.shape),)

    return record(np.max(x.value, axis=axes, keepdims=keepdims), (x,), pull, "max")


def _reshape(x, shape):
    return record(np.reshape(x.value, shape), (x,), lambda g: (g.reshape(x.shape),), "reshape")


def _transpose(x, axes=None):
    back = None if axes is None else tuple(np.argsort([a % x.ndim for a in axes]))
    return record(np.transpose(x.value, axes), (x,), lambda g: (np.transpose(g, back),), "transpose")


def _concatenate(arrays, axis=0):
    values = [as_array(plain(x)) for x in arrays]
    (axis,) = axes_of(axis, values[0].ndim)
    ends = np.cumsum([v.shape[axis] for v in values])[:-1]

    def pull(g):
        parts = np.split(g, ends, axis=axis)
        return [part for x, part in zip(arrays, parts, strict=True) if isinstance(x, Variable)]

    return record(
        np.concatenate(values, axis=axis), [x for x in arrays if isinstance(x, Variable)], pull, "concatenate"
    )


def _where(condition, x1, x2):
    condition = operand(condition)

    def pull(g):
        shares = zip((x1, x2), (np.where(condition, g, 0.0), np.where(condition, 0.0, g)), strict=True)
        return [unbroadcast(share, x.shape) for x, share in shares if isinstance(x, Variable)]

    inputs = [x for x in (x1, x2) if isinstance(x, Variable)]
    return record(np.where(condition, plain(x1), plain(x2)), inputs, pull, "where")


Variable.functions = {
    np.matmul: _matmul,
    np.sum: _sum,
    np.max: _max,
    np.reshape: _reshape,
    np.transpose: _transpose,
    np.concatenate: _concatenate,
    np.where: _where,
}
