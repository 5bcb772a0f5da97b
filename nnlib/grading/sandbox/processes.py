"""Processes of this machine as Linux tells of them: who is below whom, how much they hold, their end."""

import os
import signal
import time
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


def tree(pid):
    """The ids of a process and of all below it, or none if it has ended."""
    found = [pid] if os.path.exists(f"/proc/{pid}") else []
    # Grows while it is read: each process brings its children.
    for process in found:
        try:
            for thread in os.listdir(f"/proc/{process}/task"):
                found += map(int, Path(f"/proc/{process}/task/{thread}/children").read_text().split())
        except (FileNotFoundError, ProcessLookupError):
            pass  # ended in the meantime
    return found


def seconds(pids):
    """Seconds that these processes have computed."""
    ticks = 0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        except (OSError, ValueError, IndexError):
            pass  # ended in the meantime
    return ticks / TICKS


def memory(pid):
    """Bytes that a process holds by itself. Counts what a fork has not copied yet: never too little."""
    try:
        _, resident, shared, *_ = map(int, Path(f"/proc/{pid}/statm").read_text().split())
        return max(0, resident - shared) * PAGE
    except (OSError, ValueError):
        return 0


def share(pid):
    """Bytes that a process holds, pages that several hold divided among them. Slower than `memory`."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return 1024 * next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    except (OSError, ValueError, StopIteration):
        return 0


def files(pids, places):
    """Bytes of the files in places that lie in memory, as the last of these processes sees them."""
    for pid in reversed(pids):
        try:
            found = [os.statvfs(f"/proc/{pid}/root{place}") for place in places]
        except OSError:
            continue  # ended in the meantime
        return sum((place.f_blocks - place.f_bfree) * place.f_frsize for place in found)
    return 0


SENT = {"Ip": {"OutRequests", "OutNoRoutes"}, "Tcp": {"ActiveOpens"}, "Udp": {"OutDatagrams"}}
"""Counters of a network namespace that grow when something is sent, or has no way to go."""


def packets(pids):
    """How often these processes tried to send something by their network, which is none."""
    for pid in reversed(pids):
        try:
            lines = Path(f"/proc/{pid}/net/snmp").read_text().splitlines()
        except OSError:
            continue  # ended in the meantime
        found = 0
        for head, values in zip(lines[::2], lines[1::2], strict=True):
            kind, names = head.split()[0].rstrip(":"), head.split()[1:]
            numbers = dict(zip(names, map(int, values.split()[1:]), strict=True))
            found += sum(numbers.get(name, 0) for name in SENT.get(kind, ()))
        return found
    return 0


def end(theirs, seconds=10):
    """Kill the processes that `theirs()` names, until it names none. Returns whether it came to that."""
    deadline = time.monotonic() + seconds
    quiet = 0
    # Two looks: a process whose parent has just ended is nobody's child for a moment.
    while quiet < 2:
        found = theirs()
        quiet = 0 if found else quiet + 1
        for pid in found:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        if time.monotonic() > deadline:
            return False
        time.sleep(0.001)
    return True
