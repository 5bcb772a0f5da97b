"""python .ci/site TARGET EXECUTED...: the course as pages that need neither kernel nor network.

EXECUTED are lectures with their outputs, as `jupyter nbconvert --execute` writes them; `make site` does both.
The exercises are shown as they are released: questions, without outputs or solutions.
Where reveal.js is, the slides lie in slides/.
"""

import json
import re
import shutil
import sys
from pathlib import Path

from course import ROOT, Page, addresses, pages, source, source_name
from markupsafe import Markup
from notebook import HERE, cells, words
from page import copy_font, write
from sections import sections
from slides import REVEAL, write_slides
from stepper import stepper

TEXTS = [
    ("glossary.html", "lectures/README.md", r"^# (?P<title>.+?)\n(?P<text>.*)"),
    ("help.html", ".ci/students/README.md", r"^## (?P<title>What goes wrong)\n(?P<text>.*?)(?=^## )"),
]
"""Pages of words alone: name, file, and which part of it is shown."""


def main(target, executed):
    target = Path(target)
    target.mkdir(parents=True, exist_ok=True)
    course, sources, index = pages(executed), set(), []
    for page in course:
        address = addresses(page, course, sources)
        page.sections = sections(page.notebook, address)
        index += [{"page": page.name, "of": page.title, **section} for section in page.sections]
    for place, page in enumerate(course):
        write(
            target / page.name, "notebook.html.j2", page=page, course=course,
            before=course[place - 1] if place else None,
            after=course[place + 1] if place + 1 < len(course) else None, slides=REVEAL.exists(),
            body=Markup(cells(page.notebook, addresses(page, course, sources))),
        )  # fmt: skip
    for name, file, part in TEXTS:
        found = re.search(part, (ROOT / file).read_text(encoding="utf-8"), re.S | re.M)
        page = Page(ROOT / file, "text")
        body = Markup(words(found["text"], addresses(page, course, sources)))
        write(target / name, "text.html.j2", course=course, title=found["title"], body=body)
    for file in sources:
        write(target / source_name(file), "source.html.j2", course=course, file=file, body=source(file))
    write(target / "index.html", "start.html.j2", course=course, figure=Markup(stepper().part_of_page()),
          slides=REVEAL.exists())  # fmt: skip
    for name in ("site.css", "site.js"):
        shutil.copy(HERE / name, target / name)
    copy_font(target)
    if REVEAL.exists():
        write_slides(target / "slides", executed)
    text = f"window.courseIndex = {json.dumps(index, ensure_ascii=False)};\n"
    (target / "search.js").write_text(text, encoding="utf-8")

    print(f"{len(course)} notebooks in {target / 'index.html'}")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
