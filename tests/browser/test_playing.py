"""Board games, Catch, translation and breeding in the page: as in Python, by mouse and by keyboard."""

import numpy as np
import pytest

from nnlib import widgets
from nnlib.applications import translation
from nnlib.applications.board_games import GAMES, self_play
from nnlib.applications.fitting import arrays
from tests.browser.page import numbers, press, status

pytestmark = pytest.mark.browser


def untrained(name):
    """Weights with a strong opinion, so that no two moves are alike."""
    W = arrays(self_play.weights(np.random.default_rng(3), GAMES[name]))
    return W | {"policy": 8 * W["policy"], "value": 8 * W["value"]}


@pytest.mark.parametrize("name", GAMES)
def test_the_network_plays_in_the_page_as_in_python(opened, name):
    figure = widgets.board_game(name, untrained(name))
    page = opened(figure)
    page.get_by_label("which player you are").select_option("You play both")
    for move in range(4):
        value = figure.thought()[2] * (-1) ** move
        assert numbers(status(page))[0] == pytest.approx(value, abs=0.0051)
        moves, shares, _ = figure.thought()
        figure.actions = [*figure.actions, moves[int(shares.argmax())]]
        press(page, "Network moves")
    assert "move 4" in page.locator(".nnlib-bar").inner_text()


def test_connect_four_is_played_by_keys_and_taken_back(opened):
    page = opened(widgets.board_game())
    board = page.locator("[role=application]")
    board.focus()
    board.press("ArrowLeft")
    board.press("Enter")
    page.wait_for_function("document.querySelector('.nnlib-bar').textContent.includes('move 2')")
    press(page, "Take back")
    assert "move 0" in page.locator(".nnlib-bar").inner_text()
    press(page, "Take back")
    assert "move 0" in page.locator(".nnlib-bar").inner_text()


def test_a_pawn_is_chosen_and_moved_by_mouse(opened):
    page = opened(widgets.board_game("pawn_chess", untrained("pawn_chess")))
    page.get_by_label("which player you are").select_option("You play both")
    squares = page.locator("[role=application] > g")
    squares.nth(0).click()
    assert "No move is possible there." in status(page)
    squares.nth(22).click()
    squares.nth(17).click()
    assert "move 1" in page.locator(".nnlib-bar").inner_text()


def test_the_sentence_in_the_page_is_that_of_python(opened):
    W = arrays(translation.weights(np.random.default_rng(0)))
    W = {name: np.float16(w).astype(np.float32) for name, w in W.items()}
    page = opened(widgets.translate(W))
    words, looks = translation.spoken(W, "the girl sees the wolves")
    page.get_by_label("English sentence").fill("The girl sees the wolves.")
    said = " ".join(word for word in words if word != ".")
    assert status(page).lower().startswith(f"{said}.")
    page.locator(".nnlib-word").nth(5).hover()
    shares = [round(100 * float(share)) for share in looks[:, 0].mean(0)]
    shown = page.locator(".nnlib-looks .nnlib-small").all_text_contents()[:5]
    assert np.allclose([int(text.split()[0]) for text in shown], shares, atol=1)
    page.get_by_label("English sentence").fill("the dragon sees the girl")
    assert "The word “dragon” is unknown." in status(page)


def test_q_in_the_page_is_that_of_python(opened):
    figure = widgets.play_catch()
    page = opened(figure)
    assert np.allclose(numbers(status(page))[:3], figure.q(), atol=0.0011)


def test_a_ball_is_caught_by_keys(opened):
    page = opened(widgets.play_catch())
    page.get_by_label("who plays").select_option("You play")
    game = page.locator("canvas[tabindex]")
    for _ in range(9):  # the ball drifts from column 2 to 7, and the paddle waits at 7
        game.press("ArrowDown")
    assert "caught 1 of 1" in page.locator(".nnlib-card").inner_text()


def test_pictures_are_bred_from_chosen_parents(opened):
    page = opened(widgets.breed_pictures())
    press(page, "Breed")
    assert "Generation 0" in status(page)
    for n in (1, 4):
        page.locator(".nnlib-portrait").nth(n).press("Enter")
    press(page, "Breed")
    assert "Generation 1" in status(page) and page.locator(".nnlib-reached").count() == 1
    press(page, "Parents again")
    assert "Generation 0. Chosen: 2, 5." in status(page)


def test_a_picture_and_a_style_are_picked_by_keyboard(opened):
    page = opened(widgets.mix_styles())
    shown = page.locator("svg svg").nth(2)
    assert status(page).startswith("The temple in the style of the flower: the style counts s = 0.3")
    before = shown.get_attribute("viewBox")
    page.get_by_role("button", name="Less style").press("Enter")
    assert "s = 0.1" in status(page) and page.locator(".nnlib-reached").count() == 1
    for _ in range(3):
        page.get_by_role("button", name="More style").press("ArrowRight")
    assert "s = 0.9, the content 0.1" in status(page) and shown.get_attribute("viewBox") != before
    assert page.get_by_role("button", name="More style").get_attribute("aria-disabled") == "true"
    page.get_by_label("style", exact=True).press("ArrowUp")
    assert status(page).startswith("The temple in the style of the temple")
    page.get_by_label("picture", exact=True).press("End")
    assert status(page) == "Noise in the style of the temple: nothing but style counts, s = 1."
    assert page.locator(".nnlib-reached").count() == 3
    page.get_by_text("Reset").press("Enter")
    assert shown.get_attribute("viewBox") == before and page.locator(".nnlib-reached").count() == 0


def test_the_figure_plays_with_what_was_just_trained(lab):
    code = ["from nnlib import widgets\nfigure = widgets.play_catch()\nfigure", "W = figure.train(steps=120)"]
    lab.write("catch.ipynb", "Catch.", code)
    lab.open("catch.ipynb").run_all()
    assert lab.errors() == []
    figure = lab.figure()
    assert "Agent after 120 steps" in status(figure)
    names = figure.get_by_label("which agent").locator("option").all_inner_texts()
    assert names[0] == "before training" and len(names) == 9
