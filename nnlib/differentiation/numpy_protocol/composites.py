"""NumPy functions that are made of others, and so need no rule of their own; and the table of all.

Each takes the arguments of its namesake, but for those that make no sense here (out, order). Numbers are
summed and multiplied as NumPy does; what only looks at the values (argmax, allclose) takes the values.
"""

import itertools
import math

import numpy as np

from nnlib.differentiation.numpy_protocol import functions
from nnlib.differentiation.numpy_protocol.functions import primal
from nnlib.differentiation.numpy_protocol.shapes import axes_of


# Along axes.
def sum_(a, axis=None, dtype=None, *, keepdims=False, initial=None, where=True):
    a = _chosen(_cast(a, dtype), where, 0.0)
    total = functions.sum_(a, axis, keepdims)
    return total if initial is None else total + initial


def prod(a, axis=None, dtype=None, *, keepdims=False, initial=None, where=True):
    """By halves, so that every derivative is right where factors are 0."""
    a = _chosen(_cast(a, dtype), where, 1.0)
    axes, shape = axes_of(axis, np.ndim(a)), np.shape(a)
    rest = [i for i in range(len(shape)) if i not in axes]
    a = np.reshape(
        np.transpose(a, (*axes, *rest)), (math.prod(shape[i] for i in axes), *(shape[i] for i in rest))
    )
    if not len(a):
        a = np.concatenate([a, np.ones((1, *a.shape[1:]), a.dtype)])
    while len(a) > 1:
        half = len(a) // 2
        pairs = a[:half] * a[half : 2 * half]
        a = pairs if len(a) % 2 == 0 else np.concatenate([pairs, a[2 * half :]])
    product = a[0] if initial is None else a[0] * initial
    return np.expand_dims(product, axes) if keepdims and axes else product


def max_(a, axis=None, *, keepdims=False, initial=None, where=True):
    largest = functions.max_(_chosen(a, where, -np.inf), axis, keepdims)
    return largest if initial is None else np.maximum(largest, initial)


def min_(a, axis=None, *, keepdims=False, initial=None, where=True):
    return -max_(-a, axis, keepdims=keepdims, initial=None if initial is None else -initial, where=where)


def mean(a, axis=None, dtype=None, *, keepdims=False, where=True):
    total = np.sum(a, axis=axis, dtype=dtype, keepdims=keepdims, where=where)
    return total * _each(_count(a, axis, keepdims, where), total)


def var(a, axis=None, dtype=None, *, ddof=0, keepdims=False, where=True):
    a = _cast(a, dtype)
    away = a - mean(a, axis, keepdims=True, where=where)
    total = np.sum(away * away, axis=axis, keepdims=keepdims, where=where)
    return total * _each(_count(a, axis, keepdims, where) - ddof, total)


def std(a, axis=None, dtype=None, *, ddof=0, keepdims=False, where=True):
    return np.sqrt(var(a, axis, dtype, ddof=ddof, keepdims=keepdims, where=where))


def cumsum(a, axis=None, dtype=None):
    a = _cast(a, dtype)
    return functions.cumsum(np.reshape(a, -1), 0) if axis is None else functions.cumsum(a, axis)


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
    return a if dtype is None else functions.astype(a, dtype)


def _chosen(a, where, otherwise):
    return a if where is True else np.where(where, a, otherwise)


def _count(a, axis, keepdims, where):
    """How many elements go into each sum: a number, or an array where a mask chooses them."""
    if where is True:
        return math.prod(np.shape(a)[i] for i in axes_of(axis, np.ndim(a)))
    return np.sum(np.broadcast_to(where, np.shape(a)), axis=axis, keepdims=keepdims)


def _each(count, total):
    """1 / count, NaN for a mean of nothing."""
    if isinstance(count, int):
        return 1 / count if count > 0 else np.nan
    return np.asarray(1 / np.where(count > 0, count, np.nan), total.dtype)


# Products.
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
    if np.ndim(a) == 0 or np.ndim(b) == 0:
        return a * b
    if np.ndim(b) > 2:
        raise ValueError(
            f"np.inner with shape {np.shape(b)} has no derivative rule here: use @ and np.transpose."
        )
    return a @ np.transpose(b)


def outer(a, b):
    return np.reshape(a, (-1, 1)) * np.reshape(b, (1, -1))


def tensordot(a, b, axes=2):
    if isinstance(axes, int):
        axes = range(np.ndim(a) - axes, np.ndim(a)), range(axes)
    of_a, of_b = (axes_of(tuple(np.atleast_1d(x)), np.ndim(y)) for x, y in zip(axes, (a, b), strict=True))
    left, right = list(range(np.ndim(a))), [np.ndim(a) + i for i in range(np.ndim(b))]
    for i, j in zip(of_a, of_b, strict=True):
        right[j] = left[i]
    return einsum(a, left, b, right, [i for i in (*left, *right) if (i in left) != (i in right)])


