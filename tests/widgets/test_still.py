"""What every live figure offers where nothing moves: a picture, a text, one HTML file."""

import json
import re
import xml.etree.ElementTree as ElementTree

import pytest

from nnlib.widgets import live_figure
from nnlib.widgets.picture import BLUE, GROUND, ORANGE
from tests.widgets.calls import CALLS

pytestmark = pytest.mark.slow

every_widget = pytest.mark.parametrize("make", CALLS.values(), ids=CALLS)


@every_widget
def test_the_still_picture_is_well_formed_and_described(make):
    figure = make()
    root = ElementTree.fromstring(figure.svg())
    assert root.get("role") == "img" and len(root.get("aria-label")) > 20
    # Saved pages can be dark: neither ink nor ground may be fixed.
    colours = {node.get(name) for node in root.iter() for name in ("fill", "stroke")}
    assert not colours & {"white", "black", "#fff", "#ffffff", "#000", "#1a1a1a", "#333"}


@every_widget
def test_an_executed_copy_holds_picture_and_numbers(make):
    figure = make()
    data, _ = figure._repr_mimebundle_()
    assert figure.svg() in data["text/html"]
    assert data["text/plain"] == figure.text()
    assert "application/vnd.jupyter.widget-view+json" in data


@every_widget
def test_what_lives_and_what_stands_still_are_two_outputs(make, monkeypatch):
    shown = []
    monkeypatch.setattr(live_figure, "display", lambda data, **_: shown.append(data))
    figure = make()
    figure._ipython_display_()
    assert [sorted(data) for data in shown] == [
        ["application/vnd.jupyter.widget-view+json"], ["text/html", "text/plain"],
    ]  # fmt: skip
    assert figure.svg() in shown[1]["text/html"] and "nnlib-still" in shown[1]["text/html"]


@every_widget
def test_the_saved_page_needs_nothing_else(make, tmp_path):
    make().save_html(tmp_path / "figure.html")
    page = (tmp_path / "figure.html").read_text()
    addresses = set(re.findall(r"https?://[^\s\"'`<)\\\\]+", page))
    assert addresses <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1998/Math/MathML"}
    assert isinstance(json.loads(re.search(r"const state = (\{.*\});", page)[1]), dict)


@pytest.mark.parametrize("name", ["decision_surfaces", "neuron", "train_live"])
def test_class_0_is_a_blue_circle_and_class_1_an_orange_square(name):
    figure = CALLS[name]()
    nodes = list(ElementTree.fromstring(figure.svg()).iter())
    circles = [node.get("fill") for node in nodes if node.tag.endswith("circle")]
    assert circles and {fill for fill in circles if fill != "none"} == {BLUE}
    squares = [node for node in nodes if node.tag.endswith("rect") and node.get("stroke") == GROUND]
    assert squares and {node.get("fill") for node in squares} == {ORANGE}
