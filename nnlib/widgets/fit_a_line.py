"""Fit a line by hand or by gradient descent: unit 1."""

import numpy as np
import traitlets

from nnlib.arguments import finite
from nnlib.figures.svg import circle, line, text
from nnlib.regression import linear
from nnlib.widgets.live_figure import LiveFigure
from nnlib.widgets.picture import BLUE, INK, ORANGE, picture


class FitALine(LiveFigure):
    """A line y = w x + b through points, its residuals, and E over w and b with the gradient."""

    name = "fit_a_line"
    x = traitlets.List(traitlets.Float()).tag(sync=True)
    t = traitlets.List(traitlets.Float()).tag(sync=True)
    w = traitlets.Float(0.0).tag(sync=True)
    b = traitlets.Float(0.0).tag(sync=True)
    alpha = traitlets.Float(0.05).tag(sync=True)

    def measure(self):
        """E, ∂E/∂w and ∂E/∂b of the present line."""
        X = np.column_stack((self.x, np.ones(len(self.x))))
        W, T = np.array([[self.w, self.b]]), np.array(self.t)[:, np.newaxis]
        return linear.error(W, X, T), *linear.gradient(W, X, T)[0]

    def text(self):
        E, dw, db = self.measure()
        return f"w = {self.w:.2f}, b = {self.b:.2f}: E = {E:.2f}, ∂E/∂w = {dw:.2f}, ∂E/∂b = {db:.2f}"

    def svg(self):
        wide = 1.15 * max(abs(x) for x in self.x)
        tall = 1.3 * max(abs(t) for t in self.t)

        def place(x, y):
            return 160 + 140 * x / wide, 150 - 130 * max(-1, min(1, y / tall))

        points = list(zip(self.x, self.t, strict=True))
        dashes = [
            line(*place(x, t), *place(x, self.w * x + self.b), stroke=ORANGE, stroke_dasharray="4 3")
            for x, t in points
        ]
        ends = place(-wide, -self.w * wide + self.b), place(wide, self.w * wide + self.b)
        return picture(
            320, 330, f"Points and the line {self.text()}",
            *dashes,
            line(*ends[0], *ends[1], stroke=BLUE, stroke_width=2.5),
            *(circle(*place(x, t), 4, fill=INK, stroke="none") for x, t in points),
            text(160, 315, "x"), text(12, 150, "t"),
        )  # fmt: skip


def fit_a_line(x=None, t=None, w=-0.5, b=1.0):
    """Fit a line to the points (x, t), from slope w and bias b; without points, to eight of ours.

    Raises
    ------
    ValueError: x and t of different lengths, fewer than two points, or all at the same x.
    """
    if x is None and t is None:
        rng = np.random.default_rng(4)
        x = np.linspace(-2.0, 2.0, 8)
        t = (0.8 * x + 0.5 + rng.normal(0, 0.5, 8)).round(2)
    if x is None or t is None:
        raise ValueError("fit_a_line needs both x and t, or neither for its own points.")
    x, t = finite(x, "x", ndim=1), finite(t, "t", ndim=1)
    if len(x) != len(t) or len(x) < 2 or np.ptp(x) == 0:
        raise ValueError(
            f"fit_a_line needs as many x as t, and two different x at least; got x of shape "
            f"{x.shape} and t of shape {t.shape}."
        )
    return FitALine(x=x.tolist(), t=t.tolist(), w=float(w), b=float(b))
