"""The search for slips: every question has the hints of all, and no hint claims what is not so."""

import importlib
import pkgutil
import re
from pathlib import Path

import nbformat
import numpy as np
import pytest

from nnlib.grading import checks
from nnlib.grading.checks import CheckFailed
from nnlib.grading.checks.judging import results
from nnlib.grading.checks.judging.diagnosis import Diagnosis
from nnlib.grading.checks.judging.where import close
from nnlib.grading.checks.question import Question, normal, question
from nnlib.grading.checks.search.program import Program, copy_of, quiet

ROOT = Path(__file__).parent.parent.parent


def all_questions():
    """(label, question) of every question and part of all units."""
    for module in pkgutil.walk_packages(checks.__path__, checks.__name__ + "."):
        if ".unit_" in module.name:
            for value in vars(importlib.import_module(module.name)).values():
                if isinstance(value, Question) and value.__module__ == module.name:
                    for one in (value, *value.parts.values()):
                        yield f"{module.name.split('checks.')[1]}.{one.name} {one.part}".strip(), one


QUESTIONS = dict(all_questions())


@question(
    returns="Δ of the first layer",
    section="Four steps",
    inputs=lambda rng, N, I, J: normal(rng, (N, J), (J, I), (N, I)),
    error=lambda D, V, Y: (D * (Y.sin() @ V.T)).sum(),
    by="Y",
)
def new(D, V, Y):
    """A question that nobody has seen before."""
    bend = np.cos(Y)
    return bend * (D @ V)


SLIPS = {
    "transposed": (lambda D, V, Y: np.cos(Y) * (D @ V.T), "V is transposed, and should not be"),
    "result_transposed": (lambda D, V, Y: (np.cos(Y) * (D @ V)).T, "transpose"),
    "missing_factor": (lambda D, V, Y: D @ V, "factor bend is missing"),
    "other_factor_missing": (lambda D, V, Y: np.cos(Y), "the product Δ V is missing"),
    "sign": (lambda D, V, Y: -np.cos(Y) * (D @ V), "-cos|sign"),
    "mean": (lambda D, V, Y: np.cos(Y) * (D @ V) / len(D), "[Dd]ivided by N"),
    "upstream_of_ones": (lambda D, V, Y: np.cos(Y) * (np.ones_like(D) @ V), "Δ counts as 1"),
    "sin_and_mean": (lambda D, V, Y: np.sin(Y) * (D @ V) / len(D), "sin .*cos.*divided by N|divided by N.*sin"),
    "transposed_and_sign": (lambda D, V, Y: np.cos(-Y) * -(D @ V.T), "V is transposed.*sign|sign.*V is transposed|-cos"),
    "no_factor_and_last_receiver_left_out": (lambda D, V, Y: D[:, :-1] @ V[:-1], "bend is missing.*last term"),
}  # fmt: skip


@pytest.mark.parametrize("slip", SLIPS)
def test_a_new_question_gets_its_hints_from_the_search(slip):
    wrong, told = SLIPS[slip]
    with pytest.raises(CheckFailed, match=told):
        new(wrong)


def test_a_right_answer_is_not_searched_for(monkeypatch, capsys):
    monkeypatch.setattr(Diagnosis, "__init__", None)
    new(lambda D, V, Y: np.cos(Y) * np.einsum("nj,ji->ni", D, V))
    assert "Right" in capsys.readouterr().out


@pytest.mark.parametrize("label", QUESTIONS)
def test_the_line_of_a_right_answer_is_a_phrase(label, monkeypatch, capsys):
    one = QUESTIONS[label]
    if one.quality is None:  # what is judged by its quality says how good it is
        monkeypatch.setattr(one, "_all_right", lambda given, answers: True)
        one(lambda *arguments: None)
        line = capsys.readouterr().out.replace("\x1b[1;32m", "").replace("\x1b[0m", "").removesuffix(".\n")
        assert line.startswith("Right: ") and one.reference.__name__ not in line.split(": ")[1:]
        assert len(line.split()) > 2 and not re.search(r"[_(]|\.$", line), line


def test_a_harder_part_sends_back_to_the_first_check():
    softmax = QUESTIONS["unit_1.logistic.softmax"]
    with pytest.raises(CheckFailed, match="^The first check of softmax is not passed yet"):
        softmax(lambda A: np.exp(A) / np.exp(A).sum(), "large")
    with pytest.raises(CheckFailed, match="largest is not subtracted"):
        softmax(lambda A: np.exp(A) / np.exp(A).sum(axis=1, keepdims=True), "large")


def test_parts_of_a_question_have_lines_of_their_own():
    lines = {label: one._what() for label, one in QUESTIONS.items() if not label.endswith(" 1")}
    assert len(set(lines.values())) == len(lines)


@pytest.mark.parametrize("label", QUESTIONS)
def test_reference_and_torch_agree(label):
    one = QUESTIONS[label]
    for case in (*one.cases(), *one.cases(hidden=True)):
        right = one.right(case)
        for reference in (one.reference, *one.also):
            with np.errstate(all="ignore"):
                found = results.plain(reference(*copy_of(case.arguments)), one.returns)
            assert all(close(f, r, 1e-10) for f, r in zip(found, right, strict=True)), case.sizes


@pytest.mark.parametrize("label", QUESTIONS)
def test_sites_do_not_change_what_a_reference_computes(label):
    one = QUESTIONS[label]
    for reference in (one.reference, *one.also):
        program = Program(reference)
        for case in one.cases():
            with np.errstate(all="ignore"):
                expected = results.plain(reference(*copy_of(case.arguments)), one.returns)
            found = results.plain(program.run(case.arguments, {}, case.sizes), one.returns)
            assert all(np.array_equal(f, e, equal_nan=True) for f, e in zip(found, expected, strict=True))


@pytest.mark.parametrize("label", QUESTIONS)
def test_random_numbers_are_not_explained(label):
    """200 random answers of the right shapes by single changes, one of them by pairs."""
    one = QUESTIONS[label]
    diagnosis = Diagnosis(one, one.cases())
    rng = np.random.default_rng(0)
    with quiet():
        for number in range(200):
            answers = [
                [rng.normal(size=part.shape) * max(1.0, np.abs(part).max(initial=0)) for part in right]
                for right in diagnosis.right
            ]
            if number == 0:
                assert diagnosis.explained(answers) == []
            for search in diagnosis.searches:
                assert search.by_one(answers) == search.by_part(answers) == []


@pytest.mark.parametrize("label", QUESTIONS)
def test_the_section_of_a_question_is_in_its_lecture(label):
    one = QUESTIONS[label]
    (path,) = (ROOT / "lectures").glob(f"{one.unit}_*.ipynb")
    cells = nbformat.read(path, as_version=4).cells
    lines = [line for cell in cells if cell.cell_type == "markdown" for line in cell.source.splitlines()]
    assert any(line.lstrip("#").strip() == one.section for line in lines if line.startswith("#")), one.section
