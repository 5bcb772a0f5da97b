"""The base of every live figure: its files, and a still picture and a text for pages without scripts."""

import html
from pathlib import Path

import anywidget
from IPython.display import display

from nnlib.widgets.modules import FOLDER, bundle
from nnlib.widgets.saved import PAGE, figure_html


class LiveFigure(anywidget.AnyWidget):
    """A figure that is drawn and computed in the page.

    A subclass sets `name`, declares its data as traitlets with `.tag(sync=True)`, and writes two
    methods: `svg()`, a still picture of the present state, and `text()`, the same numbers in words.
    Its JavaScript is the module `<name>.js`; what several figures share it imports from kit/.
    """

    name = ""

    def __init_subclass__(cls, **options):
        super().__init_subclass__(**options)
        if "name" in vars(cls):  # anywidget derives further classes at run time
            cls._esm, cls._css = bundle(cls.name)

    def svg(self):
        """The present state as a still SVG picture."""
        raise NotImplementedError

    def text(self):
        """The numbers of the present state as text."""
        raise NotImplementedError

    def still(self):
        """Picture and numbers as HTML, for exports and for notebooks without a kernel."""
        return f"<figure>{self.svg()}{self.table()}</figure>"

    def table(self):
        """`text` as HTML."""
        return f'<pre style="white-space: pre-wrap; word-break: normal">{html.escape(self.text())}</pre>'

    def _ipython_display_(self):
        """Two outputs, live and still: when the widget of an output is gone, JupyterLab does not fall
        back to its other formats. While the figure is live, kit/figure.css hides the still one."""
        data, metadata = self._repr_mimebundle_()
        live = {kind: data.pop(kind) for kind in list(data) if "widget-view" in kind}
        display(live, metadata=metadata, raw=True)
        display(data | {"text/html": f'{STILL}<div class="nnlib-still">{data["text/html"]}</div>'}, raw=True)

    def _repr_mimebundle_(self, **options):
        made = super()._repr_mimebundle_(**options)
        data, metadata = made if isinstance(made, tuple) else (made, {})
        return data | {"text/html": self.still(), "text/plain": self.text()}, metadata

    def save_html(self, path):
        """Write one HTML file that works in any browser, without kernel or network."""
        title = html.escape(self.name.replace("_", " "))
        Path(path).write_text(PAGE.format(title=title, figure=self.part_of_page()), encoding="utf-8")

    def part_of_page(self):
        """The figure as a part of a larger HTML page."""
        return figure_html({name: getattr(self, name) for name in self.keys}, self.still())


KIT = FOLDER / "kit"

STILL = f"""<style>
{(KIT / "tokens.css").read_text(encoding="utf-8")}{(KIT / "picture.css").read_text(encoding="utf-8")}
.nnlib-still {{ animation: nnlib-wait 1s; color: var(--ink) }}
@keyframes nnlib-wait {{ from, 99% {{ max-height: 0; visibility: hidden }} }}
.jp-OutputArea > :has(+ .jp-OutputArea-child .nnlib-still):not(:has(.nnlib-figure)) {{ display: none }}
</style>"""
"""The still figure, hidden for the first second: within it a live figure has loaded and hides it for good.
Without a kernel JupyterLab shows an error in the live one's output, which is hidden here."""
