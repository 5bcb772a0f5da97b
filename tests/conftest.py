"""What this machine lacks is left out of the run, and said aloud at its end with how to get it."""

import datetime
import functools
import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

# The same day in all processes of a run: it chooses which part of a batch is graded.
os.environ.setdefault("NNLIB_DAY", str(datetime.date.today().toordinal()))

# One thread for each process, set before NumPy is imported: tests run in one process for each core, and
# products of this size take ten times as long where more threads than cores wait for one another.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

# A shell that ignores Ctrl-C (`nohup make test &`) hands that on: tests send it, and mean it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def chromium() -> bool:
    return shutil.which("chromium") is not None


def bubblewrap() -> bool:
    if shutil.which("bwrap") is None:
        return False
    command = ["bwrap", "--unshare-all", "--ro-bind", "/", "/", "true"]
    return subprocess.run(command, capture_output=True).returncode == 0


def postgresql() -> bool:
    return any(Path("/usr/lib/postgresql").glob("*/bin/postgres"))


# marker: whether the part is here, and how to get it
PARTS = {
    "browser": (chromium, "Chromium (Debian: apt install chromium)"),
    "sandbox": (bubblewrap, "bubblewrap and user namespaces (Debian: apt install bubblewrap libseccomp2)"),
    "postgresql": (postgresql, "a PostgreSQL server (Debian: apt install postgresql)"),
}


@functools.cache
def missing():
    return {marker: how for marker, (here, how) in PARTS.items() if not here()}


def pytest_collection_modifyitems(items):
    for item in items:
        for marker in missing():
            if item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=f"needs {missing()[marker]}"))


def pytest_terminal_summary(terminalreporter):
    for marker, how in missing().items():
        terminalreporter.write_line(f"Left out: the tests marked '{marker}'. They need {how}.")
