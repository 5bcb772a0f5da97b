"""Every notebook in the tree is clean and well formed. That the lectures run: tests/browser/test_lectures.py."""

import re
import symtable
import sys
from collections import Counter

import nbformat
import pytest

from tests.notebooks.notebooks import ALL, EXERCISES, LECTURES, SOLUTIONS, name, read

every_notebook = pytest.mark.parametrize("path", ALL, ids=name)
every_lecture = pytest.mark.parametrize("path", LECTURES, ids=name)
LONG = ("4_", "5_", "6_")  # two sittings
EMOJI = re.compile("[\U0001f300-\U0001faff\u2600-\u27bf]")


def test_there_are_notebooks_and_every_solution_is_released():
    assert LECTURES and SOLUTIONS
    assert [p.name for p in EXERCISES] == [p.name for p in SOLUTIONS]


@every_notebook
def test_nothing_that_an_execution_leaves_behind(path):
    notebook = read(path)
    assert "widgets" not in notebook.metadata
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.outputs == [] and cell.execution_count is None, cell.id
            assert "execution" not in cell.metadata, cell.id


@every_notebook
def test_it_is_stored_as_nbformat_writes_it(path):
    """Otherwise the next commit that touches it would change all of it."""
    assert path.read_text(encoding="utf-8").rstrip("\n") == nbformat.writes(read(path)).rstrip("\n")


@every_notebook
def test_cell_ids_are_unique(path):
    ids = [cell.id for cell in read(path).cells]
    assert len(ids) == len(set(ids))


@every_notebook
def test_one_first_heading_and_no_level_skipped(path):
    levels = []
    for cell in read(path).cells:
        if cell.cell_type == "markdown":
            text = re.sub(r"^```.*?^```", "", cell.source, flags=re.S | re.M)
            levels += [len(m.group(1)) for m in re.finditer(r"^(#+) ", text, re.M)]
    assert levels.count(1) == 1 and levels[0] == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))


@every_notebook
def test_cells_are_short_and_plain(path):
    for cell in read(path).cells:
        assert not EMOJI.search(cell.source), cell.id
        if cell.cell_type == "code":
            parts = [cell.source]
            if cell.id.endswith("-answer"):  # several functions: one after the other
                parts = cell.source.split("\n\ndef ")
            assert max(len(part.split("\n")) for part in parts) <= 25, cell.id
            assert max(map(len, cell.source.split("\n"))) <= 100, cell.id


@pytest.mark.parametrize("path", SOLUTIONS, ids=name)
def test_points_in_headings_are_those_of_the_cells(path):
    heading, told, found = None, {}, Counter()
    for cell in read(path).cells:
        if cell.cell_type == "markdown" and (
            m := re.match(r"## (.+?)(?: \((\d+) points?\))?$", cell.source, re.M)
        ):
            heading = m[1]
            told |= {heading: int(m[2])} if m[2] else {}
        found[heading] += cell.metadata.nbgrader.get("points", 0)
    assert all(found[heading] == points for heading, points in told.items())
    assert f"{found.total()} points" in read(path).cells[0].source


@every_lecture
def test_code_of_a_lecture_fits_a_narrow_window(path):
    for cell in read(path).cells:
        if cell.cell_type == "code":
            lines = cell.source.split("\n")
            assert len(lines) <= 15 and max(map(len, lines)) <= 80, cell.id


@pytest.mark.parametrize("path", SOLUTIONS + EXERCISES, ids=name)
def test_lines_of_an_exercise_fit_a_narrow_window(path):
    for cell in read(path).cells:
        if cell.cell_type == "code":
            assert max(map(len, cell.source.split("\n"))) <= 80, cell.id


def given(cell):
    """Names that a cell gives to something."""
    symbols = symtable.symtable(cell.source, cell.id, "exec").get_symbols()
    return {symbol.get_name() for symbol in symbols if symbol.is_assigned()}


