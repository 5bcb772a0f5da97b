"""Questions of unit 6, part five: board games. N positions, F actions."""

import numpy as np

from nnlib.grading.checks.judging.truth import with_gradients
from nnlib.grading.checks.question import question
from nnlib.grading.checks.search import vocabulary


def games(rng, N, F, J, I):
    """A, u, the search's policies P, outcomes z, weights W, and c."""
    powers = rng.uniform(size=(N, F)) ** 2
    P = powers / powers.sum(axis=1, keepdims=True)
    z = rng.integers(-1, 2, size=N).astype(float)
    return (
        rng.normal(size=(N, F)),
        rng.normal(size=N),
        P,
        z,
        rng.normal(size=(J, I)),
        float(rng.uniform(0.05, 0.4)),
    )


def game_in_torch(A, u, P, z, W, c):
    def error(A, u, W):
        return ((z - u.tanh()) ** 2).sum() - (P * A.log_softmax(dim=1)).sum() + c * (W**2).sum()

    return with_gradients(error, A, u, W)


def game_with(**changed):
    """The four results with some changed: name -> function of the arguments."""

    def wrong(*given):
        names = "E", "A", "u", "W"
        right = dict(zip(names, game_delta.reference(*given), strict=True))
        return tuple(changed[name](*given) if name in changed else right[name] for name in names)

    return wrong


def averaged(A, u, P, z, W, c):
    E, dA, du, dW = game_delta.reference(A, u, P, z, W, c)
    decay = c * np.sum(W**2)
    return (E - decay) / len(A) + decay, dA / len(A), du / len(A), dW


@question(
    returns=("E", "∂E/∂A", "∂E/∂u", "∂E/∂W"),
    section="Board games",
    inputs=games,
    value=game_in_torch,
    parts={
        "error": dict(only="E", about="E"),
        "gradients": dict(only=("∂E/∂A", "∂E/∂u", "∂E/∂W")),
    },
    names={
        "off": "v - z", "v": "the value v", "P": "the policy π of the search", "slope": "the slope 1 - v²",
        "dA": "∂E/∂A", "du": "∂E/∂u", "dW": "∂E/∂W", "Y": "the network's policy",
        "by_value": "the error of the value", "by_policy": "the error of the policy",
        "by_weights": "the weight decay",
    },
    hints={
        "∂E/∂u: that is ∂E/∂v. Go on to u: the slope of tanh is missing": game_with(
            u=lambda A, u, P, z, W, c: 2 * (np.tanh(u) - z)
        ),
        "∂E/∂u: the factor 2 of the square is missing, there is no 1/2 in front": game_with(
            u=lambda A, u, P, z, W, c: (np.tanh(u) - z) * (1 - np.tanh(u) ** 2)
        ),
        "The value is v = tanh u, and not u itself": lambda A, u, P, z, W, c: (
            (right := game_delta.reference(A, np.arctanh(0 * u), P, z, W, c))[0]
            + np.sum((u - z) ** 2 - z**2),
            right[1], 2 * (u - z), right[3],
        ),
        "The best action alone counts in ∂E/∂A: π is the whole policy of the search": game_with(
            A=lambda A, u, P, z, W, c: vocabulary.softmax(A) - np.eye(P.shape[1])[P.argmax(axis=1)]
        ),
        "The errors of value and policy are averaged: here E is a sum over the positions": averaged,
        "∂E/∂W: the factor 2 of the square is missing": game_with(W=lambda A, u, P, z, W, c: c * W),
        "∂E/∂u and ∂E/∂W: the factor 2 of the square is missing, there is no 1/2 in front": game_with(
            u=lambda A, u, P, z, W, c: (np.tanh(u) - z) * (1 - np.tanh(u) ** 2),
            W=lambda A, u, P, z, W, c: c * W,
        ),
    },
)  # fmt: skip
def game_delta(A, u, P, z, W, c):
    """The error of AlphaZero and its derivatives."""
    Y = vocabulary.softmax(A)
    v = np.tanh(u)
    off = v - z
    by_value = np.sum(off**2)
    by_policy = np.sum(P * np.log(Y))
    by_weights = c * np.sum(W**2)
    E = by_value - by_policy + by_weights
    dA = Y - P
    slope = 1 - v**2
    du = 2 * off * slope
    dW = 2 * c * W
    return E, dA, du, dW


