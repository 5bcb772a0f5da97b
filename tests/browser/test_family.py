"""What all live figures have in common: one bar, one size, tasks, keys; each from its saved page."""

import pytest

from nnlib import Network, widgets
from tests.browser.page import press, status
from tests.widgets.calls import SHOWN

pytestmark = pytest.mark.browser

FAMILY = {
    "derive_hidden_delta": widgets.derive_hidden_delta,
    "fit_a_line": widgets.fit_a_line,
    "mix_styles": widgets.mix_styles,
    "race": widgets.race,
    "softmax_scores": widgets.softmax_scores,
    "step_through": lambda: widgets.step_through(Network([2, 2, 2], rng=0), [0.5, 1], [1, 0]),
    "train_live": widgets.train_live,
    "xor_surface": widgets.xor_surface,
}
every_figure = pytest.mark.parametrize("make", FAMILY.values(), ids=FAMILY)

SEEN = """() => [...document.querySelectorAll('.nnlib-figure svg *, .nnlib-figure output, .nnlib-reached')]
    .map((node) => [...node.attributes].map(({ name, value }) => name + value).join() + node.textContent)
    .join().replace(/tabindex"?-?[0-9]/g, '')"""


@every_figure
def test_picture_and_controls_fit_one_view_and_nothing_is_cut(opened, make):
    page = opened(make())
    box = page.locator(".nnlib-figure").bounding_box()
    assert box["width"] <= 944 and box["height"] <= 600
    bar = page.locator(".nnlib-bar").bounding_box()
    assert bar["y"] - box["y"] < 2 and bar["height"] < 60, "one row on top"
    assert page.locator(".nnlib-bar button").first.text_content() == "Reset"
    outside = page.evaluate(
        """() => [...document.querySelectorAll('.nnlib-figure svg text')]
            .filter((text) => text.textContent && text.getBoundingClientRect().width)
            .filter((text) => {
                const at = text.getBoundingClientRect();
                const frame = text.ownerSVGElement.closest('.nnlib-stage, .nnlib-card').getBoundingClientRect();
                return at.x < frame.x || at.right > frame.right || at.y < frame.y || at.bottom > frame.bottom;
            }).map((text) => text.textContent)"""
    )
    assert outside == []
    wide = "[...document.querySelectorAll('.nnlib-card, .nnlib-card *')].filter((n) => n.scrollWidth > n.clientWidth + 1 && n.clientWidth && getComputedStyle(n).display !== 'inline').map((n) => n.className || n.tagName)"
    assert page.evaluate(wide) == []


IN_VIEW = 574
"""Of a window of 1000 x 700, JupyterLab's bars leave 579 pixels for cells, and a cell begins 5 below them."""

LOWEST = """(selector) => {
    const figure = document.querySelector('.nnlib-figure'), top = figure.getBoundingClientRect().y;
    return Math.max(0, ...[...figure.querySelectorAll(selector)].map((n) => n.getBoundingClientRect().bottom - top));
}"""


APART = """() => Math.max(0, ...[...document.querySelectorAll('canvas + svg, svg:has(+ canvas)')].flatMap((svg) => {
    const [one, other] = [svg, svg.parentNode.querySelector('canvas')].map((n) => n.getBoundingClientRect());
    return ['x', 'y', 'width', 'height'].map((name) => Math.abs(one[name] - other[name]));
}))"""


@pytest.mark.parametrize("make", SHOWN.values(), ids=SHOWN)
def test_picture_and_controls_are_in_view_in_jupyterlab(opened, make):
    """In a window of 1000 x 700 a figure is 820 wide, and 568 beside the list of files: then the words come
    below, and the picture stands with all its controls in one view."""
    page = opened(make())
    for width, parts in ((820, ".nnlib-figure > *"), (568, PICTURE_AND_CONTROLS)):
        page.set_viewport_size({"width": width + 32, "height": 700})
        page.wait_for_function(f"document.querySelector('.nnlib-figure').clientWidth === {width - 2}")
        page.wait_for_timeout(100)  # heights are kept by observers
        assert page.evaluate(LOWEST, parts) <= IN_VIEW
        assert page.evaluate(APART) < 2, "what is painted lies under what is drawn"


PICTURE_AND_CONTROLS = (
    ".nnlib-bar, .nnlib-stage, .nnlib-foot, .nnlib-surfaces, .nnlib-pairs, .nnlib-looks, canvas"
)


@every_figure
def test_no_formula_is_cut_in_a_narrow_window(opened, make):
    page = opened(make())
    page.set_viewport_size({"width": 860, "height": 900})
    cut = page.evaluate(
        """() => [...document.querySelectorAll('.nnlib-card math')].filter((formula) => {
            const ends = [...formula.querySelectorAll('*')].map((n) => n.getBoundingClientRect().right);
            return Math.max(...ends) > formula.closest('.nnlib-card').getBoundingClientRect().right;
        }).map((formula) => formula.textContent)"""
    )
    assert cut == []


@every_figure
def test_reset_brings_back_what_was_seen_at_the_start(opened, make):
    page = opened(make())
    before = page.evaluate(SEEN)
    for slider in page.locator(".nnlib-figure input[type=range]").all():
        slider.press("ArrowRight")
    for button in page.locator(".nnlib-bar button").all()[1:]:
        if button.text_content() not in ("Play", "Back"):
            button.press("Enter")
    for handle in page.locator("[role=slider]").all():
        handle.press("ArrowUp")
    assert page.evaluate(SEEN) != before
    press(page, "Reset")
    assert page.evaluate(SEEN) == before


