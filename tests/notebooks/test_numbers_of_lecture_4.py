"""The numbers that lecture 4 prints in its text are those of nnlib, and of PyTorch."""

import re

import numpy as np
import pytest
import torch

from nnlib import Network, backpropagate
from nnlib.activations import sigmoid
from tests.notebooks.arithmetic import decimals, equations, matrices, told, written
from tests.notebooks.notebooks import ROOT, read

W1, b1 = np.array([[1.5, -1.0], [-1.0, 1.0]]), np.array([0.5, 0.0])
W2, b2 = np.array([[1.0, 2.0], [3.0, -1.0]]), np.zeros(2)
x, t = np.array([1.0, 2.0]), np.array([1.0, 1.0])


@pytest.fixture(scope="module")
def text():
    cells = read(ROOT / "lectures" / "4_backpropagation.ipynb").cells
    return {cell.id: cell.source for cell in cells}


@pytest.fixture(scope="module")
def carried():
    """The carried network in PyTorch: every value and every derivative by a weighted sum."""
    leaves = [torch.tensor(a, requires_grad=True) for a in (W1, b1, W2, b2)]
    a = leaves[0] @ torch.tensor(x) + leaves[1]
    h = torch.sigmoid(a)
    y = leaves[2] @ h + leaves[3]
    a.retain_grad(), y.retain_grad()
    E = ((y - torch.tensor(t)) ** 2).sum() / 2
    E.backward()
    slope = torch.autograd.functional.jacobian(torch.sigmoid, a.detach()).diagonal()
    class_sums = y.detach().clone().requires_grad_()
    (-class_sums.log_softmax(dim=0)[0]).backward()
    found = {
        "a": a, "h": h, "y": y, "E": E, "delta_h": a.grad, "delta_y": y.grad, "slope": slope,
        "dW1": leaves[0].grad, "db1": leaves[1].grad, "dW2": leaves[2].grad, "db2": leaves[3].grad,
        "softmax": class_sums.softmax(dim=0), "delta_softmax": class_sums.grad,
    }  # fmt: skip
    return {name: value.detach().numpy() for name, value in found.items()}


GIVEN = [1.5, 0.5]
"""Weights and biases of the carried network that have decimals."""

IN_TEXT = {
    "carried-network-names": ["b1"],
    "forward-numbers": ["a", "h", "y", "E", "delta_y"],
    "gradient-delta": ["h2"],
    "hidden-deltas": ["delta_y"],
    "output-deltas": ["y", "delta_y"],
    "output-deltas-softmax-numbers": ["y", "softmax", "delta_softmax"],
    "hidden-deltas-derivation": ["delta_y", "back_h1", "h1", "slope_h1", "delta_h1"],
    "by-hand": ["h", "delta_y", "delta_h", "slope", "back", "rest", "dW1", "dW2"],
}
"""Cell -> the numbers of the carried network that its text holds, and no other with decimals."""

OTHERS = {
    "one-neuron-predict": [4.5],
    "slopes": [0.7311, 0.1966, 0.7616, 0.4200],
    "batch-or-stochastic": [0.11, 16.1, 0.10],
    "batch-or-stochastic-predict": [0.12, 0.01],
    "methods": [0.9, 0.9, 0.999],
    "methods-predict": [0.0094, 0.0056, 0.24, 0.3, 0.001],
    "methods-library": [0.01],
    "train-live": [0.5],
    "what-is-a-gradient": [0.1, 1.6, 0.7, 2.56, 2.1, 4.66],
    "stepper-predict": [0.5, 7.5, 0.0006],
    "traps": [0.004, 0.01, 0.014, 0.02, 0.7],
    "digits-answer": [97.5],
}
"""Cell -> numbers with decimals that test_examples_of_lecture_4.py is about."""


def numbers_of(carried, names):
    h, back = carried["h"], W2.T @ carried["delta_y"]
    numbers = carried | {"b1": b1, "h2": h[1], "rest": 1 - h, "back": back, "h1": h[0], "back_h1": back[0]}
    numbers |= {"slope_h1": carried["slope"][0], "delta_h1": carried["delta_h"][0]}
    return {written(value) for name in names for value in np.ravel(numbers[name])}


