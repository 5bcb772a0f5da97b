"""Changes that need to know the case: its sizes, its arguments, and what names stand for."""

import numpy as np


class OfCase:
    """A change that needs to know the case: `of(program)` gives the function of the operands.

    The program has `sizes` (letter -> number), `given` (name of a parameter -> argument), and `read(name)`,
    what a name of the reference stands for where the changed site is.
    """

    def __init__(self, of):
        self.of = of


def of_size(letter, function):
    """A change with a size of the case, such as the number of samples."""
    return OfCase(lambda case: lambda x: function(x, case.sizes[letter]))


def as_given(name):
    """A change that takes an argument as it was given, wherever it is read."""
    return OfCase(lambda case: lambda x: case.as_given(name))


def another(name):
    """A change that takes another quantity of the reference, of the same kind."""

    def of(case):
        def apply(value):
            other = case.read(name)
            if np.ndim(other) != np.ndim(value) or isinstance(other, list) != isinstance(value, list):
                raise TypeError("nothing of another kind stands in its place")
            return other

        return apply

    return OfCase(of)