@every_figure
def test_one_to_three_tasks_or_a_field_ask_the_reader(opened, make):
    page = opened(make())
    tasks = page.locator(".nnlib-task").count()
    assert 1 <= tasks <= 3 or page.locator(".nnlib-predict").count()
    assert page.locator(".nnlib-reached").count() == 0


def test_where_a_colour_is_a_number_a_scale_says_which(opened):
    for make in (widgets.race, widgets.xor_surface):
        ends = opened(make()).locator(".nnlib-legend span").all_text_contents()
        assert ends[0] == "E" and float(ends[1]) < float(ends[3])
    for make in (widgets.decision_surfaces, widgets.neuron, widgets.train_live):
        ends = opened(make()).locator(".nnlib-legend span").all_text_contents()
        assert ends == ["output y", "0", "", "1"]


def test_at_the_minimum_no_arrow_is_left_and_a_task_is_ticked(opened):
    page = opened(widgets.fit_a_line())
    press(page, "Step", 60)
    assert status(page).startswith("Done:")
    assert page.locator("polygon").get_attribute("visibility") == "hidden"
    assert page.locator(".nnlib-reached").count() == 1  # the first one is to be reached by hand


def test_after_a_line_has_diverged_a_step_does_nothing(opened):
    page = opened(widgets.fit_a_line())
    page.get_by_label("learning rate α").fill("0.3")
    press(page, "Step", 20)
    before = status(page)
    assert before.startswith("Diverged")
    press(page, "Step", 3)
    assert status(page) == before
    assert page.locator(".nnlib-reached").count() == 1
    press(page, "Reset")
    assert page.get_by_role("button", name="Step").get_attribute("aria-disabled") == "false"


def test_all_plus_one_stops_with_a_reason_and_handles_take_keys(opened):
    page = opened(widgets.softmax_scores([1.0, 9.5, -2.0]))
    press(page, "All + 1")
    assert "All + 1 stops there" in status(page)
    handle = page.get_by_role("slider", name="score of class 3").last
    for key, value in (("PageUp", "−0.5"), ("Home", "−10.0"), ("End", "10.0")):
        handle.press(key)
        assert handle.get_attribute("aria-valuetext") == value
    top = "document.querySelector('.nnlib-stage svg').getBoundingClientRect().y"
    labels = "Math.min(...[...document.querySelectorAll('.nnlib-stage svg text')].map((t) => t.getBoundingClientRect().y))"
    assert page.evaluate(labels) >= page.evaluate(top)


def test_the_surface_at_zero_says_why_a_step_does_nothing(opened):
    page = opened(widgets.xor_surface(around="all weights zero"))
    press(page, "Step")
    assert status(page) == "Both derivatives are 0 here: a step changes nothing. E = 1.0000."
    assert page.locator(".nnlib-reached").count() == 1


def test_training_ends_when_every_point_is_right_for_certain(opened):
    page = opened(widgets.train_live("XOR", "2-4-1", alpha=0.5))
    press(page, "Play")
    page.wait_for_function("document.querySelector('.nnlib-status').textContent.startsWith('Done after')")
    assert page.get_by_role("button", name="Play").count() == 1
    assert "test E" not in status(page)


def test_keys_in_combination_pass_and_single_keys_stay(opened):
    page = opened(widgets.fit_a_line())
    page.evaluate(
        """() => document.addEventListener('keydown', (event) => {
            const kept = event.target.closest('[data-lm-suppress-shortcuts=true]') !== null;
            (window.kept ??= []).push([event.key, kept]);
        }, true)"""
    )
    page.locator("[role=slider]").first.focus()
    for key in ("d", "Control+s", "d"):
        page.keyboard.press(key)
        page.wait_for_timeout(20)
    kept = [one for one in page.evaluate("window.kept") if one[0] != "Control"]
    assert kept == [["d", True], ["s", False], ["d", True]]


def test_who_asks_for_calm_sees_no_number_travel(chromium, tmp_path):
    for wish, moving in (("no-preference", True), ("reduce", False)):
        page = chromium.new_page(reduced_motion=wish)
        FAMILY["step_through"]().save_html(tmp_path / "figure.html")
        page.goto(f"file://{tmp_path}/figure.html")
        page.locator("[data-steps]").focus()
        page.keyboard.press("End")
        page.wait_for_timeout(600)  # who steps faster than the numbers move sees them at once
        page.keyboard.press("Home")
        animated = page.evaluate("document.getAnimations().length > 0")
        assert animated == moving
        assert page.locator(".nnlib-term").count() == 2
        page.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_outside_jupyterlab_the_page_follows_the_system_theme(chromium, tmp_path, theme):
    page = chromium.new_page(color_scheme=theme)
    FAMILY["softmax_scores"]().save_html(tmp_path / "figure.html")
    page.goto(f"file://{tmp_path}/figure.html")
    ground = page.evaluate("getComputedStyle(document.querySelector('.nnlib-figure')).backgroundColor")
    assert ground == ("rgb(255, 255, 255)" if theme == "light" else "rgb(17, 17, 17)")
    page.close()
