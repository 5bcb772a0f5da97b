"""The stepper's data against PyTorch, its equations and lines of code by carrying them out."""

import re

import numpy as np
import pytest
import torch

from nnlib import Network, activations, backpropagate
from nnlib.widgets import step_through
from nnlib.widgets.backpropagation_values import look_up, total
from nnlib.widgets.notation import brief, node_names, number, plain, short
from tests.widgets.networks import CASES, case, squares_batch

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
    numbers = figure.values()
    assert numbers["E"] == pytest.approx(E.item(), rel=1e-9)
    for step in figure.steps[:-1]:
        kind, *indices = step["place"].split(".")
        if kind == "En":
            continue
        layer, *at = map(int, indices)
        a, y, W = layers[layer - 1]
        if kind == "dW":
            assert look_up(numbers, step["place"]) == pytest.approx(W.grad[tuple(at)].item(), abs=1e-9)
        for n in range(len(numbers["samples"])) if kind != "dW" else ():
            right = {"a": a, "y": y, "delta": a.grad}[kind][n, at[0]].item()
            assert look_up(numbers, step["place"], n) == pytest.approx(right, abs=1e-9)


@every_case
def test_the_numbers_of_each_equation_give_its_value(name):
    network, X, T, error = case(name)
    figure = step_through(network, X, T, error)
    numbers = figure.values()
    signs = {"·": "*", "−": "-", "½": "0.5", "²": "**2", "ln": "log"}
    for step in figure.steps:
        right_side = step["numbers"].split(" = ", 1)[1]
        formula = re.sub(r"\{([^}]+)\}", lambda m: f"({look_up(numbers, m[1])!r})", right_side)
        for shown, python in signs.items():
            formula = formula.replace(shown, python)
        layer = int(step["place"].split(".")[1]) if "." in step["place"] else 1
        names = {"exp": np.exp, "log": np.log, "g": network.layers[layer - 1].activation}
        value = eval(formula, {"__builtins__": {}}, names)
        assert value == pytest.approx(look_up(numbers, step["place"]), abs=1e-9), step["heading"]


@every_case
def test_the_lines_of_code_in_their_order_give_every_number(name):
    network, X, T, error = case(name)
    x, t = np.atleast_2d(X)[0], np.atleast_2d(T)[0]
    figure = step_through(network, x, t, error)
    names = {"np": np, "x": x, "t": t, "leaky_relu": activations.leaky_relu(0.2)}
    names |= activations.ACTIVATIONS | {"leaky_relu": activations.leaky_relu(0.2)}
    letters = [column[0][0] for column in node_names(network.sizes)]
    for n, layer in enumerate(network.layers, start=1):
        names |= {f"W{n}": layer.W, f"b{n}": layer.b, f"dE_dW{n}": np.zeros_like(layer.W)}
        arrays = (letters[n], f"a_{letters[n]}", f"delta_{letters[n]}", f"dE_db{n}")
        names |= {array: np.zeros_like(layer.b) for array in arrays}
    for step in figure.steps:
        exec(step["code"], names)
        value = eval(step["code"].split(" = ")[0], names)
        assert value == pytest.approx(look_up(figure.values(), step["place"]), abs=1e-9)


def test_the_lines_of_code_for_a_batch_sum_over_its_samples():
    network, X, T, error = case("2-3-2 sigmoid, batch")
    figure = step_through(network, X, T, error)
    first, second = backpropagate(network, X, T, error, trace=True)[2]
    names = {"np": np, "X": X, "H": first.y, "Delta_h": first.delta, "Delta_y": second.delta}
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
    cells = re.findall(r"<td[^>]*>([^<]*)</td>", figure.table())
    assert [line.split(": ", 1)[1] for line in words.splitlines()] == cells
    for (dE_dW, dE_db), layer in zip(gradients, trace, strict=True):
        for value in [*dE_dW.flat, *dE_db]:
            assert f"= {number(value)}\n" in words + "\n"
        for value in [*layer.y[0], *layer.delta[0]]:
            assert number(value) in words and number(value) in picture


