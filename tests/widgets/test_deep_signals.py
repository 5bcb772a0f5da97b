"""deep_signals: what the reader is told about layer 1 is what backpropagation gives."""

import numpy as np
import pytest

from nnlib.activations import by_name
from nnlib.widgets import deep_signals
from nnlib.widgets.deep_signals import saturated, size


def test_sizes_by_hand_for_two_layers_of_identities():
    """One weight a layer: y = c x and c² x, and what comes back is multiplied by c."""
    figure = deep_signals("identity", depth=2, c=2.0)
    figure.X, figure.classes = [[3.0]], [0]
    figure.draws = [[[1.0]], [[1.0]], *[[[1.0]]] * 10, [[1.0], *[[0.0]] * 9]]
    first, second = figure.layers()
    assert np.allclose((first.y, second.y), ([[6]], [[12]]))
    assert np.allclose(first.derivatives, 2 * second.derivatives)


def test_saturation_by_hand():
    """tanh' = 1 - y² is below 0.1 for |a| > 1.82; a relu neuron is dead if no sum is positive."""
    a = np.array([[0.0, 1.7, -1.9, 2.0]])
    assert saturated(by_name("tanh"), a) == 0.5
    assert saturated(by_name("relu"), np.array([[-1.0, -1.0], [-2.0, 1.0]])) == 0.5
    assert saturated(by_name("identity"), a) == 0


@pytest.mark.parametrize(
    ("activation", "depth", "c", "alive"),
    [
        ("tanh", 10, 1.0, True), ("tanh", 10, 0.5, False), ("tanh", 10, 4.0, False),
        ("relu", 10, 2**0.5, True), ("relu", 10, 1.0, False), ("relu", 10, 2.0, False),
        ("sigmoid", 8, 10**0.8, True), ("identity", 10, 1.0, True),
    ],
)  # fmt: skip
def test_which_scale_keeps_layer_1_alive(activation, depth, c, alive):
    is_alive, words = deep_signals(activation, depth, c).verdict()
    assert is_alive is alive and ("alive" in words) is alive


def test_no_step_of_the_slider_keeps_ten_sigmoids_alive():
    scales = 10 ** (np.arange(-20, 21) / 20)
    assert not any(deep_signals("sigmoid", 10, c).verdict()[0] for c in scales)


def test_the_text_has_a_line_for_each_layer():
    figure = deep_signals("tanh", 3, 1.0)
    assert figure.text().count("\n") == 3
    assert f"{size(figure.layers()[2].y):.2e}" in figure.text()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (dict(activation="softmax"), "activation must be one of identity, relu"),
        (dict(depth=13), "depth must be 2 to 12"),
        (dict(depth=1), "depth must be"),
        (dict(c=0.01), "c must be from 0.1 to 10"),
    ],
)
def test_what_the_figure_cannot_show_is_a_sentence(arguments, words):
    with pytest.raises(ValueError, match=words):
        deep_signals(**arguments)
