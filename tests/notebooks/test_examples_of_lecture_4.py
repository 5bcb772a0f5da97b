"""What lecture 4 says beside the carried network: examples, lengths, traps, digits."""

import re

import numpy as np
import pytest

from nnlib import Network, backpropagate, datasets, regression, train
from nnlib.activations import relu, sigmoid
from nnlib.differentiation import derivative, gradient
from tests.notebooks.arithmetic import equations, python, told
from tests.notebooks.notebooks import ROOT, read


@pytest.fixture(scope="module")
def text():
    cells = read(ROOT / "lectures" / "4_backpropagation.ipynb").cells
    return {cell.id: cell.source for cell in cells}


@pytest.fixture(scope="module")
def lecture(text):
    """The names that the lecture's cells on the carried network define."""
    names = {"np": np, "backpropagate": backpropagate, "Network": Network}
    exec("\n".join(text["carried-network-code"].splitlines()[:-1]), names)
    exec(text["gradient-check-code"], names)
    return names


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
    functions = re.findall(r"aligned\} (?:\\big)?\((.+?)(?:\\big)?\)' &=", text["tools"])
    results = [float(n) for n in re.findall(r"= (\d+) \.", text["tools"])]
    assert results == [derivative(eval(f"lambda u: {python(f)}"), u) for f in functions] and len(results) == 3
    paths = r"p = (\d+)x\$ and .+?\$x = (\d+)\$ we have \$p = (\d+)\$ and \$q = (\d+)\$.*= (\d+) ,"
    factor, x, p, q, result = told(paths, text["tools-many-paths"])
    assert (p, q) == (factor * x, x**2) and result == derivative(lambda x: factor * x * x**2, x)
    held = equations(text["tools"], u=u) + equations(text["tools-many-paths"], p=p, q=q, x=x)
    assert len(held) >= 12
    for left, right in held:
        assert left == right


def test_lengths_and_slopes(text, lecture):
    inputs, hidden, outputs, length, runs = told(
        r"(\d+) inputs, (\d+) hidden and (\d+) output.*= (\d+)\$ numbers.*take (\d+) runs",
        text["what-is-a-gradient-predict"],
    )
    layers = Network([int(inputs), int(hidden), int(outputs)], rng=0).layers
    assert length == runs == sum(layer.W.size + layer.b.size for layer in layers)
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
    truth = lecture["gradients"][0][0][1, 0]
    steps = 10.0 ** np.arange(-12, 0)
    network, x, t, measured = (lecture[name] for name in ("network", "x", "t", "measured"))
    off = [abs(measured(network, x, t, 0, 1, 0, step) - truth) for step in steps]
    assert 1e-6 <= steps[np.argmin(off)] <= 1e-4 and "10^{-5}" in text["traps"]


def test_weights_of_zero(text):
    """XOR: with all weights zero every derivative is zero but that by the bias of the output."""
    layers = [(np.zeros((2, 2)), np.zeros(2)), (np.zeros((1, 2)), np.zeros(1))]
    network = Network.of(layers, ["tanh", "identity"])
    (dW1, db1), (dW2, db2) = backpropagate(network, *datasets.xor())[1]
    assert not np.any(dW1) and not np.any(db1) and not np.any(dW2) and db2 != 0
    assert "only the bias of the output has a slope" in text["xor-surface"]


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
    (path,) = re.findall(r"\*\*Exercise:\*\* open `(.+?)`", text["summary"])
    assert (ROOT / path).exists()
