"""A recorded computation as a picture: each node with its value and its adjoint. Unit 5."""

import itertools

import numpy as np

from nnlib.figures.style import BLUE, ORANGE, Picture
from nnlib.figures.svg import GROUND, INK, arrow, element, line, svg, text

WIDTH, HEIGHT, ACROSS, DOWN = 160, 58, 200, 84
IN_A_BAND = 4
"""So many columns stand side by side; more would be too small to be read, and stand below."""
SIGNS = {"add": "+", "subtract": "−", "multiply": "·", "divide": "/", "matmul": "@", "negative": "−"}


def computation_graph(output):
    """The graph of all that a `Variable` depends on, inputs on the left, and the same as text.

    Values are blue, adjoints ∂output/∂node, known after `output.backward()`, orange.
    Raises ValueError for more than 40 nodes: they could not be read.
    """
    nodes = output.history()[::-1]
    if len(nodes) > 40:
        raise ValueError(f"The graph has {len(nodes)} nodes: at most 40 can be read in a picture.")
    names = {node: node.name or f"v{n}" for n, node in enumerate(nodes, 1)}
    places, width, height = _placed(nodes)
    parts = []
    for node in nodes:
        for sender in dict.fromkeys(node.inputs):
            parts += _connection(places[sender], places[node])
    for node, (x, y, _) in places.items():
        formula = _formula(node, names)
        fitting = min(13.0, 255 / len(formula))
        parts += [
            element("rect", x=x, y=y, width=WIDTH, height=HEIGHT, rx=6, fill=GROUND, stroke=INK),
            text(x + WIDTH / 2, y + 17, formula, font_size=fitting),
            text(x + WIDTH / 2, y + 34, _short(node.value, 20), fill=BLUE, font_size=12),
            text(x + WIDTH / 2, y + 50, _adjoint(node, 18), fill=ORANGE, font_size=10.5),
        ]
    words = "; ".join(
        f"{_formula(node, names)}: value {_short(node.value, 80)}, {_adjoint(node, 80)}" for node in nodes
    )
    description = f"A computation as a graph. {words}."
    return Picture(svg(width, height, description, *parts), description)


def _placed(nodes):
    """Left upper corner of each node and the lower end of its band, and the size of the picture."""
    depth, used = {}, set()
    for node in nodes:
        depth[node] = 1 + max((depth[x] for x in node.inputs), default=-1)
    for node in nodes:
        for x in node.inputs:
            if not x.inputs:  # what is given stands beside its first use
                depth[x] = min(depth[x], depth[node] - 1) if x in used else depth[node] - 1
                used.add(x)
    columns = [[node for node in nodes if depth[node] == d] for d in range(max(depth.values()) + 1)]
    places, top = {}, 0
    left = 20 if len(columns) <= IN_A_BAND else ACROSS - WIDTH
    for first in range(0, len(columns), IN_A_BAND):
        band = columns[first : first + IN_A_BAND]
        height = DOWN * max(map(len, band)) + 20
        for d, column in enumerate(band):
            for row, node in enumerate(column):
                middle = top + height / 2 + DOWN * (row - (len(column) - 1) / 2)
                places[node] = left + ACROSS * d, middle - HEIGHT / 2, top + height
        top += height
    return places, left + ACROSS * min(len(columns), IN_A_BAND), top


def _connection(sender, receiver):
    """Straight on to the column before the receiver, so as not to cross boxes; or between two bands."""
    (x1, y1, end1), (x2, y2, end2) = sender, receiver
    y1, y2, turn = y1 + HEIGHT / 2, y2 + HEIGHT / 2, x2 - (ACROSS - WIDTH)
    corners = [(x1 + WIDTH, y1), (turn, y1)]
    if end1 != end2:
        half = (ACROSS - WIDTH) / 2
        turn = x2 - half
        out = x1 + WIDTH + half
        corners = [(x1 + WIDTH, y1), (out, y1), (out, end1), (turn, end1), (turn, y2)]
    lines = [line(*a, *b, stroke="#888") for a, b in itertools.pairwise(corners)]
    return [*lines, arrow(turn, corners[-1][1], x2 - 1, y2, "#888")]


def _formula(node, names):
    if not node.inputs:
        return names[node]
    inputs = [names[x] for x in node.inputs]
    if len(inputs) == 1 and (node.operation == "matmul" or getattr(node.operation, "nin", 1) == 2):
        inputs.append("…")  # a constant, which is not recorded
    sign = SIGNS.get(node.operation_name) if len(node.inputs) == 2 else None
    if sign:
        return f"{names[node]} = {inputs[0]} {sign} {inputs[1]}"
    return f"{names[node]} = {node.operation_name}({', '.join(inputs)})"


def _adjoint(node, longest):
    return "adjoint " + ("not known" if node.gradient is None else _short(node.gradient, longest))


def _short(array, longest):
    """The numbers of an array if they fit into so many letters, otherwise its shape."""
    array = np.asarray(array) + 0.0  # no -0
    if array.size == 1:
        return f"{float(array.reshape(())):.4g}".replace("-", "−")
    if array.size <= longest:
        numbers = np.array2string(array, formatter={"float": lambda x: f"{x:.4g}"}, max_line_width=10**6)
        if len(numbers) <= longest:
            return numbers.replace("\n", "").replace("-", "−")
    return f"array {' x '.join(map(str, array.shape))}"
