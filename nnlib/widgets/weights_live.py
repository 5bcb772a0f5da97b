"""First-layer weights as images while a network learns digits: unit 2, slide "Weight Visualizations"."""

import base64
from functools import cache

import numpy as np
import traitlets

from nnlib import datasets
from nnlib.figures.svg import element, text
from nnlib.network import Network
from nnlib.training import train
from nnlib.widgets.live_figure import LiveFigure
from nnlib.widgets.picture import BLUE, GROUND, INK, LINE, ORANGE, picture

EPOCHS = [0, 1, 2, 3, 5, 8, 12, 20, 30]
"""Epochs after which a copy of the network is kept."""
HIDDEN = 16


@cache
def course():
    """The network at each of `EPOCHS`: a list of (W1, b1, W2, b2), and its accuracies on test images."""
    X, T, X_test, T_test = datasets.split(*datasets.digits())
    network = Network([64, HIDDEN, 10], activation="tanh", output="softmax", rng=0)
    # Small weights at the start, so that the images show what was learnt and not the first random weights.
    network.layers[0].W = 0.1 * network.layers[0].W
    kept, accuracies = [], []
    for epoch in range(EPOCHS[-1] + 1):
        if epoch in EPOCHS:
            kept.append([array.copy() for layer in network.layers for array in (layer.W, layer.b)])
            right = network.forward(X_test).argmax(axis=1) == T_test.argmax(axis=1)
            accuracies.append(float(right.mean()))
        if epoch < EPOCHS[-1]:
            train(network, X, T, error="cross_entropy", alpha=0.02, epochs=1, batch_size=32, rng=epoch)
    return kept, accuracies


def outputs(weights, x):
    """Hidden outputs (HIDDEN,) and class probabilities (10,) for one image x (64,)."""
    W1, b1, W2, b2 = weights
    network = Network.of([(W1, b1), (W2, b2)], ["tanh", "softmax"])
    return np.tanh(W1 @ x + b1), network.forward(x)


def best_liked(w):
    """The image (64,) of pixels between 0 and 1 for which w x is largest: ink where w is positive."""
    return (np.asarray(w) > 0).astype(float)


class WeightsLive(LiveFigure):
    """A digits network at several epochs: its weights as images, and its answer to a drawing."""

    name = "weights_live"
    epochs = traitlets.List(EPOCHS).tag(sync=True)
    shown = traitlets.Int(0).tag(sync=True)
    accuracies = traitlets.List().tag(sync=True)
    weights = traitlets.Unicode().tag(sync=True)
    samples = traitlets.List().tag(sync=True)
    misread = traitlets.List().tag(sync=True)
    drawn = traitlets.List().tag(sync=True)

    def text(self):
        _, y = outputs(course()[0][self.shown], np.array(self.drawn))
        best = y.argsort()[::-1][:3]
        digits = ", ".join(f"{digit} ({y[digit]:.1%})" for digit in best)
        return (
            f"Epoch {EPOCHS[self.shown]}: {self.accuracies[self.shown]:.1%} of the test images are read "
            f"correctly. The drawing is read as {digits}."
        )

    def svg(self):
        weights = course()[0][self.shown]
        h, y = outputs(weights, np.array(self.drawn))
        limit = np.abs(weights[0]).max()
        parts = [_image(np.array(self.drawn), 10, 30, 20, lambda ink: (INK, ink))]
        signed = lambda w: (ORANGE if w > 0 else BLUE, abs(w) / limit)  # noqa: E731
        for j, row in enumerate(weights[0]):
            x, top = 210 + 54 * (j % 4), 30 + 60 * (j // 4)
            width = 24 * float(h[j])
            parts += [
                _image(row, x, top, 6, signed),
                element("rect", x=x + 24 + min(width, 0), y=top + 50, width=abs(width), height=4,
                        fill=ORANGE if width > 0 else BLUE),
            ]  # fmt: skip
        for digit, share in enumerate(y):
            top = 30 + 22 * digit
            parts += [text(460, top + 14, str(digit)),
                      element("rect", x=474, y=top + 3, width=100 * float(share), height=14,
                              fill=ORANGE)]  # fmt: skip
        return picture(600, 280, f"A drawing, weights as images, and outputs. {self.text()}", *parts)


def _image(values, x, y, side, paint):
    """64 values as 8 by 8 pixels; paint(value) gives a colour and how much of it."""
    cells = [element("rect", x=x, y=y, width=8 * side, height=8 * side, fill=GROUND, stroke=LINE)]
    for at, value in enumerate(values):
        colour, share = paint(float(value))
        if share > 0.03:
            place = {"x": x + side * (at % 8), "y": y + side * (at // 8)}
            cells.append(element("rect", **place, width=side, height=side, fill=colour,
                                 fill_opacity=round(share, 2)))  # fmt: skip
    return "".join(cells)


def weights_live():
    """A network that learns to read digits, epoch by epoch; the reader draws digits for it."""
    kept, accuracies = course()
    _, _, X, T = datasets.split(*datasets.digits())
    digits = T.argmax(axis=1)
    read = np.array([outputs(kept[-1], x)[1].argmax() for x in X])
    plain = lambda n: {"pixels": X[n].tolist(), "digit": int(digits[n])}  # noqa: E731
    first = [int(np.flatnonzero((digits == digit) & (read == digit))[0]) for digit in range(10)]
    flat = np.concatenate([array.ravel() for weights in kept for array in weights]).astype("<f4")
    return WeightsLive(
        accuracies=accuracies,
        weights=base64.b64encode(flat.tobytes()).decode(),
        samples=[plain(n) for n in first],
        misread=[plain(int(n)) for n in np.flatnonzero(read != digits)[:8]],
        drawn=X[first[3]].tolist(),
    )
