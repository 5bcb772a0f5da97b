"""What every live figure has: its files, a still picture and a text for where nothing moves."""

import base64
import html
import json
from pathlib import Path

import anywidget
from IPython.display import display

FOLDER = Path(__file__).parent


class LiveFigure(anywidget.AnyWidget):
    """A figure that is drawn and computed in the page.

    A subclass sets `name`, declares its data as traitlets with `.tag(sync=True)`, and writes two
    methods: `svg()`, a still picture of the present state, and `text()`, the same numbers in words.
    Its JavaScript stands in `<name>.js`, a function `draw(figure)`; live_figure.js, which comes
    first, says what `figure` offers: nodes, sliders, buttons, and the line that is read aloud.
    `parts` names files that several figures share, such as "backpropagation"; they come in between.
    """

    name = ""
    parts = ()

    def __init_subclass__(cls, **options):
        super().__init_subclass__(**options)
        if "name" in vars(cls):  # anywidget derives further classes at run time
            files = ["live_figure", *cls.parts, cls.name]
            cls._esm = _join(files, ".js") + EXPORT
            cls._css = _join(files, ".css")

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
        """What `text` says, as HTML."""
        return f'<pre style="white-space: pre-wrap; word-break: normal">{html.escape(self.text())}</pre>'

    def _ipython_display_(self):
        """The bundle below as two outputs: of one whose widget is gone JupyterLab shows no other
        format. Where the figure lives, live_figure.css hides the still one."""
        data, metadata = self._repr_mimebundle_()
        live = {kind: data.pop(kind) for kind in list(data) if "widget-view" in kind}
        display(live, metadata=metadata, raw=True)
        display(data | {"text/html": STILL.format(data["text/html"])}, raw=True)

    def _repr_mimebundle_(self, **options):
        bundle = super()._repr_mimebundle_(**options)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        return data | {"text/html": self.still(), "text/plain": self.text()}, metadata

    def save_html(self, path):
        """Write one HTML file that works in any browser, without kernel or network."""
        module = base64.b64encode(self._esm.encode()).decode()
        state = {key: getattr(self, key) for key in self.keys if not key.startswith("_")}
        state = {key: value for key, value in state.items() if _is_plain(value)}
        Path(path).write_text(
            PAGE.format(
                title=html.escape(self.name.replace("_", " ")),
                css=self._css,
                state=json.dumps(state).replace("<", "\\u003c"),
                module=module,
                still=self.still(),
            ),
            encoding="utf-8",
        )


def _join(names, suffix):
    """The files of these names that exist, as one text."""
    files = [FOLDER / f"{name}{suffix}" for name in names]
    return "\n".join(file.read_text(encoding="utf-8") for file in files if file.exists())


def _is_plain(value):
    return isinstance(value, (str, int, float, bool, list, dict, type(None)))


STILL = """<style>
.nnlib-still {{ animation: nnlib-wait 1s }}
@keyframes nnlib-wait {{ from, 99% {{ max-height: 0; visibility: hidden }} }}
</style><div class="nnlib-still">{}</div>"""
"""Not seen for a second: until then a live figure has come and hides it."""

EXPORT = "\nexport default { render({ model, el }) { return present(model, el, draw); } };"

PAGE = """<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<title>{title}</title>
<style>body {{ font-family: sans-serif; margin: 1em; }} {css}</style>
<div id="figure"></div>
<noscript>{still}</noscript>
<script type="module">
const state = {state};
const model = {{
  get: (name) => state[name],
  set: (name, value) => {{ state[name] = value; }},
  on() {{}}, off() {{}}, save_changes() {{}},
}};
const {{ default: widget }} = await import("data:text/javascript;base64,{module}");
widget.render({{ model, el: document.getElementById("figure") }});
</script>
</html>
"""
