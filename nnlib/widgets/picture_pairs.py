"""Six kinds of image enhancement on pictures that were held out, and colour for a photograph: unit 6."""

from functools import cache

import numpy as np
import traitlets

from nnlib import datasets
from nnlib.applications import image_pairs, pictures, shipped
from nnlib.figures.svg import text
from nnlib.widgets.live_figure import LiveFigure
from nnlib.widgets.picture import picture

PICTURES = 6
"""Held-out pictures of each pair."""
PHOTOGRAPH = "a photograph → colour"
COLUMNS = ("input", "the network", "what is wanted", "pixel by pixel")


@cache
def examples(pair):
    """PNGs of held-out pictures, one list for each of `COLUMNS`, and the PSNR of network and baseline."""
    X, T = image_pairs.data(pair, PICTURES, image_pairs.HELD_OUT)
    Y = image_pairs.turned(shipped.load(pair), X)
    train = image_pairs.data(pair, 100, image_pairs.HELD_OUT + 1)
    P = np.clip(image_pairs.by_pixel(*train, X), 0, 1)
    rows = [list(map(pictures.png, images)) for images in (image_pairs.seen(X), Y, T, P)]
    return {
        "name": image_pairs.PAIRS[pair][1],
        "images": rows,
        "network": [image_pairs.psnr(y, t) for y, t in zip(Y, T, strict=True)],
        "baseline": [image_pairs.psnr(p, t) for p, t in zip(P, T, strict=True)],
    }


@cache
def coloured_photographs():
    """scikit-learn's two photographs in grey, and as the colouring network sees them."""
    grey = datasets.photographs()[:, :212, :320].reshape(2, 53, 4, 80, 4).mean((2, 4))[:, :52]
    X = grey[..., None].astype(np.float32)
    Y = np.clip(image_pairs.net(shipped.load("colour"), X), 0, 1)
    images = [list(map(pictures.png, X[..., 0])), list(map(pictures.png, Y)), [], []]
    return {"name": PHOTOGRAPH, "images": images, "network": [], "baseline": []}


class PicturePairs(LiveFigure):
    """Input, the network's picture, what is wanted, and the best of each pixel by itself."""

    name = "picture_pairs"
    pairs = traitlets.List().tag(sync=True)
    columns = traitlets.List().tag(sync=True)
    pair = traitlets.Int(0).tag(sync=True)
    number = traitlets.Int(0).tag(sync=True)

    def text(self):
        shown = self.pairs[self.pair]
        words = f"{shown['name']}, picture {self.number + 1}"
        if not shown["network"]:
            return f"{words}: learnt from painted streets alone, and nobody knows the right colours"
        network, baseline = shown["network"][self.number], shown["baseline"][self.number]
        return f"{words}: PSNR {network:.2f} dB by the network, {baseline:.2f} dB pixel by pixel"

    def svg(self):
        shown, parts = self.pairs[self.pair], []
        for n, (name, images) in enumerate(zip(self.columns, shown["images"], strict=True)):
            if images:
                href = images[self.number % len(images)]
                parts += [pictures.png_at(8 + 184 * n, 8, 176, href), text(96 + 184 * n, 204, name)]
        return picture(744, 216, f"{' '.join(self.columns)}: {self.text()}", *parts)


def picture_pairs(pair="street"):
    """Choose a pair and a picture; beside the network's answer stands what each pixel could do by itself.

    Raises ValueError for a pair that is not in `nnlib.applications.image_pairs.PAIRS`.
    """
    names = list(image_pairs.PAIRS)
    if pair not in names:
        raise ValueError(f"pair must be one of {', '.join(names)}; got {pair!r}.")
    pairs = [*map(examples, names), coloured_photographs()]
    return PicturePairs(pairs=pairs, columns=list(COLUMNS), pair=names.index(pair))
