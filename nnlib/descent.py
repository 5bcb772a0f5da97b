"""One step of each method on all weights of a network at once. Unit 4, slide "Weight Update".

    gradient descent    w ← w - α ∂E/∂w
    momentum            v ← μ v + α ∂E/∂w,  w ← w - v                       μ = 0.9
    adam                m ← β₁ m + (1 - β₁) ∂E/∂w,  s ← β₂ s + (1 - β₂) (∂E/∂w)²
                        w ← w - α m̂ / (√ŝ + 1e-8)                           β₁ = 0.9, β₂ = 0.999

Momentum: Polyak, 1964. Adam: Kingma and Ba, 2015, with m̂ = m / (1 - β₁ⁿ) and ŝ = s / (1 - β₂ⁿ) in
step n, because m and s start at 0. All work in place, on the two vectors of `FlatWeights`.
"""

import numpy as np


def gradient_descent(weights, alpha):
    """As all here: the scale that the gradient shall have, and one step as a program (see `buffered`)."""
    return alpha, [(np.subtract, (weights.values, weights.gradient, weights.values))]


def momentum(weights, alpha, mu=0.9):
    values, gradient = weights.values, weights.gradient
    velocity = np.zeros_like(values)
    mu = values.dtype.type(mu)
    return alpha, [
        (np.multiply, (velocity, mu, velocity)),
        (np.add, (velocity, gradient, velocity)),
        (np.subtract, (values, velocity, values)),
    ]


def adam(weights, alpha, beta1=0.9, beta2=0.999):
    values, gradient = weights.values, weights.gradient
    mean, square, change = (np.zeros_like(values) for _ in range(3))
    number = values.dtype.type
    done = 0

    def step():
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

    return 1.0, [(step, ())]


METHODS = {"gradient_descent": gradient_descent, "momentum": momentum, "adam": adam}
