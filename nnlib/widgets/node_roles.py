"""Which node is input, output or hidden? Unit 2, the question of the slide "Artificial Neural Network"."""

import traitlets

from nnlib.figures.graph_drawing import graph_drawing
from nnlib.widgets.live_figure import LiveFigure

DRAWINGS = [
    {
        "title": "in layers",
        "places": {"p": (0, 0), "q": (0, 1), "r": (1, 0), "s": (1, 1), "u": (2, 0.5)},
        "connections": [("p", "r"), ("p", "s"), ("q", "r"), ("q", "s"), ("r", "u"), ("s", "u")],
        "enter": ["p", "q"],
        "leave": ["u"],
    },
    {
        "title": "with a shortcut",
        "places": {"p": (2, 0), "q": (0, 1), "r": (1, 1), "s": (2, 1), "u": (0, 0), "v": (3, 0.5)},
        "connections": [("q", "r"), ("r", "s"), ("s", "v"), ("u", "p"), ("p", "v"), ("u", "r")],
        "enter": ["q", "u"],
        "leave": ["v"],
    },
    {
        "title": "outputs at odd places",
        "places": {"p": (0, 0.5), "q": (1, 0), "r": (1, 1), "s": (2, 1), "u": (3, 1)},
        "connections": [("p", "q"), ("p", "r"), ("r", "s"), ("s", "u")],
        "enter": ["p"],
        "leave": ["q", "s", "u"],
    },
    {
        "title": "with a way back",
        "places": {"p": (0, 0), "q": (1, 0), "r": (2, 0), "s": (1, 1), "u": (0, 1)},
        "connections": [("p", "q"), ("q", "r"), ("r", "s"), ("s", "q"), ("u", "s")],
        "enter": ["p", "u", "r"],
        "leave": ["r"],
    },
]
"""Four networks. Signals from the environment come in at `enter` and go out at `leave`."""


def role(drawing, node):
    """ "input", "output", "both" or "hidden": only the environment decides."""
    comes, goes = node in drawing["enter"], node in drawing["leave"]
    return "both" if comes and goes else "input" if comes else "output" if goes else "hidden"


class NodeRoles(LiveFigure):
    """Networks whose nodes the reader names: input, hidden, output, or both."""

    name = "node_roles"
    drawings = traitlets.List().tag(sync=True)
    shown = traitlets.Int(0).tag(sync=True)
    answers = traitlets.List().tag(sync=True)

    def text(self):
        drawing = DRAWINGS[self.shown]
        named = [f"{node}: {role(drawing, node)}" for node in drawing["places"]]
        return f"A network {drawing['title']}. {', '.join(named)}."

    def svg(self):
        drawing = DRAWINGS[self.shown]
        signals = drawing["enter"], drawing["leave"]
        return graph_drawing(drawing["places"], drawing["connections"], signals=signals).markup


def node_roles(shown=0):
    """Four networks, one after the other, of which each node is to be named.

    Raises ValueError for a number of a network other than 0 to 3.
    """
    if shown not in range(len(DRAWINGS)):
        raise ValueError(f"shown must be a number from 0 to {len(DRAWINGS) - 1}, got {shown!r}.")
    plain = [
        drawing
        | {
            "places": {node: list(place) for node, place in drawing["places"].items()},
            "connections": [list(pair) for pair in drawing["connections"]],
            "roles": {node: role(drawing, node) for node in drawing["places"]},
        }
        for drawing in DRAWINGS
    ]
    return NodeRoles(drawings=plain, shown=int(shown), answers=[{} for _ in plain])
