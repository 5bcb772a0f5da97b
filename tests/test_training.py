"""Training: each method against PyTorch's optimizer, the slides' update, and what it can learn."""

import signal
import threading

import numpy as np
import pytest
import torch

from nnlib import Network, backpropagate, datasets, train
from nnlib.training import Diverged


def small(rng=0):
    network = Network([3, 4, 2], activation="tanh", rng=rng)
    generator = np.random.default_rng(5)
    return network, generator.normal(size=(7, 3)), generator.normal(size=(7, 2))


def copy_of(network):
    return Network.of(
        [(layer.W.copy(), layer.b.copy()) for layer in network.layers],
        [layer.activation for layer in network.layers],
    )


def assert_same_weights(network, other, tolerance=0.0):
    for one, two in zip(network.layers, other.layers, strict=True):
        assert np.abs(one.W - two.W).max() <= tolerance
        assert np.abs(one.b - two.b).max() <= tolerance


def test_batch_learning_is_the_slide_s_update():
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
def test_online_and_mini_batches_go_through_every_sample_once_an_epoch(batch_size):
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


@pytest.mark.parametrize(
    ("method", "optimizer"),
    [
        ("gradient_descent", lambda p: torch.optim.SGD(p, lr=0.01)),
        ("momentum", lambda p: torch.optim.SGD(p, lr=0.01, momentum=0.9)),
        ("adam", lambda p: torch.optim.Adam(p, lr=0.01)),
    ],
)
def test_each_method_takes_the_steps_of_pytorch(method, optimizer):
    network, X, T = small()
    tensors = [
        torch.tensor(array, dtype=torch.float64, requires_grad=True)
        for layer in network.layers for array in (layer.W, layer.b)
    ]  # fmt: skip
    steps = optimizer(tensors)
    for _ in range(20):
        W1, b1, W2, b2 = tensors
        Y = torch.tanh(torch.tensor(X) @ W1.T + b1) @ W2.T + b2
        steps.zero_grad()
        (((Y - torch.tensor(T)) ** 2).sum() / 2).backward()
        steps.step()
    train(network, X, T, alpha=0.01, epochs=20, method=method)
    found = [array for layer in network.layers for array in (layer.W, layer.b)]
    for array, tensor in zip(found, tensors, strict=True):
        assert np.abs(array - tensor.detach().numpy()).max() < 1e-11


@pytest.mark.parametrize("method", ["gradient_descent", "momentum", "adam"])
def test_the_same_seed_gives_the_same_weights_bit_for_bit(method):
    networks = []
    for seed in (4, 4, 5):
        network, X, T = small()
        train(network, X, T, alpha=0.01, epochs=10, batch_size=2, method=method, rng=seed)
        networks.append(network)
    assert_same_weights(networks[0], networks[1])
    assert np.any(networks[0].layers[0].W != networks[2].layers[0].W)


def test_early_stop_returns_to_the_best_epoch_on_validation_samples():
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


def test_divergence_names_alpha_and_keeps_the_last_weights():
    network, X, T = small()
    with pytest.raises(Diverged, match="α = 1 is too large here, choose a smaller one") as caught:
        train(network, 100 * X, 100 * T, alpha=1, epochs=1000)
    assert np.isfinite(caught.value.history.error).all()
    assert np.isfinite(network.forward(X)).all()


def test_ctrl_c_returns_what_was_learnt_so_far():
    network, X, T = small()
    before = copy_of(network)
    timer = threading.Timer(0.3, signal.raise_signal, [signal.SIGINT])
    timer.start()
    history = train(network, X, T, alpha=0.001, epochs=10**7)
    assert history.end == "interrupted" and 0 < len(history.error) < 10**7
    assert np.any(network.layers[0].W != before.layers[0].W)
    assert history.error[-1] < history.error[0]


def test_accuracy_counts_right_classes():
    X, T = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]), np.array([[1.0, 0], [0, 1], [0, 1]])
    network = Network([2, 2], output="softmax", rng=0)
    network.layers[0].W, network.layers[0].b = [[2.0, 0.0], [0.0, 1.0]], [0.0, 0.0]
    history = train(network, X, T, error="cross_entropy", alpha=1e-9, epochs=1)
    assert history.accuracy == [pytest.approx(2 / 3)]
    assert train(network, X, T, alpha=1e-9, epochs=1).accuracy == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"alpha": 0}, "0 < α <= 1, got 0"),
        ({"alpha": 1.5}, "0 < α <= 1, got 1.5"),
        ({"epochs": 0}, "epochs must be a whole number of at least 1"),
        ({"batch_size": 0}, "batch_size must be a whole number of at least 1"),
        ({"patience": 0}, "patience must be a whole number of at least 1"),
        ({"method": "sgd"}, "no method 'sgd'; there are gradient_descent, momentum, adam"),
        ({"error": "hinge"}, "no error 'hinge'"),
        ({"X": np.zeros((0, 3)), "T": np.zeros((0, 2))}, "empty batch"),
        ({"T": np.zeros((7, 3))}, r"T has shape \(7, 3\), expected \(7, 2\).*layer 2"),
    ],
)
def test_bad_input_is_told(changes, words):
    network, X, T = small()
    with pytest.raises(ValueError, match=words):
        train(**({"network": network, "X": X, "T": T, "epochs": 1} | changes))


def test_twenty_of_twenty_solve_xor():
    X, T = datasets.xor()
    for seed in range(20):
        network = Network([2, 8, 1], activation="tanh", output="sigmoid", rng=seed)
        train(network, X, T, error="cross_entropy", alpha=0.5, epochs=500)
        assert np.array_equal(network.forward(X) > 0.5, T > 0.5), seed


@pytest.mark.slow
def test_digits_over_ten_seeds():
    X, T, X_test, T_test = datasets.split(*datasets.digits())
    shares = []
    for seed in range(10):
        network = Network([64, 32, 10], activation="tanh", output="softmax", rng=seed)
        train(network, X, T, error="cross_entropy", alpha=0.02, epochs=60, batch_size=32, rng=seed)
        right = network.forward(X_test).argmax(axis=1) == T_test.argmax(axis=1)
        shares.append(right.mean())
    assert np.median(shares) >= 0.97 and min(shares) >= 0.96


@pytest.mark.slow
def test_the_robot_arm_is_hit_to_a_hundredth_of_its_reach():
    rng = np.random.default_rng(0)
    X, T = datasets.robot_arm(2000, rng)
    X_test, T_test = datasets.robot_arm(500, rng)
    network = Network([2, 40, 2], activation="tanh", rng=0)
    train(network, X, T, alpha=0.005, epochs=300, batch_size=32, method="adam", rng=0)
    rmse = np.sqrt(np.mean(np.sum((network.forward(X_test) - T_test) ** 2, axis=1)))
    assert rmse <= 0.01 * sum(datasets.LINKS)