def einsum(*arguments, optimize=None):
    """By matrix products: each operand is laid out as letters of the stack, its own, and those summed."""
    operands, letters, out = _letters(arguments)
    total, own = _diagonal_of(operands[0], letters[0])
    for n, (x, its) in enumerate(zip(operands[1:], letters[1:], strict=True), 2):
        x, its = _diagonal_of(x, its)
        later = {*out, *(letter for others in letters[n:] for letter in others)}
        total, own = _contracted(total, own, x, its, later)
    total, own = _summed(total, own, out)
    return np.transpose(total, [own.index(letter) for letter in out]) if len(out) > 1 else total


def _letters(arguments):
    """The operands, the letters of each, and those of the output, from NumPy's two ways to write them."""
    if not isinstance(arguments[0], str):
        operands, letters = arguments[: len(arguments) - 1 : 2], [list(its) for its in arguments[1::2]]
        named = [letter for its in letters for letter in its]
        out = arguments[-1] if len(arguments) % 2 else sorted(x for x in named if named.count(x) == 1)
        return operands, letters, list(out)
    left, arrow, out = arguments[0].replace(" ", "").partition("->")
    operands, letters = arguments[1:], [list(part) for part in left.split(",")]
    if "." in left:
        raise ValueError("np.einsum with ... has no derivative rule here: give every axis a letter.")
    for x, its in zip(operands, letters, strict=True):
        if len(its) != np.ndim(x):
            raise ValueError(
                f"np.einsum: {''.join(its)!r} names {len(its)} axes, but shape is {np.shape(x)}."
            )
    once = sorted(a for a in {*left} - {","} if left.count(a) == 1)
    return operands, letters, list(out) if arrow else once


def _diagonal_of(x, letters):
    """x without letters that stand twice: of those the diagonal is taken."""
    for letter in letters:
        if letters.count(letter) > 1:
            i = letters.index(letter)
            j = letters.index(letter, i + 1)
            rest = [other for n, other in enumerate(letters) if n not in (i, j)]
            return _diagonal_of(diagonal(x, 0, i, j), [*rest, letter])
    return x, letters


def _summed(x, letters, kept):
    gone = tuple(n for n, letter in enumerate(letters) if letter not in kept)
    return (np.sum(x, axis=gone) if gone else x), [letter for letter in letters if letter in kept]


def _contracted(a, of_a, b, of_b, later):
    """The product of two operands, summed over the letters that nobody needs later."""
    a, of_a = _summed(a, of_a, {*of_b, *later})
    b, of_b = _summed(b, of_b, {*of_a, *later})
    stack = [letter for letter in of_a if letter in of_b and letter in later]
    inner = [letter for letter in of_a if letter in of_b and letter not in later]
    rows, columns = ([x for x in of if x not in (*stack, *inner)] for of in (of_a, of_b))
    sizes = dict(zip(of_a, np.shape(a), strict=True)) | dict(zip(of_b, np.shape(b), strict=True))

    def laid_out(x, own, *groups):
        x = np.transpose(x, [own.index(letter) for group in groups for letter in group]) if own else x
        return np.reshape(x, [math.prod(sizes[k] for k in group) for group in groups])

    if stack:
        product = laid_out(a, of_a, stack, rows, inner) @ laid_out(b, of_b, stack, inner, columns)
    else:
        product = laid_out(a, of_a, rows, inner) @ laid_out(b, of_b, inner, columns)
    letters = [*stack, *rows, *columns]
    return np.reshape(product, [sizes[letter] for letter in letters]), letters


# The same elements in another shape.
def stack(arrays, axis=0):
    (axis,) = axes_of(axis, np.ndim(arrays[0]) + 1)
    return np.concatenate([expand_dims(x, axis) for x in arrays], axis=axis)


def column_stack(tup):
    return np.concatenate([np.reshape(x, (-1, 1)) if np.ndim(x) < 2 else x for x in tup], axis=1)


def vstack(tup):
    return np.concatenate([np.reshape(x, (1, -1)) if np.ndim(x) < 2 else x for x in tup])


def hstack(tup):
    arrays = [np.reshape(x, 1) if np.ndim(x) == 0 else x for x in tup]
    return np.concatenate(arrays, axis=min(1, np.ndim(arrays[0]) - 1))


def split(ary, indices_or_sections, axis=0):
    pieces = np.split(_places(ary), indices_or_sections, axis)  # how long each is, and where it begins
    ends = itertools.accumulate((piece.shape[axis] for piece in pieces), initial=0)
    every = (slice(None),) * axes_of(axis, np.ndim(ary))[0]
    return [ary[(*every, slice(start, end))] for start, end in itertools.pairwise(ends)]


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


def swapaxes(a, axis1, axis2):
    axes = list(range(np.ndim(a)))
    (i,), (j,) = axes_of(axis1, len(axes)), axes_of(axis2, len(axes))
    axes[i], axes[j] = axes[j], axes[i]
    return np.transpose(a, axes)


def moveaxis(a, source, destination):
    return np.transpose(a, _moved(np.ndim(a), source, destination))


