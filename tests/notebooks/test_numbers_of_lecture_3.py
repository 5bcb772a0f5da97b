"""Every number in the text of lecture 3 is what its code, its figures and nnlib give."""

import contextlib
import io
import re

import numpy as np
import pytest

from nnlib import activations, widgets
from tests.notebooks.arithmetic import decimals, matrices, told
from tests.notebooks.notebooks import ROOT, read

pytestmark = pytest.mark.slow

CELLS = {cell.id: cell.source for cell in read(ROOT / "lectures" / "3_activations.ipynb").cells}


@pytest.fixture(scope="module")
def names():
    """The names that the lecture's cells define, without figures, widgets and PyTorch."""
    found = {}
    cells = [
        source for cell, source in CELLS.items()
        if not re.search(r"widget|figure|torch", cell) and re.search(r"setup|-code|-naive|-revived", cell)
    ]  # fmt: skip
    with contextlib.redirect_stdout(io.StringIO()):
        exec("\n".join(cells), found)
    return found


def test_two_layers_of_identities_are_one(names):
    W1, b1, x = (np.array(m) for m in matrices(CELLS["why-numbers"]) if len(m) == 2)
    assert np.array_equal(W1, names["W1"]) and np.array_equal(b1[:, 0], names["b1"])
    assert np.array_equal(x[:, 0], names["x"])
    W2 = np.array(next(m for m in matrices(CELLS["why-numbers"]) if len(m) == 1))
    assert np.array_equal(W2, names["W2"])
    hidden = W1 @ x[:, 0] + b1[:, 0]
    assert told(r"1 = (\d)\$ and \$2 \+ 2 \+ 2 = (\d)\$, so the output is [^=]*= (\d+)\$", CELLS["why-numbers"]) == [
        *hidden, (W2 @ hidden + names["b2"])[0],
    ]  # fmt: skip
    one = told(r"\) = \((\d), (\d)\)\$ and the bias is .* = (\d)\$, so .* = (\d+)\$", CELLS["why-numbers"])
    assert one == [*(W2 @ W1)[0], (W2 @ b1[:, 0] + names["b2"])[0], 11]


def test_sigmoid(names):
    source = CELLS["sigmoid"]
    y = activations.sigmoid(np.log(4))
    assert told(r"e\^\{-a\} = 1/(\d)\$, hence \$u = (.+?)\$, \$y = (.+?)\$", source) == [4, 1.25, round(y, 9)]
    assert told(r"= 0.8 \\cdot 0.2 = (.+?)\$", source) == [pytest.approx(y * (1 - y))]
    (far,) = told(r"at \$a = 10\$ it is down to ([\d.]+\d)", source)
    assert far == pytest.approx(activations.sigmoid.derivative(10.0), abs=5e-7)
    assert "$1/4$" in source and activations.sigmoid.derivative(0.0) == 1 / 4
    assert "1/4 for the sigmoid and 1 for tanh" in CELLS["curves-predict"]


def test_tanh():
    z, y, slope = told(
        r"have \$z = ([\d.]+)\$, \$y = 2z - 1 = (.+?)\$, and the slope .* = (.+?)\$", CELLS["tanh"]
    )
    assert z == round(float(activations.sigmoid(1.0)), 4) and y == round(float(np.tanh(0.5)), 4)
    assert slope == round(1 - np.tanh(0.5) ** 2, 4)


def test_where_exponentials_overflow():
    wide, single = told(r"from \$a = (\d+)\$ on, in float32 from \$a = (\d+)\$", CELLS["overflow"])
    with np.errstate(over="ignore"):
        for kind, first in ((np.float64, wide), (np.float32, single)):
            assert np.isinf(np.exp(kind(first))) and np.isfinite(np.exp(kind(first - 1)))
    assert 10.0**308 < np.finfo(float).max < 10.0**308 * 10


def test_sizes_of_signals(names):
    """0.5 ** 10 is a thousandth, 2 ** 10 a thousand; the pictures say what their alt texts say."""
    assert 2.0**10 == 1024 and "thousandth" in CELLS["deep"]
    X, sizes = names["X"], names["sizes_by_layer"]
    relu = {c: sizes(names["relu"], c, X) for c in (1, 2**0.5, 2)}
    assert relu[1][-1] < 0.1 < 0.5 < relu[2**0.5][-1] < 2 < 10 < relu[2][-1]
    tanh = {c: sizes(np.tanh, c, X) for c in (0.5, 1, 4)}
    assert tanh[0.5][-1] < 0.001 < 0.1 < tanh[1][-1] < 0.4 < 0.8 < tanh[4][-1]


def test_mean_square_after_a_layer(names):
    a = np.random.default_rng(0).normal(size=10**6)
    for g, share in ((names["relu"], 1 / 2), (lambda a: names["leaky"](a, 0.3), (1 + 0.3**2) / 2)):
        assert np.mean(g(a) ** 2) == pytest.approx(share, rel=0.01)


