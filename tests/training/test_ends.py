"""How training ends: an early stop, and divergence, which leaves no NaN or infinity."""

import numpy as np
import pytest

from nnlib import Network, backpropagate, datasets, train
from nnlib.training import Adam, Diverged
from tests.training.examples import assert_same_weights, small


def test_early_stop_returns_to_the_best_validation_error():
    X, T, X_test, T_test = datasets.split(*datasets.digits())
    network = Network([64, 30, 10], activation="tanh", output="softmax", rng=0)
    history = train(
        network, X[:100], T[:100], error="cross_entropy", alpha=0.02, epochs=500, batch_size=10,
        rng=0, validation=(X_test, T_test), patience=5,
    )  # fmt: skip
    watched = history.validation_error
    assert history.end == "no progress" and len(watched) < 500
    assert int(np.argmin(watched)) == len(watched) - 6
    E, _ = backpropagate(network, X_test, T_test, "cross_entropy")
    assert np.isclose(E, min(watched), rtol=1e-12)


def test_early_stop_watches_the_training_error_otherwise():
    """Here nothing is left to learn: the first epoch is the best, and three more are no better."""
    network = Network.of([([[1.0]], [0.0])], ["identity"])
    history = train(network, [[1.0], [2.0]], [[1.0], [2.0]], epochs=100, patience=3)
    assert history.end == "no progress" and history.error == [0] * 4
    assert network.layers[0].W == 1


def test_divergence_names_alpha_and_keeps_the_last_weights():
    network, X, T = small()
    with pytest.raises(Diverged, match="α = 1 is too large here, choose a smaller one") as caught:
        train(network, 100 * X, 100 * T, alpha=1, epochs=1000)
    assert np.isfinite(caught.value.history.error).all()
    assert np.isfinite(network.forward(X)).all()


def assert_entries_and_weights_are_finite(history, network):
    """Every list of the history has one entry an epoch, and no weight is NaN or infinite."""
    assert {len(history.error), len(history.accuracy), len(history.validation_error)} <= {
        0,
        len(history.error),
    }
    for values in (history.error, history.accuracy, history.validation_error):
        assert np.isfinite(values).all()
    for layer in network.layers:
        layer.check()


@pytest.mark.parametrize("method", ["gradient_descent", "momentum", "adam"])
@pytest.mark.parametrize("batch_size", [1, None])
@pytest.mark.parametrize("hidden", ["tanh", "relu"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_no_size_of_data_leaves_nan_or_infinity(method, batch_size, hidden, dtype):
    """Squares of gradients overflow in Adam, weights do behind a tanh that hides it from E."""
    rng = np.random.default_rng(2)
    for size in (1e10, 1e19, 1e36, 1e150, 1e300) if dtype == np.float64 else (1e10, 1e19, 1e36):
        network = Network([2, 4, 1], hidden, rng=0, dtype=dtype)
        X, T = size * rng.normal(size=(20, 2)), size * rng.normal(size=(20, 1))
        try:
            history = train(network, X, T, alpha=1, epochs=10, batch_size=batch_size, method=method)
        except Diverged as diverged:
            history = diverged.history
        assert_entries_and_weights_are_finite(history, network)


def test_a_step_of_adam_that_overflows_ends_training():
    """The gradient of 1e20 is finite in float32, its square is not. The step is not tried again."""
    network = Network([1, 1], rng=0, dtype=np.float32)
    X, T = np.array([[1e10]], np.float32), np.array([[-1e10]], np.float32)
    with pytest.raises(Diverged, match="in epoch 1:"):
        train(network, X, T, alpha=0.1, epochs=1, method="adam")


def test_a_history_of_divergence_ends_with_the_epoch_before():
    """Here it is the validation samples whose sums overflow, in the first epoch."""
    network = Network([2, 1], output="sigmoid", rng=0)
    X, T = np.eye(2), np.array([[0.0], [1.0]])
    network.layers[0].W = [[1e5, 1e5]]
    with pytest.raises(Diverged, match="in epoch 1:") as caught:
        train(network, X, T, "cross_entropy", epochs=3, validation=(1e304 * X, T))
    history = caught.value.history
    assert history.end == "diverged" and repr(history) == "<0 epochs, diverged: no epoch done>"
    assert history.error == history.accuracy == history.validation_error == []


def test_a_history_reads_as_a_sentence():
    network, X, T = small()
    for epochs, words in ((1, "<1 epoch: E = "), (2, "<2 epochs: E = ")):
        assert repr(train(network, X, T, alpha=0.01, epochs=epochs)).startswith(words)


@pytest.mark.parametrize("end", ["no progress", "diverged"])
def test_adam_goes_back_with_the_weights(end):
    """To the best epoch of an early stop, and to the last one before divergence."""
    network, X, T = small()
    kept = Adam()
    if end == "no progress":
        history = train(network, X, T, alpha=0.9, epochs=500, method=kept, patience=3)
        epochs = int(np.argmin(history.error)) + 1
    else:
        train(network, X, T, alpha=0.01, epochs=4, method=kept)
        with pytest.raises(Diverged) as caught:
            train(network, X, 1e200 * T, alpha=0.01, epochs=500, method=kept)
        history, epochs = caught.value.history, 4
    assert history.end == end and kept.steps == epochs
    other, known = small()[0], Adam()
    train(other, X, T, alpha=0.9 if end == "no progress" else 0.01, epochs=epochs, method=known)
    assert_same_weights(network, other)
    for kept_arrays, known_arrays in zip(kept.memory, known.memory, strict=True):
        assert all(np.array_equal(*pair) for pair in zip(kept_arrays, known_arrays, strict=True))
