"""python .ci/site/slides.py TARGET EXECUTED...: each lecture as slides that need neither kernel nor network.

The notebook says where a slide begins; slides.js lays out the cells so that each slide fits its frame, and
reveal.js shows them. nbconvert's own exporter of slides asks a network for MathJax, jQuery and more.
"""

import shutil
import sys
from pathlib import Path

from course import MODULES, addresses, pages
from markupsafe import Markup
from notebook import HERE, cells
from page import copy_font, write

REVEAL = MODULES / "reveal.js" / "dist"


def write_slides(target, executed):
    if not REVEAL.exists():
        sys.exit("Slides are shown by reveal.js: npm --prefix .ci ci brings it.")
    target = Path(target)
    target.mkdir(parents=True, exist_ok=True)
    course = pages(executed)
    for page in course:
        if page.kind == "lecture":
            body = Markup(cells(page.notebook, _on_the_site(addresses(page, course, set()))))
            write(target / page.name, "slides.html.j2", page=page, body=body)
    for file in (REVEAL / "reveal.css", REVEAL / "reveal.js", REVEAL / "plugin" / "notes.js"):
        shutil.copy(file, target / file.name)
    for name in ("site.css", "slides.css", "slides.js"):
        shutil.copy(HERE / name, target / name)
    copy_font(target)
    print(f"{len(executed)} lectures in {target}")


def _on_the_site(address):
    """The slides lie in a folder of the site, so links lead up to it."""

    def there(url):
        found = address(url)
        return found if ":" in found else f"../{found}"

    return there


if __name__ == "__main__":
    write_slides(sys.argv[1], sys.argv[2:])
