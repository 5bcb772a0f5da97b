"""From our expressions to SymPy's: for simplifying and printing."""

import numpy as np

from nnlib.differentiation.numpy_protocol.operators import Operators


def to_sympy(expression):
    """The same formula in SymPy; numbers that are whole stay whole.

    Raises ValueError for a function that SymPy does not have (np.rint).
    """
    import sympy

    functions = {
        np.add: lambda x, y: x + y,
        np.subtract: lambda x, y: x - y,
        np.multiply: lambda x, y: x * y,
        np.divide: lambda x, y: x / y,
        np.power: lambda x, y: x**y,
        np.negative: lambda x: -x,
        np.square: lambda x: x**2,
        np.reciprocal: lambda x: 1 / x,
        np.exp2: lambda x: 2**x,
        np.expm1: lambda x: sympy.exp(x) - 1,
        np.log1p: lambda x: sympy.log(1 + x),
        np.log2: lambda x: sympy.log(x, 2),
        np.log10: lambda x: sympy.log(x, 10),
        np.cbrt: sympy.cbrt,
        np.arcsin: sympy.asin,
        np.arccos: sympy.acos,
        np.arctan: sympy.atan,
        np.arcsinh: sympy.asinh,
        np.arccosh: sympy.acosh,
        np.arctanh: sympy.atanh,
        np.arctan2: sympy.atan2,
        np.hypot: lambda x, y: sympy.sqrt(x**2 + y**2),
        np.logaddexp: lambda x, y: sympy.log(sympy.exp(x) + sympy.exp(y)),
        np.absolute: sympy.Abs,
        np.fabs: sympy.Abs,
        np.deg2rad: sympy.rad,
        np.radians: sympy.rad,
        np.rad2deg: sympy.deg,
        np.degrees: sympy.deg,
        np.ceil: sympy.ceiling,
        np.trunc: lambda x: sympy.sign(x) * sympy.floor(sympy.Abs(x)),
        np.remainder: sympy.Mod,
        np.floor_divide: lambda x, y: sympy.floor(x / y),
        np.maximum: sympy.Max,
        np.minimum: sympy.Min,
        np.fmax: sympy.Max,
        np.fmin: sympy.Min,
        np.heaviside: sympy.Heaviside,
    }
    formulas = {}

    def converted(x):
        if isinstance(x, Operators):
            return formulas[x]
        return sympy.Integer(int(x)) if float(x).is_integer() else sympy.Float(x)

    for node in expression.nodes():
        if not node.inputs:
            formulas[node] = sympy.Symbol(node.ufunc, real=True)
        else:
            function = functions.get(node.ufunc) or getattr(sympy, node.ufunc.__name__, None)
            if function is None:
                raise ValueError(f"SymPy has no function that is np.{node.ufunc.__name__}, as in {node}.")
            formulas[node] = function(*map(converted, node.inputs))
    return formulas[expression]
