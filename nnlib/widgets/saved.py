"""A live figure as HTML that needs neither kernel nor network: its module and its state lie in it."""

import base64
import json
from itertools import count

FIGURE = """<style>{css}</style>
<div id="{place}"></div>
<noscript><div class="nnlib-still">{still}</div></noscript>
<script type="module">
const state = {state};
const model = {{
  get: (name) => state[name],
  set: (name, value) => {{ state[name] = value; }},
  on() {{}}, off() {{}}, save_changes() {{}},
}};
const {{ default: widget }} = await import("data:text/javascript;base64,{module}");
widget.render({{ model, el: document.getElementById("{place}") }});
</script>"""
"""The part of anywidget that a page without a kernel needs: the figure computes in the page anyway."""

PAGE = """<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<title>{title}</title>
<style>
body {{ font-family: sans-serif; margin: 16px; }}
@media (prefers-color-scheme: dark) {{ body {{ background: #111; color: #ececec; }} }}
</style>
{figure}
</html>
"""

places = count(1)


def figure_html(state, still):
    """One figure as a part of a page, from the `state` of its widget: all traits by name, `_esm` and
    `_css` too. `still` is the HTML that stands there where no script runs."""
    plain = {name: value for name, value in state.items() if not name.startswith("_") and _is_plain(value)}
    return FIGURE.format(
        css=state["_css"],
        place=f"nnlib-figure-{next(places)}",
        still=still,
        state=json.dumps(plain).replace("<", "\\u003c"),
        module=base64.b64encode(state["_esm"].encode()).decode(),
    )


def _is_plain(value):
    return isinstance(value, (str, int, float, bool, list, dict, type(None)))
