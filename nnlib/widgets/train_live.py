"""A network that trains in the page, on points that can be added by click: unit 4."""

import numpy as np
import traitlets

from nnlib import datasets
from nnlib.arguments import learning_rate
from nnlib.backpropagation import backpropagate
from nnlib.figures.svg import element, text
from nnlib.network import Network
from nnlib.widgets.in_order import train_in_order
from nnlib.widgets.live_figure import LiveFigure
from nnlib.widgets.picture import BLUE, ORANGE, class_mark, picture

NETWORKS = {
    "2-1, no hidden layer": [2, 1],
    "2-2-1": [2, 2, 1],
    "2-4-1": [2, 4, 1],
    "2-8-1": [2, 8, 1],
    "2-8-8-1": [2, 8, 8, 1],
    "2-4-4-4-4-1": [2, 4, 4, 4, 4, 1],
}
ACTIVATIONS = ("tanh", "sigmoid", "relu")
SHOWN = 30
"""Epochs after which the still picture is drawn."""


def point_sets(seed):
    """Points within -1.25 .. 1.25 by name, each [x_1, x_2, class, noise in x_1, noise in x_2].

    Another seed gives other points of the same kinds. A noise has standard deviation 1: the page adds
    a share of it.
    """
    moons, classes = datasets.two_moons(100, rng=3 + seed)
    sets = {
        "spirals": datasets.spirals(100, rng=1 + seed, turns=1.0),
        "moons": ((moons - (0.5, 0.25)) / 1.5, classes),
        "XOR": (2 * datasets.xor()[0] - 1, datasets.xor()[1]),
        "only your points": (np.empty((0, 2)), np.empty((0, 1))),
    }
    rng = np.random.default_rng(seed)
    return {
        name: np.column_stack((X, T, rng.normal(size=X.shape))).round(4).tolist()
        for name, (X, T) in sets.items()
    }


class TrainLive(LiveFigure):
    """Mini-batch gradient descent on two classes: cross-entropy, sigmoid output.

    Lists by layer begin with an empty one; a row of weights ends with the bias.
    """

    name = "train_live"
    data = traitlets.Dict().tag(sync=True)
    tests = traitlets.Dict().tag(sync=True)
    starts = traitlets.Dict().tag(sync=True)
    activation_names = traitlets.List().tag(sync=True)
    points = traitlets.Unicode().tag(sync=True)
    network = traitlets.Unicode().tag(sync=True)
    activation = traitlets.Unicode("tanh").tag(sync=True)
    added = traitlets.List().tag(sync=True)
    alpha = traitlets.Float(0.1).tag(sync=True)
    batch_size = traitlets.Int(10).tag(sync=True)
    noise = traitlets.Float(0.0).tag(sync=True)

    def samples(self):
        """X (N, 2) and T (N, 1) of the chosen points and those that were added."""
        return self._moved([*self.data[self.points], *self.added])

    def test_samples(self):
        """Other points of the same kind, which are never trained with."""
        return self._moved(self.tests[self.points])

    def _moved(self, rows):
        rows = np.array([[*row, 0, 0][:5] for row in rows], dtype=float).reshape(-1, 5)
        return rows[:, :2] + self.noise * rows[:, 3:], rows[:, 2:3]

    def trained(self, epochs):
        """The network after some epochs from its start; batches are taken in the points' order."""
        rows = [np.array(W) for W in self.starts[self.network][1:]]
        names = [self.activation] * (len(rows) - 1) + ["sigmoid"]
        network = Network.of([(W[:, :-1], W[:, -1]) for W in rows], names)
        X, T = self.samples()
        return train_in_order(network, X, T, self.alpha, self.batch_size, epochs)

    def error(self, epochs):
        """E over all points after some epochs."""
        return self._error_of(self.trained(epochs), *self.samples())

    def test_error(self, epochs):
        """E over the test points after some epochs."""
        return self._error_of(self.trained(epochs), *self.test_samples())

    @staticmethod
    def _error_of(network, X, T):
        return float(backpropagate(network, X, T, "cross_entropy")[0]) if len(X) else 0.0

    def text(self):
        return (
            f"{self.points}, {len(self.samples()[0])} points; network {self.network}, "
            f"{self.activation}; α = {self.alpha:.3f}\n"
            f"E = {self.error(0):.4f} at the start, {self.error(SHOWN):.4f} after {SHOWN} epochs, "
            f"{self.test_error(SHOWN):.4f} for {len(self.test_samples()[0])} test points"
        )

    def svg(self):
        network, count = self.trained(SHOWN), 24
        grid = np.linspace(-1.25, 1.25, count)
        places = np.array([(x, y) for y in grid[::-1] for x in grid])
        side = 300 / count
        cells = [
            element("rect", x=10 + side * (n % count), y=10 + side * (n // count), width=side,
                    height=side, fill=ORANGE if y > 0.5 else BLUE,
                    fill_opacity=round(abs(float(y) - 0.5), 3))
            for n, y in enumerate(network.forward(places)[:, 0])
        ]  # fmt: skip
        marks = []
        for (x, y), (t,) in zip(*self.samples(), strict=True):
            marks.append(class_mark(float(160 + 120 * x), float(160 - 120 * y), t, 4))
        words = f"Points of two classes and where the network sees each of them. {self.text()}"
        return picture(320, 340, words, *cells, *marks, text(160, 332, "x_1 (to the right), x_2 (upwards)"))


def train_live(points="spirals", network="2-8-8-1", activation="tanh", alpha=0.1):
    """Train in the page: play, pause, step by one epoch, reset to the same start.

    Parameters
    ----------
    points: "spirals", "moons", "XOR" or "only your points"; a click adds more to any of them.
    network: one of `NETWORKS`; activation: of its hidden layers, "tanh", "sigmoid" or "relu".

    Raises
    ------
    ValueError: another name, or α not in 0 < α <= 1.
    """
    data = point_sets(0)
    for value, names, what in (
        (points, data, "points"),
        (network, NETWORKS, "network"),
        (activation, ACTIVATIONS, "activation"),
    ):
        if value not in list(names):
            raise ValueError(f"{what} must be one of {', '.join(names)}; got {value!r}.")
    starts = {}
    for name, sizes in NETWORKS.items():
        layers = Network(sizes, "tanh", "sigmoid", rng=2).layers
        starts[name] = [[], *(np.column_stack((layer.W, layer.b)).tolist() for layer in layers)]
    return TrainLive(
        data=data,
        tests=point_sets(100) | {"XOR": []},
        starts=starts,
        activation_names=list(ACTIVATIONS),
        points=points,
        network=network,
        activation=activation,
        alpha=learning_rate(alpha),
    )
