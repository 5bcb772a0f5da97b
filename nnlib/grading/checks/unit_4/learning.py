"""Checks of unit 4: steps of gradient descent, and training.

A network is a list of pairs (W, b), one per layer; hidden layers have tanh.
"""

import time

import numpy as np

from nnlib import datasets
from nnlib.grading.checks.judging import oracle
from nnlib.grading.checks.judging.comparison import as_array, call, compare, compare_parts, passed
from nnlib.grading.checks.judging.failure import CheckFailed
from nnlib.grading.checks.judging.hints import HINTS
from nnlib.grading.checks.judging.seed import generator, same_generator
from nnlib.grading.checks.unit_4.any_depth import gradients, random_layers, squares


def _surprise(A, T):
    return -(T * A.log_softmax(dim=1)).sum()


def step(function, hidden=False):
    """New layers after one step of gradient descent."""
    rng = generator("unit_4.step", hidden)
    for sizes in ((3, 4, 2), (2, 5)):
        layers, slopes, alpha = random_layers(rng, sizes), random_layers(rng, sizes), 0.1

        def moved(of_W, of_b, last_only=False, layers=layers, slopes=slopes):
            found = []
            for number, ((W, b), (dW, db)) in enumerate(zip(layers, slopes, strict=True)):
                still = last_only and number < len(layers) - 1
                found += [W, b] if still else [W - of_W * dW, b - of_b * db]
            return found

        slips = {
            "uphill": moved(-alpha, -alpha),
            "no_alpha": moved(1, 1),
            "bias_fixed": moved(alpha, 0),
            "only_last_layer": moved(alpha, alpha, last_only=True),
            "no_step": moved(0, 0),
        }
        found = call(function, layers, slopes, alpha, name="step")
        try:
            flat = None if found is None else [a for W, b in found for a in (W, b)]
        except (TypeError, ValueError):
            raise CheckFailed("type", "Return a list with one pair (W, b) for each layer.") from None
        names = [f"{letter} of layer {n}" for n in range(1, len(layers) + 1) for letter in "Wb"]
        compare_parts(flat, moved(alpha, alpha), names, slips)
    passed("one step of gradient descent")


def online(function, hidden=False):
    """W of a linear layer after one epoch of online learning, samples in order."""
    rng = generator("unit_4.online", hidden)
    for N, D, F in ((4, 3, 2), (3, 2, 4)):
        W, X, T, alpha = rng.normal(size=(F, D)), rng.normal(size=(N, D)), rng.normal(size=(N, F)), 0.1

        def run(order, alpha=alpha, W=W, X=X, T=T):
            for n in order:
                W = W - alpha * oracle.gradient(lambda W, x, t: ((W @ x - t) ** 2).sum() / 2, W, X[n], T[n])
            return W

        batch = oracle.gradient(lambda W, X, T: ((X @ W.T - T) ** 2).sum() / 2, W, X, T)
        slips = {
            "batch_step": W - alpha * batch,
            "averaged_step": run(range(N), alpha / N),
            "uphill": run(range(N), -alpha),
            "no_alpha": run(range(N), 1.0),
            "backwards_order": run(range(N - 1, -1, -1)),
            "first_sample_only": run([0]),
            "no_step": W,
        }
        compare(call(function, W, X, T, alpha, name="online"), run(range(N)), "W", slips)
    passed("one epoch of online learning")


def _pairs(found, sizes, name):
    """What a training returned as a list of (W, b), with the shapes of `sizes`."""
    try:
        pairs = [(as_array(W, f"W of {name}"), as_array(b, f"b of {name}")) for W, b in found]
    except (TypeError, ValueError):
        raise CheckFailed("type", f"{name} returned no list of pairs (W, b).") from None
    expected = [((J, I), (J,)) for J, I in zip(sizes[1:], sizes[:-1], strict=True)]
    if [(W.shape, b.shape) for W, b in pairs] != expected:
        raise CheckFailed("shape", f"{name} returned layers of other shapes than {expected}.")
    return pairs


def _outputs(layers, X):
    for number, (W, b) in enumerate(layers):
        X = X @ W.T + b
        if number < len(layers) - 1:
            X = np.tanh(X)
    return X


def train(function, digits=False, hidden=False):
    """Layers after two epochs of mini-batches in order: tanh, softmax, cross-entropy; `digits`: how many
    digits the network learns to read."""
    if digits:
        return _train_on_digits(function, hidden)
    rng = generator("unit_4.train", hidden)
    sizes, alpha, size = (4, 5, 3), 0.1, 3
    layers, X = random_layers(rng, sizes), rng.normal(size=(7, 4))
    T = np.eye(3)[rng.integers(3, size=7)]

    def run(alpha, epochs, size, error=_surprise):
        now = layers
        for _ in range(epochs):
            for start in range(0, len(X), size):
                slopes = gradients(now, X[start : start + size], T[start : start + size], error)
                now = [(W - alpha * dW, b - alpha * db) for (W, b), (dW, db) in zip(now, slopes, strict=True)]
        return [a for pair in now for a in pair]

    slips = {
        "uphill": run(-alpha, 2, size),
        "epochs_ignored": run(alpha, 1, size),
        "epoch_too_many": run(alpha, 3, size),
        "size_ignored": run(alpha, 2, len(X)),
        "no_softmax": run(alpha, 2, size, squares),
        "no_alpha": run(1.0, 2, size),
        "no_step": [a for pair in layers for a in pair],
    }
    found = call(function, layers, X, T, alpha, 2, size, name="train")
    pairs = None if found is None else [a for pair in _pairs(found, sizes, "train") for a in pair]
    names = [f"{letter} of layer {n}" for n in (1, 2) for letter in "Wb"]
    compare_parts(pairs, run(alpha, 2, size), names, slips)
    passed("two epochs of training with mini-batches")


def _train_on_digits(function, hidden):
    """At least 95 % of the held-out digits with 32 hidden neurons."""
    X, T, X_test, T_test = datasets.split(*datasets.digits())
    rng = same_generator("unit_4.train digits")
    layers = random_layers(rng, (64, 32, 10))
    found = call(function, layers, X, T, 0.02, 40, 16, name="train")
    right = _outputs(_pairs(found, (64, 32, 10), "train"), X_test).argmax(axis=1) == T_test.argmax(axis=1)
    if not right.mean() >= 0.95:
        reached = f"{right.mean():.1%} of them, expected at least 95 %."
        raise CheckFailed("few_right", f"{HINTS['few_right']} {reached}")
    passed(f"{right.mean():.1%} of the held-out digits are read correctly")


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
    found = _pairs(call(function, layers, X[:500], T[:500], name="learn_arm"), (2, 30, 2), "learn_arm")
    miss, before = (_miss(pairs, X[500:], T[500:]) for pairs in (found, layers))
    if not miss <= 0.04 * sum(datasets.LINKS):
        slip = "no_step" if miss == before else "far_off" if miss < before else "diverged"
        reached = f"By {miss:.3f} on average, expected at most 0.04."
        raise CheckFailed(slip, f"{HINTS[slip]} {reached}", miss)
    passed(f"the arm misses by {miss:.3f} on average, learnt in {time.monotonic() - start:.1f} s")


def _miss(layers, X, T):
    """Root of the mean squared distance between the hand and where the network believes it to be."""
    return float(np.sqrt(np.mean(np.sum((_outputs(layers, X) - T) ** 2, axis=1))))
