"""The search for slips: every question has the hints of all, and no hint claims what is not so."""

import array
import importlib
import pkgutil
import re
from collections import OrderedDict, namedtuple
from pathlib import Path

import nbformat
import numpy as np
import pytest

from nnlib import Network, backpropagate
from nnlib.grading import checks
from nnlib.grading.checks import CheckFailed
from nnlib.grading.checks.judging import results
from nnlib.grading.checks.judging.diagnosis import Diagnosis
from nnlib.grading.checks.judging.where import close
from nnlib.grading.checks.question import Question, normal, question
from nnlib.grading.checks.search.matching import CLOSE
from nnlib.grading.checks.search.pairs import by_two
from nnlib.grading.checks.search.parts import by_part
from nnlib.grading.checks.search.program import Program, TooLong, copy_of, quiet
from nnlib.grading.checks.search.search import by_one
from nnlib.grading.checks.search.table import LIKELY, RARE
from nnlib.grading.checks.unit_4 import hidden_deltas
from nnlib.grading.checks.unit_6 import convolve_back
from nnlib.grading.sandbox.inside import versions
from nnlib.widgets.first_disagreement import first_disagreement
from tests.grading.checks.test_catalogue import run_cell

ROOT = Path(__file__).parent.parent.parent


def all_questions():
    """(label, question) of every question and part of all units."""
    for module in pkgutil.walk_packages(checks.__path__, checks.__name__ + "."):
        if ".unit_" in module.name:
            for value in vars(importlib.import_module(module.name)).values():
                if isinstance(value, Question) and value.__module__ == module.name:
                    for check in (value, *value.parts.values()):
                        yield f"{module.name.split('checks.')[1]}.{check.name} {check.part}".strip(), check


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
    "sin_and_mean": (lambda D, V, Y: np.sin(Y) * (D @ V) / len(D), "sin .*cos.*[Dd]ivided by N|divided by N.*sin"),
    "transposed_and_sign": (lambda D, V, Y: np.cos(-Y) * -(D @ V.T), "V is transposed.*sign|sign.*V is transposed|-cos"),
    "no_factor_and_last_receiver_left_out": (lambda D, V, Y: D[:, :-1] @ V[:-1], "bend is missing.*last term"),
}  # fmt: skip


@pytest.mark.parametrize("slip", SLIPS)
def test_a_new_question_gets_its_hints_from_the_search(slip):
    wrong, hint = SLIPS[slip]
    with pytest.raises(CheckFailed, match=hint):
        new(wrong)


def test_a_right_answer_is_not_searched_for(monkeypatch, capsys):
    monkeypatch.setattr(Diagnosis, "__init__", None)
    new(lambda D, V, Y: np.cos(Y) * np.einsum("nj,ji->ni", D, V))
    assert "Right" in capsys.readouterr().out


@pytest.mark.parametrize("label", QUESTIONS)
def test_the_line_of_a_right_answer_is_a_phrase(label, monkeypatch, capsys):
    check = QUESTIONS[label]
    if check.quality is None:  # what is judged by its quality says how good it is
        monkeypatch.setattr(check, "_all_right", lambda given, answers: True)
        check(lambda *arguments: None)
        line = capsys.readouterr().out.replace("\x1b[1;32m", "").replace("\x1b[0m", "").removesuffix(".\n")
        assert line.startswith("Right: ") and check.reference.__name__ not in line.split(": ")[1:]
        assert len(line.split()) > 2 and not re.search(r"[_(]|\.$", line), line


def test_a_harder_part_sends_back_to_the_first_check():
    softmax = QUESTIONS["unit_1.logistic.softmax"]
    with pytest.raises(CheckFailed, match="^The check of softmax above is not passed yet"):
        softmax(lambda A: np.exp(A) / np.exp(A).sum(), "large")
    with pytest.raises(CheckFailed, match="largest is not subtracted"):
        softmax(lambda A: np.exp(A) / np.exp(A).sum(axis=1, keepdims=True), "large")


def test_parts_of_a_question_have_lines_of_their_own():
    lines = {label: check._what() for label, check in QUESTIONS.items() if not label.endswith(" 1")}
    assert len(set(lines.values())) == len(lines)


@pytest.mark.parametrize("label", QUESTIONS)
def test_reference_and_torch_agree(label):
    check = QUESTIONS[label]
    for case in (*check.cases(), *check.cases(hidden=True)):
        right = check.right(case)
        for reference in (check.reference, *check.also):
            with np.errstate(all="ignore"):
                computed = results.plain(reference(*copy_of(case.arguments)), check.returns)
            assert all(close(f, r, 1e-10) for f, r in zip(computed, right, strict=True)), case.sizes


