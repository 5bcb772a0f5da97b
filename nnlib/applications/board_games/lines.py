"""Tic-tac-toe and Connect Four: who first has so many in a line wins."""

import numpy as np

from nnlib.applications.board_games.rules import Rules, mirrored, of_planes, other, turns


class Lines(Rules):
    """A board of width x height where `count` in a row, a column or a diagonal win.

    An action is a square, or, where stones drop to the bottom, a column.
    """

    def __init__(self, title, width, height, count, drop):
        self.title, self.width, self.height, self.drop = title, width, height, drop
        squares = width * height
        self.start, self.actions, self.features = (0,) * squares, width if drop else squares, 2 * squares
        self.longest = squares
        self.through = [[] for _ in range(squares)]
        for y in range(height):
            for x in range(width):
                for dx, dy in ((1, 0), (0, 1), (1, 1), (1, -1)):
                    last_x, last_y = x + (count - 1) * dx, y + (count - 1) * dy
                    if last_x < width and 0 <= last_y < height:
                        line = [(y + k * dy) * width + x + k * dx for k in range(count)]
                        for square in line:
                            self.through[square].append(line)
        if drop:
            ways = [np.arange(squares), mirrored(width, height)]
            self.symmetries = [(of_planes(way, 2), way[:width]) for way in ways]
        else:
            self.symmetries = [(of_planes(way, 2), way) for way in turns(width)]

    def moves(self, state):
        """Empty squares; where stones drop, columns whose uppermost square is empty."""
        return [action for action in range(self.actions) if not state[action]]

    def play(self, state, action):
        """Put a stone; it wins if it completes a line, and on a full board nobody has won."""
        square = action
        if self.drop:
            while square + self.width < len(state) and not state[square + self.width]:
                square += self.width
        state = (*state[:square], 1, *state[square + 1 :])
        won = any(all([state[k] == 1 for k in line]) for line in self.through[square])
        return other(state), 1 if won else None if 0 in state else 0
