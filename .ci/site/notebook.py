"""The cells of a notebook as HTML: words, formulas, code, outputs, and figures that live.

nbconvert walks through the cells. Ours is what it lacks here: formulas as MathML and figures whose
module and state lie in the page, where it would ask a network for MathJax and a manager of widgets.
"""

import re
from html import escape, unescape
from pathlib import Path

from nbconvert.exporters import TemplateExporter
from nbconvert.filters.markdown_mistune import MarkdownWithMath
from nbconvert.preprocessors import Preprocessor
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from nnlib.grading.gradebook.formulas import Renderer
from nnlib.widgets.saved import figure_html

HERE = Path(__file__).parent
VIEW = "application/vnd.jupyter.widget-view+json"
STATES = "application/vnd.jupyter.widget-state+json"
IN_WORDS = (
    "<details class='in-words'><summary>The figure in words, as it opens</summary><pre>{}</pre></details>"
)


BEFORE_POINT = re.compile(r'(<math[^>]*display="inline">(?:(?!</math>).)*</math>[,.;:?)]+)', re.S)
"""A formula and the mark after it, which may not begin a line."""


class LiveFigures(Preprocessor):
    """Each live figure becomes HTML that contains it, the still one that follows it and its words.

    Bars of progress, the only other widgets of the course, are left out: they have ended.
    """

    def preprocess(self, nb, resources):
        states = nb.metadata.get("widgets", {}).get(STATES, {}).get("state", {})
        for cell in nb.cells:
            if cell.cell_type == "code":
                cell.outputs = list(self._outputs(iter(cell.outputs), states))
        return nb, resources

    def _outputs(self, outputs, states):
        for output in outputs:
            if VIEW not in output.get("data", {}):
                yield output
                continue
            state = states[output.data[VIEW]["model_id"]]["state"]
            if "_esm" in state:
                still = next(outputs)
                live = figure_html(state, still.data["text/html"])
                still.data["text/html"] = live + IN_WORDS.format(escape(still.data["text/plain"]))
                yield still


class Words(Renderer):
    """Markdown with MathML, headings that can be linked to, and links that lead to pages of the site."""

    def __init__(self, address):
        super().__init__(escape=False, exclude_anchor_links=True)
        self.address = address

    def heading(self, text, level, **attrs):
        return f'<h{level} id="{anchor(text)}">{text}</h{level}>\n'

    def link(self, text, url, title=None):
        return super().link(text, self.address(url), title)


def anchor(html):
    """The name of a heading in the address of its page."""
    return re.sub(r"\W+", "-", plain(html).lower()).strip("-")


def plain(html):
    """The words of HTML, without tags."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", html))).strip()


def words(source, address):
    """Markdown as HTML; `address` says for each link where it leads on the site."""
    html = MarkdownWithMath(renderer=Words(address)).render(source)
    return BEFORE_POINT.sub(r'<span class="whole">\1</span>', html)


def code(source):
    return f"<pre>{highlight(source, PythonLexer(), HtmlFormatter(nowrap=True))}</pre>"


def cells(notebook, address):
    """The cells of a notebook as HTML."""
    exporter = TemplateExporter(
        template_name="cells",
        template_file="index.html.j2",
        extra_template_basedirs=[str(HERE / "templates")],
        preprocessors=[LiveFigures(enabled=True)],
    )
    exporter.output_mimetype = "text/html"
    exporter.register_filter("markdown_to_html", lambda source: words(source, address))
    exporter.register_filter("highlight_code", code)
    return exporter.from_notebook_node(notebook)[0]
