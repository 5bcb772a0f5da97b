"""What the student's code raised, in words: what does not fit, and in which line."""

import re

from nnlib.grading.sandbox.inside.lines import line_of

CLASHES = {
    "A factor of this product is a single number: where did it lose its axes? A sum, a mean, a maximum or an "
    "index takes them away.": r"enough dimensions \(has 0",
    "The shapes do not fit this product. Is one factor to be transposed, do they stand in the other order, "
    "or is it an outer product?": "mismatch in its core dimension|not aligned|enough dimensions",
    "Arrays of these shapes do not fit entry by entry.": "could not be broadcast",
    "What is computed has another shape than the place where it is stored. (N,) and (N, 1) make (N, N).":
        "could not broadcast input array",
}  # fmt: skip
"""Sentence -> what NumPy writes when shapes do not fit."""


LARGEST_KEY = 10**6
"""Larger keys are ids of objects."""


def words_of_line(error):
    """'in line 3 of its cell, `...`': where the student's code raised; "" if the line is not known."""
    line = getattr(error, "student_line", None) or line_of(error)
    return f"in line {line[0]} of its cell, `{line[1]}`" if line else ""


def raised(name, error, some=""):
    """(slip, hint) for what the student's function raised; some: for which inputs."""
    text, kind = " ".join(str(error).split())[:300], type(error).__name__
    where = f" {line}" if (line := words_of_line(error)) else ""
    for words, pattern in CLASHES.items():
        if isinstance(error, ValueError) and re.search(pattern, text):
            return "shapes", f"{name}{where}{some}: {words} (NumPy: {text.rstrip('.')}.)"
    if isinstance(error, ValueError) and "values to unpack" in text:
        text += ". There may be more parts or fewer: go through them in a loop."
    if isinstance(error, KeyError) and text.isdecimal() and int(text) > LARGEST_KEY:
        text += (
            ". That is the id of an object which is looked up and was never recorded: is each of them used?"
        )
    end = "" if text.endswith((".", "?", "!", ")")) else "."
    return "raises", f"{name} raised {kind}{where}{some}: {text}{end}"
