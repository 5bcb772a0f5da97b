"""The stepper's data against PyTorch, its equations and lines of code by carrying them out."""

import re

import numpy as np
import pytest
import torch

from nnlib import Network, activations, backpropagate
from nnlib.widgets import step_through
from nnlib.widgets.backpropagation_values import look_up, number
from tests.widgets.networks import CASES, case

every_case = pytest.mark.parametrize("name", CASES)


def torch_gradients(network, X, T, error):
    """E, and for each layer a, y, ∂E/∂a and ∂E/∂(W, b), all by autograd in float64."""
    functions = {
        "identity": lambda a: a, "tanh": torch.tanh, "sigmoid": torch.sigmoid, "relu": torch.relu,
        "leaky_relu(0.2)": lambda a: torch.nn.functional.leaky_relu(a, 0.2),
        "softmax": lambda a: torch.softmax(a, -1),
    }  # fmt: skip
    y, T = torch.tensor(np.atleast_2d(X)), torch.tensor(np.atleast_2d(T))
    layers = []
    for layer in network.layers:
        W = torch.tensor(np.column_stack((layer.W, layer.b)), requires_grad=True)
        a = torch.cat((y, torch.ones(len(y), 1)), 1) @ W.T
        a.retain_grad()
        y = functions[layer.activation.name](a)
        layers.append((a, y, W))
    if error == "sum_of_squares":
        E = ((y - T) ** 2).sum() / 2
    elif network.layers[-1].activation.name == "softmax":
        E = -(T * torch.log(y)).sum()
    else:
        E = -(T * torch.log(y) + (1 - T) * torch.log(1 - y)).sum()
    E.backward()
    return E, layers


@every_case
def test_every_number_is_that_of_autograd(name):
    network, X, T, error = case(name)
    figure = step_through(network, X, T, error)
    E, layers = torch_gradients(network, X, T, error)
    found = figure.values()
    assert found["E"] == pytest.approx(E.item(), rel=1e-9)
    for step in figure.steps[:-1]:
        kind, *indices = step["place"].split(".")
        if kind == "En":
            continue
        layer, *at = map(int, indices)
        a, y, W = layers[layer - 1]
        if kind == "dW":
            assert look_up(found, step["place"]) == pytest.approx(W.grad[tuple(at)].item(), abs=1e-9)
        for n in range(len(found["samples"])) if kind != "dW" else ():
            right = {"a": a, "y": y, "delta": a.grad}[kind][n, at[0]].item()
            assert look_up(found, step["place"], n) == pytest.approx(right, abs=1e-9)


@every_case
def test_the_numbers_of_each_equation_give_its_value(name):
    network, X, T, error = case(name)
    figure = step_through(network, X, T, error)
    found = figure.values()
    signs = {"·": "*", "−": "-", "½": "0.5", "²": "**2", "ln": "log"}
    for step in figure.steps:
        right_side = step["numbers"].split(" = ", 1)[1]
        formula = re.sub(r"\{([^}]+)\}", lambda m: f"({look_up(found, m[1])!r})", right_side)
        for shown, python in signs.items():
            formula = formula.replace(shown, python)
        layer = int(step["place"].split(".")[1]) if "." in step["place"] else 1
        names = {"exp": np.exp, "log": np.log, "g": network.layers[layer - 1].activation}
        value = eval(formula, {"__builtins__": {}}, names)
        assert value == pytest.approx(look_up(found, step["place"]), abs=1e-9), step["heading"]


@every_case
def test_the_lines_of_code_in_their_order_give_every_number(name):
    network, X, T, error = case(name)
    x, t = np.atleast_2d(X)[0], np.atleast_2d(T)[0]
    figure = step_through(network, x, t, error)
    names = {"np": np, "x": x, "t": t, "leaky_relu": activations.leaky_relu(0.2)}
    names |= activations.ACTIVATIONS | {"leaky_relu": activations.leaky_relu(0.2)}
    for n, layer in enumerate(network.layers, start=1):
        names |= {f"W{n}": layer.W, f"b{n}": layer.b, f"dE_dW{n}": np.zeros_like(layer.W)}
        names |= {f"{array}{n}": np.zeros_like(layer.b) for array in ("a", "y", "delta", "dE_db")}
    for step in figure.steps:
        exec(step["code"], names)
        value = eval(step["code"].split(" = ")[0], names)
        assert value == pytest.approx(look_up(figure.values(), step["place"]), abs=1e-9)


