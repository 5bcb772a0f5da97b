"""Checks draw other numbers in each campaign, and no draw is unfair to right answers."""

import contextlib
import importlib
import io

import numpy as np
import pytest

from nnlib.grading.checks.judging.seed import VARIABLE, generator
from nnlib.grading.checks.question import Question
from nnlib.grading.sandbox.inside import values
from tests.grading.catalogue import checks_of, questions, units
from tests.grading.checks.test_catalogue import reference


@pytest.mark.parametrize("hidden", [False, True])
def test_a_campaign_draws_inputs_of_its_own(hidden, monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    home = generator("unit_1.softmax", hidden).normal()
    assert home == generator("unit_1.softmax", hidden).normal()
    monkeypatch.setenv(VARIABLE, "7")
    assert home != generator("unit_1.softmax", hidden).normal()


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2000, 2002))
@pytest.mark.parametrize("unit", units())
def test_the_reference_passes_the_checks_of_any_campaign(unit, seed, monkeypatch):
    monkeypatch.setenv(VARIABLE, str(seed))
    cells = [c for q in questions(unit) for c in checks_of(unit, q)]
    assert len([cell for cell in cells if "hidden=True" in cell.source]) >= 8
    for cell in cells:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(cell.source, cell.id, "exec"), dict(reference(unit)))


@pytest.mark.parametrize("unit", units())
def test_the_inputs_of_every_question_reach_the_sandbox(unit):
    module = importlib.import_module(f"nnlib.grading.checks.unit_{unit[0]}")
    asked = [value for value in vars(module).values() if isinstance(value, Question)]
    assert len(asked) >= 8
    for question in [part for q in asked for part in (q, *q.parts.values())]:
        for case in question.cases():
            there = values.decode(values.encode(case.arguments), lambda number, parts: values.compiled(parts))
            assert same_kinds(there, case.arguments), question.name


def same_kinds(there, here):
    """Arrays have the same numbers, what contains others has as many, a function is one."""
    if isinstance(here, np.ndarray):
        return np.array_equal(there, here, equal_nan=here.dtype.kind == "f")
    if isinstance(here, (list, tuple)):
        return len(there) == len(here) and all(map(same_kinds, there, here))
    return callable(there) if callable(here) else type(there) is type(here)
