"""One style for all pictures, and the description that each of them carries."""

from nnlib.figures.svg import BLUE, GREEN, ORANGE, PINK

PEN = "#777777"
"""The colour of axes and words in matplotlib: read on white and on black, also in a figure as PNG."""


def use_style():
    """Set matplotlib to the style of the course: no ground, the palette, quiet axes."""
    import matplotlib as mpl
    from cycler import cycler

    mpl.rcParams.update(
        {
            "axes.prop_cycle": cycler(color=[BLUE, ORANGE, GREEN, PINK]),
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.titlesize": "medium",
            "figure.constrained_layout.use": True,
            "figure.facecolor": "none",
            "axes.facecolor": "none",
            "savefig.facecolor": "none",
            **dict.fromkeys(("text.color", "axes.edgecolor", "axes.labelcolor", "axes.titlecolor"), PEN),
            **dict.fromkeys(("xtick.color", "ytick.color"), PEN),
            "font.size": 11,
            "legend.frameon": False,
            "lines.markersize": 4,
        }
    )


class Picture:
    """A picture with its description: `<img alt=...>` or inline SVG in a page, text elsewhere."""

    def __init__(self, markup, description):
        self.markup = markup
        self.description = description

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/html": self.markup, "text/plain": self.description}

    def file(self):
        """The same as an SVG file, which has no page around it and asks the browser for light or dark."""
        colours = "<style>:root { color-scheme: light dark; color: CanvasText }</style>"
        return self.markup.replace("<title>", f"{colours}<title>", 1) + "\n"

    def __repr__(self):
        return self.description