@pytest.mark.parametrize("label", QUESTIONS)
def test_sites_do_not_change_what_a_reference_computes(label):
    check = QUESTIONS[label]
    for reference in (check.reference, *check.also):
        program = Program(reference)
        for case in check.cases():
            with np.errstate(all="ignore"):  # other ways to write a reference may overflow
                expected = results.plain(reference(*copy_of(case.arguments)), check.returns)
                computed = results.plain(program.run(case.arguments, {}, case.sizes), check.returns)
            assert all(np.array_equal(f, e, equal_nan=True) for f, e in zip(computed, expected, strict=True))


@pytest.mark.slow
@pytest.mark.parametrize("label", QUESTIONS)
def test_random_numbers_are_not_explained(label):
    """200 random answers of the right shapes by single changes, the first of them by pairs too."""
    diagnosis = Diagnosis(QUESTIONS[label], QUESTIONS[label].cases())
    rng = np.random.default_rng(0)
    answers = [
        [rng.normal(size=(200, *part.shape)) * max(1.0, np.abs(part).max(initial=0)) for part in right]
        for right in diagnosis.right
    ]
    with quiet():
        first = [[part[0] for part in case] for case in answers]
        diagnosis.prepare()
        for table in diagnosis.tables:
            assert by_one(table, first, RARE) == by_part(table, first, RARE) == []
            assert by_two(table, first, RARE, 20_000) == []
            case = table.wrong(first)[0]
            for _, value in table.tried(case, RARE):
                assert not any_like(value, answers[case])


def test_changes_do_not_alter_the_inputs_of_a_check():
    """Where a reference adds to a part of an array in place, a change may take an input for that array."""
    diagnosis = Diagnosis(QUESTIONS["unit_6.convolution.convolve_back"], convolve_back.cases())
    before = copy_of(diagnosis.cases[-1].arguments)
    with quiet():
        diagnosis.prepare()
        for table in diagnosis.tables:
            assert len(table.tried(len(diagnosis.cases) - 1, LIKELY)) > 100
    assert all(np.array_equal(a, b) for a, b in zip(before, diagnosis.cases[-1].arguments, strict=True))


def any_like(value, answers):
    """Whether one of many answers (arrays with one more axis) is in one of its parts what a change gives.

    As close as the search wants it: many single numbers are near one another by chance.
    """
    if value is None or [p.shape for p in value] != [a.shape[1:] for a in answers]:
        return False
    return any(
        bool((_largest(a - p) <= CLOSE * np.maximum(_largest(a), 1e-6)).any())
        for p, a in zip(value, answers, strict=True) if p.size
    )  # fmt: skip


def _largest(arrays):
    return np.abs(arrays).reshape(len(arrays), -1).max(axis=1)


REPAIRED = {
    "a factor": ("np.cos(Y) * (D @ V) * np.arctan(Y)", "a factor is too many"),
    "a term": ("np.cos(Y) * (D @ V) + np.arctan(Y) * 0.3", "a term is too many"),
    "another function": ("np.cos(Y) * np.sinh(D @ V)", "np.sinh does not belong here"),
    "a factor, and divided by N": (
        "np.cos(Y) * (D @ V) * np.arctan(Y) / len(D)",
        "a factor is too many. Second: Divided by N",
    ),
}  # fmt: skip


@pytest.mark.parametrize("slip", REPAIRED)
def test_a_line_that_makes_an_answer_wrong_is_named(slip):
    code, hint = REPAIRED[slip]
    names = {"np": np}
    run_cell(f"def new(D, V, Y):\n    # first\n    return {code}\n", "new", names)
    with pytest.raises(CheckFailed, match=hint) as failure:
        new(names["new"])
    assert f"in line 3 of its cell, `return {code}`" in failure.value.hint
    assert "cos(Y) * (D @ V)." not in failure.value.hint


def test_changed_code_that_runs_on_or_eats_memory_is_given_up():
    names = {"np": np}
    run_cell("def f(n):\n    return n + 1\n", "f", names)
    endless = "def f(n):\n    while True:\n        n = n + 1\n"
    greedy = "def f(n):\n    return np.ones((200_000, 200_000)).sum()\n"
    ends = "def f(n):\n    raise SystemExit\n"
    good = "def f(n):\n    print(n)\n    return n + 2\n"
    assert versions.results_of(names["f"], [greedy, ends, good, endless, good], [(1,), (2,)]) == [
        [None, None], [None, None], [3, 4], [None, None], [3, 4]
    ]  # fmt: skip


