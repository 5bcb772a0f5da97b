"""One text from JavaScript modules that import each other by name, and the same for their CSS.

A page gets a figure as one text, without a server that it could ask for files. So each module becomes
a function that is called once and returns what the module exports, in the order of the imports.
"""

import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent

IMPORT = re.compile(r'^import \{\s*([^}]*?),?\s*\} from "(\.[^"]+)";\n', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?(?:function\*?|const|class) (\w+))", re.MULTILINE)


@cache
def bundle(name):
    """The JavaScript and the CSS of the figure `name`: its own files and all that they import.

    `<name>.js` ends in `export default`; x.css belongs to x.js and comes in the same order.
    Raises ValueError for modules that import each other in a circle, a name that is imported and not
    exported, or an import or export of another form than `import { a, b } from "./c.js";`.
    """
    order = _order(FOLDER / f"{name}.js", ())
    texts = [_function(file, order) for file in order[:-1]] + [_resolved(order[-1], order)]
    styles = [file.with_suffix(".css") for file in [FOLDER / "kit" / "tokens.js", *order]]
    css = [file.read_text(encoding="utf-8") for file in styles if file.exists()]
    return "\n".join(texts), "\n".join(css)


def _order(file, on_the_way):
    """All files that a file needs, each once and after those that it imports; itself last."""
    if file in on_the_way:
        circle = " imports ".join(path.name for path in [*on_the_way[on_the_way.index(file) :], file])
        raise ValueError(f"Modules cannot import each other in a circle: {circle}.")
    needed = []
    for _, address in IMPORT.findall(file.read_text(encoding="utf-8")):
        needed += _order((file.parent / address).resolve(), (*on_the_way, file))
    return list(dict.fromkeys([*needed, file]))


def _function(file, order):
    """The module as a constant: an object with what it exports."""
    exports = ", ".join(_exports(file))
    body = EXPORT.sub("", _resolved(file, order))
    if re.search(r"^export\b", body, re.MULTILINE):
        raise ValueError(f"{file.name}: only functions, constants and classes can be exported by name.")
    return f"const {_constant(file)} = (() => {{\n{body}return {{ {exports} }};\n}})();\n"


def _resolved(file, order):
    """The text of a module, its imports taken from the constants of the others."""

    def taken(match):
        names, other = match[1], (file.parent / match[2]).resolve()
        for name in re.findall(r"(\w+)(?: as \w+)?", names):
            if name not in _exports(other):
                raise ValueError(f"{file.name} imports {name}, which {other.name} does not export.")
        return f"const {{ {names.replace(' as ', ': ')} }} = {_constant(other)};\n"

    text = IMPORT.sub(taken, file.read_text(encoding="utf-8"))
    if re.search(r"^import\b", text, re.MULTILINE):
        raise ValueError(f'{file.name}: an import reads import {{ a, b }} from "./c.js"; and no other way.')
    return text


def _exports(file):
    return EXPORT.findall(file.read_text(encoding="utf-8"))


def _constant(file):
    return "module_" + file.relative_to(FOLDER).with_suffix("").as_posix().replace("/", "_")
