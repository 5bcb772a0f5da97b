"""Activation functions with their slopes and a tangent at a point: unit 3."""

import numpy as np
import traitlets

from nnlib import activations
from nnlib.arguments import finite
from nnlib.figures.svg import circle, element, line, text
from nnlib.widgets.live_figure import LiveFigure
from nnlib.widgets.picture import BLUE, GREEN, LINE, ORANGE, SOFT, picture

PINK = "var(--pink, #aa4f84)"
LOOKS = {
    "identity": (SOFT, None),
    "relu": (BLUE, None),
    "leaky relu": (BLUE, "7 4"),
    "sigmoid": (ORANGE, None),
    "tanh": (GREEN, None),
    "softplus": (ORANGE, "7 4"),
    "SiLU": (PINK, None),
    "GELU": (PINK, "7 4"),
}
"""Colour and dashes of each curve, in the order in which they are offered."""


def function(name, epsilon):
    """The `Activation` behind a name of `LOOKS`."""
    if name == "leaky relu":
        return activations.leaky_relu(epsilon)
    return getattr(activations, name.lower())


class ActivationCurves(LiveFigure):
    """Several g and g' at once, with tangents at a; ε of the leaky one."""

    name = "activation_curves"
    names = traitlets.List(traitlets.Unicode()).tag(sync=True)
    shown = traitlets.List(traitlets.Unicode()).tag(sync=True)
    a = traitlets.Float().tag(sync=True)
    epsilon = traitlets.Float().tag(sync=True)

    def measure(self):
        """[name, g(a), g'(a)] of each function that is shown."""
        chosen = [(name, function(name, self.epsilon)) for name in self.shown]
        return [(name, float(g(self.a)), float(g.derivative(self.a))) for name, g in chosen]

    def text(self):
        rows = [f"{name}: g(a) = {y:.4f}, g'(a) = {slope:.4f}" for name, y, slope in self.measure()]
        leak = f", ε = {self.epsilon:.2f}" if "leaky relu" in self.shown else ""
        return "\n".join([f"a = {self.a:.2f}{leak}", *rows])

    def svg(self):
        across = np.linspace(-5, 5, 201)

        def place(left, low, high, a, y):
            return left + 22 * (a + 5), 230 - 200 * (min(high, max(low, y)) - low) / (high - low)

        parts = []
        for left, low, high, words in ((40, -1.5, 3.0, "g(a)"), (310, -0.3, 1.2, "g'(a)")):
            zero, ends = place(left, low, high, 0, 0), (left, left + 220)
            parts += [
                line(ends[0], float(zero[1]), ends[1], float(zero[1]), stroke=LINE),
                line(float(zero[0]), 30, float(zero[0]), 230, stroke=LINE),
                text(left + 110, 20, words),
                text(left + 110, 252, "a, from -5 to 5", font_size=12),
            ]
            for name, y, slope in self.measure():
                g, (colour, dash) = function(name, self.epsilon), LOOKS[name]
                values = g(across) if words == "g(a)" else g.derivative(across)
                points = (place(left, low, high, *at) for at in zip(across, values, strict=True))
                curve = " ".join("{:.1f},{:.1f}".format(*point) for point in points)
                parts.append(
                    element("polyline", points=curve, fill="none", stroke=colour, stroke_width=2,
                            stroke_dasharray=dash)
                )  # fmt: skip
                here = place(left, low, high, self.a, y if words == "g(a)" else slope)
                parts.append(circle(float(here[0]), float(here[1]), 4, fill=colour))
        return picture(560, 260, f"Activation functions and their slopes at a point. {self.text()}", *parts)


def activation_curves(shown=("relu", "sigmoid", "tanh"), a=1.0, epsilon=0.1):
    """Curves of activation functions and of their derivatives, with tangents at a.

    Parameters
    ----------
    shown: names of `LOOKS` to begin with; the reader can choose others.
    a: -5 <= a <= 5; epsilon: slope of the leaky relu, 0 < ε < 1.

    Raises
    ------
    ValueError: another name, or a or ε out of range.
    """
    unknown = [name for name in shown if name not in LOOKS]
    if unknown:
        raise ValueError(f"shown must hold names among {', '.join(LOOKS)}; got {unknown[0]!r}.")
    if not -5 <= finite(a, "a", ndim=0) <= 5:
        raise ValueError(f"a must be from -5 to 5, got {a!r}.")
    activations.leaky_relu(epsilon)  # says what is wrong with ε
    return ActivationCurves(names=list(LOOKS), shown=list(shown), a=float(a), epsilon=float(epsilon))
