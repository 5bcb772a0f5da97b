"""Still pictures: each is described, well formed, and shows the numbers that it was given."""

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import pytest

from nnlib import figures
from nnlib.figures.svg import GROUND
from nnlib.grading.gradebook.cleaning import clean_html

DRAWINGS = {
    "linear_model": figures.linear_model,
    "supervised_learning": figures.supervised_learning,
    "neuron": figures.neuron,
    "connection": figures.connection,
    "one_neuron": lambda: figures.one_neuron(3, 2, -1, 3),
    "two_paths": lambda: figures.two_paths(2),
    "comes_back": lambda: figures.comes_back("h_1", [1, -3, 2], [0.5, -0.25, 1]),
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
    assert committed.read_text() == figures.network_drawing([2, 2, 2], deltas=True).file()


def plot():
    """A matplotlib figure with all that figures of the course have: lines, markers, words, an image."""
    plt = pytest.importorskip("matplotlib.pyplot")
    figures.use_style()
    figure, (left, right) = plt.subplots(1, 2)
    left.semilogy([1, 2, 3], [1, 10, 100], "o-", label="x < y")
    left.plot([1, 3], [5, 5], "s--", color="black")
    left.set(title="$x_1$", xlim=(1, 2))
    left.legend(title="α")
    right.imshow([[0.0, 1.0]])
    return figure


PICTURES = DRAWINGS | {
    "plot": lambda: figures.describe(plot(), "A line that rises, and two pixels of another colour."),
    "weight_images": lambda: figures.weight_images(np.eye(4), (2, 2)),
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_has_no_ground_and_ink_of_the_page(name):
    root = ElementTree.fromstring(PICTURES[name]().markup)
    assert root.get("fill") == "currentColor"
    colours = {node.get(key) for node in root.iter() for key in ("fill", "stroke")} - {None, "none"}
    fixed = {"#888", figures.BLUE.lower(), figures.ORANGE.lower(), figures.GREEN.lower()}
    assert {c.lower() for c in colours} <= fixed | {"currentcolor", GROUND.lower()}
    width, height = (float(root.get(side)) for side in ("width", "height"))
    for node in root.iter("{*}rect"):
        assert (
            float(node.get("width")) < width
            or float(node.get("height")) < height
            or node.get("fill") == "none"
        )


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_survives_a_page_without_styles(name):
    """Feedback, as other sites, takes away styles and definitions: no line becomes a black area by that."""
    markup = PICTURES[name]().markup
    root = ElementTree.fromstring(markup)
    assert not root.findall(".//{*}use") and not root.findall(".//{*}style")
    for node in root.iter():
        assert set((node.get("style") or "max-width").split(":")[0].split()) <= {"max-width", "fill"}
        for named in (node.get("href") or "").split():
            assert named.startswith("data:image/png")
    cleaned = ElementTree.fromstring(clean_html(markup))
    shapes = ("line", "path", "circle", "polygon", "text")
    assert [len(cleaned.findall(f".//{{*}}{s}")) for s in shapes] == [
        len(root.findall(f".//{{*}}{s}")) for s in shapes
    ]
    for rect in cleaned.iter("{*}rect"):
        assert rect.get("fill") in ("none", GROUND)


def test_a_plot_keeps_its_words_points_and_limits():
    markup = figures.describe(plot(), "A line that rises.").markup
    root = ElementTree.fromstring(markup)
    words = ["".join(node.itertext()) for node in root.findall(".//{*}text")]
    assert {"x < y", "α"} <= set(words)
    assert len(root.findall(".//{*}circle")) == 3 + 1  # in the line and in its legend
    clipped = root.find(".//{*}clipPath").get("id")
    assert f"url(#{clipped})" in markup and clipped not in figures.describe(plot(), "Another.").markup


def test_numbers_of_one_neuron_are_those_of_the_chain_rule():
    description = figures.one_neuron(3, 2, -1, 3).description
    for words in ("w = 3 with derivative 4", "x = 2 with derivative 6", "a = 5 with derivative 2", "E = 2"):
        assert words in description
    assert "w = 3 with derivative 0" in figures.one_neuron(3, 2, -7, 3).description


def test_two_paths_multiply_along_and_add_across():
    assert "4 · 3 + 6 · 4 = 36" in figures.two_paths(2).description


def test_what_comes_back_needs_a_delta_for_each_weight():
    with pytest.raises(ValueError, match="One delta for each weight"):
        figures.comes_back("h_1", [1, 2], [3])


def test_a_figure_without_a_description_is_refused():
    plt = pytest.importorskip("matplotlib.pyplot")
    figure = plt.figure()
    with pytest.raises(ValueError, match="needs a description"):
        figures.describe(figure, " ")
    plt.close(figure)


def test_the_description_is_the_alt_text():
    plt = pytest.importorskip("matplotlib.pyplot")
    markup = figures.describe(plt.figure(), 'E falls "quickly" & then slowly.').markup
    assert 'aria-label="E falls &quot;quickly&quot; &amp; then slowly."' in markup


@pytest.mark.parametrize(
    ("W", "shape", "words"),
    [(np.ones((2, 6)), (2, 2), "6 columns"), (np.ones((101, 4)), (2, 2), "at most 100 neurons")],
)
def test_weights_that_are_not_images_raise(W, shape, words):
    with pytest.raises(ValueError, match=words):
        figures.weight_images(W, shape)


@pytest.mark.parametrize("sizes", [[3], [2, 9]])
def test_a_drawing_has_a_size_that_fits(sizes):
    with pytest.raises(ValueError, match="two layers at least, of up to 8 neurons"):
        figures.network_drawing(sizes)
