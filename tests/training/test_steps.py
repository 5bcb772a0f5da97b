"""Steps of training: the slides' updates, the same weights bit for bit, bad input."""

import pickle

import numpy as np
import pytest

from nnlib import Network, backpropagate, train
from nnlib.training import METHODS, Adam, Momentum, plain_epoch
from tests.training.examples import assert_same_weights, copy_of, small


def test_slide_batch_vs_stochastic_batch_learning():
    network, X, T = small()
    by_hand = copy_of(network)
    history = train(network, X, T, alpha=0.02, epochs=5)
    for epoch in range(5):
        _, gradients = backpropagate(by_hand, X, T)
        for layer, (dW, db) in zip(by_hand.layers, gradients, strict=True):
            layer.W -= 0.02 * dW
            layer.b -= 0.02 * db
        assert np.isclose(history.error[epoch], backpropagate(by_hand, X, T)[0], rtol=1e-12)
    assert_same_weights(network, by_hand, 1e-13)


@pytest.mark.parametrize("batch_size", [1, 3])
def test_slide_batch_vs_stochastic_mini_batches_and_online(batch_size):
    network, X, T = small()
    by_hand = copy_of(network)
    train(network, X, T, alpha=0.05, epochs=2, batch_size=batch_size, rng=8)
    rng = np.random.default_rng(8)
    for _ in range(2):
        order = rng.permutation(len(X))
        for start in range(0, len(X), batch_size):
            rows = order[start : start + batch_size]
            _, gradients = backpropagate(by_hand, X[rows], T[rows])
            for layer, (dW, db) in zip(by_hand.layers, gradients, strict=True):
                layer.W -= 0.05 * dW
                layer.b -= 0.05 * db
    assert_same_weights(network, by_hand, 1e-13)


@pytest.mark.parametrize("method", ["gradient_descent", "momentum", "adam"])
def test_the_same_seed_gives_the_same_weights_bit_for_bit(method):
    networks = []
    for seed in (4, 4, 5):
        network, X, T = small()
        train(network, X, T, alpha=0.01, epochs=10, batch_size=2, method=method, rng=seed)
        networks.append(network)
    assert_same_weights(networks[0], networks[1])
    assert np.any(networks[0].layers[0].W != networks[2].layers[0].W)


def test_float32_trains_in_float32_to_about_the_same_weights():
    network, X, T = small()
    weights = [(layer.W.astype(np.float32), layer.b.astype(np.float32)) for layer in network.layers]
    single = Network.of(weights, ["tanh", "identity"])
    for learner in (network, single):
        train(learner, X, T, alpha=0.02, epochs=20, batch_size=3, rng=0)
    assert single.layers[0].W.dtype == single.forward(X).dtype == np.float32
    assert_same_weights(network, single, 1e-5)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("batch_size", [None, 3])
@pytest.mark.parametrize(("hidden", "dtype"), [("tanh", np.float64), ("sigmoid", np.float32)])
def test_training_goes_on_bit_for_bit_where_it_stopped(method, batch_size, hidden, dtype):
    """With the same method and generator, also pickled in between; and 70 neurons have fillers."""
    start = Network([3, 70, 2], hidden, rng=0, dtype=dtype)
    _, X, T = small()
    whole, parts = start.copy(), start.copy()
    train(whole, X, T, alpha=0.01, epochs=9, batch_size=batch_size, method=method, rng=1)
    kept, rng = METHODS[method](), np.random.default_rng(1)
    for epochs in (4, 1, 4):
        train(parts, X, T, alpha=0.01, epochs=epochs, batch_size=batch_size, method=kept, rng=rng)
        kept = pickle.loads(pickle.dumps(kept))
    assert_same_weights(whole, parts)


@pytest.mark.parametrize("method", ["momentum", "adam"])
def test_a_name_begins_anew_and_a_method_goes_on(method):
    networks = []
    for use in (METHODS[method](), method):
        network, X, T = small()
        for _ in range(2):
            train(network, X, T, alpha=0.01, epochs=3, method=use)
        networks.append(network)
    assert np.any(networks[0].layers[0].W != networks[1].layers[0].W)


