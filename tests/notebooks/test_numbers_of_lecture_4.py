"""The numbers that lecture 4 prints in its text are those of nnlib, and of PyTorch."""

import re

import numpy as np
import pytest
import torch

from nnlib import Network, backpropagate
from tests.notebooks.notebooks import ROOT, read

W1, b1 = np.array([[1.5, -1.0], [-1.0, 1.0]]), np.array([0.5, 0.0])
W2, b2 = np.array([[1.0, 2.0], [3.0, -1.0]]), np.zeros(2)
x, t = np.array([1.0, 2.0]), np.array([1.0, 1.0])


@pytest.fixture(scope="module")
def text():
    return {cell.id: cell.source for cell in read(ROOT / "lectures" / "4_backpropagation.ipynb").cells}


@pytest.fixture(scope="module")
def trace():
    network = Network.of([(W1, b1), (W2, b2)], ["sigmoid", "identity"])
    return backpropagate(network, x, t, trace=True)


def written(value):
    """Four decimals, or fewer if that is exact: as the lecture writes numbers."""
    return re.escape(f"{value:.4f}".rstrip("0").rstrip("."))


def assert_written(numbers, source):
    for number in np.ravel(numbers):
        assert re.search(rf"(?<![\d.]){written(number)}(?![\d])", source), number


def test_the_lecture_builds_the_network_of_this_test(text):
    names = {"np": np}
    exec("\n".join(text["carried-network-code"].splitlines()[:3]), names)
    for name, value in (("W1", W1), ("b1", b1), ("W2", W2), ("b2", b2), ("x", x), ("t", t)):
        assert np.array_equal(names[name], value)


def test_forward_numbers(text, trace):
    E, _, (hidden, output) = trace
    assert_written([hidden.a, hidden.y, output.y, [[E, 0]]], text["forward"])


def test_deltas_and_gradients(text, trace):
    _, _, (hidden, output) = trace
    assert_written([output.delta], text["output-deltas"])
    slopes = hidden.y * (1 - hidden.y)
    assert_written([output.delta, hidden.delta, slopes], text["by-hand"])
    assert_written([output.dE_dW, hidden.dE_dW], text["by-hand"])


def test_pytorch_agrees(trace):
    _, gradients, _ = trace
    leaves = [torch.tensor(a, requires_grad=True) for a in (W1, b1, W2, b2)]
    hidden = torch.sigmoid(leaves[0] @ torch.tensor(x) + leaves[1])
    (((leaves[2] @ hidden + leaves[3] - torch.tensor(t)) ** 2).sum() / 2).backward()
    found = [a for pair in gradients for a in pair]
    for array, leaf in zip(found, leaves, strict=True):
        assert np.abs(array - leaf.grad.numpy()).max() < 1e-14


def test_small_examples():
    """The gradient of u² + 3v, the rules at u = 2, and the two paths of the chain rule."""
    from nnlib.differentiation import derivative, gradient

    assert np.array_equal(gradient(lambda w: w[0] ** 2 + 3 * w[1], np.array([2.0, 1.0])), [4, 3])
    assert 1.6**2 + 3 * 0.7 == pytest.approx(4.66)
    for f, value in ((lambda u: u**2 + 3 * u, 7), (lambda u: u**2 * 3 * u, 36), (lambda u: (3 * u + 1) ** 2, 42)):
        assert derivative(f, 2.0) == value
    assert 32 * 64 + 32 + 10 * 32 + 10 == 2410
