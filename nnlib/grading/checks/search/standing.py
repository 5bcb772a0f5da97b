"""Is what an explanation claims seen on the way to the student's answer?

Numbers may be explained in more than one way. Who writes 2 for 4 / P reads "P is replaced by 2": true of the
numbers, and not of a code that computes P. So what a change makes of a value, and what is right there, are
looked for among what the student's function computes.
"""

import re

import numpy as np

from nnlib.grading.checks.search.on_the_way import OnTheWay

CONTRADICTED, UNSEEN, SEEN = range(3)
"""What is right where a change is made is computed, and what the change makes of it is not; nothing is seen
of the change; something is."""

MADE_OF_RIGHT = r"too many|should not be|twice|divided by|taken of it|are set to 0|sum over all entries"
"""Words of changes of what is right already: that is computed first."""

NEXT = 2
"""So many values from the change on are looked at."""


def standing(table, numbers, case, on_the_way, answer):
    """The standing of changes of a table that are switched on together: that of the worst one.

    numbers: of the changes. on_the_way: what the function computes for this case. answer: the flat arrays
    that it returns there.
    """
    changes = [table.changes[number] for number in numbers]
    differing = _differing(*table.traces(changes, case))
    given = OnTheWay.of_values(table.cases[case].arguments)
    returned = OnTheWay.of_values(answer)
    return min(_standing(change, differing, on_the_way, given, returned) for change in changes)


def _differing(right, wrong):
    """(site, right value, wrong value) of the visits that differ, in order, as long as both runs go alike."""
    return [
        (site, r, w) for (site, r), (other, w) in zip(right, wrong, strict=False)
        if site == other and (r.shape != w.shape or not np.array_equal(r, w, equal_nan=True))
    ]  # fmt: skip


def _standing(change, differing, on_the_way, given, returned):
    at = [n for n, (site, _, _) in enumerate(differing) if site in change.switched]
    if not at:
        return SEEN
    own = [differing[n][1:] for n in at]
    right_is_there = [on_the_way.holds(r) for r, _ in own]
    if all(right_is_there) and not any(_is_trivial(r) or given.holds(r) for r, _ in own):
        if not any(_may_be_there(w, on_the_way) for _, w in own):
            return CONTRADICTED
    # Where a given quantity is left, what is made of it next shows whether it is there.
    told = [
        w for n in at
        for w in [w for _, _, w in differing[n:] if not _is_trivial(w) and not given.holds(w)][:NEXT]
        if not returned.holds(w, either_sign=True)
    ]  # fmt: skip
    if not told:
        return SEEN if any(right_is_there) or not re.search(MADE_OF_RIGHT, change.words) else UNSEEN
    return SEEN if any(on_the_way.holds(w, either_sign=True) for w in told) else UNSEEN


def _may_be_there(value, on_the_way):
    """Whether a value is computed, or one that need not be: an array of the same number throughout."""
    if value.size > 1 and (value == value.flat[0]).all():
        return True
    return not _is_trivial(value) and on_the_way.holds(value, either_sign=True)


def _is_trivial(value):
    """Whether a value is found anywhere: nothing, or one of the numbers -2 to 2."""
    return value.size == 0 or value.size == 1 and bool(np.isin(value, (-2, -1, 0, 1, 2)).all())
