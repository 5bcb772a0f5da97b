"""The stepper in Chromium from its saved page: no kernel, no network, and nnlib's numbers."""

import numpy as np
import pytest

from nnlib import Network, backpropagate
from nnlib.widgets import step_through
from nnlib.widgets.backpropagation_values import fill, look_up, number
from tests.widgets.networks import CASES, case

pytestmark = pytest.mark.browser


@pytest.fixture
def opened(chromium, tmp_path):
    """Saves a live figure as a page of its own and opens that from the disk."""
    page = chromium.new_page(viewport={"width": 1000, "height": 900})
    page.context.set_offline(True)
    failures = []
    page.on("pageerror", lambda error: failures.append(str(error)))

    def open_figure(figure):
        figure.save_html(tmp_path / "figure.html")
        page.goto(f"file://{tmp_path}/figure.html")
        page.wait_for_selector(".nnlib-figure svg")
        return page

    yield open_figure
    page.close()
    assert failures == []


def small():
    W1, W2 = np.array([[0.5, -0.5], [0.25, 0.75]]), np.array([[1.0, -0.5], [0.5, 0.25]])
    network = Network.of([(W1, [0.1, -0.1]), (W2, [0.0, 0.2])], ["tanh", "identity"])
    return network, np.array([0.5, 1.0]), np.array([1.0, 0.0])


@pytest.mark.parametrize("name", CASES)
def test_arrow_keys_go_through_every_step_with_the_numbers_of_python(opened, name):
    network, X, T, error = case(name)
    figure = step_through(network, X, T, error)
    page = opened(figure)
    found = figure.values()
    page.locator("[data-steps]").focus()
    for step in figure.steps:
        result = number(look_up(found, step["place"]))
        numbers = f"{fill(step['numbers'], found)} = {result}".replace("_", "")
        assert page.locator(".nnlib-numbers").text_content() == numbers
        assert page.locator(".nnlib-card code").text_content() == step["code"]
        assert page.locator(".nnlib-heading").text_content() == step["heading"]
        lit = page.locator(".nnlib-part.nnlib-lit").count()
        assert lit == len(step["edges"]) + (1 if step["node"] else network.output_nodes)
        page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    assert "step" in page.locator(".nnlib-small-print").text_content()
    assert page.locator(".nnlib-heading").text_content() == figure.steps[-2]["heading"]


def test_an_edge_and_a_node_tell_their_numbers_by_pointer_and_by_keyboard(opened):
    network, x, t = small()
    page = opened(step_through(network, x, t))
    trace = backpropagate(network, x, t, trace=True)[2][0]
    d, gradient = number(trace.delta[0, 0]), number(trace.dE_dW[0, 0])
    detail = page.locator(".nnlib-status").first
    page.locator(".nnlib-part").first.hover()
    assert f"∂E/∂w = δ · x = {d} · 0.5000 = {gradient}" in detail.text_content()
    page.locator(".nnlib-part[tabindex='0']").focus()
    for _ in range(2):
        page.keyboard.press("ArrowDown")
    told = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert told == detail.text_content() and told.startswith("hidden neuron 1")
    for value in (trace.a[0, 0], trace.y[0, 0], 1 - trace.y[0, 0] ** 2, trace.delta[0, 0]):
        assert number(value) in told


def test_predict_first_hides_the_number_until_it_is_typed(opened):
    network, x, t = small()
    page = opened(step_through(network, x, t))
    value, status = page.locator(".nnlib-numbers b"), page.locator(".nnlib-status").last
    page.get_by_label("predict first").check()
    assert value.text_content() == "?"
    page.keyboard.press("Tab")
    for typed, answer in (("0.15", "look at the sign"), ("7", "is not it yet"), ("-0.15", "Right")):
        page.keyboard.press("Control+A")
        page.keyboard.type(typed)
        page.keyboard.press("Enter")
        assert answer in status.text_content()
    assert value.text_content() == "−0.1500"
    page.keyboard.press("Enter")
    assert value.text_content() == "?" and "Output" in page.locator(".nnlib-heading").text_content()
    page.locator("[data-steps]").focus()
    page.keyboard.press("ArrowRight")
    assert "Type the number" in status.text_content() and value.text_content() == "?"
    page.get_by_role("button", name="Reveal").click()
    assert value.text_content() == "−0.1489"


def test_everything_follows_an_edit_and_an_update(opened):
    network, x, t = small()
    page = opened(step_through(network, x, t))
    page.get_by_label("change").select_option("weight hidden neuron 1 → output neuron 2")
    page.get_by_label("its number").fill("-0.75")
    network.layers[1].W[1, 0] = -0.75
    E, gradients, trace = backpropagate(network, x, t, trace=True)
    status = page.locator(".nnlib-status").last
    assert status.text_content() == f"E = {number(E)}"
    page.locator("[data-steps]").focus()
    page.keyboard.press("End")
    assert number(trace[0].dE_db[1]) == page.locator(".nnlib-numbers b").text_content()
    page.get_by_text("Update weights").click()
    for layer, (dE_dW, dE_db) in zip(network.layers, gradients, strict=True):
        layer.W, layer.b = layer.W - 0.1 * dE_dW, layer.b - 0.1 * dE_db
    after = backpropagate(network, x, t)[0]
    assert status.text_content() == f"E falls: {number(E)} → {number(after)}"
    updated = backpropagate(network, x, t, trace=True)[2][0].dE_db[1]
    assert number(updated) == page.locator(".nnlib-numbers b").text_content()
    page.get_by_text("Reset").click()
    right = backpropagate(*small(), trace=True)[2][0].dE_db[1]
    assert number(right) == page.locator(".nnlib-numbers b").text_content()


