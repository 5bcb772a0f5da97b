"""The error surface of XOR along two chosen weights of a 2-2-1 network: unit 4."""

import numpy as np
import traitlets

from nnlib.backpropagation import backpropagate
from nnlib.datasets import xor
from nnlib.figures.svg import circle, element, text
from nnlib.network import Network
from nnlib.widgets.live_figure import LiveFigure
from nnlib.widgets.notation import plain
from nnlib.widgets.picture import BLUE, GROUND, ORANGE, picture

RANGE = 6.0
"""Each of the two weights goes from -RANGE to RANGE."""

PLACES = [(1, j, i) for j in range(2) for i in range(3)] + [(2, 0, i) for i in range(3)]
"""The nine weights: layer, neuron, input; the input after the last is the bias."""


def name(place):
    """The weight from x_1 to h_2 is "w_{h_2 x_1}", the bias of the output "b_{y_1}"."""
    layer, j, i = place
    to, sender = ("h", "x") if layer == 1 else ("y", "h")
    return f"b_{{{to}_{j + 1}}}" if i == 2 else f"w_{{{to}_{j + 1} {sender}_{i + 1}}}"


STARTS = {"a solution": (-2.0, 3.0), "small random weights": (-2.0, -2.0), "all weights zero": (0.0, 0.0)}
"""First values of the two chosen weights. Only from all weights zero a step changes nothing."""


def surroundings():
    """Weights around which the surface is cut, by name: lists by layer with the bias last."""
    small = Network([2, 2, 1], "tanh", rng=1)
    # One hidden neuron turns on from one input of 1, the other from two: their difference is XOR.
    low, high = np.tanh(3) - np.tanh(1), 2 * np.tanh(1)
    scale = 1 / (high - low)
    solution = [[], [[2.0, 2.0, -1.0], [2.0, 2.0, -3.0]], [[scale, -scale, -scale * low]]]
    drawn = [[], *(np.column_stack((W.W, W.b)).tolist() for W in small.layers)]
    zero = [[], [[0.0] * 3] * 2, [[0.0] * 3]]
    return {"a solution": solution, "small random weights": drawn, "all weights zero": zero}


class XorSurface(LiveFigure):
    """E of XOR over two weights of a 2-2-1 network, tanh in the hidden layer; the others stay."""

    name = "xor_surface"
    surroundings = traitlets.Dict().tag(sync=True)
    starts = traitlets.Dict().tag(sync=True)
    names = traitlets.List().tag(sync=True)
    places = traitlets.List().tag(sync=True)
    inputs = traitlets.List().tag(sync=True)
    targets = traitlets.List().tag(sync=True)
    around = traitlets.Unicode().tag(sync=True)
    weights = traitlets.List().tag(sync=True)
    chosen = traitlets.List().tag(sync=True)
    alpha = traitlets.Float(0.1).tag(sync=True)

    def measure(self, first=None, second=None):
        """E and its derivatives with respect to the two chosen weights, at present or at other values."""
        rows = [np.array(W, dtype=float) for W in self.weights[1:]]
        (layer, j, i), (other_layer, k, h) = (self.places[index] for index in self.chosen)
        if first is not None:
            rows[layer - 1][j, i], rows[other_layer - 1][k, h] = first, second
        network = Network.of([(W[:, :-1], W[:, -1]) for W in rows], ["tanh", "identity"])
        E, gradients = backpropagate(network, np.array(self.inputs), np.array(self.targets))
        gradients = [np.column_stack(pair) for pair in gradients]
        return float(E), float(gradients[layer - 1][j, i]), float(gradients[other_layer - 1][k, h])

    def values(self):
        """The present values of the two chosen weights."""
        return [self.weights[layer][j][i] for layer, j, i in (self.places[c] for c in self.chosen)]

    def text(self):
        E, *derivatives = self.measure()
        weights = [
            f"{plain(self.names[c])} = {value:.2f} (∂E/∂{plain(self.names[c])} = {derivative:.4f})"
            for c, value, derivative in zip(self.chosen, self.values(), derivatives, strict=True)
        ]
        return f"XOR: {', '.join(weights)}: E = {E:.4f}"

    def svg(self):
        count, side = 25, 11
        grid = np.linspace(-RANGE, RANGE, count)
        errors = np.array([[self.measure(w, v)[0] for w in grid] for v in grid[::-1]])
        shares = np.log1p(40 * (errors - errors.min()) / (np.ptp(errors) + 1e-9)) / np.log(41)
        cells = [
            element("rect", x=30 + side * c, y=10 + side * r, width=side, height=side, fill=BLUE,
                    fill_opacity=round(float(0.75 * shares[r, c]), 3))
            for r in range(count) for c in range(count)
        ]  # fmt: skip
        w, v = (side * count * (value + RANGE) / (2 * RANGE) for value in self.values())
        names = [self.names[c] for c in self.chosen]
        return picture(
            320, 320, f"The error of XOR over two weights, pale is low. {self.text()}", *cells,
            circle(30 + w, 10 + side * count - v, 6, fill=ORANGE, stroke=GROUND),
            text(165, 308, f"{plain(names[0])} (to the right), {plain(names[1])} (upwards)", font_size=12),
        )  # fmt: skip


def xor_surface(first=0, second=3, around="a solution"):
    """The error surface of XOR along two of nine weights, numbered as in `xor_surface.PLACES`.

    `around` says where the other seven stay: "a solution", "small random weights" or "all weights
    zero". The page changes all three.

    Raises
    ------
    ValueError: a number outside of 0 .. 8, twice the same, or other surroundings.
    """
    if first not in range(9) or second not in range(9) or first == second:
        raise ValueError(f"Choose two different weights from 0 to 8, got {first!r} and {second!r}.")
    cut_around = surroundings()
    if around not in list(cut_around):
        raise ValueError(f"around must be one of {', '.join(cut_around)}; got {around!r}.")
    X, T = xor()
    weights = [[list(row) for row in W] for W in cut_around[around]]
    for at, value in zip((first, second), STARTS[around], strict=True):
        layer, j, i = PLACES[at]
        weights[layer][j][i] = value
    return XorSurface(
        surroundings=cut_around,
        starts={kind: list(start) for kind, start in STARTS.items()},
        names=[name(place) for place in PLACES],
        places=[list(place) for place in PLACES],
        inputs=X.tolist(),
        targets=T.tolist(),
        around=around,
        weights=weights,
        chosen=[int(first), int(second)],
    )
