"""Products of arrays, and the linear algebra that is made of them."""

import math

import numpy as np

from nnlib.differentiation.numpy_protocol.derived import derived
from nnlib.differentiation.numpy_protocol.places import diagonal
from nnlib.differentiation.numpy_protocol.shapes import align, axes_of, unbroadcast


def matmul(A, B):
    return derived("matmul", (A, B), _product, _push_product, (_pull_left, _pull_right))


def _product(A, B):
    try:
        return A @ B
    except ValueError as error:
        if "operand" not in str(error):  # raised by another product, inside the operands
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
    if A.ndim > 1 and B.ndim == 2:
        return g @ B.T  # ∂E/∂A = G Bᵀ
    left, right, g = _as_matrices(A, B, g)
    return unbroadcast(g @ np.swapaxes(right, -1, -2), left.shape).reshape(A.shape)


def _pull_right(g, A, B, y):
    if A.ndim > 1 and B.ndim == 2:
        return _rows(A).T @ _rows(g)  # ∂E/∂B = Aᵀ G
    left, right, g = _as_matrices(A, B, g)
    return unbroadcast(np.swapaxes(left, -1, -2) @ g, right.shape).reshape(B.shape)


def _rows(A):
    """All rows of a stack of matrices below one another."""
    return A if A.ndim == 2 else A.reshape(math.prod(A.shape[:-1]), A.shape[-1])


def _as_matrices(A, B, g):
    """A vector on the left as one row, one on the right as one column, and g to match."""
    left = A[np.newaxis] if A.ndim == 1 else A
    right = B[:, np.newaxis] if B.ndim == 1 else B
    g = g[..., np.newaxis] if B.ndim == 1 else g
    return left, right, g[..., np.newaxis, :] if A.ndim == 1 else g


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
    """By matrix products: the axes of each operand are sorted into shared ones, its own, and summed ones."""
    operands, letters, out = _letters(arguments)
    lengths = {}
    for x, its in zip(operands, letters, strict=True):
        for letter, n in zip(its, np.shape(x), strict=True):
            if lengths.setdefault(letter, n) != n:
                raise ValueError(f"np.einsum: axis {letter} has the lengths {lengths[letter]} and {n}.")
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
    """x and its letters, with the diagonal taken where a letter stands twice."""
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
    """The product of two operands, summed over the letters that are not needed later."""
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


def inv(A):
    return np.linalg.solve(A, np.eye(np.shape(A)[-1], dtype=A.dtype))


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
