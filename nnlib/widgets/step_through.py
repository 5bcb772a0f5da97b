"""Backpropagation node by node, forward and backward, with every number at hand: unit 4."""

from dataclasses import asdict

import numpy as np
import traitlets

from nnlib.activations import ACTIVATIONS
from nnlib.arguments import finite
from nnlib.backpropagation import backpropagate, checked_samples
from nnlib.network import Network
from nnlib.widgets.backpropagation_steps import steps
from nnlib.widgets.backpropagation_values import look_up, values
from nnlib.widgets.first_disagreement import first_disagreement
from nnlib.widgets.live_figure import LiveFigure
from nnlib.widgets.notation import node_names, number
from nnlib.widgets.step_through_still import lines, picture, table

MOST_NEURONS, MOST_SAMPLES = 6, 12
"""Most neurons of a layer and samples of a batch that can be read in the figure."""


class StepThrough(LiveFigure):
    """The steps of backpropagation as data, the picture, and the weights, inputs and desired outputs.

    Lists by layer begin with an empty one; a row of `weights` ends with the bias.
    """

    name = "step_through"
    _compared = 0
    steps = traitlets.List().tag(sync=True)
    markup = traitlets.Unicode().tag(sync=True)
    names = traitlets.List().tag(sync=True)
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
        self._own = own or {}
        super().__init__(**state)

    def open(self):
        """Called by ipywidgets when the traits are set: computes the others, then opens the page."""
        self.markup = self.svg()
        self._start = self._state()
        if self._own:
            self.disagreement = self._disagreement()
            if "step" in self.disagreement:
                self.position = self.disagreement["step"]
                self.sample = self.disagreement["sample"]
            self.observe(self._compare, ["weights", "inputs", "targets"])
        super().open()

    def network(self):
        """The network with the present weights."""
        rows = [np.array(W, dtype=float) for W in self.weights[1:]]
        return Network.of([(W[:, :-1], W[:, -1]) for W in rows], self.activations[1:])

    def values(self):
        """All numbers of the present state: see `backpropagation_values.values`."""
        return values(self.network(), np.array(self.inputs), np.array(self.targets), self.error)

    def text(self):
        rows = [": ".join(pair) for pair in lines(self.steps, self.values(), self.sample)]
        return "\n".join([*rows, *filter(None, [self.disagreement.get("says")])])

    def table(self):
        return table(lines(self.steps, self.values(), self.sample), self.disagreement.get("says"))

    def svg(self):
        network = self.network()
        hidden = [
            f"hidden {names[0][0]}, {g}"
            for names, g in zip(self.names[1:-1], self.activations[1:], strict=False)
        ]
        captions = ["inputs", *hidden, f"outputs, {_plain_name(self.activations[-1])}", "error"]
        return picture(network.sizes, self.values(), self.sample, captions)

    def _state(self):
        return self.weights, self.inputs, self.targets

    def _compare(self, _):
        """After an edit: compare again. An error of the student's function is shown in the page."""
        if self._state() != self._start and not all(map(callable, self._own.values())):
            return  # lists belong to the first state; the page says so
        try:
            result = self._disagreement()
        except Exception as wrong:
            result = {"says": f"With these values: {type(wrong).__name__}: {wrong}"}
        self._compared += 1  # so that the page is told even if the sentence is the same as before
        self.disagreement = result | {"compared": self._compared}

    def _disagreement(self):
        """The first disagreement of the student's numbers with those of the present state."""
        network, X, T = self.network(), np.array(self.inputs), np.array(self.targets)
        own = {
            name: _returned(name, arrays, network, X, T) if callable(arrays) else arrays
            for name, arrays in self._own.items()
        }
        wrong = first_disagreement(network, X, T, self.error, **own)
        if wrong is None:
            return {"says": f"Your {' and '.join(own)} agree in all four decimals."}
        index = next(k for k, step in enumerate(self.steps) if step["place"] == wrong["place"])
        step = self.steps[index]
        place = step["heading"] + (
            f", sample {wrong['sample'] + 1}" if len(X) > 1 and step["part"] == "Deltas" else ""
        )
        right = number(look_up(self.values(), wrong["place"], wrong["sample"]))
        given = wrong["given"]
        given = f"{number(given)}, right is {right}" if isinstance(given, float) else given
        says = f"First disagreement, step {index + 1}. {place}: yours is {given}. The slip: {wrong['slip']}."
        return {"says": says, "step": index, "sample": wrong["sample"], "node": step["node"]}


