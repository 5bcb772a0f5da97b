"""Checks of arguments: every public function of nnlib reads its arguments through these.

Each returns the checked value, or raises a `ValueError` whose sentence says what was wrong, what was
expected, and what to do.
"""

import numbers

import numpy as np


def finite(values, name, ndim=None, dtype=None):
    """`values` as a floating point array without NaN or infinity.

    `ndim` is an allowed number of axes or a tuple of them; float32 and float64 are kept, everything
    else becomes float64, unless `dtype` says otherwise.

    Raises
    ------
    ValueError: not numbers, rows of different lengths, another number of axes, or a value that is
    not finite.
    """
    try:
        array = np.asarray(values)
    except ValueError:
        raise ValueError(f"{name} must be an array, but its rows differ in length.") from None
    if dtype is None:
        dtype = array.dtype if array.dtype in (np.float32, np.float64) else np.float64
    try:
        if array.dtype.kind not in "biufO":
            raise TypeError("not real numbers")
        with np.errstate(
            over="ignore"
        ):  # a number too large for float32 becomes infinity, which raises below
            array = array.astype(dtype, copy=False)
    except (TypeError, ValueError, OverflowError):
        entries = f" of {array.dtype.type.__name__.rstrip('_')}" if array.ndim else ""
        raise ValueError(
            f"{name} must be an array of real numbers, got {type(values).__name__}{entries}."
        ) from None
    allowed = ndim if isinstance(ndim, tuple) else (ndim,)
    if ndim is not None and array.ndim not in allowed:
        expected = " or ".join(str(n) for n in allowed)
        raise ValueError(
            f"{name} must have {expected} {'axis' if expected == '1' else 'axes'}, got shape {array.shape}."
        )
    if not np.isfinite(array).all():
        place = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
        entry = f"{name.split(' of ')[0]}{list(place)}" if place else "it"
        in_dtype = " in float32" if array.dtype == np.float32 else ""
        raise ValueError(f"{name} must be finite, but {entry} is {array[place]}{in_dtype}.")
    return array


def shaped(values, name, shape, why="", dtype=None):
    """`values` as a finite array of exactly `shape`; `why` ends the sentence of the error.

    Raises
    ------
    ValueError: as `finite`, or another shape.
    """
    array = finite(values, name, dtype=dtype)
    if array.shape != tuple(shape):
        raise ValueError(f"{name} has shape {array.shape}, expected {tuple(shape)}{why}.")
    return array


def samples(X, name="X", columns=None, why="", dtype=None):
    """A batch: finite, one sample a row, at least one row, and `columns` columns if given.

    Raises
    ------
    ValueError: as `finite`, an empty batch, or another number of columns.
    """
    X = finite(X, name, ndim=2, dtype=dtype)
    if len(X) == 0:
        raise ValueError(f"{name} is an empty batch of shape {X.shape}: it needs at least one row.")
    if columns is not None and X.shape[1] != columns:
        raise ValueError(f"{name} has shape {X.shape}, expected (N, {columns}){why}: one sample a row.")
    return X


def one_hot_rows(T, name="T", shape=None, dtype=None):
    """T as an array of desired outputs in one-hot encoding: a single 1 in each row, otherwise 0.

    T has shape (N, F), or (F,) for one sample. `nnlib.datasets.one_hot` makes it from class numbers.

    Raises
    ------
    ValueError: as `finite`, another shape than `shape`, or a row that is not one-hot.
    """
    T = finite(T, name, ndim=(1, 2), dtype=dtype)
    if shape is not None and T.shape != tuple(shape):
        raise ValueError(f"{name} has shape {T.shape}, expected {tuple(shape)}: one column a class.")
    rows = np.atleast_2d(T)
    wrong = ~(((rows == 0) | (rows == 1)).all(axis=1) & (rows.sum(axis=1) == 1))
    if wrong.any():
        row = int(np.argmax(wrong))
        raise ValueError(
            f"{name} must be one-hot (a single 1 in each row, otherwise 0), "
            f"but row {row} is {np.array2string(rows[row], threshold=12)}."
        )
    return T


def learning_rate(alpha):
    """α as a float, 0 < α ≤ 1 as on the slide "Weight Update".

    Raises
    ------
    ValueError: not a number, or outside of that range.
    """
    if not isinstance(alpha, numbers.Real) or isinstance(alpha, bool):
        raise ValueError(f"The learning rate α must be a number, got {alpha!r}.")
    value = float(alpha)
    if not 0 < value <= 1:
        raise ValueError(f"The learning rate α must be in 0 < α <= 1, got {value:g}.")
    return value


def whole_number(value, name, at_least):
    """`value` as an int. Raises ValueError if it is not a whole number, or below `at_least`."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < at_least:
        raise ValueError(f"{name} must be a whole number of at least {at_least}, got {value!r}.")
    return int(value)


def float_type(dtype):
    """float64 or float32 as a NumPy dtype. Raises ValueError for any other."""
    try:
        checked = np.dtype(dtype)
    except TypeError:
        raise ValueError(f"dtype must be float64 or float32, got {dtype!r}.") from None
    if checked not in (np.float64, np.float32):
        raise ValueError(f"dtype must be float64 or float32, got {checked}.")
    return checked


def random_generator(rng):
    """A NumPy generator from a seed, or `rng` itself if it is one; None gives another each time.

    Raises ValueError for anything else.
    """
    try:
        return np.random.default_rng(rng)
    except (TypeError, ValueError):
        raise ValueError(
            f"rng must be a seed (a whole number of at least 0) or a NumPy generator, got {rng!r}."
        ) from None
