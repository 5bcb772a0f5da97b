"""The second direction of the search: one change of the student's own function makes its result right.

The changed code runs where the student's code runs: in the sandbox, or in a copy of the notebook's process.
Where the result is then right up to a sign, an order or a transposition, the hint names both slips.
"""

import re

import numpy as np

from nnlib import slips
from nnlib.grading.checks.judging.repaired_twice import STEERS, a_part, by_two
from nnlib.grading.checks.judging.trial import Trial
from nnlib.grading.checks.search.matching import fingerprint, same, tell_enough
from nnlib.grading.checks.search.pairs import MOST_ALIKE
from nnlib.grading.checks.search.repair_blocks import TOO_MANY
from nnlib.grading.checks.search.repairs import repairs_of
from nnlib.grading.checks.search.returned import OF_FUNCTIONS
from nnlib.grading.checks.search.table import RARE, left
from nnlib.grading.sandbox.inside import values

MOST_WITH_A_SLIP = 20
"""At most so many changes that leave a second slip are tried in all cases."""

USUAL = 1.3
"""The cost of a change of the code that is told where several slips of the reference explain as much."""

ALIKE = 0.3
"""Of two changes in different lines either may make it right: both are told if they cost about as much."""

VAGUE = "belongs? here|stands alone|is missing|is not right"
"""Words of changes that do what another one does, too."""

MOST_OF_FEW = 1.2
"""The cost of a change of the code where few whole numbers are wrong."""

MOST_PLACES = 2
"""So many lines are told, where something is wrong in one of them."""

MOST_COST = 1.3
"""Of a change that leaves a slip of the reference: rarer ones meet one by chance."""


def repaired(function, diagnosis, first, parts=None, hiding=False, alone=False):
    """The sentence on the cheapest change that makes a function right in all cases, or "".

    first: the number of a case for which the student's own function is wrong. parts: places of the arrays
    that are to become right, None for all. hiding: look for functions that hide digits alone, where all
    numbers are nearly right: other changes come near them by chance. alone: only one change, and a usual one.
    """
    try:
        with np.errstate(all="ignore"):
            return _repaired(Trial(function, diagnosis, first, parts), hiding, alone)
    except (values.NotTransferable, OSError):
        return ""


def _repaired(trial, hiding, alone):
    repairs = repairs_of(trial.source)
    if hiding:
        repairs = [repair for repair in repairs if repair.words.endswith("does not belong here")]
    if alone:
        repairs = [repair for repair in repairs if repair.cost <= USUAL]
    if _few_numbers(trial):
        repairs = [repair for repair in repairs if repair.cost <= MOST_OF_FEW]
    if trial.parts:
        repairs = [repair for repair in repairs if not re.search(STEERS, repair.words)]
    tried = list(zip(repairs, trial.in_first([r.source for r in repairs]), strict=False))
    fitting = [repair for repair, arrays in tried if trial.is_right(arrays)]
    by_repair = zip(fitting, trial.in_all([r.source for r in fitting]), strict=False)
    if right := [repair for repair, by_case in by_repair if trial.everywhere(by_case)]:
        return _one_change(trial, right)
    if hiding or alone or trial.parts:
        return ""
    return (
        _with_a_slip(trial, tried) or _with_a_change(trial, tried)
        or by_two(trial, tried) or a_part(trial, tried)
    )  # fmt: skip


def _few_numbers(trial):
    """Whether too few numbers are wrong to tell changes from each other."""
    trial.diagnosis.prepare()
    own = trial.own
    if own is None or any(arrays is None for arrays in own):
        return False
    right = trial.diagnosis.tables[0].right
    if trial.parts:
        right, own = ([[arrays[n] for n in trial.parts] for arrays in by_case] for by_case in (right, own))
    return not tell_enough(right, own)


def _one_change(trial, repairs):
    """The sentence on the cheapest of the changes that make it right, and on one in another line."""
    repairs = sorted(repairs, key=lambda repair: repair.line in trial.right_lines)
    best, blamed = repairs[0], [r for r in repairs if r.line not in trial.right_lines]
    alike = [r for r in repairs if r.cost <= best.cost + ALIKE]
    other = next((r for r in alike if r.line != best.line and r in blamed), None)
    told = [
        f"{trial.line(repair)}: {_in_line([r.words for r in alike if r.line == repair.line])}."
        for repair in sorted((best, other) if other else (best,), key=lambda r: r.line)
    ]
    if other is None:
        return f"One change makes it right, {told[0]}"
    return f"One change makes it right. Either {told[0]} Or {told[1]}"


