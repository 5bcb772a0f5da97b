"""Two quantities of the same kind, each in the place of the other."""

import itertools
from collections import defaultdict

from nnlib.grading.checks.search.change import Change
from nnlib.grading.checks.search.of_case import another
from nnlib.grading.checks.search.words import place_of

EVERYWHERE, IN_ONE_STATEMENT = 1.55, 1.6
"""Their costs: as two arguments in the wrong order, or mixed up in one line."""


def exchanged_names(program, names):
    """Changes that read each of two names where the other one is read."""
    for of, cost in ((lambda site: "", EVERYWHERE), (lambda site: site.place, IN_ONE_STATEMENT)):
        groups = defaultdict(list)
        for site in program.sites:
            if site.kind == "name":
                groups[of(site)].append(site)
        for place, sites in groups.items():
            by_name = defaultdict(list)
            for site in sites:
                by_name[site.node.id].append(site)
            mixed_up = by_name if place else [name for name in by_name if name in program.parameters]
            for one, other in itertools.combinations(mixed_up, 2):
                if all(other in s.similar for s in by_name[one]) and all(
                    one in s.similar for s in by_name[other]
                ):
                    switched = {s.number: another(other) for s in by_name[one]}
                    switched |= {s.number: another(one) for s in by_name[other]}
                    words = f"{place_of(one, names)} and {place_of(other, names)} are exchanged"
                    yield Change(words, cost, place_of(place, names), switched, alone=bool(place))
