"""A reference as a program in which slips can be switched on, one or several at a time."""

import ast
import contextlib
import gc
import inspect
import sys
import types
import warnings
from typing import NamedTuple

import numpy as np

from nnlib.grading.checks.search.instrument import Instrument, tree_of
from nnlib.grading.checks.search.of_case import OfCase
from nnlib.grading.sandbox.inside.noting import is_numeric

MOST_SITES = 200_000
"""Visits of sites in one run."""

MOST_OF_CHANGED = 30
"""So often the visits of the reference itself, and no more: a change may make a loop that does not end."""

MOST_ENTRIES = 4000
"""Entries of one value, where the reference itself has no larger one: in a loop, arrays may grow."""

MOST_LOOKED_AT = 3
"""Visits of a site in one run that are looked at for what it sees."""

ENTRIES_OF_A_VISIT = 200
"""So many entries of an array cost about as much as a visit."""

VOCABULARY = "nnlib.grading.checks.search.vocabulary"
"""Functions that the course takes as known: a change replaces one of them, it does not look inside."""


class Visit(NamedTuple):
    """What a site gives when it is visited, and of what."""

    site: int
    value: np.ndarray
    operands: list


class TooLong(Exception):
    """A changed reference takes more steps or makes larger arrays than any right one does."""


class Program:
    """A reference and the functions that it calls, with a site at each place where a slip can happen.

    sites: what can be changed. trees, codes: name of a function -> its definition with sites, its code.
    `run(arguments, switched, sizes)` computes with the switched changes. counted: how often each site was
    visited in the last run; rounds: how often it is in the reference itself, for the same arguments.
    """

    def __init__(self, reference, returned=()):
        self.entry = reference.__name__
        self.names = {}
        self.instrument = Instrument()
        self.trees = {}
        self._gather(reference, self.entry, returned)
        self.sites = self.instrument.sites
        self.codes = {name: compiled(tree) for name, tree in self.trees.items()}
        self.parameters = list(inspect.signature(reference).parameters)
        self._most_entries = MOST_ENTRIES
        self.rounds, self.most_visits = (), MOST_SITES
        self._looking, self._trace = False, None
        self._originals = [ORIGINAL[site.kind] for site in self.sites]
        self.plain = self.with_code()

    def _gather(self, thing, name, returned=()):
        """Put `thing` and what it calls of the course's references into the program."""
        definition = tree_of(thing)
        definition.name = name
        self.trees[name] = None  # a function may call itself
        scope = _globals_of(thing)
        for node in ast.walk(definition):
            for field, child in ast.iter_fields(node):
                inner = child if isinstance(child, ast.AST) else None
                if isinstance(inner, ast.Attribute) and inner.attr == "reference":
                    question = scope.get(ast.unparse(inner.value))
                    if question is not None:
                        own = question.reference.__name__
                        setattr(node, field, ast.Name(own, ast.Load()))
                        if own not in self.trees:
                            self._gather(question.reference, own)
        for node in ast.walk(definition):
            if not isinstance(node, ast.Name) or node.id in self.trees or node.id not in scope:
                continue
            value = scope[node.id]
            if isinstance(value, types.FunctionType) and value.__module__ == _module_of(thing):
                self._gather(value, node.id)
            else:
                self.names[node.id] = value
        self.trees[name] = self.instrument.of_function(definition, returned)

    def with_code(self, name=None, code=None):
        """The entry of the program, with this code of a function in place of its own."""
        names = self.names | {"_at": self._at, "np": np}
        for own in (self.codes | ({name: code} if name else {})).values():
            exec(own, names)
        return names[self.entry]

    def _at(self, number, *operands, **inside):
        self.visits += 1
        self.counted[number] += 1
        if self.visits > self.most_visits:
            raise TooLong
        change = self._switched.get(number)
        if change is not None:
            self._frame = sys._getframe(1)
            value = change(*operands, **inside)
        else:
            value = self._originals[number](*operands, **inside)
            if self._looking and self.counted[number] <= MOST_LOOKED_AT:
                _look(self.sites[number], operands[0], sys._getframe(1).f_locals, self.given)
        if self._trace is not None and is_numeric(value):
            of = [np.array(operand, dtype=float) for operand in operands if is_numeric(operand)]
            self._trace.append(Visit(number, np.array(value, dtype=float), of))
        if isinstance(value, np.ndarray):
            self.visits += value.size // ENTRIES_OF_A_VISIT
            if value.size > self._most_entries:
                if self._changed:
                    raise TooLong
                self._most_entries = value.size
        return value

    def survey(self, arguments, sizes=None):
        """Run the reference, and note what each site sees: most changes are for some kind of value alone."""
        self._looking = True
        try:
            return self.run(arguments, {}, sizes)
        finally:
            self._looking = False

    def trace(self, *run):
        """The visits of a run with a number or an array, in order."""
        self._trace = []
        try:
            self.run(*run)
        except Exception:  # what came before is known
            pass
        finally:
            trace, self._trace = self._trace, None
        return trace

    def read(self, name):
        """What a name stands for where the changed site is that is computed now."""
        return self._frame.f_locals[name]

    def as_given(self, name):
        """An argument as it was given: a copy, as the program may change it in place."""
        return copy_of(self.given[name])

    def run(self, arguments, switched=None, sizes=None, entry=None):
        """What the reference returns with these changes (site -> function of its operands), or raises."""
        self._switched = {
            site: apply.of(self) if isinstance(apply, OfCase) else apply
            for site, apply in (switched or {}).items()
        }
        self._changed = bool(switched or entry)
        self.counted = [0] * len(self.sites)
        self.sizes, self.given, self.visits = (
            sizes or {},
            dict(zip(self.parameters, arguments, strict=True)),
            0,
        )
        return (entry or self.plain)(*copy_of(arguments))


