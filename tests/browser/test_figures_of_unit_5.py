"""The figures of unit 5 from saved pages: their numbers are Python's, every control works by keyboard."""

import unicodedata

import numpy as np
import pytest

from nnlib import widgets
from nnlib.datasets import LINKS
from nnlib.differentiation import jacobian
from nnlib.widgets.arm import hand
from nnlib.widgets.typed_function import TypedFunction
from tests.browser.page import formula, numbers, press, status

pytestmark = pytest.mark.browser

BAYDIN = "ln(x1) + x1*x2 - sin(x2)"


def above(page):
    """What stands above the nodes: mark, name and number, as far as it is there."""
    words = page.locator(".nnlib-above:visible text").all_text_contents()
    return [unicodedata.normalize("NFC", text) for text in words]


def result(page):
    return page.locator(".nnlib-card .nnlib-status").last.text_content()


def fault(page):
    return page.locator(".nnlib-fault").text_content()


def steps(page, key, times=1):
    page.locator("[data-steps]").focus()
    for _ in range(times):
        page.keyboard.press(key)


def test_forward_mode_carries_the_dots_of_baydin_s_table_2(opened):
    page = opened(widgets.differentiate(BAYDIN, x1=2.0, x2=5.0))
    assert above(page) == ["ẋ1 1.0000"]
    steps(page, "ArrowRight", 6)
    wanted = ["ẋ1 1.0000", "ẋ2 0.0000", "v̇1 0.5000", "v̇2 5.0000", "v̇3 5.5000", "v̇4 0.0000", "ẏ 5.5000"]
    assert above(page) == [unicodedata.normalize("NFC", text) for text in wanted]
    assert result(page) == "Done: one pass, ∂y/∂x1 = 5.5000."
    page.keyboard.press("ArrowRight")
    assert result(page) == "Done: one pass, ∂y/∂x1 = 5.5000."


def test_reverse_mode_sends_back_baydin_s_table_3(opened):
    page = opened(widgets.differentiate(BAYDIN, x1=2.0, x2=5.0, mode="reverse"))
    steps(page, "End")
    wanted = ["x̄1 5.5000", "x̄2 1.7163", "v̄1 1.0000", "v̄2 1.0000", "v̄3 1.0000", "v̄4 −1.0000", "ȳ 1.0000"]
    assert above(page) == [unicodedata.normalize("NFC", text) for text in wanted]
    assert result(page) == "Done: one sweep, ∂y/∂x1 = 5.5000, ∂y/∂x2 = 1.7163."
    steps(page, "Home")
    assert above(page) == []
    page.get_by_label("mode").press("ArrowUp")
    assert above(page) == ["ẋ1 1.0000"]


def test_a_typed_function_replaces_the_graph_with_its_own_inputs(opened):
    page = opened(widgets.differentiate(BAYDIN, x1=2.0, x2=5.0))
    page.get_by_label("the function y of x1, x2 and x3").fill("tanh(x1*x3) + x3^2")
    assert fault(page) == ""
    steps(page, "End")
    f = TypedFunction("tanh(x1*x3) + x3^2")
    expected = f.dots(f.values({"x1": 2.0, "x3": 1.0}), {"x1": 1.0})[-1]
    assert numbers(result(page)) == [pytest.approx(expected, abs=5.1e-5)]
    page.get_by_label("x3", exact=True).press("ArrowLeft")
    expected = f.dots(f.values({"x1": 2.0, "x3": 0.9}), {"x1": 1.0})[-1]
    assert numbers(result(page)) == [pytest.approx(expected, abs=5.1e-5)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ln(x1", "At character 6: a closing bracket is missing."),
        ("x1 * foo(x2)", "At character 6: there is no foo"),
        ("", "Type a function of x"),
        ("ln(x1 - 2)", "ln of 0 is not defined"),
        ("sqrt(x1 - 2)", "sqrt of 0 has no derivative"),
    ],
)
def test_a_bad_function_gives_its_place_and_the_picture_stays(opened, text, words):
    page = opened(widgets.differentiate(BAYDIN, x1=2.0, x2=5.0))
    steps(page, "ArrowRight", 4)
    before = page.locator("svg.nnlib-network").inner_html()
    page.get_by_label("the function y of x1, x2 and x3").fill(text)
    assert words in fault(page) and "The picture keeps the last function." in fault(page)
    assert page.locator("svg.nnlib-network").inner_html() == before
    steps(page, "ArrowRight")
    assert "step 6 of 7" in page.locator(".nnlib-bar").text_content()
    press(page, "Reset")
    assert fault(page) == "" and above(page) == ["ẋ1 1.0000"]


def test_an_input_stops_where_the_function_is_not_defined(opened):
    page = opened(widgets.differentiate(BAYDIN, x1=0.2, x2=5.0))
    slider = page.get_by_label("x1", exact=True)
    slider.press("ArrowLeft")
    assert fault(page) == ""
    slider.press("ArrowLeft")
    assert "v1 = ln of 0 is not defined" in fault(page) and slider.input_value() == "0.1"


