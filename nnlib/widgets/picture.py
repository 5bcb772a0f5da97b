"""A still picture in the colours of the page: what a figure's `svg` returns."""

from nnlib.figures.svg import element

INK, SOFT, LINE = "var(--ink, #1a1a1a)", "var(--soft, #5b5b5b)", "var(--line, #d9d9d9)"
GROUND = "var(--ground, #ffffff)"
BLUE, ORANGE, GREEN = "var(--blue, #0072b2)", "var(--orange, #d55e00)", "var(--green, #007a58)"


def picture(width, height, description, *children):
    """An SVG without ground of its own, so that it is no white slab on a dark page."""
    return element(
        "svg", *children,
        xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {width} {height}", width=width, height=height,
        role="img", aria_label=description, style="max-width: 100%; height: auto",
        font_family="DejaVu Sans, Arial, sans-serif", font_size=14, fill=INK,
    )  # fmt: skip
