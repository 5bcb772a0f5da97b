"""Cart-pole and Catch: the games, and what is learnt by playing them."""

import numpy as np
import pytest

from nnlib.applications import cart_pole, catch
from nnlib.differentiation import Variable


def test_a_pole_falls_to_the_side_that_it_leans_to():
    S = np.array([[0.0, 0.0, 0.05, 0.0], [0.0, 0.0, -0.05, 0.0]])
    for _ in range(100):
        S = cart_pole.moved(S, np.array([False, True]))
        if cart_pole.fallen(S).all():
            break
    assert S[0, 2] > 0.2 and S[1, 2] < -0.2


def test_one_step_of_the_cart_is_that_of_the_book():
    """By hand: force 10 on 1.1 kg, from rest, upright: 9.7561 m/s² of the cart, -14.634 1/s² of the pole."""
    after = cart_pole.moved(np.zeros((1, 4)), np.array([True]))[0]
    assert np.allclose(after, [0, 0.02 * 9.756097561, 0, -0.02 * 14.634146341])


def test_the_policy_gradient_is_that_of_the_lecture():
    """∂E/∂w = mean of (p - right) R s, by hand, for the error -R ln p."""
    rng = np.random.default_rng(0)
    S, R = rng.normal(size=(5, 4)), rng.normal(size=(5, 1))
    right = rng.integers(0, 2, (5, 1)) * 1.0
    W = {"w": Variable(rng.normal(size=(4, 1)))}
    cart_pole.loss(W, S, right, R).backward()
    s = S / cart_pole.SCALE
    p = 1 / (1 + np.exp(-s @ W["w"].value))
    assert np.allclose(W["w"].gradient, s.T @ ((p - right) * R) / 5)


def test_games_end_where_the_pole_falls():
    S, right, going = cart_pole.games(cart_pole.weights(), 5, np.random.default_rng(0))
    assert S.shape[1:] == (5, 4) and right.shape == going.shape == S.shape[:2]
    assert going[0].all() and not (going[1:] & ~going[:-1]).any()
    last = going.sum(0) - 1
    assert not cart_pole.fallen(S[last, range(5)]).any()


def test_cart_pole_is_learnt():
    untrained = cart_pole.measure({"w": np.zeros((4, 1))}, 20)
    assert untrained < 30 and cart_pole.measure(cart_pole.train(seed=0, steps=25), 20) > 200


def test_a_ball_that_is_reached_is_caught():
    S = np.array([[8, 3, 4, 0], [8, 3, 5, 0], [8, 3, 6, 0], [3, 0, 5, -1]])
    after, reward, ends = catch.play(S, np.array([1, 1, 0, 1]))
    assert reward.tolist() == [1, -1, -1, 0] and ends.tolist() == [True, True, True, False]
    assert after[3].tolist() == [4, 0, 5, -1]  # it drifts in odd rows only
    assert catch.play(np.array([[4, 0, 5, -1]]), np.array([0]))[0].tolist() == [[5, 0, 4, 1]]  # at the wall


def test_pixels_show_two_moments():
    S = np.array([[2, 7, 4, 1]])
    first = catch.pixels(S)
    assert first.sum() == 4 and first.reshape(2, 10, 10)[0, 2, 7] == 1
    second = catch.pixels(catch.play(S, np.array([1]))[0], first).reshape(2, 10, 10)
    assert second[0, 3, 8] == 1 and np.array_equal(second[1], first.reshape(2, 10, 10)[0])


def test_no_gradient_flows_into_the_desired_output():
    """The batch of `data` holds plain numbers: r at the end, else r + γ times the best of the next state."""
    rng = np.random.default_rng(0)
    W = catch.weights(rng)
    X, action, T = next(catch.data(W, rng))
    assert type(T) is np.ndarray and T.dtype == np.float32 and X.shape == (64, 200) and action.max() <= 2
    catch.loss(W, X, action, T).backward()
    assert all(w.gradient is not None for w in W.values())


@pytest.mark.slow
def test_catch_is_learnt_far_above_chance():
    chance = catch.measure(catch.train(seed=0, steps=1), 300)
    assert chance < 0.5 and catch.measure(catch.train(seed=0, steps=500), 300) > 0.6


def test_a_game_is_shown_from_its_begin_to_its_end():
    falls, stands = {"w": np.zeros((4, 1))}, cart_pole.train(seed=0, steps=45)
    shown = cart_pole.show(falls, stands, n=3)
    first, second = (int(cart_pole.measure(W, 1)) for W in (falls, stands))
    assert f"after {first}, {second} steps" in shown.description and first < 30 < second
    assert shown.markup.count("<rect") == 6 and f"step {second}" in shown.markup
