"""Pictures that stand still, in one style, each with a description for those who cannot see it."""

from nnlib.figures.computation_graph import computation_graph
from nnlib.figures.crossover import crossover
from nnlib.figures.drawings import connection, linear_model, neuron, supervised_learning
from nnlib.figures.graph_drawing import graph_drawing
from nnlib.figures.images import weight_images
from nnlib.figures.natural_neuron import natural_neuron
from nnlib.figures.network_drawing import network_drawing
from nnlib.figures.paths import comes_back, one_neuron, two_paths
from nnlib.figures.plot import describe
from nnlib.figures.style import BLUE, GREEN, ORANGE, PEN, PINK, use_style

__all__ = [
    "BLUE",
    "GREEN",
    "ORANGE",
    "PEN",
    "PINK",
    "comes_back",
    "computation_graph",
    "connection",
    "crossover",
    "describe",
    "graph_drawing",
    "linear_model",
    "natural_neuron",
    "network_drawing",
    "neuron",
    "one_neuron",
    "supervised_learning",
    "two_paths",
    "use_style",
    "weight_images",
]