def _moved(ndim, source, destination):
    """Which axis stands where after np.moveaxis: seen on an array with axes of lengths 0, 1, 2, …"""
    return [int(n) for n in np.moveaxis(np.empty(range(ndim)), source, destination).shape]


def diff(a, n=1, axis=-1):
    (axis,) = axes_of(axis, np.ndim(a))
    every = (slice(None),) * axis
    for _ in range(n):
        a = a[(*every, slice(1, None))] - a[(*every, slice(None, -1))]
    return a


def pad(array, pad_width, mode="constant", *, constant_values=0):
    """As np.pad; places that come from the array are read from it, those that do not are constants."""
    if mode in ("edge", "reflect", "symmetric", "wrap"):
        return _rearranged(np.pad)(array, pad_width, mode)
    if mode != "constant":
        raise ValueError(f"np.pad with mode={mode!r} has no derivative rule here.")
    places = np.pad(_places(array), pad_width, constant_values=-1)
    values = np.pad(np.zeros(np.shape(array)), pad_width, constant_values=constant_values)
    return np.where(places < 0, values, np.reshape(array, -1)[np.maximum(places, 0)])


def sort(a, axis=-1):
    if axis is None:
        a, axis = np.reshape(a, -1), 0
    source = np.take_along_axis(_places(a), np.argsort(a, axis=axis), axis)
    return np.reshape(a, -1)[source]


def diagonal(a, offset=0, axis1=0, axis2=1):
    return _rearranged(np.diagonal)(a, offset, axis1, axis2)


def trace(a, offset=0, axis1=0, axis2=1):
    return np.sum(diagonal(a, offset, axis1, axis2), axis=-1)


def diag(v, k=0):
    if np.ndim(v) == 2:
        return diagonal(v, k)
    n = np.size(v) + abs(k)
    return np.where(np.eye(n, k=k, dtype=bool), np.pad(v, (max(-k, 0), max(k, 0)))[:, None], 0.0)


def _places(a):
    """Numbers 0, 1, … in the shape of a: where each element of it stands."""
    return np.arange(np.size(a)).reshape(np.shape(a))


def _rearranged(function):
    """A function whose result has elements of its argument alone, in other places or more often.

    It is applied to the places, and what stands there is taken.
    """

    def of(a, *arguments, **options):
        return np.reshape(a, -1)[function(_places(a), *arguments, **options)]

    return of


def _of_values(function):
    """A function without derivative: it is taken of the values."""
    return lambda *arguments, **options: function(*map(primal, arguments), **options)


def _like(function):
    def of(a, *arguments, dtype=None, shape=None):
        return function(np.shape(a) if shape is None else shape, *arguments, dtype=dtype or a.dtype)

    return of


FUNCTIONS = {
    np.matmul: functions.matmul,
    np.reshape: functions.reshape,
    np.transpose: functions.transpose,
    np.concatenate: functions.concatenate,
    np.where: functions.where,
    np.linalg.solve: functions.solve,
    np.linalg.inv: lambda a: np.linalg.solve(a, np.eye(np.shape(a)[-1], dtype=a.dtype)),
    np.linalg.det: functions.det,
    np.sum: sum_,
    np.prod: prod,
    np.max: max_,
    np.amax: max_,
    np.min: min_,
    np.amin: min_,
    np.mean: mean,
    np.var: var,
    np.std: std,
    np.cumsum: cumsum,
    np.linalg.norm: norm,
    np.clip: clip,
    np.dot: dot,
    np.inner: inner,
    np.outer: outer,
    np.tensordot: tensordot,
    np.einsum: einsum,
    np.stack: stack,
    np.vstack: vstack,
    np.hstack: hstack,
    np.column_stack: column_stack,
    np.split: split,
    np.ravel: lambda a: np.reshape(a, -1),
    np.expand_dims: expand_dims,
    np.squeeze: squeeze,
    np.swapaxes: swapaxes,
    np.moveaxis: moveaxis,
    np.broadcast_to: lambda array, shape: array + np.zeros(shape, array.dtype),
    np.diff: diff,
    np.pad: pad,
    np.sort: sort,
    np.diagonal: diagonal,
    np.trace: trace,
    np.diag: diag,
    np.take: lambda a, indices, axis=None: _rearranged(np.take)(a, primal(indices), axis),
}
FUNCTIONS |= {function: _rearranged(function) for function in (np.repeat, np.tile, np.roll, np.flip)}
FUNCTIONS |= {
    function: _of_values(function)
    for function in (
        np.argmax, np.argmin, np.argsort, np.all, np.any, np.allclose, np.isclose, np.array_equal, np.round,
        np.count_nonzero, np.nonzero, np.fix,
    )
}  # fmt: skip
FUNCTIONS |= {
    np.shape: lambda a: a.shape,
    np.ndim: lambda a: a.ndim,
    np.size: lambda a, axis=None: a.size if axis is None else a.shape[axis],
    np.zeros_like: _like(np.zeros),
    np.ones_like: _like(np.ones),
    np.full_like: _like(np.full),
}
