"""What a question returns: names for its arrays, and one flat list of arrays from what comes back."""

import array
import numbers
from dataclasses import dataclass

import numpy as np

from nnlib.grading.checks.judging.failure import CheckFailed


@dataclass(frozen=True)
class PerLayer:
    """A list with one tuple of arrays of these names for each layer."""

    names: tuple

    @property
    def text(self):
        return f"one pair ({', '.join(self.names)}) for each layer"


def per_layer(*names):
    """`returns=per_layer("dE/dW", "dE/db")`: a list with one such pair for each layer."""
    return PerLayer(names)


def names_of(returns, number):
    """The names of the flat arrays."""
    if isinstance(returns, PerLayer):
        return [
            f"{returns.names[i % len(returns.names)]} of layer {i // len(returns.names) + 1}"
            for i in range(number)
        ]
    return [returns] if isinstance(returns, str) else list(returns)


def plain(result, returns):
    """The reference's or PyTorch's result as a flat list of float64 arrays."""
    if isinstance(returns, PerLayer):
        parts = [part for layer in result for part in layer]
    elif isinstance(result, dict):
        parts = [result[name] for name in returns]
    else:
        parts = [result] if isinstance(returns, str) else list(result)
    return [np.asarray(part, dtype=np.float64) for part in parts]


def flat(result, returns, name, only=None):
    """The student's result as a flat list of float64 arrays. Raises CheckFailed if its kind is wrong.

    only: the names of the arrays that have to hold numbers, None for all; the others are NaN if they do not.
    """
    if result is None:
        raise CheckFailed("none", f"{name} returned None. Is there a return?")
    if isinstance(returns, str):
        return [as_array(result, returns)]
    if isinstance(returns, PerLayer):
        return _layers(result, returns, name)
    if isinstance(result, dict):
        missing = [key for key in returns if key not in result]
        if missing:
            raise CheckFailed("not_answered", f"{missing[0]} is not answered yet.")
        return [as_array(result[key], key) for key in returns]
    expected = f"{len(returns)} arrays: {', '.join(returns)}"
    if not isinstance(result, (list, tuple)):
        if isinstance(result, np.ndarray) and result.ndim and len(result) == len(returns):
            return [as_array(part, key) for part, key in zip(result, returns, strict=True)]
        raise CheckFailed("type", f"{name} returned {kind_of(result)}. Return {expected}.")
    if len(result) != len(returns):
        raise CheckFailed("type", f"{name} returned {count(len(result), 'array')}. Return {expected}.")
    judged = returns if only is None else only
    return [
        as_array(part, key) if key in judged else _or_nan(part, key)
        for part, key in zip(result, returns, strict=True)
    ]


def _or_nan(part, name):
    try:
        return as_array(part, name)
    except CheckFailed:
        return np.array(np.nan)


def _layers(result, returns, name):
    """The arrays of a list with one tuple for each layer."""
    width = len(returns.names)
    if not isinstance(result, (list, tuple)):
        raise CheckFailed("type", f"{name} returned {kind_of(result)}. Return a list with {returns.text}.")
    if all(isinstance(part, np.ndarray) for part in result) and len(result) % width == 0 and len(result):
        hint = f"{name} returned one flat list of {len(result)} arrays. Return {returns.text}."
        raise CheckFailed("flat", hint)
    if any(not isinstance(layer, (list, tuple)) or len(layer) != width for layer in result):
        lists = len(result) == width and all(isinstance(layer, (list, tuple)) for layer in result)
        hint = f"{name} returned {width} lists" if lists else f"{name} returned no list of pairs"
        raise CheckFailed("type", f"{hint}. Return a list with {returns.text}.")
    return [
        as_array(part, f"{own} of layer {number}")
        for number, layer in enumerate(result, 1)
        for part, own in zip(layer, returns.names, strict=True)
    ]


def as_array(result, name):
    """A result as a float64 array. Raises CheckFailed if it does not hold real numbers."""
    if result is None:
        raise CheckFailed("none", f"{name} is None. Is there a return?")
    kinds = (numbers.Real, np.ndarray, list, tuple, array.array)
    if not isinstance(result, kinds) or isinstance(result, bool):
        raise CheckFailed("type", f"{name} is {kind_of(result)}, expected numbers in a NumPy array.")
    try:
        values = np.array(result, subok=False)
    except ValueError:
        hint = f"{name}: rows of different lengths come back, expected an array."
        if any(isinstance(part, np.ndarray) and part.ndim for part in result):
            hint = f"{name}: arrays of different shapes come back as entries, expected numbers."
        raise CheckFailed("type", hint) from None
    if values.dtype.kind == "c":
        raise CheckFailed("type", f"{name} holds complex numbers, expected real ones.")
    if values.dtype.kind not in "fiub":  # True counts as 1, False as 0
        raise CheckFailed("type", f"{name} does not hold numbers: expected a NumPy array of float64.")
    return values.astype(np.float64)


def fitted(arrays, right):
    """The student's arrays; a single number counts with one or two axes of length 1 around it."""
    if len(arrays) != len(right):
        return arrays
    return [f.reshape(()) if r.ndim == 0 and f.size == 1 else f for f, r in zip(arrays, right, strict=True)]


def kind_of(value):
    """'a tuple', 'an int', 'one array': what a student is told that came back."""
    if isinstance(value, np.ndarray):
        return f"one array of shape {value.shape}"
    name = type(value).__name__
    return f"{'an' if name[0].lower() in 'aeiou' else 'a'} {name}"


def count(number, noun):
    """'1 array', '2 arrays'."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def arrays_in(argument):
    """The float arrays of an argument, in lists and tuples too."""
    if isinstance(argument, (list, tuple)):
        return [part for item in argument for part in arrays_in(item)]
    return [argument] if isinstance(argument, np.ndarray) else []
