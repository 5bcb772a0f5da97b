"""Decision surfaces of the same network on the same data, one for each activation: unit 3."""

import functools

import numpy as np
import traitlets

from nnlib import datasets
from nnlib.figures.svg import circle, element, text
from nnlib.network import Network
from nnlib.widgets.in_order import train_in_order
from nnlib.widgets.live_figure import LiveFigure
from nnlib.widgets.picture import BLUE, ORANGE, picture

FUNCTIONS = ("identity", "relu", "tanh", "sigmoid")
SIZES, ALPHA, BATCH = [2, 8, 8, 1], 0.05, 10
SHOWN = 100
"""Epochs after which the still picture is drawn."""


def point_sets():
    """Points within -1.25 .. 1.25 by name, each [x_1, x_2, class]."""
    moons, classes = datasets.two_moons(100, rng=3)
    sets = {
        "moons": ((moons - (0.5, 0.25)) / 1.5, classes),
        "spirals": datasets.spirals(100, rng=1, turns=1.0),
        "XOR": (2 * datasets.xor()[0] - 1, datasets.xor()[1]),
    }
    return {name: np.column_stack(pair).round(4).tolist() for name, pair in sets.items()}


def start():
    """(W, b) by layer, the same for all activations: standard deviation 2 / √I, biases 0."""
    rng = np.random.default_rng(2)
    sizes = zip(SIZES, SIZES[1:], strict=False)
    return [(rng.normal(0, 2 / np.sqrt(I), (J, I)).round(4), np.zeros(J)) for I, J in sizes]


class DecisionSurfaces(LiveFigure):
    """Four networks that differ in g alone, trained in the page side by side, near and far out."""

    name = "decision_surfaces"
    data = traitlets.Dict().tag(sync=True)
    weights = traitlets.List().tag(sync=True)
    functions = traitlets.List().tag(sync=True)
    points = traitlets.Unicode().tag(sync=True)
    alpha = traitlets.Float(ALPHA).tag(sync=True)
    batch_size = traitlets.Int(BATCH).tag(sync=True)

    def samples(self):
        """X (N, 2) and T (N, 1) of the chosen points."""
        rows = np.array(self.data[self.points])
        return rows[:, :2], rows[:, 2:]

    def trained(self, activation, epochs):
        """The network with this activation after some epochs; batches in the order of the points."""
        rows = tuple(map(tuple, self.data[self.points]))
        return _trained(rows, activation, self.alpha, self.batch_size, epochs).copy()

    def right(self, activation, epochs):
        """How many points are on the right side of the boundary after some epochs."""
        X, T = self.samples()
        return int(np.sum((self.trained(activation, epochs).forward(X) > 0.5) == (T == 1)))

    def text(self):
        counts = ", ".join(f"{g} {self.right(g, SHOWN)}" for g in self.functions)
        return (
            f"{self.points}, {len(self.samples()[0])} points, networks 2-8-8-1. "
            f"On the right side after {SHOWN} epochs: {counts}"
        )

    def svg(self):
        count, side, parts = 20, 160, []
        grid = np.linspace(-1.25, 1.25, count)
        places = np.array([(x, y) for y in grid[::-1] for x in grid])
        cell = side / count
        for number, g in enumerate(self.functions):
            left = 10 + (side + 15) * number
            outputs = self.trained(g, SHOWN).forward(places)[:, 0]
            parts += [
                element("rect", x=left + cell * (n % count), y=30 + cell * (n // count), width=cell,
                        height=cell, fill=ORANGE if y > 0.5 else BLUE,
                        fill_opacity=round(abs(float(y) - 0.5), 2))
                for n, y in enumerate(outputs)
            ]  # fmt: skip
            for (x, y), (t,) in zip(*self.samples(), strict=True):
                x, y = float(left + side / 2 + 64 * x), float(30 + side / 2 - 64 * y)
                square = element("rect", x=x - 2.5, y=y - 2.5, width=5, height=5, fill=ORANGE)
                parts.append(square if t else circle(x, y, 2.5, fill=BLUE, stroke="none"))
            parts.append(text(left + side / 2, 20, g))
        return picture(720, 205, f"Where four networks see each of two classes. {self.text()}", *parts)


@functools.lru_cache(maxsize=4 * len(FUNCTIONS))
def _trained(rows, activation, alpha, batch_size, epochs):
    """Kept: the picture and its texts want the same networks, and each takes a good part of a second."""
    points = np.array(rows)
    network = Network.of(start(), [activation] * (len(SIZES) - 2) + ["sigmoid"])
    return train_in_order(network, points[:, :2], points[:, 2:], alpha, batch_size, epochs)


def decision_surfaces(points="moons"):
    """Train four networks with identity, relu, tanh and sigmoid side by side in the page.

    Raises
    ------
    ValueError: points other than "moons", "spirals" or "XOR".
    """
    data = point_sets()
    if points not in list(data):
        raise ValueError(f"points must be one of {', '.join(data)}; got {points!r}.")
    return DecisionSurfaces(
        data=data,
        # As backpropagation.js has them: an empty list first, a row of weights ends with its bias.
        weights=[[], *(np.column_stack(pair).tolist() for pair in start())],
        functions=list(FUNCTIONS),
        points=points,
    )
