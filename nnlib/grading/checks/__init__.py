"""The checks that an autograder cell calls: `checks.softmax(softmax)`, on the student's names.

A check calls the student's function with plain values and looks at what comes back. It prints one
line if that is right and raises `CheckFailed` with a reason in the lecture's words if not. With
`hidden=True` the inputs are drawn from the seed of the grading campaign. PyTorch is imported when
a check runs, not before.
"""

from nnlib.grading.checks.failure import CheckFailed
from nnlib.grading.checks.regression import (
    cross_entropy,
    linear_gradient,
    linear_gradient_of_sample,
    linear_output,
    linear_outputs,
    logistic_gradient,
    softmax,
    softmax_is_stable,
    sum_of_squares,
    training_reads_digits,
    training_steps,
)

__all__ = [
    "CheckFailed",
    "cross_entropy",
    "linear_gradient",
    "linear_gradient_of_sample",
    "linear_output",
    "linear_outputs",
    "logistic_gradient",
    "softmax",
    "softmax_is_stable",
    "sum_of_squares",
    "training_reads_digits",
    "training_steps",
]
