"""Differentiation four ways: dual numbers, a tape, differences, expressions. Unit 5.

from nnlib.differentiation import derivative, gradient, jacobian, hessian, Dual, Variable
"""

from nnlib.differentiation import (  # noqa: F401, gives the classes their functions
    array_dual_functions,
    reverse_functions,
    traced_functions,
)
from nnlib.differentiation.derivatives import derivative, gradient, hessian, jacobian
from nnlib.differentiation.dual import Dual
from nnlib.differentiation.reverse import Variable

__all__ = ["Dual", "Variable", "derivative", "gradient", "hessian", "jacobian"]
