"""Shogi on 3 x 4 squares, as children play it (Dōbutsu shōgi, Kitao, 2008): what is taken comes back."""

import numpy as np

from nnlib.applications.board_games.rules import Rules, mirrored, of_planes

CHICK, GIRAFFE, ELEPHANT, LION, HEN = range(1, 6)
STRAIGHT = [(-1, 0), (1, 0), (0, -1), (0, 1)]
SLANTED = [(-1, -1), (-1, 1), (1, -1), (1, 1)]
STEPS = {
    CHICK: [(-1, 0)],
    GIRAFFE: STRAIGHT,
    ELEPHANT: SLANTED,
    LION: STRAIGHT + SLANTED,
    HEN: [*STRAIGHT, (-1, -1), (-1, 1)],
}
WIDTH, SQUARES = 3, 12


class Shogi(Rules):
    """Who takes the lion wins; so does a lion on the far row that cannot be taken there at once.

    A chick that comes to the far row becomes a hen. What is taken changes sides, a hen as a chick, and is put
    on any empty square instead of a move. The player to move goes upwards.

    A state is 12 squares, then how many chicks, giraffes and elephants the player to move has in hand, then
    the other. An action is 12 · from + to, with 12 + 0, 1, 2 as `from` for a chick, a giraffe, an elephant
    in hand.
    """

    title, width, height = "shogi 3 x 4", 3, 4
    actions, features = 15 * SQUARES, 10 * SQUARES + 6

    def __init__(self):
        self.start = (-2, -4, -3, 0, -1, 0, 0, 1, 0, 3, 4, 2, *[0] * 6)
        self.reach = {
            (piece, square): [
                (square // 3 + dy) * 3 + square % 3 + dx
                for dy, dx in steps
                if 0 <= square // 3 + dy < 4 and 0 <= square % 3 + dx < 3
            ]
            for piece, steps in STEPS.items()
            for square in range(SQUARES)
        }
        mirror = mirrored(3, 4)
        sources = np.concatenate([mirror, [12, 13, 14]])
        features = np.concatenate([of_planes(mirror, 10), np.arange(120, 126)])
        same = np.arange(self.features), np.arange(self.actions)
        self.symmetries = [same, (features, (12 * sources[:, np.newaxis] + mirror).ravel())]

    def moves(self, state):
        """Moves to squares without a piece of one's own, then what comes from the hand."""
        actions = [
            12 * square + to
            for square in range(SQUARES)
            if state[square] > 0
            for to in self.reach[state[square], square]
            if state[to] <= 0
        ]
        for hand in (12, 13, 14):
            if state[hand]:
                actions += [12 * hand + to for to in range(SQUARES) if not state[to]]
        return actions

    def play(self, state, action):
        """Move, or put from the hand, and turn the board around."""
        source, to = divmod(action, SQUARES)
        squares = list(state)
        taken = 0
        if source >= SQUARES:
            squares[source] -= 1
            squares[to] = source - 11
        else:
            piece, taken = squares[source], -squares[to]
            squares[source] = 0
            squares[to] = HEN if piece == CHICK and to < WIDTH else piece
            if taken and taken != LION:
                squares[11 + (CHICK if taken == HEN else taken)] += 1
        after = (*[-piece for piece in squares[11::-1]], *squares[15:], *squares[12:15])
        arrived = source < SQUARES and squares[to] == LION and to < WIDTH
        if taken == LION or arrived and not self._attacked(after, 11 - to):
            return after, 1
        stuck = not any(after[12:15]) and not self.moves(after)
        return after, 1 if stuck else None

    def _attacked(self, state, square):
        return any(state[k] > 0 and square in self.reach[state[k], k] for k in range(SQUARES))

    def planes(self, states):
        """One plane for each kind and side, and the pieces in hand, halved."""
        states = np.array(states)
        squares = states[:, :SQUARES]
        kinds = [squares == side * piece for side in (1, -1) for piece in STEPS]
        return np.concatenate([*kinds, states[:, SQUARES:] / 2], axis=1).astype(np.float32)
