"""The chain rule of elementwise functions, as forward and reverse mode use it: d f'(x).

`CHAINED[np.tanh]` is a function of (d, x, y), with y = f(x), that returns d f'(x). In forward mode d
is a derivative of x and the product that of y; in reverse mode d is the adjoint of y and the product
that of x. `CHAINED[np.multiply]` is a pair of functions of (d, x1, x2, y), with y = f(x1, x2).

All follow from `DERIVATIVES`. Some are written out, because so NumPy is called less often, and never
has to convert a number.
"""

import numpy as np

from nnlib.differentiation.rules import BINARY, UNARY


def _of_one(derivative):
    return lambda d, x, y: d * derivative(x, y)


def _of_two(derivative):
    return lambda d, x1, x2, y: d * derivative(x1, x2, y)


CHAINED = {ufunc: _of_one(derivative) for ufunc, derivative in UNARY.items()}
CHAINED |= {ufunc: tuple(map(_of_two, derivatives)) for ufunc, derivatives in BINARY.items()}
CHAINED |= {
    np.negative: lambda d, x, y: -d,
    np.square: lambda d, x, y: d * (x + x),
    np.tanh: lambda d, x, y: d - d * (y * y),
    np.add: (lambda d, x1, x2, y: d, lambda d, x1, x2, y: d),
    np.subtract: (lambda d, x1, x2, y: d, lambda d, x1, x2, y: -d),
    np.multiply: (lambda d, x1, x2, y: d * x2, lambda d, x1, x2, y: d * x1),
    np.divide: (lambda d, x1, x2, y: d / x2, lambda d, x1, x2, y: -d * y / x2),
}
