"""Two neurons that send to themselves and each other: unit 2, "complex time-dependent dynamics"."""

import numpy as np
import traitlets

from nnlib import recurrent
from nnlib.figures.svg import element, line, text
from nnlib.widgets.live_figure import LiveFigure
from nnlib.widgets.picture import BLUE, LINE, ORANGE, SOFT, picture

BIASES = [-2.0, 3.0]
START = [0.4, 0.1]
RANGES = {"w11": [-26.0, 10.0], "w12": [-2.0, 12.0]}
"""The map: weights of the first neuron from itself and from the second."""

STEPS = 60


class RecurrentPair(LiveFigure):
    """x(t + 1) = sigmoid(W x(t) + b) for two neurons, W chosen on a map of behaviour."""

    name = "recurrent_pair"
    W = traitlets.List().tag(sync=True)
    biases = traitlets.List(BIASES).tag(sync=True)
    start = traitlets.List(START).tag(sync=True)
    ranges = traitlets.Dict(RANGES).tag(sync=True)
    behaviours = traitlets.List(list(recurrent.BEHAVIOURS)).tag(sync=True)

    def states(self):
        """x(0) .. x(STEPS), shape (STEPS + 1, 2)."""
        return recurrent.run(self.start, STEPS, self.W, self.biases, "sigmoid")

    def text(self):
        kind, period, exponent = recurrent.behaviour(self.W, self.biases, "sigmoid", self.start)
        behaviour = recurrent.BEHAVIOURS[int(kind)]
        if behaviour == "oscillates":
            behaviour += f" with period {int(period)}"
        (w11, w12), (w21, w22) = self.W
        weights = f"w₁₁ = {w11:g}, w₁₂ = {w12:g}, w₂₁ = {w21:g}, w₂₂ = {w22:g}"
        return f"{weights}: {behaviour}; Lyapunov exponent {float(exponent):.2f}".replace("-", "−")

    def svg(self):
        states = self.states()
        parts = [element("rect", x=50, y=20, width=460, height=160, fill="none", stroke=LINE)]
        parts += [element("rect", x=570, y=20, width=160, height=160, fill="none", stroke=LINE)]
        for k, (colour, dash) in enumerate(((ORANGE, None), (BLUE, "5 3"))):
            points = " ".join(
                f"{50 + 460 * t / STEPS:.1f},{180 - 160 * x[k]:.1f}" for t, x in enumerate(states)
            )
            parts.append(element("polyline", points=points, fill="none", stroke=colour, stroke_width=1.6,
                                 stroke_dasharray=dash))  # fmt: skip
        later = recurrent.run(states[-1], 400, self.W, self.biases, "sigmoid")
        parts += [
            element("circle", cx=570 + 160 * float(x1), cy=180 - 160 * float(x2), r=1.6, fill=ORANGE)
            for x1, x2 in later
        ]
        parts += [
            text(280, 202, "t", fill=SOFT), text(26, 70, "x_1", fill=ORANGE), text(26, 140, "x_2", fill=BLUE),
            text(650, 202, "x_1", fill=SOFT), text(548, 104, "x_2", fill=SOFT),
            line(26, 80, 26, 80, stroke=SOFT),
        ]  # fmt: skip
        return picture(750, 216, f"Two neurons in time, and against each other. {self.text()}", *parts)


def recurrent_pair(w11=4.0, w12=3.0, w21=-6.0, w22=0.0):
    """Two recurrent neurons; w11 and w12 are chosen on the map, w21 by a slider.

    Raises ValueError for weights that are not finite, or w11 and w12 beyond the map.
    """
    weights = np.array([[w11, w12], [w21, w22]], dtype=float)
    for name, value in (("w11", w11), ("w12", w12)):
        low, high = RANGES[name]
        if not low <= value <= high:
            raise ValueError(f"{name} must lie on the map, from {low:g} to {high:g}; got {value!r}.")
    if not np.isfinite(weights).all():
        raise ValueError(f"The weights must be finite numbers, got {weights.tolist()}.")
    return RecurrentPair(W=weights.tolist())
