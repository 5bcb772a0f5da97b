"""Text of students on the pages of feedback and formgrader: rendered as nbconvert does, then cleaned.

`nbgrader_config.py` gives this filter to every page that nbgrader makes. Cleaned is what was rendered,
not what was typed: Markdown writes links in more ways than one can look for.
"""

import nh3
from jinja2 import pass_context
from nbconvert.exporters import HTMLExporter

from nnlib.grading.gradebook.cleaning import PICTURE, without_links_in_formulas

TAGS = nh3.ALLOWED_TAGS | {"section", "input"}
ATTRIBUTES = {tag: set(names) for tag, names in nh3.ALLOWED_ATTRIBUTES.items()}
ATTRIBUTES["*"] = {"class", "id", "aria-label", "title"}
ATTRIBUTES["input"] = {"type", "checked", "disabled"}  # the boxes of a task list
SCHEMES = {"http", "https", "mailto", "data"}


@pass_context
def markdown_to_html(context, source):
    """A Markdown cell as HTML that runs nothing and loads nothing from elsewhere."""
    html = HTMLExporter().markdown2html(context, source)
    return clean_page(html)


def clean_page(html):
    """HTML whose links lead to pages and whose pictures lie in the page itself."""
    cleaned = nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=_address,
        url_schemes=SCHEMES,
        clean_content_tags={"script", "style"},
        link_rel="noopener noreferrer",
    )
    return without_links_in_formulas(cleaned)


def _address(tag, name, value):
    if name == "src":
        return value if PICTURE.match(value) else None
    return None if name == "href" and value.strip().lower().startswith("data:") else value
