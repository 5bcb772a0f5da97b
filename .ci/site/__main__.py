"""python .ci/site TARGET EXECUTED...: the course as pages that need neither kernel nor network.

EXECUTED are lectures with their outputs, as `jupyter nbconvert --execute` writes them; `make site` does both.
The exercises are shown as they are released: questions, without outputs or solutions.
"""

import json
import shutil
import sys
from pathlib import Path

from course import addresses, pages, source, source_name
from markupsafe import Markup
from notebook import HERE, cells
from page import copy_font, write
from sections import sections
from stepper import stepper


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
            after=course[place + 1] if place + 1 < len(course) else None,
            body=Markup(cells(page.notebook, addresses(page, course, sources))),
        )  # fmt: skip
    for file in sources:
        write(target / source_name(file), "source.html.j2", course=course, file=file, body=source(file))
    write(target / "index.html", "start.html.j2", course=course, figure=Markup(stepper().part_of_page()))
    for name in ("site.css", "site.js"):
        shutil.copy(HERE / name, target / name)
    copy_font(target)
    text = f"window.courseIndex = {json.dumps(index, ensure_ascii=False)};\n"
    (target / "search.js").write_text(text, encoding="utf-8")

    print(f"{len(course)} notebooks in {target / 'index.html'}")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
