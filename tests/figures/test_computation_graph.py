"""The picture of a tape: every node with its value and its adjoint, in picture and text."""

import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

from nnlib.differentiation import Variable
from nnlib.figures import computation_graph
from nnlib.figures.computation_graph import HEIGHT, WIDTH
from nnlib.figures.crossover import measure_crossover


def baydin():
    x1, x2 = Variable(2.0, name="x1"), Variable(5.0, name="x2")
    return np.log(x1) + x1 * x2 - np.sin(x2)


def test_values_and_adjoints_are_in_picture_and_text():
    y = baydin()
    assert "adjoint not known" in computation_graph(y).description
    y.backward()
    picture = computation_graph(y)
    words = ["".join(n.itertext()) for n in ElementTree.fromstring(picture.markup).findall(".//{*}text")]
    for number in ("0.6931", "10", "−0.9589", "11.65", "adjoint 5.5", "adjoint 1.716", "adjoint −1"):
        assert number in words and number in picture.description
    assert "v3 = log(x1): value 0.6931, adjoint 1" in picture.description


def test_arrays_show_numbers_that_fit_and_constants_a_dot():
    x = Variable(np.array([1.5, -2.0]), name="x")
    y = np.sum(np.ones((3, 2)) @ x * 2.0)
    y.backward()
    picture = computation_graph(y)
    words = ["".join(n.itertext()) for n in ElementTree.fromstring(picture.markup).findall(".//{*}text")]
    assert (
        "x: value [1.5 −2], adjoint [6 6]; v2 = matmul(x, …): value [−0.5 −0.5 −0.5]" in picture.description
    )
    assert {"[1.5 −2]", "adjoint [6 6]", "[−0.5 −0.5 −0.5]", "v3 = multiply(v2, …)"} <= {*words}
    assert "array 40" in computation_graph(np.sum(Variable(np.ones(40)))).description


def test_an_arrow_over_a_column_goes_straight_on_before_it_turns():
    lines = ElementTree.fromstring(computation_graph(baydin()).markup).findall(".//{*}line")
    ends = [[float(line.get(name)) for name in ("x1", "y1", "x2", "y2")] for line in lines]
    assert any(x2 - x1 > 150 for x1, _, x2, _ in ends)
    assert all(y1 == y2 or x2 - x1 < 50 for x1, y1, x2, y2 in ends)


def test_a_long_computation_stands_in_bands_and_can_be_read():
    w = Variable(np.array([[1.5, -1.0], [-1.0, 1.0]]), name="w")
    a = w @ np.array([1.0, 2.0]) + Variable(np.array([0.5, 0.0]), name="b")
    y = np.sum(1 / (1 + np.exp(-a)))
    y.backward()
    picture = ElementTree.fromstring(computation_graph(y).markup)
    assert float(picture.get("width")) < 900, "wider ones are made small by the page"
    places = [tuple(float(box.get(side)) for side in "xy") for box in picture.findall(".//{*}rect")]
    assert len(places) == 9 and len({y for _, y in places}) > 2
    for n, (x, y) in enumerate(places):
        assert all(abs(x - p) > WIDTH or abs(y - q) > HEIGHT for p, q in places[:n])
    words = ["".join(n.itertext()) for n in picture.findall(".//{*}text")]
    assert "adjoint [0.25 0.1966]" in words and "[0 −1]" in words, "no minus zero"


def test_a_graph_that_cannot_be_read_is_refused():
    y = x = Variable(1.0)
    for _ in range(50):
        y = y * x
    with pytest.raises(ValueError, match="51 nodes: at most 40"):
        computation_graph(y)


def test_the_crossover_is_measured_for_both_modes():
    seconds = measure_crossover(sizes=(1, 1024), rounds=25)
    assert seconds["forward"].shape == seconds["reverse"].shape == (2,)
    assert seconds["forward"][1] / seconds["reverse"][1] > seconds["forward"][0] / seconds["reverse"][0]
