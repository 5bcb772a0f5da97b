"""Is what an explanation claims seen on the way to the student's answer?

Numbers may be explained in more than one way. Who writes 2 for 4 / P reads "P is replaced by 2": true of the
numbers, and not of a code that computes P. So what a change makes of a value, what is right there, and what
it is joined with are looked for among what the student's function computes.
"""

import re

import numpy as np

from nnlib.grading.checks.search.on_the_way import OnTheWay

CONTRADICTED, UNSEEN, SEEN = range(3)
"""What is right where a change is made is computed, and what the change makes of it is not; nothing is seen
of the change; something is."""

MADE_OF_RIGHT = r"too many|should not be|twice|divided by|taken of it|are set to 0|sum over all entries"
"""Words of changes of what is right already: that is computed first."""

ODD = r"stands where|is replaced by (?!ones)|lacks its|taken everywhere"
"""Words of changes that many others look like: here what they are joined with has to be seen."""

PART_OF = r"lacks its"
"""Words of changes that take a part of what is right: that has to be seen."""

CONSTANT = r"it is [01] throughout"
"""Words of changes after which a quantity has one value: who computes it has others."""

MOST_ROWS = 30
"""Of an array whose rows count as right by themselves."""

NEXT = 2
"""So many values from the change on are looked at."""


def standing(table, numbers, case, on_the_way, answer):
    """The standing of changes of a table that are switched on together: that of the worst one.

    numbers: of the changes. on_the_way: what the function computes for this case. answer: the flat arrays
    that it returns there.
    """
    changes = [table.changes[number] for number in numbers]
    right, wrong = table.traces(changes, case)
    look = Look(on_the_way, table.cases[case].arguments, answer)
    differing = _differing(right, wrong)
    return min(look.standing(change, differing, wrong) for change in changes)


def _differing(right, wrong):
    """(number of the visit, right, wrong) of the visits that differ, as long as both runs go alike."""
    return [
        (n, r, w) for n, (r, w) in enumerate(zip(right, wrong, strict=False))
        if r.site == w.site and not _same(r.value, w.value)
    ]  # fmt: skip


def seen(table, numbers, case, on_the_way, answer):
    """Those of the changes that are seen where they are made: the function computes what they make."""
    look = Look(on_the_way, table.cases[case].arguments, answer)
    changes = ((number, table.changes[number]) for number in numbers)
    return {
        number for number, change in changes
        if look.is_seen_where_made(change, _differing(*table.traces([change], case)))
    }  # fmt: skip


def right_values(tables, case, arguments):
    """What the references compute for a case, and its rows, but for what is given or found anywhere."""
    given = OnTheWay.of_values(arguments)
    values = [visit.value for table in tables for visit in table.right_trace(case)]
    values += [row for value in values if 1 < value.ndim and len(value) <= MOST_ROWS for row in value]
    return OnTheWay.of_values([v for v in values if not _is_trivial(v) and v.size > 1 and not given.holds(v)])


class Look:
    """A look at what a function computes for these arguments, and at the arrays that it returns."""

    def __init__(self, on_the_way, arguments, answer):
        self.on_the_way = on_the_way
        self.given, self.returned = OnTheWay.of_values(arguments), OnTheWay.of_values(answer)

    def standing(self, change, differing, visits):
        """The standing of one change. visits: of the reference with all changes."""
        at = [k for k, (_, r, _) in enumerate(differing) if r.site in change.switched]
        if not at:
            return SEEN
        own = [differing[k] for k in at]
        right_is_there = [self.on_the_way.holds(r.value) for _, r, _ in own]
        if all(right_is_there) and all(self._tells(r.value) for _, r, _ in own):
            if not any(self._may_be_there(w.value, r.value, change) for _, r, w in own):
                return CONTRADICTED
        if re.search(ODD, change.words) and not all(self._is_joined(n, w, visits) for n, _, w in own):
            return UNSEEN
        if re.search(PART_OF, change.words) and not all(self._are_there(w.operands) for _, _, w in own):
            return UNSEEN
        # Where a given quantity is left, what is made of it next shows whether it is there.
        made = [self._made(differing[k:]) for k in at]
        told = [w for values in made for w in values if not self.returned.holds(w, either_sign=True)]
        if not any(made) and re.search(ODD, change.words):
            return UNSEEN
        if not told:
            is_made_of_right = re.search(MADE_OF_RIGHT, change.words)
            return SEEN if any(right_is_there) or not is_made_of_right else UNSEEN
        return SEEN if any(self.on_the_way.holds(w, either_sign=True) for w in told) else UNSEEN

    def _made(self, differing):
        """The first values that tell what a change makes: of a whole number that is an array."""
        whole = np.all(differing[0][2].value % 1 == 0)
        values = [w.value for _, _, w in differing if self._tells(w.value)]
        return [value for value in values if value.size > 1 or not whole][:NEXT]

    def is_seen_where_made(self, change, differing):
        """Whether the function computes what the change makes, or what is made of it next."""
        at = next((k for k, (_, r, _) in enumerate(differing) if r.site in change.switched), None)
        if at is None:
            return False
        made = next((w.value for _, _, w in differing[at:] if self._tells(w.value)), None)
        return made is not None and self.on_the_way.holds(made, either_sign=True)

    def _is_joined(self, number, wrong, visits):
        """Whether what this visit gives is joined, in the next operation, with what the function computes."""
        for visit in visits[number + 1 :]:
            if any(_same(operand, wrong.value) for operand in visit.operands):
                others = [operand for operand in visit.operands if not _same(operand, wrong.value)]
                if others:
                    return self._are_there(others)
        return True

    def _are_there(self, operands):
        """Whether the arrays of an operation are computed; single numbers may come from anywhere."""
        arrays = [o for o in operands if o.size > 1 and self._tells(o)]
        return all(self.on_the_way.holds(o, either_sign=True) for o in arrays)

    def _tells(self, value):
        return not _is_trivial(value) and not self.given.holds(value)

    def _may_be_there(self, wrong, right, change):
        """Whether what a change makes of what is right is computed, or is an array that need not be."""
        if _is_trivial(wrong):
            return wrong.size > 1 and not re.search(CONSTANT, change.words)
        return self.on_the_way.holds(wrong, either_sign=not _same(wrong, -right))


def _same(one, other):
    return np.array_equal(one, other, equal_nan=True)


def _is_trivial(value):
    """Whether a value is found anywhere: nothing, one of the numbers -2 to 2, or the same throughout."""
    if value.size < 2:
        return bool(np.isin(value, (-2, -1, 0, 1, 2)).all())
    return bool((value == value.flat[0]).all())
