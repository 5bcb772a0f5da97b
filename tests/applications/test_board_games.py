"""The rules of the board games, the search, and what learns by playing against itself."""

import random

import numpy as np
import pytest

from nnlib.applications.board_games import GAMES, game, opponents, self_play
from nnlib.applications.board_games.search import Node, chosen, search
from nnlib.applications.fitting import fit

EVERY = pytest.mark.parametrize("name", GAMES)


def state_of(rows, **letters):
    """A state from rows of letters, "o" the player to move."""
    values = {"o": 1, "x": -1, ".": 0} | letters
    return tuple(values[letter] for letter in "".join(rows))


def random_game(rules, seed):
    """States and actions of a game of random moves, and its last outcome."""
    chance, state, played = random.Random(seed), rules.start, []
    for _ in range(rules.longest):
        action = chance.choice(rules.moves(state))
        played.append((state, action))
        state, outcome = rules.play(state, action)
        if outcome is not None:
            break
    return played, state, outcome


@EVERY
def test_games_of_random_moves_keep_to_the_board(name):
    rules = game(name)
    for seed in range(20):
        played, last, _ = random_game(rules, seed)
        states = [state for state, _ in played] + [last]
        assert len({len(state) for state in states}) == 1 and all(type(state) is tuple for state in states)
        assert all(0 <= action < rules.actions for state in states for action in rules.moves(state))
        X = rules.planes(states)
        assert X.shape == (len(states), rules.features) and X.dtype == np.float32


@EVERY
def test_a_game_in_a_mirror_is_the_same_game(name):
    rules = game(name)
    for features, actions in rules.symmetries:
        played, _, outcome = random_game(rules, 1)
        # Action a of the game is turned[a] in the mirror. Only shogi's start is another there.
        turned, state = np.argsort(actions), rules.start
        if name == "shogi" and features[0]:
            state = (*np.array(state)[features[:12]].tolist(), *state[12:])
        for original, action in played:
            assert np.array_equal(rules.planes([original])[:, features], rules.planes([state]))
            assert sorted(turned[rules.moves(original)]) == sorted(rules.moves(state))
            state, ended = rules.play(state, int(turned[action]))
        assert ended == outcome


def test_three_in_a_row_win_and_a_full_board_is_drawn():
    rules = game("tic_tac_toe")
    assert rules.play(state_of(["oo.", "xx.", "..."]), 2)[1] == 1
    assert rules.play(state_of(["ox.", "xo.", "..."]), 8)[1] == 1
    assert rules.play(state_of(["oxo", "xxo", "o.x"]), 7)[1] == 0
    assert rules.play(rules.start, 4) == ((0,) * 4 + (-1,) + (0,) * 4, None)


def test_stones_of_connect_four_drop():
    rules = game("connect_four")
    state = state_of(["x....", "o....", "x.ooo", "o.xxo"])
    assert rules.moves(state) == [1, 2, 3, 4]
    after, outcome = rules.play(state, 1)
    assert outcome is None and after[16] == -1
    assert rules.play(state_of([".....", ".....", "x.ooo", "oxxxo"]), 1)[1] == 1  # on top of another
    assert rules.play(state_of([".....", ".....", "x.ooo", "o.xxo"]), 1)[1] is None  # falls below
    assert rules.play(state_of([".....", "x.xox", "x.oxo", "xoxxo"]), 4)[1] == 1  # a diagonal


def test_pawns_step_take_and_arrive():
    rules = game("pawn_chess")
    assert rules.moves(rules.start) == [3 * square + 1 for square in range(20, 25)]
    state = state_of([".....", "o....", ".x.x.", "x.o..", "....."])
    assert rules.moves(state) == [3 * 5 + 1, 3 * 17, 3 * 17 + 1, 3 * 17 + 2]
    after, outcome = rules.play(state, 3 * 17)
    assert outcome is None and after == state_of([".....", "....o", ".o.x.", "....x", "....."])
    assert rules.play(state, 3 * 5 + 1)[1] == 1  # at the far side
    assert rules.play(state_of([".....", ".....", "x....", ".....", "o...."]), 61)[1] == 1  # and it is stuck


def test_shogi_has_four_first_moves_and_takes_into_hand():
    rules = game("shogi")
    assert len(rules.moves(rules.start)) == 4
    after, outcome = rules.play(rules.start, 12 * 7 + 4)  # the chick takes the chick
    assert outcome is None and after[12:] == (0, 0, 0, 1, 0, 0)
    assert sum(piece != 0 for piece in after[:12]) == 7


@pytest.mark.parametrize(
    ("rows", "action", "outcome"),
    [
        (["L.x", "...", ".l.", "..."], None, None),
        (["..L", ".c.", "...", ".l."], 12 * 4 + 1, None),  # a chick becomes a hen
        (["..L", ".l.", "...", "..."], 12 * 4 + 2, 1),  # the lion is taken
        (["...", ".l.", "..L", "..."], 12 * 4 + 0, 1),  # a lion has arrived
        (["..L", "l..", "...", "..."], 12 * 3 + 1, None),  # and this one can be taken
    ],
)
def test_lions_are_taken_or_arrive(rows, action, outcome):
    rules = game("shogi")
    state = state_of(rows, c=1, g=2, e=3, l=4, L=-4, x=-2) + (0,) * 6
    if action is None:
        assert 12 * 7 + 4 in rules.moves(state)
        return
    after, ended = rules.play(state, action)
    assert ended == outcome
    if rows[1] == ".c.":
        assert after[10] == -5


