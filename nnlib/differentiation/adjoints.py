"""The derivatives of `rules` as reverse mode uses them: the adjoint of y times a derivative of y.

`ADJOINTS[np.tanh]` is a function of (g, x, y), with y = f(x) and its adjoint g = ∂E/∂y, that returns
∂E/∂x = g f'(x). `ADJOINTS[np.multiply]` is a pair of functions of (g, x1, x2, y), with y = f(x1, x2).

All follow from `DERIVATIVES`. Some are written out, because so NumPy is called less often, and never
has to convert a number.
"""

import numpy as np

from nnlib.differentiation.rules import BINARY, UNARY


def _of_one(derivative):
    return lambda g, x, y: g * derivative(x, y)


def _of_two(derivative):
    return lambda g, x1, x2, y: g * derivative(x1, x2, y)


ADJOINTS = {ufunc: _of_one(derivative) for ufunc, derivative in UNARY.items()}
ADJOINTS |= {ufunc: tuple(map(_of_two, derivatives)) for ufunc, derivatives in BINARY.items()}
ADJOINTS |= {
    np.negative: lambda g, x, y: -g,
    np.square: lambda g, x, y: g * (x + x),
    np.tanh: lambda g, x, y: g - g * y * y,
    np.add: (lambda g, x1, x2, y: g, lambda g, x1, x2, y: g),
    np.subtract: (lambda g, x1, x2, y: g, lambda g, x1, x2, y: -g),
    np.multiply: (lambda g, x1, x2, y: g * x2, lambda g, x1, x2, y: g * x1),
    np.divide: (lambda g, x1, x2, y: g / x2, lambda g, x1, x2, y: -g * y / x2),
}
