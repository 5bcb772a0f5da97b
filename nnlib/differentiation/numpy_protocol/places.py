"""The same elements in another shape, in other places, or chosen."""

import itertools

import numpy as np

from nnlib.differentiation.numpy_protocol.derived import derived, primal
from nnlib.differentiation.numpy_protocol.shapes import align, axes_of, unbroadcast

BASIC = (int, np.integer, slice, type(None), type(Ellipsis))


def reshape(x, shape):
    return derived(
        "reshape",
        (x,),
        lambda x: np.reshape(x, shape),
        lambda values, p: p.reshape((len(p), *np.reshape(primal(values[0]), shape).shape)),
        (lambda g, x, y: g.reshape(x.shape),),
        shape,
    )


def transpose(x, axes=None):
    axes = axes_of(tuple(range(x.ndim))[::-1] if axes is None else tuple(axes), x.ndim)
    back = tuple(np.argsort(axes))
    return derived(
        "transpose",
        (x,),
        lambda x: np.transpose(x, axes),
        lambda values, p: np.transpose(p, (0, *(a + 1 for a in axes))),
        (lambda g, x, y: np.transpose(g, back),),
        axes,
    )


def getitem(x, index):
    """x[index]. The index is copied, so that later changes of it do not reach the tape."""
    index = _fixed(primal(index))
    return derived(
        "getitem",
        (x,),
        lambda x: x[index],
        lambda values, p: _taken(p, index, values[0]),
        (lambda g, x, y: scatter(g, index, x.shape),),
    )


def scatter(g, index, shape):
    """An array of zeros to which g is added at an index: the adjoint of `getitem`."""
    if hasattr(g, "rank"):
        return derived(
            "scatter",
            (g,),
            lambda g: scatter(g, index, shape),
            lambda values, p: _spread(p, index, shape),
            (lambda g, x, y: g[index],),
        )
    spread = np.zeros_like(g, shape=shape)
    if _is_basic(index):
        spread[index] = g
    else:
        np.add.at(spread, index, g)  # an element that was taken twice gets both
    return spread


def _fixed(index):
    if isinstance(index, tuple):
        return tuple(map(_fixed, index))
    return index.copy() if isinstance(index, (np.ndarray, list)) else index


def _is_basic(index):
    """Whether an index takes no element twice: whole numbers, slices, None and Ellipsis."""
    parts = index if isinstance(index, tuple) else (index,)
    return all(isinstance(i, BASIC) and not isinstance(i, bool) for i in parts)


def _taken(p, index, x):
    if isinstance(index, (int, slice)):
        return p[:, index]
    # The place in x that each element comes from, the same for every direction.
    source = np.arange(x.size).reshape(x.shape)[index]
    return p.reshape((len(p), x.size))[:, source]


def _spread(p, index, shape):
    size = int(np.prod(shape))
    source = np.arange(size).reshape(shape)[index]
    return scatter(p, (slice(None), source), (len(p), size)).reshape((len(p), *shape))


def concatenate(arrays, axis=0):
    arrays = [x if hasattr(x, "rank") else np.asanyarray(x) for x in arrays]
    (axis,) = axes_of(axis, arrays[0].ndim)
    ends = np.cumsum([0, *(x.shape[axis] for x in arrays)])

    def part(start, end):
        place = (slice(None),) * axis + (slice(int(start), int(end)),)
        return lambda g, *_: g[place]

    return derived(
        "concatenate",
        tuple(arrays),
        lambda *arrays: np.concatenate(arrays, axis=axis),
        lambda values, *partials: np.concatenate(_all_partials(values, partials), axis=axis + 1),
        tuple(map(part, ends[:-1], ends[1:])),
    )


