"""Another formula of the quantities that are known there: v̇ / ẇ for the dot of a quotient, v v̇ for v."""

import ast

import numpy as np

from nnlib.grading.checks.search.change import no
from nnlib.grading.checks.search.of_case import OfCase
from nnlib.grading.checks.search.words import place_of

MOST_NAMES = 8
"""Quantities that are combined with each other: the last ones that were computed, if there are more."""

ANOTHER = "stands there, another formula"
"""The end of the words of changes that say too much to be paired with others."""

OPERATIONS = (
    (1.7, "{} · {}", np.multiply, True),
    (1.75, "{} / {}", np.divide, False),
    (1.8, "{} + {}", np.add, True),
    (1.8, "{} - {}", np.subtract, False),
)
"""Cost, text, function, and whether it is the same the other way round."""


def of_two(site, names):
    """(cost, words, apply) for a whole result: two other quantities combined stand there."""
    known = [name for name in site.names if name in site.fitting][-MOST_NAMES:]
    for one in known if not isinstance(site.node, ast.Name) else ():
        told = f"{place_of(one, names)} stands there, another quantity"
        yield 1.65, told, _combined(one, one, lambda o, _: o)
    for cost, text, function, is_symmetric in OPERATIONS:
        for i, one in enumerate(known):
            for other in known[i:] if is_symmetric else known:
                if one == other and function is not np.multiply:
                    continue
                told = text.format(place_of(one, names), place_of(other, names))
                yield cost, f"{told} {ANOTHER}", _combined(one, other, function)


def with_another(site, own, names):
    """(cost, words, apply) for a quantity that is read: another one is a factor or a term of it there."""
    for other in site.names:
        if other in site.fitting and other != site.node.id:
            word = place_of(other, names)
            yield 1.65, f"{own} · {word} stands where {own} belongs", _with(other, np.multiply)
            # So it looks too where brackets are missing: y v̇ w + v ẇ for y (v̇ w + v ẇ).
            yield 1.75, f"{own} lacks the factor {word}, or has it in a denominator", _with(other, np.divide)
            yield 1.8, f"{own} + {word} stands where {own} belongs", _with(other, np.add)


def _with(name, function):
    return OfCase(lambda case: lambda value: _of_shape(function(value, case.read(name)), value))


def _combined(one, other, function):
    return OfCase(lambda case: lambda value: _of_shape(function(case.read(one), case.read(other)), value))


def _of_shape(new, value):
    return new if np.shape(new) == np.shape(value) else no()
