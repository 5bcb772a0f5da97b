"""The checks of unit 4: backpropagation."""

from nnlib.grading.checks.judging.explanation import explain
from nnlib.grading.checks.unit_4.any_depth import backward, input_gradient
from nnlib.grading.checks.unit_4.arm import learn_arm
from nnlib.grading.checks.unit_4.by_hand import chain, numbers
from nnlib.grading.checks.unit_4.cured import cured
from nnlib.grading.checks.unit_4.differences import numeric_gradient
from nnlib.grading.checks.unit_4.learning import online, step, train
from nnlib.grading.checks.unit_4.mended import mended, wrong_lines
from nnlib.grading.checks.unit_4.one_layer import (
    batch_gradient,
    forward,
    hidden_delta,
    hidden_deltas,
    layer_gradient,
    two_layers,
)
from nnlib.grading.checks.unit_4.output_deltas import output_delta, softmax_delta, uncertain_delta

__all__ = [
    "backward",
    "batch_gradient",
    "chain",
    "cured",
    "explain",
    "forward",
    "hidden_delta",
    "hidden_deltas",
    "input_gradient",
    "layer_gradient",
    "learn_arm",
    "mended",
    "numbers",
    "numeric_gradient",
    "online",
    "output_delta",
    "softmax_delta",
    "step",
    "train",
    "two_layers",
    "uncertain_delta",
    "wrong_lines",
]
