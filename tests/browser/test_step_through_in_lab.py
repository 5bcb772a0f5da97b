"""The stepper in JupyterLab: with a kernel, and where none runs."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_the_still_picture_is_shown_only_without_a_kernel(lab):
    lab.write(
        "still.ipynb", "Live or still.",
        ["from nnlib import Network, widgets\n"
         "widgets.step_through(Network([2, 2, 2], rng=0), [0.5, 1], [1, 0])"],
    )  # fmt: skip
    lab.open("still.ipynb").run_all()
    lab.figure().wait_for()
    lab.page.wait_for_timeout(1200)  # it appears after a second
    still = lab.page.locator(".nnlib-still")
    assert still.count() == 1 and still.is_hidden()
    lab.command("docmanager:save")
    lab.close_kernels()
    lab.open("still.ipynb")
    still.locator("svg").wait_for()
    assert lab.page.locator(".nnlib-figure").count() == 0
    assert "Delta of h₁" in still.locator("table").inner_text()
    lab.page.wait_for_timeout(3000)  # by then JupyterLab has said that the model is not there
    assert lab.page.get_by_text("Error displaying widget").locator("visible=true").count() == 0


def test_an_edit_reaches_the_kernel_and_ones_own_function(lab):
    lab.write(
        "stepper.ipynb",
        "The stepper.",
        [
            "import numpy as np\nfrom nnlib import Network, backpropagate, widgets\n"
            "def deltas(network, X, T):\n"
            "    trace = backpropagate(network, X, T, trace=True)[2]\n"
            "    return [trace[1].delta @ network.layers[1].W, trace[1].delta]\n"
            "figure = widgets.step_through(\n"
            "    Network([2, 2, 2], rng=0), [0.5, 1], [1, 0], deltas=deltas)\n"
            "figure"
        ],
    )
    lab.open("stepper.ipynb").run_all()
    figure = lab.figure()
    banner = figure.locator(".nnlib-banner")
    before = banner.text_content()
    assert "g'(a) is missing" in before
    figure.get_by_label("its number").fill("-2")
    lab.page.wait_for_function(
        """before => { const now = document.querySelector('.nnlib-banner').textContent;
                       return now.includes("g'(a) is missing") && now !== before; }""",
        arg=before,
    )
    figure.locator("[data-steps]").focus()
    lab.page.keyboard.press("d")
    lab.page.keyboard.press("d")
    assert lab.cells() == 2 and lab.errors() == []
