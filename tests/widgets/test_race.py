"""race: the paths are those of gradient descent on one error surface."""

import numpy as np
import pytest

from nnlib.regression import linear
from nnlib.widgets import race


def test_each_racer_steps_along_the_sum_of_its_gradients():
    figure = race([0.0, 1.0], [1.0, 3.0], alpha=0.1, batch_size=2, start=(1, 0))
    batch, mini, online = figure.paths(epochs=1)
    assert np.allclose(batch[-1], (1 + 0.1 * 2, 0 + 0.1 * 3))  # ∂E/∂w = -2, ∂E/∂b = -3 by hand
    assert np.allclose(mini[-1], batch[-1])
    assert [len(path) - 1 for path in (batch, mini, online)] == [1, 1, 2]


def test_with_a_small_alpha_an_epoch_moves_all_three_alike():
    figure = race(alpha=1e-5)
    ends = [path[-1] for path in figure.paths(epochs=1)]
    move = ends[0] - figure.start
    assert np.abs(np.diff(ends, axis=0)).max() < 1e-3 * np.abs(move).max()


def test_with_a_large_alpha_the_batch_diverges_and_online_not():
    batch, _, online = race(alpha=0.2).errors(epochs=10)
    assert batch > 1e3 and online < 10


def test_by_default_online_learning_is_far_ahead_of_the_batch():
    batch, mini, online = race().errors()
    assert batch > 100 * max(mini, online) and batch < race().errors(epochs=1)[0]  # it converges


def test_all_come_near_the_best_line():
    figure = race(alpha=0.05)
    X, T = np.column_stack((figure.x, np.ones(12))), np.array(figure.t)[:, np.newaxis]
    best = float(linear.error(np.linalg.lstsq(X, T, rcond=None)[0].T, X, T))
    batch, mini, online = figure.errors(epochs=60)
    assert batch == pytest.approx(best, rel=1e-3)
    assert best <= mini < 1.3 * best and best <= online < 1.6 * best


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"x": [1, 2]}, "both x and t"),
        ({"x": [1, 2], "t": [1]}, "as many x as t"),
        ({"alpha": 2}, "0 < α <= 1"),
        ({"batch_size": 13}, "only 12 samples"),
        ({"start": (4, 0)}, "within -3 .. 3"),
    ],
)
def test_bad_arguments_raise_with_a_reason(options, words):
    with pytest.raises(ValueError, match=words):
        race(**options)
