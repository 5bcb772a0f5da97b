"""What lecture 4 says beside the carried network: examples, lengths, traps, digits."""

import re

import numpy as np
import pytest
import torch

from nnlib import Network, backpropagate, datasets, regression, train
from nnlib.activations import relu, sigmoid
from nnlib.differentiation import derivative, gradient
from nnlib.widgets import race, train_live, xor_surface
from tests.notebooks.arithmetic import equations, python, told
from tests.notebooks.notebooks import ROOT, read


@pytest.fixture(scope="module")
def text():
    cells = read(ROOT / "lectures" / "4_backpropagation.ipynb").cells
    return {cell.id: cell.source for cell in cells}


@pytest.fixture(scope="module")
def lecture(text):
    """The names that the lecture's own code defines: every code cell but those of figures and PyTorch."""
    names = {"print": lambda *words: None}
    for cell in read(ROOT / "lectures" / "4_backpropagation.ipynb").cells:
        source = cell.source.replace("\nfigures.network_drawing([2, 2, 2], [W1, W2])", "")
        drawn = ("figures.", "widgets.", "torch")
        if cell.cell_type == "code" and (cell.id == "setup" or not any(word in source for word in drawn)):
            exec(source, names)
    return names


def lecture_cell(name):
    (source,) = (c.source for c in read(ROOT / "lectures" / "4_backpropagation.ipynb").cells if c.id == name)
    return source


def test_what_a_gradient_is(text):
    source = text["what-is-a-gradient"]
    point = r"At \$\((.+?), (.+?)\)\$ the error is (.+?) and .+?\((.+?), (.+?)\)"
    u, v, before, by_u, by_v = told(point, source)
    alpha, new_u, new_v, after = told(r"alpha = (.+?)\$ leads to \$\((.+?),\\, (.+?)\)\$.+?= (.+?)\$", source)
    formulas = re.search(r"E\(u, v\) = (.+?)\$ has .+? = (.+?)\$ and .+? = (.+?)\$", source).groups()
    E, *slopes = (eval(f"lambda w: (lambda u, v: {python(one)})(*w)") for one in formulas)
    assert E([u, v]) == before and list(gradient(E, np.array([u, v]))) == [by_u, by_v]
    assert [slope([u, v]) for slope in slopes] == [by_u, by_v]
    assert np.allclose([u - alpha * by_u, v - alpha * by_v], [new_u, new_v])
    assert E([new_u, new_v]) == pytest.approx(after)


def test_rules_of_differentiation(text):
    (u,) = told(r"at \$u = (\d+)\$", text["tools"])
    functions = re.findall(r"aligned\} ?(?:\\big)?\((.+?)(?:\\big)?\)'&=", text["tools"])
    results = [float(n) for n in re.findall(r"=(\d+)\.", text["tools"])]
    assert results == [derivative(eval(f"lambda u: {python(f)}"), u) for f in functions] and len(results) == 3
    paths = r"p = (\d+)x\$ and .+?\$x = (\d+)\$ we have \$p = (\d+)\$ and \$q = (\d+)\$.*=(\d+),"
    factor, x, p, q, result = told(paths, text["tools-many-paths"])
    assert (p, q) == (factor * x, x**2) and result == derivative(lambda x: factor * x * x**2, x)
    held = equations(text["tools"], u=u) + equations(text["tools-many-paths"], p=p, q=q, x=x)
    assert len(held) >= 12
    for left, right in held:
        assert left == right


def test_lengths_and_slopes(text, lecture):
    inputs, hidden, outputs, length, which, runs = told(
        r"(\d+) inputs, (\d+) hidden and (\d+) output.*= (\d+)\$ weights.*of the (\d+) should.*: (\d+) runs",
        text["supervised-learning"],
    )
    layers = Network([int(inputs), int(hidden), int(outputs)], rng=0).layers
    assert length == runs == which == sum(layer.W.size + layer.b.size for layer in layers)
    bias, a, slope = told(r"0.5 to (\d+) .*= (.+?)\$ the sigmoid.*about (.+?),", text["stepper-predict"])
    assert a == float(lecture["W1"][0] @ lecture["x"]) + bias
    assert slope == pytest.approx(sigmoid.derivative(a), abs=5e-5)
    assert "$1/4$" in text["vanishing"] and sigmoid.derivative(0.0) == 1 / 4
    assert "ten layers" in text["vanishing"] and "one millionth" in text["vanishing"] and 4.0**-10 < 1e-6


