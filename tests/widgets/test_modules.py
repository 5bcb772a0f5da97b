"""JavaScript modules become one text: each once, in the order of the imports, with names of its own."""

import shutil
import subprocess
from pathlib import Path

import pytest

from nnlib.widgets import modules

ROOT = Path(__file__).parent.parent.parent
A_WIDGET = 'import { both } from "./kit/both.js";\nexport default both();\n'


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder of modules: folder(name=text, ...) writes them and returns what `bundle` makes."""
    (tmp_path / "kit").mkdir()
    (tmp_path / "kit" / "tokens.css").write_text("")
    monkeypatch.setattr(modules, "FOLDER", tmp_path)

    def write(**files):
        for name, text in files.items():
            file = tmp_path / ("figure.js" if name == "figure" else f"kit/{name}.js")
            file.write_text(text)
        return modules.bundle.__wrapped__("figure")

    return write


def test_modules_come_once_each_after_what_they_import(folder):
    javascript, _ = folder(
        figure=A_WIDGET,
        both='import { one } from "./one.js";\nimport { two as zwei } from "./two.js";\n'
        "export const both = () => one() + zwei;\n",
        two='import { one } from "./one.js";\nexport const two = one() + 1;\n',
        one="const hidden = 1;\nexport function one() {\n  return hidden;\n}\n",
    )
    places = [javascript.index(f"const module_kit_{name} =") for name in ("one", "two", "both")]
    assert places == sorted(places) and javascript.count("const module_kit_one =") == 1
    assert "import" not in javascript and javascript.endswith("export default both();\n")


@pytest.mark.skipif(not shutil.which("node"), reason="needs node")
def test_the_one_text_does_what_the_modules_do(folder, tmp_path):
    javascript, _ = folder(
        figure='import {\n  both,\n} from "./kit/both.js";\nconst hidden = 3;\n'
        "export default () => both() * hidden;\n",
        both='import { one as f } from "./one.js";\nconst hidden = 2;\n'
        "export const both = () => f() + hidden;\n",
        one="const hidden = 1;\nexport function one() {\n  return hidden;\n}\n",
    )
    (tmp_path / "whole.mjs").write_text(javascript)
    show = "const { default: f } = await import(process.argv[1]); console.log(f());"
    for file in ("whole.mjs", "figure.js"):
        (tmp_path / "package.json").write_text('{"type": "module"}')
        command = ["node", "--input-type=module", "-e", show, str(tmp_path / file)]
        assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "9\n"


def test_the_style_of_a_module_comes_with_it(folder, tmp_path):
    (tmp_path / "kit" / "both.css").write_text("a {}")
    (tmp_path / "figure.css").write_text("b {}")
    _, css = folder(figure=A_WIDGET, both="export const both = () => 1;\n")
    assert css.split("\n")[-2:] == ["a {}", "b {}"]


@pytest.mark.parametrize(
    ("both", "words"),
    [
        ('import { both as x } from "./both.js";\nexport const both = x;\n', "in a circle: both.js imports"),
        ("export const other = 1;\n", "figure.js imports both, which both.js does not export"),
        ('import * as x from "./one.js";\nexport const both = x;\n', "both.js: an import reads"),
        ("const both = 1;\nexport { both };\n", "both.js: only functions"),
        ("export const both = 1;\nexport { both as x };\n", "both.js: only functions"),
    ],
)
def test_an_import_that_cannot_be_resolved_raises(folder, both, words):
    with pytest.raises(ValueError, match=words):
        folder(figure=A_WIDGET, both=both, one="export const one = 1;\n")


def test_no_line_of_a_widget_is_longer_than_110_characters():
    files = [*(ROOT / "nnlib" / "widgets").rglob("*.js"), *(ROOT / "nnlib" / "widgets").rglob("*.css")]
    long = [
        f"{file.name}:{number}"
        for file in files
        for number, line in enumerate(file.read_text().splitlines(), start=1)
        if len(line) > 110
    ]
    assert len(files) > 30 and long == []
