"""Questions of unit 4: five broken backward passes, each of another network, to be mended.

The hint for an answer that is still broken does not name the slip: to find it is the student's task. A
network is a list of pairs (W, b). Each part has its own reference; its broken version is the same with one
line changed.
"""

import numpy as np

from nnlib.grading.checks.judging.lines import right_lines
from nnlib.grading.checks.question import per_layer, question
from nnlib.grading.checks.search import vocabulary
from nnlib.grading.checks.unit_1.logistic import random_one_hot
from nnlib.grading.checks.unit_4.any_depth import networks, squares

STILL_BROKEN = "That is what the broken version gives. Compare it with your gradient check"


def forward_in_torch(layers, X, activation, last=None):
    """The weighted sums of the last layer; `last` is applied to them if given."""
    for number, (W, b) in enumerate(layers):
        A = X @ W.T + b
        X = activation(A) if number < len(layers) - 1 else A
    return last(A) if last else A


def mended_1(layers, X, T):
    """The gradient of tanh, linear output and sum of squares, mended."""
    (W1, b1), (W2, b2) = layers
    Y1 = np.tanh(X @ W1.T + b1)
    D2 = Y1 @ W2.T + b2 - T
    slope = 1 - Y1**2
    D1 = slope * (D2 @ W2)
    return [(D1.T @ X, np.sum(D1, axis=0)), (D2.T @ Y1, np.sum(D2, axis=0))]


def broken_1(layers, X, T):
    (W1, b1), (W2, b2) = layers
    Y1 = np.tanh(X @ W1.T + b1)
    D2 = Y1 @ W2.T + b2 - T
    D1 = D2 @ W2
    return [(D1.T @ X, np.sum(D1, axis=0)), (D2.T @ Y1, np.sum(D2, axis=0))]


def mended_2(layers, X, T):
    """The gradient of relu, softmax and cross-entropy, mended."""
    (W1, b1), (W2, b2) = layers
    A1 = X @ W1.T + b1
    Y1 = vocabulary.relu(A1)
    Y = vocabulary.softmax(Y1 @ W2.T + b2)
    D2 = Y - T
    slope = vocabulary.relu_slope(A1)
    D1 = slope * (D2 @ W2)
    return [(D1.T @ X, np.sum(D1, axis=0)), (D2.T @ Y1, np.sum(D2, axis=0))]


def broken_2(layers, X, T):
    return [(dW / len(X), db / len(X)) for dW, db in mended_2(layers, X, T)]


def mended_3(layers, X, T):
    """The gradient of sigmoids and the cross-entropy of two classes, mended."""
    (W1, b1), (W2, b2) = layers
    Y1 = vocabulary.sigmoid(X @ W1.T + b1)
    Y = vocabulary.sigmoid(Y1 @ W2.T + b2)
    D2 = Y - T
    slope = Y1 * (1 - Y1)
    D1 = slope * (D2 @ W2)
    return [(D1.T @ X, np.sum(D1, axis=0)), (D2.T @ Y1, np.sum(D2, axis=0))]


def broken_3(layers, X, T):
    (W1, b1), (W2, b2) = layers
    Y1 = vocabulary.sigmoid(X @ W1.T + b1)
    D2 = vocabulary.sigmoid(Y1 @ W2.T + b2) - T
    D1 = vocabulary.sigmoid_slope(Y1) * (D2 @ W2)
    return [(D1.T @ X, np.sum(D1, axis=0)), (D2.T @ Y1, np.sum(D2, axis=0))]


def mended_4(layers, X, T):
    """The gradient of two layers of tanh, linear output and sum of squares, mended."""
    (W1, b1), (W2, b2), (W3, b3) = layers
    Y1 = np.tanh(X @ W1.T + b1)
    Y2 = np.tanh(Y1 @ W2.T + b2)
    D3 = Y2 @ W3.T + b3 - T
    D2 = (1 - Y2**2) * (D3 @ W3)
    D1 = (1 - Y1**2) * (D2 @ W2)
    return [
        (D1.T @ X, np.sum(D1, axis=0)), (D2.T @ Y1, np.sum(D2, axis=0)), (D3.T @ Y2, np.sum(D3, axis=0)),
    ]  # fmt: skip


def broken_4(layers, X, T):
    (W1, b1), (W2, b2), (W3, b3) = layers
    Y1 = np.tanh(X @ W1.T + b1)
    Y2 = np.tanh(Y1 @ W2.T + b2)
    D3 = Y2 @ W3.T + b3 - T
    D1 = (1 - Y1**2) * (D3 @ W3 @ W2)
    return [(D1.T @ X, np.sum(D1, axis=0)), *mended_4(layers, X, T)[1:]]


