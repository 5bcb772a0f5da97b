"""Text of students on the pages of feedback and formgrader: rendered, then cleaned.

`nbgrader_config.py` gives this filter to every page that nbgrader makes. The HTML is
cleaned, not the Markdown: in Markdown links can be written in too many ways to look for each.
"""

import nh3
from jinja2 import pass_context

from nnlib.grading.gradebook.cleaning import PICTURE
from nnlib.grading.gradebook.formulas import to_html

MATHML = frozenset(
    "math mrow mi mn mo ms mtext mspace mfrac msqrt mroot mstyle mpadded mphantom menclose msub msup msubsup "
    "munder mover munderover mmultiscripts mtable mtr mtd".split()
)
OF_MATHML = frozenset(
    "display displaystyle mathvariant stretchy fence form separator accent lspace rspace width height depth "
    "linethickness minsize maxsize columnalign rowspacing columnspacing".split()
)
TAGS = nh3.ALLOWED_TAGS | MATHML | {"section", "input"}
ATTRIBUTES = {tag: set(names) for tag, names in nh3.ALLOWED_ATTRIBUTES.items()}
ATTRIBUTES["*"] = {"class", "id", "aria-label", "title"}
ATTRIBUTES["input"] = {"type", "checked", "disabled"}  # the boxes of a task list
ATTRIBUTES |= {tag: set(OF_MATHML) for tag in MATHML}
SCHEMES = {"http", "https", "mailto", "data"}


@pass_context
def markdown_to_html(context, source):
    """A Markdown cell as HTML that runs nothing and loads nothing from elsewhere."""
    return clean_page(to_html(source, context.get("cell", {}).get("attachments")))


def clean_page(html):
    """HTML whose links lead to pages and whose pictures lie in the page itself."""
    return nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=_address,
        url_schemes=SCHEMES,
        clean_content_tags={"script", "style"},
        link_rel="noopener noreferrer",
    )


def _address(tag, name, value):
    if name == "src":
        return value if PICTURE.match(value) else None
    return None if name == "href" and value.strip().lower().startswith("data:") else value
