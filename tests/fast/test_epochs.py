"""`train` takes the same steps as the plain epoch: all methods, errors, activations, batches, types."""

import numpy as np
import pytest

from nnlib import Network, train
from nnlib.backpropagation import ERRORS
from nnlib.training import METHODS, plain_epoch

HIDDEN = ("identity", "relu", "leaky_relu", "leaky_relu(0.2)", "sigmoid", "tanh")
OUTPUTS = {"sum_of_squares": (*HIDDEN, "softmax"), "cross_entropy": ("sigmoid", "softmax")}
EPOCHS, ALPHA, N = 3, 0.01, 10


def samples(output, error, F, dtype):
    rng = np.random.default_rng(4)
    X, T = rng.normal(size=(N, 3)), rng.normal(size=(N, F))
    if error == "cross_entropy":
        T = np.eye(F)[rng.integers(F, size=N)] if output == "softmax" else T > 0
    return X.astype(dtype), T.astype(dtype)


def weights(network):
    return np.concatenate([w.ravel() for layer in network.layers for w in (layer.W, layer.b)])


def assert_plain_and_fast_agree(hidden, output, error, method, batch_size, dtype, sizes=(3, 5, 4, 2)):
    X, T = samples(output, error, sizes[-1], dtype)
    network = Network(sizes, hidden, output, rng=1, dtype=dtype)
    for layer in network.layers:
        layer.b = layer.b + 1  # or all outputs of relu could be 0, and nothing would move
    plain, start, kept = network.copy(), weights(network), METHODS[method]()
    train(network, X, T, error, ALPHA, EPOCHS, batch_size, method, rng=6)
    rng = np.random.default_rng(6)
    for _ in range(EPOCHS):
        plain_epoch(plain, X, T, error, ALPHA, batch_size, kept, rng)
    assert weights(plain).dtype == weights(network).dtype == dtype
    step = np.abs(weights(plain) - start).max()
    assert step > 1e-3
    tolerance = 1e-3 if dtype == np.float32 else 1e-10
    assert np.abs(weights(plain) - weights(network)).max() <= tolerance * step


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("error", "output"), [(e, output) for e in ERRORS for output in OUTPUTS[e]])
def test_plain_and_fast_agree(error, output, method, dtype):
    """Each hidden activation; online, batches of 3 with a last one of 1, of 4 with one of 2, and all."""
    for hidden in HIDDEN:
        for batch_size in (1, 3, 4, None):
            assert_plain_and_fast_agree(hidden, output, error, method, batch_size, dtype)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("sizes", [(3, 2), (3, 70, 66, 2)])
def test_plain_and_fast_agree_without_and_with_wide_layers(sizes, method):
    for hidden in ("tanh", "sigmoid", "relu"):
        assert_plain_and_fast_agree(hidden, "softmax", "cross_entropy", method, 4, np.float64, sizes)


def test_a_wrong_formula_is_seen(monkeypatch):
    """The test of the test: a velocity that fades by 0.899 instead of 0.9."""
    monkeypatch.setattr(METHODS["momentum"], "change", lambda method, g, alpha, v: _slow(v, g, alpha))
    with pytest.raises(AssertionError):
        assert_plain_and_fast_agree("tanh", "identity", "sum_of_squares", "momentum", 3, np.float64)


def _slow(v, dE_dw, alpha):
    v[...] = 0.899 * v + alpha * dE_dw
    return v
