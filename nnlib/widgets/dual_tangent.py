"""A dual number and the tangent of a curve: unit 5, slide "Differentiation with Dual numbers"."""

import itertools

import traitlets

from nnlib.arguments import finite
from nnlib.figures.svg import element, text
from nnlib.widgets.live_figure import LiveFigure
from nnlib.widgets.notation import number
from nnlib.widgets.picture import BLUE, INK, LINE, ORANGE, picture
from nnlib.widgets.typed_function import TypedFunction


class DualTangent(LiveFigure):
    """The curve of a typed function, a point on it, and f(x + ε) = f(x) + f'(x) ε."""

    name = "dual_tangent"
    typed = traitlets.Unicode().tag(sync=True)
    at = traitlets.Float().tag(sync=True)

    def dual(self, x=None):
        """f(x) and f'(x), at the point that is shown or at another."""
        f = TypedFunction(self.typed)
        values = f.values({"x": self.at if x is None else x})
        return values[-1], f.dots(values, {"x": 1.0})[-1]

    def text(self):
        value, dot = self.dual()
        sign = "-" if dot < 0 else "+"
        return f"f(x) = {self.typed}\nf({self.at:g} + ε) = {number(value)} {sign} {number(abs(dot))} ε"

    def svg(self):
        value, dot = self.dual()
        sign = "-" if dot < 0 else "+"
        f, curve = TypedFunction(self.typed), []
        for k in range(321):
            x = -4 + k / 40
            try:
                curve.append((x, f.values({"x": x})[-1]))
            except ValueError:  # not defined there
                continue
        heights = sorted(y for _, y in curve)
        low = min(0.0, value, heights[len(heights) // 20])
        high = max(1.0, value, heights[-1 - len(heights) // 10])
        place = lambda x, y: (20 + 45 * (x + 4), 200 - 180 * (y - low) / (high - low))  # noqa: E731
        seen = [(x, y) for x, y in curve if low <= y <= high]
        starts = [0, *(k for k in range(1, len(seen)) if seen[k][0] - seen[k - 1][0] > 0.03), len(seen)]
        pieces = [seen[k:end] for k, end in itertools.pairwise(starts)]
        across = [*(k / 20 for k in range(-80, 81)), self.at]
        ends = sorted(x for x in across if low <= value + dot * (x - self.at) <= high)
        (x1, y1), (x2, y2) = (place(x, value + dot * (x - self.at)) for x in (ends[0], ends[-1]))
        px, py = place(self.at, value)
        return picture(
            400, 230, f"The curve of {self.typed} with its tangent at x = {self.at:g}",
            element("line", x1=20, x2=380, y1=place(0, 0)[1], y2=place(0, 0)[1], stroke=LINE),
            *(
                element(
                    "polyline", points=" ".join("{:.1f},{:.1f}".format(*place(x, y)) for x, y in piece),
                    fill="none", stroke=BLUE, stroke_width=2.5,
                )
                for piece in pieces
            ),
            element(
                "line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=ORANGE, stroke_width=2, stroke_dasharray="6 4"
            ),
            element("circle", cx=px, cy=py, r=6, fill=ORANGE),
            text(200, 222, f"f({self.at:g} + ε) = {number(value)} {sign} {number(abs(dot))} ε", fill=INK),
        )  # fmt: skip


def dual_tangent(function="x**2 + 2*x + 3", at=-2.0):
    """Move a point on the curve of a typed function of x; compare f(x + ε) with the tangent.

    Raises ValueError where the text cannot be read, has another variable than x, or is not defined at `at`.
    """
    f = TypedFunction(function)
    if f.variables != ["x"]:
        raise ValueError(f"dual_tangent draws a function of x alone, but this has {', '.join(f.variables)}.")
    at = float(finite(at, "at", ndim=0))
    if not -4 <= at <= 4:
        raise ValueError(f"at must be between -4 and 4, got {at:g}.")
    f.values({"x": at})
    return DualTangent(typed=function, at=at)
