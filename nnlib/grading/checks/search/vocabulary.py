"""Functions that references of later units take as known: plain NumPy, in the lecture's notation."""

import numpy as np


def sigmoid(A):
    """g(a) = 1 / (1 + exp(-a))."""
    return 1 / (1 + np.exp(-A))


def relu(A):
    """g(a) = a where a > 0, else 0."""
    return np.maximum(A, 0)


def leaky_relu(A, epsilon=0.01):
    """g(a) = a where a > 0, else εa."""
    return np.where(A > 0, A, epsilon * A)


def softmax(A):
    """Each row: exp(a_k) / Σ_j exp(a_j)."""
    powers = np.exp(A - np.max(A, axis=-1, keepdims=True))
    return powers / np.sum(powers, axis=-1, keepdims=True)


def sigmoid_slope(A):
    """g'(a) = g(a) (1 - g(a)) of the sigmoid."""
    return sigmoid(A) * (1 - sigmoid(A))


def tanh_slope(A):
    """g'(a) = 1 - tanh(a)²."""
    return 1 - np.tanh(A) ** 2


def relu_slope(A):
    """g'(a) = 1 where a > 0, else 0."""
    return 1.0 * (A > 0)


def leaky_relu_slope(A, epsilon=0.01):
    """g'(a) = 1 where a > 0, else ε."""
    return np.where(A > 0, 1.0, epsilon)