def tried(rng, F):
    """How often actions were tried, their total values, their probabilities, and c.

    Some were never tried; of four actions none was, and two promise the same.
    """
    N = rng.integers(1, 30, size=F).astype(float)
    N[rng.permutation(F)[: F if F == 4 else F // 3]] = 0
    powers = rng.uniform(0.1, 1, size=F) ** 2
    if F == 4:
        powers[rng.permutation(F)[:2]] = 1.0
    return N, N * rng.uniform(-0.8, 0.8, size=F), powers / powers.sum(), float(rng.uniform(0.8, 3))


def means(N, W, new=None):
    """Q: the mean of the tries of each action; where there are none that of all, or `new`."""
    new = np.sum(W) / max(np.sum(N), 1) if new is None else new
    return np.where(N > 0, W / np.maximum(N, 1), new)


def promised(N, W, P, c, root=None, Q=None):
    """The promises with one mistake."""
    root = np.sqrt(1 + N.sum()) if root is None else root
    promise = (means(N, W) if Q is None else Q) + c * P * root / (1 + N)
    return promise, np.argmax(promise)


def new_as(value):
    """The promises where Q of a new action is something else."""
    return lambda N, W, P, c: promised(N, W, P, c, Q=means(N, W, value(N, W)))


def mean_of_means(N, W):
    return np.sum(means(N, W, 0)) / max(np.sum(N > 0), 1)


@question(
    returns=("the promises", "the choice"),
    section="Board games",
    inputs=tried,
    sizes=[dict(F=5), dict(F=7), dict(F=4), dict(F=9)],
    names={
        "Q": "Q, the mean value,", "P": "P", "visits": "N(s)", "curious": "c √N(s)", "tries": "Σ N",
        "mean": "the mean of all tries", "promise": "the promises", "N": "N", "W": "W",
        "U": "the part of curiosity",
    },
    hints={
        "Q of a new action is NaN, from a 0/0 where N = 0: it is to be the mean of all tries, Σ W / Σ N": (
            lambda N, W, P, c: promised(N, W, P, c, Q=W / N)
        ),
        "A new action has Q = 0, as in the lecture: here its Q is the mean of all tries": new_as(
            lambda N, W: 0
        ),
        "A new action has Q = 0, as in the lecture: here its Q is the mean of all tries. N(s) lacks its 1": (
            lambda N, W, P, c: promised(
                N, W, P, c, Q=np.where(N > 0, W / np.maximum(N, 1), 0), root=np.sqrt(N.sum())
            )
        ),
        "Where nothing was tried Σ N is 0, and 0/0 is NaN: Q is 0 there": new_as(
            lambda N, W: np.sum(W) / np.sum(N)
        ),
        "Q of a new action is the mean of the Q of the others. Each try counts once: Σ W / Σ N": new_as(
            mean_of_means
        ),
        "Q of a new action: Σ W is divided by 1 + Σ N. The 1 is no try. Where Σ N is 0, Q is 0": new_as(
            lambda N, W: np.sum(W) / (1 + np.sum(N))
        ),
        "Q of a new action: Σ W is divided by the number of actions, not by that of tries, Σ N": new_as(
            lambda N, W: np.sum(W) / len(N)
        ),
        "Q of a new action: Σ W is divided by the number of actions, not by Σ N. N(s) lacks its 1": (
            lambda N, W, P, c: promised(
                N, W, P, c, Q=means(N, W, np.sum(W) / len(N)), root=np.sqrt(N.sum())
            )
        ),
        "N(s) is 1 + Σ N(s, a): the state itself was judged once": lambda N, W, P, c: promised(
            N, W, P, c, root=np.sqrt(N.sum())
        ),
        "The total value W stands for the mean Q = W / N": lambda N, W, P, c: promised(
            N, W, P, c, Q=np.where(N > 0, W, means(N, W))
        ),
        "Q is W / (1 + N): the mean divides by N": lambda N, W, P, c: promised(
            N, W, P, c, Q=np.where(N > 0, W / (1 + N), means(N, W))
        ),
        "The root is taken of the whole fraction. It is that of N(s) alone": lambda N, W, P, c: promised(
            N, W, P, c, root=np.sqrt((1 + N.sum()) * (1 + N))
        ),
        "The root is taken of the whole fraction, not of N(s) alone. A new action has Q = 0, not the mean": (
            lambda N, W, P, c: promised(
                N, W, P, c, root=np.sqrt((1 + N.sum()) * (1 + N)), Q=means(N, W, 0)
            )
        ),
        "Curiosity is divided by N, where 1 + N belongs": lambda N, W, P, c: promised(
            N, W, P, c, root=np.sqrt(1 + N.sum()) * (1 + N) / np.maximum(N, 1)
        ),
        "That is the action that was tried most often. PUCT chooses the one with the largest promise": (
            lambda N, W, P, c: (promised(N, W, P, c)[0], np.argmax(N))
        ),
        "Of several actions that promise the most the first is chosen, and not the last": lambda N, W, P, c: (
            (promise := promised(N, W, P, c)[0]), len(promise) - 1 - np.argmax(promise[::-1]),
        ),
        "That is the action with the largest Q: curiosity is left out of the choice": lambda N, W, P, c: (
            promised(N, W, P, c)[0], np.argmax(means(N, W)),
        ),
    },
)  # fmt: skip
def puct(N, W, P, c):
    """The choice by PUCT."""
    tries = np.sum(N)
    mean = np.sum(W) / np.maximum(tries, 1)
    Q = np.where(N > 0, W / np.maximum(N, 1), mean)
    visits = 1 + tries
    U = c * P * np.sqrt(visits) / (1 + N)
    promise = Q + U
    return promise, np.argmax(promise)
