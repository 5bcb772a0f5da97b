"""Signals and derivatives in every layer of a deep network with random weights: unit 3."""

from dataclasses import dataclass

import numpy as np
import traitlets

from nnlib import datasets
from nnlib.activations import by_name
from nnlib.arguments import finite, whole_number
from nnlib.backpropagation import backpropagate
from nnlib.figures.svg import element, line, text
from nnlib.network import Network
from nnlib.widgets.live_figure import LiveFigure
from nnlib.widgets.picture import BLUE, LINE, ORANGE, picture

DEPTH, WIDTH, SAMPLES = 12, 32, 60
"""The deepest network, the neurons of a hidden layer, the digits that go through."""
FUNCTIONS = ("identity", "relu", "leaky_relu(0.1)", "sigmoid", "tanh")
SMALLEST_C, LARGEST_C = 0.1, 10.0


@dataclass(frozen=True)
class OfLayer:
    """What a hidden layer shows: outputs and ∂E/∂a of all neurons and samples, (N, J)."""

    y: np.ndarray
    derivatives: np.ndarray
    saturated: float
    """Share of the outputs whose slope is below a tenth of the largest; of relu, of dead neurons."""


def size(values):
    """The root of the mean square."""
    return float(np.sqrt(np.mean(np.square(values))))


def saturated(g, a):
    """The share of the outputs g(a) that are saturated; of relu, the share of dead neurons."""
    if g.name == "relu":
        return float(np.mean(np.all(a <= 0, axis=0)))
    slopes = g.derivative(a)
    return float(np.mean(slopes < 0.1 * g.derivative(0.0)))


def samples():
    """Digits X (60, 64), standardised and rounded as the page gets them, and T (60, 10)."""
    X, T, *_ = datasets.split(*datasets.digits())
    return datasets.standardise(X)[:SAMPLES].round(3), T[:SAMPLES]


def draws():
    """Numbers with mean 0 and standard deviation 1, for the weights of 12 hidden layers and the output."""
    rng = np.random.default_rng(0)
    sizes = [64] + [WIDTH] * DEPTH + [10]
    return [rng.normal(size=(J, I)).round(3) for I, J in zip(sizes, sizes[1:], strict=False)]


class DeepSignals(LiveFigure):
    """Histograms of the outputs y and of ∂E/∂a by layer; the reader keeps layer 1 alive."""

    name = "deep_signals"
    X = traitlets.List().tag(sync=True)
    classes = traitlets.List().tag(sync=True)
    draws = traitlets.List().tag(sync=True)
    functions = traitlets.List().tag(sync=True)
    activation = traitlets.Unicode().tag(sync=True)
    depth = traitlets.Int().tag(sync=True)
    c = traitlets.Float().tag(sync=True)

    def layers(self):
        """One `OfLayer` for each hidden layer, by backpropagation."""
        drawn = [np.array(z) for z in self.draws[: self.depth] + self.draws[-1:]]
        weights = [(self.c / np.sqrt(z.shape[1]) * z, np.zeros(len(z))) for z in drawn]
        network = Network.of(weights, [self.activation] * self.depth + ["softmax"])
        T = datasets.one_hot(self.classes, 10)
        trace = backpropagate(network, np.array(self.X), T, "cross_entropy", trace=True)[2]
        g = network.layers[0].activation
        return [OfLayer(of.y, of.delta, saturated(g, of.a)) for of in trace[:-1]]

    def verdict(self):
        """Whether layer 1 is alive, and the reason, in one sentence."""
        layers = self.layers()
        forward = size(layers[-1].y) / size(layers[0].y)
        back = size(layers[0].derivatives) / size(layers[-1].derivatives)
        most = max(layer.saturated for layer in layers)
        for factor, what in ((forward, "Signals"), (back, "Derivatives")):
            if not 0.1 <= factor <= 10:
                return False, f"{what} {'vanish' if factor < 0.1 else 'explode'}: factor {factor:.2g}."
        if most > 0.5:
            what = "of a layer's neurons are dead" if self.activation == "relu" else "of a layer is saturated"
            return False, f"{most:.0%} {what}."
        return True, f"Layer 1 is alive: factor {forward:.2g} forward, {back:.2g} back."

    def text(self):
        rows = [
            f"layer {number:2}: size of y {size(of.y):.2e}, of ∂E/∂a {size(of.derivatives):.2e}"
            for number, of in enumerate(self.layers(), 1)
        ]
        head = f"{self.activation}, {self.depth} hidden layers, c = {self.c:.2f}. {self.verdict()[1]}"
        return "\n".join([head, *rows])

    def svg(self):
        """The sizes of both signals by layer, as powers of ten."""
        layers, low, high = self.layers(), -12, 6

        def place(number, value):
            power = np.log10(max(value, 10.0**low))
            return 60 + 36 * number, float(260 - 220 * (min(power, high) - low) / (high - low))

        marks = [
            element("path", d=f"M {x - 4} {y:.1f} h 8", stroke=colour, stroke_width=5)
            for number, of in enumerate(layers, 1)
            for value, colour in ((size(of.y), BLUE), (size(of.derivatives), ORANGE))
            for x, y in [place(number, value)]
        ]
        scale = [
            line(60, place(0, 10.0**power)[1], 520, place(0, 10.0**power)[1], stroke=LINE)
            + text(52, place(0, 10.0**power)[1] + 5, f"1e{power}", "end", font_size=12)
            for power in range(low, high + 1, 3)
        ]
        names = [text(60 + 36 * number, 280, str(number)) for number in range(1, self.depth + 1)]
        return picture(
            540, 320, f"Sizes of signals and derivatives by layer. {self.text()}", *scale, *marks, *names,
            text(300, 306, "layer; blue: size of y, orange: size of ∂E/∂a"),
        )  # fmt: skip


def deep_signals(activation="tanh", depth=10, c=0.5):
    """A deep network that is run on 60 digits with every move of a control.

    Parameters
    ----------
    activation: of the hidden layers, one of `FUNCTIONS`.
    depth: number of hidden layers, 2 to 12, with 32 neurons each.
    c: weights have the standard deviation c / √I; 0.1 <= c <= 10.

    Raises
    ------
    ValueError: another activation, or depth or c out of range.
    """
    if activation not in FUNCTIONS:
        raise ValueError(f"activation must be one of {', '.join(FUNCTIONS)}; got {activation!r}.")
    if not 2 <= whole_number(depth, "depth", at_least=2) <= DEPTH:
        raise ValueError(f"depth must be 2 to {DEPTH} hidden layers, got {depth}.")
    if not SMALLEST_C <= finite(c, "c", ndim=0) <= LARGEST_C:
        raise ValueError(f"c must be from {SMALLEST_C} to {LARGEST_C}, got {c!r}.")
    X, T = samples()
    return DeepSignals(
        X=X.tolist(),
        classes=T.argmax(axis=1).tolist(),
        draws=[z.tolist() for z in draws()],
        functions=list(FUNCTIONS),
        activation=by_name(activation).name,
        depth=depth,
        c=float(c),
    )
