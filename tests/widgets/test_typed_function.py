"""What the reader types is read as mathematics, by Python and by the page alike."""

import json
import shutil
import subprocess

import numpy as np
import pytest

from nnlib.differentiation import gradient
from nnlib.widgets.modules import FOLDER
from nnlib.widgets.typed_function import TypedFunction
from nnlib.widgets.typed_reader import NotAFunction

POINT = {"x": 2.0, "x1": 2.0, "x2": 5.0, "x3": 0.5}
READABLE = (
    "ln(x1) + x1*x2 - sin(x2)", "2x^2+3 x", "-x^2", "3 4 x", "e^2*x", "sigmoid(x1*x2-3)/(1+tanh(x3))",
    "relu(x)-x^-2", "exp(cos(x))*(x-1)^3.5", "x^0", "1e3*x", "2(x+1)(x-1)", "pi x3", "sqrt(x**2 + 1)",
)  # fmt: skip
WRONG = {
    "": ("Type a function of x", 0),
    "2": ("There is no x in it", 0),
    "x": ("only an input", 0),
    "x +": ("At character 4: a number, an x or a bracket is expected", 3),
    "foo(x)": ("At character 1: there is no foo; there are x, x1", 0),
    "sin x": ("At character 5: sin needs a bracket: sin(x)", 4),
    "(x": ("a closing bracket is missing", 2),
    "x^y": ("the exponent must be a number", 2),
    "x$": ("'$' has no meaning here", 1),
    "sin(x))": ("but ')' follows", 6),
    "__import__('os')": ("'_' has no meaning here", 0),
    "constructor": ("there is no constructor", 0),
    "+".join(["x*x"] * 20): ("at most 20 can be shown", 0),
}


@pytest.mark.parametrize(("text", "message", "place"), [(t, *wrong) for t, wrong in WRONG.items()])
def test_a_bad_text_raises_with_the_place(text, message, place):
    with pytest.raises(NotAFunction) as failure:
        TypedFunction(text)
    assert message in str(failure.value) and failure.value.place == place


def test_a_value_that_is_not_defined_names_the_node():
    with pytest.raises(ValueError, match="v1 = ln of -3 is not defined"):
        TypedFunction("ln(x)*2").values({"x": -3.0})


def test_baydins_tables_2_and_3():
    f = TypedFunction("ln(x1) + x1*x2 - sin(x2)")
    assert [node.name for node in f.nodes] == ["x1", "x2", "v1", "v2", "v3", "v4", "y"]
    values = f.values(POINT)
    np.testing.assert_allclose(values[2:], [0.6931, 10, 10.6931, -0.9589, 11.6521], atol=5e-5)
    np.testing.assert_allclose(f.dots(values, {"x1": 1.0}), [1, 0, 0.5, 5, 5.5, 0, 5.5])
    np.testing.assert_allclose(f.adjoints(values)[:2], [5.5, 1.7163], atol=5e-5)


def test_both_modes_agree_with_nnlib():
    f = TypedFunction("sin(x1*x2)/(1+x2^2) - sigmoid(x1)*exp(x3)")

    def same(x):
        sigmoid = 1 / (1 + np.exp(-x[0]))
        return np.sin(x[0] * x[1]) / (1 + x[1] ** 2) - sigmoid * np.exp(x[2])

    expected = gradient(same, np.array([2.0, 5.0, 0.5]))
    values = f.values(POINT)
    adjoints = dict(zip((node.name for node in f.nodes), f.adjoints(values), strict=True))
    np.testing.assert_allclose([adjoints[x] for x in ("x1", "x2", "x3")], expected, rtol=1e-12)
    forward = [f.dots(values, {x: 1.0})[-1] for x in ("x1", "x2", "x3")]
    np.testing.assert_allclose(forward, expected, rtol=1e-12)


PAGE = """
import { valuesOf, slopesOf, dotsOf, adjointsOf } from "./typed_function.js";
import { read } from "./typed_reader.js";
const [texts, point] = JSON.parse(process.argv[2]);
console.log(JSON.stringify(texts.map((text) => {
  try {
    const nodes = read(text), v = valuesOf(nodes, point), slopes = slopesOf(nodes, v);
    const names = nodes.map((node) => [node.name, node.operation]);
    return { names, v, dots: dotsOf(nodes, slopes, { x: 1, x1: 1 }), adjoints: adjointsOf(nodes, slopes) };
  } catch (error) {
    return { error: error.message, place: error.place };
  }
})));
"""


@pytest.mark.skipif(shutil.which("node") is None, reason="node is missing: install nodejs")
def test_python_and_the_page_read_alike(tmp_path):
    for name in ("rules", "reader", "function"):
        shutil.copy(FOLDER / f"typed_{name}.js", tmp_path)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    (tmp_path / "page.mjs").write_text(PAGE)
    texts = [*READABLE, *WRONG]
    command = ["node", tmp_path / "page.mjs", json.dumps([texts, POINT])]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    for text, there in zip(texts, json.loads(done.stdout), strict=True):
        if text in WRONG:
            with pytest.raises(NotAFunction) as failure:
                TypedFunction(text)
            assert there == {"error": str(failure.value), "place": failure.value.place}
            continue
        here = TypedFunction(text)
        values = here.values(POINT)
        assert there["names"] == [[node.name, node.operation] for node in here.nodes]
        np.testing.assert_allclose(there["v"], values, rtol=1e-12)
        np.testing.assert_allclose(there["dots"], here.dots(values, {"x": 1.0, "x1": 1.0}), rtol=1e-12)
        np.testing.assert_allclose(there["adjoints"], here.adjoints(values), rtol=1e-12)