def test_traps_of_the_gradient_check(text, lecture):
    a, h, found = told(r"a = (.+?)\$ with \$h = (.+?)\$.*= (.+?)\$, and the slope is 1", text["traps"])
    assert found == pytest.approx((relu(a + h) - relu(a - h)) / (2 * h)) and relu.derivative(a) == 1
    digits, of_float64 = told(r"has (\d+) digits instead of (\d+)", text["traps"])
    assert [round(-np.log10(np.finfo(kind).eps)) for kind in (np.float32, np.float64)] == [digits, of_float64]
    truth = lecture["truth"]
    steps = 10.0 ** np.arange(-12, 0.5, 0.5)
    assert "10.0 ** np.arange(-12, 0.5, 0.5)" in text["traps-code"]
    network, x, t, measured = (lecture[name] for name in ("network", "x", "t", "measured"))
    layers = [(W.astype("float32"), b.astype("float32")) for W, b in lecture["carried"]]
    single = Network.of(layers, ["sigmoid", "identity"])
    off, in_float32 = (
        [abs(measured(net, x, t, 0, 1, 0, step) - truth) for step in steps] for net in (network, single)
    )
    assert 1e-6 <= steps[np.argmin(off)] <= 1e-4 and "10^{-5}" in text["traps"]
    assert "a million times better" in text["traps-code"] and 5e5 < min(in_float32) / min(off) < 2e6


def test_weights_of_zero(text):
    """XOR: with all weights zero every derivative is zero but that by the bias of the output."""
    layers = [(np.zeros((2, 2)), np.zeros(2)), (np.zeros((1, 2)), np.zeros(1))]
    network = Network.of(layers, ["tanh", "identity"])
    (dW1, db1), (dW2, db2) = backpropagate(network, *datasets.xor())[1]
    assert not np.any(dW1) and not np.any(db1) and not np.any(dW2)
    (slope,) = told(
        r"only the bias of the output has a slope, \$(-\d)\$\. With the sigmoid", text["xor-surface"]
    )
    assert db2 == slope
    figure = xor_surface(0, 8, "all weights zero")
    assert figure.measure()[1:] == (0, slope) and "2-2-1" in text["xor-surface"]
    assert "the output is linear and $E$ the sum of squares" in text["xor-surface"]
    classes = Network([2, 8, 1], activation="tanh", output="sigmoid", rng=0)
    for layer in classes.layers:
        layer.W[:] = 0
    for pair in backpropagate(classes, *datasets.xor(), "cross_entropy")[1]:
        assert not any(map(np.any, pair))  # "even that is zero"


def test_digits(text):
    X, T, X_test, T_test = datasets.split(*datasets.digits())
    reader = Network([64, 32, 10], activation="tanh", output="softmax", rng=0)
    train(reader, X, T, error="cross_entropy", alpha=0.02, epochs=60, batch_size=32, rng=0)
    right = reader.forward(X_test).argmax(axis=1) == T_test.argmax(axis=1)
    about, share = told(r"About (\d+), which is (.+?) %", text["digits-answer"])
    assert told(r"(\d+) inputs, (\d+) hidden.+of the (\d+) test", text["digits"]) == [64, 32, len(right)]
    assert abs(right.sum() - about) <= 1 and share == 100 * about / len(right)
    X, X_test = (np.column_stack((A, np.ones(len(A)))) for A in (X, X_test))
    W = regression.gradient_descent(regression.logistic, X, T, alpha=1e-3, epochs=300).W
    before = np.mean((X_test @ W.T).argmax(axis=1) == T_test.argmax(axis=1))
    assert told(r"about (\d+) %", text["digits"]) == [round(100 * before)]
    assert 1 - right.mean() < 0.6 * (1 - before)  # "halved the mistakes"


def test_the_summary_names_the_exercise_that_belongs_to_it(text):
    (name, path) = re.search(r"\*\*Exercise:\*\* open \[(.+?)\]\((.+?)\)", text["summary"]).groups()
    assert (ROOT / name).exists() and (ROOT / "lectures" / path).resolve() == ROOT / name


def test_one_neuron_with_one_weight(text):
    numbers = text["one-neuron"]
    w, x, b, t, product, a, y, E = told(
        r"w = (.+?)\$, \$x = (.+?)\$, \$b = (.+?)\$ and \$t = (.+?)\$.*wx = (.+?)\$, \$a = (.+?)\$, "
        r"\$y = (.+?)\$ and \$E = (.+?)\$",
        numbers,
    )
    assert f"one_neuron(w={w:g}, x={x:g}, b={b:g}, t={t:g})" in text["one-neuron-figure"]
    leaves = {name: torch.tensor(v, requires_grad=True) for name, v in (("w", w), ("x", x), ("b", b))}
    parts = [leaves["w"] * leaves["x"]]
    parts.append(parts[0] + leaves["b"])
    parts.append(torch.relu(parts[1]))
    parts.append((parts[2] - t) ** 2 / 2)
    for part in parts[:-1]:
        part.retain_grad()
    parts[-1].backward()
    assert [part.item() for part in parts] == [product, a, y, E]
    source = text["one-neuron-parts"]
    back = told(
        r"5 - 3 = (\d).*partial a = (\d)\$.*: (\d) to \$wx\$ and (\d) to \$b\$.*= (\d)\$ to \$w\$, .*= (\d)\$ to \$x",
        source,
    )
    found = [parts[2], parts[1], parts[0], leaves["b"], leaves["w"], leaves["x"]]
    assert back == [part.grad.item() for part in found]
    b, E = told(r"b = (.+?)\$ the error is \$(.+?)\$", text["one-neuron-predict"])
    assert E == (max(0, w * x + b) - t) ** 2 / 2 and w * x + b == -1


