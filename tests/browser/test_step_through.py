"""The stepper in Chromium from its saved page: no kernel, no network, and nnlib's numbers."""

import re

import numpy as np
import pytest

from nnlib import Network, backpropagate
from nnlib.widgets import step_through
from nnlib.widgets.backpropagation_values import fill, look_up
from nnlib.widgets.notation import brief, number
from tests.browser.page import as_mathml, formula
from tests.widgets.networks import CASES, case

pytestmark = pytest.mark.browser


def small():
    W1, W2 = np.array([[0.5, -0.5], [0.25, 0.75]]), np.array([[1.0, -0.5], [0.5, 0.25]])
    network = Network.of([(W1, [0.1, -0.1]), (W2, [0.0, 0.2])], ["tanh", "identity"])
    return network, np.array([0.5, 1.0]), np.array([1.0, 0.0])


def value(page):
    """What stands after the last equals sign of the step."""
    return formula(page).rpartition("=")[2]


def heading(page):
    return page.locator(".nnlib-card .nnlib-title").first.text_content()


@pytest.mark.parametrize("name", CASES)
def test_arrow_keys_show_every_step_with_pythons_numbers(opened, name):
    network, X, T, error = case(name)
    figure = step_through(network, X, T, error)
    page = opened(figure)
    found = figure.values()
    page.locator("[data-steps]").focus()
    for step in figure.steps:
        result = number(look_up(found, step["place"]))
        assert formula(page) == as_mathml(f"{fill(step['numbers'], found)} = {result}")
        assert page.locator(".nnlib-card code").first.text_content() == step["code"]
        assert heading(page) == step["heading"]
        assert page.locator("[data-part].nnlib-lit").count() == len(step["edges"]) + 1
        page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    assert f"step {len(figure.steps) - 1} of" in page.locator(".nnlib-bar").text_content()
    assert heading(page) == figure.steps[-2]["heading"]


def test_edges_and_nodes_show_numbers_by_pointer_and_keyboard(opened):
    network, x, t = small()
    page = opened(step_through(network, x, t))
    trace = backpropagate(network, x, t, trace=True)[2][0]
    d, gradient = number(trace.delta[0, 0]), number(trace.dE_dW[0, 0])
    detail = page.locator(".nnlib-status").first
    line = "[data-part='1.0.0'] .nnlib-hit"  # it lies flat: without height it cannot be hovered by name
    told = f"∂E/∂w = δ · x = {d} · 0.5000 = {gradient}"
    for _ in range(50):  # the picture may still be laid out: then the line moves away
        x, y = page.locator(line).evaluate(
            "node => { const r = node.getBoundingClientRect(); return [r.x + 9, r.y]; }"
        )
        page.mouse.move(x, y)
        if told in detail.text_content():
            break
        page.wait_for_timeout(100)
    assert told in detail.text_content()
    page.mouse.move(0, 0)  # what lies under a pointer tells its numbers when the picture moves, too
    page.locator("[data-part][tabindex='0']").focus()
    for _ in range(2):
        page.keyboard.press("ArrowDown")
    told = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert told == detail.text_content() and told.startswith("h₁:")
    for value in (trace.a[0, 0], trace.y[0, 0], 1 - trace.y[0, 0] ** 2, trace.delta[0, 0]):
        assert number(value) in told


def answer(page, number):
    page.get_by_label(re.compile("=$")).fill(number)
    page.keyboard.press("Enter")
    return page.locator(".nnlib-hint").text_content()


def test_predict_asks_for_the_part_first_then_for_the_number(opened):
    network, x, t = small()
    page = opened(step_through(network, x, t))
    page.get_by_label("predict first").check()
    assert formula(page) == "ah1=?"
    assert "the part from x2" in page.locator(".nnlib-predict").text_content()
    assert "Read the numbers off the picture" in answer(page, "7")
    assert "Now the number itself" in answer(page, "-0.5")
    assert formula(page) == "ah1=0.5·0.5+(−0.5)·1+0.1=?"
    assert "look at the sign" in answer(page, "0.15")
    assert "the bias is missing" in answer(page, "-0.25")
    assert "Right" in answer(page, "-0.15") and value(page) == "−0.1500"
    page.keyboard.press("Enter")
    assert formula(page) == "h1=g(−0.15)=?" and heading(page) == "Output of h₁"
    assert "before g" in answer(page, "-0.15")
    page.locator("[data-steps]").focus()
    page.keyboard.press("ArrowRight")
    assert "press Reveal" in page.locator(".nnlib-hint").text_content() and value(page) == "?"
    page.get_by_role("button", name="Reveal").click()
    assert value(page) == "−0.1489"


def test_a_hidden_delta_is_asked_as_sum_slope_and_product(opened):
    network, x, t = small()
    figure = step_through(network, x, t)
    place = next(n for n, step in enumerate(figure.steps) if step["heading"] == "Delta of h₁")
    figure.position = place
    page = opened(figure)
    page.get_by_label("predict first").check()
    one = backpropagate(network, x, t, trace=True)[2][0]
    slope = 1 - one.y[0, 0] ** 2
    back = one.delta[0, 0] / slope
    assert page.locator("[data-part='1.0'] .nnlib-above").text_content() == "δ ?"
    assert page.locator(".nnlib-term").count() == 0
    answer(page, f"{back:.5f}")
    answer(page, f"{slope:.5f}")
    assert "g'(a) is missing" in answer(page, f"{back:.5f}")
    assert "what comes from above is ignored" in answer(page, f"{slope:.5f}")
    assert "Right" in answer(page, f"{one.delta[0, 0]:.5f}")
    terms = page.locator(".nnlib-term").all_text_contents()
    deltas = backpropagate(network, x, t, trace=True)[2][1].delta[0]
    assert terms == [
        f"{brief(d)} · {brief(w)}" for d, w in zip(deltas, network.layers[1].W[:, 0], strict=True)
    ]
    hint, field = (
        page.locator(".nnlib-hint").bounding_box(),
        page.get_by_label(re.compile("=$")).bounding_box(),
    )
    assert 0 < hint["y"] - field["y"] < 60, "the reason stands right below the field"


