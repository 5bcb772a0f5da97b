"""The derivatives of the elementary functions: one table for dual numbers, tape and expressions.

`DERIVATIVES[np.tanh]` is a function of (x, y), with y = f(x), that returns f'(x).
`DERIVATIVES[np.multiply]` is a pair of functions of (x1, x2, y), with y = f(x1, x2): the partial
derivatives by x1 and by x2. Knowing y often saves work: exp'(x) = y.

Each line is plain NumPy, so it takes numbers and arrays, but also dual numbers, variables and
expressions: that is how derivatives of derivatives come about. A constant derivative is a number.

At kinks: abs'(0) = 0; a tie of maximum and minimum gives one half to each side, as in PyTorch.
relu'(0) = 0 is what `np.where(x > 0, x, 0)` gives.
"""

import numpy as np

LN2, LN10 = float(np.log(2.0)), float(np.log(10.0))
DEGREE = np.pi / 180


def _one_less(p):
    """p - 1, and 1 for p = 0; a number stays a number, so that float32 stays float32."""
    if isinstance(p, (int, float)):
        return p - 1 if p else 1
    return np.where(p == 0, 1, p - 1)


UNARY = {
    np.negative: lambda x, y: -1.0,
    np.positive: lambda x, y: 1.0,
    np.exp: lambda x, y: y,
    np.exp2: lambda x, y: LN2 * y,
    np.expm1: lambda x, y: y + 1,
    np.log: lambda x, y: 1 / x,
    np.log2: lambda x, y: 1 / (LN2 * x),
    np.log10: lambda x, y: 1 / (LN10 * x),
    np.log1p: lambda x, y: 1 / (1 + x),
    np.sqrt: lambda x, y: 0.5 / y,
    np.cbrt: lambda x, y: 1 / (3 * y * y),
    np.square: lambda x, y: 2 * x,
    np.reciprocal: lambda x, y: -y * y,
    np.sin: lambda x, y: np.cos(x),
    np.cos: lambda x, y: -np.sin(x),
    np.tan: lambda x, y: 1 + y * y,
    np.arcsin: lambda x, y: 1 / np.sqrt(1 - x * x),
    np.arccos: lambda x, y: -1 / np.sqrt(1 - x * x),
    np.arctan: lambda x, y: 1 / (1 + x * x),
    np.sinh: lambda x, y: np.cosh(x),
    np.cosh: lambda x, y: np.sinh(x),
    np.tanh: lambda x, y: 1 - y * y,
    np.arcsinh: lambda x, y: 1 / np.sqrt(x * x + 1),
    np.arccosh: lambda x, y: 1 / np.sqrt(x * x - 1),
    np.arctanh: lambda x, y: 1 / (1 - x * x),
    np.absolute: lambda x, y: np.sign(x),
    np.fabs: lambda x, y: np.sign(x),
    np.deg2rad: lambda x, y: DEGREE,
    np.radians: lambda x, y: DEGREE,
    np.rad2deg: lambda x, y: 1 / DEGREE,
    np.degrees: lambda x, y: 1 / DEGREE,
    np.sign: lambda x, y: 0.0,
    np.floor: lambda x, y: 0.0,
    np.ceil: lambda x, y: 0.0,
    np.trunc: lambda x, y: 0.0,
    np.rint: lambda x, y: 0.0,
}

