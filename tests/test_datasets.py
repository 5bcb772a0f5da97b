"""nnlib.datasets: equal to the sources, one split, generators that do what they say."""

import subprocess
import sys

import numpy as np
import pytest

from nnlib import datasets


def test_digits_are_those_of_scikit_learn():
    from sklearn.datasets import load_digits

    X, T = datasets.digits()
    source = load_digits()
    assert np.array_equal(X * 16, source.data)
    assert np.array_equal(T.argmax(axis=1), source.target)
    assert X.shape == (1797, 64) and T.shape == (1797, 10)


def test_diabetes_is_that_of_scikit_learn():
    from sklearn.datasets import load_diabetes

    X, T = datasets.diabetes()
    source = load_diabetes(scaled=False)
    assert np.array_equal(X, source.data)
    assert np.array_equal(T[:, 0], source.target)
    assert len(datasets.DIABETES_INPUTS) == X.shape[1]


def test_photographs_are_those_of_scikit_learn_at_half_size():
    from sklearn.datasets import load_sample_images

    photographs = datasets.photographs()
    assert photographs.shape == (2, 213, 320) and 0 <= photographs.min() and photographs.max() <= 1
    for photograph, source in zip(photographs, load_sample_images().images, strict=True):
        grey = source.mean(axis=2)[:426].reshape(213, 2, 320, 2).mean(axis=(1, 3))
        assert np.abs(255 * photograph - grey).mean() < 1


def test_loading_imports_neither_scikit_learn_nor_torch():
    code = (
        "import sys; from nnlib import datasets; datasets.digits(); datasets.diabetes(); datasets.photographs();"
        "print(sorted({'sklearn', 'scipy', 'torch', 'matplotlib'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_split_holds_out_every_fifth_sample():
    X = np.arange(12.0)[:, np.newaxis]
    X_train, T_train, X_test, T_test = datasets.split(X, -X)
    assert X_test.ravel().tolist() == [0, 5, 10]
    assert X_train.ravel().tolist() == [1, 2, 3, 4, 6, 7, 8, 9, 11]
    assert np.array_equal(T_train, -X_train) and np.array_equal(T_test, -X_test)


def test_split_of_the_digits_has_every_class_on_both_sides():
    _, T_train, X_test, T_test = datasets.split(*datasets.digits())
    assert len(X_test) == 360
    assert T_train.sum(axis=0).min() > 100 and T_test.sum(axis=0).min() > 20


def test_standardise_uses_the_training_samples_alone():
    rng = np.random.default_rng(3)
    X_train, X_test = rng.normal(5, 3, (40, 3)), rng.normal(9, 1, (10, 3))
    X_train[:, 2] = X_test[:, 2] = 7.0
    train, test = datasets.standardise(X_train, X_test)
    np.testing.assert_allclose(train[:, :2].mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(train[:, :2].std(axis=0), 1, rtol=1e-12)
    by_hand = (X_test[:, 0] - X_train[:, 0].mean()) / X_train[:, 0].std()
    np.testing.assert_allclose(test[:, 0], by_hand, rtol=1e-12)
    assert not train[:, 2].any() and not test[:, 2].any()


def test_robot_arm_moves_its_end_effector_as_by_hand():
    X, T = datasets.robot_arm(200, rng=1)
    assert np.hypot(*T.T).max() <= sum(datasets.LINKS)
    for (shoulder, elbow), position in zip(X, T, strict=True):
        # The elbow first, then from the elbow to the hand, as complex numbers.
        hand = 0.6 * np.exp(1j * shoulder) + 0.4 * np.exp(1j * (shoulder + elbow))
        np.testing.assert_allclose(position, (hand.real, hand.imag), rtol=1e-12)


@pytest.mark.parametrize("make", [datasets.two_moons, datasets.spirals])
def test_two_classes_are_balanced_and_lie_apart(make):
    X, T = make(400, rng=2, noise=0.0)
    assert T.mean() == 0.5 and T.shape == (400, 1)
    distances = np.linalg.norm(X[T[:, 0] == 0][:, None] - X[T[:, 0] == 1], axis=-1)
    assert distances.min() > 0.02


def test_moons_are_half_circles():
    X, T = datasets.two_moons(100, rng=0, noise=0.0)
    first, second = X[T[:, 0] == 0], X[T[:, 0] == 1]
    np.testing.assert_allclose(np.linalg.norm(first, axis=1), 1, rtol=1e-12)
    np.testing.assert_allclose(np.linalg.norm(second - (1, 0.5), axis=1), 1, rtol=1e-12)


@pytest.mark.parametrize("make", [datasets.robot_arm, datasets.two_moons, datasets.spirals])
def test_a_seed_repeats_the_samples_exactly(make):
    X, T = make(9, rng=7)
    again, T_again = make(9, rng=np.random.default_rng(7))
    assert np.array_equal(X, again) and np.array_equal(T, T_again)
    assert not np.array_equal(X, make(9, rng=8)[0])


def test_xor_is_the_truth_table():
    X, T = datasets.xor()
    assert [int(a) ^ int(b) for a, b in X] == T[:, 0].tolist()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: datasets.robot_arm(0), "at least 1, got 0"),
        (lambda: datasets.two_moons(2.5), "whole number"),
        (lambda: datasets.spirals(5, noise=-1), "standard deviation"),
        (lambda: datasets.spirals(5, turns=np.nan), "turns must be finite, but it is nan"),
        (lambda: datasets.spirals(5, turns=0), "turns must be a number above 0, got 0"),
        (lambda: datasets.two_moons(5, noise=np.inf), "noise must be finite, but it is inf"),
        (lambda: datasets.two_moons(5, noise="0.1x"), "noise must be an array of real numbers, got str"),
        (lambda: datasets.one_hot([0, 1], 1.5), "number of classes must be a whole number .* got 1.5"),
        (lambda: datasets.split([1.0, 2.0], 3.0), "T must have 1 or 2 or 3 axes"),
        (lambda: datasets.split(np.ones((6, 2)), np.ones((5, 1))), "6 rows and T has 5"),
        (lambda: datasets.split(np.ones((4, 2)), np.ones((4, 1))), "at least 5 samples, got 4"),
        (lambda: datasets.one_hot([0, 3], 3), "from 0 to 2"),
        (lambda: datasets.one_hot([0.5], 3), "whole numbers"),
        (lambda: datasets.two_moons(5, rng="x"), "rng must be a seed"),
        (lambda: datasets.standardise(np.ones((3, 2)), np.ones((3, 4))), r"\(3, 4\), expected"),
    ],
)
def test_bad_input_raises_with_a_reason(call, message):
    with pytest.raises(ValueError, match=message):
        call()
