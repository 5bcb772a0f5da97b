"""Numeric differentiation: differences of function values. Slide "Types of Differentiation".

    forward difference    (f(x + h) - f(x)) / h             error about h |f''| / 2
    central difference    (f(x + h) - f(x - h)) / (2 h)     error about h² |f'''| / 6
    complex step          Im f(x + i h) / h                 error about h² |f'''| / 6, no subtraction

The first two lose digits in the subtraction, about 1e-16 |f| / h: h can be too small. The best h is
near √1e-16 and ∛1e-16. The complex step has no such limit, but needs an f that takes complex numbers
and treats them as analytic functions do (no abs, no comparison).
Squire and Trapp, SIAM Review 40, 1998.
"""

import numpy as np

EPSILON = float(np.finfo(float).eps)
STEPS = {"forward difference": EPSILON**0.5, "central difference": EPSILON ** (1 / 3), "complex step": 1e-30}
"""Scheme -> step size h that is used by default, times max(1, |x|) over the numbers that change."""


def along(f, x, direction, scheme="central difference", h=None):
    """The derivative of f at x in a direction shaped like x.

    Raises ValueError for an unknown scheme or an h that is not positive.
    """
    if scheme not in STEPS:
        raise ValueError(f"There is no scheme {scheme!r}; there are {', '.join(STEPS)}.")
    if h is None:
        changed = np.abs(np.asarray(x))[np.asarray(direction) != 0]
        h = STEPS[scheme] * (np.max(changed, initial=1.0) if scheme != "complex step" else 1.0)
    if not h > 0:
        raise ValueError(f"The step h must be positive, got {h!r}.")
    if scheme == "complex step":
        return np.imag(f(x + 1j * h * direction)) / h
    ahead = f(x + h * direction)
    if scheme == "forward difference":
        return (ahead - f(x + 0.0 * direction)) / h  # a new array, since f may write into it
    return (ahead - f(x - h * direction)) / (2 * h)


def jacobian(f, x, scheme="central difference", h=None):
    """∂f/∂x of shape f(x).shape + x.shape: one or two evaluations of f for each input."""
    x = np.asanyarray(x)
    if not x.size:
        return np.zeros(np.shape(f(x)) + x.shape)
    columns = []
    for place in np.ndindex(x.shape):
        direction = np.zeros(x.shape)
        direction[place] = 1.0
        columns.append(along(f, x, direction, scheme, h))
    return np.moveaxis(np.reshape(columns, x.shape + np.shape(columns[0])), range(x.ndim), range(-x.ndim, 0))


def error_against_step(f, x, truth, steps, scheme="central difference"):
    """|derivative - truth| at the number x for each step h, for a picture of how h is chosen."""
    return np.array([abs(along(f, x, 1.0, scheme, h) - truth) for h in steps])
