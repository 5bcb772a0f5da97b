"""The figures of unit 4 beside the stepper, from saved pages: their numbers are Python's."""

import numpy as np
import pytest

from nnlib import widgets
from nnlib.backpropagation import backpropagate
from nnlib.widgets.notation import plain
from tests.browser.page import as_mathml, numbers, press, status

pytestmark = pytest.mark.browser


def test_each_press_reveals_a_line_and_its_edges(opened):
    figure = widgets.derive_hidden_delta()
    page = opened(figure)
    page.locator("[data-steps]").focus()
    for number, line in enumerate(figure.lines, start=1):
        visible = page.locator(".nnlib-lines li:visible")
        assert visible.count() == number
        wanted = as_mathml(line["line"]) + ("?" if number == len(figure.lines) else "")
        assert as_mathml(visible.last.text_content()) == wanted
        assert page.locator(".nnlib-lit").count() == len(line["lit"])
        assert plain(line["says"]) in status(page)
        page.keyboard.press("ArrowRight")


def test_the_button_to_the_last_line_keeps_the_focus(opened):
    page = opened(widgets.derive_hidden_delta())
    press(page, "Next line", 12)
    assert page.locator(".nnlib-lines li:visible").count() == 10
    assert page.get_by_role("button", name="Next line").get_attribute("aria-disabled") == "true"
    page.wait_for_timeout(100)  # a disabled button loses the focus with the next frame
    assert page.evaluate("document.activeElement.textContent") == "Next line"


def test_no_figure_sticks_out_of_a_narrow_page(opened):
    for make in (widgets.race, widgets.xor_surface, widgets.train_live, widgets.derive_hidden_delta):
        page = opened(make())
        page.set_viewport_size({"width": 390, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        small = "[...document.querySelectorAll('.nnlib-figure svg')].map((svg) => svg.getScreenCTM().a)"
        assert min(page.evaluate(small)) > 0.7, "letters are still large enough to be read"


def test_the_race_runs_as_in_python(opened):
    figure = widgets.race(batch_size=5)
    page = opened(figure)
    press(page, "One epoch", 5)
    assert np.allclose(numbers(status(page))[1:4], figure.errors(5), atol=5.1e-5)
    press(page, "Reset")
    press(page, "One sample", 7)
    online = figure.paths(1)[2][7]
    x, t = np.array(figure.x), np.array(figure.t)
    E = 0.5 * np.sum((online[0] * x + online[1] - t) ** 2)
    assert numbers(status(page))[3] == pytest.approx(E, abs=5.1e-5)


def test_the_race_says_when_the_batch_diverges(opened):
    page = opened(widgets.race(alpha=0.25))
    press(page, "One epoch", 12)
    assert "batch diverged" in status(page) and "online E =" in status(page)


def test_the_surface_s_numbers_are_those_of_backpropagate(opened):
    figure = widgets.xor_surface(1, 6, around="small random weights")
    page = opened(figure)
    w, v = figure.values()
    for _ in range(3):
        E, *slopes = figure.measure(w, v)
        assert np.allclose(numbers(status(page))[1::2], (slopes[0], slopes[1]), atol=5.1e-5)
        assert numbers(status(page))[-1] == pytest.approx(E, abs=5.1e-5)
        w, v = w - 0.1 * slopes[0], v - 0.1 * slopes[1]
        press(page, "Step")
    before = status(page)
    page.locator("[role=slider]").focus()
    page.keyboard.press("ArrowUp")
    assert status(page) != before


def test_other_weights_give_another_surface(opened):
    page = opened(widgets.xor_surface())
    pixels = "document.querySelector('.nnlib-over canvas').toDataURL()"
    before = page.evaluate(pixels)
    page.get_by_role("combobox", name="to the right").select_option(index=8)
    assert page.evaluate(pixels) != before
    page.get_by_label("others as in").select_option("all weights zero")
    assert "E = 1.0000" in status(page)


def test_the_page_trains_as_python_does_and_resets(opened):
    figure = widgets.train_live("moons", "2-4-1")
    page = opened(figure)
    start = status(page)
    press(page, "One epoch", 3)
    assert numbers(status(page))[0] == pytest.approx(figure.error(3), abs=5.1e-5)
    assert status(page).startswith("Epoch 3:")
    network = figure.trained(3)
    _, gradients = backpropagate(network, *figure.samples(), "cross_entropy")
    sizes = [np.sqrt(np.sum(W**2) + np.sum(b**2)) for W, b in gradients]
    picture = page.get_by_label("The length of the gradient").text_content()
    assert all(f"{size:.4f}" in picture for size in sizes)
    press(page, "Reset")
    assert status(page) == start
    page.get_by_label("learning", exact=True).select_option("batch")
    press(page, "One epoch", 2)
    figure.batch_size = 1000
    assert numbers(status(page))[0] == pytest.approx(figure.error(2), abs=5.1e-5)


def test_a_point_is_added_by_click_and_by_keyboard(opened):
    page = opened(widgets.train_live("only your points", "2-2-1"))
    press(page, "One epoch")
    assert "no points yet" in status(page)
    page.get_by_label("Points of two classes").click(position={"x": 100, "y": 60})
    assert "of 1 points" in status(page)
    page.get_by_label("a click adds").select_option("an orange square (1)")
    page.locator("[data-steps]").focus()
    for key in ("ArrowUp", "ArrowRight", "Enter"):
        page.keyboard.press(key)
    assert "of 2 points" in status(page)
    press(page, "Play")
    page.wait_for_function("document.querySelector('.nnlib-status').textContent.includes('2 of 2 points')")
    press(page, "Pause")
    press(page, "Remove added points")
    assert "of 0 points" in status(page)


def test_each_control_keeps_the_keys_to_itself(opened):
    for make in (widgets.race, widgets.xor_surface, widgets.train_live, widgets.derive_hidden_delta):
        page = opened(make())
        for control in page.locator(".nnlib-figure :is(input, button, select, [tabindex])").all():
            assert control.get_attribute("data-lm-suppress-shortcuts") == "true"
            assert control.get_attribute("aria-label") or control.text_content()


@pytest.mark.slow
def test_in_jupyterlab_no_key_on_a_control_reaches_the_notebook(lab):
    names = ["derive_hidden_delta", "race", "xor_surface", "train_live"]
    code = ["from nnlib import widgets", *(f"widgets.{name}()" for name in names)]
    lab.write("four.ipynb", "Four figures.", code)
    lab.open("four.ipynb").run_all()
    cells = lab.cells()
    for number in range(len(names)):
        for control in lab.figure(number).locator(":is(input, button, select, [tabindex])").all():
            control.focus()
            for key in ("d", "d", "a", "b", "x", "ArrowDown"):
                lab.page.keyboard.press(key)
    assert lab.cells() == cells and lab.errors() == []
