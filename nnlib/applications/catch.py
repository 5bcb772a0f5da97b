"""A computer game learnt from its pixels by Q-learning: catch the falling ball.

Q(s, a) is the reward still to come after action a in state s. Its desired value follows from one step
further on, from the reward r and the largest Q of the next state s' (Watkins, 1989; Mnih et al., Nature 518,
2015, for 49 Atari games):

    E = Σ (Q(s, a) - (r + γ max_a' Q(s', a')))²      the second Q is a constant: its gradient is stopped,
                                                      and its weights are those of some time ago

On 10 x 10 pixels a ball falls a row in each step, and drifts left or right in every other, or not at all; at
a wall it turns around. A paddle of 3 pixels in the lowest row stays or moves by one. The network sees two
pictures, this one and the one before: one alone does not tell where the ball drifts.
"""

import numpy as np

from nnlib.applications.attention_decoder import matrix
from nnlib.applications.fitting import arrays, constant, fit
from nnlib.differentiation import linear

SIZE, DISCOUNT = 10, 0.97
AT_ONCE, KEPT, BATCH, STALE = 32, 300, 64, 50
"""Games at once, steps that are remembered, and steps until the weights of the desired output are renewed."""


def start(n, rng):
    """n games (n, 4): row and column of the ball, middle of the paddle, drift of the ball."""
    columns = rng.integers(0, SIZE, n), rng.integers(1, SIZE - 1, n), rng.choice([-1, 0, 1], n)
    return np.stack([np.zeros(n, int), *columns], axis=1)


def play(S, action):
    """One step by actions 0 left, 1 stay, 2 right: new states, rewards (at the end 1 or -1), which end."""
    row, column, paddle, drift = S.T
    row = row + 1
    column = column + drift * (row % 2)
    outside = (column < 0) | (column >= SIZE)
    drift = np.where(outside, -drift, drift)
    column, paddle = np.clip(column, 0, SIZE - 1), np.clip(paddle + action - 1, 1, SIZE - 2)
    ends = row == SIZE - 1
    reward = np.where(ends, np.where(np.abs(column - paddle) <= 1, 1, -1), 0)
    return np.stack([row, column, paddle, drift], axis=1), reward, ends


def pixels(S, before=None):
    """The pictures (n, 200) of states: this one, and the one before, which is empty at the start."""
    n, X = np.arange(len(S)), np.zeros((len(S), 2, SIZE, SIZE), np.float32)
    X[n, 0, S[:, 0], S[:, 1]] = 1
    for k in (-1, 0, 1):
        X[n, 0, SIZE - 1, S[:, 2] + k] = 1
    if before is not None:
        X[:, 1] = before.reshape(-1, 2, SIZE, SIZE)[:, 0]
    return X.reshape(len(S), -1)


def weights(rng, hidden=64):
    """One hidden layer: 200 pixels, 64 neurons, 3 actions."""
    W = {"A": matrix(rng, hidden, 2 * SIZE**2, 2), "B": matrix(rng, hidden, hidden, 2**0.5)}
    W["C"] = matrix(rng, 3, hidden, 0.1)
    return W | {f"{name}_bias": constant(0.0, len(w.value)) for name, w in W.items()}


def net(W, X):
    """Q of the three actions (N, 3) for pictures X (N, 200)."""
    X = np.maximum(linear(X, W["A"], W["A_bias"]), 0)
    X = np.maximum(linear(X, W["B"], W["B_bias"]), 0)
    return linear(X, W["C"], W["C_bias"])


def loss(W, X, action, T):
    """The mean of (Q(s, a) - t)² for actions (N,) that were taken, and desired outputs T (N,)."""
    away = net(W, X)[np.arange(len(X)), action] - T
    return np.sum(away * away) * (1 / len(X))


def data(W, rng):
    """Endless batches: a step of all games, then a batch of the steps that are remembered.

    At first actions are drawn at random, then ever more those with the largest Q.
    """
    S = start(AT_ONCE, rng)
    X, remembered, steps = pixels(S), [], 0
    while True:
        action = net(arrays(W), X).argmax(axis=1)
        tries = rng.random(AT_ONCE) < max(0.05, 1 - steps / 500)
        action[tries] = rng.integers(0, 3, tries.sum())
        S, reward, ends = play(S, action)
        after = pixels(S, X)
        remembered = [*remembered[-KEPT + 1 :], (X, action, reward, ends, after)]
        S = np.where(ends[:, np.newaxis], start(AT_ONCE, rng), S)
        X = np.where(ends[:, np.newaxis], pixels(S), after)
        if steps % STALE == 0:
            stale = {name: w.copy() for name, w in arrays(W).items()}
        steps += 1
        rows = rng.integers(0, len(remembered), BATCH), rng.integers(0, AT_ONCE, BATCH)
        chosen = [tuple(part[game] for part in remembered[step]) for step, game in zip(*rows, strict=True)]
        x, a, r, end, x_after = (np.array(part) for part in zip(*chosen, strict=True))
        best = net(stale, x_after).max(axis=1)
        yield x, a, (r + DISCOUNT * np.where(end, 0, best)).astype(np.float32)


def train(seed=0, steps=2200, watch=None):
    """Weights W as arrays."""
    rng = np.random.default_rng(seed)
    W = weights(rng)
    fit(loss, W, data(W, rng), steps, alpha=2e-3, watch=watch)
    return arrays(W)


def measure(W, n=1000, seed=1000):
    """The share of n new balls that are caught. Every ball can be: the paddle has time enough."""
    S = start(n, np.random.default_rng(seed))
    X, reward = pixels(S), np.zeros(n)
    for _ in range(SIZE - 1):
        S, reward, _ = play(S, net(W, X).argmax(axis=1))
        X = pixels(S, X)
    return (reward == 1).mean()