def test_the_lines_of_code_for_a_batch_sum_over_its_samples():
    network, X, T, error = case("2-3-2 sigmoid, batch")
    figure = step_through(network, X, T, error)
    first, second = backpropagate(network, X, T, error, trace=True)[2]
    names = {"np": np, "X": X, "Y1": first.y, "Delta1": first.delta, "Delta2": second.delta}
    names |= {f"dE_dW{n}": np.zeros_like(layer.W) for n, layer in enumerate(network.layers, 1)}
    names |= {f"dE_db{n}": np.zeros_like(layer.b) for n, layer in enumerate(network.layers, 1)}
    for step in (step for step in figure.steps if step["part"] == "Gradient"):
        exec(step["code"], names)
        value = eval(step["code"].split(" = ")[0], names)
        assert value == pytest.approx(look_up(figure.values(), step["place"]))


@every_case
def test_text_and_picture_tell_the_numbers_of_backpropagate(name):
    network, X, T, error = case(name)
    figure = step_through(network, X, T, error)
    E, gradients, trace = backpropagate(network, X, T, error, trace=True)
    words, picture = figure.text(), figure.svg()
    assert f"E = {number(E)}" in words
    for (dE_dW, dE_db), layer in zip(gradients, trace, strict=True):
        for value in [*dE_dW.flat, *dE_db]:
            assert f"= {number(value)}\n" in words + "\n"
        for value in [*layer.y[0], *layer.delta[0]]:
            assert number(value) in words and number(value) in picture


def test_numbers_have_four_decimals_or_three_digits():
    values = [0.03125, -0.03125, -0.0, 0.0, 123456.0, 1.234e-5, -2e-7]
    shown = ["0.0313", "−0.0313", "0.0000", "0.0000", "123456.0000", "1.23e−5", "−2.00e−7"]
    assert [number(value) for value in values] == shown


SLIPS = {
    "g'(a) is missing": lambda d, W, g, a, y: d @ W,
    "g' is taken of y": lambda d, W, g, a, y: d @ W * g.derivative(y),
    "g itself": lambda d, W, g, a, y: d @ W * y,
    "the sign is turned": lambda d, W, g, a, y: -(d @ W) * g.derivative(a),
    "W where Wᵀ belongs": lambda d, W, g, a, y: d @ W.T * g.derivative(a),
    "a factor 2": lambda d, W, g, a, y: 2 * (d @ W) * g.derivative(a),
    "averaged over the 3 samples": lambda d, W, g, a, y: d @ W * g.derivative(a) / 3,
    "the deltas of the next layer are ignored": lambda d, W, g, a, y: W.sum(0) * g.derivative(a),
    "what comes from above is ignored": lambda d, W, g, a, y: g.derivative(a),
    "no slip that is known": lambda d, W, g, a, y: d @ W * g.derivative(a) + 0.123,
}


def squares_batch():
    network = Network([2, 2, 2], "sigmoid", rng=3)
    rng = np.random.default_rng(5)
    return network, rng.normal(size=(3, 2)), rng.normal(size=(3, 2))


@pytest.mark.parametrize("slip", SLIPS)
def test_first_disagreement_names_the_slip_in_a_hidden_delta(slip):
    network, X, T = squares_batch()
    hidden, output = backpropagate(network, X, T, trace=True)[2]
    W, g = network.layers[1].W, network.layers[0].activation
    wrong = SLIPS[slip](output.delta, W, g, hidden.a, hidden.y)
    figure = step_through(network, X, T, deltas=[wrong, output.delta])
    step = figure.steps[figure.position]
    assert step["heading"] == "Delta of hidden neuron 1" and figure.disagreement["node"] == [1, 0]
    assert slip in figure.disagreement["says"]
    assert number(wrong[0, 0]) in figure.disagreement["says"]


