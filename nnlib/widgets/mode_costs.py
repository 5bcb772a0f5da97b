"""Operations of forward and reverse mode for n inputs and m outputs: unit 5."""

from functools import cache

import numpy as np
import traitlets

from nnlib.differentiation.costs import cost
from nnlib.figures.svg import element, text
from nnlib.widgets.live_figure import LiveFigure
from nnlib.widgets.picture import BLUE, INK, ORANGE, picture

SIZES = [1, 2, 4, 8, 16, 32]
"""Numbers of inputs and of outputs that are counted."""


@cache
def counted():
    """For each n and m of SIZES the operations of f alone, of forward and of reverse mode; and memory.

    f(x) = tanh(W₂ tanh(W₁ x)) with 8 neurons between n inputs and m outputs; its whole Jacobian.
    """
    table = {}
    for n in SIZES:
        for m in SIZES:
            rng = np.random.default_rng(n * 100 + m)
            W1, W2, x = rng.normal(size=(8, n)), rng.normal(size=(m, 8)), rng.normal(size=n)

            def f(x, W1=W1, W2=W2):
                return np.tanh(W2 @ np.tanh(W1 @ x))

            costs = [cost(f, x, method) for method in (None, "forward", "reverse")]
            table[f"{n},{m}"] = [c.operations for c in costs] + [c.memory for c in costs]
    return table


class ModeCosts(LiveFigure):
    """Bars for one n and m, and a map of all of them that says which mode is cheaper."""

    name = "mode_costs"
    sizes = traitlets.List(SIZES).tag(sync=True)
    counts = traitlets.Dict().tag(sync=True)
    n = traitlets.Int().tag(sync=True)
    m = traitlets.Int().tag(sync=True)

    def text(self):
        alone, forward, reverse, _, kept_forward, kept_reverse = self.counts[f"{self.n},{self.m}"]
        sizes = f"{self.n} input{'s'[: self.n > 1]}, {self.m} output{'s'[: self.m > 1]}"
        return (
            f"{sizes}: f alone {alone} operations, forward mode {forward}, "
            f"reverse mode {reverse}; numbers held at once: forward {kept_forward}, reverse {kept_reverse}"
        )

    def svg(self):
        alone, forward, reverse, *_ = self.counts[f"{self.n},{self.m}"]
        rows = (("f alone", alone, INK), ("forward", forward, BLUE), ("reverse", reverse, ORANGE))
        longest = max(alone, forward, reverse)
        parts = []
        for k, (name, value, colour) in enumerate(rows):
            y = 20 + 40 * k
            parts.append(text(60, y + 16, name, anchor="end"))
            parts.append(
                element("rect", x=70, y=y, width=max(2, 220 * value / longest), height=22, fill=colour)
            )
            parts.append(text(80 + 220 * value / longest, y + 16, str(value), anchor="start"))
        words = f"Operations for a Jacobian of {self.n} inputs and {self.m} outputs"
        return picture(380, 150, words, *parts)


def mode_costs(n=4, m=8):
    """Compare the counted operations of both modes; n inputs and m outputs are of 1, 2, 4, 8, 16, 32.

    Raises ValueError for other numbers.
    """
    for name, value in (("n", n), ("m", m)):
        if value not in SIZES:
            raise ValueError(f"{name} must be one of {SIZES}, got {value!r}.")
    return ModeCosts(counts=counted(), n=n, m=m)
