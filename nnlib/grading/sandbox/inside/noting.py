"""What a function computes on its way: each value as its size and a few numbers that tell it from others."""

import functools

import numpy as np

MOST_VALUES = 1000
"""Values that are noted: loops over single numbers compute more, and those are compared with nothing."""

MOST_ENTRIES = 10_000
"""Of a value that is noted."""


MOST_PARTS = 10
"""Of a tuple or list whose parts are noted."""


class Notes:
    """A list of rows (line, size, *marks), one for each value that was given to `note`."""

    def __init__(self):
        self.rows = []

    def note(self, value, line):
        """The value itself, noted if it is a number or an array of numbers, or a tuple or list of such."""
        if isinstance(value, (tuple, list)) and len(value) <= MOST_PARTS:
            for part in value:
                if is_numeric(part):
                    self.note(part, line)
        elif len(self.rows) < MOST_VALUES and is_numeric(value) and np.size(value) <= MOST_ENTRIES:
            self.rows.append([line, *row_of(np.asarray(value, dtype=float))])
        return value


def is_numeric(value):
    """Whether a value is a number or an array of numbers."""
    return isinstance(value, (int, float, np.ndarray, np.generic)) and np.asarray(value).dtype.kind in "iuf"


@functools.lru_cache(maxsize=64)
def weights_of(size):
    """Weights whose sum with so many numbers tells these from others."""
    return np.cos(np.arange(1, size + 1))


def row_of(array):
    """The size of an array, two numbers by which it and its transpose are known again, and their scale."""
    weights = weights_of(array.size)
    with np.errstate(all="ignore"):
        marks = float(array.ravel() @ weights), float(array.T.ravel() @ weights)
        return [array.size, *marks, float(np.abs(array).sum())]
