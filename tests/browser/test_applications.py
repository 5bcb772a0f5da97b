"""The live figures of unit 6: the networks in the page answer as those in Python do."""

import numpy as np
import pytest

from nnlib import widgets
from tests.browser.page import numbers, press, status

pytestmark = pytest.mark.browser


def test_the_street_and_the_night_are_those_of_python(opened):
    figure = widgets.paint_street(start=2)
    page = opened(figure)
    page.wait_for_function("document.querySelector('[role=status]').textContent.includes('brightness')")
    shown = numbers(status(page))[:2]
    assert np.allclose(shown, [picture.mean() for picture in figure.pictures()], atol=0.0015)


def test_a_car_is_painted_into_the_sky_by_keys_alone(opened):
    page = opened(widgets.paint_street())
    plan = page.locator("canvas[tabindex]")
    plan.focus()
    for key in ("6", "ArrowUp", *["Shift+ArrowUp"] * 4, "Space", "ArrowRight", "Space"):
        plan.press(key)
    # Pictures and words follow in the next frame, whenever that is.
    page.wait_for_function(
        """document.querySelectorAll('.nnlib-reached').length === 1
           && [...document.querySelectorAll('.nnlib-status')].at(-1).textContent.includes('2 strokes')"""
    )
    press(page, "Reset")
    page.wait_for_function("document.querySelectorAll('.nnlib-reached').length === 0")


def test_boxes_and_sentence_are_those_of_python(opened):
    figure = widgets.drag_shapes()
    page = opened(figure)
    found, said = status(page).split("\n")
    assert said == f"Said: {figure.sentence()}"
    scores = sorted(score for score, _, _ in figure.boxes())
    assert np.allclose(sorted(numbers(found)), scores, atol=0.03)


def test_the_sentence_follows_dragged_shapes(opened):
    page = opened(widgets.drag_shapes())
    assert status(page).endswith("Said: a red disc left of a blue square.")
    disc, square = page.locator("[role=slider]").all()[:2]
    for _ in range(3):
        disc.press("Shift+ArrowDown")
        square.press("Shift+ArrowUp")
    for _ in range(2):
        square.press("Shift+ArrowLeft")
    assert status(page).endswith("Said: a blue square above a red disc.")
    assert page.locator(".nnlib-reached").count() == 1


def test_the_last_pair_is_a_photograph(opened):
    page = opened(widgets.picture_pairs("night"))
    assert "day → night, picture 1 of 6" in status(page)
    press(page, "Next picture")
    assert "picture 2 of 6" in status(page)
    page.get_by_label("pair").select_option("a photograph → colour")
    assert "picture 1 of 2" in status(page)
    assert page.locator("image:visible").count() == 2
