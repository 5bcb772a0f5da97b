"""The base of `Dual`: the methods that let Python and NumPy compute with it as with a number.

Operators and functions of NumPy that `Dual` does not define itself call `apply(g, *inputs)`. It handles
arrays, comparisons and errors, and leaves the derivative to `chain_rule` of `Dual`.
"""

import operator

import numpy as np

from nnlib.differentiation.numpy_protocol.messages import (
    COMPLEX,
    FLOAT,
    IN_PLACE,
    output_of,
    sentence,
    unsupported,
)
from nnlib.differentiation.numpy_protocol.operators import (
    BINARY,
    COMPARING,
    COMPARISONS,
    from_left,
    from_right,
)
from nnlib.differentiation.rules import DERIVATIVES
from nnlib.differentiation.rules import UNARY as UNARY_RULES

DIVIDING = ("truediv", "mod", "floordiv")
DIVISIONS = frozenset(BINARY[name] for name in DIVIDING)

NO_INVERSE = "({}) / ({}): a dual number with value 0 has no inverse."


class NumberProtocol:
    """Division, reflected operators, comparisons and NumPy's protocols.

    Raises ZeroDivisionError for a division by a dual number with value 0, and ValueError where the
    derivative would be lost (`float`, `math.sin`), a NumPy function has no rule, or a power is not real.
    """

    __slots__ = ()
    called = "a Dual"

    def apply(self, g, *inputs):
        """g of one or two inputs, of which at least one is a dual number."""
        if any(not isinstance(x, (NumberProtocol, int, float, np.number)) for x in inputs):
            return g(*_as_arrays(inputs))
        if any(isinstance(x, np.complexfloating) for x in inputs):
            raise sentence(COMPLEX, self)
        if g in COMPARISONS:
            return g(*(getattr(x, "value", x) for x in inputs))
        if g not in DERIVATIVES:
            raise unsupported(g, DERIVATIVES)
        if g is np.reciprocal:
            return self.apply(np.divide, 1.0, *inputs)
        if g in DIVISIONS and inputs[1] == 0:
            raise ZeroDivisionError(NO_INVERSE.format(*inputs))
        return self.chain_rule(g, *inputs)

    rank = property(lambda self: self.level)

    def as_array(self):
        """This number as a dual array without axes."""
        from nnlib.differentiation.numpy_protocol.dual_array import from_number

        return from_number(self)

    def __rsub__(self, other):
        return -self + other

    def __pos__(self):
        return self

    conjugate = __pos__  # of a real number it is the number itself; np.var calls it

    def __abs__(self):
        return self.apply(np.absolute, self)

    def __bool__(self):
        return bool(self.value)

    __hash__ = None  # two with equal values may differ in their derivatives: not usable as a key of a dict

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        if "out" in options:
            raise sentence(IN_PLACE, self)
        if method != "__call__" or options:
            raise unsupported(ufunc, DERIVATIVES)
        return self.apply(ufunc, *inputs)

    def __array_function__(self, function, types, arguments, options):
        options = dict(zip(options, _as_arrays(options.values()), strict=True))
        return function(*_as_arrays(arguments), **options)

    def __float__(self):
        raise sentence(FLOAT, self)

    __int__ = __complex__ = __index__ = __round__ = __float__


def _comparison(holds):
    return lambda x1, x2: holds(x1.value, getattr(x2, "value", x2))


# Arrays of objects, np.array([x, x**2]), ask each element for these.
def _method(g):
    return lambda self: self.apply(g, self)


for g in UNARY_RULES:
    setattr(NumberProtocol, g.__name__, _method(g))
for name in DIVIDING:
    setattr(NumberProtocol, f"__{name}__", from_left(BINARY[name]))
for name in (*DIVIDING, "pow"):
    setattr(NumberProtocol, f"__r{name}__", from_right(BINARY[name]))
# Comparisons look at the value alone: a branch or loop goes the way that it goes without derivatives.
for name in COMPARING:
    setattr(NumberProtocol, f"__{name}__", _comparison(getattr(operator, name)))


def real(number):
    """The number as float if it is whole: NumPy's functions of ints return ints, np.reciprocal(2) is 0."""
    return float(number) if isinstance(number, (int, np.integer)) else number


def is_zero(number):
    """Whether a derivative is the number 0. A dual number is not, though its value may be 0."""
    return not isinstance(number, NumberProtocol) and number == 0


def decimal(number):
    """The number as it is printed: with 12 digits, a dual number in parentheses."""
    return f"({number})" if isinstance(number, NumberProtocol) else f"{float(number):.12g}"


def _as_arrays(arguments):
    """Dual numbers among the arguments as dual arrays, also those in lists and in arrays of objects."""

    def as_array(x):
        if isinstance(x, NumberProtocol):
            return x.as_array()
        if isinstance(x, np.ndarray) and x.dtype == object:
            return output_of(x)
        return type(x)(map(as_array, x)) if isinstance(x, (list, tuple)) else x

    return [as_array(x) for x in arguments]
