"""Expressions in an array, and with them the Jacobian of a function of arrays, element by element.

NumPy's functions of arrays are sums, products and other places of the elements, each an `Expression`.
"""

import itertools

import numpy as np

from nnlib.differentiation.numpy_protocol.composites import COMPOSITES, axes_of
from nnlib.differentiation.numpy_protocol.messages import output_of
from nnlib.differentiation.numpy_protocol.operators import COMPARISONS, Operators, inputs_of
from nnlib.differentiation.symbolic import RULES, Condition, Expression


def jacobian(f, x):
    """∂f/∂x by formulas that are evaluated at x, and the shape of f(x)."""
    symbols, outputs = expressions(f, x)
    values = dict(zip(symbols.flat, x.flat, strict=True))
    found = np.zeros(outputs.shape + x.shape)
    for place in np.ndindex(outputs.shape):
        y = outputs[place]
        for at in np.ndindex(x.shape):
            slope = y.derivative(symbols[at]) if isinstance(y, Expression) else 0.0
            found[place + at] = slope.evaluate(values) if isinstance(slope, Expression) else slope
    return found, outputs.shape


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
    known = tuple(RULES)

    def __init__(self, value):
        self.value = value

    @staticmethod
    def apply(ufunc, x1, x2=None):
        items = [_items(x) for x in inputs_of(x1, x2)]
        if ufunc is np.matmul:
            return _wrap(_matmul(*items))
        found = np.frompyfunc(lambda *x: Expression.apply(ufunc, *x), ufunc.nin, 1)(*items)
        if ufunc in COMPARISONS:
            return np.ravel(found)[0]
        return _wrap(found)

    def __getitem__(self, index):
        if any(isinstance(i, Condition) for i in (index if isinstance(index, tuple) else (index,))):
            bool(Condition("which elements are taken"))
        return _wrap(self.value[index])

    def __bool__(self):
        return bool(Condition("a value"))


def _wrap(found):
    """An array of expressions; without axes it is the expression itself."""
    if not isinstance(found, np.ndarray):
        return found
    return ExpressionArray(found) if found.ndim else found[()]


def _items(x):
    """x as an object array; a single expression has no axes."""
    if isinstance(x, ExpressionArray):
        return x.value
    if not isinstance(x, Expression):
        return np.asarray(x, dtype=object)
    items = np.empty((), dtype=object)
    items[()] = x
    return items


def _matmul(A, B):
    if not A.ndim or not B.ndim or A.shape[-1] != B.shape[max(B.ndim - 2, 0)]:
        raise ValueError(f"@ of shapes {A.shape} and {B.shape}: the inner lengths differ.")
    return np.matmul(A, B)


def _sum(x, axis=None, *, keepdims=False):
    axes = axes_of(axis, x.ndim)
    kept = [a for a in range(x.ndim) if a not in axes]
    items = np.transpose(x.value, (*kept, *axes)).reshape(*(x.shape[a] for a in kept), -1)
    totals = np.empty(items.shape[:-1], dtype=object)
    for place in np.ndindex(totals.shape):
        totals[place] = _total(items[place])
    shape = tuple(1 if a in axes else x.shape[a] for a in range(x.ndim)) if keepdims else totals.shape
    return _wrap(totals.reshape(shape))


def _total(values):
    values = list(values)
    return sum(values[1:], values[0]) if values else 0.0


def _where(condition, x1, x2):
    if isinstance(condition, (Condition, Operators)):
        bool(condition)
    return _wrap(np.where(condition, _items(x1), _items(x2)))


ExpressionArray.functions = {
    np.sum: _sum,
    np.max: lambda x, **options: bool(Condition("which element is the largest")),
    np.reshape: lambda x, shape: ExpressionArray(np.reshape(x.value, shape)),
    np.transpose: lambda x, axes=None: ExpressionArray(np.transpose(x.value, axes)),
    np.concatenate: lambda arrays, axis=0: ExpressionArray(np.concatenate([*map(_items, arrays)], axis=axis)),
    np.where: _where,
}
# What an expression needs of arrays is given to it here, since arrays are made of expressions. It takes
# the functions as an array without axes.
Expression.array = ExpressionArray
Expression.functions = {
    function: (lambda *x, function=function, **options: function(*_arrays(x), **options))
    for function in (*ExpressionArray.functions, *COMPOSITES)
}


def _arrays(arguments):
    def one(x):
        if isinstance(x, (list, tuple)):
            return type(x)(map(one, x))
        return ExpressionArray(_items(x)) if isinstance(x, Expression) else x

    return [one(x) for x in arguments]
