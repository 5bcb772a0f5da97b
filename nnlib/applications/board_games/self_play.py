"""Learn a game from its rules alone: a network with policy and value plays against itself, and learns.

The policy learns what the search made of it, the value how the game ended (z = 1 won, -1 lost):

    E = Σₙ (z - v)² - Σₐ π_a ln p_a        π: how often the search tried each action

Each round: games at once by the present weights, then steps on the positions of the last rounds, each in a
random symmetry. Silver et al., A general reinforcement learning algorithm that masters chess, shogi, and Go
through self-play, Science 362, 2018: 5000 processors of their own kind where this takes one core.
"""

import numpy as np

from nnlib.applications.attention_decoder import matrix
from nnlib.applications.board_games import game, opponents
from nnlib.applications.board_games.search import Node, chosen, search
from nnlib.applications.fitting import arrays, constant, fit
from nnlib.differentiation import linear, softmax_cross_entropy

GAMES_AT_ONCE, ROUNDS_KEPT, BATCH, DRAWN = 48, 30, 64, 12
SIMULATIONS = 50
STEPS = {"tic_tac_toe": 1500, "connect_four": 4700, "pawn_chess": 2500, "shogi": 2000, "capture_go": 2000}


def weights(rng, rules, hidden=128):
    """Two layers that policy and value share, then one of each; the last ones begin small."""
    W = {
        "A": matrix(rng, hidden, rules.features, 2**0.5),
        "B": matrix(rng, hidden, hidden, 2**0.5),
        "policy": matrix(rng, rules.actions, hidden, 0.1),
        "value": matrix(rng, 1, hidden, 0.1),
    }
    return W | {f"{name}_bias": constant(0.0, len(w.value)) for name, w in W.items()}


def net(W, X):
    """Scores of all actions (N, actions) and values within -1 .. 1 (N,), for planes X (N, features)."""
    X = np.maximum(linear(X, W["A"], W["A_bias"]), 0)
    X = np.maximum(linear(X, W["B"], W["B_bias"]), 0)
    values = np.tanh(linear(X, W["value"], W["value_bias"]))
    return linear(X, W["policy"], W["policy_bias"]), np.reshape(values, (-1,))


def loss(W, X, P, z):
    """The mean over positions, for planes X, policies of the search P (N, actions) and outcomes z (N,)."""
    scores, values = net(W, X)
    away = values - z
    return (softmax_cross_entropy(scores, P) + np.sum(away * away)) * (1 / len(X))


def evaluator(rules, W):
    """The function `evaluate` of `search`: scores and values of states, by weights W."""
    W = arrays(W)
    return lambda states: net(W, rules.planes(states))


def played(rules, W, rng, count=GAMES_AT_ONCE, simulations=SIMULATIONS):
    """Games of the weights against themselves, all at once: planes X, policies P and outcomes z.

    The first DRAWN actions of a game are drawn by how often the search tried each, so that games differ;
    then the best is played.
    """
    live, ended = [(Node(rules.start), []) for _ in range(count)], []
    evaluate = evaluator(rules, W)
    while live:
        search(rules, evaluate, [root for root, _ in live], simulations, rng)
        going = []
        for root, past in live:
            share = np.array(root.N) / sum(root.N)
            policy = np.zeros(rules.actions, np.float32)
            policy[root.moves] = share
            past.append((root.state, policy))
            at = rng.choice(len(share), p=share) if len(past) <= DRAWN else int(share.argmax())
            child = root.children[at]
            if child.outcome is None and len(past) < rules.longest:
                going.append((child, past))
            else:
                z = child.outcome or 0
                for state, policy in reversed(past):
                    ended.append((state, policy, z))
                    z = -z
        live = going
    states, policies, outcomes = zip(*ended, strict=True)
    return rules.planes(states), np.array(policies), np.array(outcomes, np.float32)


def positions(rules, W, rng):
    """Endless batches: a round of games by the present weights, batches of the last rounds, and so on."""
    rounds = []
    while True:
        rounds = [*rounds[-ROUNDS_KEPT + 1 :], played(rules, W, rng)]
        X, P, z = (np.concatenate(part) for part in zip(*rounds, strict=True))
        for _ in range(max(8, 3 * len(rounds[-1][0]) // BATCH)):
            rows = rng.integers(0, len(X), BATCH)
            features, actions = rules.symmetries[rng.integers(len(rules.symmetries))]
            yield X[rows][:, features], P[rows][:, actions], z[rows]


class _LosesNoMore(Exception):
    """Tic-tac-toe is learnt."""


def train(name, seed=0, steps=None, watch=None):
    """Weights W as arrays, learnt by playing. Tic-tac-toe stops as soon as no line of play is lost.

    Raises ValueError for an unknown game.
    """
    rules = game(name)
    rng = np.random.default_rng(seed)
    W = weights(rng, rules)

    def seen(W):
        if watch:
            watch(W)
        if name == "tic_tac_toe" and not lost_lines(W):
            raise _LosesNoMore

    try:
        fit(loss, W, positions(rules, W, rng), steps or STEPS[name], watch=seen)
    except _LosesNoMore:
        print("Tic-tac-toe is learnt: no line of play is lost.")
    return arrays(W)


def lost_lines(W, simulations=SIMULATIONS):
    """In how many ways tic-tac-toe is lost against every reply; with 0 simulations: by the bare policy."""
    rules = game("tic_tac_toe")
    return opponents.lost_lines(rules, lambda states: best(rules, W, states, simulations))


def best(rules, W, states, simulations=SIMULATIONS):
    """An action for each state: what the search tried most, or, with 0 simulations, what the policy likes."""
    if simulations:
        return chosen(rules, evaluator(rules, W), states, simulations)
    scores, _ = evaluator(rules, W)(states)
    return [
        max(rules.moves(state), key=lambda action: a[action]) for state, a in zip(states, scores, strict=True)
    ]


def measure(name, W, count=200, simulations=SIMULATIONS, pieces=0):
    """How well the weights play.

    Tic-tac-toe: lost lines of play. Connect Four: how often the best action is found, which a solver knows,
    in all positions with at least so many `pieces`, and in those where actions differ. The others: the score
    against a plain tree search of as many simulations, in pairs of games with changed sides (1 for a win,
    1/2 for a draw).
    """
    rules = game(name)

    def choose(states):
        return best(rules, W, states, simulations)

    if name == "tic_tac_toe":
        return {"lost lines": lost_lines(W, simulations), "by the bare policy": lost_lines(W, 0)}
    if name == "connect_four":
        return opponents.optimal(rules, choose, count, pieces)
    return {"score": opponents.match(rules, choose, count, simulations)}
