"""The rooms of nnlib that a student's code does not find while a unit is graded.

A notebook's metadata names them: `"nnlib": {"withheld": ["backpropagation"]}`. What answers the
same question goes with them. In the sandbox stands a copy of nnlib in which each of them is a
stand-in: whatever is taken from it can be imported, and says so when it is used. That way rooms
that only need a withheld one for a picture still open.
"""

import compileall
import py_compile
import shutil
from functools import cache
from pathlib import Path

import nnlib

NNLIB = Path(nnlib.__file__).parent

GOES_WITH = {
    "activations": ("network", "regression"),
    "errors": ("regression", "backpropagation"),
    "regression": ("backpropagation",),
    "network": ("backpropagation", "recurrent"),
    "backpropagation": ("training", "differentiation"),
    "differentiation": ("backpropagation", "training"),
    "training": ("fast",),
}
"""A room -> those that answer the same question in another way: the tape and the compiler give any
gradient."""

ENGINES = ("torch", "functorch", "torchgen", "jax", "jaxlib", "tensorflow", "autograd", "micrograd")
"""Packages that differentiate by themselves: never there while answers are graded."""

STAND_IN = '''\
"""Stands for a room that is withheld while this unit is graded."""

import sys


class _Withheld(type):
    def _say(self, *arguments, **keywords):
        sys.audit("nnlib.withheld", "{room}")
        raise ImportError("{room} is withheld while this unit is graded: write it yourself.")

    __call__ = __getitem__ = __iter__ = __len__ = _say

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        self._say()


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    return _Withheld(name, (), {{}})
'''

ABSENT = """\
raise ImportError("{room} is not there while your work is graded: write the derivative yourself.")
"""

CHECKS = '''\
"""Stands for the checks: they run in the examiner's process, not beside the student's code."""


class _OfUnit:
    def __getattr__(self, name):
        return lambda *arguments, **keywords: None


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    return _OfUnit()
'''


def closure(rooms):
    """The rooms with all that go with them, sorted. ValueError for a name that is no room of nnlib."""
    found, waiting = set(), list(rooms)
    while waiting:
        room = waiting.pop()
        if not (NNLIB / f"{room}.py").exists() and not (NNLIB / room / "__init__.py").exists():
            raise ValueError(
                f"The notebook withholds {room!r}, which is no room of nnlib. Mend its metadata."
            )
        if room not in found:
            found.add(room)
            waiting += GOES_WITH.get(room, ())
    return tuple(sorted(found))


def copy_without(rooms, folder):
    """Write nnlib to `folder` with stand-ins for `rooms` and without the trusted part of grading."""
    shutil.copytree(NNLIB, folder, ignore=shutil.ignore_patterns("__pycache__", "grading", "*.npz.tmp"))
    grading = folder / "grading"
    shutil.copytree(
        NNLIB / "grading" / "sandboxed", grading / "sandboxed", ignore=shutil.ignore_patterns("__pycache__")
    )
    (grading / "__init__.py").write_text('"""Of grading, only what runs beside the student\'s code."""\n')
    (grading / "checks.py").write_text(CHECKS)
    for room in rooms:
        package = folder / room
        for module in sorted(package.rglob("*.py")) if package.is_dir() else [folder / f"{room}.py"]:
            module.write_text(STAND_IN.format(room=f"nnlib.{room}"))
    # The sandbox is read-only, so bytecode is made here, once for all students.
    compileall.compile_dir(folder, quiet=2, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)


def absent_packages(folder):
    """Write a stand-in for each engine to `folder`: importing it says why it is not there."""
    for room in ENGINES:
        (folder / room).mkdir(parents=True)
        (folder / room / "__init__.py").write_text(ABSENT.format(room=room))


@cache
def sources(rooms):
    """The files of the withheld rooms, to be released before picture cells: path -> text."""
    files = []
    for room in rooms:
        package = NNLIB / room
        files += sorted(package.rglob("*.py")) if package.is_dir() else [NNLIB / f"{room}.py"]
    return {str(path.relative_to(NNLIB)): path.read_text(encoding="utf-8") for path in files}
