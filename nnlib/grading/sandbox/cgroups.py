"""The kernel's bound on memory and processes: a cgroup (version 2) for each examinee, where one is offered.

Where systemd runs, it starts each fork server in a scope that is handed over to the examiner. Elsewhere it
is the cgroup in which the examiner runs, if that can be written to. The kernel wants no process in a cgroup
that has limits below it: so what runs there steps aside, into a cgroup beside those of the examinees.
"""

import contextlib
import itertools
import os
import subprocess
import time
from functools import cache
from pathlib import Path

CONTROLLERS = {"memory", "pids"}
"""What must be offered."""
ASIDE = "nnlib-graders"
"""The cgroup for what ran in the one that is divided."""
PREFIX = "nnlib-examinee-"
"""How the names of the examinees' cgroups begin."""
SYSTEMD = Path("/run/systemd/system")
"""Is there where systemd runs."""


@cache
def scope():
    """The beginning of a command line with which systemd starts a command in a scope of its own that is
    handed over; () where it does not."""
    if not SYSTEMD.exists():
        return ()
    whose = () if os.getuid() == 0 else ("--user",)
    line = ("systemd-run", *whose, "--scope", "--quiet", "--collect", "--property=Delegate=yes", "--")
    try:
        subprocess.run([*line, "true"], stdin=subprocess.DEVNULL, capture_output=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):
        return ()
    return line


def offered(pid):
    """The cgroup of a fork server, made ready to hold those of its examinees; None if there is none, or if it
    is not ours to divide."""
    if SYSTEMD.exists() and not scope():
        return None  # every cgroup is systemd's own
    try:
        folder = _cgroup_of(pid)
        if not set((folder / "cgroup.controllers").read_text().split()) >= CONTROLLERS:
            return None
        try:
            _divide(folder)
        except OSError:  # busy
            _step_aside(folder)
            _divide(folder)
        _sweep(folder)
        Group(folder, megabytes=1, processes=1).end()
    except OSError:
        return None
    return folder


def _cgroup_of(pid):
    """The folder of a process' cgroup; of the one above, if the process has stepped aside. Raises OSError."""
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        place, _, kind = line.partition(" - ")
        if kind.startswith("cgroup2 "):
            root, mounted = place.split()[3:5]
            break
    else:
        raise FileNotFoundError("No cgroups of version 2 are mounted here.")
    lines = Path(f"/proc/{pid}/cgroup").read_text().splitlines()
    own = next((line[3:] for line in lines if line.startswith("0::")), root)
    folder = Path(os.path.normpath(os.path.join(mounted, os.path.relpath(own, root))))
    return folder.parent if folder.name == ASIDE else folder


def _divide(folder):
    """Let each cgroup below have limits of its own."""
    (folder / "cgroup.subtree_control").write_text(" ".join(f"+{name}" for name in sorted(CONTROLLERS)))


def _step_aside(folder):
    aside = folder / ASIDE
    aside.mkdir(exist_ok=True)
    for pid in (folder / "cgroup.procs").read_text().split():
        with contextlib.suppress(ProcessLookupError):  # ended in the meantime
            (aside / "cgroup.procs").write_text(pid)


def _sweep(folder):
    """Remove what examiners that were killed have left."""
    for left in folder.glob(f"{PREFIX}*"):
        if not Path("/proc", left.name.removeprefix(PREFIX).partition("-")[0]).exists():
            with contextlib.suppress(OSError):  # not empty yet
                left.rmdir()


class Group:
    """One examinee's cgroup. Raises OSError if it cannot be made."""

    _numbers = itertools.count()

    def __init__(self, parent, megabytes, processes):
        self.folder = parent / f"{PREFIX}{os.getpid()}-{next(self._numbers)}"
        self.folder.mkdir()
        self._set("memory.max", megabytes * 2**20)
        with contextlib.suppress(OSError):  # a kernel without swap has no such file
            self._set("memory.swap.max", 0)
        self._set("memory.oom.group", 1)
        self._set("pids.max", processes)

    def _set(self, name, value):
        (self.folder / name).write_text(str(value))

    def door(self):
        """The open file by which a process enters: who writes 0 to it is inside, and all that it starts."""
        return open(self.folder / "cgroup.procs", "w")

    def used(self):
        """Bytes of memory that are held now, with files in memory."""
        return int((self.folder / "memory.current").read_text())

    def count(self, file, event):
        """How often an event has happened: oom_kill in memory.events, max in pids.events."""
        events = dict(line.split() for line in (self.folder / file).read_text().splitlines())
        return int(events.get(event, 0))

    def end(self, seconds=10):
        """Kill what is in it, and remove it. One that is still not empty after so many seconds stays."""
        with contextlib.suppress(OSError):  # Linux before 5.14 has no such file
            self._set("cgroup.kill", 1)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                self.folder.rmdir()
            except FileNotFoundError:
                return
            except OSError:
                time.sleep(0.001)
            else:
                return
