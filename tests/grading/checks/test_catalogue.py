"""Every wrong answer fails with its own hint, every right one earns all points: in one process."""

import ast
import contextlib
import functools
import io
import linecache
import re
from collections import Counter

import numpy as np
import pytest

from nnlib.grading.checks import CheckFailed
from tests.grading.catalogue import (
    FOLDER,
    answers,
    checks_of,
    is_answer,
    is_given,
    questions,
    solution,
    units,
)

ANSWERS = list(answers())
WRONG = [answer for answer in ANSWERS if answer.slip]
RIGHT = [answer for answer in ANSWERS if not answer.slip]


@functools.cache
def reference(unit):
    """The names that the solution's setup, given and answer cells define."""
    names = {}
    for cell in solution(unit).cells:
        if cell.id == "setup" or is_given(cell) or (cell.cell_type == "code" and is_answer(cell)):
            exec(compile(cell.source, cell.id, "exec"), names)
    return names


def run_cell(code, name, names):
    """Run a cell as IPython does: its functions know their source."""
    file = f"<ipython-input-{name}>"
    linecache.cache[file] = len(code), None, code.splitlines(keepends=True), file
    exec(compiled(code, file), names)


@functools.cache
def compiled(code, file):
    """The cells of a solution run again for each answer in one of them."""
    return compile(code, file, "exec")


def written(code, name):
    """A function or class that this code defines, as if it had been written in a cell."""
    names = {"np": np}
    run_cell(code, f"test-{name}", names)
    return names[name]


def graded(answer, all_checks=True):
    """Points earned, points possible, and the hints of the failed cells; or of the first of them."""
    names = dict(reference(answer.unit))
    # Later names see the replaced answer as in a notebook: all cells share one namespace.
    for cell in solution(answer.unit).cells:
        if cell.cell_type == "code" and is_answer(cell):
            own = cell.id == f"{answer.question}-answer"
            run_cell(answer.code if own else cell.source, cell.id, names)
    earned = possible = 0
    hints = []
    for cell in checks_of(answer.unit, answer.question):
        possible += cell.metadata.nbgrader.points
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                exec(compiled(cell.source, cell.id), names)
            earned += cell.metadata.nbgrader.points
        except CheckFailed as failure:
            hints.append(failure.hint)
            if not all_checks:
                break
    return earned, possible, hints


@pytest.mark.slow
@pytest.mark.parametrize("answer", WRONG, ids=str)
def test_a_wrong_answer_fails_with_its_own_hint(answer):
    earned, possible, hints = graded(answer, all_checks=False)
    assert hints and earned < possible
    assert re.search(answer.slip, hints[0]), hints[0]


@pytest.mark.slow
@pytest.mark.parametrize("answer", RIGHT, ids=str)
def test_a_right_answer_in_another_style_earns_all_points(answer):
    earned, possible, hints = graded(answer)
    assert (earned, hints) == (possible, [])


@pytest.mark.parametrize("unit", units())
def test_the_catalogue_covers_every_question(unit):
    wrong = Counter(a.question for a in WRONG if a.unit == unit)
    right = Counter(a.question for a in RIGHT if a.unit == unit)
    for question in questions(unit):
        assert wrong[question] >= 5, f"{question} has {wrong[question]} wrong answers"
        assert right[question] >= 3, f"{question} has {right[question]} right answers"


