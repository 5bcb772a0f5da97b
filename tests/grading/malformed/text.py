"""Markdown that would stop or attack a page that shows it: pictures, links, formulas, deep nesting."""

from tests.grading.malformed.entry import code_cell, edit, graded, text_cell


@graded()
def marks_of_hidden_tests_in_an_own_cell(path):
    edit(path, lambda n: n["cells"].append(code_cell("### BEGIN HIDDEN TESTS\nprint(1)")))


@graded()
def marks_of_solutions_in_an_own_cell(path):
    edit(path, lambda n: n["cells"].append(code_cell("### END SOLUTION\n### BEGIN SOLUTION\nprint(1)")))


@graded()
def picture_pasted(path):
    pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    pasted = text_cell("![](attachment:a.png)", attachments={"a.png": {"image/png": pixel}})
    edit(path, lambda n: n["cells"].append(pasted))


@graded()
def picture_pasted_and_lost(path):
    edit(path, lambda n: n["cells"].append(text_cell("![](attachment:a.png) ![](attachment:)")))


@graded()
def attachments_are_a_list(path):
    edit(path, lambda n: n["cells"].append(text_cell("![](attachment:a.png)", attachments=[1])))


@graded()
def attachment_is_a_script(path):
    pasted = {"a.png": {"text/html": "<script>alert('INFECTED')</script>", "image/svg+xml": "<svg onload=x>"}}
    edit(path, lambda n: n["cells"].append(text_cell("![](attachment:a.png)", attachments=pasted)))


@graded()
def links_to_scripts(path):
    links = "[see](javascript:alert('INFECTED')) <javascript:alert(1)> [x](data:text/html,INFECTED) ![](https://example.org/x.png)"
    edit(path, lambda n: n["cells"].append(text_cell(links)))


@graded()
def formula_that_is_a_link(path):
    edit(path, lambda n: n["cells"].append(text_cell("$\\href{javascript:alert(1)}{x}$ $$\\style{a:b}{x}$$")))


@graded()
def formula_without_an_end(path):
    deep = "{" * 5000
    edit(
        path,
        lambda n: n["cells"].append(text_cell(f"${deep}$ $\\frac$ $$\\begin{{aligned}}$$ ${'x_' * 900}$")),
    )


@graded()
def markdown_in_markdown(path):
    edit(path, lambda n: n["cells"].append(text_cell("> " * 3000 + "x\n\n" + "[" * 3000 + "*" * 3000)))


@graded()
def html_in_html(path):
    edit(path, lambda n: n["cells"].append(text_cell("<div>" * 5000)))


HOSTILE = (
    attachment_is_a_script, links_to_scripts, formula_that_is_a_link, formula_without_an_end,
    markdown_in_markdown, html_in_html,
)  # fmt: skip
"""Of these, the ones that attack the page."""
