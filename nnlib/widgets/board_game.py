"""Play a board game against a network that learnt it from its rules alone: unit 6."""

import numpy as np
import traitlets

from nnlib.applications import shipped
from nnlib.applications.board_games import GAMES, game, self_play
from nnlib.applications.board_games.search import Node, search
from nnlib.arguments import whole_number
from nnlib.figures.svg import element, text
from nnlib.widgets.live_figure import LiveFigure
from nnlib.widgets.packed import packed
from nnlib.widgets.picture import BLUE, GROUND, LINE, ORANGE, SOFT, picture

PIECES = {"shogi": ("", "chick", "giraffe", "elephant", "lion", "hen")}
OUTCOMES = {1: "has won", 0: "has drawn", -1: "has lost"}


class BoardGame(LiveFigure):
    """A board, what the network thinks of each move (policy) and of the position (value), and a search."""

    name = "board_game"
    game = traitlets.Unicode().tag(sync=True)
    title = traitlets.Unicode().tag(sync=True)
    pieces = traitlets.List().tag(sync=True)
    weights = traitlets.Dict().tag(sync=True)
    actions = traitlets.List(traitlets.Int()).tag(sync=True)
    simulations = traitlets.Int(50).tag(sync=True)
    human = traitlets.Int(0).tag(sync=True)

    def position(self):
        """The state seen by the player to move, and the outcome for the player who moved last."""
        rules, outcome = GAMES[self.game], None
        state = rules.start
        for action in self.actions:
            state, outcome = rules.play(state, action)
        return state, outcome

    def thought(self):
        """The moves of the present position, with the share of the search's visits, and its value."""
        rules, root = GAMES[self.game], Node(self.position()[0])
        search(rules, self_play.evaluator(rules, self.W), [root], max(1, self.simulations))
        return root.moves, np.array(root.N) / root.visits, sum(root.W) / root.visits

    def text(self):
        state, outcome = self.position()
        begun = f"{self.title}, after {len(self.actions)} moves"
        who = ("first", "second")[len(self.actions) % 2]
        if outcome is not None:
            return f"{begun}: the {('second', 'first')[len(self.actions) % 2]} player {OUTCOMES[outcome]}."
        moves, shares, value = self.thought()
        at = int(shares.argmax())
        return (
            f"{begun}: the {who} player is to move, whose value is {value:.2f}; "
            f"the search likes action {moves[at]} best ({100 * shares[at]:.0f} % of its visits)."
        )

    def svg(self):
        rules, (state, _) = GAMES[self.game], self.position()
        squares, second = rules.width * rules.height, len(self.actions) % 2
        board = [-piece for piece in state[:squares]] if second else state[:squares]
        if second and self.game in ("pawn_chess", "shogi"):
            board = board[::-1]
        parts, side = [], 52
        for k, piece in enumerate(board):
            x, y = 10 + side * (k % rules.width), 10 + side * (k // rules.width)
            parts.append(element("rect", x=x, y=y, width=side, height=side, fill=GROUND, stroke=LINE))
            if piece:
                colour = BLUE if piece > 0 else ORANGE
                middle = {"cx": x + side / 2, "cy": y + side / 2}
                parts.append(element("circle", **middle, r=18, fill=colour, fill_opacity=0.35, stroke=colour))
                if self.pieces:
                    word = self.pieces[abs(piece)]
                    parts.append(text(x + side / 2, y + side / 2 + 4, word, font_size=11))
        names = {"x": 20 + side * rules.width, "font_size": 12, "fill": SOFT}
        parts.append(element("text", "blue: first player", **names, y=30))
        parts.append(element("text", "orange: second player", **names, y=50))
        return picture(side * rules.width + 160, side * rules.height + 20, self.text(), *parts)


def board_game(name="connect_four", W=None, simulations=50):
    """Play by mouse or keyboard, take back, or let the network play against itself.

    Parameters
    ----------
    name: a game of `nnlib.applications.board_games.GAMES`.
    W: weights as `self_play.train(name)` returns them; None takes the shipped ones (none of tic_tac_toe).
    simulations: of the search, 0 to 400; with 0 the policy plays alone.

    Raises
    ------
    ValueError: another name, other weights, or another number.
    """
    rules = game(name)
    simulations = whole_number(simulations, "simulations", 0)
    if simulations > 400:
        raise ValueError(f"simulations must be 0 to 400, got {simulations}.")
    W = shipped.load(name) if W is None else W
    wanted = {key: np.shape(w) for key, w in self_play.weights(np.random.default_rng(0), rules).items()}
    if not isinstance(W, dict) or {key: np.shape(w) for key, w in W.items()} != wanted:
        raise ValueError(
            f"W are not weights of {rules.title}: expected what self_play.train({name!r}) returns."
        )
    figure = BoardGame(
        game=name,
        title=rules.title,
        pieces=list(PIECES.get(name, ())),
        weights=packed(W),
        simulations=simulations,
    )
    figure.W = {key: np.float16(w).astype(np.float32) for key, w in W.items()}  # as the page has them
    return figure
