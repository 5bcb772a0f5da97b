"""Submissions that are broken in their form, in files by what is broken.

A new one is a function there that takes the path of a right submission and changes it. Its decorator,
`graded` or `refused`, says the verdict, a part of the reason, and whether it still earns all points.
"""

import importlib

from tests.grading.malformed.entry import MALFORMED

__all__ = ["MALFORMED"]

for name in ("unreadable", "form", "cells", "files", "text", "extremes"):
    importlib.import_module(f"{__name__}.{name}")
