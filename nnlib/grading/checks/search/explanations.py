"""What explains the numbers of an answer: one change or a few."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Explanation:
    """Changes that together give the student's numbers: for each its place and its words."""

    cost: float
    sentences: tuple


def cheapest(explanations):
    """Those of the lowest cost, each sentence once."""
    explanations = list(explanations)
    best = min((e.cost for e in explanations), default=0)
    return list({e.sentences: e for e in explanations if e.cost <= best + 1e-9}.values())
