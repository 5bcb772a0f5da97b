"""The figure on the first page and in the README: the stepper on the network that lecture 4 carries along."""

from nnlib import Network, widgets

CARRIED = Network.of([([[1.5, -1], [-1, 1]], [0.5, 0]), ([[1, 2], [3, -1]], [0, 0])], ["sigmoid", "identity"])


def stepper():
    return widgets.step_through(CARRIED, [1, 2], [1, 1])
