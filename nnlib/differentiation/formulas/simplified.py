"""What 0 and 1 do in an expression: x + 0 = x, 1 x = x, 0 x = 0, x¹ = x, x⁰ = 1, and -1 x = -x."""

import numpy as np

from nnlib.differentiation.numpy_protocol.messages import COMPLEX, MIXED
from nnlib.differentiation.numpy_protocol.operators import Operators

# The numbers that change nothing on the left and on the right.
NEUTRAL = {
    np.add: (0, 0),
    np.subtract: (None, 0),
    np.multiply: (1, 1),
    np.divide: (None, 1),
    np.power: (None, 1),
}


def number(x):
    """A constant as a float; a ValueError for a complex one, or what belongs to another derivative."""
    if isinstance(x, (complex, np.complexfloating)):
        raise ValueError(COMPLEX.format("An expression"))
    if hasattr(x, "rank"):
        raise ValueError(MIXED)
    return float(x)


def is_number(x, number):
    """Whether x is this number; an expression never is."""
    return not isinstance(x, Operators) and x == number


def simplified(ufunc, *inputs):
    """ufunc(*inputs) if it is a number or an expression that is there already, -x included; else None."""
    if not any(isinstance(x, Operators) for x in inputs):
        return float(ufunc(*inputs))
    if len(inputs) == 1:
        return inputs[0] if ufunc is np.positive else None
    x1, x2 = inputs
    left, right = NEUTRAL.get(ufunc, (None, None))
    if is_number(x1, left):
        return x2
    if is_number(x2, right):
        return x1
    if ufunc is np.power and is_number(x2, 0):
        return 1.0
    if ufunc is np.multiply:
        if is_number(x1, 0) or is_number(x2, 0):
            return 0.0
        if is_number(x1, -1):
            return -x2
        if is_number(x2, -1):
            return -x1
    return None
