"""Speed as a ratio: contenders run interleaved in one process, and medians are compared.

A benchmark is a module of this folder with a function `rows()` that yields `Row`s;
`python -m tests.bench [module ...]` runs them all or those named.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field


@dataclass
class Row:
    """One line of the table: what was measured, the value, and what the issue asks for.

    `at_least` and `at_most` are bounds on `value`; `goal` is what we would like to reach.
    """

    name: str
    value: float
    unit: str = "x"
    at_least: float | None = None
    at_most: float | None = None
    goal: float | None = None
    detail: dict = field(default_factory=dict)

    @property
    def met(self) -> bool | None:
        """Whether the bound is met; None if there is none."""
        if self.at_least is None and self.at_most is None:
            return None
        above = self.at_least is None or self.value >= self.at_least
        below = self.at_most is None or self.value <= self.at_most
        return above and below


def interleaved(contenders: dict[str, Callable], rounds=15, seconds=0.02) -> dict[str, float]:
    """Median seconds per call of each contender.

    Each contender is first warmed up and told how many calls fill about `seconds`. Then all take
    turns, one such block each, for `rounds` rounds, so that a busy moment of the machine hits all.
    """
    calls = {name: _calls_that_fill(run, seconds) for name, run in contenders.items()}
    times = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, run in contenders.items():
            times[name].append(_time(run, calls[name]))
    return {name: statistics.median(values) for name, values in times.items()}


def _time(run, calls):
    start = time.perf_counter()
    for _ in range(calls):
        run()
    return (time.perf_counter() - start) / calls


def _calls_that_fill(run, seconds):
    run()  # compiles, allocates, fills caches
    calls = 1
    while (spent := _time(run, calls) * calls) < seconds / 4:
        calls *= 2
    return max(1, round(calls * seconds / spent))


def ratios(contenders: dict[str, Callable], reference: str, **options) -> Iterator[tuple]:
    """Pairs of a contender's name and how many times longer it takes than `reference`."""
    medians = interleaved(contenders, **options)
    for name, median in medians.items():
        if name != reference:
            yield name, median / medians[reference]
