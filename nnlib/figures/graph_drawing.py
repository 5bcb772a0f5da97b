"""A network by arbitrary connectivity as a drawing: unit 2, slide "Architecture"."""

from nnlib.figures.style import BLUE, ORANGE, PINK, Picture
from nnlib.figures.svg import GROUND, arrow, circle, element, svg, text

ACROSS, DOWN, RADIUS, MARGIN = 120, 84, 24, 64


def graph_drawing(places, connections, order=None, cycle=None, signals=False):
    """Nodes at their places, an arrow for each connection.

    Parameters
    ----------
    places: node -> (column, row), fractions allowed.
    connections: pairs (sender, receiver), or a dict pair -> weight, written beside the arrows;
        blue is negative and dashed, orange positive.
    order: nodes in a topological order; each gets its number.
    cycle: nodes along a cycle, the first again at the end; its connections are pink and thick.
    signals: (nodes that receive signals from the environment, nodes that give signals out), drawn
        as short arrows.

    Raises ValueError for a connection of a node that has no place.
    """
    weights = connections if isinstance(connections, dict) else dict.fromkeys(map(tuple, connections))
    for pair in weights:
        for node in pair:
            if node not in places:
                raise ValueError(f"The connection {pair} needs a place for {node}; there are {list(places)}.")
    at = {n: (MARGIN + ACROSS * column, MARGIN + DOWN * row) for n, (column, row) in places.items()}
    on_cycle = set(zip(cycle, cycle[1:], strict=False)) if cycle else set()
    parts, labels = [], []
    for (i, j), w in weights.items():
        colour, width = (PINK, 3.5) if (i, j) in on_cycle else ("#888", 1.6)
        dash = None
        if w is not None and (i, j) not in on_cycle:
            colour, dash = (ORANGE, None) if w >= 0 else (BLUE, "6 4")
        path, head, (x, y) = edge(at[i], at[j], bend(i, j, at, weights))
        parts += [
            element("path", d=path, fill="none", stroke=colour, stroke_width=width, stroke_dasharray=dash),
            element("polygon", points=head, fill=colour),
        ]  # fmt: skip
        if w is not None:
            halo = {"stroke": GROUND, "stroke_width": 6, "paint_order": "stroke"}
            labels.append(text(x, y + 4.5, f"{w:g}".replace("-", "−"), fill=colour, font_size=13, **halo))
    parts += labels
    enter, leave = signals or ((), ())
    # Signals come in from the upper left and go out to the upper right, where no connection lies.
    near, far = 0.72 * RADIUS, 0.72 * (RADIUS + 32)
    for nodes, start, end in ((enter, -far, -near), (leave, near, far)):
        for x, y in (at[node] for node in nodes):
            parts.append(arrow(x + start, y - abs(start), x + end, y - abs(end), "#888", stroke_width=2.5))
    for node, (x, y) in at.items():
        parts += [circle(x, y, RADIUS), text(x, y + 5, _named(node))]
        if order and node in order:
            parts.append(
                text(x + RADIUS, y - RADIUS + 6, str(list(order).index(node) + 1), font_size=13, fill=BLUE)
            )
    width = max(x for x, _ in at.values()) + MARGIN
    height = max(y for _, y in at.values()) + MARGIN - 14
    description = _described(weights, order, cycle, signals)
    return Picture(svg(width, height, description, *parts), description)


def _named(node):
    """x1 is written with a subscript."""
    return f"{node[:-1]}_{node[-1]}" if node[-1:].isdigit() and not node.isdigit() else node


def bend(i, j, at, connections):
    """How far the arrow from i to j bows to its left, in pixels: 0 if nothing is in its way."""
    if i == j:
        return 0
    if (j, i) in connections:
        return 26
    (x1, y1), (x2, y2) = at[i], at[j]
    length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
    for node, (x, y) in at.items():
        along = ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / length**2
        off = ((x - x1) * (y2 - y1) - (y - y1) * (x2 - x1)) / length
        if node not in (i, j) and 0 < along < 1 and abs(off) < RADIUS + 6:
            return 50 if off <= 0 else -50
    return 0


def edge(start, end, bow):
    """The path of an arrow as SVG, the points of its head, and where a number has its place."""
    (x1, y1), (x2, y2) = start, end
    if start == end:
        path = f"M {x1 - 12} {y1 - 21} C {x1 - 34} {y1 - 66}, {x1 + 34} {y1 - 66}, {x1 + 14} {y1 - 27}"
        return path, f"{x1 + 10},{y1 - 20} {x1 + 21},{y1 - 26} {x1 + 12},{y1 - 31}", (x1, y1 - 56)
    length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
    left = (y2 - y1) / length, -(x2 - x1) / length
    # The control point of a quadratic curve lies twice as far out as the curve goes.
    cx, cy = (x1 + x2) / 2 + 2 * bow * left[0], (y1 + y2) / 2 + 2 * bow * left[1]

    def shortened(x, y, by):
        far = ((cx - x) ** 2 + (cy - y) ** 2) ** 0.5
        return x + by * (cx - x) / far, y + by * (cy - y) / far, (cx - x) / far, (cy - y) / far

    sx, sy, _, _ = shortened(x1, y1, RADIUS)
    ex, ey, back_x, back_y = shortened(x2, y2, RADIUS + 8)
    tip = ex - 8 * back_x, ey - 8 * back_y
    head = " ".join(
        f"{x:.1f},{y:.1f}"
        for x, y in (tip, (ex + 4 * back_y, ey - 4 * back_x), (ex - 4 * back_y, ey + 4 * back_x))
    )
    share = 0.32
    number = (
        (1 - share) ** 2 * x1 + 2 * share * (1 - share) * cx + share**2 * x2,
        (1 - share) ** 2 * y1 + 2 * share * (1 - share) * cy + share**2 * y2,
    )
    return f"M {sx:.1f} {sy:.1f} Q {cx:.1f} {cy:.1f} {ex:.1f} {ey:.1f}", head, number


def _described(weights, order, cycle, signals):
    listed = ", ".join(
        f"{i} to {j}" + ("" if w is None else f" with weight {w:g}") for (i, j), w in weights.items()
    )
    description = f"A network with the connections {listed}."
    if signals:
        description += f" Signals come in at {', '.join(signals[0])} and go out at {', '.join(signals[1])}."
    if order:
        description += f" In this order each node comes after its senders: {', '.join(order)}."
    if cycle:
        description += f" A cycle leads along {' to '.join(cycle)}."
    return description
