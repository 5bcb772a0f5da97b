"""Questions of unit 5 on the sweep: the adjoints of a computation, and sweeps that are to be mended."""

import numpy as np

from nnlib.grading.checks.question import question
from nnlib.grading.checks.unit_5.dual_numbers import STILL_BROKEN
from nnlib.grading.checks.unit_5.tape import graph, needed_for

NOTHING_HANDED_ON = "Nothing is handed on: all adjoints but that of the output are 0"

GRAPHS = [dict(nodes=6), dict(nodes=9), dict(nodes=12), dict(nodes=10)]


@question(
    returns="the adjoints",
    section="One rule",
    inputs=graph,
    sizes=GRAPHS,
    names={"slope": "the slope"},
    hints={
        "An adjoint is overwritten where it must add up: a node that is used twice gets two shares": (
            lambda inputs, slopes, output: swept(inputs, slopes, output, overwrite=True)
        ),
        "The sweep goes from the inputs to the output, or ends after the direct inputs of the output": (
            lambda inputs, slopes, output: swept(inputs, slopes, output, forwards=True)
        ),
        "The nodes are swept by their numbers: take your topological order": (
            lambda inputs, slopes, output: swept(
                inputs,
                slopes,
                output,
                order=[n for n in range(len(inputs)) if n in needed_for(inputs, output)],
            )
        ),
        "A node that stands twice among the inputs, as in v · v, gets one share: each place counts": (
            lambda inputs, slopes, output: one_share(inputs, slopes, output, last=False)
        ),
        "A node that stands twice among the inputs, as in v · v, gets its last share: each place counts": (
            lambda inputs, slopes, output: one_share(inputs, slopes, output, last=True)
        ),
        NOTHING_HANDED_ON: lambda inputs, slopes, output: np.eye(len(inputs))[output],
        "All adjoints are 0: that of the output is 1, from the start to the end": (
            lambda inputs, slopes, output: np.zeros(len(inputs))
        ),
    },
)
def backward(inputs, slopes, output):
    """The sweep: the adjoints of all nodes."""
    adjoints = np.zeros(len(inputs))
    adjoints[output] = 1.0
    for u in needed_for(inputs, output)[::-1]:
        for v, slope in zip(inputs[u], slopes[u]):  # noqa: B905
            adjoints[v] += adjoints[u] * slope
    return adjoints


def swept(inputs, slopes, output, overwrite=False, forwards=False, order=None):
    """The sweep, or one with a mistake: shares that overwrite, the wrong direction, another order."""
    order = needed_for(inputs, output) if order is None else order
    adjoints = np.zeros(len(inputs))
    adjoints[output] = 1.0
    for u in order if forwards else order[::-1]:
        for v, slope in zip(inputs[u], slopes[u], strict=True):
            share = adjoints[u] * slope
            adjoints[v] = share if overwrite else adjoints[v] + share
    return adjoints


def one_share(inputs, slopes, output, last):
    """The sweep where a node that stands twice among the inputs of another gets the first or last share."""
    rows = [
        dict(zip(row, s, strict=True)) if last else dict(zip(row[::-1], s[::-1], strict=True))
        for row, s in zip(inputs, slopes, strict=True)
    ]
    order = needed_for(inputs, output)
    return swept([list(row) for row in rows], [list(row.values()) for row in rows], output, order=order)


def mended_sweep_1(inputs, slopes, output):
    """The first sweep, mended."""
    return swept(inputs, slopes, output)


def mended_sweep_2(inputs, slopes, output):
    """The second sweep, mended."""
    return swept(inputs, slopes, output)


def mended_sweep_3(inputs, slopes, output):
    """The third sweep, mended."""
    return swept(inputs, slopes, output)


def broken_sweep_1(inputs, slopes, output):
    return swept(inputs, slopes, output, overwrite=True)


def broken_sweep_2(inputs, slopes, output):
    return swept(inputs, slopes, output, forwards=True)


def broken_sweep_3(inputs, slopes, output):
    adjoints = np.zeros(len(inputs))
    adjoints[output] = 1.0
    for u in needed_for(inputs, output)[::-1]:
        for v, slope in zip(inputs[u], slopes[u], strict=True):
            adjoints[v] += slope
    return adjoints


SLIPS = {
    "An adjoint is overwritten where it must add up": broken_sweep_1,
    "Only inputs of the output get shares: the sweep goes the wrong way, or ends too soon": broken_sweep_2,
    "The adjoint of the node that hands back is missing: a share is adjoint times slope": broken_sweep_3,
    NOTHING_HANDED_ON: lambda inputs, slopes, output: np.eye(len(inputs))[output],
    "All adjoints are 0, that of the output too": lambda inputs, slopes, output: np.zeros(len(inputs)),
}


def _part(reference, broken):
    others = {words: wrong for words, wrong in SLIPS.items() if wrong is not broken}
    still = f"{STILL_BROKEN}. Try it on the small computation of the question"
    return dict(reference=reference, hints={still: broken} | others)


mended_sweep = question(
    returns="the adjoints",
    section="One rule",
    inputs=graph,
    sizes=GRAPHS,
    parts={
        1: _part(mended_sweep_1, broken_sweep_1),
        2: _part(mended_sweep_2, broken_sweep_2),
        3: _part(mended_sweep_3, broken_sweep_3),
    },
)(mended_sweep_1)
