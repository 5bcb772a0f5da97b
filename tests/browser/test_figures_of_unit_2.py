"""The figures of unit 2 in the browser: by keyboard alone, and with the numbers of nnlib."""

import base64
import re
from pathlib import Path

import numpy as np
import pytest

from nnlib import recurrent, widgets
from nnlib.graph import NeuronGraph
from nnlib.widgets.weights_live import course, outputs
from tests.browser.conftest import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.slow]
KIT = Path(ROOT) / "nnlib" / "widgets" / "kit"


def module(page, name, expression, argument=None):
    """What an expression gives with the exports of a module of the kit that imports nothing, as `m`."""
    code = base64.b64encode((KIT / name).read_bytes()).decode()
    script = f"async (x) => {{ const m = await import('data:text/javascript;base64,{code}'); return {expression}; }}"
    return page.evaluate(script, argument)


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def status(page):
    return page.locator(".nnlib-status").first.inner_text()


def reached(page):
    return page.locator(".nnlib-reached").count()


def test_order_cycle_and_values_in_the_page_are_those_of_nnlib(opened):
    page = opened(widgets.network_builder())
    rng, kinds = np.random.default_rng(1), set()
    for _ in range(40):
        n = int(rng.integers(2, 7))
        pairs = [(f"n{i}", f"n{j}") for i in range(n) for j in range(n) if rng.random() < 0.22]
        if not pairs:
            continue
        weights = {pair: float(rng.normal()) for pair in pairs}
        graph = NeuronGraph(weights, activation="tanh")
        wires = [{"i": i, "j": j, "w": w} for (i, j), w in weights.items()]
        inputs = {node: float(rng.normal()) for node in graph.input_nodes}
        found = module(
            page,
            "directed.js",
            "({ order: m.order(...x), cycle: m.cycle(...x), count: m.parameters(...x) })",
            [graph.neurons, wires],
        )
        kinds.add(graph.kind)
        assert (found["cycle"] is None) == (graph.kind == "feedforward")
        assert found["count"] == len(pairs) + len(graph.activations)
        if found["cycle"]:
            path = found["cycle"]
            assert path[0] == path[-1] and set(zip(path, path[1:], strict=False)) <= set(pairs)
            assert found["order"] is None
            continue
        assert all(found["order"].index(i) < found["order"].index(j) for i, j in pairs)
        y = module(page, "directed.js", "m.forward(...x)", [graph.neurons, wires, inputs])
        for node, value in graph.forward(inputs).items():
            assert y[node] == pytest.approx(value, abs=1e-12)
    assert len(kinds) == 2


def test_two_neurons_in_the_page_behave_as_in_nnlib(opened):
    page = opened(widgets.recurrent_pair())
    rng = np.random.default_rng(0)
    W = np.stack(
        [rng.uniform(-26, 10, 40), rng.uniform(-2, 12, 40), np.full(40, -6.0), np.zeros(40)], axis=-1
    )
    W, b, start = W.reshape(40, 2, 2), [-2.0, 3.0], [0.4, 0.1]
    found = module(page, "dynamics.js", "x[0].map((W) => m.behaviour(W, x[1], x[2]))", [W.tolist(), b, start])
    kinds, periods, _ = recurrent.behaviour(W, b, "sigmoid", start)
    agree = [
        one["kind"] == kind and one["period"] == p for one, kind, p in zip(found, kinds, periods, strict=True)
    ]
    assert sum(agree) >= 39  # chaos does not forgive a last digit
    assert len(set(kinds.tolist())) >= 3
    states = module(page, "dynamics.js", "m.run(...x)", [W[0].tolist(), b, start, 10])
    assert np.allclose(states, recurrent.run(start, 10, W[0], b, "sigmoid"), atol=1e-9)


def test_a_neuron_learns_and_by_keyboard(opened):
    page = opened(widgets.neuron())
    for label, key, times in (("w2", "ArrowRight", 50), ("w1", "ArrowRight", 20), ("b", "ArrowLeft", 50)):
        page.get_by_label(label, exact=True).focus()
        press(page, *[key] * times)
    assert "AND: all four right" in status(page) and reached(page) == 1
    figure = widgets.neuron((3, 3), -4.5)
    assert f"E = {figure.error():.4f}" in status(page)
    page.get_by_role("combobox").select_option("XOR")
    assert "3 of 4 wrong" in status(page)
    page.get_by_label("the line: moves it").focus()
    press(page, *["ArrowUp"] * 30)
    assert "1 of 4 wrong" in status(page) and reached(page) == 2
    page.get_by_role("button", name="Reset").press("Enter")
    assert reached(page) == 0 and "AND: 3 of 4 wrong" in status(page)