def test_slopes_of_activation_functions(text):
    y, slope, y_tanh, slope_tanh = told(
        r"sigmoid has \$y = (.+?)\$ and the slope .+? = (.+?)\$, tanh has \$y = (.+?)\$ and the slope .+? = (.+?)\$",
        text["slopes"],
    )
    assert [y, y_tanh] == pytest.approx([sigmoid(1.0), np.tanh(1.0)], abs=5e-5)
    assert slope == pytest.approx(derivative(lambda a: 1 / (1 + np.exp(-a)), 1.0), abs=5e-5)
    assert slope_tanh == pytest.approx(derivative(np.tanh, 1.0), abs=5e-5)


def test_the_heading_counts_the_lines_of_the_program(text):
    lines = text["any-depth-code"].split("\n")
    assert (
        len(lines) == 10
        and "### Ten lines" in text["any-depth"]
        and "the ten lines" in text["methods-library"]
    )
    assert "in ten lines of NumPy" in text["title"]


@pytest.mark.parametrize("sizes", [(3, 2), (4, 4, 4), (3, 5, 2), (2, 5, 4, 3), (3, 4, 5, 2, 6)])
@pytest.mark.parametrize("output", ["identity", "sigmoid", "softmax"])
def test_the_ten_lines_hold_for_any_depth(lecture, sizes, output):
    rng = np.random.default_rng(0)
    network = Network(sizes, activation="tanh", output=output, rng=rng)
    X, T = rng.normal(size=(7, sizes[0])), rng.normal(size=(7, sizes[-1]))
    if output != "identity":
        T = np.eye(sizes[-1])[rng.integers(sizes[-1], size=7)]
    error = "sum_of_squares" if output == "identity" else "cross_entropy"
    layers = [(layer.W, layer.b) for layer in network.layers]
    choice = dict(g=np.tanh, slope=lambda y: 1 - y**2, output=network.layers[-1].activation)
    truth = backpropagate(network, X, T, error)[1]
    for pair, wanted in zip(lecture["gradients"](layers, X, T, **choice), truth, strict=True):
        for found, array in zip(pair, wanted, strict=True):
            assert np.abs(found - array).max() < 1e-12


def test_three_lines_learn_the_exclusive_or(lecture):
    names = {name: lecture[name] for name in ("np", "gradients", "sigmoid", "datasets")} | {"print": str}
    exec(lecture_cell("update-loop-code"), names)
    assert np.abs(names["Y"] - names["T"]).max() < 0.01
    layers, X, T = names["layers"], names["X"], names["T"]
    choice = names["choice"]
    network = Network.of([(W.copy(), b.copy()) for W, b in layers], ["tanh", "sigmoid"])
    train(network, X, T, error="cross_entropy", alpha=0.5, epochs=1)
    steps = zip(layers, lecture["gradients"](layers, X, T, **choice), network.layers, strict=True)
    for (W, b), (dW, db), layer in steps:
        assert np.allclose(layer.W, W - 0.5 * dW, rtol=1e-12, atol=1e-14)
        assert np.allclose(layer.b, b - 0.5 * db, rtol=1e-12, atol=1e-14)


def test_online_learning_wins_the_race_of_the_lecture(text):
    alpha, batch, others = told(
        r"alpha = (.+?)\$\. After five epochs the batch has \$E = (.+?)\$, mini-batches .* have \$(.+?)\$",
        text["batch-or-stochastic"],
    )
    figure = race()
    assert text["batch-or-stochastic-widget"] == "widgets.race()" and figure.alpha == alpha
    assert [round(E, 1) for E in figure.errors(5)][0] == batch
    assert [round(E, 2) for E in figure.errors(5)[1:]] == [others, others]
    (limit, small) = told(
        r"thrown out above (.+?), .* At (.+?) all three", text["batch-or-stochastic-predict"]
    )
    assert race(alpha=limit).errors(20)[0] < race(alpha=limit).errors(1)[0]  # it converges, slowly
    assert race(alpha=limit + 0.005).errors(20)[0] > 1e3
    assert max(race(alpha=limit + 0.005).errors(20)[1:]) < 1
    slow = race(alpha=small).errors(5)
    assert slow[0] == min(slow) and max(slow) < 1.2 * min(slow)


