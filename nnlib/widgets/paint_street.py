"""Paint what each pixel shows, and two networks turn it into a street, and the street into night: unit 6."""

import numpy as np
import traitlets

from nnlib.applications import image_pairs, pictures, segmentation, shipped, streets
from nnlib.arguments import whole_number
from nnlib.figures.svg import text
from nnlib.widgets.live_figure import LiveFigure
from nnlib.widgets.packed import packed
from nnlib.widgets.picture import picture

SEEDS = 8
"""How many streets there are to begin with."""


class PaintStreet(LiveFigure):
    """Labels that the reader paints, the street that belongs to them, and the same street at night."""

    name = "paint_street"
    starts = traitlets.List().tag(sync=True)
    start = traitlets.Int(0).tag(sync=True)
    labels = traitlets.List().tag(sync=True)
    classes = traitlets.List().tag(sync=True)
    colours = traitlets.List().tag(sync=True)
    chosen = traitlets.Int(streets.CAR).tag(sync=True)
    brush = traitlets.Int(3).tag(sync=True)
    street = traitlets.Dict().tag(sync=True)
    night = traitlets.Dict().tag(sync=True)

    def pictures(self):
        """Street and night (32, 32, 3) of the present labels, as the networks make them."""
        L = np.array(self.labels).reshape(1, streets.SIZE, streets.SIZE)
        day = image_pairs.turned(shipped.load("street"), np.eye(len(self.classes), dtype="f")[L])
        return day[0], image_pairs.turned(shipped.load("night"), day)[0]

    def text(self):
        counts = np.bincount(self.labels, minlength=len(self.classes))
        shares = ", ".join(f"{name} {n / 10.24:.0f} %" for name, n in zip(self.classes, counts, strict=True))
        day, night = self.pictures()
        return (
            f"painted: {shares}\nmean brightness of the street {day.mean():.3f}, at night {night.mean():.3f}"
        )

    def svg(self):
        L = np.array(self.labels).reshape(streets.SIZE, streets.SIZE)
        images = {"what each pixel shows": segmentation.COLOURS[L]}
        images |= dict(zip(("the street", "the same at night"), self.pictures(), strict=True))
        parts = []
        for n, (name, image) in enumerate(images.items()):
            parts += [pictures.image_at(8 + 244 * n, 8, 236, image), text(126 + 244 * n, 264, name)]
        words = f"A painted plan of a street, the street, and the street at night. {self.text()}"
        return picture(740, 276, words, *parts)


def paint_street(start=0):
    """Paint with six classes; two trained networks answer each stroke with a street, by day and by night.

    `start`: which of the streets, 0 to 7, is there at first. Raises ValueError for another number.
    """
    start = whole_number(start, "start", 0)
    if start >= SEEDS:
        raise ValueError(f"start must be one of 0 to {SEEDS - 1}, got {start}.")
    starts = [
        streets.labels(np.random.default_rng(segmentation.HELD_OUT + 20 + seed))[0].ravel().tolist()
        for seed in range(SEEDS)
    ]
    return PaintStreet(
        starts=starts,
        start=start,
        labels=starts[start],
        classes=list(streets.CLASSES),
        colours=segmentation.COLOURS.tolist(),
        street=packed(shipped.load("street")),
        night=packed(shipped.load("night")),
    )