def test_a_chick_from_the_hand_stays_a_chick():
    rules = game("shogi")
    state = state_of(["..L", "...", "...", ".l."], l=4, L=-4) + (1, 0, 0, 0, 0, 0)
    assert sum(action >= 144 for action in rules.moves(state)) == 10
    after, _ = rules.play(state, 12 * 12 + 0)
    assert after[11] == -1 and after[12:] == (0,) * 6


def test_the_first_capture_wins_go_and_suicide_loses():
    rules = game("capture_go")
    state = state_of(["x....", "o....", ".....", "...x.", "..x.x"])
    assert rules.play(state, 1)[1] == 1
    assert rules.play(state, 23)[1] == -1
    assert rules.play(state, 12)[1] is None
    one_left = state_of(["xo...", ".....", ".....", ".....", "....."])
    assert rules.planes([one_left])[0].reshape(4, 25)[:, 0].tolist() == [0, 1, 0, 1]
    both = state_of([".xo..", "xo...", ".....", ".....", "....."])
    assert rules.play(both, 0)[1] == 1 or rules.play(both, 0)[1] == -1


def uniform(rules):
    """A network that knows nothing."""
    return lambda states: (np.zeros((len(states), rules.actions)), np.zeros(len(states)))


def test_the_search_finds_a_win_and_stops_a_loss():
    rules = game("tic_tac_toe")
    states = [state_of(["oo.", "x..", "x.."]), state_of(["o..", "xx.", "o.."])]
    assert chosen(rules, uniform(rules), states, 200) == [2, 5]


def test_each_simulation_is_one_visit_and_values_change_sign():
    rules = game("tic_tac_toe")
    root = Node(rules.start)
    search(rules, uniform(rules), [root], 60)
    assert sum(root.N) == root.visits == 60
    child = root.children[0]
    assert root.N[0] == child.visits + 1 and root.W[0] == pytest.approx(-sum(child.W))


def test_puct_follows_the_policy_first():
    rules = game("tic_tac_toe")
    scores = np.zeros((1, 9))
    scores[0, 7] = 5.0
    root = Node(rules.start)
    search(rules, lambda states: (np.repeat(scores, len(states), 0), np.zeros(len(states))), [root], 3)
    assert root.N[7] == 3


def test_the_solver_knows_tic_tac_toe_is_drawn():
    rules = game("tic_tac_toe")
    value = opponents.solved(rules)
    assert value(rules.start) == 0
    assert value(state_of(["o.o", "x..", "x.."])) == 1


def test_a_perfect_player_loses_no_line_and_a_poor_one_does():
    rules = game("tic_tac_toe")
    value = opponents.solved(rules)

    def worth(state, action):
        after, outcome = rules.play(state, action)
        return -value(after) if outcome is None else outcome

    perfect = [max, min]
    lost = [
        opponents.lost_lines(
            rules, lambda states, pick=pick: [pick(rules.moves(s), key=lambda a: worth(s, a)) for s in states]
        )
        for pick in perfect
    ]
    assert lost[0] == 0 and lost[1] > 20


def test_tree_search_without_a_network_finds_a_win():
    rules = game("connect_four")
    state = state_of([".....", "x....", "x...o", "xo..o"])
    other = opponents.tree_search(rules, tuple(-v for v in state), 300, random.Random(0))
    assert other == 0


def test_equal_players_score_about_a_half():
    rules = game("tic_tac_toe")
    chance = random.Random(1)
    score = opponents.match(
        rules,
        lambda states: [opponents.tree_search(rules, s, 30, chance) for s in states],
        40,
        simulations=30,
    )
    assert 0.3 < score < 0.7


@pytest.mark.slow
def test_a_few_rounds_of_self_play_lose_fewer_lines():
    rules, rng = game("tic_tac_toe"), np.random.default_rng(1)
    W = self_play.weights(rng, rules)
    before = self_play.lost_lines(W, 0)
    fit(self_play.loss, W, self_play.positions(rules, W, rng), 120)
    assert self_play.lost_lines(W, 0) < before / 2
    assert self_play.lost_lines(W, 50) < 10


@EVERY
def test_every_game_is_played_against_itself(name):
    rules = game(name)
    W = self_play.weights(np.random.default_rng(0), rules)
    X, P, z = self_play.played(rules, W, np.random.default_rng(1), count=2, simulations=6)
    assert X.shape == (len(z), rules.features) and P.shape == (len(z), rules.actions)
    assert np.allclose(P.sum(1), 1) and set(z) <= {-1, 0, 1}
    assert all(0 <= score <= 1 for score in [opponents.match(rules, first_moves(rules), 2, simulations=3)])


def first_moves(rules):
    """A player that takes the first move of its list."""
    return lambda states: [rules.moves(state)[0] for state in states]


def test_outcomes_of_self_play_are_those_of_who_moved():
    """The last position of a game that was won is the winner's, and signs alternate before it."""
    rules = game("pawn_chess")  # it knows no draw
    W = self_play.weights(np.random.default_rng(0), rules)
    _, _, z = self_play.played(rules, W, np.random.default_rng(1), count=1, simulations=6)
    assert z.tolist() == [(-1.0) ** k for k in range(len(z))]  # the last position comes first


def test_an_unknown_game_lists_the_games():
    with pytest.raises(ValueError, match="There is no game 'chess'; there are tic_tac_toe, connect_four"):
        self_play.train("chess")
