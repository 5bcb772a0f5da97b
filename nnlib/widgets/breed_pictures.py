"""Breed pictures: choose parents, and their children mix the neurons of the networks that paint. Unit 6."""

import numpy as np
import traitlets

from nnlib.applications import painted_functions, pictures
from nnlib.arguments import whole_number
from nnlib.figures.svg import text
from nnlib.widgets.live_figure import LiveFigure
from nnlib.widgets.picture import picture

COUNT = 8


class BreedPictures(LiveFigure):
    """Eight pictures, each painted by a network at every pixel, and which of them are chosen as parents."""

    name = "breed_pictures"
    start = traitlets.List().tag(sync=True)
    genes = traitlets.List().tag(sync=True)
    generation = traitlets.Int(0).tag(sync=True)
    chosen = traitlets.List(traitlets.Int()).tag(sync=True)

    def images(self, size=48):
        """The pictures (8, size, size, 3)."""
        weights = ({name: np.array(w) for name, w in genes.items()} for genes in self.genes)
        return np.array([painted_functions.image(W, size) for W in weights])

    def text(self):
        colours = (", ".join(f"{v:.2f}" for v in image.mean((0, 1))) for image in self.images(24))
        listed = "; ".join(f"{n + 1}: {colour}" for n, colour in enumerate(colours))
        return f"Generation {self.generation}. Mean red, green and blue of each picture: {listed}"

    def svg(self):
        parts = []
        for n, image in enumerate(self.images()):
            x, y = 8 + 158 * (n % 4), 8 + 178 * (n // 4)
            parts += [pictures.image_at(x, y, 150, image), text(x + 75, y + 166, f"picture {n + 1}")]
        return picture(648, 364, f"Eight pictures of networks. {self.text()}", *parts)


def breed_pictures(seed=0):
    """Eight pictures to choose parents from. `seed`: a whole number from 0; ValueError for another."""
    rng = np.random.default_rng(whole_number(seed, "seed", 0))
    born = [painted_functions.weights(rng) for _ in range(COUNT)]
    genes = [{name: np.round(w, 4).tolist() for name, w in W.items()} for W in born]
    return BreedPictures(start=genes, genes=genes)
