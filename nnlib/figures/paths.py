"""Derivatives that come back: through one neuron, along two paths, to a hidden neuron. Unit 4.

Numbers that go forward stand above a line in ink, derivatives that come back below it in orange.
"""

from nnlib.figures.style import ORANGE, Picture
from nnlib.figures.svg import GROUND, INK, arrow, circle, element, svg, text


def one_neuron(w, x, b, t):
    """y = max(0, w x + b) and E = ½ (y - t)², part by part, with all values and derivatives."""
    product, a = w * x, w * x + b
    y = max(0, a)
    E, to_y = (y - t) ** 2 / 2, y - t
    to_a = to_y if a > 0 else 0
    values = [("w", w, to_a * x), ("x", x, to_a * w), ("w x", product, to_a), ("b", b, to_a)]
    values += [("a", a, to_a), ("y", y, to_y)]
    listed = ", ".join(
        f"{name} = {_number(value)} with derivative {_number(back)}" for name, value, back in values
    )
    description = f"One neuron with one weight, part by part: {listed}, t = {_number(t)}, E = {_number(E)}."
    parts = [
        _part(190, 100, "·"), _part(320, 100, "+"), _part(450, 100, "max(0, a)", 88), _part(620, 100, "E"),
        _name(60, 45, "w"), _name(60, 155, "x"), _name(320, 205, "b"), _name(620, 205, "t"),
        arrow(79, 52, 169, 90), arrow(79, 148, 169, 110), arrow(212, 100, 297, 100),
        arrow(342, 100, 405, 100), arrow(494, 100, 597, 100),
        arrow(320, 185, 320, 124), arrow(620, 185, 620, 124),
        text(128, 60, _number(w)), _back(108, 94, to_a * x),
        text(108, 118, _number(x)), _back(130, 160, to_a * w),
        *_both(254, 100, product, to_a), *_both(374, 100, a, to_a), *_both(545, 100, y, to_y),
        text(340, 157, _number(b), anchor="start"), _back(300, 157, to_a, "end"),
        text(640, 157, _number(t), anchor="start"), text(620, 66, f"E = {_number(E)}"),
        text(254, 66, "w x", font_size=13), text(374, 66, "a", font_size=13),
        text(545, 66, "y", font_size=13),
    ]  # fmt: skip
    return Picture(svg(680, 235, description, *parts), description)


def two_paths(x):
    """f = p q with p = 3 x and q = x²: x acts on f along two paths."""
    p, q = 3 * x, x**2
    slopes = [(p, q, 3), (q, p, 2 * x)]
    shares = " + ".join(f"{_number(outer)} · {_number(inner)}" for _, outer, inner in slopes)
    whole = sum(outer * inner for _, outer, inner in slopes)
    description = (
        f"Two paths from x = {_number(x)} to f = {_number(p * q)}: through p = {_number(p)} and "
        f"through q = {_number(q)}. Along each the derivatives are multiplied, then the paths are added: "
        f"{shares} = {_number(whole)}."
    )
    nodes = [("x", x, 60, 115), ("p", p, 240, 50), ("q", q, 240, 180), ("f", p * q, 420, 115)]
    edges = [
        (60, 115, 240, 50, "∂p/∂x = ", 3, -9), (60, 115, 240, 180, "∂q/∂x = ", 2 * x, 21),
        (240, 50, 420, 115, "∂f/∂p = ", q, -9), (240, 180, 420, 115, "∂f/∂q = ", p, 21),
    ]  # fmt: skip
    parts = []
    for x1, y1, x2, y2, words, slope, below in edges:
        parts.append(_between(x1, y1, x2, y2))
        middle = (x1 + x2) / 2 + (22 if x1 > 100 else -22), (y1 + y2) / 2 + below
        parts.append(text(*middle, words + _number(slope), fill=ORANGE, font_size=14))
    parts += [_node(x, y, name, value) for name, value, x, y in nodes]
    parts.append(text(520, 112, f"{shares}", fill=ORANGE))
    parts.append(text(520, 132, f"= {_number(whole)}", fill=ORANGE))
    return Picture(svg(590, 230, description, *parts), description)


def comes_back(name, weights, deltas):
    """A hidden neuron, all that it sends to, and what comes back from each: δ_j w_ji.

    weights, deltas: one number for each receiver, at most five. Raises ValueError for other lengths.
    """
    if not 1 <= len(weights) == len(deltas) <= 5:
        raise ValueError(f"One delta for each weight, at most five; got {len(weights)} and {len(deltas)}.")
    height, E = 75 * len(weights) + 30, 470
    middle = height / 2
    parts, shares = [], []
    for j, (w, delta) in enumerate(zip(weights, deltas, strict=True), 1):
        y = middle + 75 * (j - (len(weights) + 1) / 2)
        parts += [
            _between(70, middle, 330, y, w < 0),
            element("path", d=f"M 354 {y} C 400 {y} 400 {middle} {E - 26} {middle}", fill="none", stroke=INK),
            circle(330, y, 24), text(330, y + 5, f"y_{j}"),
            text(330, y - 30 if j == 1 else y + 41, f"δ = {_short(delta)}", fill=ORANGE, font_size=13),
        ]  # fmt: skip
        back = f"{_short(delta)} · {_number(w)}"
        above = middle + 0.35 * (y - middle) + (-26 if y <= middle else 34)
        parts += [
            _pill(70 + 0.62 * 260, middle + 0.62 * (y - middle), f"w = {_number(w)}"),
            text(195, above, back, fill=ORANGE, font_size=13),
        ]
        shares.append(f"along w = {_number(w)} comes {back}")
    parts += [circle(70, middle, 24), text(70, middle + 5, name), _part(E, middle, "E", 48)]
    description = (
        f"The hidden neuron {name} acts on E through every neuron that it sends to: {', '.join(shares)}."
    )
    return Picture(svg(520, height, description, *parts), description)


def _number(value):
    return f"{value:.6g}".replace("-", "−")


def _short(value):
    return f"{value:.4f}".replace("-", "−")


def _part(x, y, words, width=42):
    frame = element("rect", x=x - width / 2, y=y - 21, width=width, height=42, rx=6, fill=GROUND, stroke=INK)
    return frame + text(x, y + 5, words)


def _name(x, y, words):
    return circle(x, y, 19) + text(x, y + 5, words)


def _node(x, y, name, value):
    return circle(x, y, 26) + text(x, y - 2, name) + text(x, y + 15, _number(value), font_size=13)


def _both(x, y, forward, back):
    return text(x, y - 10, _number(forward)), _back(x, y + 22, back)


def _back(x, y, value, anchor="middle"):
    return text(x, y, f"← {_number(value)}", anchor, fill=ORANGE)


def _between(x1, y1, x2, y2, dashed=False):
    """An arrow from the rim of one node to that of another."""
    length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
    off = 27 * (x2 - x1) / length, 27 * (y2 - y1) / length
    return arrow(
        x1 + off[0], y1 + off[1], x2 - off[0], y2 - off[1], stroke_dasharray="6 4" if dashed else None
    )


def _pill(x, y, words):
    frame = element("rect", x=x - 30, y=y - 11, width=60, height=22, rx=11, fill=GROUND, stroke="#888")
    return frame + text(x, y + 4.5, words, font_size=13)
