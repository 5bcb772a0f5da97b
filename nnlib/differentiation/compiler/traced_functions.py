"""Functions of NumPy on traced arrays that are no elementwise ones: products, sums, other shapes."""

import numpy as np

from nnlib.differentiation.compiler.traced import Traced, needed, recorded
from nnlib.differentiation.numpy_protocol.composites import axes_of


def _matmul(tape, A, B):
    if len(A.shape) not in (1, 2) or len(B.shape) not in (1, 2) or A.shape[-1] != B.shape[0]:
        raise ValueError(f"@ of shapes {A.shape} and {B.shape}: expected two matrices or vectors that fit.")
    y = tape.emit(A.shape[:-1] + B.shape[1:], f"{A.name}.dot({B.name}, {{out}})")

    def outer(x1, x2, shape):
        return tape.emit(shape, f"multiply.outer({x1.name}, {x2.name}, out={{out}})")

    def pull(g):
        one, two = len(A.shape) == 1, len(B.shape) == 1
        if one and two:
            return [g * B, g * A]
        if two:  # y = A b
            return [outer(g, B, A.shape), _matmul(tape, A.T, g)]
        if one:  # y = a B
            return [_matmul(tape, B, g), outer(A, g, B.shape)]
        of_A = _matmul(tape, g, B.T) if needed(A) else None
        if not needed(B):
            return [of_A, None]
        # Of a transposed B = Wᵀ the adjoint is (Gᵀ A)ᵀ: written so, that of W lies in memory as W does.
        return [of_A, _matmul(tape, A.T, g) if B.source is None else _transpose(_matmul(tape, g.T, A))]

    return recorded(tape, y, [A, B], pull)


def _sum(x, axis=None, *, keepdims=False):
    axes = axes_of(axis, len(x.shape))
    kept = tuple(1 if a in axes else length for a, length in enumerate(x.shape))
    shape = kept if keepdims else tuple(length for a, length in enumerate(x.shape) if a not in axes)
    y = x.tape.emit(shape, f"add.reduce({x.name}, {axes}, None, {{out}}, {keepdims})")

    def pull(g):
        return [x.tape.emit(x.shape, f"{{out}}[...] = {g.name}.reshape({kept})")]

    return recorded(x.tape, y, [x], pull)


def _transpose(x, axes=None):
    if axes is None and x.source is not None and x.tape.pulls is None:
        return x.source
    shape = x.shape[::-1] if axes is None else tuple(x.shape[a] for a in axes)
    y = x.tape.view(x, ".T" if axes is None else f".transpose({tuple(axes)})", shape)
    y.source = x if axes is None else None
    back = None if axes is None else tuple(int(a) for a in np.argsort(axes))
    return recorded(x.tape, y, [x], lambda g: [_transpose(g, back)])


def _reshape(x, shape):
    shape = np.empty(x.shape).reshape(shape).shape
    y = x.tape.emit(shape, f"{{out}}[...] = {x.name}.reshape({shape})")
    return recorded(x.tape, y, [x], lambda g: [_reshape(g, x.shape)])


Traced.functions = {np.matmul: _matmul, np.sum: _sum, np.transpose: _transpose, np.reshape: _reshape}
