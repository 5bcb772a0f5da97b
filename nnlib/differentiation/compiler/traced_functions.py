"""Functions of NumPy on traced arrays that are not elementwise: products, sums, other shapes, choices."""

import numpy as np

from nnlib.differentiation.compiler.traced import Traced, needed, recorded, unbroadcast, unless_one
from nnlib.fast import blas


def _matmul(tape, A, B):
    if len(A.shape) not in (1, 2) or len(B.shape) not in (1, 2) or A.shape[-1] != B.shape[0]:
        raise ValueError(f"@ of shapes {A.shape} and {B.shape}: expected two matrices or vectors that fit.")
    y = tape.emit(A.shape[:-1] + B.shape[1:], f"{A.name}.dot({B.name}, {{out}})")

    def outer(x1, x2, shape):
        return tape.emit(shape, f"multiply.outer({x1.name}, {x2.name}, out={{out}})")

    def pull(g):
        left_vector, right_vector = len(A.shape) == 1, len(B.shape) == 1
        if left_vector and right_vector:
            return [g * B, g * A]
        if right_vector:  # y = A b
            return [outer(g, B, A.shape), _matmul(tape, A.T, g)]
        if left_vector:  # y = a B
            return [_matmul(tape, B, g), outer(A, g, B.shape)]
        of_A = _matmul(tape, g, B.T) if needed(A) else None
        if not needed(B):
            return [of_A, None]
        # Of a transposed B = Wᵀ the adjoint is (Gᵀ A)ᵀ: written so, that of W lies in memory as W does.
        return [of_A, _matmul(tape, A.T, g) if B.source is None else _matmul(tape, g.T, A).T]

    return recorded(tape, y, [A, B], pull)


def _sum(tape, x, axes, keepdims):
    kept, shape = _kept(x, axes, keepdims)
    y = tape.emit(shape, f"add.reduce({x.name}, {axes}, None, {{out}}, {keepdims})")

    def pull(g):
        return [tape.emit(x.shape, f"{{out}}[...] = {g.name}.reshape({kept})")]

    return recorded(tape, y, [x], pull)


def _max(tape, x, axes, keepdims):
    kept, shape = _kept(x, axes, keepdims)
    y = tape.emit(shape, f"maximum.reduce({x.name}, {axes}, None, {{out}}, {keepdims})")

    def pull(g):  # divided among ties
        at = tape.emit(x.shape, f"{{out}}[...] = {x.name} == {y.name}.reshape({kept})")
        return [at * np.reshape(g / np.sum(at, axis=axes, keepdims=keepdims), kept)]

    return recorded(tape, y, [x], pull)


def _kept(x, axes, keepdims):
    """The shape of x with length 1 along axes that are summed, and the shape of the sum."""
    kept = tuple(1 if a in axes else length for a, length in enumerate(x.shape))
    return kept, kept if keepdims else tuple(length for a, length in enumerate(x.shape) if a not in axes)


def _transpose(tape, x, axes):
    turned = axes == tuple(range(len(axes)))[::-1]
    if turned and x.source is not None and tape.pulls is None:
        return x.source
    y = tape.view(x, ".T" if turned else f".transpose({axes})", tuple(x.shape[a] for a in axes))
    y.source = x if turned else None
    back = tuple(int(a) for a in np.argsort(axes))
    return recorded(tape, y, [x], lambda g: [_transpose(tape, g, back)])


def _reshape(tape, x, shape):
    shape = np.empty(x.shape).reshape(shape).shape
    y = tape.emit(shape, f"{{out}}[...] = {x.name}.reshape({shape})")
    return recorded(tape, y, [x], lambda g: [_reshape(tape, g, x.shape)])


def _where(tape, condition, x1, x2):
    y = tape.emit(
        np.broadcast_shapes(condition.shape, x1.shape, x2.shape),
        f"{{out}}[...] = {x2.name}",
        f"copyto({{out}}, {x1.name}, where={condition.name})",
    )

    def pull(g):
        shares = np.where(condition, g, 0.0), np.where(condition, 0.0, g)
        return [
            unbroadcast(share, x.shape) if needed(x) else None
            for share, x in zip(shares, (x1, x2), strict=True)
        ]

    return recorded(tape, y, [x1, x2], pull)


def _linear(tape, X, W, b):
    """A = X Wᵀ + b by one call of gemm of BLAS, which adds to its output: see `nnlib.fast.blas`."""
    gemm = blas.function("gemm", tape.dtype)
    if gemm is None:
        return X @ W.T + b
    tape.functions["gemm"] = gemm
    A = tape.emit(
        (X.shape[0], W.shape[0]),
        f"{{out}}[...] = {b.name}",
        f"gemm(1.0, {W.name}.T, {X.name}.T, 1.0, {{out}}.T, True, False, True)"
        f"  # {{out}} += {X.name} {W.name}ᵀ",
    )

    def pull(g):
        of_X = g @ W if needed(X) else None
        of_W = g.T @ X if needed(W) else None
        return of_X, of_W, unbroadcast(g, b.shape) if needed(b) else None

    return recorded(tape, A, [X, W, b], pull)


def _softmax_cross_entropy(tape, A, T):
    """Of weighted sums (N, F): every line works on the whole batch.

    If each row of T has the sum 1, the program takes that for granted: its delta is y - t.
    """
    if len(A.shape) != 2:
        raise ValueError(f"softmax_cross_entropy is compiled for A (N, F), got shape {A.shape}.")
    if needed(T):
        raise ValueError("softmax_cross_entropy is compiled for a constant T.")
    N, F = A.shape
    distributions = np.allclose(np.sum(tape.arrays[T.name], axis=1), 1)
    ones = tape.array((F,), fill=1)
    # All turned around, (F, N): so the largest of each sample is found in a third of the time.
    targets = tape.emit((F, N), f"{{out}}[...] = {T.name}.T")
    turned = tape.emit((F, N), f"{{out}}[...] = {A.name}.T")
    largest = tape.emit((N,), f"maximum.reduce({turned.name}, 0, None, {{out}})")
    shifted = turned - largest
    powers = np.exp(shifted)
    totals = tape.emit((N,), f"{ones.name}.dot({powers.name}, {{out}})  # Σ_k exp(a_k) of each sample")
    logarithms = np.log(totals)
    if distributions:
        sums = tape.array((N,), fill=1)
    else:
        sums = tape.emit((N,), f"{ones.name}.dot({targets.name}, {{out}})  # Σ_k t_k of each sample")
    E = tape.number(
        f"{sums.name}.dot({logarithms.name}) - {targets.name}.ravel().dot({shifted.name}.ravel())"
        "  # - Σ t ln y"
    )

    def pull(g):
        delta = powers / totals - targets if distributions else powers * (sums / totals) - targets
        return [np.transpose(delta * unless_one(g))]

    return recorded(tape, E, [A], pull)


Traced.lines = {
    "matmul": _matmul,
    "sum": _sum,
    "max": _max,
    "transpose": _transpose,
    "reshape": _reshape,
    "where": _where,
    "linear": _linear,
    "softmax_cross_entropy": _softmax_cross_entropy,
}
