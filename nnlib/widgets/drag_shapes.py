"""Shapes to be dragged: one network draws boxes around them, another describes them. Unit 6."""

import numpy as np
import traitlets

from nnlib.applications import captioning, described, detection, pictures, shapes, shipped
from nnlib.figures.svg import element, text
from nnlib.widgets.live_figure import LiveFigure
from nnlib.widgets.packed import packed
from nnlib.widgets.picture import ORANGE, picture

GREY = 0.425
"""Brightness of the background."""
SURE = 0.3
"""The score from which a box is drawn."""


class DragShapes(LiveFigure):
    """A scene, the boxes that the detector finds in it, and the sentence that the captioning network says."""

    name = "drag_shapes"
    shapes = traitlets.List().tag(sync=True)
    chosen = traitlets.Int(0).tag(sync=True)
    cluttered = traitlets.Bool(False).tag(sync=True)
    kinds = traitlets.List().tag(sync=True)
    colours = traitlets.Dict().tag(sync=True)
    words = traitlets.List().tag(sync=True)
    noise = traitlets.List().tag(sync=True)
    strokes = traitlets.List().tag(sync=True)
    detector = traitlets.Dict().tag(sync=True)
    speaker = traitlets.Dict().tag(sync=True)

    def scene(self):
        """The picture (32, 32, 3) of the present shapes."""
        X = GREY + np.array(self.noise, np.float32).reshape(shapes.SIZE, shapes.SIZE, 3)
        if self.cluttered:
            X = np.where(np.array(self.strokes)[..., :1] < 0, X, self.strokes)
        for shape in self.shapes:
            kind, place = self.kinds.index(shape["kind"]), [np.array([shape[key]]) for key in ("x", "y", "r")]
            mask = shapes.masks(np.array([kind]), *place, np.array([shape["angle"]]))[0]
            X = np.where(mask[..., None], self.colours[shape["colour"]], X)
        return X.astype(np.float32)

    def boxes(self):
        """The detector's boxes, as (score, class, box)."""
        return detection.found(shipped.load("detection_several"), self.scene(), SURE)[0]

    def sentence(self):
        """The captioning network's sentence."""
        return captioning.captions(shipped.load("captioning"), self.scene())[0][0]

    def text(self):
        there = ", ".join(f"{shape['colour']} {shape['kind']}" for shape in self.shapes)
        boxed = ", ".join(f"{self.kinds[kind]} {score:.2f}" for score, kind, _ in self.boxes())
        return f"in the scene: {there}\nfound: {boxed or 'nothing'}\nsaid: {self.sentence()}"

    def svg(self):
        parts, scale = [pictures.image_at(0, 0, 320, self.scene())], 320 / shapes.SIZE
        for score, kind, (x0, y0, x1, y1) in self.boxes():
            place = {
                "x": scale * x0,
                "y": scale * y0,
                "width": scale * (x1 - x0),
                "height": scale * (y1 - y0),
            }
            parts.append(element("rect", **place, fill="none", stroke=ORANGE, stroke_width=3))
            x, y = max(2.0, scale * x0), max(14.0, scale * y0 - 5)
            parts.append(text(x, y, f"{self.kinds[kind]} {score:.2f}", anchor="start", fill=ORANGE))
        sentence = self.sentence()
        parts.append(text(160, 342, sentence))
        return picture(320, 352, f"Shapes, boxes around those that were found, and: {sentence}", *parts)


def drag_shapes():
    """Drag one to three shapes: boxes, names and a sentence follow, and each word shows where it looked."""
    rng = np.random.default_rng(4)
    strokes = np.full((1, shapes.SIZE, shapes.SIZE, 3), -1.0, np.float32)
    shapes.clutter(rng, strokes)
    return DragShapes(
        shapes=[
            {"kind": "disc", "colour": "red", "x": 9.0, "y": 12.0, "r": 7.0, "angle": 0.0},
            {"kind": "square", "colour": "blue", "x": 22.0, "y": 19.0, "r": 6.5, "angle": 0.1},
        ],
        kinds=list(shapes.KINDS),
        colours={name: list(rgb) for name, rgb in described.COLOURS.items()},
        words=list(described.WORDS),
        noise=(0.03 * rng.standard_normal(shapes.SIZE**2 * 3)).round(4).tolist(),
        strokes=strokes[0].astype(float).round(3).tolist(),
        detector=packed(shipped.load("detection_several")),
        speaker=packed(shipped.load("captioning")),
    )
