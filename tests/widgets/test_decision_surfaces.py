"""decision_surfaces: identities draw a straight line, the others learn the moons, and far away."""

import numpy as np
import pytest

from nnlib.widgets import decision_surfaces
from nnlib.widgets.decision_surfaces import FUNCTIONS, SHOWN


@pytest.fixture(scope="module")
def trained():
    figure = decision_surfaces()
    return {g: figure.trained(g, SHOWN) for g in FUNCTIONS}


def sums(network, X):
    """The weighted sums of the output neuron."""
    Y = X
    for layer in network.layers[:-1]:
        Y = layer.activation(layer.weighted_sums(Y))
    return network.layers[-1].weighted_sums(Y)[:, 0]


def test_identities_draw_a_straight_line(trained):
    X = np.random.default_rng(0).normal(size=(20, 2))
    plane = np.column_stack((X, np.ones(20)))
    fit = np.linalg.lstsq(plane, sums(trained["identity"], X), rcond=None)[0]
    assert np.allclose(plane @ fit, sums(trained["identity"], X))


def test_all_but_the_identities_learn_the_moons():
    figure = decision_surfaces()
    assert figure.right("identity", SHOWN) < 95
    assert all(figure.right(g, SHOWN) >= 98 for g in ("relu", "tanh", "sigmoid"))


def test_far_away_relu_goes_on_and_tanh_levels_off(trained):
    turn = np.linspace(0, 2 * np.pi, 60)
    circle = np.column_stack((np.cos(turn), np.sin(turn)))
    for g, grows in (("identity", True), ("relu", True), ("tanh", False), ("sigmoid", False)):
        near, far = (np.abs(sums(trained[g], radius * circle)).max() for radius in (50, 500))
        assert bool(far > 5 * near) is grows, g


def test_unknown_points_are_a_sentence():
    with pytest.raises(ValueError, match="points must be one of moons, spirals, XOR"):
        decision_surfaces("circles")
