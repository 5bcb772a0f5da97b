"""What explains the numbers of an answer: one change or a few."""

import re
from dataclasses import dataclass

from nnlib.grading.checks.search.standing import ODD

RARE = 1.5
"""The cost of a slip that few students make."""


@dataclass(frozen=True)
class Explanation:
    """Changes that together give the student's numbers: for each its place and its words."""

    cost: float
    sentences: tuple
    doubt: float = 0
    """The part of the cost that stands for what is not seen in the answer."""

    def is_doubtful(self):
        """Whether nothing is seen of it, and it is rare or odd, or two: others may give the same numbers."""
        if not self.doubt:
            return False
        odd = len(self.sentences) > 1 or re.search(ODD, self.sentences[0][1]) is not None
        return odd or self.cost - self.doubt >= RARE


def cheapest(explanations):
    """Those of the lowest cost, each sentence once."""
    explanations = [e for e in explanations if e.cost < float("inf")]
    best = min((e.cost for e in explanations), default=0)
    return list({e.sentences: e for e in explanations if e.cost <= best + 1e-9}.values())
