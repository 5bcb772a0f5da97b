"""Run All: how long each lecture takes, in a kernel of its own, from its first cell to its last."""

import time

from tests.bench.measure import Row
from tests.notebooks.notebooks import LECTURES, execute, name

SECONDS = {"6": 120}
"""Of the unit of this number; of the others 60."""


def rows():
    for path in LECTURES:
        begun = time.monotonic()
        execute(path, seconds=600)
        seconds = time.monotonic() - begun
        yield Row(f"Run All of {name(path)}", seconds, "s", at_most=SECONDS.get(path.name[0], 60))
