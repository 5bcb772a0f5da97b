"""The stepper where nothing moves: its network as a picture, its steps as lines and as a table."""

import html

from nnlib.widgets.backpropagation_values import fill, look_up
from nnlib.widgets.network_picture import network_picture
from nnlib.widgets.notation import brief, number, plain, short


def picture(sizes, found, n, captions):
    """The network with every output, delta and weight of sample n, as SVG.

    sizes: numbers of nodes by layer; found: see `backpropagation_values.values`.
    """
    words, above = {}, {}
    for layer, size in enumerate(sizes):
        for j in range(size):
            key = f"{layer}.{j}"
            words[key] = short(look_up(found, f"y.{key}" if layer else f"x.1.{j}", n))
            if layer:
                above[key] = f"δ {short(look_up(found, f'delta.{key}', n))}"
                words |= {f"{key}.{i}": brief(w, 2) for i, w in enumerate(found["W"][layer][j])}
    words["E"] = short(look_up(found, "En", n))
    words["t"] = target(found["samples"][n]["t"])
    told = f"A {'-'.join(map(str, sizes))} network with outputs, deltas and weights; E = {number(found['E'])}"
    return network_picture(sizes, words, above, captions, description=told)


def target(t):
    """What stands below E: "t = 1, 0.5"."""
    return f"t = {', '.join(brief(value, 2) for value in t)}" if len(t) < 4 else ""


def lines(steps, found, n):
    """Pairs (heading, equation with numbers and result): E, then every step, for sample n."""
    batch = len(found["samples"])
    several = f", of {batch} samples; this is sample {n + 1}" if batch > 1 else ""
    told = [("Error", f"E = {number(found['E'])}{several}")]
    for step in steps:
        result = number(look_up(found, step["place"], n))
        told.append((step["heading"], plain(f"{fill(step['numbers'], found, n)} = {result}")))
    return told


def table(told, says=None):
    """The same as an HTML table with a row for each line, and what `says` below it."""
    rows = "".join(
        f'<tr><th scope="row" style="text-align: left">{html.escape(heading)}</th>'
        f'<td style="text-align: left">{html.escape(words)}</td></tr>'
        for heading, words in told
    )
    return f"<table>{rows}</table>" + (f"<p>{html.escape(says)}</p>" if says else "")
