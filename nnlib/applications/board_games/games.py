"""The five games by name."""

from nnlib.applications.board_games.capture_go import CaptureGo
from nnlib.applications.board_games.lines import Lines
from nnlib.applications.board_games.pawn_chess import PawnChess
from nnlib.applications.board_games.shogi import Shogi

GAMES = {
    "tic_tac_toe": Lines("tic-tac-toe", 3, 3, 3, drop=False),
    "connect_four": Lines("Connect Four 5 x 4", 5, 4, 4, drop=True),
    "pawn_chess": PawnChess(),
    "shogi": Shogi(),
    "capture_go": CaptureGo(),
}


def game(name):
    """The rules of a game. Raises ValueError for an unknown name."""
    if name not in list(GAMES):
        raise ValueError(f"There is no game {name!r}; there are {', '.join(GAMES)}.")
    return GAMES[name]
