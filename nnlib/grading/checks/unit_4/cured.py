"""Questions of unit 4: three trainings with a bad curve, each of another network, to be cured."""

import numpy as np

from nnlib.grading.checks.judging.truth import descended, descended_layers
from nnlib.grading.checks.question import normal, per_layer, question
from nnlib.grading.checks.search import vocabulary
from nnlib.grading.checks.unit_1.logistic import UPHILL, logistic_error, random_one_hot
from nnlib.grading.checks.unit_1.mended import STILL_BAD
from nnlib.grading.checks.unit_4.any_depth import backward, networks, squares
from nnlib.grading.checks.unit_4.one_layer import two_layers


def cured_1(W, X, T, alpha, orders):
    """Logistic regression, sample by sample, cured."""
    for order in orders:
        for n in order:
            y = vocabulary.softmax(W @ X[n])
            delta = y - T[n]
            W = W - alpha * np.outer(delta, X[n])
    return W


def ill_1(W, X, T, alpha, orders):
    for order in orders:
        for x, t in zip(X[order], T, strict=True):
            W = W - alpha * np.outer(vocabulary.softmax(W @ x) - t, x)
    return W


def only_T_1(W, X, T, alpha, orders):
    for order in orders:
        for x, t in zip(X, T[order], strict=True):
            W = W - alpha * np.outer(vocabulary.softmax(W @ x) - t, x)
    return W


def unshuffled_1(W, X, T, alpha, orders):
    return cured_1(W, X, T, alpha, [range(len(X))] * len(orders))


def batch_1(W, X, T, alpha, orders):
    for _ in orders:
        W = W - alpha * (vocabulary.softmax(X @ W.T) - T).T @ X
    return W


def cured_2(W1, b1, W2, b2, X, T, alpha, epochs):
    """Batch learning of a network with one hidden layer, cured."""
    for _ in range(epochs):
        dW1, db1, dW2, db2 = two_layers.reference(W1, b1, W2, b2, X, T)
        W1 = W1 - alpha * dW1
        b1 = b1 - alpha * db1
        W2 = W2 - alpha * dW2
        b2 = b2 - alpha * db2
    return W1, b1, W2, b2


def ill_2(W1, b1, W2, b2, X, T, alpha, epochs):
    return cured_2(W1, b1, W2, b2, X, T, alpha, 1)


def biases_anew_2(W1, b1, W2, b2, X, T, alpha, epochs):
    for _ in range(epochs):
        W1, new_b1, W2, new_b2 = cured_2(W1, b1, W2, b2, X, T, alpha, 1)
    return W1, new_b1, W2, new_b2


def cured_3(layers, X, T, alpha, epochs):
    """Batch learning of a network of any depth, cured."""
    for _ in range(epochs):
        gradients = backward.reference(layers, X, T)
        stepped = []
        for (W, b), (dW, db) in zip(layers, gradients, strict=True):
            stepped.append((W - alpha * dW, b - alpha * db))
        layers = stepped
    return layers


def ill_3(layers, X, T, alpha, epochs):
    total = [(0, 0)] * len(layers)
    for _ in range(epochs):
        gradients = backward.reference(layers, X, T)
        total = [(V + dW, v + db) for (V, v), (dW, db) in zip(total, gradients, strict=True)]
        layers = [(W - alpha * V, b - alpha * v) for (W, b), (V, v) in zip(layers, total, strict=True)]
    return layers


def shuffled(rng, N, D, F):
    """W, X, T, α, and one order of the samples for each of some epochs."""
    orders = [rng.permutation(N) for _ in range(int(rng.integers(2, 4)))]
    W, X = normal(rng, (F, D), (N, D))
    return W, X, random_one_hot(rng, N, F), float(rng.uniform(0.05, 0.2)), orders


def two_layers_and_rate(rng, N, I, J, F):
    """W1, b1, W2, b2, X, T, α and epochs."""
    given = normal(rng, (J, I), (J,), (F, J), (F,), (N, I), (N, F))
    return *given, float(rng.uniform(0.01, 0.05)), int(rng.integers(3, 5))


def network_and_rate(rng, nodes, N):
    """layers, X, T, α and epochs."""
    return *networks(rng, nodes, N, 1), float(rng.uniform(0.01, 0.05)), int(rng.integers(3, 5))


def in_order(W, X, T, alpha, orders):
    samples = [(X[n : n + 1], T[n : n + 1]) for order in orders for n in order.tolist()]
    return descended(logistic_error, W, alpha, samples)


def two_in_torch(W1, b1, W2, b2, X, T, alpha, epochs):
    layers = descended_layers(squares, [(W1, b1), (W2, b2)], alpha, [(X, T)] * epochs)
    return [part for layer in layers for part in layer]


def many_in_torch(layers, X, T, alpha, epochs):
    return descended_layers(squares, layers, alpha, [(X, T)] * epochs)


cured = question(
    returns="W",
    section="Three lines that learn",
    inputs=shuffled,
    value=in_order,
    parts={
        1: dict(
            names={"order": "the order of the epoch"},
            hints={
                STILL_BAD: ill_1,
                "X stays in its old order: input and desired output of a sample belong together": only_T_1,
                "The samples come in their old order in every epoch, not in that of `orders`": unshuffled_1,
                UPHILL: lambda W, X, T, alpha, orders: cured_1(W, X, T, -alpha, orders),
                "An epoch takes all gradients at one W, as one step does. Each needs the newest W": batch_1,
            }
        ),
        2: dict(
            reference=cured_2, returns=("W1", "b1", "W2", "b2"), inputs=two_layers_and_rate,
            names={"(dW1, db1, dW2, db2)": "the gradient"},
            value=two_in_torch,
            hints={
                STILL_BAD: ill_2,
                UPHILL: lambda *given: cured_2(*given[:6], -given[6], given[7]),
                "The weights go on from epoch to epoch, and the biases begin anew in each": biases_anew_2,
            },
        ),
        3: dict(
            reference=cured_3, returns=per_layer("W", "b"), inputs=network_and_rate, value=many_in_torch,
            names={
                "stepped": "the new layers", "number": "the number of the layer", "layer": "the pair (W, b)",
            },
            sizes=[dict(nodes=(3, 5, 2), N=6), dict(nodes=(2, 4), N=5), dict(nodes=(4, 4, 4, 3), N=7)],
            hints={STILL_BAD: ill_3, UPHILL: lambda *given: cured_3(*given[:3], -given[3], given[4])},
        ),
    },
)(cured_1)  # fmt: skip