@pytest.mark.parametrize("path", SOLUTIONS, ids=name)
def test_no_other_cell_takes_the_name_of_an_answer(path):
    """A picture that called a dictionary `outputs` hid the student's function `outputs` from later answers."""
    code = [cell for cell in read(path).cells if cell.cell_type == "code"]
    own = [cell for cell in code if cell.id.endswith("-answer")]
    asked = {cell.id.removesuffix("-answer") for cell in own} & set().union(*map(given, own))
    assert asked
    assert [(cell.id, *given(cell) & asked) for cell in code if cell not in own and given(cell) & asked] == []


@every_lecture
def test_every_exercise_that_is_named_is_a_link(path):
    text = "\n".join(cell.source for cell in read(path).cells if cell.cell_type == "markdown")
    assert "`exercises/" not in text and re.search(r"\]\(\.\./exercises/", text)


@every_lecture
def test_every_section_that_is_linked_exists(path):
    """By the id of its cell: JupyterLab finds a heading by its words only where it was drawn already."""
    text = "\n".join(cell.source for cell in read(path).cells if cell.cell_type == "markdown")
    for file, place in re.findall(r"\]\(([\w./]*?\.ipynb)?#([^)\s]+)\)", text):
        assert file and place.startswith("cell-id="), place
        cells = {cell.id: cell.source for cell in read(path.parent / file).cells}
        assert re.match("#+ ", cells[place.removeprefix("cell-id=")]), place


def test_the_first_cell_of_code_is_the_same_in_every_notebook():
    first = [next(cell for cell in read(path).cells if cell.cell_type == "code") for path in ALL]
    assert {cell.id for cell in first} == {"needs"} and len({cell.source for cell in first}) == 1
    assert all(cell.metadata.jupyter.source_hidden for cell in first), "it is not what the lecture is about"


@pytest.mark.parametrize("where", ["google.colab._shell.Shell", "ipykernel.zmqshell"])
def test_without_nnlib_the_first_cell_installs_or_tells(monkeypatch, where):
    (cell,) = [cell for cell in read(LECTURES[0]).cells if cell.id == "needs"]
    installed = []

    class Shell:
        __str__ = lambda self: f"<{where} object>"  # noqa: E731

        def run_line_magic(self, name, line):
            installed.append(line)
            monkeypatch.delitem(sys.modules, "nnlib.notebook")

    monkeypatch.setitem(sys.modules, "nnlib.notebook", None)  # an import raises ModuleNotFoundError
    if "colab" in where:
        exec(cell.source, {"get_ipython": Shell})
        assert re.search(r"--no-deps .*git\+https://github\.com/", *installed)
    else:
        with pytest.raises(ImportError, match="no nnlib: start JupyterLab by make lab"):
            exec(cell.source, {"get_ipython": Shell})
        assert not installed


@every_notebook
def test_every_matplotlib_figure_is_described(path):
    for cell in read(path).cells:
        if cell.cell_type == "code" and re.search(r"plt\.(subplots|figure)\(", cell.source):
            assert "figures.describe(" in cell.source, cell.id


@every_notebook
def test_every_column_of_a_table_has_a_heading(path):
    for cell in read(path).cells:
        for head in re.findall(r"^\|(.+)\|\n\|[-:| ]+\|$", cell.source, re.M):
            assert all(name.strip() for name in head.split("|")), cell.id


@every_lecture
def test_length_of_the_text(path):
    cells = read(path).cells
    words = sum(len(cell.source.split()) for cell in cells if cell.cell_type == "markdown")
    assert 1500 <= words <= (4500 if path.name.startswith(LONG) else 2500)


@every_lecture
def test_every_cell_has_its_place_in_the_slides(path):
    kinds = {"slide", "subslide", "fragment", "notes", "skip", "-"}
    for cell in read(path).cells:
        assert cell.metadata.get("slideshow", {}).get("slide_type") in kinds, cell.id
