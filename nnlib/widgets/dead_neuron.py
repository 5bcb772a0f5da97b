"""One relu neuron that a long step kills, and that the leaky slope revives: unit 3."""

import numpy as np
import traitlets

from nnlib.arguments import finite, learning_rate
from nnlib.figures.svg import circle, element, line, text
from nnlib.widgets.live_figure import LiveFigure
from nnlib.widgets.picture import BLUE, LINE, ORANGE, picture

START = (0.5, 2.0)
"""Weight and bias after Reset: the neuron is alive, and its line lies too high."""


def points():
    """Ten points x, t around t = max(0, 0.8 x + 0.4)."""
    x = np.array([-1.0, -0.6, -0.2, 0.1, 0.4, 0.7, 1.0, 1.3, 1.6, 2.0])
    t = np.maximum(0, 0.8 * x + 0.4) + np.random.default_rng(1).normal(0, 0.1, len(x))
    return x, np.maximum(0, t.round(2))


class DeadNeuron(LiveFigure):
    """y = g(w x + b), its fit to points, and the error surface over w and b with its plateau."""

    name = "dead_neuron"
    x = traitlets.List(traitlets.Float()).tag(sync=True)
    t = traitlets.List(traitlets.Float()).tag(sync=True)
    w = traitlets.Float().tag(sync=True)
    b = traitlets.Float().tag(sync=True)
    alpha = traitlets.Float().tag(sync=True)
    epsilon = traitlets.Float().tag(sync=True)

    def measure(self):
        """E, ∂E/∂w, ∂E/∂b, and for how many samples the weighted sum is positive."""
        x, t = np.array(self.x), np.array(self.t)
        a = self.w * x + self.b
        off = np.where(a > 0, a, self.epsilon * a) - t
        delta = off * np.where(a > 0, 1, self.epsilon)
        return float(off @ off / 2), float(delta @ x), float(delta.sum()), int(np.sum(a > 0))

    def step(self):
        """w and b after one step of gradient descent over all samples."""
        _, dw, db, _ = self.measure()
        return self.w - self.alpha * dw, self.b - self.alpha * db

    def text(self):
        E, dw, db, active = self.measure()
        name = f"leaky relu, ε = {self.epsilon:.2f}" if self.epsilon else "relu"
        state = f"a > 0 for {active} of {len(self.x)} samples" if active else "a ≤ 0 for all samples"
        return (
            f"{name}, w = {self.w:.2f}, b = {self.b:.2f}: {state}. "
            f"E = {E:.2f}, ∂E/∂w = {dw:.2f}, ∂E/∂b = {db:.2f}"
        )

    def svg(self):
        def place(x, y):
            return 60 + 110 * (x + 1.2), 240 - 60 * min(3.2, max(-0.6, y))

        across = np.linspace(-1.2, 2.2, 69)
        a = self.w * across + self.b
        ends = zip(across, np.where(a > 0, a, self.epsilon * a), strict=True)
        curve = " ".join("{:.1f},{:.1f}".format(*place(*end)) for end in ends)
        return picture(
            460, 300, f"Points and the output of one neuron. {self.text()}",
            line(*place(-1.2, 0), *place(2.2, 0), stroke=LINE),
            *(circle(*map(float, place(x, t)), 4, fill=ORANGE)
              for x, t in zip(self.x, self.t, strict=True)),
            element("polyline", points=curve, fill="none", stroke=BLUE, stroke_width=2.5),
            text(250, 292, "x"), text(20, 150, "t, y"),
        )  # fmt: skip


def dead_neuron(alpha=0.2, epsilon=0.0):
    """Gradient descent of one neuron that relu may kill: Step, Play, Reset, a leak to choose.

    Raises
    ------
    ValueError: α not in 0 < α <= 1, or ε not in 0 <= ε < 1.
    """
    if not 0 <= finite(epsilon, "epsilon", ndim=0) < 1:
        raise ValueError(f"The slope ε of the leak must be in 0 <= ε < 1, got {epsilon!r}.")
    x, t = points()
    w, b = START
    return DeadNeuron(
        x=x.tolist(), t=t.tolist(), w=w, b=b, alpha=learning_rate(alpha), epsilon=float(epsilon)
    )
