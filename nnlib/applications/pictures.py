"""Pictures side by side, what a user hands in as a picture, and a picture that follows training."""

import base64
import io

import numpy as np

from nnlib.arguments import finite
from nnlib.figures.style import Picture
from nnlib.figures.svg import element, svg, text

SIZE = 32


def checked(X, channels, size=SIZE):
    """Pictures X (N, H, W, channels) as float32; one picture becomes a batch of one.

    Raises ValueError for another shape, or values that are not finite.
    """
    X = finite(X, "X", ndim=(3, 4), dtype=np.float32)
    X = X[None] if X.ndim == 3 else X
    wanted = (size, size, channels)
    if X.shape[1:] != wanted or not len(X):
        raise ValueError(
            f"X has shape {X.shape}, expected (N, {', '.join(map(str, wanted))}): scale it first."
        )
    return X


def png(image):
    """An image (H, W), (H, W, 3) or (H, W, 4) of numbers 0..1 as the address of a PNG within the page."""
    from matplotlib.image import imsave

    image = np.clip(image, 0, 1).astype(float)
    buffer = io.BytesIO()
    imsave(buffer, np.repeat(image[..., None], 3, 2) if image.ndim == 2 else image, format="png")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


def grid(rows, description, side=72):
    """Rows of images of equal size, {name: images (N, H, W, 3) or (N, H, W)}, each named at its left."""
    children, gap, left = [], 4, 96
    for r, (name, images) in enumerate(rows.items()):
        y = gap + r * (side + gap)
        children.append(text(left - 8, y + side / 2 + 4, name, anchor="end"))
        for n, image in enumerate(images):
            x = left + n * (side + gap)
            children.append(image_at(x, y, side, image))
    count = max(map(len, rows.values()))
    return Picture(
        svg(left + count * (side + gap), gap + len(rows) * (side + gap), description, *children), description
    )


def row(images, description, width=216):
    """Images side by side, {name: image (H, W, 3)}, each with its name below."""
    children, gap, x = [], 8, 0
    for name, image in images.items():
        height = width * image.shape[0] / image.shape[1]
        place = {"x": x, "y": 0, "width": width, "height": height, "style": "image-rendering: pixelated"}
        children += [element("image", href=png(image), **place), text(x + width / 2, height + 18, name)]
        x += width + gap
    return Picture(svg(x - gap, height + 26, description, *children), description)


def image_at(x, y, side, image):
    """An image of a picture, its pixels as squares."""
    return png_at(x, y, side, png(image))


def png_at(x, y, side, address):
    """The same for an image that is a PNG already."""
    style = "image-rendering: pixelated"
    return element("image", href=address, x=x, y=y, width=side, height=side, style=style)


class Watched:
    """`watch=Watched(show)`: the picture show(weights) improves in the notebook during training."""

    def __init__(self, show):
        self.show, self.handle = show, None

    def __call__(self, W):
        from IPython.display import display

        from nnlib.applications.fitting import arrays

        picture = self.show(arrays(W))
        if self.handle is None:
            self.handle = display(picture, display_id=True)
        else:
            self.handle.update(picture)
