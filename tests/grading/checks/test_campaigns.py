"""Hidden checks draw other numbers in each campaign, and no draw is unfair to right answers."""

import contextlib
import io

import pytest

from tests.grading.catalogue import checks_of, questions, units
from tests.grading.checks.test_catalogue import reference


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2000, 2010))
@pytest.mark.parametrize("unit", units())
def test_the_reference_passes_the_hidden_checks_of_any_campaign(unit, seed, monkeypatch):
    monkeypatch.setenv("NNLIB_CAMPAIGN_SEED", str(seed))
    hidden = [c for q in questions(unit) for c in checks_of(unit, q) if "hidden=True" in c.source]
    assert len(hidden) >= 8
    for cell in hidden:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(cell.source, cell.id, "exec"), dict(reference(unit)))
