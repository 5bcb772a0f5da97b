"""Pick a picture, a style and how much the style counts; the paintings come with the course. Unit 6."""

import base64
from functools import cache

import traitlets

from nnlib.applications import pictures, style_sheet
from nnlib.applications.style_transfer import HEIGHT, WIDTH
from nnlib.figures.svg import element, text
from nnlib.widgets.live_figure import LiveFigure
from nnlib.widgets.picture import LINE, picture


@cache
def sheet_address():
    """The shipped sheet as an address within the page."""
    return "data:image/jpeg;base64," + base64.b64encode(style_sheet.FILE.read_bytes()).decode()


class MixStyles(LiveFigure):
    """A picture and a style on the left, and what gradient descent on the pixels made of both."""

    name = "mix_styles"
    sheet = traitlets.Unicode().tag(sync=True)
    size = traitlets.List([WIDTH, HEIGHT, style_sheet.COLUMNS, style_sheet.ROWS]).tag(sync=True)
    pictures = traitlets.List(list(style_sheet.PICTURES)).tag(sync=True)
    styles = traitlets.List(list(style_sheet.STYLES)).tag(sync=True)
    shares = traitlets.List(list(style_sheet.SHARES)).tag(sync=True)
    originals = traitlets.List().tag(sync=True)
    tiles = traitlets.List().tag(sync=True)
    picture = traitlets.Int(0).tag(sync=True)
    style = traitlets.Int(1).tag(sync=True)
    share = traitlets.Int(1).tag(sync=True)

    def text(self):
        style = self.styles[self.style]
        words = f"{self.pictures[self.picture].capitalize()} in the style of {style}"
        if self.picture == len(self.originals):
            return f"{words}: nothing but style counts, s = 1"
        share = self.shares[self.share]
        return f"{words}: the style counts s = {share:.1f}, the content {1 - share:.1f}"

    def svg(self):
        tiles = style_sheet.load()
        made = tiles[tuple(self.tiles[self.picture][self.style][self.share][::-1])]
        parts = [element("rect", x=8, y=8, width=168, height=112, fill=LINE)]
        if self.picture < len(self.originals):
            parts = [placed(8, 8, 168, tiles[tuple(self.originals[self.picture][::-1])])]
        parts += [
            placed(8, 158, 168, tiles[tuple(self.originals[self.style][::-1])]), placed(196, 22, 372, made),
            text(92, 140, self.pictures[self.picture]), text(92, 290, f"style: {self.styles[self.style]}"),
            text(382, 290, "what it becomes"),
        ]  # fmt: skip
        return picture(576, 302, f"A picture, a style and both together. {self.text()}", *parts)


def placed(x, y, width, image):
    """An image of the sheet at a place of the still picture."""
    place = {"x": x, "y": y, "width": width, "height": width * HEIGHT / WIDTH}
    return element("image", href=pictures.png(image), style="image-rendering: pixelated", **place)


def mix_styles():
    """Pick one of scikit-learn's two photographs, or noise, and the style of one of them."""
    choices = range(len(style_sheet.STYLES))
    tiles = [
        [[list(style_sheet.tile(m, n, k)) for k in range(len(style_sheet.SHARES))] for n in choices]
        for m in range(len(style_sheet.PICTURES))
    ]
    originals = [list(style_sheet.original(n)) for n in choices]
    return MixStyles(sheet=sheet_address(), originals=originals, tiles=tiles)
