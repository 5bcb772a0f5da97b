"""The checks of unit 1: linear and logistic regression."""

from nnlib.grading.checks.judging.explanation import explain
from nnlib.grading.checks.unit_1.linear import (
    gradient,
    gradient_of_sample,
    linear_output,
    robust_gradient,
    sum_of_squares,
)
from nnlib.grading.checks.unit_1.logistic import cross_entropy, logistic_gradient, softmax, train
from nnlib.grading.checks.unit_1.mended import mended

__all__ = [
    "cross_entropy",
    "explain",
    "gradient",
    "gradient_of_sample",
    "linear_output",
    "logistic_gradient",
    "mended",
    "robust_gradient",
    "softmax",
    "sum_of_squares",
    "train",
]