GRADIENT_SLIPS = {
    "averaged over the samples": lambda one, below: one.dE_dW / 3,
    "the sign is turned": lambda one, below: -one.dE_dW,
    "it is the transpose": lambda one, below: one.dE_dW.T,
    "a where y belongs": lambda one, below: one.delta.T @ below.a,
    "the last sample overwrites": lambda one, below: one.delta[-1:].T @ one.x[-1:],
    "the deltas are ignored": lambda one, below: np.ones_like(one.delta).T @ one.x,
}


@pytest.mark.parametrize("slip", GRADIENT_SLIPS)
def test_first_disagreement_names_the_slip_in_a_gradient(slip):
    network, X, T = squares_batch()
    below, one = backpropagate(network, X, T, trace=True)[2]
    figure = step_through(network, X, T, gradients=[below.dE_dW, GRADIENT_SLIPS[slip](one, below)])
    assert figure.steps[figure.position]["heading"].endswith("to output neuron 1")
    assert slip in figure.disagreement["says"]


def test_a_forgotten_bias_and_a_spurious_derivative_are_named():
    network, X, T = squares_batch()
    (W1, b1), (W2, b2) = backpropagate(network, X, T)[1]
    figure = step_through(network, X, T, gradients=[(W1, b1 * 0), (W2, b2)])
    assert "Bias of hidden neuron 1" in figure.disagreement["says"]
    assert "the bias is forgotten" in figure.disagreement["says"]
    network, x, t, error = case("2-2-1 relu, two classes")
    hidden, output = backpropagate(network, x, t, error, trace=True)[2]
    wrong = output.delta * activations.sigmoid.derivative(output.a)
    figure = step_through(network, x, t, error, deltas=[hidden.delta, wrong])
    assert "g'(a) is too much here" in figure.disagreement["says"]


def test_another_shape_is_said_before_any_number():
    network, X, T, _ = case("2-3-2 sigmoid, batch")
    (W1, _), (W2, _) = backpropagate(network, X, T)[1]
    figure = step_through(network, X, T, gradients=[W1, W2.T])
    assert "shape (3, 2) where (2, 3) is right. The slip: it is the transpose" in figure.disagreement["says"]


def test_right_deltas_and_gradients_agree_also_when_typed_in_with_four_decimals():
    network, X, T = squares_batch()
    _, gradients, trace = backpropagate(network, X, T, trace=True)
    deltas = [layer.delta.round(4) for layer in trace]
    figure = step_through(network, X, T, deltas=deltas, gradients=gradients)
    assert figure.disagreement["says"] == "Your deltas and gradients agree in all four decimals."
    assert figure.position == 0


def test_a_function_is_asked_again_after_an_edit_and_a_list_is_not():
    network, X, T = squares_batch()

    def deltas(network, X, T):
        return [-layer.delta for layer in backpropagate(network, X, T, trace=True)[2]]

    function, fixed = (step_through(network, X, T, deltas=d) for d in (deltas, deltas(network, X, T)))
    for figure in (function, fixed):
        before = figure.disagreement["says"]
        figure.targets = (T + 1).tolist()
        assert (figure.disagreement["says"] != before) == (figure is function)


def test_own_layers_are_taken_and_what_does_not_fit_is_said():
    network, X, T = squares_batch()
    own = [(layer.W, layer.b, layer.activation.name) for layer in network.layers]
    assert step_through(own, X, T).text() == step_through(network, X, T).text()
    with pytest.raises(ValueError, match=r"a list of \(W, b, activation\), one for each layer"):
        step_through(3, X, T)
    with pytest.raises(ValueError, match="up to 6 neurons a layer"):
        step_through(Network([2, 7, 2]), X, T)
    with pytest.raises(ValueError, match="deltas has 1 entries, expected 2"):
        step_through(network, X, T, deltas=[T])
    cube = activations.Activation("cube", lambda a: a**3, lambda y: y, "a³", "3 a²")
    with pytest.raises(ValueError, match="layer 1 .hidden. has the activation cube"):
        step_through(Network([2, 2, 2], cube), X, T)