def test_delta_and_later_numbers_show_after_leaving_predict(opened):
    page = opened(step_through(*small()))
    page.get_by_label("predict first").check()
    page.locator("[data-part='1.0']").hover()
    detail = page.locator(".nnlib-status").first
    assert detail.text_content() == "h₁:\nits other numbers come later"
    page.get_by_label("predict first").uncheck()
    page.locator("[data-part='1.1']").hover()
    assert "δh₂ =" in detail.text_content()


def test_space_plays_to_the_end_and_says_done(opened):
    page = opened(step_through(*small()))
    page.locator("[data-steps]").focus()
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Space")
    assert "Done" in page.locator(".nnlib-status").last.text_content()
    assert page.get_by_role("button", name="Play", exact=True).count() == 1
    assert page.get_by_role("button", name="Next").get_attribute("aria-disabled") == "true"


def test_everything_follows_an_edit_and_an_update(opened):
    network, x, t = small()
    page = opened(step_through(network, x, t))
    page.get_by_label("change").select_option("w from h₁ to y₂")
    page.get_by_label("its number").fill("-0.75")
    network.layers[1].W[1, 0] = -0.75
    E, gradients, trace = backpropagate(network, x, t, trace=True)
    status = page.locator(".nnlib-status").last
    assert status.text_content() == f"E = {number(E)}"
    page.locator("[data-steps]").focus()
    page.keyboard.press("End")
    assert number(trace[0].dE_db[1]) == value(page)
    page.get_by_role("button", name="Update weights").click()
    for layer, (dE_dW, dE_db) in zip(network.layers, gradients, strict=True):
        layer.W, layer.b = layer.W - 0.1 * dE_dW, layer.b - 0.1 * dE_db
    after = backpropagate(network, x, t)[0]
    assert status.text_content() == f"E falls: {number(E)} → {number(after)}"
    updated = backpropagate(network, x, t, trace=True)[2][0].dE_db[1]
    assert number(updated) == value(page)
    page.get_by_text("Reset", exact=True).click()
    page.locator("[data-steps]").focus()
    page.keyboard.press("End")
    right = backpropagate(*small(), trace=True)[2][0].dE_db[1]
    assert number(right) == value(page)


def test_a_batch_shows_each_sample_s_share_and_learns_online(opened):
    network, X, T, error = case("2-3-2 sigmoid, batch")
    page = opened(step_through(network, X, T, error))
    page.locator("[data-steps]").focus()
    page.keyboard.press("End")
    shares = [backpropagate(network, x, t, error)[1][0][1][2] for x, t in zip(X, T, strict=True)]
    cells = page.locator(".nnlib-shares td:nth-child(4)").all_text_contents()
    assert cells == [number(share) for share in [*shares, sum(shares)]]
    page.get_by_label("predict first").check()
    assert not page.locator(".nnlib-shares").is_visible()  # its last row is the answer
    page.get_by_label("predict first").uncheck()
    before = backpropagate(network, X, T, error)[0]
    page.get_by_label("learning", exact=True).select_option("online")
    page.get_by_role("button", name="Update weights").click()
    for x, t in zip(X, T, strict=True):
        for layer, (dE_dW, dE_db) in zip(network.layers, backpropagate(network, x, t, error)[1], strict=True):
            layer.W, layer.b = layer.W - 0.1 * dE_dW, layer.b - 0.1 * dE_db
    after = backpropagate(network, X, T, error)[0]
    expected = f"E falls: {number(before)} → {number(after)}"
    assert page.locator(".nnlib-status").last.text_content() == expected


@pytest.mark.parametrize("width", [870, 390])
def test_nothing_jumps_or_sticks_out_from_step_to_step(opened, width):
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
    page.locator("[data-part][tabindex='0']").focus()
    for _ in page.locator("[data-part]").all():
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
        """() => [...document.querySelectorAll('.nnlib-node:has(> circle) > .nnlib-number')]
            .map((text) => text.getBBox().width)"""
    )
    assert len(widths) == 6 and max(widths) < 54


def test_text_that_is_not_a_number_is_refused_and_gives_way(opened):
    page = opened(step_through(*small()))
    field, status = page.get_by_label("its number"), page.locator(".nnlib-status").last
    before = formula(page)
    for put in (lambda: field.press_sequentially("e-"), lambda: field.fill("1000"), lambda: field.fill("")):
        page.get_by_text("Reset", exact=True).click()
        assert status.text_content() == "As at the start."
        field.fill("0.5")
        put()
        assert status.text_content() == "Type a number from −100 to 100."
    assert formula(page) == before
    page.keyboard.press("Tab")
    assert field.input_value() == "0.5"


def test_opens_at_the_first_disagreement_with_its_slip(opened):
    network, x, t = small()
    hidden, output = backpropagate(network, x, t, trace=True)[2]
    figure = step_through(network, x, t, deltas=[output.delta[0] @ network.layers[1].W, output.delta[0]])
    page = opened(figure)
    assert heading(page) == "Delta of h₁"
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
