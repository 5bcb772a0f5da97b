"""Surfaces are painted on a canvas, where CSS does not reach: they have the theme's colours all the same."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# The brightness of the frame of each surface, 0 to 255.
BRIGHTNESS = """() => [...document.querySelectorAll('.nnlib-over canvas')].map((canvas) => {
    const { width, height } = canvas, half = canvas.getContext('2d').getImageData(width / 4, height / 4, width / 2, height / 2);
    let sum = 0, seen = 0;
    for (let at = 0; at < half.data.length; at += 4) {
        if (half.data[at + 3] < 255) continue;
        sum += (half.data[at] + half.data[at + 1] + half.data[at + 2]) / 3;
        seen += 1;
    }
    return sum / seen;
})"""


@pytest.mark.parametrize("theme", ["light", "dark", "light"])
def test_a_surface_has_the_themes_colours_from_the_start(lab, theme):
    lab.write(f"surfaces-{theme}.ipynb", "# Surfaces", [
        "from nnlib import widgets\nwidgets.race()", "widgets.xor_surface()", "widgets.train_live()",
    ])  # fmt: skip
    lab.open(f"surfaces-{theme}.ipynb")
    lab.theme(theme)
    lab.run_all()
    lab.page.wait_for_function("document.querySelectorAll('.nnlib-over canvas').length >= 3")
    lab.page.wait_for_timeout(200)
    for brightness in lab.page.evaluate(BRIGHTNESS)[:3]:
        assert brightness > 130 if theme == "light" else brightness < 130
    lab.theme("light")