def mended_5(layers, X, T):
    """The gradient of tanh, sigmoid output and sum of squares, mended."""
    (W1, b1), (W2, b2) = layers
    Y1 = np.tanh(X @ W1.T + b1)
    Y = vocabulary.sigmoid(Y1 @ W2.T + b2)
    slope = Y * (1 - Y)
    D2 = slope * (Y - T)
    D1 = (1 - Y1**2) * (D2 @ W2)
    return [(D1.T @ X, np.sum(D1, axis=0)), (D2.T @ Y1, np.sum(D2, axis=0))]


def broken_5(layers, X, T):
    (W1, b1), (W2, b2) = layers
    Y1 = np.tanh(X @ W1.T + b1)
    D2 = vocabulary.sigmoid(Y1 @ W2.T + b2) - T
    D1 = (1 - Y1**2) * (D2 @ W2)
    return [(D1.T @ X, np.sum(D1, axis=0)), (D2.T @ Y1, np.sum(D2, axis=0))]


def relu_softmax_error(layers, X, T):
    return -(T * forward_in_torch(layers, X, lambda A: A.relu()).log_softmax(dim=1)).sum()


def sigmoid_error(layers, X, T):
    Y = forward_in_torch(layers, X, lambda A: A.sigmoid(), lambda A: A.sigmoid())
    return -(T * Y.log() + (1 - T) * (1 - Y).log()).sum()


def tanh_sigmoid_squares(layers, X, T):
    Y = forward_in_torch(layers, X, lambda A: A.tanh(), lambda A: A.sigmoid())
    return ((Y - T) ** 2).sum() / 2


def classes(rng, nodes, N, size_of_T):
    """layers, X and one-hot T."""
    layers, X, _ = networks(rng, nodes, N, size_of_T)
    return layers, X, random_one_hot(rng, N, nodes[-1])


def yes_or_no(rng, nodes, N, size_of_T):
    """layers, X and T of zeros and ones."""
    layers, X, _ = networks(rng, nodes, N, size_of_T)
    return layers, X, rng.integers(2, size=(N, nodes[-1])).astype(float)


TWO = [
    dict(nodes=(3, 5, 2), N=6, size_of_T=1),
    dict(nodes=(4, 4, 4), N=7, size_of_T=1),
    dict(nodes=(5, 3, 1), N=4, size_of_T=1),
]
FAR_TOO = [*TWO, dict(nodes=(5, 3, 2), N=4, size_of_T=1e4)]
THREE = [dict(nodes=(3, 5, 4, 2), N=6, size_of_T=1), dict(nodes=(4, 4, 4, 4), N=7, size_of_T=1)]


def _part(reference, broken, error, inputs, sizes):
    return dict(reference=reference, error=error, inputs=inputs, sizes=sizes, hints={STILL_BROKEN: broken})


mended = question(
    returns=per_layer("∂E/∂W", "∂E/∂b"),
    section="Three traps",
    inputs=networks,
    sizes=FAR_TOO,
    error=squares,
    by="layers",
    parts={
        1: _part(mended_1, broken_1, squares, networks, FAR_TOO),
        2: _part(mended_2, broken_2, relu_softmax_error, classes, TWO),
        3: _part(mended_3, broken_3, sigmoid_error, yes_or_no, TWO),
        4: _part(mended_4, broken_4, squares, networks, THREE),
        5: _part(mended_5, broken_5, tanh_sigmoid_squares, networks, TWO),
    },
)(mended_1)

LINES = (4, 3, 4, 6, 3)
"""The wrong line of each broken version."""

RIGHT_PARTS = (
    "∂E/∂W2 is right and ∂E/∂W1 is not, so the way back to the first layer is where to look",
    "both gradients are wrong by the same factor, so what both have in common is where to look",
    "∂E/∂W2 is right and ∂E/∂W1 is not, so the way back to the first layer is where to look",
    "∂E/∂W2 and ∂E/∂W3 are right and ∂E/∂W1 is not, so the last step of the way back is where to look",
    "both gradients are wrong, so what both have in common is where to look",
)
"""What a gradient check of each broken version shows."""


def wrong_lines(function, hidden=False):
    """The number of the wrong line of each broken version."""
    right_lines(function, LINES, RIGHT_PARTS)
