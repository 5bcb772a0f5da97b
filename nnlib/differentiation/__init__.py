"""Differentiation four ways: dual numbers, a tape, differences, expressions. Unit 5.

from nnlib.differentiation import derivative, gradient, jacobian, hessian, Dual, Variable
"""

from nnlib.differentiation.compiler import compile_gradient
from nnlib.differentiation.derivatives import derivative, gradient, hessian, jacobian
from nnlib.differentiation.dual import Dual
from nnlib.differentiation.layers import (
    attention,
    conv2d,
    convolve,
    embedding,
    layer_norm,
    linear,
    max_pool,
    mean_pool,
    softmax,
    softmax_cross_entropy,
    upsample,
)
from nnlib.differentiation.tape import Variable

__all__ = [
    "Dual",
    "Variable",
    "attention",
    "compile_gradient",
    "conv2d",
    "convolve",
    "derivative",
    "embedding",
    "gradient",
    "hessian",
    "jacobian",
    "layer_norm",
    "linear",
    "max_pool",
    "mean_pool",
    "softmax",
    "softmax_cross_entropy",
    "upsample",
]
