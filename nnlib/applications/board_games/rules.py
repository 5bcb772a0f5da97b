"""The rules of a board game, as the search and the network use them.

A state is a tuple that never changes and is always seen by the player to move, who is `1` where the other is
`-1`: so that one network plays both sides. A game has

    moves(state)         the actions that are allowed, as whole numbers below `actions`
    play(state, action)  the next state, seen by the other player, and the outcome for who moved: 1 won,
                         0 drawn, -1 lost, None: the game goes on
    planes(states)       what the network sees: (N, features) of float32
    symmetries           pairs of index arrays (f, a): planes[:, f] and policies[:, a] are those of the same
                         position in a mirror, or turned

A game that lasts longer than `longest` moves counts as drawn.
"""

import numpy as np


class Rules:
    """Squares with stones or pawns: own 1, the other's -1, empty 0, row by row from the top."""

    longest = 60

    def planes(self, states):
        """Own ones, and the other's ones: 2 numbers a square."""
        states = np.array(states)
        return np.concatenate([states == 1, states == -1], axis=1).astype(np.float32)


def other(squares):
    """The same squares, seen by the other player."""
    return tuple([-piece for piece in squares])


def mirrored(width, height):
    """The square from which each square comes in a mirror that changes left and right."""
    return np.arange(width * height).reshape(height, width)[:, ::-1].ravel()


def turns(size):
    """The eight symmetries of a square board, each as the square from which each square comes."""
    squares = np.arange(size * size).reshape(size, size)
    return [np.rot90(way, k).ravel() for way in (squares, squares[:, ::-1]) for k in range(4)]


def of_planes(squares, count):
    """The same exchange of squares in each of `count` planes."""
    return np.concatenate([squares + plane * len(squares) for plane in range(count)])
