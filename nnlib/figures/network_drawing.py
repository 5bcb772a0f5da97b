"""A network in layers as a drawing: circles for neurons, an arrow for each weight."""

from nnlib.arguments import whole_number
from nnlib.figures.style import BLUE, ORANGE, Picture
from nnlib.figures.svg import GROUND, arrow, circle, svg, text

ACROSS, DOWN, RADIUS = 170, 84, 24


def network_drawing(sizes, weights=None, deltas=False):
    """Neurons of successive layers, fully connected.

    Parameters
    ----------
    sizes: numbers of input, hidden and output nodes, up to 8 a layer.
    weights: one W (J, I) per layer, written beside the arrows; blue is negative and dashed, orange
        positive.
    deltas: whether to write δ below each neuron that has one.

    Raises ValueError for fewer than two layers or more than 8 neurons in one.
    """
    sizes = [whole_number(size, "A size", 1) for size in sizes]
    if len(sizes) < 2 or max(sizes) > 8:
        raise ValueError(f"A drawing needs two layers at least, of up to 8 neurons; got {sizes}.")
    height = DOWN * max(sizes) + 40
    places = [
        [(60 + ACROSS * layer, height / 2 + DOWN * (j - (size - 1) / 2)) for j in range(size)]
        for layer, size in enumerate(sizes)
    ]
    last = len(sizes) - 1
    edges, labels = [], []
    for layer in range(last):
        for j, (x2, y2) in enumerate(places[layer + 1]):
            for i, (x1, y1) in enumerate(places[layer]):
                w = None if weights is None else float(weights[layer][j][i])
                lines, numbers = _edge((x1, y1), (x2, y2), w)
                edges.append(lines)
                labels.append(numbers)
    parts = edges + labels  # numbers lie above all lines
    for layer, column in enumerate(places):
        letter = "x" if layer == 0 else "y" if layer == last else "h"
        for j, (x, y) in enumerate(column):
            parts += [circle(x, y, RADIUS), text(x, y + 5, f"{letter}_{j + 1}")]
            if deltas and layer:
                parts.append(text(x, y + RADIUS + 16, f"δ_{j + 1}", fill=ORANGE))
    names = ["input", *["hidden"] * (last - 1), "output"]
    parts += [text(column[0][0], 20, name) for column, name in zip(places, names, strict=True)]
    counts = [f"{size} {name} node{'s' if size > 1 else ''}" for size, name in zip(sizes, names, strict=True)]
    description = f"A network of {', '.join(counts)}; every node sends to all of the next layer."
    if deltas:
        description += " Each hidden and output node has a delta."
    if weights is not None:
        lists = "; ".join(
            f"layer {n}: {[[float(w) for w in row] for row in W]}" for n, W in enumerate(weights, 1)
        )
        description += f" Weights, {lists}."
    markup = svg(120 + ACROSS * last, height, description, *parts)
    return Picture(markup, description)


def _edge(start, end, w):
    """The arrow, and its number near the receiver, where edges that cross have parted."""
    (x1, y1), (x2, y2) = start, end
    length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
    along = (x2 - x1) / length, (y2 - y1) / length
    off = [RADIUS * share for share in along]
    ends = x1 + off[0], y1 + off[1], x2 - off[0], y2 - off[1]
    if w is None:
        return arrow(*ends, "#888"), ""
    colour, dash = (ORANGE, None) if w >= 0 else (BLUE, "6 4")
    x, y = x1 + 0.68 * (x2 - x1), y1 + 0.68 * (y2 - y1)
    halo = {"stroke": GROUND, "stroke_width": 6, "paint_order": "stroke"}
    number = text(x, y + 4.5, f"{w:g}".replace("-", "−"), fill=colour, font_size=13, **halo)
    return arrow(*ends, colour, stroke_dasharray=dash), number