def test_plain_and_fast_epochs_may_take_turns():
    """What Adam remembers goes from one to the other and back."""
    network, X, T = small()
    turns, kept = copy_of(network), Adam()
    train(network, X, T, alpha=0.01, epochs=4, method="adam")
    for _ in range(2):
        plain_epoch(turns, X, T, alpha=0.01, method=kept)
        train(turns, X, T, alpha=0.01, epochs=1, method=kept)
    assert kept.steps == 4
    assert_same_weights(network, turns, 1e-13)


def test_a_method_is_not_taken_for_another_network():
    network, X, T = small()
    kept = Momentum()
    train(network, X, T, alpha=0.01, epochs=1, method=kept)
    with pytest.raises(ValueError, match=r"This Momentum has taken steps on other weights.*make a new one"):
        train(Network([3, 5, 2], rng=0), X, T, alpha=0.01, epochs=1, method=kept)


def test_accuracy_counts_right_classes():
    X, T = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]), np.array([[1.0, 0], [0, 1], [0, 1]])
    network = Network([2, 2], output="softmax", rng=0)
    network.layers[0].W, network.layers[0].b = [[2.0, 0.0], [0.0, 1.0]], [0.0, 0.0]
    history = train(network, X, T, error="cross_entropy", alpha=1e-9, epochs=1)
    assert history.accuracy == [pytest.approx(2 / 3)]
    assert train(network, X, T, alpha=1e-9, epochs=1).accuracy == []


def test_equal_outputs_count_as_the_first_class():
    """From weights of 0 this network learns nothing: 1/3 is right, where the first class is."""
    network = Network([2, 4, 3], output="softmax", rng=0)
    for layer in network.layers:
        layer.W, layer.b = 0 * layer.W, 0 * layer.b
    X, T = np.random.default_rng(0).normal(size=(6, 2)), np.tile(np.eye(3), (2, 1))
    history = train(network, X, T, error="cross_entropy", epochs=2)
    assert history.accuracy == [pytest.approx(1 / 3)] * 2
    assert history.error == [pytest.approx(6 * np.log(3))] * 2


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"alpha": 0}, "0 < α <= 1, got 0"),
        ({"alpha": 1.5}, "0 < α <= 1, got 1.5"),
        ({"epochs": 0}, "epochs must be a whole number of at least 1"),
        ({"batch_size": 0}, "batch_size must be a whole number of at least 1"),
        ({"patience": 0}, "patience must be a whole number of at least 1"),
        ({"batch_size": "all"}, "batch_size must be a whole number of at least 1, got 'all'"),
        ({"method": "sgd"}, "no method 'sgd'; there are gradient_descent, momentum, adam"),
        ({"method": ["adam"]}, r"no method \['adam'\]"),
        ({"method": Adam}, "no method <class .*Adam'>; there are gradient_descent, momentum, adam, or"),
        ({"rng": "seed"}, "rng must be a seed"),
        ({"validation": 3}, r"validation must be a pair \(X, T\)"),
        ({"validation": (np.zeros((2, 3)),)}, r"validation must be a pair \(X, T\)"),
        (
            {"validation": (np.zeros((2, 3)), [[1]])},
            r"validation must .* T has shape \(1, 1\), expected \(2, 2\)",
        ),
        ({"alpha": "0.1"}, "α must be a number, got '0.1'"),
        ({"error": "hinge"}, "no error 'hinge'"),
        ({"X": np.zeros((0, 3)), "T": np.zeros((0, 2))}, "empty batch"),
        ({"T": np.zeros((7, 3))}, r"T has shape \(7, 3\), expected \(7, 2\).*layer 2"),
    ],
)
def test_bad_input_raises_with_a_reason(changes, words):
    network, X, T = small()
    with pytest.raises(ValueError, match=words):
        train(**({"network": network, "X": X, "T": T, "epochs": 1} | changes))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"alpha": 2}, "0 < α <= 1, got 2"),
        ({"batch_size": 0}, "batch_size must be a whole number of at least 1"),
        ({"method": "sgd"}, "no method 'sgd'"),
        ({"rng": "seed", "batch_size": 2}, "rng must be a seed"),
        ({"T": np.zeros((7, 3))}, r"T has shape \(7, 3\), expected \(7, 2\)"),
    ],
)
def test_bad_input_of_the_plain_epoch_raises(changes, words):
    network, X, T = small()
    with pytest.raises(ValueError, match=words):
        plain_epoch(**({"network": network, "X": X, "T": T} | changes))
    assert_same_weights(network, small()[0])
