"""Forward mode on one number: dual numbers v + v̇ ε with ε² = 0.

f(x + ε) = f(x) + f'(x) ε: a function computed with dual numbers brings its derivative along, in one
pass and without formulas. Slides "Dual Numbers" and "Differentiation with Dual numbers".
"""

import numpy as np

from nnlib.differentiation.numpy_protocol.dual_number import NumberProtocol, decimal, is_zero, real
from nnlib.differentiation.numpy_protocol.messages import NOT_INVERTIBLE, NOT_REAL
from nnlib.differentiation.rules import DERIVATIVES

CONSTANTS = frozenset({int, float, np.float64})  # constants: their derivative is 0


class Dual(NumberProtocol):
    """The dual number value + derivative ε.

        (v + v̇ ε) + (w + ẇ ε) = (v + w) + (v̇ + ẇ) ε        sum rule
        (v + v̇ ε) · (w + ẇ ε) = v w + (v̇ w + v ẇ) ε        product rule, since ε² = 0
        g(v + v̇ ε)            = g(v) + g'(v) v̇ ε           chain rule, with g' from the table `rules`

    >>> (lambda x: x**2 + 2 * x + 3)(Dual(3, 1))
    18 + 8ε

    Value and derivative may be dual numbers of a lower `level`: derivatives of derivatives. Seen from
    a higher level, a dual number of a lower level is a constant. Division, functions such as np.sin and
    rare operands go to `apply` of `NumberProtocol`, and from there to `chain_rule`.
    """

    __slots__ = ("derivative", "level", "value")

    def __init__(self, value, derivative=0.0, level=0):
        self.value, self.derivative, self.level = value, derivative, level

    def __add__(self, other):
        if type(other) in CONSTANTS:
            return Dual(self.value + other, self.derivative, self.level)
        if type(other) is Dual and other.level == self.level:
            return Dual(self.value + other.value, self.derivative + other.derivative, self.level)
        return self.apply(np.add, self, other)

    def __sub__(self, other):
        if type(other) in CONSTANTS:
            return Dual(self.value - other, self.derivative, self.level)
        if type(other) is Dual and other.level == self.level:
            return Dual(self.value - other.value, self.derivative - other.derivative, self.level)
        return self.apply(np.subtract, self, other)

    def __mul__(self, other):
        if type(other) in CONSTANTS:
            return Dual(self.value * other, self.derivative * other, self.level)
        if type(other) is Dual and other.level == self.level:
            derivative = self.derivative * other.value + self.value * other.derivative
            return Dual(self.value * other.value, derivative, self.level)
        return self.apply(np.multiply, self, other)

    __radd__, __rmul__ = __add__, __mul__  # 2 + x is x + 2

    def __neg__(self):
        return Dual(-self.value, -self.derivative, self.level)

    def __pow__(self, p):
        if type(p) not in CONSTANTS:
            return self.apply(np.power, self, p)
        try:
            y = self.value**p
            slope = 0.0 if p == 0 or is_zero(self.derivative) else p * self.value ** (p - 1)
        except ZeroDivisionError:
            raise ZeroDivisionError(NOT_INVERTIBLE.format(self, p)) from None
        if type(y) is complex:
            raise ValueError(NOT_REAL.format(self, p))
        return Dual(y, slope * self.derivative, self.level)

    @staticmethod
    def chain_rule(g, *inputs):
        """g(v + v̇ ε) = g(v) + g'(v) v̇ ε; of two inputs each adds its term, a constant adds none."""
        level = max(x.level for x in inputs if type(x) is Dual)
        varies = [type(x) is Dual and x.level == level for x in inputs]
        values = [real(x.value if varying else x) for x, varying in zip(inputs, varies, strict=True)]
        y = g(*values)
        slopes = DERIVATIVES[g] if len(inputs) == 2 else [DERIVATIVES[g]]
        parts = zip(slopes, inputs, varies, strict=True)
        moving = [(slope, x) for slope, x, varying in parts if varying and not is_zero(x.derivative)]
        return Dual(y, sum((slope(*values, y) * x.derivative for slope, x in moving), 0.0), level)

    def __repr__(self):
        return f"{decimal(self.value)} + {decimal(self.derivative)}ε".replace("+ -", "- ")
