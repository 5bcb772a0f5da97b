"""One call of the student's function: what it returned or raised, and whether it changed its arguments."""

from dataclasses import dataclass

import numpy as np

from nnlib.grading.checks.judging.cases import same_inputs
from nnlib.grading.checks.judging.failure import CheckFailed
from nnlib.grading.checks.search.program import copy_of


@dataclass
class Answer:
    """result: what came back. error: what was raised instead. changed: number of an argument that is not as
    it was before, plus 1; 0 for none."""

    result: object = None
    error: Exception | None = None
    changed: int = 0


def passed(what):
    """Tell the student what was checked; the first word is green."""
    print(f"\x1b[1;32mRight:\x1b[0m {what}.")


def called(function, arguments, name, may_change=()):
    """The answer for copies of these arguments. Raises CheckFailed if the question is not answered yet."""
    copies = copy_of(tuple(arguments))
    try:
        with np.errstate(all="ignore"):  # overflow is judged by its result
            result = function(*copies)
    except NotImplementedError:
        hint = f"{name} is not answered yet, or calls an answer that is not."
        raise CheckFailed("not_answered", hint) from None
    except Exception as error:
        return Answer(error=error)
    # What is returned may be an argument: it is judged as it is now, later calls do not reach it.
    result = copy_of(result)
    for number, (before, after) in enumerate(zip(arguments, copies, strict=True)):
        if number not in may_change and not same_inputs(before, after):
            return Answer(result, changed=number + 1)
    return Answer(result)
