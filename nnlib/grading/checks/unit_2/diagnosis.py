"""Three forward passes that are wrong for some networks: the student finds a network for each.

They go through the nodes of a feedforward network C (n, n) and compute y_j = Σ_i c_ji y_i + 1.
"""

import numpy as np

from nnlib.grading.checks.judging.answer import passed
from nnlib.grading.checks.judging.failure import CheckFailed
from nnlib.grading.checks.judging.results import as_array
from nnlib.grading.checks.judging.returned_arrays import change_that_mends
from nnlib.grading.checks.unit_2.by_hand import answered


def broken_1(C):
    """By number."""
    y = np.zeros(len(C))
    for j in range(len(C)):
        y[j] = C[j] @ y + 1
    return y


def broken_2(C):
    """A node is computed as soon as one of its senders is there."""
    y, ready = np.zeros(len(C)), list(np.flatnonzero(C.sum(axis=1) == 0))
    for j in ready:
        y[j] = C[j] @ y + 1
        for k in np.flatnonzero(C[:, j]):
            if k not in ready:
                ready.append(k)
    return y


def broken_3(C):
    """All nodes at once, three times."""
    y = np.zeros(len(C))
    for _ in range(3):
        y = C @ y + 1
    return y


BROKEN = {1: broken_1, 2: broken_2, 3: broken_3}


def right(C):
    """Every node after its senders."""
    y = np.zeros(len(C))
    for _ in range(len(C)):
        y = C @ y + 1
    return y


def fools(function, number, hidden=False):
    """A network for which broken forward pass `number` is wrong, and the two others are right."""
    name = f"fools_{number}"
    C = as_array(answered(function, name), name)
    if C.ndim != 2 or C.shape[0] != C.shape[1] or not 2 <= len(C) <= 12:
        raise CheckFailed("shape", f"{name} has shape {C.shape}, expected (n, n) with 2 to 12 nodes.")
    if not np.isin(C, (0, 1)).all():
        raise CheckFailed("entries", f"{name} must hold zeros and ones: c_ji = 1 if node i sends to node j.")
    if np.linalg.matrix_power(C, len(C)).any():
        raise CheckFailed(
            "recurrent", f"{name} is recurrent: a path leads back to where it began. Give one without."
        )
    wrong = fooled(C)
    mends = change_that_mends([{name: C}], lambda changed: fooled(changed[0][name]) == [number], most=1)
    if number not in wrong:
        hint = "and that is right. Find out in which order it goes through the nodes, and how often."
        raise CheckFailed(
            "not_fooled",
            f"broken_{number} is not fooled: it computes {broken_text(number, C)}, {hint}{mends}",
        )
    if len(wrong) > 1:
        others = " and ".join(f"broken_{k}" for k in wrong if k != number)
        hint = (
            f"broken_{number} is fooled, and {others} too. Find a network that fools broken_{number} alone."
        )
        raise CheckFailed("others_fooled", hint + mends)
    passed(f"a network that fools broken_{number} and no other")


def fooled(C):
    """The numbers of the forward passes that are wrong for a network."""
    return [k for k, broken in BROKEN.items() if not np.array_equal(broken(C), right(C))]


def broken_text(number, C):
    return np.array2string(BROKEN[number](C), separator=", ")
