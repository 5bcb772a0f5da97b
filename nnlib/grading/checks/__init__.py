"""The checks that an autograder cell calls: `checks.softmax(softmax)`, on the student's names.

A check calls the student's function with plain values and looks at what comes back. It prints one
line if that is right and raises `CheckFailed` with a reason in the lecture's words if not. With
`hidden=True` the inputs are drawn from the seed of the grading campaign. PyTorch is imported when
a check runs, not before.
"""

from nnlib.grading.checks.any_depth import backward, mended
from nnlib.grading.checks.backpropagation import (
    batch_gradient,
    forward_pass,
    hidden_delta,
    hidden_deltas,
    layer_gradient,
)
from nnlib.grading.checks.by_hand import chain_rule, numbers_by_hand
from nnlib.grading.checks.differences import numeric_gradient
from nnlib.grading.checks.failure import CheckFailed
from nnlib.grading.checks.learning import descent_step, online_epoch, robot_arm, training_by_batches
from nnlib.grading.checks.learning import training_reads_digits as network_reads_digits
from nnlib.grading.checks.logistic import (
    cross_entropy,
    logistic_gradient,
    softmax,
    softmax_is_stable,
    training_reads_digits,
    training_steps,
)
from nnlib.grading.checks.output_deltas import (
    output_delta_of_large_sums,
    output_delta_of_sigmoid,
    output_delta_of_softmax,
)
from nnlib.grading.checks.regression import (
    linear_gradient,
    linear_gradient_of_sample,
    linear_output,
    linear_outputs,
    sum_of_squares,
)

__all__ = [
    "CheckFailed",
    "backward",
    "batch_gradient",
    "chain_rule",
    "cross_entropy",
    "descent_step",
    "forward_pass",
    "hidden_delta",
    "hidden_deltas",
    "layer_gradient",
    "linear_gradient",
    "linear_gradient_of_sample",
    "linear_output",
    "linear_outputs",
    "logistic_gradient",
    "mended",
    "network_reads_digits",
    "numbers_by_hand",
    "numeric_gradient",
    "online_epoch",
    "output_delta_of_large_sums",
    "output_delta_of_sigmoid",
    "output_delta_of_softmax",
    "robot_arm",
    "softmax",
    "softmax_is_stable",
    "sum_of_squares",
    "training_by_batches",
    "training_reads_digits",
    "training_steps",
]