def _in_line(words):
    """The words of the likeliest change of a line; of a vague one with those of another that is plain."""
    plain = next((w for w in words if not re.search(VAGUE, w)), words[0])
    return words[0] if plain == words[0] else f"{words[0]}, or {plain}"


def _with_a_slip(trial, tried):
    """The sentence on a change that leaves a slip in what is returned."""
    diagnosis, first = trial.diagnosis, trial.first
    kept = [(repair, a) for repair, a in tried if a is not None and _of_use(diagnosis, a, first)]
    kept = [repair for repair, a in kept if _slips(diagnosis, {first: a})][:MOST_WITH_A_SLIP]
    places = []
    for repair, by_case in zip(kept, trial.in_all([r.source for r in kept]), strict=False):
        if words := _slips(diagnosis, dict(enumerate(by_case))):
            if repair.line in trial.right_lines:
                continue
            if words[0] in OF_MANY or repair.words == TOO_MANY:
                places.append(repair)
            elif places:
                continue
            elif words[0] == slips.TRANSPOSED and "transposed" in repair.words:
                return f"Rows and columns are exchanged on the whole way, from {trial.line(repair)[3:]} on."
            else:
                slip = f"{words[0][0].upper()}{words[0][1:]}"
                return f"Two slips. First: {trial.line(repair)}: {repair.words}. Second: {slip}."
    return _place(trial, places)


def _with_a_change(trial, tried):
    """The sentence on a change after which the function is what one change of the reference gives."""
    diagnosis, first = trial.diagnosis, trial.first
    if not diagnosis.tables:
        return ""
    table = diagnosis.tables[0]
    numbers = table.different(first, RARE)
    met = [
        (repair, number) for repair, a in tried
        if a is not None and repair.cost <= MOST_COST and re.search(KEEPS, repair.words)
        and not re.search(STEERS, repair.words) and _of_use(diagnosis, a, first) and _varies(a)
        for number in numbers.get(fingerprint(a), ())[:MOST_ALIKE]
        if table.changes[number].cost <= MOST_COST
    ]  # fmt: skip
    met = sorted(met, key=lambda pair: pair[0].cost + table.changes[pair[1]].cost)[:MOST_WITH_A_SLIP]
    by_repair = zip(met, trial.in_all([repair.source for repair, _ in met]), strict=False)
    found = [repair for (repair, number), by_case in by_repair if table.everywhere(number, by_case)]
    return _place(trial, [r for r in found if r.line not in trial.right_lines | trial.counting_lines])


def _place(trial, repairs):
    """The place alone, or two: what a change of the code and one of the reference mend together, another may
    mend, too. Nothing if there are more places.
    """
    lines = [line for _, line in sorted({repair.line: trial.line(repair) for repair in repairs}.items())]
    if not 0 < len(lines) <= MOST_PLACES:
        return ""
    return f"Something is wrong {', or '.join(lines)}, perhaps not there alone."


OF_MANY = (slips.TWICE, slips.HALF, *OF_FUNCTIONS)
"""Slips in what is returned that many other slips look like."""

KEEPS = (
    "wrong sign|a sign is|turned round|transpose|factors stand in the wrong order|the (mean|sum) is taken"
    "|not the function|slope of g|is not the product"
)
"""Words of changes after which all of the function still counts. Others take away what is wrong, and then
meet a reference from which something else is taken away."""


def _varies(arrays):
    """Whether arrays hold different numbers: what is the same throughout is so for many reasons."""
    numbers = np.concatenate([part.ravel() for part in arrays])
    return numbers.size > 1 and len(np.unique(numbers)) > 1


def _of_use(diagnosis, arrays, case):
    """Whether arrays could be right up to a slip: they are of the right number, and not zero."""
    return len(arrays) == len(diagnosis.right[case]) and any(part.any() for part in arrays)


def _slips(diagnosis, arrays):
    """The slips in what is returned without which these arrays (number of a case -> arrays) are right."""
    if any(a is None for a in arrays.values()):
        return []
    diagnosis.prepare()  # nothing is searched yet if every call raised
    answers = [arrays.get(n) for n in range(len(diagnosis.cases))]
    return [
        kind.words
        for kind, undone in diagnosis.tables[0].targets(answers)
        if kind.words
        and not kind.words.startswith("only")  # one row is right by chance
        and all(_fits(diagnosis, kind, undone[n], n) for n in arrays)
    ]


def _fits(diagnosis, kind, arrays, number):
    """Whether arrays without a slip are right in this case, but for what the slip loses."""
    if kind.lost is list:
        return diagnosis.is_right(arrays, number)
    return same(left(kind.lost, diagnosis.right[number]), arrays)
