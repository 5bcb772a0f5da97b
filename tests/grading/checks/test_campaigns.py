"""Checks draw other numbers in each campaign, and no draw is unfair to right answers."""

import contextlib
import io

import pytest

from nnlib.grading.checks.judging.seed import VARIABLE, generator
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
@pytest.mark.parametrize("seed", range(2000, 2010))
@pytest.mark.parametrize("unit", units())
def test_the_reference_passes_the_checks_of_any_campaign(unit, seed, monkeypatch):
    monkeypatch.setenv(VARIABLE, str(seed))
    cells = [c for q in questions(unit) for c in checks_of(unit, q)]
    assert len([cell for cell in cells if "hidden=True" in cell.source]) >= 8
    for cell in cells:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(cell.source, cell.id, "exec"), dict(reference(unit)))
