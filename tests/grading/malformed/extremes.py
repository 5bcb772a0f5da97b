"""Numbers, names and tags without a limit: 400 digits, a million characters, half a character."""

from tests.grading.malformed.entry import cell_of, code_cell, edit, graded, refused, text_cell


@graded()
def points_of_400_digits(path):
    edit(path, lambda n: cell_of(n, "softmax-check")["metadata"]["nbgrader"].update(points=10**400))


@graded()
def points_are_infinite(path):
    edit(path, lambda n: cell_of(n, "softmax-check")["metadata"]["nbgrader"].update(points=float("inf")))


@refused("is not JSON")
def number_of_5000_digits(path):
    path.write_text(path.read_text().replace('"nbformat": 4', f'"nbformat": 4, "x": {"1" * 5000}', 1))


@graded()
def metadata_in_metadata(path):
    deep = {}
    for _ in range(300):
        deep = {"a": deep}
    edit(path, lambda n: n["metadata"].update(deep=deep))


@graded()
def name_of_half_a_character(path):
    meta = {"grade_id": "\ud800", "grade": True, "locked": True, "points": 1}
    edit(path, lambda n: n["cells"].append(code_cell("1") | {"metadata": {"nbgrader": meta}}))


@graded()
def name_of_a_million_characters(path):
    meta = {"grade_id": "x" * 1_000_000, "grade": True, "locked": True, "points": 1}
    edit(path, lambda n: n["cells"].append(code_cell("1") | {"metadata": {"nbgrader": meta}}))


@graded()
def tags_of_half_characters(path):
    edit(path, lambda n: cell_of(n, "setup")["metadata"].update(tags=["\udfff" * 1000] * 100))


@graded("is in ")
def language_of_half_a_character(path):
    edit(path, lambda n: n["metadata"].update(kernelspec={"language": "\ud800", "name": "x"}))


@graded()
def source_of_many_lines(path):
    edit(path, lambda n: n["cells"].append(code_cell(["\n"] * 100_000)))


@graded("were left out: the notebook holds too much text")
def source_of_a_million_characters(path):
    edit(path, lambda n: n["cells"].extend([code_cell("#" * 150_000)] * 8))


@graded()
def environments_without_an_end(path):
    edit(path, lambda n: n["cells"].extend([text_cell("\\begin{a}" * 10_000)] * 9))
