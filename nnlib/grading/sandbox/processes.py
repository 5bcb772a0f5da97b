"""Processes of this machine, read from Linux' /proc: their children, time, memory and packets; and how to
end them."""

import os
import signal
import time
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


def tree(pid):
    """The ids of a process and of all below it, or none if it has ended."""
    pids = [pid] if os.path.exists(f"/proc/{pid}") else []
    # Grows while it is read: each process brings its children.
    for process in pids:
        try:
            for thread in os.listdir(f"/proc/{process}/task"):
                pids += map(int, Path(f"/proc/{process}/task/{thread}/children").read_text().split())
        except (FileNotFoundError, ProcessLookupError):
            pass  # ended in the meantime
    return pids


def status(pid):
    """The fields of proc_pid_stat(5) that follow the name of the program: state, id of the parent, ...

    Raises OSError if the process has ended.
    """
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def seconds(pids):
    """Seconds of computing that these processes have used."""
    ticks = 0
    for pid in pids:
        try:
            ticks += sum(map(int, status(pid)[11:13]))
        except (OSError, ValueError):
            pass  # ended in the meantime
    return ticks / TICKS


def memory(pid):
    """Bytes of memory of a process alone. Pages that it still shares with its parent after a fork count too,
    so that it is never too little."""
    try:
        _, resident, shared, *_ = map(int, Path(f"/proc/{pid}/statm").read_text().split())
        return max(0, resident - shared) * PAGE
    except (OSError, ValueError):
        return 0


def share(pid):
    """Bytes of memory of a process, where a page of several processes is divided among them. Slower than
    `memory`."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return 1024 * next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    except (OSError, ValueError, StopIteration):
        return 0


def files(pids, places):
    """Bytes of the files in places that lie in memory, as the last of these processes sees them."""
    for pid in reversed(pids):
        try:
            file_systems = [os.statvfs(f"/proc/{pid}/root{place}") for place in places]
        except OSError:
            continue  # ended in the meantime
        return sum((place.f_blocks - place.f_bfree) * place.f_frsize for place in file_systems)
    return 0


SENT = {"Ip": {"OutRequests", "OutNoRoutes"}, "Tcp": {"ActiveOpens"}, "Udp": {"OutDatagrams"}}
"""Counters of a network namespace that grow with each packet that is sent, or that has no route."""


def packets(pids):
    """How often these processes tried to send a packet. Their network namespace has no way out."""
    for pid in reversed(pids):
        try:
            lines = Path(f"/proc/{pid}/net/snmp").read_text().splitlines()
        except OSError:
            continue  # ended in the meantime
        sent = 0
        for head, values in zip(lines[::2], lines[1::2], strict=True):
            kind, names = head.split()[0].rstrip(":"), head.split()[1:]
            numbers = dict(zip(names, map(int, values.split()[1:]), strict=True))
            sent += sum(numbers.get(name, 0) for name in SENT.get(kind, ()))
        return sent
    return 0


def end(theirs, seconds=10):
    """Kill the processes whose ids `theirs()` returns, again and again until it returns none.

    Returns False if some are left after so many seconds.
    """
    deadline = time.monotonic() + seconds
    quiet = 0
    # Twice none: a process whose parent has just ended has no parent for a moment, and is not listed then.
    while quiet < 2:
        pids = theirs()
        quiet = 0 if pids else quiet + 1
        for pid in pids:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        if time.monotonic() > deadline:
            return False
        time.sleep(0.001)
    return True
