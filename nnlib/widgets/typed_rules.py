"""The operations of a typed function, each with its value and its slopes. Unit 5."""

import math


def _sigmoid(v):
    return 1 / (1 + math.exp(-v)) if v >= 0 else math.exp(v) / (1 + math.exp(v))


# Value, and slope from the input v and the value y.
FUNCTIONS = {
    "sin": (math.sin, lambda v, y: math.cos(v)),
    "cos": (math.cos, lambda v, y: -math.sin(v)),
    "exp": (math.exp, lambda v, y: y),
    "ln": (math.log, lambda v, y: 1 / v),
    "sqrt": (math.sqrt, lambda v, y: 1 / (2 * y)),
    "tanh": (math.tanh, lambda v, y: 1 - y * y),
    "sigmoid": (_sigmoid, lambda v, y: y * (1 - y)),
    "relu": (lambda v: max(v, 0.0), lambda v, y: 1.0 if v > 0 else 0.0),
}
OPERATORS = {
    "+": (lambda u, v: u + v, lambda u, v, y: (1.0, 1.0)),
    "-": (lambda u, v: u - v, lambda u, v, y: (1.0, -1.0)),
    "*": (lambda u, v: u * v, lambda u, v, y: (v, u)),
    "/": (lambda u, v: u / v, lambda u, v, y: (1 / v, -y / v)),
}


def value(operation, number, inputs):
    """The value of a node; `number` is the exponent of a power."""
    if operation in OPERATORS:
        return OPERATORS[operation][0](*inputs)
    if operation == "power":
        return inputs[0] ** number
    return -inputs[0] if operation == "minus" else FUNCTIONS[operation][0](*inputs)


def slopes(operation, number, inputs, y):
    """The partial derivatives of a node with respect to its inputs, in their order."""
    if operation in OPERATORS:
        return OPERATORS[operation][1](*inputs, y)
    if operation == "power":
        return (number * inputs[0] ** (number - 1) if number else 0.0,)
    return (-1.0,) if operation == "minus" else (FUNCTIONS[operation][1](*inputs, y),)
