"""A recorded computation as a picture: each node with its value and its adjoint. Unit 5."""

import numpy as np

from nnlib.figures.style import BLUE, ORANGE, Picture
from nnlib.figures.svg import GROUND, INK, arrow, element, line, svg, text

WIDTH, HEIGHT, ACROSS, DOWN = 128, 58, 172, 84
SIGNS = {"add": "+", "subtract": "−", "multiply": "·", "divide": "/", "matmul": "@", "negative": "−"}


def computation_graph(output):
    """The graph of all that a `Variable` depends on, inputs on the left, and the same as text.

    Values are blue, adjoints ∂output/∂node, known after `output.backward()`, orange.
    Raises ValueError for more than 40 nodes: they could not be read.
    """
    nodes = output.history()[::-1]
    if len(nodes) > 40:
        raise ValueError(f"The graph has {len(nodes)} nodes: at most 40 can be read in a picture.")
    depth = {}
    for node in nodes:
        depth[node] = 1 + max((depth[x] for x in node.inputs), default=-1)
    columns = [[node for node in nodes if depth[node] == d] for d in range(max(depth.values()) + 1)]
    names = {node: node.name or f"v{n}" for n, node in enumerate(nodes, 1)}
    height = DOWN * max(map(len, columns)) + 20
    places = {
        node: (20 + ACROSS * d, height / 2 + DOWN * (row - (len(column) - 1) / 2) - HEIGHT / 2)
        for d, column in enumerate(columns) for row, node in enumerate(column)
    }  # fmt: skip
    parts = []
    for node in nodes:
        x2, y2 = places[node]
        for sender in dict.fromkeys(node.inputs):
            x1, y1 = places[sender]
            turn = x2 - (ACROSS - WIDTH)  # straight on to the column before, so as not to cross its boxes
            parts += [
                line(x1 + WIDTH, y1 + HEIGHT / 2, turn, y1 + HEIGHT / 2, stroke="#888"),
                arrow(turn, y1 + HEIGHT / 2, x2 - 1, y2 + HEIGHT / 2, "#888"),
            ]
    for node, (x, y) in places.items():
        formula = _formula(node, names)
        fitting = min(13.0, 210 / len(formula))
        parts += [
            element("rect", x=x, y=y, width=WIDTH, height=HEIGHT, rx=6, fill=GROUND, stroke=INK),
            text(x + WIDTH / 2, y + 17, formula, font_size=fitting),
            text(x + WIDTH / 2, y + 34, _short(node.value, 18), fill=BLUE, font_size=12),
            text(x + WIDTH / 2, y + 50, _adjoint(node, 10), fill=ORANGE, font_size=12),
        ]
    words = "; ".join(
        f"{_formula(node, names)}: value {_short(node.value, 80)}, {_adjoint(node, 80)}" for node in nodes
    )
    description = f"A computation as a graph. {words}."
    return Picture(svg(40 + ACROSS * len(columns), height, description, *parts), description)


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
    array = np.asarray(array)
    if array.size == 1:
        return f"{float(array.reshape(())):.4g}".replace("-", "−")
    if array.size <= longest:
        numbers = np.array2string(array, formatter={"float": lambda x: f"{x:.4g}"}, max_line_width=10**6)
        if len(numbers) <= longest:
            return numbers.replace("\n", "").replace("-", "−")
    return f"array {' x '.join(map(str, array.shape))}"
