"""A matplotlib figure as a picture that follows the page: its own SVG, made plain.

Plain means what a page without script and styles keeps too: markers stand where they are used, and colours
are attributes. What was drawn in `PEN` or black takes the colour of the page's text.
"""

import html
import io
import re
from xml.etree import ElementTree

from nnlib.figures.style import PEN, Picture
from nnlib.figures.svg import INK

SVG, LINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}href"
KEPT = (
    "fill fill-opacity stroke stroke-width stroke-opacity stroke-dasharray stroke-linecap stroke-linejoin "
    "opacity font-size font-weight font-style text-anchor"
).split()
LONG = re.compile(r"\d+\.\d{3,}(?![\d:A-Za-z])")
FONT = "DejaVu Sans, Arial, sans-serif"
ROUND = re.compile(r"M 0 (\S+)\s+C ")
"""How matplotlib begins the path of a round marker; the group is its radius."""


def describe(figure, description):
    """Show a matplotlib figure with its description as alt text, and close it.

    The description says what the figure shows. Raises ValueError for an
    empty one.
    """
    if not description.strip():
        raise ValueError("A figure needs a description: say in a sentence what it shows.")
    import matplotlib.pyplot as plt

    file = io.StringIO()
    with plt.rc_context({"svg.fonttype": "none"}):
        figure.savefig(file, format="svg", transparent=True, metadata={"Date": None})
    plt.close(figure)
    return Picture(_plain(file.getvalue(), description), description)


def _plain(drawn, description):
    root = ElementTree.fromstring(drawn)
    defined = {node.get("id"): node for node in root.iter() if node.get("id")}
    parts = "".join(_element(node, defined) for node in root)
    words = html.escape(description)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{root.get("viewBox")}" role="img" '
        f'width="{_pixels(root.get("width"))}" height="{_pixels(root.get("height"))}" aria-label="{words}" '
        f'style="max-width: 100%; height: auto" font-family="{FONT}" fill="{INK}">'
        f"<title>{words}</title>{parts}</svg>"
    )


def _pixels(points):
    return f"{float(points.removesuffix('pt')) * 4 / 3:.0f}"


def _element(node, defined):
    """A node and all that is in it as text; empty groups and definitions are left out."""
    tag = node.tag.removeprefix(SVG)
    if tag in ("metadata", "style") or (tag == "path" and node.get("id")):  # a marker: see `_used`
        return ""
    if tag == "use":
        return _used(node, defined)
    if tag == "clipPath":  # where it is not understood, its rectangle is not seen either
        return (
            f'<clipPath id="{node.get("id")}">{_write("rect", node[0].attrib | {"fill": "none"})}</clipPath>'
        )
    named = {name: value for name, value in node.attrib.items() if name not in ("id", "style")}
    if LINK in named:
        named["href"] = "".join(named.pop(LINK).split())
    named |= _colours(node.get("style", ""))
    children = "".join(_element(child, defined) for child in node)
    if tag in ("g", "defs") and not children:
        return ""
    words = html.escape(node.text or "") if tag in ("text", "tspan") else ""
    return _write(tag, named, words + children)


def _used(node, defined):
    """A marker or a tick where it is used: a circle if it is round, otherwise its path moved there."""
    marker = defined[node.get(LINK).removeprefix("#")]
    x, y = node.get("x"), node.get("y")
    named = _colours(marker.get("style", "")) | _colours(node.get("style", ""))
    if match := ROUND.match(marker.get("d")):
        return _write("circle", {"cx": x, "cy": y, "r": match.group(1)} | named)
    return _write("path", {"d": marker.get("d"), "transform": f"translate({x} {y})"} | named)


def _colours(style):
    """The declarations of a style that are attributes too."""
    pairs = (part.split(":", 1) for part in style.split(";") if ":" in part)
    styles = {name.strip(): value.strip() for name, value in pairs}
    if font := re.match(r"(?:(italic|oblique) )?(?:(bold|\d+) )?(\S+) ", styles.pop("font", "")):
        parts = zip(("font-style", "font-weight", "font-size"), font.groups(), strict=True)
        styles |= {name: value for name, value in parts if value}
    ink = ("#000000", PEN)
    return {n: INK if v in ink else v for n, v in styles.items() if n in KEPT and v != "start"}


def _write(tag, named, inside=""):
    short = {n: LONG.sub(lambda m: f"{float(m.group()):.2f}", " ".join(v.split())) for n, v in named.items()}
    attributes = "".join(f' {name}="{html.escape(value)}"' for name, value in short.items())
    return f"<{tag}{attributes}>{inside}</{tag}>"
