"""A slip that the author of a question knows, and a second one with it."""

import itertools

import numpy as np

from nnlib.grading.checks.search.explanations import Explanation, cheapest
from nnlib.grading.checks.search.matching import same, tell_enough
from nnlib.grading.checks.search.table import left

LEFT_OUT = "it counts as 0, as if it were left out"
BIASES = "the biases are missing"
"""What is said of a vector, and of the vectors in a list of layers."""

KNOWN = 1
"""The cost of a slip that an author knows."""


def with_another(hints, values, parameters, cases, table, returned):
    """Explanations by one of the hints (words -> values for the same arguments) and another slip.

    values(wrong_values, arguments): its flat arrays, None if they do not fit. table: of the reference.
    """
    wrong = table.wrong(returned)
    if not wrong or not tell_enough(table.right, returned):
        return []
    found = []
    for words, wrong_values in hints.items():
        known = [values(wrong_values, case.arguments) for case in cases]
        for kind, target in table.targets(returned):
            if kind.words and all(same(left(kind.lost, k), t) for k, t in zip(known, target, strict=True)):
                found.append(Explanation(KNOWN + kind.cost, (("", words), ("", kind.words))))
        for cost, slip, changed in changes_of_arguments(parameters, cases[wrong[0]].arguments):
            if all(
                same(values(wrong_values, changed(cases[n].arguments)), returned[n])
                for n in (wrong[0], *range(len(cases)))
            ):
                found.append(Explanation(KNOWN + cost, (("", words), ("", slip))))
    return cheapest(found)


def changes_of_arguments(parameters, arguments):
    """(cost, words, function from arguments to changed ones): what a function of them may take wrongly."""
    for number, (name, value) in enumerate(zip(parameters, arguments, strict=True)):
        for cost, words, change in CHANGES:
            if _changed(change, value) is not None:
                told = BIASES if words == LEFT_OUT and isinstance(value, list) else words
                yield cost, f"{name}: {told}", _at(number, change)
    for i, j in itertools.combinations(range(len(arguments)), 2):
        if all(map(_is_array, (arguments[i], arguments[j]))) and arguments[i].ndim == arguments[j].ndim:
            words = f"{parameters[i]} and {parameters[j]} are exchanged"
            yield 1.1, words, lambda given, i=i, j=j: _exchanged(given, i, j)


def _at(number, change):
    def changed(arguments):
        changed = _changed(change, arguments[number])
        return None if changed is None else (*arguments[:number], changed, *arguments[number + 1 :])

    return changed


def _changed(change, value):
    """A changed argument; of a list of pairs (W, b) each W or b; None where the change is of another kind."""
    if isinstance(value, list) and value and isinstance(value[0], tuple) and len(value[0]) == 2:
        pairs = [tuple(p if (q := change(p)) is None else q for p in pair) for pair in value]
        return pairs if any(change(p) is not None for pair in value for p in pair) else None
    return change(value) if _is_array(value) else None


def _is_array(value):
    return isinstance(value, np.ndarray) and value.dtype.kind == "f"


def _exchanged(arguments, i, j):
    arguments = list(arguments)
    arguments[i], arguments[j] = arguments[j], arguments[i]
    return tuple(arguments)


CHANGES = (
    (1, LEFT_OUT, lambda p: 0 * p if np.ndim(p) == 1 else None),
    (1.1, "it is transposed, and should not be", lambda p: p.T if np.ndim(p) == 2 else None),
    (1.3, "its sign is turned", lambda p: -p),
    (1.3, "it is turned by half a turn", lambda p: p[::-1, ::-1] if np.ndim(p) in (2, 4) else None),
    (1.5, "its negative entries are 0", lambda p: np.maximum(p, 0)),
)
"""Cost, words, change of an array; None for an array of another kind."""
