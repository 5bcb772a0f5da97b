"""The same answer, the same verdict: every right answer of the catalogue earns all points in the sandbox too.

One sandbox for all answers of a unit: each stands in its cell for a moment, then the solution's code again.
"""

import contextlib
import importlib
import io
import re

import pytest

from nnlib.grading.checks import CheckFailed
from nnlib.grading.sandbox import bubblewrap, withheld
from nnlib.grading.sandbox.remote import RemoteNames
from nnlib.grading.sandbox.sandbox import Limits, Sandbox
from tests.grading.catalogue import answers, checks_of, is_answer, is_given, solution, units

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]


class Unit:
    """A unit's solution in a sandbox, and the checks of its questions."""

    def __init__(self, unit, sandbox):
        self.unit, self.ask = unit, sandbox.ask
        self.code = {}
        for cell in solution(unit).cells:
            if cell.id == "setup" or is_given(cell) or (cell.cell_type == "code" and is_answer(cell)):
                self.code[cell.id] = cell.source
                self.run(cell.source)
        self.checks = importlib.import_module(f"nnlib.grading.checks.unit_{unit[0]}")

    def run(self, source):
        reply = self.ask({"do": "run", "code": source})
        assert reply["right"], reply["outputs"]

    def hints(self, question, code):
        """The hints of the checks of a question that fail for this answer."""
        self.run(code)
        own, collected = {"checks": self.checks}, []
        for cell in checks_of(self.unit, question):
            try:
                with contextlib.redirect_stdout(io.StringIO()):
                    exec(compile(cell.source, cell.id, "exec"), own, RemoteNames(self.ask, own))
            except CheckFailed as failure:
                collected.append(failure.hint)
        self.run(self.code[f"{question}-answer"])
        return collected


@contextlib.contextmanager
def in_sandbox(unit):
    modules = withheld.closure(solution(unit).metadata.get("nnlib", {}).get("withheld", ()))
    with Sandbox(bubblewrap.stage(modules), Limits(cell_seconds=60)) as sandbox:
        yield Unit(unit, sandbox)


@pytest.mark.parametrize("unit", units())
def test_right_answers_pass_in_the_sandbox_as_at_home(unit):
    with in_sandbox(unit) as here:
        right = [answer for answer in answers() if answer.unit == unit and not answer.slip]
        failed = {
            str(answer): hints for answer in right if (hints := here.hints(answer.question, answer.code))
        }
    assert failed == {}


def test_the_sandbox_names_the_line_that_is_wrong():
    code = "def hidden_deltas(Delta, W, A):\n    back = Delta @ W * np.sinh(A)\n    return (1 - np.tanh(A) ** 2) * back"
    with in_sandbox("4_backpropagation") as here:
        hints = here.hints("hidden_deltas", code)
    assert re.search(
        r"in line 2 of its cell, `back = Delta @ W \* np.sinh\(A\)`: a factor is too many", hints[0]
    )


def test_an_overflow_is_refused_in_the_sandbox_as_at_home():
    code = "def silu_slope(A):\n    S = 1 / (1 + np.exp(-A))\n    return S + A * S * (1 - S)"
    with in_sandbox("3_activations") as here:
        hints = here.hints("silu_slope", code)
    assert len(hints) == 2, "the check of large sums, and the hidden one"
    assert re.search(
        r"overflows on the way\. It begins in line 2 of its cell, `S = 1 / .*exp overflows", hints[0]
    )
