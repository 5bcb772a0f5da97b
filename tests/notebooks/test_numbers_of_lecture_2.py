"""The numbers and claims of lecture 2 are those of its own code, of nnlib and of its figures."""

import itertools
import re

import numpy as np
import pytest

from nnlib import Network, datasets, recurrent, widgets
from nnlib.activations import relu, sigmoid
from nnlib.graph import NeuronGraph
from nnlib.widgets.weights_live import HIDDEN, course
from tests.notebooks.arithmetic import decimals, equations, matrices, told
from tests.notebooks.notebooks import ROOT, read


@pytest.fixture(scope="module")
def text():
    cells = read(ROOT / "lectures" / "2_neural_networks.ipynb").cells
    return {cell.id: cell.source for cell in cells}


@pytest.fixture(scope="module")
def lecture(text):
    """The names that the lecture's cells define, but for those that only draw."""
    names = {}
    for cell in (
        "setup", "artificial-neuron-code", "layer-code", "architecture-order", "architecture-cycle",
        "architecture-forward-code", "multilayer-code", "bumps-code", "time-code",
    ):  # fmt: skip
        exec(text[cell], names)
    return names


WITH_DECIMALS = {
    "artificial-neuron-numbers": {"0.5", "0.3775"},
    "layer": {"0.5", "0.25", "1.5"},
    "move-neuron": {"0.5"},
    "two-layers": {"0.5"},
    "time-predict": {"0.5", "0.9575"},
}
"""Cell -> every number with a decimal point that its text holds; the tests below are about them."""


def test_every_number_with_decimals_is_asserted_here(text):
    for cell in read(ROOT / "lectures" / "2_neural_networks.ipynb").cells:
        if cell.cell_type == "markdown" and cell.id != "sources":
            words = re.sub(r"\]\(.*?\)", "]", cell.source)
            assert decimals(words) == WITH_DECIMALS.get(cell.id, set()), cell.id


def test_every_equation_of_numbers_holds(text):
    found = [pair for source in text.values() for pair in equations(source)]
    assert len(found) >= 2
    for left, right in found:
        assert left == pytest.approx(right)


def test_numbers_of_the_neuron_and_the_layer(text, lecture):
    source = text["artificial-neuron-numbers"]
    x1, x2, w1, w2, b = told(
        r"x\} = \((.+?), (.+?)\)\$, .*w\} = \((.+?), (.+?)\)\$ and \$b = (.+?)\$", source
    )
    a = w1 * x1 + w2 * x2 + b
    after, rectified = told(r"y = (.+?)\$ with the sigmoid, \$y = (.+?)\$ with relu", source)
    assert f"= {a:g} ,$$" in source and round(float(sigmoid(a)), 4) == after and relu(a) == rectified
    W, b, x, sums = (np.array(matrix) for matrix in matrices(text["layer"]))
    assert np.array_equal(W @ x + b, sums) and np.array_equal(W[0], [w1, w2])
    assert np.array_equal(lecture["layer"](W, b[:, 0], x[:, 0], sigmoid), sigmoid(sums[:, 0]))


def test_and_or_xor_and_what_one_line_can_do(text):
    X, T = datasets.xor()
    rows = np.array(
        re.findall(r"\| (\d) \| (\d) \| (\d) \| (\d) \| (\d) \|", text["two-layers"]), dtype=float
    )
    assert np.array_equal(rows[:, :2], X) and np.array_equal(rows[:, 4:], T)
    H = np.column_stack((relu(X.sum(axis=1)), relu(X.sum(axis=1) - 1)))
    assert np.array_equal(rows[:, 2:4], H) and np.array_equal(rows[:, 4], H @ [1, -2])
    others = re.findall(r"\$\((\d), (-?\d)\)\$ makes (\w+)", text["network"])
    truth = {"XOR": [0, 1, 1, 0], "AND": [0, 0, 0, 1], "OR": [0, 1, 1, 1]}
    assert len(others) == 3
    for first, second, name in others:
        assert list(H @ [float(first), float(second)]) == truth[name]
    grid = np.arange(-3, 3.01, 0.5)
    for name, t in truth.items():
        found = any(
            np.array_equal(X @ (w1, w2) + b > 0, np.array(t) == 1)
            for w1, w2, b in itertools.product(grid, repeat=3)
        )
        assert found == (name != "XOR"), name


def test_a_single_neuron_says_one_half_for_every_point(text):
    names = {}
    for cell in ("setup", "artificial-neuron-code", "layer-code"):
        exec(text[cell], names)
    names["X"], names["T_xor"] = datasets.xor()
    exec(text["two-layers-code"], names)
    assert np.abs(names["single"].forward(names["X"]) - 0.5).max() < 1e-3
    H = names["H"]
    assert len(np.unique(H, axis=0)) == 3 and "shows three" in text["two-layers-predict"]
    assert np.array_equal(H[1], H[2]) and "(h_1, h_2) = (1, 0)" in text["two-layers-predict"]
    low, high = ([0.25, -0.125], [1.75, 0.625])  # the dashed line of the picture
    assert f"[{low[0]}, {high[0]}], [{low[1]}, {high[1]}]" in text["two-layers-pictures"]
    assert all(h1 - 2 * h2 == 0.5 for h1, h2 in (low, high))
    assert "0.5 everywhere" in text["two-layers"] and "$y = 0.5$ (dashed)" in text["two-layers"]
    side = [(h[1] - low[1]) * 1.5 - (h[0] - low[0]) * 0.75 for h in H]
    assert (np.sign(side) == [1, -1, -1, 1]).all()


