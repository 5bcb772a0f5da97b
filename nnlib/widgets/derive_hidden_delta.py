"""The delta of a hidden neuron, derived line by line: unit 4, slides "Deltas (Hidden Neurons)"."""

import traitlets

from nnlib.figures.style import ORANGE
from nnlib.figures.svg import circle, line, svg, text
from nnlib.widgets.backpropagation_values import number
from nnlib.widgets.live_figure import LiveFigure

DELTAS, WEIGHTS, SLOPE = (0.4, -0.2, 0.5), (1.0, -0.5, 0.6), 0.5
"""δ_j and w_ji of the three next neurons, and g'(a_i), for the line with numbers."""

SENT = [f"i-{j}" for j in (1, 2, 3)]
ON = [f"{j}-E" for j in (1, 2, 3)]

LINES = [
    (
        "δ_i = ∂Eⁿ/∂a_i",
        "The delta of a neuron is the derivative of the error by its weighted sum: nothing else "
        "is to be found here.",
        ["i"],
    ),
    (
        "y_i = g(a_i) goes to every neuron j",
        "A change of a_i reaches the error on three paths, one through each neuron that receives "
        "y_i. There is no other way.",
        ["i", *SENT, *ON, "E"],
    ),
    (
        "δ_i = Σ_j ∂Eⁿ/∂a_j · ∂a_j/∂a_i",
        "The chain rule for several paths: multiply along a path, add over the paths.",
        ["i", *SENT, *ON, "E"],
    ),
    (
        "∂Eⁿ/∂a_j = δ_j",
        "The second half of each path is the delta of neuron j by its definition, and it is known: "
        "we go from the output down.",
        ["1", "2", "3", *ON, "E"],
    ),
    (
        "δ_i = Σ_j δ_j · ∂a_j/∂a_i",
        "Only the first half of each path remains: how a_j depends on a_i.",
        ["i", *SENT],
    ),
    (
        "a_j = Σ_i′ w_ji′ x_i′ = w_ji g(a_i) + all other inputs",
        "Neuron j has many inputs i′. One of them is ours: x_i = y_i = g(a_i).",
        ["i", "other", *SENT, "other-1", "other-2", "other-3"],
    ),
    (
        "∂a_j/∂a_i = w_ji g'(a_i)",
        "The other inputs do not depend on a_i and vanish. The weight is a factor, and g brings "
        "its derivative.",
        ["i", *SENT],
    ),
    (
        "δ_i = Σ_j δ_j w_ji g'(a_i)",
        "Put the two halves of each path together.",
        ["i", *SENT, "1", "2", "3"],
    ),
    (
        "δ_i = g'(a_i) Σ_j δ_j w_ji",
        "g'(a_i) is the same in every term: it comes out of the sum. The deltas run back along "
        "the same weights that carried y_i forward.",
        ["i", *SENT, "1", "2", "3"],
    ),
]


def numbers():
    """The last line: the same with numbers."""
    terms = " + ".join(f"{_bracketed(d)} · {_bracketed(w)}" for d, w in zip(DELTAS, WEIGHTS, strict=True))
    value = SLOPE * sum(d * w for d, w in zip(DELTAS, WEIGHTS, strict=True))
    return f"δ_i = {number(SLOPE)} · ({terms}) = {number(value)}"


def _bracketed(value):
    return f"({number(value)})" if value < 0 else number(value)


class DeriveHiddenDelta(LiveFigure):
    """The lines of the derivation, each with what it says and the parts that it lights up."""

    name = "derive_hidden_delta"
    parts = ("network_picture", "step_card")
    lines = traitlets.List().tag(sync=True)
    deltas = traitlets.List().tag(sync=True)
    weights = traitlets.List().tag(sync=True)
    slope = traitlets.Float().tag(sync=True)
    position = traitlets.Int(0).tag(sync=True)

    def text(self):
        told = [f"{one['line']}\n    {one['says']}" for one in self.lines]
        return "\n".join(told).replace("_", "")

    def svg(self):
        i, error = (70, 150), (420, 150)
        parts = [text(i[0], i[1] + 50, "i"), circle(*i, 27), circle(*error, 27)]
        parts += [text(i[0], i[1] + 5, "g(a_i )"), text(error[0], error[1] + 5, "Eⁿ")]
        for j, y in enumerate((60, 150, 240)):
            parts = [
                line(*i, 250, y, stroke=ORANGE, stroke_width=2.5),
                line(250, y, *error),
                *parts,
                circle(250, y, 27),
                text(250, y + 5, f"δ_{j + 1}", fill=ORANGE),
                text(160, (i[1] + y) / 2 - 6, f"w_{j + 1}i"),
            ]
        return svg(480, 300, "Hidden neuron i sends to three neurons j, and they reach the error", *parts)


def derive_hidden_delta():
    """Derive δ_i = g'(a_i) Σ_j δ_j w_ji; each press of → reveals a line and lights its edges."""
    last = (numbers(), "The same with the numbers of the picture.", ["i", *SENT, "1", "2", "3"])
    return DeriveHiddenDelta(
        lines=[{"line": one, "says": says, "lit": lit} for one, says, lit in [*LINES, last]],
        deltas=list(DELTAS),
        weights=list(WEIGHTS),
        slope=SLOPE,
    )
