"""The checks of unit 3: activation functions."""

from nnlib.grading.checks.judging.explanation import explain
from nnlib.grading.checks.unit_3.functions import (
    hard_tanh,
    leak_gradient,
    silu_slope,
    softplus,
)
from nnlib.grading.checks.unit_3.mended import mended_1, mended_2, mended_3, mended_4
from nnlib.grading.checks.unit_3.networks import collapse, dead_neurons, paint, saturation
from nnlib.grading.checks.unit_3.outputs import outputs, slopes_from_outputs
from nnlib.grading.checks.unit_3.signals import gain, initial_weights, signal_sizes
from nnlib.grading.checks.unit_3.softmax import softmax_back, softmax_jacobian

__all__ = [
    "collapse",
    "dead_neurons",
    "explain",
    "gain",
    "hard_tanh",
    "initial_weights",
    "leak_gradient",
    "mended_1",
    "mended_2",
    "mended_3",
    "mended_4",
    "outputs",
    "paint",
    "saturation",
    "signal_sizes",
    "silu_slope",
    "slopes_from_outputs",
    "softmax_back",
    "softmax_jacobian",
    "softplus",
]
