"""nnlib.network: forward propagation as on the slides, weights that can be read and assigned."""

import numpy as np
import pytest

from nnlib import Network, activations
from nnlib.network import Layer


def test_slide_artificial_neuron():
    """y_j = g(Σ_i w_ji x_i), and y = g(W x) for all neurons with the same inputs."""
    W, x = np.array([[0.5, -1.0, 2.0], [1.0, 0.25, 0.0]]), np.array([2.0, 4.0, 1.5])
    neuron = [np.tanh(0.5 * 2 - 1 * 4 + 2 * 1.5), np.tanh(1 * 2 + 0.25 * 4 + 0 * 1.5)]
    np.testing.assert_allclose(Network.of([(W, [0, 0])], ["tanh"]).forward(x), neuron, rtol=1e-15)


def test_slide_forward_propagation_by_hand():
    """a = (1.5·1 - 1·2 + 0.5, -1 + 2) = (0, 1); relu: (0, 1); then 2·0 - 3·1 + 0.5 = -2.5."""
    weights = [([[1.5, -1.0], [-1.0, 1.0]], [0.5, 0.0]), ([[2.0, -3.0]], [0.5])]
    network = Network.of(weights, ["relu", "identity"])
    assert network.forward([1.0, 2.0]).tolist() == [-2.5]
    assert network.forward([[1.0, 2.0], [1.0, 2.0]]).tolist() == [[-2.5], [-2.5]]


def test_nodes_and_parameters_are_counted():
    network = Network([4, 3, 5, 2], rng=0)
    assert (network.input_nodes, network.hidden_nodes, network.output_nodes) == (4, 8, 2)
    assert network.parameter_count == 4 * 3 + 3 + 3 * 5 + 5 + 5 * 2 + 2
    assert [layer.W.shape for layer in network.layers] == [(3, 4), (5, 3), (2, 5)]
    assert [layer.b.shape for layer in network.layers] == [(3,), (5,), (2,)]
    assert network.sizes == [4, 3, 5, 2]


def names(network):
    return [layer.activation.name for layer in network.layers]


def test_activations_by_name_object_or_list():
    assert names(Network([2, 3, 3, 1], activation="relu")) == ["relu", "relu", "identity"]
    own = activations.leaky_relu(0.2)
    assert names(Network([2, 3, 1], own, "sigmoid")) == ["leaky_relu(0.2)", "sigmoid"]
    assert names(Network([2, 3, 4, 1], ["tanh", "relu"], "softmax")) == ["tanh", "relu", "softmax"]
    assert names(Network([2, 3, 1], ["tanh", "sigmoid"])) == ["tanh", "sigmoid"]


def test_weights_begin_by_fan_in_and_seed():
    network = Network([400, 300, 100], activation="tanh", rng=1)
    again = Network([400, 300, 100], activation="tanh", rng=np.random.default_rng(1))
    for layer, same in zip(network.layers, again.layers, strict=True):
        inputs = layer.W.shape[1]
        assert layer.W.std() * np.sqrt(inputs) == pytest.approx(1, rel=0.02)
        assert np.array_equal(layer.W, same.W) and not layer.b.any()
    relu = Network([400, 300, 1], activation="relu", rng=1)
    assert relu.layers[0].W.std() * np.sqrt(400 / 2) == pytest.approx(1, rel=0.02)


def test_float32_on_request_stays_float32():
    network = Network([3, 4, 2], "sigmoid", "softmax", rng=0, dtype=np.float32)
    assert network.forward(np.ones((5, 3))).dtype == np.float32
    network.layers[0].W = np.ones((4, 3))
    assert network.layers[0].W.dtype == np.float32
    assert Network([3, 4, 2]).forward(np.ones(3, np.float32)).dtype == np.float64


def test_an_assigned_array_is_a_copy():
    network, W = Network([2, 2]), np.zeros((2, 2))
    network.layers[0].W = W
    W[:] = 7
    assert not network.layers[0].W.any()


def test_copy_learns_on_its_own():
    network = Network([2, 3, 1], rng=0)
    other = network.copy()
    other.layers[0].W[:] = 0
    assert network.layers[0].W.all()


def assign(attribute, values):
    def call():
        setattr(Network([2, 3, 1]).layers[0], attribute, values)

    return call


def poisoned():
    network = Network([2, 3, 1])
    network.layers[1].W[0, 2] = np.nan
    return network.forward([1.0, 2.0])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Network([3]), "at least two whole numbers"),
        (lambda: Network([3, 0, 1]), r"each at least 1.*\[3, 0, 1\]"),
        (lambda: Network([3, 2.5]), "whole numbers"),
        (lambda: Network(3), r"at least two whole numbers.*got \[3\]"),
        (lambda: Network([2, 2], output="soft"), r"'soft' for layer 1 \(output\); there are identity"),
        (lambda: Network([2, 2, 2], ["soft"]), r"'soft' for layer 1 \(hidden\); there are identity"),
        (lambda: Network([2, 2], "soft"), "'soft' for the hidden layers; there are identity"),
        (lambda: Network([2, 2], rng="seed"), "seed .*or a NumPy generator, got 'seed'"),
        (lambda: Network([2, 2], rng=-1), "whole number of at least 0.*got -1"),
        (lambda: Network.of([], []), "a pair .W, b. for each layer.*got 0 pairs"),
        (lambda: Network.of([([1, 2], [1])], ["tanh"]), r"W of shapes \[\(2,\)\]"),
        (lambda: Network.of([([[1]], [0]), ([[1]], [0])], ["tanh"]), "got 2 pairs .* 1 activations"),
        (lambda: Network.of([([[1]], [0]), ([[1, 2]], [0])], ["tanh"] * 2), r"W of layer 2 \(output\) has"),
        (lambda: Network([2, 2, 2], "softmax"), r"layer 1 \(hidden\) cannot be softmax"),
        (lambda: Network([2, 2, 2], ["tanh"] * 3), "lists 3 functions, expected one for each"),
        (lambda: Network([2, 2, 2], ["tanh"] * 2, "tanh"), "and no output="),
        (lambda: Network([2, 2], dtype=np.int64), "float64 or float32, got int64"),
        (lambda: Network([2, 2], dtype="double64"), "float64 or float32, got 'double64'"),
        (assign("W", np.ones((2, 3))), r"W of layer 1 \(hidden\) has shape \(2, 3\), expected \(3, 2\)"),
        (assign("b", np.ones((3, 1))), r"b of layer 1 \(hidden\) has shape \(3, 1\), expected \(3,\)"),
        (assign("W", np.full((3, 2), np.nan)), r"W of layer 1 \(hidden\) must be finite"),
        (poisoned, r"W of layer 2 \(output\) must be finite, but .*\[0, 2\] is nan"),
        (lambda: Network([2, 1]).forward(np.ones((4, 3))), r"\(4, 3\), expected \(N, 2\): layer 1"),
        (lambda: Network([2, 1]).forward([1.0]), r"\(1,\), expected \(2,\): layer 1"),
        (lambda: Network([2, 1]).forward(np.ones((0, 2))), "empty batch"),
        (lambda: Network([2, 1]).forward([[1, np.inf]]), r"X must be finite, but X\[0, 1\] is inf"),
        (lambda: Layer(np.ones((2, 3)), np.ones(3), "tanh"), r"b of layer has shape \(3,\)"),
        (lambda: activations.softmax.derivative(np.ones(3)), "no g'.a. of a single neuron"),
    ],
)
def test_bad_input_raises_with_a_reason(call, message):
    with pytest.raises(ValueError, match=message):
        call()