def test_a_batch_shows_the_share_of_each_sample_and_learns_online(opened):
    network, X, T, error = case("2-3-2 sigmoid, batch")
    page = opened(step_through(network, X, T, error))
    page.locator("[data-steps]").focus()
    page.keyboard.press("End")
    shares = [backpropagate(network, x, t, error)[1][0][1][2] for x, t in zip(X, T, strict=True)]
    cells = page.locator(".nnlib-shares td:nth-child(4)").all_text_contents()
    assert cells == [number(share) for share in [*shares, sum(shares)]]
    page.get_by_label("predict first").check()
    assert page.locator(".nnlib-shares").is_hidden()  # its last row is the answer
    page.get_by_label("predict first").uncheck()
    before = backpropagate(network, X, T, error)[0]
    page.get_by_label("learning", exact=True).select_option("online")
    page.get_by_text("Update weights").click()
    for x, t in zip(X, T, strict=True):
        for layer, (dE_dW, dE_db) in zip(network.layers, backpropagate(network, x, t, error)[1], strict=True):
            layer.W, layer.b = layer.W - 0.1 * dE_dW, layer.b - 0.1 * dE_db
    after = backpropagate(network, X, T, error)[0]
    expected = f"E falls: {number(before)} → {number(after)}"
    assert page.locator(".nnlib-status").last.text_content() == expected


@pytest.mark.parametrize("width", [870, 390])
def test_nothing_jumps_from_step_to_step_or_part_to_part_and_nothing_sticks_out(opened, width):
    network, X, T, error = case("3-2-2-3 leaky relu, softmax")
    figure = step_through(network, np.tile(X, (4, 1)), np.tile(T, (4, 1)), error)
    page = opened(figure)
    page.set_viewport_size({"width": width, "height": 900})
    places = """() => [...document.querySelectorAll('button, input, select, .nnlib-card, .nnlib-status')]
        .map((node) => Math.round(node.getBoundingClientRect().y + scrollY))"""
    found = []
    page.locator("[data-steps]").focus()
    for _ in figure.steps:
        found.append(page.evaluate(places))
        page.keyboard.press("ArrowRight")
    page.locator(".nnlib-part[tabindex='0']").focus()
    for _ in page.locator(".nnlib-part").all():
        found.append(page.evaluate(places))
        page.keyboard.press("ArrowDown")
    assert all(one == found[0] for one in found)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_numbers_of_any_size_stay_inside_their_circle(opened):
    network, _, t = small()
    page = opened(step_through(network, [-12345.678, 1e-7], [-1e5, 123.456789]))
    page.locator("[data-steps]").focus()
    page.keyboard.press("End")
    widths = page.evaluate(
        """() => [...document.querySelectorAll('g:has(> circle) text:first-of-type')]
            .map((text) => text.getBBox().width)"""
    )
    assert len(widths) == 6 and max(widths) < 62  # of 54, and a halo


def test_what_is_no_number_is_refused_and_gives_way(opened):
    page = opened(step_through(*small()))
    field, status = page.get_by_label("its number"), page.locator(".nnlib-status").last
    before = page.locator(".nnlib-numbers").text_content()
    for put in (lambda: field.press_sequentially("e-"), lambda: field.fill("1000"), lambda: field.fill("")):
        page.get_by_text("Reset").click()
        assert status.text_content() == "As at the start."
        field.fill("0.5")
        put()
        assert status.text_content() == "Type a number from −100 to 100."
    assert page.locator(".nnlib-numbers").text_content() == before
    page.keyboard.press("Tab")
    assert field.input_value() == "0.5"


def test_opens_at_the_first_disagreement_with_its_slip(opened):
    network, x, t = small()
    hidden, output = backpropagate(network, x, t, trace=True)[2]
    figure = step_through(network, x, t, deltas=[output.delta[0] @ network.layers[1].W, output.delta[0]])
    page = opened(figure)
    assert page.locator(".nnlib-heading").text_content() == "Delta of hidden neuron 1"
    assert page.locator(".nnlib-banner").text_content() == figure.disagreement["says"]
    assert page.locator(".nnlib-wrong").count() == 1
    page.get_by_label("its number").fill("0.25")
    assert "before this edit" in page.locator(".nnlib-banner").text_content()


def test_each_control_is_named_and_keeps_the_keys_to_itself(opened):
    network, X, T, error = case("2-3-2 sigmoid, batch")
    page = opened(step_through(network, X, T, error))
    for control in page.locator(".nnlib-figure :is(input, button, select, [tabindex])").all():
        assert control.get_attribute("data-lm-suppress-shortcuts") == "true"
        assert control.get_attribute("aria-label") or control.text_content()
    assert page.locator("[role=status]").count() >= 3
