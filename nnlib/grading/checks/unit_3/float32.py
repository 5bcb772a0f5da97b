"""What a part "float32" asks: float32 comes back as float32, and right to six digits."""

import numpy as np

from nnlib.grading.checks.judging import results
from nnlib.grading.checks.judging.failure import CheckFailed


def keeps_float32(returns, inputs, right):
    """The quality of a function: arguments `inputs(rng)` with float32 for float64, results near `right`.

    returns: names of the arrays that come back. Truth values count: beside float32 they stay float32.
    """

    def quality(function, rng):
        given = [a.astype(np.float32) if isinstance(a, np.ndarray) else a for a in inputs(rng)]
        with np.errstate(all="ignore"):
            expected = right(*(np.float64(a) for a in given))
            returned = function(*(np.copy(a) if isinstance(a, np.ndarray) else a for a in given))
        numbers = results.flat(returned, returns, "The function")
        for name, array, found, exact in zip(returns, returned, numbers, expected, strict=True):
            kind = getattr(array, "dtype", type(array).__name__)
            of = f"For arrays in float32 {name}"
            if kind not in (np.float32, bool):
                raise CheckFailed("type", f"{of} comes back as {kind}: it should be float32 too.")
            if not np.isfinite(found).all():
                raise CheckFailed("not_finite", f"{of} holds NaN or infinity.")
            if found.shape != exact.shape or not np.allclose(found, exact, rtol=1e-5, atol=1e-6):
                raise CheckFailed("few_digits", f"{of} is wrong by more than rounding.")
        return "float32 stays float32"

    return quality


def far_out_too(rng):
    """Weighted sums with three axes, two of them ±1e4."""
    return np.append(2 * rng.normal(size=10), [-1e4, 1e4]).reshape(2, 3, 2)
