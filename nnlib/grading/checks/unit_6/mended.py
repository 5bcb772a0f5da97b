"""Questions of unit 6, part eight: four broken pieces, each of another application, to be mended.

The hint for an answer that is still broken does not name the slip: to find it is the student's task.
"""

import numpy as np

from nnlib.grading.checks.judging.lines import right_lines
from nnlib.grading.checks.judging.truth import torch
from nnlib.grading.checks.question import normal, question
from nnlib.grading.checks.search import vocabulary

STILL_BROKEN = "That is what the broken version gives. Compare it with what is printed above"


def mended_1(G, X, W, b):
    """Back through a layer that is skipped over, mended."""
    A = X @ W.T + b
    slope = vocabulary.relu_slope(A)
    return G + (G * slope) @ W


def broken_1(G, X, W, b):
    return (G * vocabulary.relu_slope(X @ W.T + b)) @ W


def skipped(G, X, W, b):
    return (G * (X + (X @ W.T + b).relu())).sum()


def mended_2(Q, K, V):
    """Attention that does not look ahead, mended."""
    scores = Q @ K.T / np.sqrt(Q.shape[1])
    seen = np.tri(len(Q), dtype=bool)
    looks = vocabulary.softmax(np.where(seen, scores, -np.inf))
    return looks @ V


def broken_2(Q, K, V):
    looks = vocabulary.softmax(Q @ K.T / np.sqrt(Q.shape[1]))
    return np.where(np.tri(len(Q), dtype=bool), looks, 0) @ V


def looks_ahead(Q, K, V):
    return vocabulary.softmax(Q @ K.T / np.sqrt(Q.shape[1])) @ V


def looks_ahead_alone(Q, K, V):
    scores = np.where(np.tri(len(Q), dtype=bool).T, Q @ K.T / np.sqrt(Q.shape[1]), -np.inf)
    return vocabulary.softmax(scores) @ V


def zero_for_infinity(Q, K, V):
    scores = np.where(np.tri(len(Q), dtype=bool), Q @ K.T / np.sqrt(Q.shape[1]), 0)
    return vocabulary.softmax(scores) @ V


def masked(Q, K, V):
    scores = Q @ K.T / Q.shape[1] ** 0.5
    seen = torch().ones_like(scores).tril() > 0
    return scores.masked_fill(~seen, -torch().inf).softmax(dim=1) @ V


def mended_3(Q_next, r, ended, gamma):
    """The desired outputs of Q-learning, mended."""
    best = np.max(Q_next, axis=1)
    going = 1 - ended
    return r + gamma * going * best


def broken_3(Q_next, r, ended, gamma):
    return (r + gamma * np.max(Q_next, axis=1)) * (1 - ended)


def mended_4(N, W, value):
    """What a simulation leaves on its way back, mended."""
    N, W = N.copy(), W.copy()
    for k in range(len(N) - 1, -1, -1):
        value = -value
        N[k] += 1
        W[k] += value
    return N, W


def broken_4(N, W, value):
    return N + 1, W - value


def played_in_torch(N, W, value):
    """The last edge gets the value with its sign turned, the one before as it is, and so on."""
    signs = (-1.0) ** torch().arange(len(N), 0, -1).to(W.dtype)
    return N + 1, W + signs * value


def two_layers(rng, N, I):
    return normal(rng, (N, I), (N, I), (I, I), (I,))


def sentence(rng, M, D, F):
    return normal(rng, (M, D), (M, D), (M, F))


def next_values(rng, N, F):
    ended = rng.integers(2, size=N).astype(float)
    ended[0], ended[-1] = 0.0, float(N > 1)
    return rng.normal(size=(N, F)), rng.normal(size=N), ended, float(rng.uniform(0.5, 0.95))


def path(rng, J):
    N = rng.integers(0, 9, size=J).astype(float)
    return N, rng.normal(size=J), float(rng.uniform(0.2, 0.9))


def _part(reference, broken, section, inputs, returns, hints=(), **fields):
    hints = {STILL_BROKEN: broken} | dict(hints)
    return dict(reference=reference, section=section, inputs=inputs, returns=returns, hints=hints, **fields)


mended = question(
    returns="∂E/∂X",
    section="Convolution",
    inputs=two_layers,
    sizes=[dict(N=5, I=3), dict(N=4, I=4), dict(N=3, I=1)],
    error=skipped,
    by="X",
    hints={
        STILL_BROKEN: broken_1,
        "That is the way past the layer alone: what goes through the layer comes back too": (
            lambda G, X, W, b: G
        ),
        "The way past the layer is multiplied by the slope too: nothing acts on it": lambda G, X, W, b: (
            (G * vocabulary.relu_slope(X @ W.T + b)) @ W + G * vocabulary.relu_slope(X @ W.T + b)
        ),
    },
    parts={
        1: {},
        2: _part(
            mended_2, broken_2, "Attention", sentence, "Y", value=masked, error=None,
            sizes=[dict(M=5, D=3, F=2), dict(M=4, D=4, F=4), dict(M=3, D=5, F=1)],
            names={"scores": "the scores", "seen": "the mask", "looks": "the weights"},
            hints={
                "Where a word must not look the score is -∞, and not 0: exp(0) is 1": zero_for_infinity,
                "Nothing is masked: each word sees the words to come": looks_ahead,
                "The mask is turned round: each word sees the words to come, and not those before": (
                    looks_ahead_alone
                ),
            },
        ),
        3: _part(
            mended_3, broken_3, "Computer games", next_values, "the desired outputs", error=None,
            sizes=[dict(N=5, F=3), dict(N=4, F=4), dict(N=7, F=2)],
            names={"best": "the best next value", "going": "1 - ended", "gamma": "γ"},
        ),
        4: _part(
            mended_4, broken_4, "Board games", path, ("N", "W"), value=played_in_torch, error=None,
            sizes=[dict(J=5), dict(J=4), dict(J=1)],
            hints={
                "The signs alternate, but the last move has the wrong one: its value is that of the leaf, "
                "seen from the other side": lambda N, W, value: mended_4(N, W, -value),
                "The signs are counted from the first move. Count from the last one: that is worth -value": (
                    lambda N, W, value: (N + 1, W - value * (-1.0) ** np.arange(len(N)))
                ),
                "The signs are counted from the first move. Count from the last one, which has -value": (
                    lambda N, W, value: (N + 1, W + value * (-1.0) ** np.arange(len(N)))
                ),
            },
        ),
    },
)(mended_1)  # fmt: skip

LINES = (2, 4, 3, 5)
"""The wrong line of each broken version."""

SHOWS = (
    "∂E/∂X is off by G itself, so the line that hands back is where to look",
    "the weights of a row do not add up to 1, so look where the mask is laid on",
    "the rewards of the last steps are lost, so look where the end of a game counts",
    "every second entry of W has the wrong sign, so look where the sign is decided",
)
"""What the printed numbers of each broken version show."""


def wrong_lines(function, hidden=False):
    """The number of the wrong line of each broken version."""
    right_lines(function, LINES, SHOWS)
