"""Questions of unit 4: steps of gradient descent, and training. A network is a list of pairs (W, b)."""

import time

import numpy as np

from nnlib import datasets
from nnlib.grading.checks.judging.answer import called, passed
from nnlib.grading.checks.judging.failure import CheckFailed
from nnlib.grading.checks.judging.raised import raised
from nnlib.grading.checks.judging.results import flat
from nnlib.grading.checks.judging.seed import generator, same_generator
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


def descend_with_all(W, X, T, alpha):
    """As many batch steps as there are samples."""
    for _ in X:
        W = W - alpha * (X @ W.T - T).T @ X
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
            lambda W, X, T, alpha: W - alpha * (X @ W.T - T).T @ X
        ),
        "Each step takes the gradient of all samples. It takes that of one sample, each in its turn": (
            descend_with_all
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


def averaged(layers, X, T, alpha, epochs, size):
    for _ in range(epochs):
        for start in range(0, len(X), size):
            x, t = X[start : start + size], T[start : start + size]
            layers = train.reference(layers, x, t, alpha / len(x), 1, size)
    return layers


def too_soon_and_averaged(layers, X, T, alpha, epochs, size):
    """Deltas of the hidden layer by the new W2, and gradients divided by the size of their batch."""
    for _ in range(epochs):
        for start in range(0, len(X), size):
            x, t = X[start : start + size], T[start : start + size]
            first, last = train.reference(layers, x, t, alpha / len(x), 1, size)
            A1, _, A2 = forward.reference(*layers[0], *layers[1], x)
            D1 = hidden_deltas.reference(softmax_delta.reference(A2, t), last[0], A1)
            first = step.reference(layers[:1], [batch_gradient.reference(D1, x)], alpha / len(x))[0]
            layers = [first, last]
    return layers


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
        "The gradient is averaged over the batch. E is a sum: do not divide by the number of rows": averaged,
        "The hidden deltas need the W2 of the forward pass, not the new one. And E is a sum, no mean": (
            too_soon_and_averaged
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


def learn_arm(function, hidden=False):
    """A network that knows where the hand of a two-link arm is, to 4 % of its reach.

    The arm is mounted at an angle of the campaign's, so that weights learned elsewhere are of no use.
    Samples and start are turned along: gradient descent then goes the same way at every angle, and what
    learns well in the visible check does so in the hidden one.
    """
    rng = same_generator("unit_4.learn_arm")
    X, T = datasets.robot_arm(700, rng)
    first, (W, b) = random_layers(rng, (2, 30, 2))
    angle = generator("unit_4.learn_arm angle", hidden).uniform(0.5, 2 * np.pi - 0.5)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    T, layers, start = T @ turn, [first, (turn.T @ W, b @ turn)], time.monotonic()
    answer = called(function, (layers, X[:500], T[:500]), "learn_arm")
    if answer.error is not None:
        raise CheckFailed(*raised("learn_arm", answer.error))
    returned = flat(answer.result, per_layer("W", "b"), "learn_arm")
    given = [part for layer in layers for part in layer]
    if [part.shape for part in returned] != [part.shape for part in given]:
        shapes = [part.shape for part in returned]
        raise CheckFailed("shape", f"learn_arm returned layers of shapes {shapes}, others than it was given.")
    Y, T = _outputs(returned, X[500:]), T[500:]
    miss, before = _miss(Y, T), _miss(_outputs(given, X[500:]), T)
    if not miss <= 0.04 * sum(datasets.LINKS):
        slip, hint = _why_far(returned, given, X[500:], Y, T, before)
        by = f" It misses by {miss:.3g} on average, expected at most 0.04." if np.isfinite(miss) else ""
        raise CheckFailed(slip, f"{hint}{by}", miss)
    passed(f"the arm misses by {miss:.4f} on average, learnt in {time.monotonic() - start:.1f} s")


def _why_far(returned, given, X, Y, T, before):
    """(slip, hint) for an arm that misses: what can be seen in its answer, no guess at its training."""
    if all(np.array_equal(a, b) for a, b in zip(returned, given, strict=True)):
        return "no_step", "The layers are as they were given: no step is taken."
    if not all(np.isfinite(part).all() for part in returned):
        return "diverged", (
            "The weights are NaN or infinite: the steps are too long. α is multiplied by a sum over the "
            "batch, so take a smaller α, or smaller batches."
        )
    for number, part in enumerate(returned):
        if np.array_equal(part, given[number]):
            name = f"{'Wb'[number % 2]} of layer {number // 2 + 1}"
            return "still", f"{name} is as it was given: it takes no step."
    for words, other in (
        ("x and y of the hand are exchanged in the outputs.", Y[:, ::-1]),
        ("the outputs have the opposite sign.", -Y),
    ):
        if _miss(other, T) <= 0.5 * _miss(Y, T):
            return "exchanged", f"The arm misses: {words}"
    back = _outputs(returned, T)
    if _miss(back, X) <= 0.5 * _miss(_outputs(given, T), X):
        return "inverse", (
            "The network says the angles for a place of the hand. Asked is the place for two angles: X holds "
            "the inputs, T the desired outputs."
        )
    hand, spread = _miss(T.mean(axis=0), T), _miss(Y.mean(axis=0), Y)
    if spread < 0.5 * hand and _miss(Y, T) > 0.8 * hand:
        return "mean_alone", (
            "The network's output is nearly the same for all angles: it has learnt where the hand is on "
            "average. Does each row of X still belong to its row of T, when both are shuffled?"
        )
    if _miss(Y, T) > before:
        return "diverged", (
            "The arm misses by more than before the first step. Print the error after each step. If it grows "
            "from step to step, they may go uphill, or be too long. If it does not, is it the error of the "
            "outputs for X, and does each step begin where the last one ended?"
        )
    return "far_off", (
        f"The arm misses by less than before ({before:.3g}), but it has not learnt enough. Print the "
        "error after each epoch. If it falls to the end, the steps are too short or too few. If it soon "
        "stands still, the epochs do not build on each other, or not all samples count."
    )


def _outputs(parts, X):
    """Y of a network of two layers."""
    W1, b1, W2, b2 = parts
    return np.tanh(X @ W1.T + b1) @ W2.T + b2


def _miss(Y, T):
    """Root of the mean squared distance between the hand and where the network believes it to be."""
    return float(np.sqrt(np.mean(np.sum((Y - T) ** 2, axis=1))))
