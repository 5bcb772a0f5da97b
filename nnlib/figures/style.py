"""One style for all pictures, and the description that each of them carries."""

import base64
import html
import io

BLUE, ORANGE, GREEN, PINK = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
"""The palette (Okabe and Ito, 2008): told apart with all common kinds of colour blindness."""


def use_style():
    """Set matplotlib to the style of the course: white background, the palette, quiet axes."""
    import matplotlib as mpl
    from cycler import cycler

    mpl.rcParams.update(
        {
            "axes.prop_cycle": cycler(color=[BLUE, ORANGE, GREEN, PINK]),
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.titlesize": "medium",
            "figure.constrained_layout.use": True,
            "figure.facecolor": "white",
            "axes.facecolor": "white",
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

    def __repr__(self):
        return self.description


def describe(figure, description):
    """Show a matplotlib figure with its description as alt text, and close it.

    The description says what is to be seen, not that there is a picture. Raises ValueError for an
    empty one.
    """
    if not description.strip():
        raise ValueError("A figure needs a description: say in a sentence what is to be seen.")
    import matplotlib.pyplot as plt

    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=110, pil_kwargs={"compress_level": 1})
    plt.close(figure)
    data = base64.b64encode(file.getvalue()).decode()
    alt = html.escape(description, quote=True)
    return Picture(
        f'<img src="data:image/png;base64,{data}" alt="{alt}" style="max-width: 100%">', description
    )
