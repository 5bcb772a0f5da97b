"""The delta of a hidden neuron, derived line by line: unit 4, slides "Deltas (Hidden Neurons)"."""

import traitlets

from nnlib.figures.svg import element, text
from nnlib.widgets.live_figure import LiveFigure
from nnlib.widgets.notation import number, plain
from nnlib.widgets.picture import GROUND, SOFT, picture

DELTAS, WEIGHTS, SLOPE = (0.4, -0.2, 0.5), (1.0, -0.5, 0.6), 0.5
"""δ_j and w_ji of the three next neurons, and g'(a_i), for the line with numbers."""

SENT = [f"i-{j}" for j in (1, 2, 3)]
ON = [f"{j}-E" for j in (1, 2, 3)]

LINES = [
    (
        "δ_i = ∂E^n/∂a_i",
        "The delta of a neuron is the derivative of the error with respect to its weighted sum: this "
        "is what we look for.",
        ["i"],
    ),
    (
        'y_i = g(a_i) "goes to every neuron" j',
        "A change of a_i reaches the error on three paths, one through each neuron that receives "
        "y_i. There is no other way.",
        ["i", *SENT, *ON, "E"],
    ),
    (
        "δ_i = Σ_j ∂E^n/∂a_j · ∂a_j/∂a_i",
        "The chain rule for several paths: multiply along a path, add over the paths.",
        ["i", *SENT, *ON, "E"],
    ),
    (
        "∂E^n/∂a_j = δ_j",
        "The second half of each path is the delta of neuron j by its definition, and it is known: "
        "we go from the output back.",
        ["1", "2", "3", *ON, "E"],
    ),
    (
        "δ_i = Σ_j δ_j · ∂a_j/∂a_i",
        "Only the first half of each path remains: how a_j depends on a_i.",
        ["i", *SENT],
    ),
    (
        'a_j = Σ_{i′} w_ji′ x_i′ = w_ji g(a_i) + "others"',
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


NUMBERS = "δ_i = 0.5 (0.4 · 1 + (−0.2) · (−0.5) + 0.5 · 0.6) ="
"""The last line: the same with DELTAS, WEIGHTS and SLOPE."""

PLACES = {
    "i": (60, 120),
    "other": (60, 288),
    "1": (250, 60),
    "2": (250, 172),
    "3": (250, 284),
    "E": (420, 172),
}


class DeriveHiddenDelta(LiveFigure):
    """The lines of the derivation, each with what it says and the parts that it lights up."""

    name = "derive_hidden_delta"
    lines = traitlets.List().tag(sync=True)
    value = traitlets.Float().tag(sync=True)
    markup = traitlets.Unicode().tag(sync=True)
    position = traitlets.Int(0).tag(sync=True)

    def text(self):
        lines = [f"{plain(line['line'])}\n    {plain(line['says'])}" for line in self.lines]
        return "\n".join(lines) + f"\n    {number(self.value)}"

    def svg(self):
        return self.markup


def derive_hidden_delta():
    """Derive δ_i = g'(a_i) Σ_j δ_j w_ji; each press of → reveals a line and lights its edges."""
    ask = "Now the numbers of the picture. What is δ_i? Type it, or press Reveal."
    last = (NUMBERS, ask, ["i", *SENT, "1", "2", "3"])
    return DeriveHiddenDelta(
        lines=[{"line": line, "says": says, "lit": lit} for line, says, lit in [*LINES, last]],
        value=SLOPE * sum(d * w for d, w in zip(DELTAS, WEIGHTS, strict=True)),
        markup=drawing(),
    )


def drawing():
    """Neuron i and another one send to three neurons j, and these reach the error; parts have names."""
    edges, words, nodes = [], [], []
    for j, (delta, w) in enumerate(zip(DELTAS, WEIGHTS, strict=True), start=1):
        edges += [_edge("other", str(j)), _edge("i", str(j), w < 0), _edge(str(j), "E")]
        (x1, y1), (x2, y2) = PLACES["i"], PLACES[str(j)]
        x, y = x1 + 0.58 * (x2 - x1), y1 + 0.58 * (y2 - y1)
        words.append(_pill(x, y, f"w_{j}i = {w:.1f}".replace("-", "−")))
        nodes.append(_node(str(j), f"{j}", f"δ_{j} = {delta:.1f}".replace("-", "−")))
    nodes += [_node("i", "i", f"g'(a_i ) = {SLOPE}"), _node("other", "i′"), _node("E", "Eⁿ")]
    says = "Hidden neuron i and another one send to three neurons j = 1, 2, 3, and these reach the error"
    markup = picture(470, 340, says, *edges, *words, *nodes)
    return markup.replace("<svg", '<svg class="nnlib-network"', 1)


def _edge(sender, receiver, negative=False):
    (x1, y1), (x2, y2) = PLACES[sender], PLACES[receiver]
    line = element("line", x1=x1, y1=y1, x2=x2, y2=y2, class_="nnlib-wire", stroke=SOFT)
    return element("g", line, data_part=f"{sender}-{receiver}",
                   class_="nnlib-edge" + (" nnlib-negative" if negative else ""))  # fmt: skip


def _pill(x, y, words):
    rect = element("rect", x=x - 42, y=y - 11, width=84, height=22, rx=11, class_="nnlib-pill",
                   fill=GROUND, stroke=SOFT)  # fmt: skip
    return rect + text(x, y + 4.5, words, font_size=12)


def _node(name, letter, above=""):
    x, y = PLACES[name]
    halo = element("circle", cx=x, cy=y, r=33, class_="nnlib-halo", fill="none")
    circle = element("circle", cx=x, cy=y, r=26, class_="nnlib-neuron", fill=GROUND, stroke=SOFT)
    words = [text(x, y + 5, letter, font_style="italic"), text(x, y - 37, above, font_size=13)]
    return element("g", halo, circle, *words, class_="nnlib-node", data_part=name)
