"""The fast step equals the slides' four steps: same gradient to 1e-12 in float64."""

import copy
import tracemalloc

import numpy as np
import pytest

from nnlib import Network, backpropagate
from nnlib.fast.flat_weights import FlatWeights
from nnlib.fast.methods import Step
from nnlib.fast.programs import Buffers, overflow_raises, run
from nnlib.regression import with_constant

CASES = [
    ("tanh", "identity", "sum_of_squares"),
    ("sigmoid", "sigmoid", "sum_of_squares"),
    ("relu", "softmax", "sum_of_squares"),
    ("leaky_relu", "tanh", "sum_of_squares"),
    ("identity", "relu", "sum_of_squares"),
    ("tanh", "softmax", "cross_entropy"),
    ("sigmoid", "sigmoid", "cross_entropy"),
    ("relu", "softmax", "cross_entropy"),
]


def fast_gradients(network, X, T, error, scale=1.0):
    weights = FlatWeights(network)
    step = Step(np.full_like(weights.values, np.nan), scale, keep=0.0)
    buffers, X = Buffers(weights, len(X), error, step), with_constant(X)
    samples = X, buffers.targets(T)
    try:
        with overflow_raises():
            run(buffers.program(*samples))
    except FloatingPointError:
        assert np.isnan(step.vector).all()
        with np.errstate(all="ignore"):
            run(buffers.program(*samples, careful=True))
    pairs = []
    for layer, slope in zip(network.layers, weights.by_layer(step.vector), strict=True):
        neurons, inputs = layer.W.shape
        # The constants and what fills up a wide layer learn nothing.
        assert np.abs(slope[:, neurons:]).max(initial=0) < 1e-30
        assert np.abs(slope[inputs + 1 :]).max(initial=0) < 1e-30
        pairs.append((slope[:inputs, :neurons].T, slope[inputs, :neurons]))
    return pairs


def batch(network, rng, N, error, spread=1.0):
    X = rng.normal(0, spread, (N, network.sizes[0]))
    F = network.output_nodes
    if error == "cross_entropy" and network.layers[-1].activation.name == "softmax":
        return X, np.eye(F)[rng.integers(F, size=N)]
    T = rng.normal(size=(N, F))
    return X, (T > 0).astype(float) if error == "cross_entropy" else T


@pytest.mark.parametrize(("hidden", "output", "error"), CASES)
@pytest.mark.parametrize("sizes", [[3, 2], [4, 5, 3], [2, 7, 6, 5], [3, 70, 64, 2]])
@pytest.mark.parametrize("N", [1, 9])
def test_equals_backpropagate(sizes, hidden, output, error, N):
    rng = np.random.default_rng(3)
    network = Network(sizes, activation=hidden, output=output, rng=rng)
    for layer in network.layers:
        layer.b = rng.normal(size=len(layer.b))
    X, T = batch(network, rng, N, error)
    _, truth = backpropagate(network, X, T, error)
    for (dW, db), (true_dW, true_db) in zip(fast_gradients(network, X, T, error), truth, strict=True):
        size = max(np.abs(true_dW).max(), np.abs(true_db).max())
        assert np.abs(dW - true_dW).max() <= 1e-12 * size
        assert np.abs(db - true_db).max() <= 1e-12 * size


@pytest.mark.parametrize(("hidden", "output", "error"), CASES)
def test_a_deep_copy_has_the_same_gradient(hidden, output, error):
    """Its activations are other objects, of the same functions."""
    network = Network([4, 5, 3], activation=hidden, output=output, rng=0)
    X, T = batch(network, np.random.default_rng(0), 6, error)
    pairs = fast_gradients(network, X, T, error), fast_gradients(copy.deepcopy(network), X, T, error)
    for (dW, db), (copied_dW, copied_db) in zip(*pairs, strict=True):
        assert np.array_equal(dW, copied_dW) and np.array_equal(db, copied_db)


def test_scale_multiplies_the_gradient():
    network = Network([3, 4, 2], activation="tanh", rng=0)
    X, T = batch(network, np.random.default_rng(0), 5, "sum_of_squares")
    for (dW, _), (half, _) in zip(
        fast_gradients(network, X, T, "sum_of_squares"),
        fast_gradients(network, X, T, "sum_of_squares", 0.5), strict=True,
    ):  # fmt: skip
        assert np.allclose(dW / 2, half, rtol=1e-14)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_huge_weighted_sums_before_softmax_are_exact(dtype):
    network = Network([3, 4, 5], activation="relu", output="softmax", rng=0, dtype=dtype)
    X, T = batch(network, np.random.default_rng(0), 6, "cross_entropy", spread=3e4)
    X, T = X.astype(dtype), T.astype(dtype)
    _, truth = backpropagate(network, X, T, "cross_entropy")
    tolerance = 1e-5 if dtype == np.float32 else 1e-12
    for (dW, _), (true_dW, _) in zip(fast_gradients(network, X, T, "cross_entropy"), truth, strict=True):
        assert np.abs(dW - true_dW).max() <= tolerance * np.abs(true_dW).max()


def test_only_exponentials_that_overflow_raise():
    network = Network([3, 4, 5], activation="tanh", output="softmax", rng=0)
    X, T = batch(network, np.random.default_rng(0), 6, "cross_entropy")
    weights = FlatWeights(network)
    step = Step(np.zeros_like(weights.values), scale=1.0, keep=0.0)
    buffers, X = Buffers(weights, 6, "cross_entropy", step), with_constant(X)
    program = buffers.program(X, buffers.targets(T))
    with overflow_raises():
        run(program)
        weights.values *= 1e5
        with pytest.raises(FloatingPointError):
            run(program)


def test_programs_of_many_batches_share_their_arrays():
    network = Network([300, 300], rng=0)
    weights = FlatWeights(network)
    buffers = Buffers(weights, 300, "sum_of_squares", Step(weights.values, -0.1, keep=1.0))
    X, T = with_constant(np.ones((300, 300))), np.ones((300, 300))
    tracemalloc.start()
    programs = [buffers.program(X, T) for _ in range(10)]
    grown, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(programs[0]) > 3 and grown < weights.values.nbytes / 4


def test_write_back_gives_the_weights_and_nothing_else():
    network = Network([2, 3, 1], activation="sigmoid", rng=0)
    before = [(layer.W.copy(), layer.b.copy()) for layer in network.layers]
    weights = FlatWeights(network)
    weights.write_back()
    for layer, (W, b) in zip(network.layers, before, strict=True):
        assert np.array_equal(layer.W, W) and np.array_equal(layer.b, b)
    weights.values += 1
    weights.write_back()
    assert np.array_equal(network.layers[0].W, before[0][0] + 1)
