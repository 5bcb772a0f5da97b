"""What students write is shown on pages, and runs nothing there: not as Markdown, formula, or picture."""

from types import SimpleNamespace

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbconvert.exporters import HTMLExporter
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from nnlib.grading.gradebook import campaign, report
from nnlib.grading.gradebook.campaign import Campaign
from nnlib.grading.gradebook.cleaning import clean_html
from nnlib.grading.gradebook.feedback_page import Pages
from nnlib.grading.gradebook.formulas import to_html
from nnlib.grading.gradebook.grades import Grades
from tests.grading.catalogue import ROOT


@pytest.fixture(scope="module")
def exporter():
    config = Config(PyFileConfigLoader("nbgrader_config.py", path=str(ROOT)).load_config())
    return HTMLExporter(config=Config(HTMLExporter=config.HTMLExporter))


def page(exporter, source):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(source)])
    return BeautifulSoup(exporter.from_notebook_node(notebook)[0], "html.parser").body


ATTACKS = [
    "[see my derivation](javascript:alert(1))", "[x](JaVaScRiPt:alert(1))", "[x](java\tscript:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)", "[x](vbscript:msgbox)", "<javascript:alert(1)>",
    "[x][1]\n\n[1]: javascript:alert(1)", "![x](https://example.org/seen.png)", "![x](javascript:alert(1))",
    "[x](&#106;avascript:alert(1))", "<a href='javascript:alert(1)'>x</a>", "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>", "<iframe src='https://example.org'></iframe>", "[x](file:///etc/passwd)",
    "<form action='https://example.org'><button>x</button></form>", "<base href='https://example.org'>",
]  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_of_a_text_runs_or_calls(exporter, attack):
    body = page(exporter, f"My answer. {attack}")
    assert "My answer." in body.text
    cell = body.find(class_="jp-RenderedMarkdown") or body
    assert not cell.find_all(["script", "iframe", "form", "base", "style", "object", "svg"])
    for tag in cell.find_all(True):
        assert not any(name.startswith("on") for name in tag.attrs)
        assert str(tag.get("href", "#")).startswith(("#", "http://", "https://", "mailto:", "java%09"))
        assert str(tag.get("src", "data:image/png;base64,")).startswith("data:image/png;base64,")


def test_what_honest_answers_hold_stays(exporter):
    picture = "![mine](data:image/png;base64,iVBORw0KGgo=)"
    table = "| a | b |\n|---|---|\n| 1 | 2 |"
    text = f"**bold** `code` $a < b$ [paper](https://jmlr.org/papers/v18/17-468.html) {picture}\n\n{table}"
    body = page(exporter, text)
    assert body.find("strong").text == "bold" and body.find("math") and body.find("td").text == "1"
    assert body.find("a", href="https://jmlr.org/papers/v18/17-468.html")
    assert body.find("img")["src"].startswith("data:image/png;base64,")


@pytest.mark.parametrize(
    "formula", ["\\href{javascript:alert(1)}{x}", "\\csname href\\endcsname{javascript:alert(1)}{x}"]
)
def test_a_formula_makes_no_link(exporter, formula):
    assert "\\href" not in str(page(exporter, f"${formula}$")) and "\\csname" not in clean_html(
        f"<b>${formula}$</b>"
    )
    assert "\\hreflang" in clean_html("<b>\\hreflang</b>")


def test_the_lines_of_an_aligned_formula_stand_in_rows():
    formula = BeautifulSoup(to_html(r"$$\begin{aligned} f'&=2u+3\\&=7. \end{aligned}$$"), "html.parser")
    assert len(formula.find_all("mtr")) == 2 and "&" not in formula.text


@pytest.mark.parametrize("text", ["\\begin{a}" * 101, "a_b_" * 8000, "[" * 30_001])
def test_a_text_that_takes_long_is_shown_as_it_was_typed(text):
    assert to_html(text) == f"<pre>{text}</pre>"


def test_remarks_on_a_submission_stand_above_the_table():
    said = nbformat.v4.new_markdown_cell("**This submission could not be graded**", id="verdict")
    title = nbformat.v4.new_markdown_cell("# Exercise 1", id="title")
    pages = Pages("1_regression", Grades({"softmax-check": 1}, {"ada": {"softmax-check": 0}}))
    shown = pages.page("ada", nbformat.writes(nbformat.v4.new_notebook(cells=[said, title])))
    body = BeautifulSoup(shown, "html.parser").body
    assert body.h1.text == "Feedback: Exercise 1"
    assert body.text.index("could not be graded") < body.text.index("what to do")
    assert body.text.count("could not be graded") == 1 and "Read again" not in body.text


def test_the_report_counts_a_hint_once_whatever_its_numbers(tmp_path):
    hints = [
        ["softmax-check", "exp", f"Softmax has no exp. Largest difference: {size}. (Lecture 1.)"]
        for size in ("2", "1e-05")
    ]
    hints.append(["softmax-check-more", "first_check", "The check above is not passed yet."])
    rows = report._hints(
        {"ada": {"hints": hints}, "bob": {"hints": hints[:1]}}, {"ada": tmp_path, "bob": tmp_path}
    )
    assert rows == [[2, "softmax", ("Softmax has no exp. (Lecture 1.)", "")]]


def test_a_damaged_record_or_notebook_does_not_stop_the_report(tmp_path):
    students = Campaign(SimpleNamespace(root=tmp_path), "1_regression").students
    hint = ["softmax-check", "exp", "Softmax has no exp."]
    answers = {"ada": "[1]", "bob": '{"cells": [1]}', "eve": "{}"}
    for number, (student, notebook) in enumerate(answers.items()):
        campaign.write(
            students / f"{student}.json",
            {"verdict": "graded", "reasons": [], "hints": [[*hint[:2], f"{hint[2]} {number}"]]},
        )
        answers[student] = tmp_path / student
        answers[student].write_text(notebook)
    (students / "zoe.json").write_text("{")
    verdicts = Campaign(SimpleNamespace(root=tmp_path), "1_regression").verdicts()
    points = Grades({"softmax-check": 1}, {student: {"softmax-check": 0} for student in verdicts})
    page = report.as_html("1_regression", verdicts, points, answers | {"zoe": tmp_path / "zoe"})
    assert "zoe" in report.as_csv(verdicts, points) and "is damaged: grade this student again" in page
    assert page.count("Softmax has no exp") == 3