def test_the_roles_of_all_networks_are_named_by_keyboard(opened):
    figure = widgets.node_roles()
    page = opened(figure)
    for drawing in figure.drawings:
        for number, role in enumerate(drawing["roles"].values()):
            page.locator(".nnlib-graph .nnlib-node").nth(number).focus()
            press(page, role[0])
        assert "all right" in page.locator(".nnlib-bar").inner_text()
        press(page, "ArrowRight")
    assert reached(page) == 3
    press(page, "Home")


def test_a_wrong_role_gets_a_reason(opened):
    page = opened(widgets.node_roles())
    page.locator(".nnlib-graph .nnlib-node").first.focus()
    press(page, "h")
    assert status(page) == "A short arrow leads to p from outside."
    press(page, "i")
    assert "p is input" in status(page)


def test_a_network_is_built_by_keyboard(opened):
    page = opened(widgets.network_builder())
    node = lambda name: page.locator(f".nnlib-node[data-key={name}]")  # noqa: E731
    assert "Feedforward" in status(page) and "6 parameters" in status(page)
    node("y").focus()
    press(page, "c")
    node("h").focus()
    press(page, "c")
    assert "Recurrent" in status(page) and "A cycle:" in status(page)
    assert page.locator(".nnlib-cycle").count() == 2 and reached(page) == 1
    page.get_by_role("button", name="Step").press("Enter")
    assert "Moment 1" in status(page)
    page.locator("[data-key='y>h'].nnlib-arrow").focus()
    press(page, "Delete")
    assert "Feedforward" in status(page)
    press(page, "n")
    assert page.locator(".nnlib-node").count() == 5
    page.get_by_role("button", name="Reset").press("Enter")
    assert page.locator(".nnlib-node").count() == 4 and reached(page) == 0


def test_a_network_is_built_by_mouse(opened):
    page = opened(widgets.network_builder())
    port = page.locator("[data-port=y]").bounding_box()
    target = page.locator(".nnlib-node[data-key=h] circle").first.bounding_box()
    page.mouse.move(port["x"] + 5, port["y"] + 5)
    page.mouse.down()
    page.mouse.move(target["x"] + 24, target["y"] + 24, steps=4)
    page.mouse.up()
    assert "Recurrent" in status(page)


def test_chaos_and_order_are_chosen_on_the_map(opened):
    page = opened(widgets.recurrent_pair())
    assert "settles" in status(page)
    page.get_by_label("the weights w 11 and w 12").focus()
    press(page, *["Shift+ArrowLeft"] * 9)
    assert "w11 = −18.50" in status(page) and "It oscillates with period 4." in status(page)
    page.get_by_role("button", name="chaotic").press("Enter")
    page.get_by_role("checkbox").check()
    assert "chaotic" in status(page) and "second start is away" in status(page)
    page.get_by_role("button", name="period 2").press("Enter")
    assert "period 2" in status(page) and "stays with the first" in status(page)
    page.get_by_role("button", name="settles").press("Enter")
    assert reached(page) == 3


def test_the_answers_to_a_drawing_are_those_of_the_network(opened):
    figure = widgets.weights_live()
    page = opened(figure)
    page.get_by_role("button", name="Clear").press("Enter")
    page.get_by_label("drawing: arrow keys").focus()
    press(page, "Space", "ArrowDown", "Space", "ArrowDown", "Space", "ArrowLeft", "Space")
    x = np.zeros(64)
    x[[3 * 8 + 3, 4 * 8 + 3, 5 * 8 + 3, 5 * 8 + 2]] = 1
    for number in (0, len(course()[0]) - 1):
        _, y = outputs(course()[0][number], x)
        if number:
            for _ in range(number):
                page.get_by_role("button", name="Next").press("Enter")
        read, share = re.search(r"read as (\d), with (\d+) %", status(page)).groups()
        assert int(read) == y.argmax() and abs(int(share) - 100 * y.max()) <= 0.51


def test_a_misread_image_says_what_it_was_meant_to_be(opened):
    figure = widgets.weights_live()
    page = opened(figure)
    page.get_by_role("button", name="A misread one").press("Enter")
    assert f"It was meant as {figure.misread[0]['digit']}: a mistake." in status(page)
    page.get_by_label("hidden neuron 1", exact=True).press("Enter")
    assert "likes best" in status(page) and reached(page) == 1