def test_order_and_cycle_of_the_lecture_are_right(lecture):
    rng, kinds = np.random.default_rng(0), set()
    for _ in range(60):
        n = rng.integers(2, 6)
        pairs = [(f"n{i}", f"n{j}") for i in range(n) for j in range(n) if rng.random() < 0.25]
        if not pairs:
            continue
        graph = NeuronGraph(dict.fromkeys(pairs, 1.0))
        order, cycle = lecture["order"](pairs), lecture["cycle"](pairs)
        kinds.add(graph.kind)
        assert (order is None) == (cycle is not None) == (graph.kind == "recurrent")
        if order:
            assert all(order.index(i) < order.index(j) for i, j in pairs)
        else:
            assert cycle[0] == cycle[-1] and set(zip(cycle, cycle[1:], strict=False)) <= set(pairs)
    assert len(kinds) == 2


def test_x1_and_x2_may_change_places_in_the_order(lecture):
    pairs = list(lecture["skip"])
    right = [
        p
        for p in itertools.permutations(lecture["order"](pairs))
        if all(p.index(i) < p.index(j) for i, j in pairs)
    ]
    assert len(right) == 2
    values = lecture["graph_forward"](lecture["skip"], {"x1": 2.0, "x2": 1.0}, relu)
    assert values == NeuronGraph(lecture["skip"], activation="relu").forward({"x1": 2.0, "x2": 1.0})


def test_parameters_of_the_multilayer_network(text, lecture):
    inputs, hidden, outputs = told(
        r"(\d+) inputs, two hidden layers of (\d+) and (\d+) outputs", text["multilayer-count"]
    )
    sizes = [int(n) for n in (inputs, hidden, hidden, outputs)]
    (count,) = told(r"= (\d+)\$", text["multilayer-count"])
    assert count == Network(sizes).parameter_count
    assert (
        f"network_drawing({sizes})" in text["multilayer-figure"]
        and f"Network({sizes}" in text["multilayer-code"]
    )
    assert np.allclose(lecture["Y"], lecture["network"].forward(lecture["X3"]))


def test_more_bumps_come_closer(lecture):
    x = np.linspace(0.01, 0.99, 981)
    off = [np.abs(lecture["bumps"](x, lecture["target"], n) - lecture["target"](x)).max() for n in (2, 8, 40)]
    assert off[0] > off[1] > off[2] and off[2] < 0.12
    one = lecture["bumps"](np.array([-0.2, 0.5, 1.2]), lambda x: np.ones_like(x), 1)
    assert np.allclose(one, [0, 1, 0], atol=1e-6)


def test_weights_as_images(text):
    (share,) = told(r"still (\d+) % of the test images", text["weights-predict"])
    _, accuracies = course()
    assert round(100 * accuracies[0]) == share and accuracies[2] > 0.9
    assert f"{HIDDEN} hidden neurons" in text["weights"]
    figure = widgets.weights_live()
    assert len(figure.samples) == 10 and len(figure.misread) >= 5


def test_filters_become_edges(text):
    names = {}
    for cell in ("setup", "filters-patches"):
        exec(text[cell], names)
    exec(text["filters-code"].rsplit("\n", 1)[0], names)
    filters = names["filters"]
    assert np.allclose((filters**2).sum(axis=1), 1) and "25 neurons" in text["filters"]
    images = filters.reshape(-1, 8, 8)
    # An edge varies across and hardly along itself: filter 9 lies level, filter 11 stands upright.
    down, across = (np.abs(np.diff(images, axis=axis)).sum(axis=(1, 2)) for axis in (1, 2))
    assert down[9] > 3 * across[9] and across[11] > 3 * down[11]
    assert "(9, 11)" in text["filters-figure"]
    clear = np.maximum(down, across) > 1.5 * np.minimum(down, across)
    assert clear.sum() >= 15


def test_one_neuron_in_time(text, lecture):
    def late(w, start=0.3):
        return lecture["run"](np.array([[w]]), 0.0, np.array([start]), 200, np.tanh)[-2:, 0]

    (place,) = told(r"settles at ([\d.]+) or", text["time-predict"])
    assert np.abs(late(0.5)).max() < 1e-6
    assert np.allclose(late(2), place, atol=5e-5) and np.allclose(late(2, -0.3), -place, atol=5e-5)
    before, after = late(-2)
    assert before == pytest.approx(-after) and abs(after) == pytest.approx(place, abs=5e-5)


def test_two_neurons_are_enough_for_a_surprise(text):
    figure = widgets.recurrent_pair(-20, 6)
    kind, _, _ = recurrent.behaviour(figure.W, figure.biases, "sigmoid", figure.start)
    assert recurrent.BEHAVIOURS[int(kind)] == "chaotic"
    twins = [
        recurrent.run(start, 80, figure.W, figure.biases, "sigmoid")
        for start in (figure.start, np.array(figure.start) + [1e-6, 0])
    ]
    assert "above 0 in chaos" in text["time-behaviour"]
    assert recurrent.behaviour(figure.W, figure.biases, "sigmoid", figure.start)[2] > 0
    apart = np.abs(twins[0] - twins[1]).max(axis=1)
    assert apart[:10].max() < 1e-3 and apart.max() > 0.5 and "sixth decimal" in text["time-behaviour"]


def test_the_summary_names_the_exercise_that_belongs_to_it(text):
    (path,) = re.findall(r"\*\*Exercise:\*\* open \[.+?\]\((.+?)\)", text["summary"])
    assert (ROOT / "lectures" / path).resolve().exists()
