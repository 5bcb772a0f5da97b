"""Which notebooks there are, and how one is executed."""

from pathlib import Path

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).parent.parent.parent
LECTURES = sorted((ROOT / "lectures").glob("*.ipynb"))
SOLUTIONS = sorted((ROOT / "solutions").glob("*/*.ipynb"))
EXERCISES = sorted((ROOT / "exercises").glob("*/*.ipynb"))
ALL = LECTURES + SOLUTIONS + EXERCISES

# Warnings are errors, and nothing but this machine can be reached.
GUARD = """
import socket, warnings
warnings.simplefilter("error")
def _guarded(connect):
    def guarded(self, address):
        if self.family != socket.AF_UNIX and address[0] not in ("127.0.0.1", "localhost", "::1"):
            raise OSError(f"a notebook reached for the network: {address}")
        return connect(self, address)
    return guarded
socket.socket.connect = _guarded(socket.socket.connect)
"""
# The peak since the kernel's program began. `ru_maxrss` would not do: a process inherits it from the
# one that started it, here the test runner with PyTorch in it.
MEMORY = "import pathlib; print(int(pathlib.Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0]) // 1024)"


def name(path):
    return str(path.relative_to(ROOT))


def read(path):
    return nbformat.read(path, as_version=4)


def execute(path, seconds):
    """The executed notebook, and the peak memory of its kernel in MB. The file stays as it is."""
    notebook = read(path)
    first, last = nbformat.v4.new_code_cell(GUARD), nbformat.v4.new_code_cell(MEMORY)
    notebook.cells = [first, *notebook.cells, last]
    NotebookClient(notebook, timeout=seconds, resources={"metadata": {"path": path.parent}}).execute()
    return notebook, int(notebook.cells[-1].outputs[0].text)
