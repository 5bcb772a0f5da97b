"""What training can learn: XOR, digits, a robot arm."""

import numpy as np
import pytest

from nnlib import Network, datasets, train


@pytest.mark.slow
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
