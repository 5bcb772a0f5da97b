"""Markdown as HTML whose formulas are MathML: browsers show them without scripts and without a network.

LaTeX is read by latex2mathml when a page is made; what it cannot read stays as it was typed.
"""

from functools import lru_cache
from html import escape

from latex2mathml.converter import convert
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

LONGEST = 2000
"""Characters of the longest formula that is set; its time grows faster than its length."""
LONGEST_TEXT = 30_000
MOST_ENVIRONMENTS = 100
"""Characters and LaTeX environments of one text: the time to find what belongs together grows with the square
of their number. A text with more is shown as it was typed."""


class Renderer(IPythonRenderer):
    """nbconvert's, but for formulas."""

    def inline_math(self, body):
        return mathml(body)

    def block_math(self, body):
        return mathml(body, "block")

    def latex_environment(self, name, body):
        return mathml(f"\\begin{{{name}}}{body}\\end{{{name}}}", "block")


PRIMES = "<mi>&#x02032;</mi>", '<mo class="prime">&#x02032;</mo>'
"""As the library writes it, and as a style sheet can find it: raised twice, it is too small to be read."""


def to_html(markdown, attachments=None):
    """Markdown as HTML. HTML in it stays: clean what students wrote."""
    if len(markdown) > LONGEST_TEXT or markdown.count("\\begin{") > MOST_ENVIRONMENTS:
        return f"<pre>{escape(markdown)}</pre>"
    renderer = Renderer(escape=False, exclude_anchor_links=True, attachments=attachments)
    return MarkdownWithMath(renderer=renderer).render(markdown)


@lru_cache(2000)
def mathml(latex, display="inline"):
    """A formula as MathML, or as code where it is too long or no LaTeX."""
    latex = latex.replace("{aligned}", "{split}")  # the same in rows, and the one that the library knows
    try:
        if len(latex) <= LONGEST:
            return convert(latex, display=display).replace(*PRIMES)
    except Exception:  # the library has no class of its own for what it cannot read
        pass
    return f"<code>{escape(latex)}</code>"
