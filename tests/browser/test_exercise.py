"""The exercise in the real JupyterLab: a typed answer turns its check green, or shows the hint."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def exercise(lab):
    lab.open("exercises/1_regression/1_regression.ipynb")
    assert lab.run_cell("needs") == "", "nothing is missing"
    lab.run_cell("setup")
    return lab


def test_a_right_answer_turns_its_check_green(exercise):
    exercise.type_into("gradient-answer", "def gradient(W, X, T):\n    return (X @ W.T - T).T @ X")
    exercise.run_cell("gradient-answer")
    loading = "Loading PyTorch, once: a few seconds.\n"  # the first check of a kernel says so
    assert exercise.run_cell("gradient-check") == f"{loading}Right: the gradient of a batch."
    word = exercise.page.locator(".jp-OutputArea-output [class^=ansi-green]", has_text="Right:")
    assert word.evaluate("node => getComputedStyle(node).color") == "rgb(0, 116, 39)"
    assert exercise.errors() == []


def test_a_wrong_answer_shows_the_hint_and_no_traceback(exercise):
    exercise.type_into("gradient-answer", "def gradient(W, X, T):\n    return X.T @ (X @ W.T - T)")
    exercise.run_cell("gradient-answer")
    shown = exercise.run_cell("gradient-check")
    assert shown.startswith("Not yet: ∂E/∂W is transposed, and should not be.")
    assert "Traceback" not in shown and "comparison.py" not in shown


def test_an_untouched_answer_says_so(exercise):
    exercise.run_cell("linear_output-answer")
    assert (
        exercise.run_cell("linear_output-check")
        == "Not yet: linear_output is not answered yet, or calls an answer that is not."
    )


def test_unit_4_has_the_same_manners(lab):
    lab.open("exercises/4_backpropagation/4_backpropagation.ipynb")
    lab.run_cell("setup")
    answer = "def hidden_delta(delta, W, a):\n    return {}(W.T @ delta)"
    lab.type_into("hidden_delta-answer", answer.format(""))
    lab.run_cell("hidden_delta-answer")
    assert "Not yet: The slope g'(a) is missing." in lab.run_cell("hidden_delta-check")
    lab.type_into("hidden_delta-answer", answer.format("(1 - np.tanh(a) ** 2) * "))
    lab.run_cell("hidden_delta-answer")
    right = "Right: the deltas of a hidden layer, for one sample."
    assert lab.run_cell("hidden_delta-check") == right
