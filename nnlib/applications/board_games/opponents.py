"""What a player of board games is measured against: every reply, a solver, a plain tree search.

A player is a function choose(states) -> actions.
"""

import math
import random

import numpy as np

from nnlib.applications.board_games.search import Node


def lost_lines(rules, choose):
    """How many positions are lost, as first and as second player, if the other side tries every reply."""
    lost = 0
    for begins in (True, False):
        mine = (
            [rules.start]
            if begins
            else [rules.play(rules.start, action)[0] for action in rules.moves(rules.start)]
        )
        while mine:
            after = [rules.play(state, action) for state, action in zip(mine, choose(mine), strict=True)]
            theirs = {state for state, outcome in after if outcome is None}
            replies = [rules.play(state, action) for state in theirs for action in rules.moves(state)]
            lost += sum(outcome == 1 for _, outcome in replies)
            mine = list({state for state, outcome in replies if outcome is None})
    return lost


def solved(rules):
    """A function value(state): 1 if the player to move can win, 0 for a draw, -1. It remembers states."""
    values = {}

    def value(state):
        if state not in values:
            values[state] = best(state)
        return values[state]

    def best(state):
        after = [rules.play(state, action) for action in rules.moves(state)]
        largest = max((outcome for _, outcome in after if outcome is not None), default=-1)
        for seen, outcome in after:
            if largest == 1:  # a move that wins at once: no further position has to be computed
                break
            if outcome is None:
                largest = max(largest, -value(seen))
        return largest

    return value


def optimal(rules, choose, count=300, pieces=0, seed=5):
    """How often the player finds a best action: in all positions, and where actions differ in value.

    `count` positions from random play, all different, with at least so many pieces on the board: the fewer
    they are, the longer the solver takes.
    """
    value, random_ = solved(rules), random.Random(seed)
    states = set()
    while len(states) < count:
        state = rules.start
        for _ in range(random_.randrange(rules.longest)):
            after, outcome = rules.play(state, random_.choice(rules.moves(state)))
            if outcome is not None:
                break
            state = after
        if sum(piece != 0 for piece in state) >= pieces:
            states.add(state)
    states = sorted(states)
    right, matters = [], []
    for state, action in zip(states, choose(states), strict=True):
        values = {}
        for move in rules.moves(state):
            after, outcome = rules.play(state, move)
            values[move] = -value(after) if outcome is None else outcome
        right.append(values[action] == max(values.values()))
        matters.append(len(set(values.values())) > 1)
    right, matters = np.array(right), np.array(matters)
    return {"all": right.mean(), "where actions differ": right[matters].mean(), "of them": int(matters.sum())}


def tree_search(rules, state, simulations, random_):
    """The action of a search without a network: UCT, with games of random moves in the place of a value.

    Q(s, a) + √(2 ln N(s) / N(s, a))       Kocsis and Szepesvári, 2006
    """
    root = Node(state)
    _open(rules, root)
    for _ in range(simulations):
        path, node = [], root
        while node.moves is not None and node.outcome is None:
            untried = [k for k, n in enumerate(node.N) if not n]
            if untried:
                at = random_.choice(untried)
            else:
                curious = 2 * math.log(node.visits)
                promise = [w / n + math.sqrt(curious / n) for w, n in zip(node.W, node.N, strict=True)]
                at = promise.index(max(promise))
            path.append((node, at))
            if node.children[at] is None:
                node.children[at] = Node(*rules.play(node.state, node.moves[at]))
            node = node.children[at]
        value = node.outcome
        if value is None:
            _open(rules, node)
            value = -_random_game(rules, node.state, random_)
        for parent, at in reversed(path):
            parent.N[at] += 1
            parent.W[at] += value
            parent.visits += 1
            value = -value
    return root.moves[int(np.argmax(root.N))]


def _open(rules, node):
    moves = rules.moves(node.state)
    node.open(moves, [1 / len(moves)] * len(moves))


def _random_game(rules, state, random_):
    """The outcome of random moves, for the player to move."""
    sign = 1
    for _ in range(rules.longest):
        state, outcome = rules.play(state, random_.choice(rules.moves(state)))
        if outcome is not None:
            return sign * outcome
        sign = -sign
    return 0


def match(rules, choose, count=200, simulations=50, seed=0):
    """The player's score against `tree_search`: after two random moves, each opening from both sides."""
    random_ = random.Random(seed)
    games, score = [], 0.0
    for _pair in range(count // 2):
        state = rules.start
        for _ in range(2):
            after, outcome = rules.play(state, random_.choice(rules.moves(state)))
            state = after if outcome is None else state
        games += [[state, True], [state, False]]
    for _ in range(2 * rules.longest):
        mine = [entry for entry in games if entry[1]]
        actions = iter(choose([state for state, _ in mine]) if mine else [])
        going = []
        for state, own in games:
            action = next(actions) if own else tree_search(rules, state, simulations, random_)
            after, outcome = rules.play(state, action)
            if outcome is None:
                going.append([after, not own])
            else:
                score += (outcome + 1) / 2 if own else (1 - outcome) / 2
        games = going
        if not games:
            break
    return (score + len(games) / 2) / (2 * (count // 2))
