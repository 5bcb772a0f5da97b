"""The checks of unit 5: automatic differentiation."""

from nnlib.grading.checks.judging.explanation import explain
from nnlib.grading.checks.unit_5.adjoints import logsumexp_adjoint, network_gradient, passes, unbroadcast
from nnlib.grading.checks.unit_5.dual_numbers import Dual, divide, elementary, mended_dual, power
from nnlib.grading.checks.unit_5.exact import jacobian, newton, reach, second_derivative
from nnlib.grading.checks.unit_5.formulas import differentiate, simplify
from nnlib.grading.checks.unit_5.numeric import best_step, central
from nnlib.grading.checks.unit_5.sweep import backward, mended_sweep
from nnlib.grading.checks.unit_5.tape import Node, ordered

__all__ = [
    "Dual",
    "Node",
    "backward",
    "best_step",
    "central",
    "differentiate",
    "divide",
    "elementary",
    "explain",
    "jacobian",
    "logsumexp_adjoint",
    "mended_dual",
    "mended_sweep",
    "network_gradient",
    "newton",
    "ordered",
    "passes",
    "power",
    "reach",
    "second_derivative",
    "simplify",
    "unbroadcast",
]
