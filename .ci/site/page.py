"""How a page of the site or of the slides is written, and the font of its formulas."""

import shutil
import sys

from course import MODULES
from jinja2 import Environment, FileSystemLoader
from notebook import HERE

TEMPLATES = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True, trim_blocks=True)
FONT = MODULES / "@fontsource" / "noto-sans-math" / "files" / "noto-sans-math-latin-400-normal.woff2"


def write(path, template, **values):
    path.write_text(TEMPLATES.get_template(template).render(**values), encoding="utf-8")


def copy_font(target):
    if FONT.exists():
        shutil.copy(FONT, target / "formulas.woff2")
    else:
        print("Formulas look best in their own font: npm --prefix .ci ci brings it.", file=sys.stderr)
