"""One step of each method on all weights of a network at once. Unit 4, slide "Weight Update".

    gradient descent    w ← w - α ∂E/∂w
    momentum            v ← μ v + α ∂E/∂w,  w ← w - v                       μ = 0.9
    adam                m ← β₁ m + (1 - β₁) ∂E/∂w,  s ← β₂ s + (1 - β₂) (∂E/∂w)²
                        w ← w - α m̂ / (√ŝ + 1e-8)                           β₁ = 0.9, β₂ = 0.999

Momentum: Polyak, 1964. Adam: Kingma and Ba, 2015, with m̂ = m / (1 - β₁ⁿ) and ŝ = s / (1 - β₂ⁿ) in
step n, because m and s start at 0. All work in place, on vectors like `values` of `FlatWeights`.
"""

from dataclasses import dataclass, field

import numpy as np

from nnlib.fast import blas


@dataclass(frozen=True)
class Descent:
    """vector ← keep · vector + scale · ∂E/∂w, and then the calls of `update`.

    So a method says where the gradient goes: gradient descent has it added to the weights
    themselves, and nothing is left to do.
    """

    vector: np.ndarray
    scale: float
    keep: float
    update: list = field(default_factory=list)


def gradient_descent(values, alpha):
    return Descent(values, scale=-alpha, keep=1)


def momentum(values, alpha, mu=0.9):
    velocity = np.zeros_like(values)
    return Descent(velocity, scale=alpha, keep=mu, update=[blas.add(velocity, values, -1.0)])


def adam(values, alpha, beta1=0.9, beta2=0.999):
    gradient, mean, square, change = (np.zeros_like(values) for _ in range(4))
    number = values.dtype.type
    done = 0

    def update():
        nonlocal done
        done += 1
        np.multiply(mean, number(beta1), mean)
        np.multiply(gradient, number(1 - beta1), change)
        np.add(mean, change, mean)
        np.multiply(square, number(beta2), square)
        np.multiply(gradient, gradient, change)
        np.multiply(change, number(1 - beta2), change)
        np.add(square, change, square)
        np.divide(square, number(1 - beta2**done), change)
        np.sqrt(change, change)
        np.add(change, number(1e-8), change)
        np.divide(mean, change, change)
        np.multiply(change, number(alpha / (1 - beta1**done)), change)
        np.subtract(values, change, values)

    return Descent(gradient, scale=1, keep=0, update=[(update, ())])


METHODS = {"gradient_descent": gradient_descent, "momentum": momentum, "adam": adam}
