"""Backpropagation node by node, forward and backward, with every number at hand: unit 4."""

from dataclasses import asdict

import numpy as np
import traitlets

from nnlib.activations import ACTIVATIONS
from nnlib.arrays import finite
from nnlib.backpropagation import checked_samples
from nnlib.figures.style import BLUE, ORANGE
from nnlib.figures.svg import circle, line, svg, text
from nnlib.network import Network
from nnlib.widgets.backpropagation_steps import steps
from nnlib.widgets.backpropagation_values import fill, look_up, number, values
from nnlib.widgets.first_disagreement import first_disagreement
from nnlib.widgets.live_figure import LiveFigure

MOST_NEURONS, MOST_SAMPLES = 6, 12
"""In one layer, and in a batch: more cannot be read."""


class StepThrough(LiveFigure):
    """The steps of backpropagation as data, and the weights, inputs and targets they speak of.

    Lists by layer begin with an empty one; a row of `weights` ends with the bias.
    """

    name = "step_through"
    parts = ("backpropagation", "network_picture", "step_card", "step_editor")
    steps = traitlets.List().tag(sync=True)
    activations = traitlets.List().tag(sync=True)
    error = traitlets.Unicode().tag(sync=True)
    weights = traitlets.List().tag(sync=True)
    inputs = traitlets.List().tag(sync=True)
    targets = traitlets.List().tag(sync=True)
    position = traitlets.Int(0).tag(sync=True)
    sample = traitlets.Int(0).tag(sync=True)
    alpha = traitlets.Float(0.1).tag(sync=True)
    disagreement = traitlets.Dict().tag(sync=True)

    def __init__(self, own=None, **state):
        super().__init__(**state)
        self._own = own or {}
        self._start = self._state()
        if self._own:
            self._compare()
            if "step" in self.disagreement:
                self.position = self.disagreement["step"]
                self.sample = self.disagreement["sample"]
            self.observe(self._compare, ["weights", "inputs", "targets"])

    def network(self):
        """The network with the present weights."""
        rows = [np.array(W, dtype=float) for W in self.weights[1:]]
        return Network.of([(W[:, :-1], W[:, -1]) for W in rows], self.activations[1:])

    def values(self):
        """All numbers of the present state: see `backpropagation_values.values`."""
        return values(self.network(), np.array(self.inputs), np.array(self.targets), self.error)

    def text(self):
        found, n = self.values(), self.sample
        batch = len(self.inputs)
        several = f", of {batch} samples; this is sample {n + 1}" if batch > 1 else ""
        lines = [f"E = {number(found['E'])}{several}"]
        for step in self.steps:
            result = number(look_up(found, step["place"], n))
            lines.append(f"{step['heading']}: {fill(step['numbers'], found, n)} = {result}")
        return "\n".join([*lines, *filter(None, [self.disagreement.get("says")])]).replace("_", "")

    def svg(self):
        found, n, sizes = self.values(), self.sample, self.network().sizes
        height, last = 60 + 100 * max(sizes), len(sizes) - 1

        def at(layer, j):
            return 55 + 190 * layer, 20 + 50 * max(sizes) + 100 * (j - (sizes[layer] - 1) / 2)

        parts = []
        for layer in range(1, last + 1):
            for j in range(sizes[layer]):
                for i in range(sizes[layer - 1]):
                    (x1, y1), (x2, y2) = at(layer - 1, i), at(layer, j)
                    w, share = found["W"][layer][j][i], 0.27
                    dash, colour = ("6 4", BLUE) if w < 0 else (None, ORANGE)
                    place = x1 + share * (x2 - x1), y1 + share * (y2 - y1) + 4
                    halo = dict(font_size=12, paint_order="stroke", stroke="white", stroke_width=4)
                    parts += [
                        line(x1, y1, x2, y2, stroke=colour, stroke_dasharray=dash),
                        text(*place, number(w), **halo),
                    ]
        for layer, size in enumerate(sizes):
            for j in range(size):
                x, y = at(layer, j)
                inside = look_up(found, f"y.{layer}.{j}" if layer else f"x.1.{j}", n)
                parts += [circle(x, y, 28), text(x, y + 4, number(inside), font_size=12)]
                if layer:
                    delta = number(look_up(found, f"delta.{layer}.{j}", n))
                    parts.append(text(x, y + 43, f"δ {delta}", font_size=12, fill=ORANGE))
        name = "-".join(map(str, sizes))
        words = f"A {name} network with outputs, deltas and weights; E = {number(found['E'])}"
        return svg(110 + 190 * last, height, words, *parts)

    def _state(self):
        return self.weights, self.inputs, self.targets

    def _compare(self, _=None):
        """Find the first disagreement of the student's numbers with those of the present state."""
        network, X, T = self.network(), np.array(self.inputs), np.array(self.targets)
        own = {}
        for name, arrays in self._own.items():
            if callable(arrays):
                own[name] = arrays(network, X, T)
            elif self._state() != self._start:
                return  # lists belong to the start; the page says so
            else:
                own[name] = arrays
        E = values(network, X, T, self.error)["E"]
        wrong = first_disagreement(network, X, T, self.error, **own)
        if wrong is None:
            says = f"Your {' and '.join(own)} agree in all four decimals."
            self.disagreement = {"says": says, "E": E}
            return
        index = next(k for k, step in enumerate(self.steps) if step["place"] == wrong["place"])
        step = self.steps[index]
        place = step["heading"] + (
            f", sample {wrong['sample'] + 1}" if len(X) > 1 and step["part"] == "Deltas" else ""
        )
        right = number(look_up(self.values(), wrong["place"], wrong["sample"]))
        given = wrong["given"]
        given = f"{number(given)}, right is {right}" if isinstance(given, float) else given
        says = f"First disagreement, step {index + 1}. {place}: yours is {given}. The slip: {wrong['slip']}."
        self.disagreement = {
            "says": says, "E": E, "step": index, "sample": wrong["sample"], "node": list(step["node"]),
        }  # fmt: skip