def _look(site, value, known, given):
    """Note the kind of a value at a site, and which known names could stand in its place."""
    if site.kind not in ("name", "value", "index"):
        return
    axes = _axes(value)
    site.seen |= {
        kind for kind, holds in (
            ("float", isinstance(value, float)), ("int", isinstance(value, int)),
            ("number", axes == 0 and not isinstance(value, bool)),
            ("array", isinstance(axes, int) and axes > 0),
            ("matrix", isinstance(axes, int) and axes > 1), ("list", isinstance(value, (list, tuple))),
            ("fraction", isinstance(axes, int) and not np.array_equal(value, np.round(value))),
        ) if holds
    }  # fmt: skip
    if site.kind == "name" and site.node.id in given:
        site.seen.add("given")
    for name in site.names:
        other = known.get(name)
        if _axes(other) == axes:
            site.similar.add(name)
        last = other[-1] if isinstance(other, list) and other else other
        if _are_alike(value, last):
            site.matching.add(name)
        if _are_alike(value, other) or isinstance(other, float) and "fraction" in site.seen and other % 1:
            site.fitting.add(name)


def _are_alike(value, other):
    """Whether both are arrays of one shape, or numbers that are not whole: those are the same by chance."""
    if isinstance(value, np.ndarray) and value.ndim:
        return isinstance(other, np.ndarray) and other.shape == value.shape
    return isinstance(value, float) and isinstance(other, float) and value % 1 != 0 != other % 1


def _axes(value):
    """The number of axes of numbers, the type of all else."""
    return np.ndim(value) if isinstance(value, (int, float, np.ndarray, np.generic)) else type(value)


@contextlib.contextmanager
def quiet():
    """Warnings of changed references are not for the student: what overflows is judged by its value."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        collects = gc.isenabled()
        gc.disable()  # with PyTorch loaded a collection takes as long as hundreds of changes
        try:
            yield
        finally:
            if collects:
                gc.enable()


def compiled(tree):
    """The code of one function of a program."""
    return compile(ast.fix_missing_locations(ast.Module([tree], [])), "<reference>", "exec")


def copy_of(value):
    """A copy of arrays, also of those in lists and tuples: an answer may change what it gets."""
    if isinstance(value, np.ndarray):
        return np.array(value)
    if type(value) in (list, tuple):
        return type(value)(copy_of(part) for part in value)
    if type(value) is dict:
        return {name: copy_of(part) for name, part in value.items()}
    return value


def _globals_of(thing):
    if isinstance(thing, type):
        return next(m.__globals__ for m in vars(thing).values() if isinstance(m, types.FunctionType))
    return thing.__globals__


def _module_of(thing):
    return thing.__module__


def _first(value, **_):
    return value


def _call(function, *arguments, inner=None, nested=None, **keywords):
    return function(*arguments, **keywords)


ORIGINAL = {
    "Add": lambda left, right, **_: left + right,
    "Sub": lambda left, right, **_: left - right,
    "Mult": lambda left, right, **_: left * right,
    "Div": lambda left, right, **_: left / right,
    "MatMult": lambda left, right, **_: left @ right,
    "Pow": lambda left, right, **_: left**right,
    "FloorDiv": lambda left, right, **_: left // right,
    "Mod": lambda left, right, **_: left % right,
    "Lt": lambda left, right: left < right,
    "LtE": lambda left, right: left <= right,
    "Gt": lambda left, right: left > right,
    "GtE": lambda left, right: left >= right,
    "minus": lambda value: -value,
    "transposed": lambda value: value.T,
    "call": _call,
    "new_axis": _first,
    "value": _first, "loop": _first, "index": _first, "bound": _first, "name": _first, "constant": _first,
}  # fmt: skip
"""Kind of a site -> what the reference itself does there."""
