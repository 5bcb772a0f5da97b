"""What questions share that have many right answers: weights found by hand, judged by what they do."""

import numpy as np

from nnlib.grading.checks.judging.answer import called
from nnlib.grading.checks.judging.failure import CheckFailed
from nnlib.grading.checks.judging.results import as_array


def answered(function, name, *arguments):
    """What the student's function returns for these arguments."""
    answer = called(function, arguments, name)
    if answer.error:
        hint = f"{name} raised {type(answer.error).__name__}: {str(answer.error)[:300]}"
        raise CheckFailed("raises", hint)
    if answer.result is None:
        raise CheckFailed("none", f"{name} returned None. Is there a return?")
    return answer.result


def array(value, name, shape):
    """A part of an answer as a finite array of this shape."""
    values = as_array(value, name)
    if values.shape != shape:
        raise CheckFailed("shape", f"{name} has shape {values.shape}, expected {shape}.")
    if not np.isfinite(values).all():
        raise CheckFailed("not_finite", f"{name} holds NaN or infinity.")
    return values


def two_layers(result, name, inputs, hidden):
    """The arrays of a network with these numbers of inputs and hidden neurons and one output, by name."""
    if not isinstance(result, (list, tuple)) or len(result) != 4:
        raise CheckFailed("type", f"{name} must return four arrays: W1, b1, W2, b2.")
    shapes = {"W1": (hidden, inputs), "b1": (hidden,), "W2": (1, hidden), "b2": (1,)}
    return {pair[0]: array(value, *pair) for value, pair in zip(result, shapes.items(), strict=True)}


def output_of(arrays, X):
    """The outputs of such a network with a linear output, for inputs (N,)."""
    H = sigmoid(X[:, np.newaxis] @ arrays["W1"].T + arrays["b1"])
    return (H @ arrays["W2"].T + arrays["b2"])[:, 0]


def sigmoid(a):
    return 1 / (1 + np.exp(-np.clip(a, -700, 700)))