def step_through(network, x, t, error="sum_of_squares", deltas=None, gradients=None):
    """Step through backpropagation of a small network, node by node, with keys or buttons.

    Parameters
    ----------
    network: a `Network`, or your own: a list of (W, b, activation), one for each layer, W (J, I),
        b (J,), the activation by its name in `nnlib.activations`.
    x, t: one sample, (I,) and (F,), or a batch, (N, I) and (N, F).
    error: "sum_of_squares" or "cross_entropy".
    deltas: your own deltas, one array (J,) or (N, J) per layer, the first layer first; or your
        function (network, X, T) that returns them, which is called again after each edit.
    gradients: your own ∂E/∂W (J, I) or pairs (∂E/∂W, ∂E/∂b) per layer, or such a function.
        The figure opens at the first number that is wrong and says which slip explains it.

    Raises
    ------
    ValueError: a network, x or t that do not fit or are too large to be read, an activation
    that the page does not know, or deltas and gradients that are not one array per layer.
    """
    network = _as_network(network)
    X, T = checked_samples(network, finite(x, "x"), finite(t, "t"), error)
    if max(network.sizes) > MOST_NEURONS or len(network.layers) > 4 or len(X) > MOST_SAMPLES:
        raise ValueError(
            f"step_through shows up to {MOST_NEURONS} neurons a layer, 4 layers with weights and "
            f"{MOST_SAMPLES} samples; got sizes {network.sizes} and {len(X)} samples. "
            "Choose a smaller network or fewer samples: the steps are the same."
        )
    own = {"deltas": deltas, "gradients": gradients}
    return StepThrough(
        own={name: arrays for name, arrays in own.items() if arrays is not None},
        steps=[asdict(step) for step in steps(network, len(X), error)],
        activations=["", *(layer.activation.name for layer in network.layers)],
        error=error,
        weights=[[], *(np.column_stack((layer.W, layer.b)).tolist() for layer in network.layers)],
        inputs=X.tolist(),
        targets=T.tolist(),
    )


def _as_network(network):
    if not hasattr(network, "layers"):
        try:
            rows = [(W, b, activation) for W, b, activation in network]
        except (TypeError, ValueError):
            raise ValueError(
                "network must be a Network, or a list of (W, b, activation), one for each layer; "
                f"got {type(network).__name__}."
            ) from None
        network = Network.of([(W, b) for W, b, _ in rows], [g for _, _, g in rows])
    for layer in network.layers:
        name = layer.activation.name
        if name not in ACTIVATIONS and name != "softmax" and not name.startswith("leaky_relu("):
            known = ", ".join([*ACTIVATIONS, "softmax"])
            raise ValueError(f"{layer.name} has the activation {name}; the page computes {known}.")
    return network
