"""Two changes of the student's own function that together make its result right, or one that mends a part."""

import itertools
import re

import numpy as np

from nnlib.grading.checks.judging.results import arrays_in
from nnlib.grading.checks.search.matching import fingerprint
from nnlib.grading.checks.search.repair_expressions import ALONE
from nnlib.grading.checks.search.repairs import together

MOST_PAIRS = 700
"""Pairs of changes that are tried, the likeliest first."""

MOST_FIRST = 6
"""Changes after which more is right than before: each of them is tried with all others."""

MOST_TWINS = 250
"""Pairs of the same change at two places of one line."""

MOST_COST = 1.3
"""Of two changes of which neither makes more right by itself."""

STEERS = "comparison|condition|loop|cases"
"""Words of changes of what is done, not of what is computed: these meet another slip by chance."""

UNDONE = (
    {"a factor 2 is missing", "a factor 1/2 is missing"}, {"a factor is missing", "a factor is too many"},
)  # fmt: skip
"""Words of changes in two lines of which one undoes the other: what is between them is wrong."""

MANY = 7
"""Whole or given numbers that are not right by chance after two changes, of which one adds something."""

MOST_OF_A_PART = 1.1
"""Of a change that mends a part alone: rarer ones do so by chance."""


def by_two(trial, tried):
    """The sentence on the two changes, or "". tried: pairs of a repair and its arrays in the first case."""
    pairs = _pairs(trial, tried)
    sources = [source for _, _, source in pairs]
    right = trial.right_ones(sources)
    if not right:
        return ""
    one, other, _ = min((pairs[n] for n in right), key=lambda pair: pair[0].cost + pair[1].cost)
    one, other = sorted((one, other), key=lambda repair: repair.line)
    if trial.line(one) == trial.line(other):
        both = (
            f"{one.words}; and {other.words}" if one.words != other.words else f"{one.words}, at two places"
        )
        return f"Two changes make it right, {trial.line(one)}: {both}."
    told = [f"{trial.line(repair)}: {repair.words}." for repair in (one, other)]
    return f"Two changes make it right. First: {told[0]} Second: {told[1]}"


def _pairs(trial, tried):
    """(repair, repair, source) of pairs in different places, the likeliest first."""
    own = next(iter(trial.in_first([trial.source])), None)
    nothing = fingerprint(own)
    tell = _tell_enough(trial)
    useful = [
        (r, a)
        for r, a in tried
        if tell or "missing" not in r.words
        if a is not None and fingerprint(a) != nothing
    ]
    before = _share_right(trial, own)
    gains = [(round(_share_right(trial, a) - before, 6), r) for r, a in useful]
    firsts = sorted((g for g in gains if g[0] > 0), key=lambda g: (-g[0], g[1].cost))[:MOST_FIRST]
    repairs = [r for r, _ in tried if tell or "missing" not in r.words]
    likely = [(one, other) for _, one in firsts for other in repairs]
    cheap = [r for r, _ in useful if r.cost <= MOST_COST]
    twins = [
        (one, other) for one, other in itertools.combinations([r for r in repairs if r.cost <= MOST_COST], 2)
        if one.line == other.line and one.words == other.words and ALONE not in one.words
    ]  # fmt: skip
    likely = sorted(likely, key=lambda pair: pair[0].cost + pair[1].cost)
    rest = sorted(itertools.combinations(cheap, 2), key=lambda pair: pair[0].cost + pair[1].cost)
    found = {}
    for one, other in itertools.chain(twins[:MOST_TWINS], likely, rest):
        if one.words != other.words and all(re.search(STEERS, repair.words) for repair in (one, other)):
            continue
        if {one.words, other.words} in UNDONE and one.line != other.line:
            continue
        source = together(trial.source, one, other)
        if source is not None:
            found.setdefault(source, (one, other, source))
        if len(found) >= MOST_PAIRS:
            break
    return list(found.values())


def _tell_enough(trial):
    """Whether what is asked for are many numbers, or others than whole ones and those that were given."""
    right = [np.concatenate([part.ravel() for part in r]) for r in trial.diagnosis.right]
    given = [
        np.concatenate([a.ravel() for argument in case.arguments for a in arrays_in(argument)] or [[]])
        for case in trial.diagnosis.cases
    ]
    chosen = all((r % 1 == 0).all() or np.isin(r, g).all() for r, g in zip(right, given, strict=True))
    return not chosen or sum(r.size for r in right) >= MANY


def _share_right(trial, arrays):
    """The share of numbers that are right, each array for the same."""
    right = trial.diagnosis.right[trial.first]
    if arrays is None or len(arrays) != len(right):
        return 0
    shares = [
        np.mean(np.isclose(a, r, rtol=1e-8, atol=1e-10)) if a.shape == r.shape and a.size else 0
        for a, r in zip(arrays, right, strict=True)
    ]
    return float(np.mean(shares))


def a_part(trial, tried):
    """The sentence on a change after which one of several arrays is right that was not, in every case, and
    none is wrong that was right."""
    names, judged = trial.diagnosis.names(), trial.diagnosis.judged()
    if len(judged) < 2 or trial.own is None or any(arrays is None for arrays in trial.own):
        return ""
    wrong = [n for n in judged if not trial.part_right(trial.own, n)]
    usual = [
        (r, a) for r, a in tried
        if a is not None and r.cost <= MOST_OF_A_PART and not re.search(STEERS, r.words)
        and r.line not in trial.right_lines
    ]  # fmt: skip
    likely = [r for r, a in usual if any(trial.diagnosis.is_right(a, trial.first, (n,)) for n in wrong)]
    for repair, by_case in zip(likely, trial.in_all([r.source for r in likely]), strict=False):
        mended = [n for n in wrong if trial.part_right(by_case, n)]
        left = [names[n] for n in wrong if n not in mended]
        if mended and left and not trial.breaks(by_case):
            told = ", ".join(names[n] for n in mended)
            first = f"One change makes {told} right, {trial.line(repair)}: {repair.words}."
            return f"{first} Wrong too: {', '.join(left)}."
    return ""
