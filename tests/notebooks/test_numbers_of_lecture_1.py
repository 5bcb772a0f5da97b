"""The numbers that lecture 1 tells in its text are those that its code gives."""

import numpy as np
import pytest

from nnlib import datasets, regression
from nnlib.activations import softmax
from nnlib.regression import linear, logistic, with_constant
from tests.notebooks.notebooks import ROOT, read

CELLS = {cell.id: cell.source for cell in read(ROOT / "lectures" / "1_regression.ipynb").cells}


def says(cell, *words):
    for each in words:
        assert each in CELLS[cell], f"{cell} does not say {each}"


def test_the_example_has_the_same_numbers_all_through():
    names = {}
    exec(
        "import numpy as np\nfrom nnlib.regression import linear, logistic\nfrom nnlib.activations import softmax",
        names,
    )
    for cell in ("several-outputs-code", "sum-of-squares-code", "linear-gradient-code"):
        exec(CELLS[cell], names)
    assert (names["y"] - names["t"]).tolist() == [-1, 1, 0] and names["x"].tolist() == [2, 1]
    assert names["gradient"].tolist() == [[-2, -1], [2, 1], [0, 0]]
    says("linear-gradient-numbers", r"(-1, 1, 0)", r"(2, 1)", r"-2 & -1 \\ 2 & 1 \\ 0 & 0")
    x, w = names["x"], names["W"][0]
    assert w.tolist() == [1, -1] and w @ x == 1
    says("linear-model-formula", "x = (2, 1)", "w = (1, -1)", r"1 \cdot 2 - 1 \cdot 1 + 0 = 1")
    W, t = names["W"], names["t"]
    stepped = W - 1.0 * names["gradient"]
    assert np.array_equal(stepped @ x - t, -4 * (W @ x - t))
    says("descent", r"= -4 (\mathbf{y} - \mathbf{t})")
    scores = W @ x
    says("softmax-widget", repr(scores.tolist()))


def test_the_loop_of_the_lecture_is_that_of_nnlib():
    X, T, _, _ = datasets.split(*datasets.diabetes())
    X = with_constant(datasets.standardise(X))
    names = {"np": np}
    exec(CELLS["descent-code"], names)
    W, errors = names["descend"](X, T, alpha=1e-3, epochs=50)
    descent = regression.gradient_descent(linear, X, T, alpha=1e-3, epochs=50)
    assert np.allclose(W, descent.W, rtol=1e-12) and np.allclose(errors, descent.errors[:50], rtol=1e-12)


def test_the_batch_begins_with_the_sample_of_the_lecture():
    names = {"np": np, "print": lambda *words: None}
    for cell in ("several-outputs-code", "sum-of-squares-code", "batches-code"):
        exec(CELLS[cell], names)
    X, T, W = (names[name] for name in "XTW")
    assert np.array_equal(X[0], names["x"]) and np.array_equal(T[0], names["t"])
    assert np.allclose(names["batch"], names["one_by_one"]) and np.allclose(
        names["batch"], linear.gradient(W, X, T)
    )
    says("batches", "the first of these four")


def test_diabetes():
    X, T, X_test, T_test = datasets.split(*datasets.diabetes())
    X, X_test = map(with_constant, datasets.standardise(X, X_test))
    descent = regression.gradient_descent(linear, X, T, alpha=1e-3, epochs=1000)
    off = np.sqrt(np.mean((linear.output(descent.W, X_test) - T_test) ** 2))
    blind = np.sqrt(np.mean((160 - T_test) ** 2))
    assert T_test.mean() == pytest.approx(160, abs=2)
    says(
        "diabetes-predict",
        "about 160",
        f"deviation of {T_test.std():.0f}",
        f"says {off:.0f}",
        f"off by {blind:.0f}",
    )
    says("diabetes", str(len(X) + len(X_test)))


def test_two_classes():
    y = 1 / (1 + np.exp(-np.log(3)))
    assert y == pytest.approx(3 / 4, rel=1e-15)
    says("two-classes", f"{np.log(3):.1f}", "y = 3/4")
    says("two-classes-gradient", "3/4 - 1 = -1/4")


def test_softmax_is_flat_where_a_probability_is_almost_one():
    a, h = np.array([1.0, -0.5, 2.0]), 1e-6
    y = softmax(a)
    for k, up in enumerate(h * np.eye(3)):
        measured = (softmax(a + up)[k] - softmax(a - up)[k]) / (2 * h)
        assert measured == pytest.approx(y[k] * (1 - y[k]), rel=1e-8)
    says("same-gradient", "y_k (1 - y_k)", "except by rounding")
    assert softmax(np.array([1000.0, 0.0])).tolist() == [1, 0]
    says("softmax-predict", "softmax(np.array([1000.0, 0.0]))")


def _share(X, T, test):
    W = regression.gradient_descent(logistic, X[~test], T[~test], alpha=1e-3, epochs=300).W
    return np.mean((X[test] @ W.T).argmax(axis=1) == T[test].argmax(axis=1))


def test_digits_of_writers_that_were_not_seen_are_harder():
    X, T = datasets.digits()
    number, X = np.arange(len(X)), with_constant(X)
    fifth = _share(X, T, number % 5 == 0)
    last = _share(X, T, number >= len(X) - 360)
    says("digits", f"{100 * last:.0f} % instead of the {100 * fifth:.0f} % below")
    assert (T.shape[1], X.shape[1] - 1) == (10, 64)
    says("several-outputs-predict", "64 inputs and 10 outputs", "650 numbers")
