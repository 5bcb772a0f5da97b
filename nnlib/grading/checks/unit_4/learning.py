"""Questions of unit 4: steps of gradient descent, and training. A network is a list of pairs (W, b)."""

import numpy as np

from nnlib import datasets
from nnlib.grading.checks.judging.failure import CheckFailed
from nnlib.grading.checks.judging.results import flat
from nnlib.grading.checks.judging.truth import descended, descended_layers
from nnlib.grading.checks.question import normal, per_layer, question
from nnlib.grading.checks.unit_1.logistic import UPHILL, random_one_hot
from nnlib.grading.checks.unit_4.any_depth import outputs, random_layers
from nnlib.grading.checks.unit_4.one_layer import batch_gradient, forward, hidden_deltas
from nnlib.grading.checks.unit_4.output_deltas import softmax_delta


def rate(rng):
    """A learning rate, another one for each case."""
    return float(rng.uniform(0.03, 0.2))


@question(
    returns=per_layer("W", "b"),
    section="The weight update",
    sizes=[dict(nodes=(3, 4, 2)), dict(nodes=(2, 5)), dict(nodes=(4, 4, 4, 1))],
    inputs=lambda rng, nodes: (random_layers(rng, nodes), random_layers(rng, nodes), rate(rng)),
    names={"moved": "the new layers"},
)
def step(layers, gradients, alpha):
    """One step of gradient descent."""
    moved = []
    for (W, b), (dW, db) in zip(layers, gradients, strict=True):
        moved.append((W - alpha * dW, b - alpha * db))
    return moved


def batch_step(W, X, T, alpha):
    """One step with the gradient of all samples."""
    return W - alpha * (X @ W.T - T).T @ X


def batch_steps(W, X, T, alpha):
    """As many of them as there are samples."""
    for _ in X:
        W = batch_step(W, X, T, alpha)
    return W


@question(
    returns="W",
    section="Batch or stochastic",
    inputs=lambda rng, N, I, F: (*normal(rng, (F, I), (N, I), (N, F)), rate(rng)),
    value=lambda W, X, T, alpha: descended(
        lambda W, x, t: ((W @ x - t) ** 2).sum() / 2, W, alpha, zip(X, T, strict=True)
    ),
    hints={
        UPHILL: lambda W, X, T, alpha: online.reference(W, X, T, -alpha),
        "All gradients are taken at the W that was given: that is one batch step. Step after each sample": (
            batch_step
        ),
        "Each step takes the gradient of all samples. It takes that of one sample, each in its turn": (
            batch_steps
        ),
    },
)
def online(W, X, T, alpha):
    """One epoch of online learning."""
    for x, t in zip(X, T, strict=True):
        delta = W @ x - t
        dW = np.outer(delta, x)
        W = W - alpha * dW
    return W


def tanh_softmax_error(layers, X, T):
    """E in torch: tanh, softmax, cross-entropy."""
    return -(T * outputs(layers, X).log_softmax(dim=1)).sum()


def reads_digits(function, rng):
    """At least 95 % of the held-out digits with 32 hidden neurons."""
    X, T, X_test, T_test = datasets.split(*datasets.digits())
    given = random_layers(rng, (64, 32, 10))
    trained = flat(function(given, X, T, 0.02, 40, 16), per_layer("W", "b"), "train")
    if [a.shape for a in trained] != [(32, 64), (32,), (10, 32), (10,)]:
        raise CheckFailed("shape", "train returned layers of other shapes than it was given.")
    W1, b1, W2, b2 = trained
    scores = np.tanh(X_test @ W1.T + b1) @ W2.T + b2
    share = np.mean(scores.argmax(axis=1) == T_test.argmax(axis=1))
    if not share >= 0.95:
        hint = f"{share:.1%} of the held-out digits are read correctly, expected 95 %."
        raise CheckFailed("few_right", hint)
    return f"{share:.1%} of the held-out digits are read correctly"


def short_training(rng, nodes, N, epochs, size):
    """layers, X, T, alpha, epochs and size: the last batch of an epoch is a partial one."""
    layers, X, T = (
        random_layers(rng, nodes),
        rng.normal(size=(N, nodes[0])),
        random_one_hot(rng, N, nodes[-1]),
    )
    return layers, X, T, rate(rng), epochs, size


def averaged(stepped):
    """Training by such steps, each with the mean gradient of its batch."""

    def trained(layers, X, T, alpha, epochs, size):
        for _ in range(epochs):
            for start in range(0, len(X), size):
                x, t = X[start : start + size], T[start : start + size]
                layers = stepped(layers, x, t, alpha / len(x))
        return layers

    return trained


def one_step(layers, x, t, alpha):
    return train.reference(layers, x, t, alpha, 1, len(x))


def too_soon(layers, x, t, alpha):
    """A step with deltas of the hidden layer by the new W2."""
    _, last = one_step(layers, x, t, alpha)
    A1, _, A2 = forward.reference(*layers[0], *layers[1], x)
    D1 = hidden_deltas.reference(softmax_delta.reference(A2, t), last[0], A1)
    return [*step.reference(layers[:1], [batch_gradient.reference(D1, x)], alpha), last]


@question(
    returns=per_layer("W", "b"),
    section="Batch or stochastic",
    sizes=[
        dict(nodes=(4, 5, 3), N=7, epochs=2, size=3),
        dict(nodes=(4, 4, 4), N=5, epochs=3, size=2),
        dict(nodes=(2, 3, 5), N=11, epochs=2, size=4),
        dict(nodes=(3, 5, 2), N=3, epochs=1, size=2),
    ],
    inputs=short_training,
    value=lambda layers, X, T, alpha, epochs, size: descended_layers(
        tanh_softmax_error,
        layers,
        alpha,
        [(X[n : n + size], T[n : n + size]) for n in range(0, len(X), size)] * epochs,
    ),
    parts={"digits": dict(quality=reads_digits)},
    names={
        "start": "the first row of the batch",
        "moved": "the new layers",
        "((W1, b1), (W2, b2))": "the pairs of weights and biases",
    },
    hints={
        UPHILL: lambda layers, X, T, alpha, epochs, size: train.reference(layers, X, T, -alpha, epochs, size),
        "The gradient is averaged over the batch. E is a sum: do not divide by the number of rows": averaged(
            one_step
        ),
        "The hidden deltas need the W2 of the forward pass, not the new one. And E is a sum, no mean": (
            averaged(too_soon)
        ),
        "Every gradient is divided by size. E is a sum: do not divide by the number of rows": (
            lambda layers, X, T, alpha, epochs, size: train.reference(
                layers, X, T, alpha / size, epochs, size
            )
        ),
        "The last batch of an epoch is left out where it is smaller: those samples count too": (
            lambda layers, X, T, alpha, epochs, size: train.reference(
                layers, X[: len(X) // size * size], T[: len(X) // size * size], alpha, epochs, size
            )
        ),
    },
)
def train(layers, X, T, alpha, epochs, size):
    """Training with mini-batches."""
    for _ in range(epochs):
        for start in range(0, len(X), size):
            x, t = X[start : start + size], T[start : start + size]
            (W1, b1), (W2, b2) = layers
            A1, Y1, A2 = forward.reference(W1, b1, W2, b2, x)
            D2 = softmax_delta.reference(A2, t)
            D1 = hidden_deltas.reference(D2, W2, A1)
            gradients = [batch_gradient.reference(D1, x), batch_gradient.reference(D2, Y1)]
            layers = step.reference(layers, gradients, alpha)
    return layers
