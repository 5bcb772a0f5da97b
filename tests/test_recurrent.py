"""Recurrent dynamics: the three examples rest, swing and never repeat."""

import numpy as np
import pytest

from nnlib import recurrent
from nnlib.recurrent import EXAMPLES, run


def test_one_step_by_hand():
    states = run([1.0, 2.0], 1, W=[[0.5, 0.25], [1.0, -1.0]], u=[0.1, 0.2], activation="identity")
    assert np.allclose(states, [[1, 2], [0.5 + 0.5 + 0.1, 1 - 2 + 0.2]])


def test_the_fixed_point_is_reached_from_everywhere():
    ends = [run(start, 200, **EXAMPLES["fixed point"])[-1] for start in ([1, 1], [-1, 0.5], [0, -1])]
    W, u = np.array(EXAMPLES["fixed point"]["W"]), EXAMPLES["fixed point"]["u"]
    for end in ends:
        assert np.allclose(end, ends[0], atol=1e-12)
        assert np.allclose(np.tanh(W @ end + u), end, atol=1e-12)


def test_the_oscillation_returns_after_four_steps():
    states = run([0.3, 0.6], 400, **EXAMPLES["oscillation"])
    assert np.allclose(states[-1], states[-5], atol=1e-12)
    assert all(np.abs(states[-1] - states[-1 - steps]).max() > 0.5 for steps in (1, 2, 3))


def test_chaos_parts_two_starts_that_are_almost_the_same():
    """The Lyapunov exponent, by the Jacobian along the path, is positive."""
    example = EXAMPLES["chaos"]
    W = np.array(example["W"])
    states = run([0.4, 0.6], 5000, **example)
    direction, growth = np.array([1.0, 0.0]), 0.0
    for y in states[101:]:
        direction = (y * (1 - y))[:, np.newaxis] * W @ direction
        growth += np.log(np.linalg.norm(direction))
        direction /= np.linalg.norm(direction)
    assert growth / 4900 > 0.05
    near = run([0.4 + 1e-9, 0.6], 5000, **example)
    assert np.abs(states - near).max() > 0.3


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"W": np.ones((2, 3))}, r"W has shape \(2, 3\), expected \(2, 2\)"),
        ({"start": [1.0]}, r"start has shape \(1,\), expected \(2,\)"),
        ({"u": [1.0, np.inf]}, "u must be finite"),
        ({"steps": 0}, "steps must be a whole number of at least 1"),
    ],
)
def test_bad_input_raises_with_a_reason(changes, words):
    arguments = {"start": [0.0, 0.0], "steps": 3, "W": np.eye(2)} | changes
    with pytest.raises(ValueError, match=words):
        run(**arguments)


def test_examples_by_name_have_the_stated_behaviour():
    kinds = {}
    for name, example in recurrent.EXAMPLES.items():
        kind, period, exponent = recurrent.behaviour(**example)
        kinds[name] = (recurrent.BEHAVIOURS[int(kind)], int(period), exponent > 0)
    assert kinds == {
        "fixed point": ("settles", 1, False),
        "oscillation": ("oscillates", 4, False),
        "chaos": ("chaotic", 0, True),
    }


def test_the_exponent_of_a_fixed_point_is_its_largest_eigenvalue():
    W, u = np.array([[0.5, -0.3], [0.2, 0.4]]), np.array([0.5, -0.2])
    x = recurrent.run((0, 0), 500, W, u)[-1]
    jacobian = (1 - x**2)[:, np.newaxis] * W
    _, _, exponent = recurrent.behaviour(W, u)
    assert exponent == pytest.approx(np.log(np.abs(np.linalg.eigvals(jacobian)).max()), abs=0.02)


def test_many_weights_at_once_behave_as_each_by_itself():
    rng = np.random.default_rng(0)
    W = rng.normal(0, 4, (3, 5, 2, 2))
    together = recurrent.behaviour(W, (0.5, -1.0))
    for place in np.ndindex(3, 5):
        for whole, single in zip(together, recurrent.behaviour(W[place], (0.5, -1.0)), strict=True):
            assert whole[place] == single


def test_behaviour_wants_two_neurons():
    with pytest.raises(ValueError, match=r"expected \(..., 2, 2\)"):
        recurrent.behaviour(np.eye(3), (0, 0))
