"""The methods of training on variables of the tape: the same steps as on a network."""

import numpy as np
import pytest

from nnlib import Network
from nnlib.differentiation import Variable
from nnlib.training import METHODS, Adam, Momentum, plain_epoch
from tests.training.examples import small


def variables_of(network):
    return [Variable(w) for layer in network.layers for w in (layer.W, layer.b)]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_method_steps_variables_as_it_steps_a_network(method, dtype):
    """The same network written on the tape, with the last of two batches smaller."""
    network, (X, T) = Network([3, 4, 2], rng=0, dtype=dtype), (a.astype(dtype) for a in small()[1:])
    variables, kept, kept_for_network = variables_of(network), METHODS[method](), METHODS[method]()
    for _ in range(5):
        for rows in (slice(0, 4), slice(4, 7)):
            W1, b1, W2, b2 = variables
            Y = np.tanh(X[rows] @ W1.T + b1) @ W2.T + b2
            np.sum((Y - T[rows]) ** 2 / 2).backward()
            kept.step(variables, alpha=0.02)
            plain_epoch(network, X[rows], T[rows], alpha=0.02, method=kept_for_network)
    for variable, w in zip(variables, variables_of(network), strict=True):
        assert variable.value.dtype == dtype and variable.gradient is None
        np.testing.assert_allclose(
            variable.value, w.value, rtol=0, atol=1e-5 if dtype == np.float32 else 1e-13
        )


def test_the_first_step_of_adam_is_alpha_up_to_one():
    """m̂ / √ŝ is the sign of the gradient, whatever its size: α = 1 moves by 1 each time."""
    w, adam = Variable([3.0, -3.0]), Adam()
    for n in (1, 2):
        np.sum(np.array([5.0, -0.25]) * w).backward()
        adam.step([w], alpha=1)
        np.testing.assert_allclose(w.value, [3 - n, -3 + n], rtol=0, atol=1e-7)


def test_scalars_are_variables_too():
    w, momentum = Variable(2.0), Momentum()
    for expected in (2 - 0.1 * 4, 1.6 - (0.9 * 0.4 + 0.1 * 3.2)):
        (w**2).backward()
        momentum.step([w], alpha=0.1)
        assert w.value == pytest.approx(expected, rel=1e-15)


def used(method, *shapes):
    """A method after a step of variables of these shapes."""
    variables = [Variable(np.ones(shape)) for shape in shapes]
    sum(np.sum(v * v) for v in variables).backward()
    method.step(variables, alpha=0.1)
    return method


@pytest.mark.parametrize(
    ("method", "alpha", "words"),
    [
        (Adam(), 1.5, "0 < α <= 1, got 1.5"),
        (used(Adam(), (3,)), 0.1, r"other weights, of shapes \[\(3,\)\]: make a new one .*\[\(2,\)\]"),
        (used(Momentum(), (2,), (2,)), 0.1, "other weights"),
    ],
)
def test_a_step_that_cannot_be_taken_changes_nothing(method, alpha, words):
    w = Variable([1.0, 2.0])
    np.sum(w * w).backward()
    with pytest.raises(ValueError, match=words):
        method.step([w], alpha)
    assert w.value.tolist() == [1, 2] and w.gradient.tolist() == [2, 4]


@pytest.mark.parametrize("beta2", [1.0, -0.1, float("nan")])
def test_beta2_lies_from_0_up_to_below_1(beta2):
    with pytest.raises(ValueError, match="β₂ must lie in 0 <= β₂ < 1, got"):
        Adam(beta2)


def test_a_step_wants_every_gradient():
    v, w = Variable(1.0), Variable(2.0)
    (v * v).backward()
    with pytest.raises(ValueError, match="Variable 1 has no gradient: call backward"):
        Adam().step([v, w], 0.1)
    assert v.value == 1
