"""Where NaN or infinity begins in the student's code: log of 0, 0/0, overflow of exp."""

import re

import numpy as np

from nnlib.grading.checks.search.program import copy_of
from nnlib.grading.sandbox.inside.lines import line_of
from nnlib.grading.sandbox.remote import Remote

WORDS = {
    "divide by zero encountered in log": "the logarithm of 0 is taken",
    "invalid value encountered in log": "the logarithm of a negative number is taken",
    "overflow encountered in exp": "exp overflows, its argument is too large",
    "divide by zero encountered in (divide|true_divide|scalar divide)": "it divides by 0",
    "invalid value encountered in (divide|true_divide|scalar divide)": "it divides 0 by 0, or two infinities",
    "invalid value encountered in (subtract|scalar subtract)": "it subtracts infinity from infinity",
    "invalid value encountered in sqrt": "the root of a negative number is taken",
}
"""What NumPy says, as a regular expression -> in words."""


def where_it_begins(function, arguments):
    """'It begins in line 3 of its cell, `...`: exp overflows ...', "" where NumPy says nothing."""
    copies = copy_of(tuple(arguments))
    try:
        if isinstance(function, Remote):
            function._strictly(*copies)
        else:
            with np.errstate(divide="raise", over="raise", invalid="raise"):
                function(*copies)
    except FloatingPointError as error:
        line = getattr(error, "student_line", None) or line_of(error)
        said = next((words for pattern, words in WORDS.items() if re.search(pattern, str(error))), str(error))
        at = f" in line {line[0]} of its cell, `{line[1]}`" if line else ""
        return f"It begins{at}: {said}." if at else f"The cause: {said}."
    except Exception:
        return ""
    return ""
