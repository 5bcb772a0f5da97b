"""The methods of `nnlib.training` on all weights of a network at once, in place: the same formulas.

A product that makes a gradient adds it to a vector on the way, so a method says to which:

    gradient descent    w ← w - α ∂E/∂w         to the weights themselves, and the step is done
    momentum            v ← μ v + α ∂E/∂w       to the velocity, then w ← w - v
    adam                                        to a vector for the gradient, then all other steps
"""

from dataclasses import dataclass, field

import numpy as np

from nnlib.fast import blas


@dataclass(frozen=True)
class Step:
    """vector ← keep · vector + scale · ∂E/∂w, and then the calls of `update`."""

    vector: np.ndarray
    scale: float
    keep: float
    update: list = field(default_factory=list)


def gradient_descent_step(method, values, alpha):
    return Step(values, scale=-alpha, keep=1)


def momentum_step(method, values, alpha, velocity):
    return Step(velocity, scale=alpha, keep=method.mu, update=[blas.add(velocity, values, -1.0)])


def adam_step(method, values, alpha, mean, square):
    gradient, change = np.zeros_like(values), np.zeros_like(values)
    beta1, beta2, number = method.beta1, method.beta2, values.dtype.type

    def update():
        method.steps += 1
        np.multiply(mean, number(beta1), mean)
        np.multiply(gradient, number(1 - beta1), change)
        np.add(mean, change, mean)
        np.multiply(square, number(beta2), square)
        np.multiply(gradient, gradient, change)
        np.multiply(change, number(1 - beta2), change)
        np.add(square, change, square)
        np.divide(square, number(1 - beta2**method.steps), change)
        np.sqrt(change, change)
        np.add(change, number(1e-8), change)
        np.divide(mean, change, change)
        np.multiply(change, number(alpha / (1 - beta1**method.steps)), change)
        np.subtract(values, change, values)

    return Step(gradient, scale=1, keep=0, update=[(update, ())])


STEPS = {"GradientDescent": gradient_descent_step, "Momentum": momentum_step, "Adam": adam_step}
"""Class of `nnlib.training` -> function of an object of it, the weights, α, and what it remembers."""
