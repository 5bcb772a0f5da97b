"""The copy of nnlib that a student's code finds, and stand-ins for what is withheld from it.

Any name can be imported from a stand-in, and raises ImportError when it is called or read. So a module that
needs a withheld one only for a picture can still be imported.
"""

import compileall
import py_compile
import shutil
from functools import cache
from pathlib import Path

from nnlib.grading.sandbox.withheld import NNLIB, file_of

ABSENT = (
    "torch", "functorch", "torchgen", "jax", "jaxlib", "tensorflow", "autograd", "micrograd", "sympy",
    "mpmath", "sklearn", "scipy.special", "scipy.optimize", "scipy.differentiate", "scipy.integrate",
    "scipy.stats", "scipy.interpolate",
)  # fmt: skip
"""Packages that differentiate, fit or answer by themselves: never there while answers are graded. NumPy and
Matplotlib are what exercises allow; `nnlib.fast` needs SciPy's linear algebra."""

STAND_IN = '''\
"""Stands for a module that is withheld while this unit is graded."""

import sys


class _Withheld(type):
    def _say(self, *arguments, **keywords):
        sys.audit("nnlib.withheld", "{module}")
        raise ImportError("{module} is withheld while this unit is graded: write it yourself.")

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

SAYS_THAT_IT_IS_ABSENT = """\
raise ImportError(
    "{package} is not there while your work is graded: write the derivative yourself, with NumPy."
)
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


def copy_without(modules, folder):
    """Write nnlib to `folder` with stand-ins for `modules` and without the trusted part of grading."""
    shutil.copytree(NNLIB, folder, ignore=shutil.ignore_patterns("__pycache__", "grading", "*.npz.tmp"))
    grading = folder / "grading"
    inside = Path("sandbox", "inside")
    shutil.copytree(
        NNLIB / "grading" / inside, grading / inside, ignore=shutil.ignore_patterns("__pycache__")
    )
    for package in (grading, grading / "sandbox"):
        (package / "__init__.py").write_text('"""Of grading, only what runs beside the student\'s code."""\n')
    (grading / "checks.py").write_text(CHECKS)
    for module in modules:
        file_of(module, folder).write_text(STAND_IN.format(module=f"nnlib.{module}"))
    # The sandbox is read-only, so bytecode is made here, once for all students.
    compileall.compile_dir(folder, quiet=2, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)


def absent_packages(folder):
    """Write a stand-in for each absent package to `folder`: importing it says why it is not there."""
    for package in ABSENT:
        (folder / package).mkdir(parents=True)
        (folder / package / "__init__.py").write_text(SAYS_THAT_IT_IS_ABSENT.format(package=package))


@cache
def sources(modules):
    """The files of withheld modules, to be released before picture cells: path -> text."""
    paths = map(file_of, modules)
    return {path.relative_to(NNLIB).as_posix(): path.read_text(encoding="utf-8") for path in paths}
