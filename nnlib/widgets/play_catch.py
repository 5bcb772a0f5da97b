"""Watch an agent learn to catch a ball from pixels, while it trains, and play against its score: unit 6."""

import numpy as np
import traitlets

from nnlib.applications import catch
from nnlib.applications.fitting import arrays
from nnlib.figures.svg import element, text
from nnlib.widgets.live_figure import LiveFigure
from nnlib.widgets.packed import packed
from nnlib.widgets.picture import BLUE, LINE, ORANGE, picture

OPENING = [0, 2, 7, 1]
"""Row and column of the first ball, middle of the paddle, and the drift."""
KEPT_EVERY = 3
"""`train` shows weights about 20 times, and every third time they are kept to be looked at again."""


class PlayCatch(LiveFigure):
    """The game, the Q of the three actions, and weights from several times in training to choose from."""

    name = "play_catch"
    opening = traitlets.List(OPENING).tag(sync=True)
    agents = traitlets.List().tag(sync=True)
    names = traitlets.List().tag(sync=True)
    chosen = traitlets.Int(0).tag(sync=True)
    training = traitlets.Dict().tag(sync=True)
    human = traitlets.Bool(False).tag(sync=True)

    def train(self, seed=0, steps=2200):
        """Train a new agent; the figure plays with what it has learnt so far. Returns its weights."""
        calls = 0

        def watch(W):
            nonlocal calls
            W, name = arrays(W), f"after {min(steps, calls * (steps // 20))} steps"
            if calls % KEPT_EVERY == 0:
                self.add(name, W)
            self.training = {"name": name, "weights": packed(W)}
            calls += 1

        W = catch.train(seed, steps, watch)
        self.add(f"after {steps} steps", W)
        self.training = {}
        return W

    def add(self, name, W):
        """One more agent to choose, which plays from now on."""
        self.kept.append(W)
        self.agents, self.names = [*self.agents, packed(W)], [*self.names, name]
        self.chosen = len(self.names) - 1

    def q(self):
        """Q of left, stay and right at the opening, for the chosen agent."""
        return catch.net(self.kept[self.chosen], catch.pixels(np.array([self.opening])))[0]

    def text(self):
        left, stay, right = self.q()
        return (
            f"Agent {self.names[self.chosen]}: at the opening Q of left {left:.3f}, "
            f"of stay {stay:.3f}, of right {right:.3f}."
        )

    def svg(self):
        row, column, paddle, _ = self.opening
        side, parts = 22, []
        for k in range(catch.SIZE):
            at = {"x1": 10 + side * k, "x2": 10 + side * k, "y1": 10, "y2": 10 + side * catch.SIZE}
            parts.append(element("line", **at, stroke=LINE))
        square = {"width": side, "height": side}
        parts.append(element("rect", x=10 + side * column, y=10 + side * row, **square, fill=ORANGE))
        place = {"x": 10 + side * (paddle - 1), "y": 10 + side * (catch.SIZE - 1)}
        parts.append(element("rect", **place, width=3 * side, height=side, fill=BLUE))
        parts.append(text(20 + side * 5, 250, "ball and paddle"))
        return picture(250, 262, f"Catch on 10 x 10 pixels. {self.text()}", *parts)


def play_catch(W=None):
    """An agent that was not trained, and one with weights W, as `catch.train` returns them, if given.

    `figure.train()` in a later cell trains another, and the figure plays with it meanwhile.
    """
    figure = PlayCatch()
    figure.kept = []
    figure.add("before training", arrays(catch.weights(np.random.default_rng(0))))
    if W is not None:
        figure.add("trained", W)
    figure.chosen = 0
    return figure