def test_code_that_waits_is_given_up_but_not_a_late_turn(monkeypatch):
    monkeypatch.setattr(versions, "LONGEST_WAIT", 0.3)
    monkeypatch.setattr(versions, "EACH", versions.SECONDS)
    names = {"np": np}
    run_cell("def f(n):\n    return n + 1\n", "f", names)
    waits = "def f(n):\n    import time\n    time.sleep(600)\n"
    assert versions.results_of(names["f"], [waits], [(1,)]) == []
    # As on a busy machine: it computes all the time, and its second of computing comes late.
    slow = (
        "def f(n):\n    import time\n    while time.process_time() < 0.6:\n        pass\n    return n + 2\n"
    )
    assert versions.results_of(names["f"], [slow], [(1,)]) == [[3]]


def test_changes_of_a_loop_whose_arrays_grow_are_bounded():
    def doubled(x):
        for _ in range(30):
            x = x * 2
        return x

    program = Program(doubled)
    program.run((np.ones(5),))
    (site,) = [site.number for site in program.sites if site.kind == "Mult"]
    with pytest.raises(TooLong):
        program.run((np.ones(5),), {site: lambda left, right: np.outer(left, left).ravel()})


@question(
    returns="E",
    section="Four steps",
    inputs=lambda rng, N, F: normal(rng, (N, F)),
    value=lambda A: (A**2).sum(),
)
def single(A):
    """A single number."""
    return np.sum(A**2)


@question(
    returns=("A", "B"),
    section="Four steps",
    inputs=lambda rng, N, F: normal(rng, (N, F)),
    value=lambda A: (A, 2 * A),
)
def pair(A):
    """Two arrays."""
    return A, 2 * A


Pair = namedtuple("Pair", "A B")


@pytest.mark.parametrize("shape", [(), (1,), (1, 1)])
def test_a_single_number_counts_with_axes_of_length_1(shape):
    single(lambda A: np.sum(A**2).reshape(shape))
    single(lambda A: array.array("d", [np.sum(A**2)]))


def test_tuples_of_any_class_and_dictionaries_count_as_pairs():
    pair(lambda A: Pair(A, 2 * A))
    pair(lambda A: OrderedDict(B=2 * A, A=A))
    pair(lambda A: [A, (2 * A).tolist()])


def test_the_hint_names_the_line_where_nan_begins():
    names = {"np": np}
    run_cell(
        "def single(A):\n    B = np.log(0 * A)\n    return np.sum(B) + np.arctan(A[0, 0])\n", "single", names
    )
    with pytest.raises(
        CheckFailed, match=r"begins in line 2 of its cell, `B = np.log\(0 \* A\)`: the logarithm of 0"
    ):
        single(names["single"])


SAID_ALIKE = {
    "sign": lambda W, D, A: -(1 - np.tanh(A) ** 2) * (D @ W),
    "twice": lambda W, D, A: 2 * (1 - np.tanh(A) ** 2) * (D @ W),
    "averaged": lambda W, D, A: (1 - np.tanh(A) ** 2) * (D @ W) / len(A),
    "no slope": lambda W, D, A: D @ W,
    "slope of y": lambda W, D, A: (1 - np.tanh(np.tanh(A)) ** 2) * (D @ W),
    "g for slope": lambda W, D, A: np.tanh(A) * (D @ W),
}  # fmt: skip


@pytest.mark.parametrize("slip", SAID_ALIKE)
def test_stepper_and_checks_say_the_same_sentence(slip):
    wrong = SAID_ALIKE[slip]
    rng = np.random.default_rng(1)
    network, X, T = Network((2, 3, 2), "tanh", rng=rng), rng.normal(size=(3, 2)), rng.normal(size=(3, 2))
    hidden, output = backpropagate(network, X, T, trace=True)[2]
    deltas = [wrong(network.layers[1].W, output.delta, hidden.a), output.delta]
    sentence = first_disagreement(network, X, T, "sum_of_squares", deltas=deltas)["slip"].split(":")[0]
    with pytest.raises(CheckFailed) as failure:
        hidden_deltas(lambda Delta, W, A: wrong(W, Delta, A))
    assert sentence.lower() in failure.value.hint.lower()


@pytest.mark.parametrize("label", QUESTIONS)
def test_the_section_of_a_question_is_in_its_lecture(label):
    check = QUESTIONS[label]
    (path,) = (ROOT / "lectures").glob(f"{check.lecture}_*.ipynb")
    cells = nbformat.read(path, as_version=4).cells
    lines = [line for cell in cells if cell.cell_type == "markdown" for line in cell.source.splitlines()]
    assert any(line.lstrip("#").strip() == check.section for line in lines if line.startswith("#")), (
        check.section
    )
