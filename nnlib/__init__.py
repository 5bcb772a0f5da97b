"""nnlib: the library of the course Neural Networks and Backpropagation.

A module for each idea of the lecture. This import brings NumPy and nothing heavier.
"""

from nnlib.backpropagation import backpropagate
from nnlib.network import Network
from nnlib.training import train

__all__ = ["Network", "backpropagate", "train"]
