"""The page of symbols, terms and figures: each link leads to the section that introduces its name."""

import re

import pytest

from tests.notebooks.notebooks import LECTURES, ROOT, read

PAGE = (ROOT / "lectures" / "README.md").read_text(encoding="utf-8")
ROW = re.compile(
    r"^\| (?P<name>.+?) \| (?P<says>.*?) \| (\d) \[(.+)\]\((\d\w+\.ipynb)#cell-id=(\S+)\) \|$", re.M
)
PARTS = dict(re.findall(r"^## ([^\n]+)\n(.*?)(?=^## |\Z)", PAGE, re.M | re.S))
DRAWN = re.compile(r"\b(?:widgets|figures)\.(?!use_style)\w+\(|(?<!application)\.show\(")


def sections():
    """(file, heading): text and code of the section and the cell that begins it, lecture by lecture."""
    found = {}
    for path in LECTURES:
        place = path.name, ""
        for cell in read(path).cells:
            if cell.cell_type == "code":
                found[place][1] += f"{cell.source}\n"
                continue
            before, *headed = re.split(r"^##+ (.+)$", cell.source, flags=re.M)
            found.setdefault(place, ["", "", cell.id])[0] += before
            for heading, text in zip(headed[::2], headed[1::2], strict=True):
                place = path.name, heading.strip()
                found[place] = [f"{heading} {text}", "", cell.id]
    return found


SECTIONS = sections()


def rows(part):
    return [(m["name"], m["says"], (m[5], m[4]), m[3], m[6]) for m in ROW.finditer(PARTS[part])]


@pytest.mark.parametrize("part", PARTS)
def test_each_row_leads_to_a_section_that_there_is(part):
    assert len(rows(part)) == PARTS[part].count("\n|") - 2 > 20, "every row is read"
    for name, _, place, unit, anchor in rows(part):
        assert place in SECTIONS, f"{name}: no section {place}"
        assert unit == place[0][0] and anchor == SECTIONS[place][2], name


@pytest.mark.parametrize("part", ["Symbols", "Terms"])
def test_each_name_stands_in_the_section_that_introduces_it(part):
    missing = []
    for name, _, place, _, _ in rows(part):
        words = re.findall(r"\$(.+?)(?: =.*?)?\$", name) if part == "Symbols" else re.findall(r"[^ ,]+", name)
        text = _plain("".join(SECTIONS[place][:2]))
        missing += [(word, place) for word in words if _plain(word).rstrip("s") not in text]
    assert missing == []


def _plain(text):
    """Without spaces, hyphens and the fonts of symbols."""
    return re.sub(r"\\(mathbf|boldsymbol|,)|[\s{}*-]", "", text).lower()


def test_terms_stand_in_the_order_of_the_alphabet():
    names = [name.lower() for name, *_ in rows("Terms")]
    assert names == sorted(names)


def test_figures_stand_in_their_order_and_those_that_move_are_marked():
    order = list(SECTIONS)
    places = [place for _, _, place, _, _ in rows("Figures")]
    assert [order.index(place) for place in places] == sorted(order.index(place) for place in places)
    code = {place: re.sub(r".*\bimport\b.*", "", code) for place, (_, code, _) in SECTIONS.items()}
    assert {place for place in order if "widgets." in code[place]} == {
        place for _, moves, place, _, _ in rows("Figures") if moves == "yes"
    }
    assert {place for place in order if DRAWN.search(code[place])} <= set(places)
