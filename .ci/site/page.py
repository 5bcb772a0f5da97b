"""How a page of the site or of the slides is written, and the font of its formulas."""

import shutil
import sys

from course import MODULES
from jinja2 import Environment, FileSystemLoader
from notebook import HERE

TEMPLATES = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True, trim_blocks=True)
FONT = MODULES / "@fontsource" / "noto-sans-math" / "files" / "noto-sans-math-latin-400-normal.woff2"

FACE = """@font-face { font-family: "Noto Sans Math"; src: url("formulas.woff2") format("woff2"); }
"""
"""The rule that brings the font: asked for where it is missing, it would be an error on every page."""


def write(path, template, **values):
    path.write_text(TEMPLATES.get_template(template).render(**values), encoding="utf-8")


def copy_font(target):
    """Put the font beside site.css, which is there already, and let that use it."""
    if FONT.exists():
        shutil.copy(FONT, target / "formulas.woff2")
        with (target / "site.css").open("a", encoding="utf-8") as style:
            style.write(FACE)
    else:
        print("Formulas look best in their own font: npm --prefix .ci ci brings it.", file=sys.stderr)