def test_derivatives_on_the_way_back(names):
    (product,) = told(
        r"4\^9 = ([\d,\\ ]+?)\$".replace("[\\d,\\\\ ]", r"[\d\\,]"), CELLS["back"].replace(r"\,", "")
    )
    assert product == 4**9
    of = {(g, c): names["gradient_sizes"](g, c) for g, c in (("sigmoid", 1), ("sigmoid", 4), ("tanh", 1))}
    left = of["sigmoid", 1][0] / of["sigmoid", 1][-1]
    assert left < 1 / 4**9 and round(1e6 * left) == 2 and "two millionths" in CELLS["back-figure"]
    assert 0.005 < of["sigmoid", 4][0] / of["sigmoid", 4][-1] < 0.02 and "hundredth" in CELLS["back-says"]
    assert of["tanh", 1][0] / of["tanh", 1][-1] > 0.2


def test_answers_of_the_deep_signals():
    source = CELLS["signals-answer"]
    low, high = told(r"From (.+?) to (.+?), LeCun", source)
    scales = [10 ** (k / 20) for k in range(-20, 21)]

    def alive(g, depth):
        return [c for c in scales if widgets.deep_signals(g, depth, c).verdict()[0]]

    assert (round(alive("tanh", 10)[0], 1), round(alive("tanh", 10)[-1], 1)) == (low, high)
    assert "1.1 to 1.6" in source
    assert (round(alive("relu", 10)[0], 1), round(alive("relu", 10)[-1], 1)) == (1.1, 1.6)
    assert "fifteenth" in source
    assert "0.066" in widgets.deep_signals("relu", 10, 1.0).verdict()[1]
    assert alive("sigmoid", 10) == [] and [round(c, 1) for c in alive("sigmoid", 8)] == [6.3]
    assert "$c = 6.3$" in source


def test_answers_of_the_dead_neuron():
    w, b = told(r"\$w = (.+?)\$, \$b = (.+?)\$", CELLS["dead-answer"])
    figure = widgets.dead_neuron(alpha=0.2)
    figure.w, figure.b = figure.step()
    assert (round(figure.w, 2), round(figure.b, 2)) == (w, b) and figure.measure()[1:] == (0, 0, 0)
    figure.epsilon = 0.1
    for _ in range(3):
        assert figure.measure()[3] == 0
        figure.w, figure.b = figure.step()
    assert figure.measure()[3] > 0 and "after three steps" in CELLS["dead-answer"]


def test_dead_and_revived_neurons(names):
    """The bar chart and the curves show what the text beside them says."""
    killed, revived = names["killed"], names["revived"]
    assert killed == sorted(killed) and killed[0] == 1 and killed[-1] == 64
    assert set(revived["relu"]) == {32}
    assert revived["leaky_relu(0.1)"][-1] < 16 and revived["leaky_relu(0.3)"][-1] < 4


def test_ten_layers_learn_with_tanh_and_relu_alone():
    names = {}
    exec(
        CELLS["setup"]
        + "\n"
        + CELLS["deep-code"].split("def size(")[0]
        + CELLS["deep-code"][CELLS["deep-code"].index("X, T,") :],
        names,
    )
    source = CELLS["initialisation-figure"]
    assert "alpha=0.001, epochs=25" in source and "batch_size=32, rng=0" in source
    for g in ("tanh", "relu", "sigmoid"):
        for seed in range(3):  # rounding differs between processors: what one start shows, others have to
            deep = names["Network"]([64] + 10 * [32] + [10], g, "softmax", rng=seed)
            settings = dict(alpha=0.001, epochs=25, batch_size=32, rng=seed)
            history = names["train"](deep, names["X"], names["T"], "cross_entropy", **settings)
            assert history.accuracy[-1] < 0.13 if g == "sigmoid" else history.accuracy[-1] > 0.98
    assert "The sigmoid never learns" in CELLS["initialisation-says"]


def test_network_starts_as_the_table_says():
    from nnlib import Network

    for g, c in (("tanh", 1), ("sigmoid", 1), ("relu", 2**0.5), ("leaky_relu", 2**0.5)):
        W = Network([400, 300], [], g, rng=0).layers[0].W if g != "softmax" else None
        assert W.std() == pytest.approx(c / 20, rel=0.02)
    assert r"\sqrt{2/I}" in CELLS["initialisation"] and r"\sqrt{1/I}" in CELLS["initialisation"]


def test_plain_functions_are_those_of_the_library(names):
    a = np.linspace(-5, 5, 41)
    for own, slope, g in (
        ("relu", "relu_slope", activations.relu),
        ("leaky", "leaky_slope", activations.leaky_relu(0.1)),
    ):
        assert np.array_equal(names[own](a), g(a)) and np.array_equal(names[slope](a), g.derivative(a))
    assert np.allclose(names["sigmoid"](a), activations.sigmoid(a), rtol=1e-15)
    assert np.allclose(names["softmax"](a), activations.softmax(a), rtol=1e-15)


def test_every_decimal_of_the_text_is_one_of_these():
    """A new number in the text needs a test here."""
    known = {
        "0.5", "0.8", "0.2", "0.16", "1.25", "0.000045", "0.7311", "0.4621", "0.7864", "0.01", "0.1", "0.9",
        "2.5", "1.1", "1.6", "6.3", "0.58", "0.74",
    }  # fmt: skip
    found = set().union(*(decimals(source) for cell, source in CELLS.items() if not re.search(
        r"code|figure|setup|widget|naive|revived|sources", cell)))  # fmt: skip
    assert found <= known, found - known
