"""Pictures in a style, painted once and shipped as one sheet: a painting takes seconds, a choice none.

The sheet has rows of four tiles of 144 x 96 pixels. First the two photographs, then what becomes of grey
noise when the style of each is all that counts. Then a row for each picture and style, with a growing share
of style.
"""

import numpy as np

from nnlib.applications import style_transfer
from nnlib.applications.shipped import FOLDER
from nnlib.applications.style_transfer import HEIGHT, WIDTH

FILE = FOLDER / "styles.jpg"
STYLES = ("the temple", "the flower")
PICTURES = (*STYLES, "noise")
SHARES = (0.1, 0.3, 0.6, 0.9)
"""s in `style_transfer.painted`."""
COLUMNS, ROWS = len(SHARES), 1 + len(STYLES) ** 2


def tile(picture, style, share):
    """Column and row of a picture in a style, all three as places in PICTURES, STYLES and SHARES."""
    if PICTURES[picture] == "noise":
        return len(STYLES) + style, 0
    return share, 1 + len(STYLES) * picture + style


def original(picture):
    """Column and row of one of the two photographs."""
    return picture, 0


def painted(seed=0):
    """The whole sheet, (5 · 96, 4 · 144, 3) in 0..1."""
    W = style_transfer.train(seed)
    photographs = list(style_transfer.photographs().values())
    grey = np.full((HEIGHT, WIDTH, 3), 0.5)
    sheet = np.zeros((ROWS, HEIGHT, COLUMNS, WIDTH, 3))
    for n, style in enumerate(photographs):
        sheet[0, :, n] = style
        sheet[0, :, len(STYLES) + n] = style_transfer.painted(W, grey, style, share=1.0)
        for m, content in enumerate(photographs):
            for k, share in enumerate(SHARES):
                column, row = tile(m, n, k)
                sheet[row, :, column] = style_transfer.painted(W, content, style, share=share)
    return sheet.reshape(ROWS * HEIGHT, COLUMNS * WIDTH, 3)


def save(file=FILE, seed=0):
    """Write the sheet as a JPEG."""
    from matplotlib.image import imsave

    imsave(file, painted(seed), pil_kwargs={"quality": 90})


def load(file=FILE):
    """The tiles of the shipped sheet, (5, 4, 96, 144, 3) in 0..1."""
    from matplotlib.image import imread

    sheet = imread(file) / 255
    return sheet.reshape(ROWS, HEIGHT, COLUMNS, WIDTH, 3).swapaxes(1, 2)