def test_the_lecture_builds_the_network_of_this_test(text):
    names = {"np": np}
    exec("\n".join(text["carried-network-code"].splitlines()[:3]), names)
    for name, value in (("W1", W1), ("b1", b1), ("W2", W2), ("b2", b2), ("x", x), ("t", t)):
        assert np.array_equal(names[name], value)
    assert matrices(text["carried-network"]) == [[[1], [2]], [[1], [1]]]


def test_pytorch_and_nnlib_agree_on_the_carried_network(carried):
    network = Network.of([(W1, b1), (W2, b2)], ["sigmoid", "identity"])
    E, _, (hidden, output) = backpropagate(network, x, t, trace=True)
    found = {"a": hidden.a, "h": hidden.y, "y": output.y, "E": E}
    found |= {"delta_h": hidden.delta, "delta_y": output.delta, "slope": sigmoid.derivative(hidden.a)}
    found |= {"dW1": hidden.dE_dW, "db1": hidden.dE_db, "dW2": output.dE_dW, "db2": output.dE_db}
    classes = Network.of([(np.eye(2), b2)], ["softmax"])
    _, _, (last,) = backpropagate(classes, output.y[0], [1.0, 0.0], "cross_entropy", trace=True)
    found |= {"softmax": last.y, "delta_softmax": last.delta}
    assert found.keys() == carried.keys()
    for name, value in found.items():
        assert np.abs(np.squeeze(value) - carried[name]).max() < 1e-14, name


@pytest.mark.parametrize("cell", IN_TEXT)
def test_the_text_holds_the_numbers_of_the_carried_network(text, carried, cell):
    wanted = {number for number in numbers_of(carried, IN_TEXT[cell]) if "." in number}
    extra = {written(number) for number in GIVEN}
    assert wanted <= decimals(text[cell]) <= wanted | extra


def test_no_number_with_decimals_stands_anywhere_else(text):
    for cell in read(ROOT / "lectures" / "4_backpropagation.ipynb").cells:
        if cell.cell_type == "markdown" and cell.id not in (*IN_TEXT, "sources"):
            assert {written(n) for n in decimals(cell.source)} == {
                written(v) for v in OTHERS.get(cell.id, [])
            }, cell.id


def test_every_equation_of_numbers_holds(text):
    found = [pair for source in text.values() for pair in equations(source)]
    assert len(found) >= 24
    for left, right in found:
        assert left == pytest.approx(right, abs=2e-4)


def test_names_of_neurons_and_places(text):
    source = text["carried-network-names"]
    to, sender, weight = told(r"w_\{h_(\d) x_(\d)\} = (-?\d+)\$", source)
    place = told(r"from \$x_(\d)\$ to \$h_(\d)\$, in row (\d) and column (\d)", source)
    assert place == [sender, to, to, sender]
    assert W1[int(to) - 1, int(sender) - 1] == weight
    (neuron, bias) = told(r"b_\{h_(\d)\} = (.+?)\$", source)
    assert b1[int(neuron) - 1] == bias and np.count_nonzero([b1, b2]) == 1
    for j, (a, at) in enumerate(re.findall(r"=(\d), .qquad ?h_\d=g\((\d)\)", text["forward-numbers"])):
        assert float(a) == float(at) == W1[j] @ x + b1[j]
    assert r"\mathbf{t} = (1, 0)" in text["output-deltas-softmax-numbers"]


def test_matrices_of_the_gradients(text, carried):
    dy, h, dW2, dh, inputs, dW1 = map(np.array, matrices(text["by-hand"]))
    for column, row, product in ((dy, h, dW2), (dh, inputs, dW1)):
        assert np.abs(column @ row - product).max() < 2e-4
    assert np.abs(dW2 - carried["dW2"]).max() < 5.1e-5
    assert np.abs(dW1 - carried["dW1"]).max() < 5.1e-5
