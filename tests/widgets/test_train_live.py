"""train_live and derive_hidden_delta: the data that the page gets."""

import numpy as np
import pytest

from nnlib.widgets import derive_hidden_delta, train_live
from nnlib.widgets.derive_hidden_delta import DELTAS, SLOPE, WEIGHTS


def test_every_set_of_points_is_learnt_from_the_same_start():
    for points in ("spirals", "moons", "XOR"):
        figure = train_live(points)
        assert figure.error(150) < 0.05 * figure.error(0)
        assert train_live(points).text() == figure.text()


def test_without_a_hidden_layer_xor_is_not_learned():
    figure = train_live("XOR", "2-1, no hidden layer")
    X, T = figure.samples()
    right = (figure.trained(200).forward(X) > 0.5) == (T == 1)
    assert figure.error(200) > 2.5 and right.sum() < 4


def test_points_lie_in_the_picture_and_added_ones_are_learnt():
    figure = train_live("only your points")
    assert figure.error(0) == 0 and "0 points" in figure.text()
    figure.added = [[0.5, 0.5, 1], [-0.5, 0.5, 0]]
    assert figure.error(100) < 0.1
    for name in ("spirals", "moons", "XOR"):
        assert np.abs(train_live(name).samples()[0]).max() < 1.25


def test_bad_arguments_raise_with_a_reason():
    with pytest.raises(ValueError, match="points must be one of spirals"):
        train_live("rings")
    with pytest.raises(ValueError, match=r"network must be one of .*; got \[2, 2, 1\]"):
        train_live(network=[2, 2, 1])
    with pytest.raises(ValueError, match="0 < α <= 1"):
        train_live(alpha=0)


def test_the_derivation_ends_with_true_numbers():
    figure = derive_hidden_delta()
    line = figure.lines[-1]["line"].removeprefix("δ_i = ").removesuffix(" =")
    value = eval(line.replace("0.5 (", "0.5 * (").replace("·", "*").replace("−", "-"))
    assert figure.value == pytest.approx(value) == pytest.approx(0.4)
    for number in (*DELTAS, *WEIGHTS, SLOPE):
        assert f"{number:.1f}".replace("-", "−") in figure.svg()
    assert "δi = g'(ai) Σj δj wji" in figure.text()


def test_test_points_are_others_and_noise_moves_both():
    figure = train_live("moons")
    X, test = figure.samples()[0], figure.test_samples()[0]
    assert X.shape == test.shape == (100, 2) and not np.isclose(X[:, np.newaxis], test).all(-1).any()
    assert figure.test_error(100) < 0.2 * figure.test_error(0)
    figure.noise = 0.2
    assert 0.1 < np.std(figure.samples()[0] - X) < 0.3
    assert train_live("XOR").test_error(0) == 0
