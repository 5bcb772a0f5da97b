"""Forward mode on one number: dual numbers v + v̇ ε with ε² = 0.

f(x + ε) = f(x) + f'(x) ε: a function computed with dual numbers brings its derivative along, in one
pass and without formulas. Slides "Dual Numbers" and "Differentiation with Dual numbers".
"""

import numpy as np

from nnlib.differentiation.operators import COMPARISONS
from nnlib.differentiation.refusals import FLOAT, IN_PLACE, sentence, unsupported
from nnlib.differentiation.rules import DERIVATIVES

NUMBERS = frozenset({int, float, np.float64})
DIVISIONS = frozenset({np.divide, np.remainder, np.floor_divide})


class Dual:
    """The dual number value + derivative ε.

        (v + v̇ ε) + (w + ẇ ε) = (v + w) + (v̇ + ẇ) ε        sum rule
        (v + v̇ ε) · (w + ẇ ε) = v w + (v̇ w + v ẇ) ε        product rule, since ε² = 0
        g(v + v̇ ε)            = g(v) + g'(v) v̇ ε           chain rule, with g' from the table `rules`

    >>> (lambda x: x**2 + 2 * x + 3)(Dual(3, 1))
    18 + 8ε

    Value and derivative may be dual numbers of a lower `level`: derivatives of derivatives. Seen from
    a higher level, a dual number of a lower level is a constant.

    Raises ZeroDivisionError for a division by a dual number with value 0, and ValueError where the
    derivative would be lost (`float`, `math.sin`), a NumPy function has no rule, or a power is not real.
    """

    __slots__ = ("derivative", "level", "value")
    called = "a Dual"

    def __init__(self, value, derivative=0.0, level=0):
        self.value, self.derivative, self.level = value, derivative, level

    def __add__(self, other):
        if type(other) in NUMBERS:
            return Dual(self.value + other, self.derivative, self.level)
        if type(other) is Dual and other.level == self.level:
            return Dual(self.value + other.value, self.derivative + other.derivative, self.level)
        return apply(np.add, self, other)

    def __mul__(self, other):
        if type(other) in NUMBERS:
            return Dual(self.value * other, self.derivative * other, self.level)
        if type(other) is Dual and other.level == self.level:
            derivative = self.derivative * other.value + self.value * other.derivative
            return Dual(self.value * other.value, derivative, self.level)
        return apply(np.multiply, self, other)

    def __pow__(self, other):
        if type(other) in NUMBERS:
            try:
                value = self.value**other
                slope = other * self.value ** (other - 1) if other else 0.0
            except ZeroDivisionError:
                raise ZeroDivisionError(
                    f"({self}) ** {other} needs the inverse of a dual number with value 0, which has none."
                ) from None
            if type(value) is complex:
                raise ValueError(f"({self}) ** {other} is not a real number.")
            return Dual(value, slope * self.derivative, self.level)
        return apply(np.power, self, other)

    def __neg__(self):
        return Dual(-self.value, -self.derivative, self.level)

    def __pos__(self):
        return self

    def __sub__(self, other):
        if type(other) in NUMBERS:
            return Dual(self.value - other, self.derivative, self.level)
        if type(other) is Dual and other.level == self.level:
            return Dual(self.value - other.value, self.derivative - other.derivative, self.level)
        return apply(np.subtract, self, other)

    def __rsub__(self, other):
        return -self + other

    __radd__, __rmul__ = __add__, __mul__

    def __truediv__(self, other):
        return apply(np.divide, self, other)

    def __rtruediv__(self, other):
        return apply(np.divide, other, self)

    def __rpow__(self, other):
        return apply(np.power, other, self)

    def __mod__(self, other):
        return apply(np.remainder, self, other)

    def __rmod__(self, other):
        return apply(np.remainder, other, self)

    def __floordiv__(self, other):
        return apply(np.floor_divide, self, other)

    def __rfloordiv__(self, other):
        return apply(np.floor_divide, other, self)

    def __abs__(self):
        return apply(np.absolute, self)

    # Comparisons look at the value alone: a branch or loop is taken as without derivatives.
    def __lt__(self, other):
        return self.value < getattr(other, "value", other)

    def __le__(self, other):
        return self.value <= getattr(other, "value", other)

    def __gt__(self, other):
        return self.value > getattr(other, "value", other)

    def __ge__(self, other):
        return self.value >= getattr(other, "value", other)

    def __eq__(self, other):
        return self.value == getattr(other, "value", other)

    def __ne__(self, other):
        return self.value != getattr(other, "value", other)

    __hash__ = None

    def __bool__(self):
        return bool(self.value)

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        if "out" in options:
            raise sentence(IN_PLACE, self)
        if method != "__call__" or options:
            raise unsupported(ufunc, DERIVATIVES)
        return apply(ufunc, *inputs)

    def __array_function__(self, function, types, arguments, options):
        options = dict(zip(options, _as_arrays(options.values()), strict=True))
        return function(*_as_arrays(arguments), **options)

    def __float__(self):
        raise sentence(FLOAT, self)

    __int__ = __complex__ = __index__ = __round__ = __float__

    def __repr__(self):
        value, derivative = _short(self.value), _short(self.derivative)
        if derivative.startswith("-"):
            return f"{value} - {derivative[1:]}ε"
        return f"{value} + {derivative}ε"


def apply(ufunc, *inputs):
    """g(v + v̇ ε) = g(v) + g'(v) v̇ ε for every elementary function g, of one or two arguments."""
    if any(not isinstance(x, (Dual, int, float, np.number)) for x in inputs):
        return ufunc(*_as_arrays(inputs))
    if ufunc in COMPARISONS:
        return ufunc(*(getattr(x, "value", x) for x in inputs))
    if ufunc not in DERIVATIVES:
        raise unsupported(ufunc, DERIVATIVES)
    level = max(x.level for x in inputs if type(x) is Dual)
    own = [type(x) is Dual and x.level == level for x in inputs]
    values = [x.value if at else x for x, at in zip(inputs, own, strict=True)]
    # Of whole numbers NumPy would make whole numbers: np.reciprocal(2) is 0.
    values = [float(v) if isinstance(v, (int, np.integer)) else v for v in values]
    if ufunc is np.reciprocal:
        return apply(np.divide, 1.0, *inputs)
    if ufunc in DIVISIONS and values[1] == 0:
        raise ZeroDivisionError(f"({inputs[0]}) / ({inputs[1]}): a dual number with value 0 has no inverse.")
    y = ufunc(*values)
    rules = DERIVATIVES[ufunc] if len(inputs) == 2 else (DERIVATIVES[ufunc],)
    terms = [rule(*values, y) * x.derivative for rule, x, at in zip(rules, inputs, own, strict=True) if at]
    return Dual(y, sum(terms[1:], terms[0]), level)


def _as_arrays(arguments):
    """Dual numbers among the arguments as dual arrays, also those in lists."""
    from nnlib.differentiation.array_dual import from_number

    def one(x):
        if isinstance(x, Dual):
            return from_number(x)
        return type(x)(map(one, x)) if isinstance(x, (list, tuple)) else x

    return [one(x) for x in arguments]


def _short(number):
    if isinstance(number, Dual):
        return f"({number})"
    return f"{float(number):.12g}"
