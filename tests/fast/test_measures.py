"""Error and accuracy after an epoch are those of `backpropagate` and of argmax."""

import numpy as np
import pytest

from nnlib import Network, backpropagate
from nnlib.fast.measures import error_and_accuracy


@pytest.mark.parametrize(
    ("output", "error"),
    [("softmax", "cross_entropy"), ("sigmoid", "cross_entropy"), ("tanh", "sum_of_squares")],
)
def test_error_is_that_of_backpropagate(output, error):
    rng = np.random.default_rng(0)
    network, X = Network([3, 4, 5], output=output, rng=0), rng.normal(size=(7, 3))
    T = np.eye(5)[rng.integers(5, size=7)]
    E, accuracy = error_and_accuracy(network, X, T, error)
    assert E == pytest.approx(backpropagate(network, X, T, error)[0], rel=1e-13)
    Y = network.forward(X)
    if output == "softmax":
        assert accuracy == np.mean(Y.argmax(axis=1) == T.argmax(axis=1))
    elif output == "sigmoid":
        assert accuracy == np.mean((Y > 0.5) == (T == 1))
    else:
        assert accuracy is None


def test_sums_that_are_not_finite_have_the_error_nan():
    network = Network([1, 2], output="softmax", rng=0)
    network.layers[0].b[0] = np.inf
    E, accuracy = error_and_accuracy(network, np.ones((1, 1)), np.eye(2)[:1], "cross_entropy")
    assert np.isnan(E) and accuracy is None
