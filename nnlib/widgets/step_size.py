"""The error of a difference against its step h: unit 5, slide "Types of Differentiation"."""

import numpy as np
import traitlets

from nnlib.arguments import finite
from nnlib.figures.svg import circle, element, text
from nnlib.widgets.live_figure import LiveFigure
from nnlib.widgets.picture import BLUE, LINE, ORANGE, SOFT, picture
from nnlib.widgets.typed_function import TypedFunction


class StepSize(LiveFigure):
    """|difference - derivative| for each h, in float64 or float32, central or one-sided."""

    name = "step_size"
    typed = traitlets.Unicode().tag(sync=True)
    at = traitlets.Float().tag(sync=True)
    exponent = traitlets.Float(-2.0).tag(sync=True)
    scheme = traitlets.Unicode("central").tag(sync=True)
    type = traitlets.Unicode("float64").tag(sync=True)

    def error(self, exponent):
        """The error at h = 10^exponent."""
        number = np.dtype(self.type).type
        f = TypedFunction(self.typed)
        values = f.values({"x": float(number(self.at))})
        exact = f.dots(values, {"x": 1.0})[-1]

        def value(x):
            return number(f.values({"x": float(number(x))})[-1])

        h = float(number(10.0**exponent))
        if self.scheme == "central":
            difference = (float(value(self.at + h)) - float(value(self.at - h))) / (2 * h)
        else:
            difference = (float(value(self.at + h)) - float(value(self.at))) / h
        return abs(float(number(difference)) - exact)

    def text(self):
        lines = [f"f(x) = {self.typed} at x = {self.at:g}, {self.scheme} difference in {self.type}"]
        lines += [f"h = 1e{e}: error {self.error(e):.1e}" for e in range(-13, 0, 2)]
        return "\n".join(lines)

    def svg(self):
        places = []
        for e in np.arange(-15, 0.01, 0.125):
            height = np.log10(max(1e-17, self.error(e)))
            places.append((60 + 20 * (e + 15), 20 + 14 * (1 - height)))
        points = " ".join(f"{x:.1f},{min(y, 236):.1f}" for x, y in places)
        here = np.log10(max(1e-17, self.error(self.exponent)))
        return picture(
            380, 270, f"The error of a {self.scheme} difference against the step h: a valley",
            element("polyline", points="60,20 60,244 360,244", fill="none", stroke=LINE),
            element("polyline", points=points, fill="none", stroke=BLUE, stroke_width=2),
            circle(60 + 20 * (self.exponent + 15), min(20 + 14 * (1 - here), 236), 6, fill=ORANGE),
            text(210, 262, "step h, from 1e-15 to 1", fill=SOFT),
            text(70, 14, "error, from 1e-14 to 10", fill=SOFT, anchor="start"),
        )  # fmt: skip


def step_size(function="x*sin(x)", at=2.0):
    """Move the step h of a difference for a typed function of x and watch the error.

    Raises ValueError where the text cannot be read, has another variable than x, or is not defined at `at`.
    """
    f = TypedFunction(function)
    if f.variables != ["x"]:
        raise ValueError(f"step_size takes a function of x alone, but this has {', '.join(f.variables)}.")
    at = float(finite(at, "at", ndim=0))
    f.values({"x": at})
    return StepSize(typed=function, at=at)