def test_numbers_have_four_decimals_or_three_digits():
    values = [0.03125, -0.03125, -0.0, 0.0, 1.234e-5, -2e-7, 98765.4321, 112500.0, -1e30]
    shown = [
        "0.0313", "−0.0313", "0.0000", "0.0000", "1.23e−5", "−2.00e−7",
        "98765.4321", "1.13e5", "−1.00e30",
    ]  # fmt: skip
    assert [number(value) for value in values] == shown
    assert [short(value) for value in (-0.03125, 12.34567, -12345.678, 1e5, 2e-7)] == [
        "−0.0313", "12.3457", "−12345.7", "1.00e5", "2.00e−7",
    ]  # fmt: skip


def test_own_layers_are_taken_and_bad_ones_raise():
    network, X, T = squares_batch()
    own = [(layer.W, layer.b, layer.activation.name) for layer in network.layers]
    assert step_through(own, X, T).text() == step_through(network, X, T).text()
    with pytest.raises(ValueError, match=r"a list of \(W, b, activation\), one for each layer"):
        step_through(3, X, T)
    with pytest.raises(ValueError, match="up to 6 neurons a layer"):
        step_through(Network([2, 7, 2]), X, T)
    for layers in ([], None, [(1, 2)]):
        with pytest.raises(ValueError, match="network must be a Network, or a list"):
            step_through(layers, X, T)
    with pytest.raises(ValueError, match="W of layer 1 must have 2 axes"):
        step_through([([1, 2], [0], "tanh")], X, T)
    with pytest.raises(ValueError, match="E or its gradient is not finite"):
        step_through(network, X[0], [1e200, 0])
    with pytest.raises(ValueError, match="deltas has 1 entries, expected 2"):
        step_through(network, X, T, deltas=[T])
    with pytest.raises(ValueError, match="deltas must be a list, one array for each layer; got int"):
        step_through(network, X, T, deltas=3)
    cube = activations.Activation("cube", lambda a: a**3, lambda y: y, "a³", "3 a²")
    with pytest.raises(ValueError, match="layer 1 .hidden. has the activation cube"):
        step_through(Network([2, 2, 2], cube), X, T)


@every_case
def test_each_step_asks_for_parts_and_knows_slips_that_differ(name):
    network, X, T, error = case(name)
    figure = step_through(network, X, T, error)
    numbers = figure.values()
    for step in figure.steps:
        right = look_up(numbers, step["place"])
        for slip in step["slips"]:
            assert isinstance(total(slip["terms"], numbers), float | int) and slip["says"]
        if step["place"].startswith("delta.1") and len(network.layers) == 2:
            back, slope = (total(ask["terms"], numbers) for ask in step["asks"])
            assert back * slope == pytest.approx(right)
            assert total(step["slips"][0]["terms"], numbers) == back  # g'(a) is missing
        if step["part"] == "Gradient" and step["asks"]:
            delta, signal = (total(ask["terms"], numbers) for ask in step["asks"])
            assert delta * signal == pytest.approx(right)


def test_names_are_those_of_the_lecture():
    network, x, t, _ = case("2-2-2 tanh")
    steps = step_through(network, x, t).steps
    assert [step["heading"] for step in steps[:2]] == ["Weighted sum of h₁", "Output of h₁"]
    assert steps[0]["numbers"].startswith("a_{h_1} = ") and "Weight from x₂ to h₁" in str(steps)
    assert node_names([2, 2, 1, 3])[1:3] == [["h_1", "h_2"], ["u_1"]]
    assert plain("∂E/∂w_{h_1 x_2} = δ_{h_1} x_2") == "∂E/∂wh₁ x₂ = δh₁ x₂"
    assert [brief(value) for value in (1.5, -2.0, 0.25, 0.0, 10.0, 1e-5)] == [
        "1.5", "−2", "0.25", "0", "10", "1.00e−5",
    ]  # fmt: skip
