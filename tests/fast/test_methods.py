"""Each method takes the steps of PyTorch's optimizer of that name, and of its formulas by hand."""

import numpy as np
import pytest
import torch

from nnlib import Network, train
from nnlib.training import Adam


@pytest.mark.parametrize(
    ("method", "optimizer"),
    [
        ("gradient_descent", lambda p: torch.optim.SGD(p, lr=0.01)),
        ("momentum", lambda p: torch.optim.SGD(p, lr=0.01, momentum=0.9)),
        ("adam", lambda p: torch.optim.Adam(p, lr=0.01)),
        (Adam(beta2=0.98), lambda p: torch.optim.Adam(p, lr=0.01, betas=(0.9, 0.98))),
    ],
)
def test_each_method_takes_the_steps_of_pytorch(method, optimizer):
    rng = np.random.default_rng(5)
    network, X, T = Network([3, 4, 2], rng=0), rng.normal(size=(7, 3)), rng.normal(size=(7, 2))
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
    arrays = [array for layer in network.layers for array in (layer.W, layer.b)]
    for array, tensor in zip(arrays, tensors, strict=True):
        assert np.abs(array - tensor.detach().numpy()).max() < 1e-11


@pytest.mark.parametrize(
    ("method", "w"),
    [("gradient_descent", [0.75, 0.625]), ("momentum", [0.75, 0.4]), ("adam", [0.75, 0.5169551])],
)
def test_slide_weight_update_two_steps_by_hand(method, w):
    """y = w x + b with x = 1, t = 0, from w = 1, b = 0: both gradients are y, at first 1. α = 1/4.

    All go to w = 3/4, b = -1/4 first, where y = 1/2.
    gradient descent: w = 3/4 - 1/8 = 0.625.
    momentum: v = 0.9 · 1/4 + 1/4 · 1/2 = 0.35, w = 0.4.
    adam: m = 0.9 · 0.1 + 0.1 · 1/2 = 0.14, s = 0.999 · 0.001 + 0.001 · 1/4 = 0.001249,
    m̂ = 0.14 / 0.19 = 0.7368421, ŝ = 0.001249 / 0.001999 = 0.6248124,
    w = 3/4 - 1/4 · 0.7368421 / 0.7904508 = 0.5169551.
    """
    reached = []
    for epochs in (1, 2):
        network = Network.of([([[1.0]], [0.0])], ["identity"])
        train(network, [[1.0]], [[0.0]], alpha=0.25, epochs=epochs, method=method)
        reached.append(network.layers[0].W[0, 0])
    np.testing.assert_allclose(reached, w, rtol=0, atol=6e-8)
