"""The check of a question that asks which line of each broken version is wrong."""

import numpy as np

from nnlib.grading.checks.judging.answer import called, passed
from nnlib.grading.checks.judging.failure import CheckFailed
from nnlib.grading.checks.judging.raised import raised
from nnlib.grading.checks.judging.results import as_array


def right_lines(function, lines, shows):
    """Raise CheckFailed unless `function()` returns these numbers of lines.

    shows: for each broken version what its measured numbers tell, for who names another line.
    """
    answer = called(function, (), "wrong_lines")
    if answer.error is not None:
        raise CheckFailed(*raised("wrong_lines", answer.error))
    named = as_array(answer.result, "wrong_lines")
    if named.shape != (len(lines),):
        raise CheckFailed("shape", f"Return {len(lines)} line numbers, one for each broken version.")
    if np.array_equal(named + 1, lines):
        raise CheckFailed(
            "from_zero", "The lines are counted from 0. The numbers in the comments begin with 1."
        )
    if np.array_equal(named - 1, lines):
        raise CheckFailed(
            "from_def", "Each number is 1 too large: the comments number the lines, without def."
        )
    for number, (line, right, shown) in enumerate(zip(named, lines, shows, strict=True), 1):
        if line != right:
            hint = f"broken_{number}: it is not line {line:g}. In its check {shown}."
            raise CheckFailed("wrong_line", hint)
    passed("the wrong line of each broken version")
