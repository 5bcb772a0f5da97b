"""Where an answer is wrong, when nothing explains why: the array, its rows and columns, a factor."""

import numpy as np


def where_wrong(name, returned, right, tolerance):
    """One sentence on an array that differs, from all cases: lists of arrays, one per case."""
    many = name.startswith("the ") and name.split(" of ")[0].endswith("s")
    has, holds, is_, its = ("have", "hold", "are", "their") if many else ("has", "holds", "is", "its")
    pairs = [
        (f, r) for f, r in zip(returned, right, strict=True) if f is not None and not close(f, r, tolerance)
    ]
    shapes = [(f.shape, r.shape) for f, r in pairs if f.shape != r.shape]
    if shapes:
        return f"{name} {has} shape {shapes[0][0]}, expected {shapes[0][1]}.{_inside(pairs, tolerance)}"
    if any(not np.isfinite(f).all() for f, _ in pairs):
        return f"{name} {holds} NaN or infinity{_which(pairs, lambda f, r: ~np.isfinite(f))}."
    factor = _factor(pairs, tolerance)
    if factor:
        return f"{name} {is_} {factor}"
    largest = float(np.abs(pairs[0][0] - pairs[0][1]).max())
    if all(r.ndim == 0 for r in right):
        return f"{name} {is_} not right, the difference is up to {largest:.2g}."
    if all(_holds_the_last(f, r) for f, r in pairs):
        return (
            f"{name} {has} {its} right last row in all rows, as if one array was stored each time and then "
            "changed in place. Store a copy."
        )
    wrong = _which(pairs, lambda f, r: np.abs(f - r) > tolerance * max(1e-6, np.abs(r).max()))
    return f"{name} {has} the right shape, but {its} values differ by up to {largest:.2g}{wrong}."


def _inside(pairs, tolerance):
    """A sentence if the right values stand in a larger array, in every case: where, in the first."""
    places = [_place(f, r, tolerance) for f, r in pairs]
    if None in places or not pairs:
        return ""
    axes = [f"{axis} {at}" for axis, at in zip(("row", "column"), places[0], strict=False)]
    return f" The right values stand in it, from {' and '.join(axes)} on, counted from 0: leave out the rest."


def _place(returned, right, tolerance):
    """Where a window of `returned` is right, or None."""
    if returned.ndim != right.ndim or right.ndim not in (1, 2) or not right.size:
        return None
    if any(f < r for f, r in zip(returned.shape, right.shape, strict=True)):
        return None
    windows = np.lib.stride_tricks.sliding_window_view(returned, right.shape)
    places = (at for at in np.ndindex(windows.shape[: right.ndim]) if close(windows[at], right, tolerance))
    return next(places, None)


def _holds_the_last(returned, right):
    """Whether each row is the last of the right ones, which are not all the same."""
    return (
        right.ndim == 2 and len(right) > 2 and np.all(returned == returned[-1])
        and np.allclose(returned[-1], right[-1], rtol=1e-9, atol=1e-12)
    )  # fmt: skip


def close(returned, right, tolerance):
    """Whether two arrays agree, relative to the largest entry of the right one."""
    if returned.shape != right.shape:
        return False
    if not np.isfinite(returned).all():
        return bool(np.array_equal(returned, right, equal_nan=True))
    largest = np.abs(right).max(initial=0)
    return bool(np.abs(returned - right).max(initial=0) <= tolerance * max(1e-6, largest))


def _which(pairs, wrong_entries):
    """', in its first row alone' and the like, if that is so in every case."""
    masks = [np.asarray(wrong_entries(f, r)) for f, r in pairs]
    masks = [m for m in masks if m.ndim and m.size > 1]
    if not masks:
        return ""
    for words, holds in PATTERNS:
        chosen = [m for m in masks if m.ndim == 2 and min(m.shape) > 1] if "column" in words else masks
        if "diagonal" in words and any(len(set(m.shape)) > 1 or m.ndim != 2 for m in masks):
            continue
        if chosen and all(holds(m) for m in chosen):
            return f", {words}"
    return ""


PATTERNS = (
    ("in its last row alone", lambda m: len(m) > 1 and not m[:-1].any()),
    ("in its first row alone", lambda m: len(m) > 1 and not m[1:].any()),
    ("in all rows but the first", lambda m: len(m) > 1 and not m[0].any()),
    ("in all rows but the last", lambda m: len(m) > 1 and not m[-1].any()),
    ("in its last column alone", lambda m: not m[:, :-1].any()),
    ("in its first column alone", lambda m: not m[:, 1:].any()),
    ("in all columns but the first", lambda m: not m[:, 0].any()),
    ("in all columns but the last", lambda m: not m[:, -1].any()),
    ("on its diagonal alone", lambda m: not (m & ~np.eye(*m.shape, dtype=bool)).any()),
    ("but not on its diagonal", lambda m: not m[np.eye(*m.shape, dtype=bool)].any()),
)


def _factor(pairs, tolerance):
    """'right up to a factor ...' if the quotient is the same throughout, or along rows or columns."""
    with np.errstate(all="ignore"):
        quotients = [f / r for f, r in pairs]
    if any(q.size < 2 or not np.isfinite(q).all() for q in quotients):
        return ""
    if all(_even(q, None, tolerance) for q in quotients):
        factors = [float(q.flat[0]) for q in quotients]
        if not any(factors):
            return "is 0 throughout."
        if max(factors) - min(factors) <= 1e-6 * abs(factors[0]):
            return f"right up to a factor: yours is {factors[0]:.4g} times the right values."
        return "right up to a factor, which depends on the input."
    matrices = [q for q in quotients if q.ndim == 2 and min(q.shape) > 1]
    if matrices and len(matrices) == len(quotients):
        if all(_even(q, 1, tolerance) for q in matrices):
            return "right up to a factor of its own for each row."
        if all(_even(q, 0, tolerance) for q in matrices):
            return "right up to a factor of its own for each column."
    return ""


def _even(quotient, axis, tolerance):
    spread = quotient.max(axis=axis) - quotient.min(axis=axis)
    return bool(np.all(spread <= 1e3 * tolerance * np.abs(quotient).max(axis=axis)))
