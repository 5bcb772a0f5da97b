"""python .ci/site/pictures.py: the pictures of the README, taken from the running figures, in light and dark.

Each is what Chromium paints for a figure after some key presses, so that no picture shows what is not there.
"""

import io
import shutil
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright
from stepper import stepper

from nnlib import widgets
from nnlib.applications import shipped

TARGET = Path(__file__).parent.parent / "pictures"
WIDTH, COLOURS, STEPS = 760, 64, 20

# name: the figure, the control that is pressed, its keys
PICTURES = {
    "surfaces": (widgets.decision_surfaces, "button >> text=Step", ["Enter"] * 8),
    "dual": (widgets.dual_tangent, "input[type=range] >> nth=0", ["ArrowRight"] * 3),
    "street": (widgets.paint_street, "canvas[tabindex]", []),
    "translate": (lambda: widgets.translate(shipped.load("translation")), "input[type=text]", []),
}


def main():
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
        for theme in ("light", "dark"):
            page = chromium.new_page(viewport={"width": WIDTH, "height": 900}, color_scheme=theme)
            for name, (figure, control, keys) in PICTURES.items():
                shown(page, figure(), Path(folder))
                page.locator(control).first.focus()
                for key in keys:
                    page.keyboard.press(key)
                    page.wait_for_timeout(60)
                taken(page).save(TARGET / f"{name}-{theme}.png", optimize=True)
            shown(page, stepper(), Path(folder))
            deltas(page).save(TARGET / f"stepper-{theme}.png", optimize=True)
            film(page, theme)
        chromium.close()


def shown(page, figure, folder):
    figure.save_html(folder / "figure.html")
    page.goto((folder / "figure.html").as_uri())
    page.wait_for_timeout(400)


def taken(page):
    """What is painted of the figure, in few colours: a drawing needs no more."""
    page.evaluate("document.activeElement.blur()")
    painted = Image.open(io.BytesIO(page.locator(".nnlib-figure").first.screenshot()))
    return painted.convert("RGB").quantize(COLOURS)


def deltas(page):
    """The stepper where the deltas travel back."""
    page.locator("[data-steps]").first.focus()
    for _ in range(8):
        page.keyboard.press("ArrowRight")
    page.wait_for_timeout(100)
    return taken(page)


def film(page, theme):
    """All steps one after the other, as an animated picture below 1 MB."""
    page.reload()
    page.wait_for_timeout(400)
    pictures = [taken(page).convert("RGB")]
    for _ in range(STEPS):
        page.locator("[data-steps]").first.focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(100)
        pictures.append(taken(page).convert("RGB"))
    first, *others = pictures
    first.save(
        TARGET / f"stepper-{theme}.webp",
        save_all=True,
        append_images=others,
        duration=900,
        loop=0,
        quality=60,
        method=6,
    )


if __name__ == "__main__":
    main()
