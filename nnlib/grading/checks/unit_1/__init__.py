"""The checks of unit 1: linear and logistic regression."""

from nnlib.grading.checks.unit_1.linear import (
    gradient,
    gradient_of_sample,
    linear_output,
    linear_outputs,
    sum_of_squares,
)
from nnlib.grading.checks.unit_1.logistic import cross_entropy, logistic_gradient, softmax, train

__all__ = [
    "cross_entropy",
    "gradient",
    "gradient_of_sample",
    "linear_output",
    "linear_outputs",
    "logistic_gradient",
    "softmax",
    "sum_of_squares",
    "train",
]