BINARY = {
    np.add: (lambda x1, x2, y: 1.0, lambda x1, x2, y: 1.0),
    np.subtract: (lambda x1, x2, y: 1.0, lambda x1, x2, y: -1.0),
    np.multiply: (lambda x1, x2, y: x2, lambda x1, x2, y: x1),
    np.divide: (lambda x1, x2, y: 1 / x2, lambda x1, x2, y: -y / x2),
    # x⁰ is constant even at x = 0, where x⁻¹ does not exist; 0ᵖ is constant in p, though ln 0 does not exist.
    np.power: (
        lambda x1, x2, y: x2 * x1 ** _one_less(x2),
        lambda x1, x2, y: y * np.log(np.where(x1 == 0, 1, x1)),
    ),
    np.maximum: (
        lambda x1, x2, y: np.heaviside(x1 - x2, 0.5),
        lambda x1, x2, y: np.heaviside(x2 - x1, 0.5),
    ),
    np.minimum: (
        lambda x1, x2, y: np.heaviside(x2 - x1, 0.5),
        lambda x1, x2, y: np.heaviside(x1 - x2, 0.5),
    ),
    # x1 % x2 = x1 - x2 floor(x1 / x2), where floor is constant.
    np.remainder: (lambda x1, x2, y: 1.0, lambda x1, x2, y: -np.floor(x1 / x2)),
    np.floor_divide: (lambda x1, x2, y: 0.0, lambda x1, x2, y: 0.0),
    np.arctan2: (
        lambda x1, x2, y: x2 / (x1 * x1 + x2 * x2),
        lambda x1, x2, y: -x1 / (x1 * x1 + x2 * x2),
    ),
    np.hypot: (lambda x1, x2, y: x1 / y, lambda x1, x2, y: x2 / y),
    np.logaddexp: (lambda x1, x2, y: np.exp(x1 - y), lambda x1, x2, y: np.exp(x2 - y)),
    np.heaviside: (lambda x1, x2, y: 0.0, lambda x1, x2, y: 0.0),
}

# The same functions under other names; fmax and fmin differ from maximum and minimum at nan alone.
BINARY |= {np.fmax: BINARY[np.maximum], np.fmin: BINARY[np.minimum]}

DERIVATIVES = UNARY | BINARY


# The chain rule of elementwise functions, as forward and reverse mode use it: d f'(x).
#
# `CHAINED[np.tanh]` is a function of (d, x, y), with y = f(x), that returns d f'(x). In forward mode d
# is a derivative of x and the product that of y; in reverse mode d is the adjoint of y and the product
# that of x. `CHAINED[np.multiply]` is a pair of functions of (d, x1, x2, y), with y = f(x1, x2).
def _chained(derivative):
    return lambda d, *inputs: d * derivative(*inputs)


def _chained_with_poles(derivative):
    """d f'(x), and 0 where d is 0 even if f' is infinite there: where x does not change, y does not."""

    def chained(d, *inputs):
        slope = derivative(*inputs)
        if np.isfinite(slope).all():
            return d * slope
        still = d.is_zero() if hasattr(d, "is_zero") else d == 0
        return np.where(still, 0.0, d) * np.where(still, 1.0, slope)

    return chained


# Step functions have the derivative 0 wherever they have one. Functions with poles have derivatives that may
# be infinite at a finite x.
STEP_FUNCTIONS = {np.sign, np.floor, np.ceil, np.trunc, np.rint, np.floor_divide, np.heaviside}
POLES = {
    np.log, np.log2, np.log10, np.log1p, np.sqrt, np.cbrt, np.reciprocal, np.divide, np.power, np.arcsin,
    np.arccos, np.arccosh, np.arctanh, np.arctan2, np.hypot,
}  # fmt: skip


def _of(ufunc, derivative):
    if ufunc in STEP_FUNCTIONS:
        return lambda d, *inputs: np.zeros_like(d)
    return (_chained_with_poles if ufunc in POLES else _chained)(derivative)


CHAINED = {ufunc: _of(ufunc, derivative) for ufunc, derivative in UNARY.items()}
CHAINED |= {ufunc: tuple(_of(ufunc, rule) for rule in both) for ufunc, both in BINARY.items()}

# Written out, so that NumPy is called less often and never has to convert a number. (sign + 1) / 2 is
# np.heaviside(…, 0.5) in a fifth of the time.
CHAINED |= {
    np.negative: lambda d, x, y: -d,
    np.square: lambda d, x, y: d * (x + x),
    np.tanh: lambda d, x, y: d - d * (y * y),
    np.add: (lambda d, x1, x2, y: d, lambda d, x1, x2, y: d),
    np.subtract: (lambda d, x1, x2, y: d, lambda d, x1, x2, y: -d),
    np.multiply: (lambda d, x1, x2, y: d * x2, lambda d, x1, x2, y: d * x1),
    np.maximum: (
        lambda d, x1, x2, y: d * (np.sign(x1 - x2) + 1) * 0.5,
        lambda d, x1, x2, y: d * (np.sign(x2 - x1) + 1) * 0.5,
    ),
}
