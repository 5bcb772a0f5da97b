"""Capture Go: the first lesson of Go. Who first captures a group of stones wins."""

import numpy as np

from nnlib.applications.board_games.rules import Rules, of_planes, other, turns


class CaptureGo(Rules):
    """A group of stones without an empty square beside it is captured, and its owner has lost.

    Who captures with the stone just put wins, even if that stone had no liberty either; who takes the last
    liberty of a group of one's own loses. An action is a square.
    """

    title = "capture Go"

    def __init__(self, size=5):
        self.width = self.height = size
        squares = self.longest = self.actions = size * size
        self.start, self.features = (0,) * squares, 4 * squares
        self.near = [
            [
                (y + dy) * size + x + dx
                for dy, dx in ((-1, 0), (1, 0), (0, -1), (0, 1))
                if 0 <= y + dy < size and 0 <= x + dx < size
            ]
            for y in range(size)
            for x in range(size)
        ]
        self.symmetries = [(of_planes(way, 4), way) for way in turns(size)]

    def moves(self, state):
        """Empty squares."""
        return [square for square, stone in enumerate(state) if not stone]

    def group(self, state, square):
        """The stones that hang together with this one, and their liberties: two sets of squares."""
        side, stones, liberties, todo = state[square], {square}, set(), [square]
        while todo:
            for near in self.near[todo.pop()]:
                if not state[near]:
                    liberties.add(near)
                elif state[near] == side and near not in stones:
                    stones.add(near)
                    todo.append(near)
        return stones, liberties

    def play(self, state, action):
        """Put a stone."""
        state = (*state[:action], 1, *state[action + 1 :])
        for near in self.near[action]:
            if state[near] == -1 and not self.group(state, near)[1]:
                return other(state), 1
        return other(state), None if self.group(state, action)[1] else -1

    def planes(self, states):
        """Own stones, the other's, and of both those whose group has one liberty left."""
        X = np.zeros((len(states), 4, self.actions), np.float32)
        for n, state in enumerate(states):
            done = set()
            for square, stone in enumerate(state):
                if stone and square not in done:
                    stones, liberties = self.group(state, square)
                    done |= stones
                    where = list(stones)
                    X[n, 0 if stone == 1 else 1, where] = 1
                    if len(liberties) == 1:
                        X[n, 2 if stone == 1 else 3, where] = 1
        return X.reshape(len(states), -1)
