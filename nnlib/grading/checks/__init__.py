"""The checks that autograder cells call, one module or package per unit; `judging` is what all share.

A notebook says `from nnlib.grading.checks import unit_1 as checks` and then `checks.softmax(softmax)`:
a check has the name of its question, which is the name of the student's function. It calls that
function with plain values and looks at what comes back. It prints one line if that is right and raises
`CheckFailed` with a reason in the lecture's words if not. With `hidden=True` the inputs are drawn from
the seed of the grading campaign. PyTorch is imported when a check runs, not before.
"""

from nnlib.grading.checks.judging.failure import CheckFailed

__all__ = ["CheckFailed"]
