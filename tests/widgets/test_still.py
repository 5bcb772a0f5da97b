"""What every live figure offers where nothing moves: a picture, a text, one HTML file."""

import json
import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

from nnlib import Network, widgets
from nnlib.applications import translation
from nnlib.applications.fitting import arrays
from nnlib.widgets import live_figure

EVERY = {
    "arm": widgets.arm,
    "board_game": widgets.board_game,
    "breed_pictures": widgets.breed_pictures,
    "activation_curves": widgets.activation_curves,
    "dead_neuron": widgets.dead_neuron,
    "decision_surfaces": widgets.decision_surfaces,
    "deep_signals": widgets.deep_signals,
    "derive_hidden_delta": widgets.derive_hidden_delta,
    "differentiate": lambda: widgets.differentiate("x1 * sin(x2)", x1=2.0, x2=1.0),
    "drag_shapes": widgets.drag_shapes,
    "dual_tangent": widgets.dual_tangent,
    "fit_a_line": widgets.fit_a_line,
    "mix_styles": widgets.mix_styles,
    "mode_costs": widgets.mode_costs,
    "network_builder": widgets.network_builder,
    "neuron": widgets.neuron,
    "node_roles": widgets.node_roles,
    "paint_street": widgets.paint_street,
    "picture_pairs": widgets.picture_pairs,
    "play_catch": widgets.play_catch,
    "race": widgets.race,
    "recurrent_pair": widgets.recurrent_pair,
    "softmax_scores": widgets.softmax_scores,
    "step_size": widgets.step_size,
    "step_through": lambda: widgets.step_through(Network([2, 2, 2], rng=0), [0.5, 1], [1, 0]),
    "train_live": widgets.train_live,
    "translate": lambda: widgets.translate(arrays(translation.weights(np.random.default_rng(0)))),
    "weights_live": widgets.weights_live,
    "xor_surface": widgets.xor_surface,
}
every_widget = pytest.mark.parametrize("make", EVERY.values(), ids=EVERY)


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
