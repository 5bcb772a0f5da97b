"""Several arrays as one argument: lists, tuples and dicts, also within each other."""

import numpy as np


def leaves_of(x):
    """The arrays in x, and a function that puts as many others into the same structure.

    Anything else is one leaf; so is a list of numbers, or of lists of them, which is one array.
    """
    if not is_structure(x):
        return [x], lambda leaves: leaves[0]
    leaves = []
    _collect(x, leaves)
    return leaves, lambda others: _rebuild(x, iter(others))


def is_structure(x):
    """Whether x is a dict, or a list or tuple with an array in it."""
    if isinstance(x, (list, tuple)):
        return any(isinstance(item, np.ndarray) or hasattr(item, "rank") or is_structure(item) for item in x)
    return isinstance(x, dict)


def _collect(x, leaves):
    if isinstance(x, (list, tuple, dict)):
        for item in x.values() if isinstance(x, dict) else x:
            _collect(item, leaves)
    else:
        leaves.append(x)


def _rebuild(x, others):
    if isinstance(x, dict):
        return type(x)((key, _rebuild(item, others)) for key, item in x.items())
    if isinstance(x, (list, tuple)):
        items = [_rebuild(item, others) for item in x]
        return type(x)(*items) if hasattr(x, "_fields") else type(x)(items)
    return next(others)
