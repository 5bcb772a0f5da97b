"""Each call of BLAS does what its formula says, in both ways of making a product."""

import numpy as np
import pytest

from nnlib.fast import blas
from nnlib.fast.programs import run

SMALL, LARGE = (3, 4, 2), (9, 512, 600)


def matrices(shape, dtype=np.float64):
    """A (N, I), B (I, J), C (N, J)."""
    rng, (N, I, J) = np.random.default_rng(0), shape
    return [rng.normal(size=size).astype(dtype) for size in ((N, I), (I, J), (N, J))]


@pytest.mark.parametrize("shape", [SMALL, LARGE, (1, 4, 2), (3, 1, 1), (1, 1, 1)])
@pytest.mark.parametrize(("scale", "keep"), [(1, 0), (-0.1, 1), (0.5, 0.9), (2, 0)])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_product_scales_and_keeps(shape, scale, keep, dtype):
    A, B, C = matrices(shape, dtype)
    if keep == 0:
        C[:] = np.nan  # what was there does not matter
    expected = scale * A.astype(float) @ B + (keep * C if keep else 0)
    run(blas.product(A, B, C, scale, keep))
    tolerance = 1e-4 if dtype == np.float32 else 1e-12
    np.testing.assert_allclose(C, expected, rtol=0, atol=tolerance)


@pytest.mark.parametrize("shape", [SMALL, LARGE, (1, 4, 2), (3, 1, 2)])
def test_factors_may_be_transposes(shape):
    A, B, C = matrices(shape)
    expected = A @ B
    for left in (A, A.T.copy().T):
        for right in (B, B.T.copy().T):
            C[:] = np.nan
            run(blas.product(left, right, C))
            np.testing.assert_allclose(C, expected, rtol=0, atol=1e-12)


def test_large_products_are_numpys():
    A, B, C = matrices(LARGE)
    assert [function for function, _ in blas.product(A, B, C)] == [A.dot]
    few_rows = matrices((600, 9, 512))  # as many multiplications, but short sums
    assert A.dot not in [function for function, _ in blas.product(*few_rows)]


def test_add_and_multiply_work_on_the_array_itself():
    X, Y = np.arange(6.0).reshape(2, 3), np.ones((2, 3))
    run([blas.add(X, Y, -2.0)])
    assert np.array_equal(Y, 1 - 2 * X)
    run([blas.multiply(Y, 0.5)])
    assert np.array_equal(Y, 0.5 - X)


def test_float_types_that_blas_does_not_have():
    assert blas.function("axpy", np.dtype(np.float32)) and blas.function("axpy", np.dtype(float))
    assert blas.function("axpy", np.dtype(np.float16)) is None
    assert blas.function("axpy", np.dtype(">f8")) is None
