"""Move the scores of three classes: probabilities, cross-entropy and y - t follow. Unit 1."""

import numpy as np
import traitlets

from nnlib import errors
from nnlib.activations import softmax
from nnlib.arguments import shaped
from nnlib.figures.svg import element, line, text
from nnlib.widgets.live_figure import LiveFigure
from nnlib.widgets.picture import BLUE, GREEN, INK, ORANGE, picture


class SoftmaxScores(LiveFigure):
    """Scores a of three classes, y = softmax(a), E = -ln y of the true class, and y - t."""

    name = "softmax_scores"
    scores = traitlets.List(traitlets.Float()).tag(sync=True)
    true_class = traitlets.Int(0).tag(sync=True)

    def measure(self):
        """y, y - t and E of the present scores."""
        a, t = np.array(self.scores), np.eye(3)[self.true_class]
        y = softmax(a)
        return y, y - t, errors.cross_entropy(a, t, from_pre_activations=True)

    def text(self):
        y, difference, E = self.measure()
        return (
            f"a = ({_numbers(self.scores, 1)}), true class {self.true_class + 1}\n"
            f"y = ({_numbers(y)}), y - t = ({_numbers(difference)}), E = -ln y = {E:.4f}"
        )

    def svg(self):
        y, _, _ = self.measure()
        bars = []
        for k, (value, colour) in enumerate(zip(y, (BLUE, ORANGE, GREEN), strict=True)):
            x, height = 40 + 90 * k, 150 * float(value)
            bars += [
                element("rect", x=x, y=180 - height, width=60, height=height, fill=colour),
                text(x + 30, 172 - height, f"{value:.4f}"),
                text(x + 30, 202, f"class {k + 1}"),
            ]
        words = f"Probabilities of three classes: {_numbers(y)}"
        return picture(320, 215, words, *bars, line(25, 180, 300, 180, stroke=INK))


def _numbers(values, digits=4):
    return ", ".join(f"{value:.{digits}f}" for value in values)


def softmax_scores(scores=(1.0, 3.0, -2.0), true_class=0):
    """Move three scores within -10 .. 10; `true_class` is 0, 1 or 2.

    Raises
    ------
    ValueError: another number of scores, a score out of range, or another class.
    """
    scores = shaped(scores, "scores", (3,), ": one score for each of three classes")
    if np.abs(scores).max() > 10:
        raise ValueError(f"scores must lie in -10 .. 10, got {scores.tolist()}.")
    if true_class not in (0, 1, 2):
        raise ValueError(f"true_class must be 0, 1 or 2, got {true_class!r}.")
    return SoftmaxScores(scores=scores.tolist(), true_class=int(true_class))
