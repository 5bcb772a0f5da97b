"""The natural neuron: unit 2, slide "Natural Neuron", with the part of an artificial one below each."""

from nnlib.figures.style import BLUE, GREEN, ORANGE, Picture
from nnlib.figures.svg import circle, element, line, svg, text

WIDTH, HEIGHT = 720, 300
GREY = "#888"

DENDRITES = (
    "M 227 133 C 190 108, 168 84, 150 48", "M 192 108 C 168 100, 140 96, 112 98",
    "M 170 84 C 150 78, 134 78, 118 66", "M 221 152 C 186 150, 150 154, 104 148",
    "M 164 152 C 144 162, 128 172, 104 176", "M 231 174 C 206 196, 184 214, 158 236",
    "M 190 208 C 164 208, 142 214, 116 216",
)  # fmt: skip
"""Branches that end in the cell body."""

AXON = "M 312 152 C 380 146, 430 158, 510 150"
ENDS = ("M 510 150 C 540 140, 556 112, 588 100", "M 510 150 C 540 152, 564 152, 592 152",
        "M 510 150 C 540 164, 556 190, 586 202")  # fmt: skip
"""Where the axon branches: each end touches another neuron."""


def natural_neuron():
    """Dendrites, soma, axon and synapses, and what each is in an artificial neuron."""
    description = (
        "A nerve cell. Dendrites, branches on the left, receive signals: the inputs x_i. The soma, "
        "the cell body, adds them up: the weighted sum a, then g. The axon, a long fibre, carries "
        "the answer away: the output y. At its ends synapses pass it on to other neurons, strongly "
        "or weakly: the weights w_ji."
    )
    parts = [_path(d, BLUE, 4) for d in DENDRITES]
    parts += [_path(AXON, ORANGE, 6), *(_path(d, ORANGE, 3.5) for d in ENDS), *_pulses()]
    soma = (
        "M 226 130 C 240 104, 286 106, 306 140 C 312 150, 310 162, 300 172 "
        "C 278 200, 242 196, 230 172 C 222 158, 220 146, 226 130 Z"
    )
    parts += [
        element("path", d=soma, fill="none", stroke=GREEN, stroke_width=4),
        circle(266, 152, 15, stroke=GREEN),
    ]
    for x, y in ((588, 100), (592, 152), (586, 202)):
        parts += [circle(x + 5, y, 6, fill=ORANGE, stroke="none"), _receiver(x + 15, y)]
    columns = (
        (110, "dendrites", "receive signals", "inputs x_i", BLUE),
        (266, "soma", "adds them up", "sum a, then g", GREEN),
        (420, "axon", "carries the answer away", "output y", ORANGE),
        (616, "synapses", "pass it on, strongly or weakly", "weights w_ji", ORANGE),
    )
    for x, name, task, counterpart, colour in columns:
        parts += [
            text(x, 24, name, fill=colour, font_weight="bold"),
            text(x, 262, task, font_size=13), text(x, 284, counterpart, font_size=14, font_style="italic"),
        ]  # fmt: skip
    parts += [line(110, 32, 132, 60, stroke=GREY), line(266, 32, 266, 106, stroke=GREY),
              line(420, 32, 420, 142, stroke=GREY), line(610, 32, 597, 88, stroke=GREY)]  # fmt: skip
    return Picture(svg(WIDTH, HEIGHT, description, *parts), description)


def _path(d, colour, width):
    return element("path", d=d, fill="none", stroke=colour, stroke_width=width, stroke_linecap="round")


def _pulses():
    """Marks along the axon that say which way the signal goes."""
    return [
        element("path", d=f"M {x} {y} l 10 6 l -10 6", fill="none", stroke=ORANGE, stroke_width=2)
        for x, y in ((352, 162), (400, 162), (448, 166))
    ]


def _receiver(x, y):
    """The dendrite of the next neuron, with the gap of the synapse before it."""
    return element(
        "path", d=f"M {x + 40} {y} h -32 m 0 -9 c -10 5, -10 13, 0 18",
        fill="none", stroke=BLUE, stroke_width=4, stroke_linecap="round",
    )  # fmt: skip
