"""dead_neuron: error, derivatives and steps are those of one neuron; relu dies and a leak brings it back."""

import numpy as np
import pytest

from nnlib.widgets import dead_neuron


def test_numbers_by_hand():
    """Points (0, 1) and (1, 3), w = 1, b = 0: a = 0 and 1; relu' is 0 and 1, so only the second counts."""
    figure = dead_neuron()
    figure.x, figure.t, figure.w, figure.b = [0.0, 1.0], [1.0, 3.0], 1.0, 0.0
    assert np.allclose(figure.measure(), (2.5, -2, -2, 1))
    figure.epsilon = 0.5
    assert np.allclose(figure.measure(), (2.5, -2, -2.5, 1))


def test_one_step_of_the_start_kills_and_relu_stays_dead():
    figure = dead_neuron()
    figure.w, figure.b = figure.step()
    E, dw, db, active = figure.measure()
    assert active == 0 and dw == db == 0 and figure.step() == (figure.w, figure.b)
    assert round(figure.w, 2) == -0.58 and round(figure.b, 2) == -0.74


@pytest.mark.parametrize(("alpha", "stays"), [(0.1, True), (0.2, False)])
def test_a_leak_revives_and_a_smaller_step_keeps_alive(alpha, stays):
    figure = dead_neuron(epsilon=0.1)
    figure.w, figure.b, figure.alpha = -0.58, -0.74, alpha
    active = []
    for _ in range(60):
        figure.w, figure.b = figure.step()
        active.append(figure.measure()[3])
    assert max(active) > 0 and (min(active[20:]) > 0) is stays


@pytest.mark.parametrize("arguments", [dict(epsilon=1), dict(epsilon=-0.1), dict(alpha=0)])
def test_a_leak_or_rate_out_of_range_is_a_sentence(arguments):
    with pytest.raises(ValueError, match="ε of the leak|learning rate|α|alpha"):
        dead_neuron(**arguments)
