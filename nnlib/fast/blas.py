"""Calls of BLAS, from SciPy: operations that add their result to an array.

    C ← scale · A B + keep · C        A (N, I), B (I, J), C (N, J)
    Y ← Y + scale · X                 X and Y of one shape
    Y ← scale · Y

With the weights for C, keep 1 and scale -α, the product that makes a gradient also takes the step of
gradient descent. NumPy's `A.dot(B, C)` only has scale 1 and keep 0, and all of NumPy's functions take
longer to be called. (Basic Linear Algebra Subprograms: Lawson et al., 1979; their gemm, axpy, scal.)

A call is a function with its arguments: `nnlib.fast.programs` makes it many times. Arrays have one float
type, and rows that follow one another in memory; A and B may also be transposes of such arrays.
"""

from functools import cache

import numpy as np

# In large products only the arithmetic counts, and NumPy's wheels have a faster BLAS than SciPy's:
# OpenBLAS 0.3.31 and 0.3.30, a tenth for the gradient of 784 x 100 weights. Large means so many
# multiplications, and so many for each number of C that to go through C once more does not matter.
MULTIPLICATIONS, FOR_EACH = 2**21, 256


def product(A, B, C, scale=1.0, keep=0.0, spare=None):
    """The calls for C ← scale · A B + keep · C. C is neither A nor B.

    `spare`: an array like C that large products may use, so that they can share it.
    """
    if A.size * B.shape[1] < MULTIPLICATIONS or len(B) < FOR_EACH:
        return [_gemm(A, B, C, scale, keep)]
    if scale == 1 and keep == 0:
        return [(A.dot, (B, C))]
    spare = np.empty_like(C) if spare is None else spare
    kept = multiply(C, keep) if keep else (C.fill, (0,))
    return [(A.dot, (B, spare)), kept, add(spare, C, scale)]


def add(X, Y, scale=1.0):
    """The call for Y ← Y + scale · X."""
    return function("axpy", Y.dtype), (X.reshape(-1), Y.reshape(-1), Y.size, scale)


def multiply(Y, scale):
    """The call for Y ← scale · Y."""
    return function("scal", Y.dtype), (scale, Y.reshape(-1))


def _gemm(A, B, C, scale, keep):
    # BLAS stores matrices by columns, so our arrays are transposes to it: it computes Cᵀ = Bᵀ Aᵀ.
    first, first_transposed = _by_columns(B.T)
    second, second_transposed = _by_columns(A.T)
    overwrite = True
    return function("gemm", C.dtype), (
        scale, first, second, keep, C.T, first_transposed, second_transposed, overwrite
    )  # fmt: skip


def _by_columns(matrix):
    """The matrix or its transpose, whichever lies column after column, and if it is the transpose."""
    return (matrix, False) if matrix.flags.f_contiguous else (matrix.T, True)


@cache
def function(name, dtype):
    """BLAS' function of this name for a float type, sgemm or dgemm for gemm; None if it has none."""
    if dtype not in (np.float32, np.float64):
        return None
    # Imported here, because SciPy takes longer than NumPy and nnlib together.
    from scipy.linalg.blas import get_blas_funcs

    return get_blas_funcs(name, dtype=dtype)
