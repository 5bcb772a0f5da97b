"""An expression as text, written as in Python, with the brackets that it needs: x * (y + 1)."""

import numpy as np

from nnlib.differentiation.numpy_protocol.operators import Operators

SIGNS = {np.add: "+", np.subtract: "-", np.multiply: "*", np.divide: "/", np.power: "**"}
STRENGTH = {"+": 1, "-": 1, "*": 2, "/": 2, "**": 3}


def formula(x):
    """The text of an expression or a number."""
    if not isinstance(x, Operators):
        return f"{x:.12g}"
    if not x.inputs:
        return x.ufunc  # the name of a symbol
    if x.ufunc is np.negative:
        return f"-{_bracket(x.inputs[0], '**')}"
    if sign := SIGNS.get(x.ufunc):
        left, right = x.inputs
        return f"{_bracket(left, sign)} {sign} {_bracket(right, sign, right=True)}"
    return f"{x.ufunc.__name__}({', '.join(map(formula, x.inputs))})"


def _bracket(x, sign, right=False):
    """The text of x beside a sign, in brackets if x would come apart there."""
    return f"({formula(x)})" if _comes_apart(_sign_within(x), sign, right) else formula(x)


def _sign_within(x):
    """The sign that holds x together, or None. A minus in front holds as * does, that of a number as +."""
    if not isinstance(x, Operators):
        return "+" if x < 0 else None
    return "*" if x.ufunc is np.negative else SIGNS.get(x.ufunc)


def _comes_apart(inner, outer, right):
    """Whether the outer sign is stronger, or as strong and would be computed first: a - (b + c)."""
    if inner is None or STRENGTH[inner] != STRENGTH[outer]:
        return inner is not None and STRENGTH[inner] < STRENGTH[outer]
    return outer in "-/" if right else outer == "**"