def _plain_name(g):
    return "linear" if g == "identity" else g


def _returned(name, function, network, X, T):
    arrays = function(network, X, T)
    if arrays is None:
        raise ValueError(f"Your function for the {name} returned None: does it end with return?")
    return arrays


def step_through(network, x, t, error="sum_of_squares", deltas=None, gradients=None):
    """Step through backpropagation of a small network, node by node, with keys or buttons.

    Hand in your own numbers or functions, and the figure opens at the first number that is wrong
    and says which slip explains it:

        step_through(network, x, t, deltas=[delta_hidden, delta_out])
        step_through(network, X, T, gradients=lambda network, X, T: backward(
            [(layer.W, layer.b) for layer in network.layers], X, T))

    `step_through(...).save_html("steps.html")` writes a page that needs no kernel and no network.

    Parameters
    ----------
    network: a `Network`, or your own: a list of (W, b, activation), one for each layer, W (J, I),
        b (J,), the activation by its name in `nnlib.activations`.
    x, t: one sample, (I,) and (F,), or a batch, (N, I) and (N, F).
    error: "sum_of_squares" or "cross_entropy".
    deltas: your own deltas, one array (J,) or (N, J) per layer, the first layer first; or your
        function (network, X, T) that returns them, which is called again after each edit.
    gradients: your own ∂E/∂W (J, I) or pairs (∂E/∂W, ∂E/∂b) per layer, or such a function.

    Raises
    ------
    ValueError: a network, x or t that do not fit or are too large to be read, numbers that
    overflow, an activation that the page does not know, or deltas and gradients that are not one
    array per layer. What your own function raises comes through.
    """
    network = _as_network(network)
    X, T = checked_samples(network, finite(x, "x"), finite(t, "t"), error)
    if max(network.sizes) > MOST_NEURONS or len(network.layers) > 4 or len(X) > MOST_SAMPLES:
        raise ValueError(
            f"step_through shows up to {MOST_NEURONS} neurons a layer, 4 layers with weights and "
            f"{MOST_SAMPLES} samples; got sizes {network.sizes} and {len(X)} samples. "
            "Choose a smaller network or fewer samples: the steps are the same."
        )
    with np.errstate(over="ignore", invalid="ignore"):
        E, gradient = backpropagate(network, X, T, error)
    if not all(np.isfinite(array).all() for array in [E, *(array for pair in gradient for array in pair)]):
        raise ValueError("E or its gradient is not finite here: choose smaller x, t or weights.")
    own = {"deltas": deltas, "gradients": gradients}
    return StepThrough(
        own={name: arrays for name, arrays in own.items() if arrays is not None},
        steps=[asdict(step) for step in steps(network, len(X), error)],
        names=node_names(network.sizes),
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
            rows = []
        if not rows:
            raise ValueError(
                "network must be a Network, or a list of (W, b, activation), one for each layer; "
                f"got {type(network).__name__}."
            )
        weights = [(finite(W, f"W of layer {n}", ndim=2), b) for n, (W, b, _) in enumerate(rows, start=1)]
        network = Network.of(weights, [g for _, _, g in rows])
    for layer in network.layers:
        name = layer.activation.name
        if name not in ACTIVATIONS and name != "softmax" and not name.startswith("leaky_relu("):
            names = ", ".join([*ACTIVATIONS, "softmax"])
            raise ValueError(f"{layer.name} has the activation {name}; the page computes {names}.")
    return network
