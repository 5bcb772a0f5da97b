"""The figures of unit 3 in the page: numbers are Python's, tasks are reached, all by keyboard."""

import pytest

from nnlib import widgets
from tests.browser.page import formula, numbers, press

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def move(page, label, key, times):
    page.get_by_label(label, exact=True).focus()
    for _ in range(times):
        page.keyboard.press(key)


def reached(page):
    return page.locator(".nnlib-reached").count()


def heading(page):
    return page.locator(".nnlib-card .nnlib-title").first.inner_text()


@pytest.mark.parametrize("activation", ["identity", "relu", "leaky_relu(0.1)", "sigmoid", "tanh"])
def test_sizes_of_signals_are_those_of_the_library(opened, activation):
    figure = widgets.deep_signals(activation, depth=4, c=1.0)
    page = opened(figure)
    shown = [float(t.replace("−", "-")) for t in page.locator("svg text").all_text_contents()
             if t[:1].isdigit() and ("." in t or "e" in t) and not t.startswith("1e")]  # fmt: skip
    layers = figure.layers()
    right = [widgets_size(of.y) for of in layers] + [widgets_size(of.derivatives) for of in layers]
    assert sorted(shown) == pytest.approx(sorted(right), rel=0.06)
    assert heading(page).split(":")[0] == figure.verdict()[1].split(":")[0]


def widgets_size(values):
    return float((values**2).mean() ** 0.5)


def test_a_scale_that_keeps_tanh_alive_is_found_by_keys(opened):
    page = opened(widgets.deep_signals())
    assert "vanish" in heading(page) and reached(page) == 0
    move(page, "c", "ArrowRight", 6)
    assert "alive" in heading(page) and reached(page) == 1
    move(page, "c", "End", 1)
    assert "alive" not in heading(page)
    press(page, "Reset")
    assert "vanish" in heading(page) and reached(page) == 0


def test_a_neuron_dies_in_a_step_and_comes_back_with_a_leak(opened):
    figure = widgets.dead_neuron()
    page = opened(figure)
    press(page, "Step")
    figure.w, figure.b = figure.step()
    assert heading(page).startswith("Dead") and reached(page) == 1
    w, b, E = numbers(formula(page))[:3]
    assert (w, b, E) == pytest.approx((figure.w, figure.b, figure.measure()[0]), abs=0.00501)
    press(page, "Step", 3)
    assert heading(page).startswith("Dead") and reached(page) == 2
    move(page, "leak ε", "ArrowRight", 10)
    press(page, "Step", 3)
    assert reached(page) == 3
    press(page, "Reset")
    assert heading(page) == "a > 0 for 10 of 10 samples" and reached(page) == 0


def test_the_ring_of_the_dead_neuron_moves_by_arrow_keys(opened):
    page = opened(widgets.dead_neuron())
    ring = page.get_by_label("weight w and bias b")
    ring.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("PageDown")
    assert ring.get_attribute("aria-valuetext") == "w 0.45, b 1.50"


def test_curves_show_the_library_s_numbers(opened):
    figure = widgets.activation_curves(list(widgets.activation_curves().names), a=-0.75)
    page = opened(figure)
    rows = page.locator("table tr").all()[1:]
    for row, (name, y, slope) in zip(rows, figure.measure(), strict=True):
        words = row.inner_text().replace("−", "-").split()
        assert row.locator("label").inner_text().strip() == name
        assert [float(n) for n in words[-2:]] == pytest.approx([y, slope], abs=5.1e-5)


def test_the_tasks_of_the_curves_are_reached_by_keys(opened):
    page = opened(widgets.activation_curves())
    move(page, "a", "ArrowLeft", 20)
    assert page.get_by_label("a", exact=True).input_value() == "0" and reached(page) == 1
    move(page, "a", "ArrowRight", 36)
    assert reached(page) == 2
    page.get_by_label("SiLU", exact=True).press(" ")
    move(page, "weighted sum a", "Home", 1)
    assert reached(page) == 3
    press(page, "Reset")
    assert reached(page) == 0 and page.get_by_label("a", exact=True).input_value() == "1"


def test_surfaces_train_as_python_does_and_tell_the_far_sums(opened):
    figure = widgets.decision_surfaces()
    page = opened(figure)
    press(page, "Step", 3)
    told = page.locator(".nnlib-surfaces div.nnlib-small").all_inner_texts()[::2]
    right = [figure.right(g, 3) for g in figure.functions]
    assert [int(words.split(", ")[1].split()[0]) for words in told] == right
    near = [numbers(w)[0] for w in page.locator(".nnlib-surfaces div.nnlib-small").all_inner_texts()[1::2]]
    move(page, "view", "End", 1)
    far = [numbers(w)[0] for w in page.locator(".nnlib-surfaces div.nnlib-small").all_inner_texts()[1::2]]
    assert far[0] > 5 * near[0] and far[1] > 3 * near[1]
    assert far[2] < 2 * near[2] and far[3] < 2 * near[3]
    press(page, "Reset")
    assert "epoch 0" in page.locator(".nnlib-bar").inner_text()
