"""Questions of unit 6, part six: computer games. N steps, F actions."""

import numpy as np

from nnlib.grading.checks.judging.truth import torch
from nnlib.grading.checks.question import question
from nnlib.grading.checks.search import vocabulary


def discounted_in_torch(rewards, gamma):
    steps = torch().arange(rewards.shape[1])
    away = steps[None, :] - steps[:, None]
    powers = torch().where(away >= 0, gamma ** away.clamp(min=0).to(rewards.dtype), 0.0)
    return rewards @ powers.T


def never_begun_anew(rewards, gamma):
    R, after = np.zeros(rewards.shape), 0.0
    for n in range(len(rewards)):
        for t in reversed(range(rewards.shape[1])):
            after = rewards[n, t] + gamma * after
            R[n, t] = after
    return R


@question(
    returns="R",
    section="Computer games",
    inputs=lambda rng, N, J: (rng.normal(size=(N, J)), float(rng.uniform(0.6, 0.95))),
    value=discounted_in_torch,
    names={"after": "the return of the step after it", "rewards": "the rewards", "gamma": "γ"},
    hints={
        "The returns run backwards in time: R_t adds the rewards that come after step t": (
            lambda rewards, gamma: discounted.reference(rewards[:, ::-1], gamma)[:, ::-1]
        ),
        "That adds up what came before step t. R_t adds what comes from step t on": (
            lambda rewards, gamma: np.cumsum(rewards * gamma ** np.arange(rewards.shape[1]), axis=1)
        ),
        "Only the next reward is added: all that come after step t count": lambda rewards, gamma: (
            rewards + gamma * np.c_[rewards[:, 1:], np.zeros(len(rewards))]
        ),
        "All later rewards are discounted by the same γ: it is γ², γ³ and so on for those further away": (
            lambda rewards, gamma: (
                rewards + gamma * (discounted.reference(rewards, 1.0) - rewards)
            )
        ),
        "Each game but the first begins at its end with what is left of the game before: begin with 0": (
            never_begun_anew
        ),
        "Rewards of the next game are added: axis 0 holds the games, and time runs along axis 1": (
            lambda rewards, gamma: discounted.reference(rewards.T, gamma).T
        ),
        "Nothing is discounted, as if γ were 1: a reward k steps later counts γ^k times": (
            lambda rewards, gamma: discounted.reference(rewards, 1.0)
        ),
        "Each reward is discounted from the start of the game, γ^t: R_t counts from step t on": (
            lambda rewards, gamma: discounted.reference(
                rewards * gamma ** np.arange(rewards.shape[1]), 1.0
            )
        ),
        "The next return counts, and the reward of step t itself is left out": lambda rewards, gamma: np.c_[
            discounted.reference(rewards, gamma)[:, 1:], np.zeros(len(rewards))
        ],
        "γ multiplies the reward of step t too: its own reward counts in full": lambda rewards, gamma: (
            gamma * discounted.reference(rewards, gamma)
        ),
    },
)  # fmt: skip
def discounted(rewards, gamma):
    """The discounted returns of games."""
    R = np.zeros(rewards.shape)
    after = np.zeros(len(rewards))
    for t in range(rewards.shape[1] - 1, -1, -1):
        after = rewards[:, t] + gamma * after
        R[:, t] = after
    return R


def steps_of_games(rng, N, F):
    """Scores, actions, returns and a baseline."""
    actions = rng.integers(F, size=N)
    return 1.5 * rng.normal(size=(N, F)), actions, 3 * rng.normal(size=N), float(rng.uniform(0.5, 2))


def likelier(A, actions, R, b):
    log_y = A.log_softmax(dim=1)[torch().arange(len(A)), torch().as_tensor(actions)]
    return -((R - b) * log_y).sum()


@question(
    returns="Δ",
    section="Computer games",
    inputs=steps_of_games,
    error=likelier,
    by="A",
    names={
        "T": "T, the one-hot actions,", "better": "R - b", "R": "the returns R", "b": "the baseline b",
        "Y": "the policy Y",
    },
    hints={
        "All deltas have the opposite sign, as if E had no minus: E is what goes downhill": (
            lambda A, actions, R, b: -policy_delta.reference(A, actions, R, b)
        ),
        "b is taken away from the product: it belongs into the brackets, (R - b)": lambda A, actions, R, b: (
            policy_delta.reference(A, actions, R, 0.0) - b
        ),
        "Only the chosen action gets a delta: the others share the softmax": lambda A, actions, R, b: (
            np.eye(A.shape[1])[actions] * policy_delta.reference(A, actions, R, b)
        ),
        "R - b multiplies the action alone: it is a factor of all of y - t": lambda A, actions, R, b: (
            vocabulary.softmax(A) - (R - b)[:, None] * np.eye(A.shape[1])[actions]
        ),
        "R - b multiplies y alone: it is a factor of all of y - t": lambda A, actions, R, b: (
            vocabulary.softmax(A) * (R - b)[:, None] - np.eye(A.shape[1])[actions]
        ),
        "That goes down with the probability itself: ln is missing in E": lambda A, actions, R, b: (
            policy_delta.reference(A, actions, R, b)
            * vocabulary.softmax(A)[np.arange(len(A)), actions][:, None]
        ),
    },
)  # fmt: skip
def policy_delta(A, actions, R, b):
    """The deltas of the policy gradient."""
    T = np.eye(A.shape[1])[actions]
    Y = vocabulary.softmax(A)
    better = (R - b)[:, None]
    return better * (Y - T)


