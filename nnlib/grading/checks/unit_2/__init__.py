"""The checks of unit 2: neural networks."""

from nnlib.grading.checks.judging.explanation import explain
from nnlib.grading.checks.unit_2.bumps import bump, pieces
from nnlib.grading.checks.unit_2.diagnosis import fools
from nnlib.grading.checks.unit_2.dynamics import fixed_point, run, stability
from nnlib.grading.checks.unit_2.graph_values import graph_forward
from nnlib.grading.checks.unit_2.graphs import on_cycle, roles, steps
from nnlib.grading.checks.unit_2.images import best_images, filtered
from nnlib.grading.checks.unit_2.logic import gates, xor
from nnlib.grading.checks.unit_2.neurons import (
    gated_gradient,
    layer,
    layer_jacobian,
    network,
    neuron,
    neuron_gradient,
    parameters,
)
from nnlib.grading.checks.unit_2.pattern import finder

__all__ = [
    "best_images",
    "bump",
    "explain",
    "filtered",
    "finder",
    "fixed_point",
    "fools",
    "gated_gradient",
    "gates",
    "graph_forward",
    "layer",
    "layer_jacobian",
    "network",
    "neuron",
    "neuron_gradient",
    "on_cycle",
    "parameters",
    "pieces",
    "roles",
    "run",
    "stability",
    "steps",
    "xor",
]
