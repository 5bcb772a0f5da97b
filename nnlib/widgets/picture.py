"""A still picture in the colours of the page: what a figure's `svg` returns."""

from nnlib.figures import svg
from nnlib.figures.svg import circle, element

# In a saved notebook no style sheet names the colours: then they are those of the text around the picture.
INK = f"var(--ink, {svg.INK})"
SOFT = f"var(--soft, color-mix(in srgb, {svg.INK} 70%, transparent))"
LINE = f"var(--line, color-mix(in srgb, {svg.INK} 25%, transparent))"
GROUND = f"var(--ground, {svg.GROUND})"
BLUE, ORANGE, GREEN = "var(--blue, #0072b2)", "var(--orange, #d55e00)", "var(--green, #007a58)"


def picture(width, height, description, *children):
    """An SVG without a background, so that it is not a white box on a dark page."""
    return element(
        "svg", *children,
        xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {width} {height}", width=width, height=height,
        role="img", aria_label=description, style="max-width: 100%; height: auto",
        font_family="DejaVu Sans, Arial, sans-serif", font_size=14, fill=INK,
    )  # fmt: skip


def class_mark(x, y, t, radius):
    """A sample of one of two classes, as kit/plane.js draws it: a blue circle is 0, an orange square is 1."""
    if not t:
        return circle(x, y, radius, fill=BLUE, stroke=GROUND)
    side = 1.8 * radius
    square = {"x": x - side / 2, "y": y - side / 2, "width": side, "height": side}
    return element("rect", **square, fill=ORANGE, stroke=GROUND)
