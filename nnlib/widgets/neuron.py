"""One neuron with two inputs and its decision line: unit 2. AND, OR and XOR are to be made by hand."""

import numpy as np
import traitlets

from nnlib.activations import sigmoid
from nnlib.figures.svg import circle, element, line, text
from nnlib.widgets.live_figure import LiveFigure
from nnlib.widgets.notation import number
from nnlib.widgets.picture import INK, LINE, SOFT, class_mark, picture

X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
TASKS = {"AND": [0, 0, 0, 1], "OR": [0, 1, 1, 1], "XOR": [0, 1, 1, 0]}
"""Desired outputs in the order of the points `X`."""


class Neuron(LiveFigure):
    """y = sigmoid(w₁ x₁ + w₂ x₂ + b) for four points, with the line where y = 0.5."""

    name = "neuron"
    w = traitlets.List(traitlets.Float(), [1.0, -2.0]).tag(sync=True)
    b = traitlets.Float(0.5).tag(sync=True)
    task = traitlets.Unicode("AND").tag(sync=True)
    tasks = traitlets.Dict(TASKS).tag(sync=True)

    def outputs(self):
        """y of the four points."""
        return sigmoid(X @ np.array(self.w) + self.b)

    def wrong(self):
        """How many of the four points are on the wrong side."""
        return int(np.sum((self.outputs() > 0.5) != np.array(TASKS[self.task], dtype=bool)))

    def error(self):
        """E, half the sum of squares over the four points."""
        return float(np.sum((self.outputs() - TASKS[self.task]) ** 2) / 2)

    def text(self):
        w1, w2 = self.w
        lines = [
            f"({x1:g}, {x2:g}): y = {number(float(y))}, t = {t}{'' if (y > 0.5) == bool(t) else ', wrong'}"
            for (x1, x2), y, t in zip(X, self.outputs(), TASKS[self.task], strict=True)
        ]
        settings = f"{self.task}: w₁ = {w1:g}, w₂ = {w2:g}, b = {self.b:g}".replace("-", "−")
        return "\n".join([settings, *lines, f"{self.wrong()} of 4 wrong, E = {number(self.error())}"])

    def svg(self):
        place = lambda x1, x2: (40 + 100 * (x1 + 0.6), 250 - 100 * (x2 + 0.6))  # noqa: E731
        parts = [element("rect", x=40, y=30, width=220, height=220, fill="none", stroke=LINE)]
        if any(self.w):
            parts.append(line(*_ends(self.w, self.b, place), stroke=INK, stroke_width=2))
        for (x1, x2), t, y in zip(X, TASKS[self.task], self.outputs(), strict=True):
            at = place(x1, x2)
            parts.append(class_mark(*at, t, 11))
            if (y > 0.5) != bool(t):
                parts.append(circle(*at, 17, fill="none", stroke=INK, stroke_dasharray="4 3"))
        parts.append(text(150, 275, "x_1", fill=SOFT))
        parts.append(text(22, 144, "x_2", fill=SOFT))
        return picture(300, 290, f"A neuron's decision line and four points. {self.text()}", *parts)


def _ends(w, b, place):
    """Where the line w₁ x₁ + w₂ x₂ + b = 0 leaves the square from -0.6 to 1.6, in pixels."""
    low, high, (w1, w2) = -0.6, 1.6, w
    crossings = [(x, -(w1 * x + b) / w2) for x in (low, high) if w2]
    crossings += [(-(w2 * y + b) / w1, y) for y in (low, high) if w1]
    inside = [p for p in crossings if low - 1e-9 <= min(p) and max(p) <= high + 1e-9]
    if len(inside) < 2:
        return *place(low, low), *place(low, low)
    return *place(*min(inside)), *place(*max(inside))


def neuron(w=(1.0, -2.0), b=0.5, task="AND"):
    """A neuron with the sigmoid, whose weights and bias the reader sets by hand.

    Raises ValueError for a task other than AND, OR and XOR, or weights that are not two numbers
    between -10 and 10.
    """
    if task not in list(TASKS):
        raise ValueError(f"task must be AND, OR or XOR; got {task!r}.")
    w, b = [float(each) for each in w], float(b)
    if len(w) != 2 or not all(abs(each) <= 10 for each in (*w, b)):
        raise ValueError(f"w must hold two numbers from -10 to 10, and b be one; got {w} and {b}.")
    return Neuron(w=w, b=b, task=task)
