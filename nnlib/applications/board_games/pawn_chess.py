"""Pawn chess: what remains of chess with pawns alone."""

import numpy as np

from nnlib.applications.board_games.rules import Rules, mirrored, of_planes


class PawnChess(Rules):
    """A row of pawns on each side. They step forward one, and take slantwise, as in chess.

    Who reaches the far side, or leaves the other without a move, wins. The player to move goes upwards: the
    board is turned around after each move. An action is 3 · square + 0 (to the upper left), 1 or 2.
    """

    title = "pawn chess"

    def __init__(self, width=5, height=5):
        self.width, self.height = width, height
        squares = width * height
        self.start = (-1,) * width + (0,) * (squares - 2 * width) + (1,) * width
        self.actions, self.features = 3 * squares, 2 * squares
        mirror = mirrored(width, height)
        actions = (3 * mirror[:, np.newaxis] + [2, 1, 0]).ravel()
        same = np.arange(2 * squares), np.arange(3 * squares)
        self.symmetries = [same, (of_planes(mirror, 2), actions)]

    def moves(self, state):
        """Steps to empty squares, and takes."""
        width, actions = self.width, []
        for square, piece in enumerate(state):
            if piece == 1:
                x = square % width
                if x and state[square - width - 1] == -1:
                    actions.append(3 * square)
                if not state[square - width]:
                    actions.append(3 * square + 1)
                if x < width - 1 and state[square - width + 1] == -1:
                    actions.append(3 * square + 2)
        return actions

    def play(self, state, action):
        """Move a pawn and turn the board around."""
        square, way = divmod(action, 3)
        to = square - self.width + way - 1
        squares = list(state)
        squares[square], squares[to] = 0, 1
        state = tuple([-piece for piece in reversed(squares)])
        return state, 1 if to < self.width or not self.moves(state) else None