@pytest.mark.parametrize("unit", units())
def test_cells_check_catalogue_and_function_have_one_name(unit):
    assert {path.stem for path in (FOLDER / unit).glob("*.toml")} == set(questions(unit))
    imported = f"from nnlib.grading.checks import unit_{unit[0]} as checks"
    assert imported in next(cell.source for cell in solution(unit).cells if cell.id == "setup").splitlines()
    code = {cell.id: ast.parse(cell.source) for cell in solution(unit).cells if cell.cell_type == "code"}
    for question in questions(unit):
        functions = [node.name for node in code[f"{question}-answer"].body]
        numbered = [f"{question}_{n + 1}" for n in range(len(functions))]
        assert functions in ([question], numbered), functions
        for cell in checks_of(unit, question):
            assert cell.id.startswith(f"{question}-") and cell.id == cell.metadata.nbgrader.grade_id
            assert "-picture" not in cell.id  # what is called so runs last, with all of nnlib
            called = [ast.unparse(node.value.func) for node in code[cell.id].body]
            # `explain` checks nothing: it answers in the feedback what a picture asks.
            assert set(called) - {"checks.explain"} == {f"checks.{question}"}, cell.id


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("W.T @ x", "^y: W is transposed, and should not be"),
        (
            "W[:, :2] @ np.ones(9)",
            r"^linear_output: The shapes do not fit this product\. .* \(NumPy: matmul: .*\.\)$",
        ),
        ("np.dot(np.ones(9), W)", r"^linear_output: The shapes do not fit this product\. .*not aligned"),
        (
            "W + np.ones((9, 9))",
            r"^linear_output: Arrays of these shapes do not fit entry by entry\. .*broadcast",
        ),
        ("x.nothing", "^linear_output raised AttributeError: 'numpy.ndarray' object has no attribute"),
        ("int('W')", "^linear_output raised ValueError: invalid literal for int"),
    ],
)
def test_an_error_of_the_answer_becomes_a_hint_in_words(wrong, told):
    names = dict(reference("1_regression"))
    exec(f"def linear_output(W, x):\n    return {wrong}", names)
    with pytest.raises(CheckFailed, match=told):
        names["checks"].linear_output(names["linear_output"])


@pytest.mark.parametrize("unit", units())
def test_each_question_knows_its_slips_by_name(unit):
    """Not the same words for all: each hint says what went wrong here."""
    for question in questions(unit):
        slips = {a.slip for a in WRONG if (a.unit, a.question) == (unit, question)}
        assert len(slips) >= 5, question


USELESS = {
    "none": lambda *arguments: None,
    "zeros": lambda *arguments: np.zeros_like(arguments[0]),
    "ones": lambda *arguments: np.ones_like(arguments[0]),
    "zero": lambda *arguments: 0.0,
    "one": lambda *arguments: 1.0,
    **{f"input_{n}": (lambda *arguments, n=n: arguments[min(n, len(arguments) - 1)]) for n in range(3)},
}


@pytest.mark.slow
@pytest.mark.usefixtures("without_hints")
@pytest.mark.parametrize("useless", USELESS)
@pytest.mark.parametrize("unit", units())
def test_a_useless_answer_earns_nothing(unit, useless):
    for question in questions(unit):
        names = dict(reference(unit))
        for cell in checks_of(unit, question):
            code = compile(cell.source, cell.id, "exec")
            called = [n for n in code.co_names if callable(names.get(n)) and n != "checks"]
            for name in called:
                with pytest.raises(CheckFailed):
                    exec(code, names | {name: USELESS[useless]})


def filled(result, value):
    """The same lists and shapes with `value` in place of every number."""
    if isinstance(result, dict):
        return {name: filled(part, value) for name, part in result.items()}
    if isinstance(result, (list, tuple)):
        return type(result)(filled(part, value) for part in result)
    return np.full(np.shape(result), value) if np.shape(result) else value


@pytest.mark.slow
@pytest.mark.usefixtures("without_hints")
@pytest.mark.parametrize("value", [0.0, 1.0])
@pytest.mark.parametrize(("unit", "question"), [(u, q) for u in units() for q in questions(u)])
def test_a_constant_of_the_right_shape_earns_nothing(unit, question, value):
    names = reference(unit)
    for cell in checks_of(unit, question):
        code = compile(cell.source, cell.id, "exec")
        for name in code.co_names:
            if name != "checks" and callable(right := names.get(name)):
                constant = {name: lambda *arguments, right=right: filled(right(*arguments), value)}
                with pytest.raises(CheckFailed):
                    exec(code, names | constant)


@pytest.mark.parametrize("unit", units())
def test_a_call_of_an_unanswered_question_gets_a_hint(unit):
    names = dict(reference(unit))
    exec("def unanswered(*arguments):\n    raise NotImplementedError", names)
    cell = checks_of(unit, questions(unit)[0])[0]
    name = next(n for n in compile(cell.source, cell.id, "exec").co_names if n in names and n != "checks")
    with pytest.raises(CheckFailed, match=f"{name} is not answered yet, or calls an answer that is not"):
        exec(cell.source, names | {name: names["unanswered"]})
