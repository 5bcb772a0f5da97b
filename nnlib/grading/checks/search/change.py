"""A change of a reference: one slip, switched on at a site or built into the program's statements."""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, eq=False)
class Change:
    """One slip.

    words: the sentence for the student, without its place.
    cost: 1 for what students do often, 2, or 3 for what is rare: the cheapest explanation is told.
    switched: site -> the function of its operands that stands in for what the reference does.
    code: or the name of a function of the program, and its code with other statements.
    place: the result of the reference in which it sits.
    alone: whether it says too little to be paired with another change.
    """

    words: str
    cost: float
    place: str = ""
    switched: dict[int, Callable] = field(default_factory=dict)
    code: tuple | None = None
    alone: bool = False


def no():
    """Raises: a change is for another kind of value than it meets."""
    raise TypeError("this change is for another kind of value")
