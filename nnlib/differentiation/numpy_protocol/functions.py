"""Functions of NumPy that are not elementwise, in one table for dual arrays, tape and expressions.

`derived(operation, operands, value, push, pull)` is y = value(*operands), and its chain rule both ways:

    push(values, *partials)     forward: the partials of y, directions (K, …) in front; None of a constant
    pull[n](g, *operands, y)    reverse: what operand n gets for the adjoint g of y; None if it gets nothing

Both are written in functions of NumPy, so they take variables and dual arrays as well: that is how
derivatives of derivatives come about.
"""

import operator

import numpy as np

from nnlib.differentiation.numpy_protocol.shapes import align, axes_of, unbroadcast

BASIC = (int, np.integer, slice, type(None), type(Ellipsis))


def derived(operation, operands, value, push, pull, *options):
    """y = value(*operands), by the kind of the operand with the highest rank.

    The compiler writes its own lines for an operation with these options.
    """
    return highest(operands).derive(operation, operands, value, push, pull, *options)


def highest(operands):
    """The operand of the innermost derivative, which takes the others for its constants."""
    return max((x for x in operands if hasattr(x, "rank")), key=operator.attrgetter("rank"))


def primal(x):
    """The plain value of a variable or a dual array of any level, or x itself."""
    while hasattr(x, "rank"):
        x = x.value
    return x


# Products.
def matmul(A, B):
    return derived("matmul", (A, B), _product, _push_product, (_pull_left, _pull_right))


def _product(A, B):
    try:
        return A @ B
    except ValueError as error:
        if "operand" not in str(error):  # not of this product, but of one within
            raise
        shapes = f"{np.shape(A)} and {np.shape(B)}"
        raise ValueError(f"@ of shapes {shapes}: the inner lengths differ.") from None


def _push_product(values, PA, PB):
    A, B = values
    terms = [] if PA is None else [_directions_of_left(PA, A.ndim, B)]
    if PB is not None:
        terms.append(_directions_of_right(A, PB, B.ndim))
    return sum(terms[1:], terms[0])


def _directions_of_left(P, ndim, B):
    if ndim == 1 and B.ndim > 2:
        return (P.reshape((len(P),) + (1,) * (B.ndim - 1) + P.shape[1:]) @ B)[..., 0, :]
    return align(P, B) @ B if ndim > 1 and B.ndim > 1 else P @ B


def _directions_of_right(A, P, ndim):
    if ndim > 1:
        return A @ align(P, A)
    if A.ndim <= 2:
        return P @ A.T
    return (A @ P.reshape((len(P),) + (1,) * (A.ndim - 2) + P.shape[1:] + (1,)))[..., 0]


def _pull_left(g, A, B, y):
    if A.ndim == B.ndim == 2:
        return g @ B.T  # ∂E/∂A = G Bᵀ
    left, right, g = _as_matrices(A, B, g)
    return unbroadcast(g @ np.swapaxes(right, -1, -2), left.shape).reshape(A.shape)


def _pull_right(g, A, B, y):
    if A.ndim == B.ndim == 2:
        return A.T @ g  # ∂E/∂B = Aᵀ G
    left, right, g = _as_matrices(A, B, g)
    return unbroadcast(np.swapaxes(left, -1, -2) @ g, right.shape).reshape(B.shape)


def _as_matrices(A, B, g):
    """A vector on the left as one row, one on the right as one column, and g to match."""
    left = A[np.newaxis] if A.ndim == 1 else A
    right = B[:, np.newaxis] if B.ndim == 1 else B
    g = g[..., np.newaxis] if B.ndim == 1 else g
    return left, right, g[..., np.newaxis, :] if A.ndim == 1 else g


