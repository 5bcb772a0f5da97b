"""Board games learnt from nothing but their rules, after AlphaZero: five games, one network, one search.

`rules` says what a game is; `search` looks ahead with a network of policy and value; `self_play` lets it
learn from games against itself; `opponents` are what it is measured against.

Silver et al., Science 362, 2018.
"""

from nnlib.applications.board_games.games import GAMES, game

__all__ = ["GAMES", "game"]
