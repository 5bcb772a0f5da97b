"""Live figures in the page: their numbers are Python's, and a saved page lives without kernel."""

import re

import numpy as np
import pytest

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
    return figure.locator("[role=status]").inner_text()


def test_the_line_s_numbers_are_those_of_the_library(lecture):
    figure = lecture.figure(LINE)
    points = widgets.fit_a_line()
    X, T = np.column_stack((points.x, np.ones(8))), np.array(points.t)[:, np.newaxis]
    figure.locator("input[type=range]").nth(0).focus()
    for _ in range(6):
        lecture.page.keyboard.press("ArrowRight")
    figure.locator("input[type=range]").nth(1).focus()
    for _ in range(4):
        lecture.page.keyboard.press("ArrowLeft")
    w, b, E, dw, db = numbers(status(figure))
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


@pytest.mark.parametrize("make", [widgets.fit_a_line, widgets.softmax_scores])
def test_a_saved_page_moves_without_kernel_or_network(chromium, tmp_path, make):
    make().save_html(tmp_path / "figure.html")
    page = chromium.new_page()
    failures = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.on("request", lambda r: r.url.startswith(("file:", "data:")) or failures.append(r.url))
    page.goto(f"file://{tmp_path}/figure.html")
    page.locator("input[type=range]").first.focus()
    before = page.locator("[role=status]").inner_text()
    page.keyboard.press("ArrowRight")
    assert page.locator("[role=status]").inner_text() != before
    assert failures == []
    page.close()
