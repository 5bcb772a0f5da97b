"""Figures of one page share its CSS: what one figure styles is not met by another, and none lives on another."""

import re
from collections import Counter

from nnlib.widgets.modules import FOLDER, bundle

RULE = re.compile(r"([^{}]+)\{[^{}]*\}")
CLASS = re.compile(r"\.(nnlib-[\w-]+)")


def selectors(file):
    """Every selector of a file: comments and the lines of @container left out."""
    text = re.sub(r"/\*.*?\*/|@[\w-]+ [^{]*\{", "", file.read_text(encoding="utf-8"), flags=re.S)
    found = [one for rule in RULE.findall(text) for one in re.split(r",(?![^(]*\))", rule)]
    return [" ".join(one.split()) for one in found]


def test_each_rule_of_a_figure_names_a_class_of_its_own():
    files = {file: selectors(file) for file in sorted(FOLDER.rglob("*.css"))}
    styled = Counter(name for found in files.values() for name in set(CLASS.findall(" ".join(found))))
    loose = [
        f"{file.name}: {selector}"
        for file, found in files.items()
        if file.parent != FOLDER / "kit"
        for selector in found
        if all(styled[name] > 1 for name in CLASS.findall(selector))
    ]
    assert loose == []


def test_what_a_figure_shows_is_styled_by_what_it_imports():
    every = {
        name for file in FOLDER.rglob("*.css") for name in CLASS.findall(file.read_text(encoding="utf-8"))
    }
    bare = {}
    for file in sorted(FOLDER.glob("*.js")):
        if "export default" in file.read_text(encoding="utf-8"):
            javascript, css = bundle(file.stem)
            bare[file.stem] = (set(re.findall(r"nnlib-[\w-]+", javascript)) & every) - set(CLASS.findall(css))
    assert {name: classes for name, classes in bare.items() if classes} == {}
