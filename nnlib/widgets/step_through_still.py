"""The stepper as a still figure: its network as a picture, its steps as lines and as a table."""

import html

from nnlib.widgets.backpropagation_values import fill, look_up
from nnlib.widgets.network_picture import network_picture
from nnlib.widgets.notation import brief, number, plain, short


def picture(sizes, by_place, n, captions):
    """The network with every output, delta and weight of sample n, as SVG.

    sizes: numbers of nodes by layer; by_place: see `backpropagation_values.values`.
    """
    words, above = {}, {}
    for layer, size in enumerate(sizes):
        for j in range(size):
            key = f"{layer}.{j}"
            words[key] = short(look_up(by_place, f"y.{key}" if layer else f"x.1.{j}", n))
            if layer:
                above[key] = f"δ {short(look_up(by_place, f'delta.{key}', n))}"
                words |= {f"{key}.{i}": brief(w, 2) for i, w in enumerate(by_place["W"][layer][j])}
    words["E"] = short(look_up(by_place, "En", n))
    words["t"] = target(by_place["samples"][n]["t"])
    shown = f"A {'-'.join(map(str, sizes))} network with outputs, deltas and weights"
    description = f"{shown}; E = {number(by_place['E'])}"
    return network_picture(sizes, words, above, captions, description=description)


def target(t):
    """The words below E: "t = 1, 0.5"; none for more than three outputs."""
    return f"t = {', '.join(brief(value, 2) for value in t)}" if len(t) < 4 else ""


def lines(steps, by_place, n):
    """Pairs (heading, equation with numbers and result): E, then every step, for sample n."""
    batch = len(by_place["samples"])
    several = f", of {batch} samples; this is sample {n + 1}" if batch > 1 else ""
    rows = [("Error", f"E = {number(by_place['E'])}{several}")]
    for step in steps:
        result = number(look_up(by_place, step["place"], n))
        rows.append((step["heading"], plain(f"{fill(step['numbers'], by_place, n)} = {result}")))
    return rows


def table(lines, says=None):
    """Lines as an HTML table, a row for each, and the sentence `says` below it."""
    rows = "".join(
        f'<tr><th scope="row" style="text-align: left">{html.escape(heading)}</th>'
        f'<td style="text-align: left">{html.escape(words)}</td></tr>'
        for heading, words in lines
    )
    return f"<table>{rows}</table>" + (f"<p>{html.escape(says)}</p>" if says else "")
