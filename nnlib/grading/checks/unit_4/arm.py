"""Question of unit 4: a network that learns where the hand of a robot's arm is."""

import time

import numpy as np

from nnlib import datasets
from nnlib.grading.checks.judging.answer import called, passed
from nnlib.grading.checks.judging.failure import CheckFailed
from nnlib.grading.checks.judging.raised import raised
from nnlib.grading.checks.judging.results import flat
from nnlib.grading.checks.judging.seed import generator, same_generator
from nnlib.grading.checks.question import per_layer
from nnlib.grading.checks.unit_4.any_depth import random_layers


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
        return "no_step", "The layers come back as they were given: no step is in them."
    if not all(np.isfinite(part).all() for part in returned):
        return "diverged", (
            "The weights are NaN or infinite, for example by steps that are too long, or go uphill. α is "
            "multiplied by a sum over the batch: try a smaller α, or smaller batches. Then look at "
            "the sign of the steps."
        )
    for number, part in enumerate(returned):
        if np.array_equal(part, given[number]):
            name = f"{'Wb'[number % 2]} of layer {number // 2 + 1}"
            return "still", f"{name} comes back as it was given: no step is in it."
    for words, other in (
        ("x and y of the hand are exchanged in the outputs.", Y[:, ::-1]),
        ("the outputs have the opposite sign.", -Y),
    ):
        if _miss(other, T) <= 0.5 * _miss(Y, T):
            return "exchanged", f"The arm misses: {words}"
    if _miss(np.tanh(Y), T) <= min(0.1, 0.5 * _miss(Y, T)):
        return "tanh", (
            "The arm misses, and with tanh at the outputs of your network far less. They are linear: "
            "learn without tanh there, and without its slope."
        )
    hand, spread = _miss(T.mean(axis=0), T), _miss(Y.mean(axis=0), Y)
    if spread < 0.5 * hand and _miss(Y, T) > 0.8 * hand:
        return "mean_alone", (
            "The network's output is nearly the same for all angles, as if it had learnt only where the "
            "hand is on average. Does each row of X still belong to its row of T, when both are "
            "shuffled? And do the weights begin with those that are given?"
        )
    if _miss(Y, T) > before:
        if _miss(_outputs(returned, T), X) <= 0.5 * _miss(_outputs(given, T), X):
            return "inverse", (
                "The network says the angles for a place of the hand. Asked is the place for two angles: X "
                "holds the inputs, T the desired outputs."
            )
        return "diverged", (
            "The arm misses by more than before the first step. Print the error after each step. Does it "
            "grow? Look at the sign of the steps, then at their length. Does it fall? Then it may be another "
            "error than that of the outputs for X."
        )
    return "far_off", (
        f"The arm misses by less than before ({before:.3g}), but it has not learnt enough. Print the "
        "error after each epoch. Does it fall to the end? Take more steps, or longer ones. Does it soon "
        "stand still? Look at what a step is made of: the layers it begins with, its samples, its gradient."
    )


def _outputs(parts, X):
    """Y of a network of two layers."""
    W1, b1, W2, b2 = parts
    return np.tanh(X @ W1.T + b1) @ W2.T + b2


def _miss(Y, T):
    """Root of the mean squared distance between the hand and where the network believes it to be."""
    return float(np.sqrt(np.mean(np.sum((Y - T) ** 2, axis=1))))
