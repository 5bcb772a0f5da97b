"""The error surface of XOR along two chosen weights of a 2-2-1 network: unit 4."""

import numpy as np
import traitlets

from nnlib.backpropagation import backpropagate
from nnlib.datasets import xor
from nnlib.figures.style import BLUE, ORANGE
from nnlib.figures.svg import circle, element, svg, text
from nnlib.network import Network
from nnlib.widgets.live_figure import LiveFigure

RANGE = 6.0
"""Each of the two weights goes from -RANGE to RANGE."""

PLACES = [(1, j, i) for j in range(2) for i in range(3)] + [(2, 0, i) for i in range(3)]
"""The nine weights: layer, neuron, input; the input after the last is the bias."""


def name(place):
    """ "w_21 of the hidden layer", "b_1 of the output"."""
    layer, j, i = place
    letter = f"b_{j + 1}" if i == 2 else f"w_{j + 1}{i + 1}"
    return f"{letter} of the {'hidden layer' if layer == 1 else 'output'}"


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
    parts = ("backpropagation", "heatmap")
    surroundings = traitlets.Dict().tag(sync=True)
    names = traitlets.List().tag(sync=True)
    places = traitlets.List().tag(sync=True)
    inputs = traitlets.List().tag(sync=True)
    targets = traitlets.List().tag(sync=True)
    around = traitlets.Unicode().tag(sync=True)
    weights = traitlets.List().tag(sync=True)
    chosen = traitlets.List().tag(sync=True)
    alpha = traitlets.Float(0.1).tag(sync=True)

    def measure(self, first=None, second=None):
        """E and its derivative by the two chosen weights, at their present values or at others."""
        rows = [np.array(W, dtype=float) for W in self.weights[1:]]
        (one, j, i), (other, k, h) = (self.places[index] for index in self.chosen)
        if first is not None:
            rows[one - 1][j, i], rows[other - 1][k, h] = first, second
        network = Network.of([(W[:, :-1], W[:, -1]) for W in rows], ["tanh", "identity"])
        E, gradients = backpropagate(network, np.array(self.inputs), np.array(self.targets))
        gradients = [np.column_stack(pair) for pair in gradients]
        return float(E), float(gradients[one - 1][j, i]), float(gradients[other - 1][k, h])

    def values(self):
        """The present values of the two chosen weights."""
        return [self.weights[layer][j][i] for layer, j, i in (self.places[c] for c in self.chosen)]

    def text(self):
        E, *derivatives = self.measure()
        told = [
            f"{self.names[c].replace('_', '')} = {value:.2f} (∂E/∂{self.names[c][0]} = {derivative:.4f})"
            for c, value, derivative in zip(self.chosen, self.values(), derivatives, strict=True)
        ]
        return f"XOR: {', '.join(told)}: E = {E:.4f}"

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
        return svg(
            320, 320, f"The error of XOR over two weights, pale is low. {self.text()}", *cells,
            circle(30 + w, 10 + side * count - v, 6, fill=ORANGE),
            text(165, 308, f"{names[0]} (right), {names[1]} (up)", font_size=12),
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
    known = surroundings()
    if around not in list(known):
        raise ValueError(f"around must be one of {', '.join(known)}; got {around!r}.")
    X, T = xor()
    return XorSurface(
        surroundings=known,
        names=[name(place) for place in PLACES],
        places=[list(place) for place in PLACES],
        inputs=X.tolist(),
        targets=T.tolist(),
        around=around,
        weights=known[around],
        chosen=[int(first), int(second)],
    )
