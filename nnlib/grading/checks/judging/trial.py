"""Versions of the student's function, run where the function itself runs, and compared with what is right."""

from dataclasses import dataclass, field
from functools import cached_property

from nnlib.grading.checks.judging.written import results_of_versions, written
from nnlib.grading.checks.search.on_the_way import with_sources
from nnlib.grading.checks.search.standing import right_values

LONGEST_LINE = 60
"""Characters of a line that a hint shows."""


@dataclass
class Trial:
    """The function, the diagnosis of its question, and the case that is tried first: it is wrong there.

    parts: places of the flat arrays that are to become right, None for all that are judged.
    """

    function: object
    diagnosis: object
    first: int
    parts: tuple | None = None
    begins: int = field(init=False)
    source: str = field(init=False)

    def __post_init__(self):
        self.begins, self.source = written(self.function)

    def in_first(self, sources):
        """For each version its flat arrays in the first case, None where it raises; they may end early."""
        return [arrays for (arrays,) in self._of(sources, [self.first])]

    def in_all(self, sources):
        """For each version its flat arrays in every case."""
        return self._of(sources, range(len(self.diagnosis.cases)))

    def _of(self, sources, numbers):
        calls = [self.diagnosis.cases[n].arguments for n in numbers]
        if not sources:
            return []
        tried = results_of_versions(self.function, sources, calls, self.diagnosis.question.through)
        return [
            [self.diagnosis.fitted(r, n) for r, n in zip(results, numbers, strict=True)] for results in tried
        ]

    def is_right(self, arrays, number=None):
        """Whether arrays are right in this case, the first one by itself."""
        return self.diagnosis.is_right(arrays, self.first if number is None else number, self.parts)

    def everywhere(self, by_case):
        """Whether they are in every case, and nothing else is wrong that was right."""
        return all(self.is_right(a, n) for n, a in enumerate(by_case)) and not self.breaks(by_case)

    def breaks(self, by_case):
        """Whether an array is wrong that is right in every case for the function itself."""
        places = range(min(map(len, self.diagnosis.right)))
        return any(not self.part_right(by_case, n) and self.part_right(self.own, n) for n in places)

    @cached_property
    def own(self):
        """What the function itself gives in every case; None if it took too long."""
        return next(iter(self.in_all([self.source])), None)

    @cached_property
    def on_the_way(self):
        """What the function computes in the first case, None if that is not known."""
        return self.diagnosis.on_the_way(self.function, self.first)

    @cached_property
    def counting_lines(self):
        """The lines of the function that give one whole number: it counts or steers."""
        return frozenset() if self.on_the_way is None else self.on_the_way.counting_lines()

    @cached_property
    def right_lines(self):
        """The lines of the function that give what is right in the first case, and those that lead to them:
        their last value is one on the way to what is right, and neither given nor found anywhere.
        """
        if self.on_the_way is None:
            return frozenset()
        tables, given = self.diagnosis.tables, self.diagnosis.cases[self.first].arguments
        return with_sources(self.source, self.on_the_way.lines_among(right_values(tables, self.first, given)))

    def part_right(self, by_case, place):
        """Whether the array at this place is right in every case."""
        return by_case is not None and all(
            self.diagnosis.is_right(arrays, n, (place,)) for n, arrays in enumerate(by_case)
        )

    def right_ones(self, sources):
        """The numbers of the versions that are right in every case: the first case is tried first."""
        fitting = [n for n, arrays in enumerate(self.in_first(sources)) if self.is_right(arrays)]
        return [n for n, by_case in zip(fitting, self.in_all([sources[n] for n in fitting]), strict=False)
                if self.everywhere(by_case)]  # fmt: skip

    def line(self, repair):
        """'in line 3 of its cell, `a = W @ x`'."""
        text = self.source.split("\n")[repair.line - 1].strip()
        shown = text if len(text) <= LONGEST_LINE else f"{text[: LONGEST_LINE - 4]} ..."
        return f"in line {self.begins + repair.line - 1} of its cell, `{shown}`"
