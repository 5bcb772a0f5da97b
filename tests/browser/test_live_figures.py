"""Live figures in the page: their numbers are Python's, and a saved page lives without kernel."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from nnlib import errors, widgets
from nnlib.activations import softmax
from nnlib.regression import linear

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LINE, SCORES = 0, 1  # their places in lecture 1


def numbers(words):
    return [float(n) for n in re.findall(r"-?\d+\.\d+", words.replace("−", "-"))]


@pytest.fixture(scope="module")
def lecture(lab):
    return lab.open("lectures/1_regression.ipynb").run_all()


def status(figure):
    return figure.locator(".nnlib-status").last.inner_text()


def test_the_line_s_numbers_are_those_of_the_library(lecture):
    figure = lecture.figure(LINE)
    points = widgets.fit_a_line()
    X, T = np.column_stack((points.x, np.ones(8))), np.array(points.t)[:, np.newaxis]
    figure.get_by_label("slope w", exact=True).focus()
    for _ in range(6):
        lecture.page.keyboard.press("ArrowRight")
    figure.get_by_label("bias b", exact=True).focus()
    for _ in range(4):
        lecture.page.keyboard.press("ArrowLeft")
    w, b, E, dw, db = numbers(status(figure).splitlines()[0])
    W = np.array([[-0.5 + 6 * 0.05, 1 - 4 * 0.05]])
    assert np.allclose((w, b), W[0])
    assert abs(E - linear.error(W, X, T)) <= 0.005001
    assert np.abs([dw, db] - linear.gradient(W, X, T)[0]).max() <= 0.005001


def test_gradient_descent_walks_to_the_best_line(lecture):
    figure = lecture.figure(LINE)
    points = widgets.fit_a_line()
    best = np.polyfit(points.x, points.t, 1)
    step = figure.get_by_role("button", name="Step")
    step.focus()
    for _ in range(60):
        lecture.page.keyboard.press("Enter")
    assert np.abs(np.array(numbers(status(figure))[:2]) - best).max() <= 0.0101


def test_a_handle_moves_by_arrow_keys(lecture):
    figure = lecture.figure(LINE)
    handle = figure.get_by_role("slider", name="slope w and bias b")
    before = numbers(status(figure))[:2]
    handle.focus()
    lecture.page.keyboard.press("ArrowUp")
    lecture.page.keyboard.press("Shift+ArrowLeft")
    after = numbers(status(figure))[:2]
    assert np.allclose(np.subtract(after, before), (-0.5, 0.05), atol=0.0101)


def drag(lecture, handle, across, down):
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    lecture.page.mouse.move(x, y)
    lecture.page.mouse.down()
    lecture.page.mouse.move(x + across / 2, y + down / 2)
    lecture.page.mouse.move(x + across, y + down)
    lecture.page.mouse.up()
    return x + across, y + down


def test_handles_follow_the_pointer(lecture):
    line, scores = lecture.figure(LINE), lecture.figure(SCORES)
    for figure, name in (
        (line, "height of the line on the left"),
        (line, "height of the line on the right"),
        (line, "slope w and bias b"),
        (scores, "score of class 2"),
    ):
        figure.scroll_into_view_if_needed()
        before = status(figure)
        handle = figure.get_by_role("slider", name=name)
        _, y = drag(lecture, handle, 0, -30)
        box = handle.bounding_box()
        assert abs(box["y"] + box["height"] / 2 - y) <= 1, name
        assert status(figure) != before, name


def test_the_page_below_a_live_figure_stays_where_it_is(lecture):
    for number, keys in ((LINE, "ArrowRight"), (SCORES, "ArrowLeft")):
        figure = lecture.figure(number)
        height = figure.bounding_box()["height"]
        for control in figure.locator("input[type=range]").all():
            control.focus()
            for _ in range(25):
                lecture.page.keyboard.press(keys)
                assert figure.bounding_box()["height"] == height


def test_the_same_number_for_every_score_changes_no_probability(lecture):
    figure = lecture.figure(SCORES)
    figure.get_by_role("button", name="Reset").click()
    *y, _ = numbers(status(figure))
    for _ in range(12):  # the largest score meets the end of its slider on the way
        figure.get_by_role("button", name="All + 1").click()
    *after, _ = numbers(status(figure))
    assert after == y
    assert figure.locator("output").nth(0).inner_text() == "8.0"
    assert figure.locator("input[type=range]").nth(1).input_value() == "10"
    figure.get_by_role("button", name="Reset").click()


def test_the_scores_numbers_are_those_of_the_library(lecture):
    figure = lecture.figure(SCORES)
    figure.locator("input[type=range]").nth(0).focus()
    for _ in range(7):
        lecture.page.keyboard.press("ArrowLeft")
    figure.locator("select").select_option(index=2)
    a = np.array([1.0 - 0.7, 3.0, -2.0])
    *y, E = numbers(status(figure))
    assert np.abs(y - softmax(a)).max() <= 5.001e-5
    truth = errors.cross_entropy(a, np.eye(3)[2], from_pre_activations=True)
    assert abs(E - truth) <= 5.001e-5


def test_what_python_sets_is_shown(lab):
    code = [
        "from nnlib import widgets\nline = widgets.fit_a_line()\nline",
        "scores = widgets.softmax_scores()\nscores",
    ]
    set_both = "line.w, line.b, line.alpha = 1.5, -1.0, 0.1\nscores.true_class, scores.scores = 1, [0, 0, 0]"
    lab.write("set.ipynb", "# Set by Python", [*code, set_both])
    lab.open("set.ipynb").run_all()
    line, scores = lab.figure(0), lab.figure(1)
    expect(line.locator(".nnlib-status")).to_contain_text("w = 1.50, b = −1.00: E = ")
    assert line.locator("output").all_inner_texts() == ["0.100", "1.50", "−1.00"]
    expect(scores.locator(".nnlib-status")).to_contain_text(
        "0.3333, 0.3333, 0.3333), true class 2: E = −ln y = 1.0986"
    )
    assert scores.locator("select").input_value() == "1"


@pytest.mark.parametrize("make", [widgets.fit_a_line, widgets.softmax_scores])
def test_a_saved_page_moves_without_kernel_or_network(chromium, tmp_path, make):
    make().save_html(tmp_path / "figure.html")
    page = chromium.new_page()
    failures = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.on("request", lambda r: r.url.startswith(("file:", "data:")) or failures.append(r.url))
    page.goto(f"file://{tmp_path}/figure.html")
    page.locator("input[type=range]").first.focus()
    before = page.locator(".nnlib-status").inner_text()
    page.keyboard.press("ArrowRight")
    assert page.locator(".nnlib-status").inner_text() != before
    assert failures == []
    page.close()
