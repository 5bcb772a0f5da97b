"""The stepper where nothing moves: its network as a picture, its steps as lines and as a table."""

import html

from nnlib.figures.style import BLUE, ORANGE
from nnlib.figures.svg import circle, line, svg, text
from nnlib.widgets.backpropagation_values import fill, look_up, number, short


def picture(sizes, found, n):
    """A circle for each neuron with its output and delta, a line for each weight, as SVG.

    sizes: numbers of nodes by layer; found: see `backpropagation_values.values`; n: the sample.
    """
    height, last = 60 + 100 * max(sizes), len(sizes) - 1

    def at(layer, j):
        return 55 + 190 * layer, 20 + 50 * max(sizes) + 100 * (j - (sizes[layer] - 1) / 2)

    halo = dict(font_size=12, paint_order="stroke", stroke="white", stroke_width=4)
    drawn, words = [], []
    edges = sum(one * other for one, other in zip(sizes, sizes[1:], strict=False))
    for layer in range(1, last + 1):
        for j in range(sizes[layer]):
            for i in range(sizes[layer - 1]):
                (x1, y1), (x2, y2) = at(layer - 1, i), at(layer, j)
                w, share = found["W"][layer][j][i], 0.27
                dash, colour = ("6 4", BLUE) if w < 0 else (None, ORANGE)
                place = x1 + share * (x2 - x1), y1 + share * (y2 - y1) + 4
                drawn.append(line(x1, y1, x2, y2, stroke=colour, stroke_dasharray=dash))
                if edges <= 12:  # more cannot be told apart; the table has them
                    words.append(text(*place, number(w), **halo))
    for layer, size in enumerate(sizes):
        for j in range(size):
            x, y = at(layer, j)
            inside = look_up(found, f"y.{layer}.{j}" if layer else f"x.1.{j}", n)
            words += [circle(x, y, 28), text(x, y + 4, short(inside), font_size=12)]
            if layer:
                delta = short(look_up(found, f"delta.{layer}.{j}", n))
                words.append(text(x, y + 43, f"δ {delta}", **halo | {"fill": ORANGE}))
    name = "-".join(map(str, sizes))
    told = f"A {name} network with outputs, deltas and weights; E = {number(found['E'])}"
    return svg(110 + 190 * last, height, told, *drawn, *words)


def lines(steps, found, n):
    """Pairs (heading, equation with numbers and result): E, then every step, for sample n."""
    batch = len(found["samples"])
    several = f", of {batch} samples; this is sample {n + 1}" if batch > 1 else ""
    told = [("Error", f"E = {number(found['E'])}{several}")]
    for step in steps:
        result = number(look_up(found, step["place"], n))
        told.append((step["heading"], f"{fill(step['numbers'], found, n)} = {result}".replace("_", "")))
    return told


def table(told, says=None):
    """The same as an HTML table with a row for each line, and what `says` below it."""
    rows = "".join(
        f'<tr><th scope="row" style="text-align: left">{html.escape(heading)}</th>'
        f'<td style="text-align: left">{html.escape(words)}</td></tr>'
        for heading, words in told
    )
    return f"<table>{rows}</table>" + (f"<p>{html.escape(says)}</p>" if says else "")
