"""SVG as nested function calls, with the letters of the lecture.

    svg(200, 100, "A circle.", circle(50, 50, 20), text(50, 55, "x_i"))

In `text` an underscore starts a subscript of the characters that follow it up to a space.

A picture has no ground of its own and follows the page, also one without script or styles: INK is
the colour of the text around it, GROUND what lies under it in JupyterLab, VS Code or a browser.
"""

import html
import re

INK = "currentColor"
GROUND = "var(--jp-layout-color0, var(--vscode-editor-background, Canvas))"
BLUE, ORANGE, GREEN, PINK = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
"""The palette (Okabe and Ito, 2008): told apart with all common kinds of colour blindness."""


def element(tag, *children, **attributes):
    """<tag attribute="value">children</tag>; an underscore in a name becomes a hyphen."""
    named = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{html.escape(_plain(value), quote=True)}"'
        for name, value in attributes.items()
        if value is not None
    )
    return f"<{tag}{named}>{''.join(children)}</{tag}>"


def _plain(value):
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def svg(width, height, description, *children):
    """A picture with its description for screen readers."""
    return element(
        "svg",
        element("title", html.escape(description)),
        *children,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width} {height}",
        width=width,
        height=height,
        role="img",
        aria_label=description,
        style="max-width: 100%; height: auto",
        font_family="DejaVu Sans, Arial, sans-serif",
        font_size=15,
        fill=INK,
    )


def text(x, y, words, anchor="middle", **attributes):
    """Words at a place; "w_ji x_i" sets ji and i as subscripts.

    Letters in a colour of the palette get some ink, so that they can be read on a light and a dark page.
    """
    if attributes.get("fill") in (BLUE, ORANGE, GREEN, PINK):
        attributes["style"] = f"fill: color-mix(in srgb, {attributes['fill']} 75%, {INK})"
    parts, lowered = [], False
    for part in re.split(r"(_\S+)", words):
        if part.startswith("_"):
            parts.append(element("tspan", html.escape(part[1:]), dy=4, font_size="72%"))
            lowered = True
        elif part:
            raised = {"dy": -4} if lowered else {}
            parts.append(element("tspan", html.escape(part), **raised))
            lowered = False
    return element("text", *parts, x=x, y=y, text_anchor=anchor, **attributes)


def circle(x, y, r, **attributes):
    return element("circle", cx=x, cy=y, r=r, **{"fill": GROUND, "stroke": INK} | attributes)


def line(x1, y1, x2, y2, **attributes):
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, **{"stroke": INK} | attributes)


def arrow(x1, y1, x2, y2, colour=INK, **attributes):
    """A line from the first point to the second, with a head."""
    length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
    along, across = ((x2 - x1) / length, (y2 - y1) / length), (-(y2 - y1) / length, (x2 - x1) / length)
    back = [(x2 - 9 * along[0] + side * across[0], y2 - 9 * along[1] + side * across[1]) for side in (-4, 4)]
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in [(x2, y2), *back])
    shaft = line(x1, y1, x2 - 7 * along[0], y2 - 7 * along[1], stroke=colour, **attributes)
    return shaft + element("polygon", points=points, fill=colour)