def test_predict_mode_judges_a_number_and_names_the_slip(opened):
    page = opened(widgets.differentiate(BAYDIN, x1=2.0, x2=5.0))
    page.get_by_label("predict first").press(" ")
    field, hint = page.get_by_label("x1 dot ="), page.locator(".nnlib-hint")
    assert above(page) == ["ẋ1 ?"]
    field.fill("0")
    field.press("Enter")
    assert hint.text_content().startswith("Not yet")
    field.fill("1")
    field.press("Enter")
    assert hint.text_content() == "Right. Enter goes on."
    field.press("Enter")
    page.get_by_role("button", name="Reveal").press("Enter")
    steps(page, "ArrowRight")
    field = page.get_by_label("v1 dot =")
    for typed, words in (("2", "that is the value of the input"), ("-0,5", "look at the sign")):
        field.fill(typed)
        field.press("Enter")
        assert words in hint.text_content()
    steps(page, "ArrowRight")
    assert hint.text_content() == "Type your number and press Enter, or press Reveal."
    assert "?" in formula(page)


def test_predicting_backwards_tells_a_share_that_was_not_added(opened):
    page = opened(widgets.differentiate("x1*x1 + x1", x1=3.0, mode="reverse"))
    page.get_by_label("predict first").press(" ")
    for _ in range(4):  # v1, y, the start, the share of v1
        page.get_by_role("button", name="Reveal").press("Enter")
        steps(page, "ArrowRight")
    page.get_by_role("button", name="Reveal").press("Enter")
    steps(page, "ArrowRight")
    field = page.get_by_label("x1 bar =")
    field.fill("3")
    field.press("Enter")
    assert "share alone" in page.locator(".nnlib-hint").text_content()


def test_the_tangent_has_the_dual_number_of_python(opened):
    figure = widgets.dual_tangent("x**2 + 2*x + 3", at=-2.0)
    page = opened(figure)
    page.get_by_label("x", exact=True).press("End")
    assert numbers(status(page)) == pytest.approx([4.0, *figure.dual(4.0)])
    grip = page.get_by_role("slider", name="the point x")
    for _ in range(10):
        grip.press("ArrowLeft")
    assert numbers(status(page)) == pytest.approx([3.0, 18.0, 8.0])
    assert page.locator(".nnlib-reached").count() == 1
    page.get_by_label("the function f of x").fill("ln(x)")
    press(page, "Left", 30)
    assert "ln of 0 is not defined" in status(page)
    page.get_by_label("the function f of x").fill("x1 + 1")
    assert "Use x alone here" in fault(page)


@pytest.mark.parametrize(("scheme", "type"), [("central", "float64"), ("one-sided", "float32")])
def test_the_error_of_a_step_is_python_s(opened, scheme, type):
    figure = widgets.step_size("x*sin(x)", at=2.0)
    page = opened(figure)
    page.get_by_label("difference", exact=True).select_option(scheme)
    page.get_by_label("numbers", exact=True).select_option(type)
    grip = page.get_by_role("slider", name="the step h")
    for _ in range(4):
        grip.press("ArrowLeft")
    figure.scheme, figure.type = scheme, type
    shown = float(page.locator(".nnlib-numbers").text_content().split("error")[1].replace("−", "-"))
    assert shown == pytest.approx(figure.error(-3.0), rel=0.06, abs=1e-12)


def test_the_counts_are_those_of_costs(opened):
    figure = widgets.mode_costs()
    page = opened(figure)
    press(page, "More inputs", 9)
    page.get_by_label("outputs m").press("Home")
    _, forward, reverse, *_ = figure.counts["32,1"]
    assert f"reverse mode needs {forward / reverse:.1f} times less" in status(page)
    assert page.locator(".nnlib-reached").count() == 2, "n = m was passed on the way"
    press(page, "Reset")
    assert "4 inputs, 8 outputs" in status(page) and page.locator(".nnlib-reached").count() == 0


def test_the_arm_goes_where_its_jacobian_says(opened):
    figure = widgets.arm()
    page = opened(figure)
    press(page, "Step")
    q, error = np.array(figure.q), np.array(figure.goal) - hand(np.array(figure.q))
    J = jacobian(hand, q)
    wanted = error * min(1, 0.03 / np.hypot(*error))
    q = q + J.T @ np.linalg.solve(J @ J.T + 0.1**2 * np.eye(2), wanted)
    assert numbers(status(page))[:2] == pytest.approx(hand(q), abs=5.1e-3)
    press(page, "Step", 20)
    assert "the hand is there" in status(page)


def test_the_arm_reaches_the_singular_pose_and_no_further(opened):
    page = opened(widgets.arm())
    page.get_by_label("the hand follows at once").press(" ")
    goal = page.get_by_role("slider", name="the goal of the hand")
    for _ in range(40):
        goal.press("ArrowRight")
    assert "out of reach" in status(page)
    x, y = numbers(status(page))[:2]
    assert np.hypot(x, y) == pytest.approx(sum(LINKS), abs=0.01)
    assert page.locator(".nnlib-reached").count() >= 2