def where(condition, x1, x2):
    condition = condition != 0 if hasattr(condition, "rank") else np.asarray(condition, bool)
    if not any(hasattr(x, "rank") for x in (condition, x1, x2)):
        return np.where(condition, x1, x2)

    def push(values, _, *partials):
        chosen = np.where(values[0], *values[1:])
        return np.where(values[0], *(align(p, chosen) for p in _all_partials(values[1:], partials)))

    return derived(
        "where",
        (condition, x1, x2),
        np.where,
        push,
        (
            None,
            lambda g, condition, x1, x2, y: unbroadcast(np.where(condition, g, 0.0), np.shape(x1)),
            lambda g, condition, x1, x2, y: unbroadcast(np.where(condition, 0.0, g), np.shape(x2)),
        ),
    )


def _all_partials(values, partials):
    """The partials of each operand, zeros for a constant."""
    varying = next(p for p in partials if p is not None)
    return [
        np.zeros((len(varying), *v.shape), v.dtype if v.dtype.kind == "f" else varying.dtype)
        if p is None
        else p
        for v, p in zip(values, partials, strict=True)
    ]


def astype(x, dtype):
    if np.dtype(dtype).kind != "f":
        raise ValueError(f"dtype {np.dtype(dtype)} would lose the derivative: use a floating point type.")
    return derived(
        "astype",
        (x,),
        lambda x: x if x.dtype == object else x.astype(dtype),  # expressions have no type
        lambda values, p: p.astype(dtype),
        (lambda g, x, y: g.astype(x.dtype),),
    )


# The functions below are made of those above.
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
    """As np.pad, with constants around the array, or with its own elements: "edge" and the like."""
    if mode in ("edge", "reflect", "symmetric", "wrap"):
        return rearranged(np.pad)(array, pad_width, mode)
    if mode != "constant":
        raise ValueError(f"np.pad with mode={mode!r} has no derivative rule here.")
    widths = _pad_widths(pad_width, np.ndim(array))
    inside = tuple(slice(b, b + length) for (b, _), length in zip(widths, np.shape(array), strict=True))
    return derived(
        "pad",
        (array,),
        lambda x: np.pad(x, widths, constant_values=constant_values),
        lambda values, p: np.pad(p, ((0, 0), *widths)),
        (lambda g, x, y: g[inside],),
    )


def _pad_widths(pad_width, ndim):
    """What NumPy makes of `pad_width`: (before, after) for each axis."""
    if isinstance(pad_width, dict):
        widths = np.zeros((ndim, 2), int)
        for axis, width in pad_width.items():
            widths[axis] = width
    else:
        widths = np.broadcast_to(np.asarray(pad_width), (ndim, 2))
    return [(int(before), int(after)) for before, after in widths]


def repeat(a, repeats, axis=None):
    """As np.repeat. If all elements are repeated equally often, the adjoint is a sum over the copies."""
    if axis is None or not isinstance(repeats, (int, np.integer)):
        return rearranged(np.repeat)(a, repeats, axis)
    (axis,) = axes_of(axis, np.ndim(a))
    shape = np.shape(a)
    copies = (*shape[: axis + 1], repeats, *shape[axis + 1 :])
    return derived(
        "repeat",
        (a,),
        lambda x: np.repeat(x, repeats, axis),
        lambda values, p: np.repeat(p, repeats, axis + 1),
        (lambda g, x, y: np.sum(np.reshape(g, copies), axis=axis + 1),),
    )


def sort(a, axis=-1):
    if axis is None:
        a, axis = np.reshape(a, -1), 0
    source = np.take_along_axis(_places(a), np.argsort(a, axis=axis), axis)
    return np.reshape(a, -1)[source]


def diagonal(a, offset=0, axis1=0, axis2=1):
    return rearranged(np.diagonal)(a, offset, axis1, axis2)


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


def rearranged(function):
    """A function whose result has elements of its argument alone, in other places or more often.

    It is applied to the numbers of the places, and the elements are taken from there.
    """

    def of(a, *arguments, **options):
        return np.reshape(a, -1)[function(_places(a), *arguments, **options)]

    return of
