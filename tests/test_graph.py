"""Networks by arbitrary connectivity: roles, order, cycles, values."""

import numpy as np
import pytest

from nnlib import Network
from nnlib.graph import NeuronGraph

SKIP = {("x1", "h"): 2.0, ("x2", "h"): -1.0, ("h", "y"): 3.0, ("x1", "y"): 0.5}


def test_roles_of_the_nodes():
    graph = NeuronGraph(SKIP)
    assert graph.input_nodes == ["x1", "x2"]
    assert graph.hidden_nodes == ["h"]
    assert graph.output_nodes == ["y"]
    assert graph.kind == "feedforward" and graph.cycle is None


def test_a_connection_may_skip_a_layer():
    graph = NeuronGraph(SKIP, biases={"h": 1.0}, activation={"h": "relu"})
    y = graph.forward({"x1": 2.0, "x2": 1.0})
    assert y["h"] == 2 * 2 - 1 + 1
    assert y["y"] == 3 * 4 + 0.5 * 2


def test_every_neuron_comes_after_its_senders():
    order = NeuronGraph(SKIP).order()
    assert all(order.index(i) < order.index(j) for i, j in SKIP)


def test_layers_as_a_graph_equal_the_network():
    network = Network([3, 4, 2], activation="tanh", rng=1)
    weights, biases, names = {}, {}, [[("x", i) for i in range(3)]]
    for number, layer in enumerate(network.layers):
        names.append([(number, j) for j in range(len(layer.W))])
        layer.b = np.arange(len(layer.b)) / 10
        for j, receiver in enumerate(names[-1]):
            biases[receiver] = layer.b[j]
            weights |= {(i, receiver): layer.W[j, n] for n, i in enumerate(names[-2])}
    graph = NeuronGraph(weights, biases, dict.fromkeys(names[1], "tanh"))
    x = np.array([0.3, -1.0, 2.0])
    y = graph.forward(dict(zip(names[0], x, strict=True)))
    assert np.allclose([y[k] for k in names[2]], network.forward(x), rtol=1e-14)


def test_a_cycle_is_named_in_the_error():
    graph = NeuronGraph({("x", "a"): 1, ("a", "b"): 1, ("b", "a"): 1, ("b", "y"): 1})
    assert graph.kind == "recurrent" and set(graph.cycle) == {"a", "b"}
    with pytest.raises(ValueError, match="recurrent, along (a -> b -> a|b -> a -> b)"):
        graph.forward({"x": 1.0})
    assert NeuronGraph({("x", "a"): 1, ("a", "a"): 1}).kind == "recurrent"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (({},), "at least one connection"),
        (({("a", "b"): np.nan},), "weight from a to b must be finite"),
        (({("a", "b"): 1}, {"a": 1}), "a has a bias, but no connection leads to it"),
        (({("a", "b"): 1}, {}, {"a": "tanh"}), "a has an activation, but no connection"),
        (({("a", "b"): 1}, {}, "tanth"), "no activation function 'tanth' for neuron b"),
        (({("a", "b"): 1}, {}, "softmax"), "Neuron b cannot be softmax"),
        (({"ab": 1}, {}), r"at least one connection \(sender, receiver\)"),
    ],
)
def test_bad_graphs_raise_with_a_reason(arguments, words):
    with pytest.raises(ValueError, match=words):
        NeuronGraph(*arguments)


def test_missing_inputs_raise_with_a_reason():
    with pytest.raises(ValueError, match=r"inputs are given for \['x1'\], expected \['x1', 'x2'\]"):
        NeuronGraph(SKIP).forward({"x1": 1.0})
