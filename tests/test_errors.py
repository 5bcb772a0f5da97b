"""nnlib.errors by hand, against PyTorch, and for certain and wrong outputs."""

import numpy as np
import pytest
import torch

from nnlib import errors

Y = np.array([[0.25, 0.75], [0.5, 0.5], [0.9, 0.1]])
T = np.array([[0.0, 1.0], [1.0, 0.0], [0.0, 1.0]])


def test_sum_of_squares_by_hand():
    """Differences (1, -2) and (0, 3): E = (1 + 4 + 0 + 9) / 2 = 7. A sum, not a mean."""
    assert errors.sum_of_squares([[2.0, 1.0], [1.0, 5.0]], [[1.0, 3.0], [1.0, 2.0]]) == 7
    assert errors.sum_of_squares([2.0, 1.0], [1.0, 3.0]) == 2.5


def test_cross_entropy_by_hand():
    expected = -np.log(0.75) - np.log(0.5) - np.log(0.1)
    np.testing.assert_allclose(errors.cross_entropy(Y, T), expected, rtol=1e-15)
    np.testing.assert_allclose(errors.cross_entropy(Y[0], T[0]), -np.log(0.75), rtol=1e-15)


def test_errors_equal_pytorch():
    rng = np.random.default_rng(0)
    A, T = rng.normal(0, 5, (9, 4)), np.eye(4)[rng.integers(4, size=9)]
    truth = torch.nn.functional.cross_entropy(torch.tensor(A), torch.tensor(T), reduction="sum")
    E = errors.cross_entropy(A, T, from_pre_activations=True)
    np.testing.assert_allclose(E, truth.item(), rtol=1e-13)
    truth = torch.nn.functional.binary_cross_entropy_with_logits(
        torch.tensor(A), torch.tensor(T), reduction="sum"
    )
    E = errors.two_class_cross_entropy(A, T, from_pre_activations=True)
    np.testing.assert_allclose(E, truth.item(), rtol=1e-13)
    Y = 1 / (1 + np.exp(-A))
    np.testing.assert_allclose(errors.two_class_cross_entropy(Y, T), truth.item(), rtol=1e-9)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_stable_for_huge_weighted_sums(dtype):
    A, T = np.array([[1e4, -1e4]], dtype), np.array([[0.0, 1.0]], dtype)
    assert errors.cross_entropy(A, T, from_pre_activations=True) == 2e4
    assert errors.cross_entropy(-A, T, from_pre_activations=True) == 0
    assert errors.two_class_cross_entropy(A, T, from_pre_activations=True) == 2e4
    certain = np.array([[1.0, 0.0]], dtype)
    assert np.isfinite(errors.cross_entropy(certain, T)) and errors.cross_entropy(certain, T) > 80
    assert np.isfinite(errors.two_class_cross_entropy(certain, T))
    assert errors.cross_entropy(certain, certain) == 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: errors.sum_of_squares(Y, T[:2]), r"T has shape \(2, 2\), expected \(3, 2\)"),
        (lambda: errors.sum_of_squares([np.inf], [1.0]), "Y must be finite"),
        (lambda: errors.cross_entropy(Y, T + T), "T must be one-hot"),
        (lambda: errors.cross_entropy(Y, T * 0), "T must be one-hot"),
        (lambda: errors.cross_entropy(Y - 1, T), "probabilities in 0 .. 1.*from_pre_activations"),
        (lambda: errors.two_class_cross_entropy(Y, Y), "zeros and ones"),
    ],
)
def test_bad_input_raises_with_a_reason(call, message):
    with pytest.raises(ValueError, match=message):
        call()
