"""The front door: what `import nnlib` offers, and what it costs."""

import subprocess
import sys

import nnlib


def test_nnlib_exports_three_names():
    assert nnlib.__all__ == ["Network", "backpropagate", "train"]


def test_importing_brings_numpy_and_nothing_heavier():
    """Of installed packages NumPy alone: modules that NumPy does not bring are nnlib's or Python's."""
    code = (
        "import sys, numpy; before = {name.split('.')[0] for name in sys.modules}; import nnlib; "
        "after = {name.split('.')[0] for name in sys.modules}; "
        "print(sorted(after - before - sys.stdlib_module_names))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "['nnlib']\n"
