"""Board games, Catch and translation as figures: what they refuse, and what they say."""

import numpy as np
import pytest

from nnlib import widgets
from nnlib.applications import catch, translation
from nnlib.applications.board_games import GAMES, self_play
from nnlib.applications.fitting import arrays


def test_an_agent_in_training_is_shown_and_then_kept():
    figure = widgets.play_catch()
    shown = []
    figure.observe(lambda change: shown.append(change["new"].get("name")), "training")
    W = figure.train(seed=0, steps=40)
    assert figure.names[0] == "before training" and figure.names[-1] == "after 40 steps"
    assert len(figure.agents) == len(figure.names) > 3 and figure.chosen == len(figure.names) - 1
    assert len(shown) > 15 and shown[0] == "after 0 steps" and shown[-1] is None
    assert np.array_equal(figure.q(), catch.net(W, catch.pixels(np.array([figure.opening])))[0])
    assert "Agent after 40 steps" in figure.text()


@pytest.mark.parametrize("name", GAMES)
def test_a_board_says_who_moves_and_who_has_won(name):
    rules = GAMES[name]
    figure = widgets.board_game(name, arrays(self_play.weights(np.random.default_rng(0), rules)), 5)
    assert f"{rules.title}, after 0 moves: the first player is to move" in figure.text()
    while figure.position()[1] is None and len(figure.actions) < rules.longest:
        figure.actions = [*figure.actions, rules.moves(figure.position()[0])[0]]
    if figure.position()[1] is not None:
        assert figure.text().endswith(("player has won.", "player has drawn.", "player has lost."))
    assert figure.svg().count("<rect") == rules.width * rules.height


def test_a_board_refuses_weights_of_another_game():
    W = arrays(self_play.weights(np.random.default_rng(0), GAMES["shogi"]))
    with pytest.raises(ValueError, match="W are not weights of tic-tac-toe: expected what"):
        widgets.board_game("tic_tac_toe", W)


def test_a_board_refuses_an_unknown_game_and_a_deep_search():
    with pytest.raises(ValueError, match="There is no game 'chess'"):
        widgets.board_game("chess")
    with pytest.raises(ValueError, match="simulations must be 0 to 400, got 401"):
        widgets.board_game(simulations=401)


def test_a_sentence_of_unknown_words_is_refused():
    W = arrays(translation.weights(np.random.default_rng(0)))
    with pytest.raises(ValueError, match="The word 'dragons' is unknown"):
        widgets.translate(W, "the dragons sleep")
