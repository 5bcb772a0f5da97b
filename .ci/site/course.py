"""Which pages there are, in which order, and where a link of a notebook leads on the site."""

import ast
import os
import re
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import nbformat
from markupsafe import Markup
from notebook import code

ROOT = Path(__file__).parent.parent.parent
MODULES = ROOT / ".ci" / "node_modules"


@dataclass
class Page:
    """A lecture or an exercise."""

    file: Path
    kind: str
    notebook: object = None
    sections: list = field(default_factory=list)

    @property
    def name(self):
        return f"{self.file.stem}{'_exercise' * (self.kind == 'exercise')}.html"

    @property
    def number(self):
        return self.file.stem.partition("_")[0]

    @property
    def title(self):
        return re.search(r"^# (.*)$", self.notebook.cells[0].source, re.M)[1]


def pages(executed):
    """Lectures as executed, each followed by its exercise as it is released."""
    found = []
    for file in sorted(map(Path, executed)):
        found.append(Page(file, "lecture", nbformat.read(file, 4)))
        exercise = ROOT / "exercises" / file.stem / file.name
        if exercise.exists():
            found.append(Page(exercise, "exercise", nbformat.read(exercise, 4)))
    return found


def addresses(page, pages, sources):
    """A function that says where a link leads: to a page of the site, or where it always led.

    A link to another file of the course is kept in `sources`: the site shows it as text.
    """
    folder = PurePosixPath(page.file.parent.relative_to(ROOT) if page.kind != "lecture" else "lectures")
    by_file = {(p.kind, p.file.name): p.name for p in pages}

    def address(url):
        if re.match(r"\w+:", url):
            return url
        file, _, place = url.partition("#")
        file = file or page.file.name
        target = PurePosixPath(os.path.normpath(folder / file))
        if target.suffix == ".ipynb":
            name = by_file.get(("lecture" if target.parts[0] == "lectures" else "exercise", target.name))
        else:
            sources.add(target)
            name = source_name(target)
        if not name:
            raise FileNotFoundError(f"{page.file.name} links to {url}, which is no page of the site.")
        return f"{name}#{place}" if place else name

    return address


def source_name(file):
    return "_".join(file.with_suffix("").parts) + ".html"


def source(file):
    """A file as highlighted text; of a folder, the first line of each module."""
    if not (ROOT / file).is_dir():
        return Markup(code((ROOT / file).read_text(encoding="utf-8")))
    modules = {path.name: ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / file).glob("*.py")}
    lines = [f"{name:24} {ast.get_docstring(tree).splitlines()[0]}" for name, tree in modules.items()]
    return Markup("<pre>{}</pre>").format("\n".join(sorted(lines)))