# Sums and the largest element.
def sum_(x, axis, keepdims):
    axes = axes_of(axis, x.ndim)
    kept = tuple(1 if a in axes else length for a, length in enumerate(x.shape))
    return derived(
        "sum",
        (x,),
        lambda x: np.sum(x, axis=axes, keepdims=keepdims),
        lambda values, p: np.sum(p, axis=tuple(a + 1 for a in axes), keepdims=keepdims) if axes else p,
        (lambda g, x, y: np.broadcast_to(g.reshape(kept), x.shape),),
        axes,
        keepdims,
    )


def max_(x, axis, keepdims):
    axes = axes_of(axis, x.ndim)
    kept = tuple(1 if a in axes else length for a, length in enumerate(x.shape))
    behind = tuple(a + 1 for a in axes)
    return derived(
        "max",
        (x,),
        lambda x: np.max(x, axis=axes, keepdims=keepdims),
        lambda values, p: np.sum(p * share_of_largest(values[0], axes), axis=behind, keepdims=keepdims),
        (lambda g, x, y: share_of_largest(x, axes) * g.reshape(kept),),
        axes,
        keepdims,
    )


def share_of_largest(x, axes):
    """Where x is the largest along the axes: 1 there, divided among ties, as in PyTorch's amax."""
    x = primal(x)
    at = (x == np.max(x, axis=axes, keepdims=True)).astype(x.dtype)
    return at / np.sum(at, axis=axes, keepdims=True)


def cumsum(x, axis):
    (axis,) = axes_of(axis, x.ndim)
    return derived(
        "cumsum",
        (x,),
        lambda x: np.cumsum(x, axis=axis),
        lambda values, p: np.cumsum(p, axis=axis + 1),
        (lambda g, x, y: np.flip(np.cumsum(np.flip(g, axis), axis=axis), axis),),
    )


# The same elements in another shape or place, and choices.
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
    """x[index]. The index is copied: what happens to it later must not change a derivative."""
    index = _fixed(primal(index))
    return derived(
        "getitem",
        (x,),
        lambda x: x[index],
        lambda values, p: _taken(p, index, values[0]),
        (lambda g, x, y: scatter(g, index, x.shape),),
    )


def scatter(g, index, shape):
    """An array of zeros to which g is added at an index: what `getitem` hands back."""
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
    # Where does each element come from? The same for every direction.
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
    known = next(p for p in partials if p is not None)
    return [
        np.zeros((len(known), *v.shape), v.dtype if v.dtype.kind == "f" else known.dtype) if p is None else p
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


# Linear algebra: of A X = B follows dA X + A dX = dB.
def solve(A, B):
    """X of A X = B for A (…, n, n); B is a vector (n,) or has matrices (…, n, m)."""
    if np.ndim(B) == 1:
        return solve(A, np.reshape(B, (-1, 1)))[..., 0]

    def push(values, PA, PB):
        A, B = values
        X = np.linalg.solve(A, B)
        dB = 0.0 if PB is None else align(PB, X)
        return np.linalg.solve(A, dB if PA is None else dB - align(PA, X) @ X)

    def pull_B(g, A, B, X):
        return unbroadcast(np.linalg.solve(np.swapaxes(A, -1, -2), g), B.shape)

    def pull_A(g, A, B, X):
        dB = np.linalg.solve(np.swapaxes(A, -1, -2), g)
        return unbroadcast(-dB @ np.swapaxes(X, -1, -2), A.shape)

    return derived("solve", (A, B), np.linalg.solve, push, (pull_A, pull_B))


def det(A):
    """The determinant of A (…, n, n): d det A = det A · tr(A⁻¹ dA). Raises LinAlgError if it is 0."""
    return derived(
        "det",
        (A,),
        np.linalg.det,
        lambda values, p: (
            np.linalg.det(values[0])
            * np.sum(np.swapaxes(np.linalg.inv(values[0]), -1, -2) * p, axis=(-1, -2))
        ),
        (lambda g, A, y: (g * y)[..., np.newaxis, np.newaxis] * np.swapaxes(np.linalg.inv(A), -1, -2),),
    )