def transitions(rng, N, I, F):
    """W, S, actions, rewards, the states after, where games ended, and γ."""
    ended = rng.integers(2, size=N).astype(float)
    ended[0] = 0.0
    if N > 2:
        ended[-2:] = 1.0
    return (
        rng.normal(size=(F, I)), rng.normal(size=(N, I)), rng.integers(F, size=N), rng.normal(size=N),
        rng.normal(size=(N, I)), ended, float(rng.uniform(0.5, 0.95)),
    )  # fmt: skip


def td_in_torch(W, S, actions, r, S_next, ended, gamma):
    target = r + gamma * (1 - ended) * (S_next @ W.T).max(dim=1).values.detach()
    Q = (S @ W.T)[torch().arange(len(S)), torch().as_tensor(actions)]
    return ((Q - target) ** 2).sum() / 2


def through_target(W, S, actions, r, S_next, ended, gamma):
    """The gradient that is not stopped."""
    rows, F = np.arange(len(S)), len(W)
    Q_next = S_next @ W.T
    best = np.argmax(Q_next, axis=1)
    off = (S @ W.T)[rows, actions] - r - gamma * (1 - ended) * Q_next[rows, best]
    right = (off[:, None] * np.eye(F)[actions]).T @ S
    return right - gamma * ((off * (1 - ended))[:, None] * np.eye(F)[best]).T @ S_next


def goes_on(W, S, actions, r, S_next, ended, gamma):
    return td_gradient.reference(W, S, actions, r, S_next, ended * 0, gamma)


def for_all_actions(W, S, actions, r, S_next, ended, gamma):
    target = r + gamma * (1 - ended) * np.max(S_next @ W.T, axis=1)
    return (S @ W.T - target[:, None]).T @ S


def next_of_the_same_action(W, S, actions, r, S_next, ended, gamma):
    rows = np.arange(len(S))
    target = r + gamma * (1 - ended) * (S_next @ W.T)[rows, actions]
    off = (S @ W.T)[rows, actions] - target
    return (off[:, None] * np.eye(len(W))[actions]).T @ S


def the_last_of_each_action(W, S, actions, r, S_next, ended, gamma):
    """What NumPy keeps of `dW[actions] += ...`: of an action that occurs several times the last share."""
    target = r + gamma * (1 - ended) * np.max(S_next @ W.T, axis=1)
    off = (S @ W.T)[np.arange(len(S)), actions] - target
    dW = np.zeros(W.shape)
    dW[actions] += off[:, None] * S
    return dW


@question(
    returns="∂E/∂W",
    section="Computer games",
    inputs=transitions,
    error=td_in_torch,
    by="W",
    names={
        "Q": "the values Q", "best": "the best next value", "target": "the desired output",
        "chosen": "the one-hot actions", "off": "the temporal difference", "r": "the reward r",
        "going": "1 - ended", "taken": "Q of the action", "gamma": "γ",
    },
    hints={
        "The gradient goes through the desired output too. It is a constant: stop it there": through_target,
        "Where the game has ended nothing is to come: the desired output is the reward alone": goes_on,
        "Steps with which a game ended are left out: their reward counts as well": (
            lambda W, S, actions, r, S_next, ended, gamma: td_gradient.reference(
                W, S * (1 - ended)[:, None], actions, r, S_next, ended, gamma
            )
        ),
        "All actions get a delta: only the one that was taken has shown what it is worth": for_all_actions,
        "The next state is judged by the same action. Take the largest Q over its actions": (
            next_of_the_same_action
        ),
        "Of an action that occurs several times only the last step counts, as with += and an array of "
        "indices, or = in a loop. Take np.add.at, or the one-hot actions in a matrix product": (
            the_last_of_each_action
        ),
    },
)  # fmt: skip
def td_gradient(W, S, actions, r, S_next, ended, gamma):
    """The gradient of the temporal-difference error."""
    Q = S @ W.T
    best = np.max(S_next @ W.T, axis=1)
    going = 1 - ended
    target = r + gamma * going * best
    chosen = np.eye(len(W))[actions]
    taken = np.sum(chosen * Q, axis=1)
    off = taken - target
    Delta = off[:, None] * chosen
    return Delta.T @ S
