"""Batch, mini-batch and online learning race on one error surface: unit 4."""

import numpy as np
import traitlets

from nnlib.arguments import finite, learning_rate, whole_number
from nnlib.figures.svg import circle, element, line, text
from nnlib.regression import linear
from nnlib.widgets.live_figure import LiveFigure
from nnlib.widgets.picture import BLUE, GREEN, GROUND, LINE, ORANGE, picture

ORDERS, SHOWN = 50, 5
"""Epochs whose order of samples is drawn beforehand, and epochs of the still picture."""


class Race(LiveFigure):
    """Three paths on the surface of E = ½ Σₙ (w xₙ + b - tₙ)² over slope w and bias b.

    All see the samples in the same order. Online learning makes a step after each, mini-batch
    learning after `batch_size` of them, batch learning after all, each along its summed gradient.
    """

    name = "race"
    x = traitlets.List(traitlets.Float()).tag(sync=True)
    t = traitlets.List(traitlets.Float()).tag(sync=True)
    orders = traitlets.List().tag(sync=True)
    start = traitlets.List(traitlets.Float()).tag(sync=True)
    alpha = traitlets.Float(0.11).tag(sync=True)
    batch_size = traitlets.Int(4).tag(sync=True)

    def paths(self, epochs=SHOWN):
        """For each racer the places (w, b) after each of its steps, the start first."""
        X, T = np.column_stack((self.x, np.ones(len(self.x)))), np.array(self.t)[:, np.newaxis]
        paths = []
        for size in (len(X), self.batch_size, 1):
            path = [np.array([self.start])]
            for epoch in range(epochs):
                order = self.orders[epoch % len(self.orders)]
                for first in range(0, len(X), size):
                    some = order[first : first + size]
                    W = path[-1]
                    path.append(W - self.alpha * linear.gradient(W, X[some], T[some]))
            paths.append([W[0] for W in path])
        return paths

    def errors(self, epochs=SHOWN):
        """E of each racer after some epochs."""
        X, T = np.column_stack((self.x, np.ones(len(self.x)))), np.array(self.t)[:, np.newaxis]
        return [float(linear.error(path[-1][np.newaxis], X, T)) for path in self.paths(epochs)]

    def text(self):
        batch, mini, online = self.errors()
        return (
            f"After {SHOWN} epochs with α = {self.alpha:.3f}: batch E = {batch:.4f}, "
            f"mini-batch of {self.batch_size} E = {mini:.4f}, online E = {online:.4f}"
        )

    def svg(self):
        marks = [element("rect", x=30, y=20, width=300, height=300, fill="none", stroke=LINE)]
        looks = (("batch", BLUE, None), ("mini-batch", ORANGE, "7 4"), ("online", GREEN, "2 3"))
        for row, (path, (name, colour, dash)) in enumerate(zip(self.paths(), looks, strict=True)):
            places = [(180 + 50 * np.clip(w, -3, 3), 170 - 50 * np.clip(b, -3, 3)) for w, b in path]
            marks.append(line(42, 40 + 20 * row, 76, 40 + 20 * row, stroke=colour, stroke_dasharray=dash))
            marks.append(text(84, 45 + 20 * row, name, anchor="start"))
            points = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
            marks.append(
                element("polyline", points=points, fill="none", stroke=colour, stroke_dasharray=dash)
            )
            marks.append(circle(*map(float, places[-1]), 4, fill=colour, stroke=GROUND))
        names = [text(180, 345, "w"), text(14, 175, "b")]
        names += [text(x, 337, words, font_size=11) for x, words in ((30, "−3"), (330, "3"))]
        names += [text(18, y, words, font_size=11) for y, words in ((324, "−3"), (24, "3"))]
        return picture(360, 355, f"Three paths over slope w and bias b. {self.text()}", *marks, *names)


def race(x=None, t=None, alpha=0.11, batch_size=4, start=(-2.0, -2.0)):
    """Race on the error surface of a line through points (x, t); without points, twelve of ours.

    Raises
    ------
    ValueError: x and t of different lengths or fewer than two, α not in 0 < α <= 1, a batch size
    that is not a whole number from 1 to the number of samples, or a start outside of -3 .. 3.
    """
    rng = np.random.default_rng(7)
    if x is None and t is None:
        x = np.linspace(-0.6, 1.6, 12)
        t = (0.9 * x + 0.4 + rng.normal(0, 0.2, 12)).round(2)
    if x is None or t is None:
        raise ValueError("race needs both x and t, or neither for its own points.")
    x, t = finite(x, "x", ndim=1), finite(t, "t", ndim=1)
    if len(x) != len(t) or len(x) < 2:
        raise ValueError(f"race needs as many x as t, and two at least; got {len(x)} x and {len(t)} t.")
    size = whole_number(batch_size, "batch_size", 1)
    if size > len(x):
        raise ValueError(f"batch_size is {size}, but there are only {len(x)} samples.")
    start = finite(start, "start", ndim=1)
    if start.shape != (2,) or np.abs(start).max() > 3:
        raise ValueError(f"start must be (w, b) within -3 .. 3, got {start.tolist()}.")
    return Race(
        x=x.tolist(),
        t=t.tolist(),
        orders=[rng.permutation(len(x)).tolist() for _ in range(ORDERS)],
        alpha=learning_rate(alpha),
        batch_size=size,
        start=start.tolist(),
    )
