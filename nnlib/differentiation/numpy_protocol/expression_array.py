"""Expressions in an array, and with them the Jacobian of a function of arrays, element by element.

NumPy's functions of arrays are sums, products and other places of the elements, each an `Expression`.
"""

import itertools

import numpy as np

from nnlib.differentiation.numpy_protocol.messages import output_of
from nnlib.differentiation.numpy_protocol.operators import COMPARISONS, Operators, inputs_of
from nnlib.differentiation.numpy_protocol.products import matmul
from nnlib.differentiation.symbolic import Condition, Expression


def jacobian(f, x):
    """∂f/∂x by formulas that are evaluated at x, and the shape of f(x)."""
    symbols, outputs = expressions(f, x)
    values = dict(zip(symbols.flat, x.flat, strict=True))
    slopes = np.zeros(outputs.shape + x.shape, x.dtype)
    for place in np.ndindex(outputs.shape):
        y = outputs[place]
        for at in np.ndindex(x.shape):
            slope = y.derivative(symbols[at]) if isinstance(y, Expression) else 0.0
            slopes[place + at] = slope.evaluate(values) if isinstance(slope, Expression) else slope
    return slopes, outputs.shape


def expressions(f, x):
    """The symbols of x and the outputs of f, as two object arrays."""
    symbols = np.empty(x.shape, dtype=object)
    for number, place in zip(itertools.count(1), np.ndindex(x.shape), strict=False):
        symbols[place] = Expression(f"x{number}" if x.ndim else "x")
    y = f(ExpressionArray(symbols) if x.ndim else symbols[()])
    return symbols, _items(output_of(y))


class ExpressionArray(Operators):
    """Expressions in an array: NumPy's functions act on each element."""

    __slots__ = ("value",)
    called = "an array of expressions"

    def __init__(self, value):
        self.value = value

    @staticmethod
    def apply(ufunc, x1, x2=None):
        if ufunc is np.matmul:
            return matmul(x1, x2)
        items = [_items(x) for x in inputs_of(x1, x2)]
        outputs = np.frompyfunc(lambda *x: Expression.apply(ufunc, *x), ufunc.nin, 1)(*items)
        return np.ravel(outputs)[0] if ufunc in COMPARISONS else _wrap(outputs)

    @staticmethod
    def derive(operation, operands, value, push, pull, *options):
        """NumPy computes with the elements one by one: the derivative is taken of each later."""
        return _wrap(value(*map(_items, operands)))

    def __getitem__(self, index):
        if any(isinstance(i, Condition) for i in (index if isinstance(index, tuple) else (index,))):
            bool(Condition("which elements are taken"))
        return _wrap(self.value[index])

    def __bool__(self):
        return bool(Condition("a value"))


def _wrap(items):
    """An array of expressions; without axes it is the expression itself."""
    if not isinstance(items, np.ndarray):
        return items
    return ExpressionArray(items) if items.ndim else items[()]


def _items(x):
    """x as an object array; a single expression has no axes."""
    if isinstance(x, ExpressionArray):
        return x.value
    if not isinstance(x, Expression):
        return np.asarray(x, dtype=object)
    items = np.empty((), dtype=object)
    items[()] = x
    return items


# `Expression` uses these two, but this module imports it: so they are set here.
Expression.array = ExpressionArray
Expression.derive = staticmethod(ExpressionArray.derive)
