"""Pictures that stand still, in one style, each with a description for those who cannot see it."""

from nnlib.figures.computation_graph import computation_graph
from nnlib.figures.crossover import crossover
from nnlib.figures.drawings import connection, linear_model, supervised_learning
from nnlib.figures.graph_drawing import graph_drawing
from nnlib.figures.images import weight_images
from nnlib.figures.natural_neuron import natural_neuron
from nnlib.figures.network_drawing import network_drawing
from nnlib.figures.style import BLUE, GREEN, ORANGE, PINK, describe, use_style

__all__ = [
    "BLUE",
    "GREEN",
    "ORANGE",
    "PINK",
    "computation_graph",
    "connection",
    "crossover",
    "describe",
    "graph_drawing",
    "linear_model",
    "natural_neuron",
    "network_drawing",
    "supervised_learning",
    "use_style",
    "weight_images",
]
