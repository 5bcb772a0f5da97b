"""Still pictures: each is described, well formed, and shows the numbers that it was given."""

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import pytest

from nnlib import figures

DRAWINGS = {
    "linear_model": figures.linear_model,
    "supervised_learning": figures.supervised_learning,
    "connection": figures.connection,
    "network_drawing": lambda: figures.network_drawing([3, 4, 2], deltas=True),
}


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_is_well_formed_and_described(name):
    picture = DRAWINGS[name]()
    root = ElementTree.fromstring(picture.markup)
    assert root.get("role") == "img" and root.get("aria-label") == picture.description
    assert root.find("{*}title").text == picture.description
    assert len(picture.description) > 40
    bundle = picture._repr_mimebundle_()
    assert bundle == {"text/html": picture.markup, "text/plain": picture.description}


@pytest.mark.parametrize("name", DRAWINGS)
def test_nothing_of_a_drawing_lies_outside_of_it(name):
    root = ElementTree.fromstring(DRAWINGS[name]().markup)
    width, height = (float(root.get(side)) for side in ("width", "height"))
    for node in root.iter():
        radius = float(node.get("r", 0))
        for x in (node.get(key) for key in ("x", "x1", "x2", "cx")):
            assert x is None or radius <= float(x) <= width - radius
        for y in (node.get(key) for key in ("y", "y1", "y2", "cy")):
            assert y is None or radius <= float(y) <= height - radius


def test_a_network_drawing_shows_every_neuron_and_every_weight():
    W = [np.array([[1.5, -1.0], [-1.0, 1.0]]), np.array([[1.0, 2.0], [3.0, -1.0]])]
    root = ElementTree.fromstring(figures.network_drawing([2, 2, 2], W).markup)
    words = ["".join(node.itertext()) for node in root.findall(".//{*}text")]
    assert [w for w in words if w in ("x1", "x2", "h1", "h2", "y1", "y2")] == words[-9:-3]
    numbers = [w for w in words if re.fullmatch(r"−?[\d.]+", w)]
    assert sorted(numbers) == sorted(["1.5", "−1", "−1", "1", "1", "2", "3", "−1"])
    dashed = [node for node in root.findall(".//{*}line") if node.get("stroke-dasharray")]
    assert len(dashed) == 3  # the negative ones


def test_the_readme_s_picture_is_what_the_library_draws():
    committed = Path(figures.__file__).parent / "network.svg"
    assert committed.read_text() == figures.network_drawing([2, 2, 2], deltas=True).markup + "\n"


def test_a_figure_without_a_description_is_refused():
    plt = pytest.importorskip("matplotlib.pyplot")
    figure = plt.figure()
    with pytest.raises(ValueError, match="needs a description"):
        figures.describe(figure, " ")
    plt.close(figure)


def test_the_description_is_the_alt_text():
    plt = pytest.importorskip("matplotlib.pyplot")
    markup = figures.describe(plt.figure(), 'E falls "quickly" & then slowly.').markup
    assert 'alt="E falls &quot;quickly&quot; &amp; then slowly."' in markup


@pytest.mark.parametrize(
    ("W", "shape", "words"),
    [(np.ones((2, 6)), (2, 2), "6 columns"), (np.ones((101, 4)), (2, 2), "at most 100 neurons")],
)
def test_weights_that_are_no_images_are_told(W, shape, words):
    with pytest.raises(ValueError, match=words):
        figures.weight_images(W, shape)


@pytest.mark.parametrize("sizes", [[3], [2, 9]])
def test_a_drawing_has_a_size_that_fits(sizes):
    with pytest.raises(ValueError, match="two layers at least, of up to 8 neurons"):
        figures.network_drawing(sizes)