def test_momentum_and_adam_leave_gradient_descent_behind(text, lecture):
    rates = told(r"suits it: (.+?), (.+?) and (.+?)\. Why", text["methods-predict"])
    left, other = told(r"E = (.+?)\$, and the two others are below (.+?)\.\n", text["methods-predict"])
    (steps,) = told(r"last after (\d+) steps", text["methods-predict"])
    names = ("gradient descent", "momentum", "Adam")
    paths = [lecture["descend"](name, rate) for name, rate in zip(names, rates, strict=True)]
    ends = [path[-1] ** 2 @ [0.5, 100.0] for path in paths]
    assert len(paths[0]) == steps and round(ends[0], 1) == left and max(ends[1:]) < other
    (first,) = told(r"begins at (\d+) here", text["methods-predict"])
    assert first == 200 * 0.5 == 200 * abs(paths[0][0][1])
    for name, rate in zip(names, rates, strict=True):
        assert f'"{name}": {rate:g}' in text["methods-figure"]
        nearby = [lecture["descend"](name, rate * by)[-1] ** 2 @ [0.5, 100.0] for by in (0.5, 2)]
        assert ends[names.index(name)] < 10 * min(nearby)  # "an α that suits it"


@pytest.mark.parametrize("method", ["gradient_descent", "momentum", "adam"])
def test_the_methods_of_the_lecture_are_those_of_nnlib(lecture, method):
    """E = (w1² + 200 w2²) / 2 is the sum of squares of a linear layer; the samples ±x leave its bias at 0."""
    X = np.diag([1.0, np.sqrt(200.0)]) / np.sqrt(2)
    X, T = np.concatenate((X, -X)), np.zeros((4, 1))
    network = Network.of([(np.array([[-2.0, 0.5]]), np.zeros(1))], ["identity"])
    rate = {"gradient_descent": 0.0094, "momentum": 0.0056, "adam": 0.24}[method]
    path = lecture["descend"](method.replace("_", " "), rate, steps=31)
    train(network, X, T, alpha=rate, epochs=30, method=method)
    assert np.allclose(network.layers[0].W[0], path[-1], rtol=1e-8)


def test_only_random_weights_learn_the_exclusive_or(text):
    X, T = datasets.xor()
    ends = {}
    for name, start in (("random", None), ("equal", 0.5), ("zero", 0.0)):
        network = Network([2, 8, 1], activation="tanh", output="sigmoid", rng=0)
        for layer in network.layers:
            if start is not None:
                layer.W[:] = start
        ends[name] = train(network, X, T, "cross_entropy", alpha=0.2, epochs=300).error[-1]
    assert "Only from random weights does E fall to zero." in text["initialisation-code"]
    assert ends["random"] < 0.05 and min(ends["equal"], ends["zero"]) > 1


def test_gradients_of_nine_layers(text):
    rng = np.random.default_rng(0)
    X, T = rng.normal(size=(20, 10)), rng.normal(size=(20, 1))
    ratios = {}
    for g in ("sigmoid", "tanh", "relu"):
        _, found = backpropagate(Network([10] * 9 + [1], activation=g, rng=0), X, T)
        ratios[g] = np.abs(found[-1][0]).mean() / np.abs(found[0][0]).mean()
    assert "a million times smaller" in text["vanishing-code"].replace('"\n                 "', "")
    assert ratios["sigmoid"] > 1e6 and max(ratios["tanh"], ratios["relu"]) < 100


def test_answers_about_the_network_that_learns_in_the_page(text):
    def bars(activation):
        figure = train_live("spirals", "2-4-4-4-4-1", activation)
        _, found = backpropagate(figure.trained(0), *figure.samples(), "cross_entropy")
        return np.abs(found[-1][0]).mean() / np.abs(found[0][0]).mean()

    assert "hundreds of times smaller" in text["train-live-answer"] and 100 < bars("sigmoid") < 1000
    assert "about as large as the others" in text["train-live-answer"] and bars("tanh") < 10
    line = train_live("spirals", "2-1, no hidden layer")
    X, T = line.samples()
    assert 0.1 < np.mean((line.trained(100).forward(X) > 0.5) != T) < 0.5
    wild = train_live("spirals", "2-8-8-1", alpha=0.5)
    assert wild.error(100) > wild.error(0) and wild.error(200) > wild.error(0)
