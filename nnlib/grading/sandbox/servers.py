"""Fork servers in bubblewrap, of which the sandboxes of this process are copies: one for each thread."""

import atexit
import contextlib
import os
import signal
import socket
import subprocess
import tempfile
import threading

from nnlib.grading.sandbox import bubblewrap, cgroups, processes
from nnlib.grading.sandbox.bubblewrap import SandboxUnavailable

STARTS_WITHIN = 120
"""Seconds that bubblewrap and the fork server in it may take to start."""


class ForkServer:
    """The fork server of a stage, inside bubblewrap. It serves one sandbox after the other."""

    def __init__(self, stage):
        self.stage = stage
        self.channel, theirs = socket.socketpair()
        self.said = tempfile.TemporaryFile()
        line = [*cgroups.scope(), *bubblewrap.command(stage, theirs.fileno())]
        quiet = subprocess.DEVNULL
        self.process = subprocess.Popen(
            line, pass_fds=[theirs.fileno()], stdin=quiet, stdout=quiet, stderr=self.said, process_group=0
        )
        theirs.close()
        atexit.register(self.end)
        self.channel.settimeout(STARTS_WITHIN)
        try:
            imported = self.channel.recv(4096).decode()
        except TimeoutError:
            imported = ""
        self.channel.settimeout(None)
        if self.process.poll() is not None:
            # What it started may live on, where nobody watches it.
            imported = ""
        if imported != f"{bubblewrap.LIBRARY}/nnlib/__init__.py":
            said = f"it imports nnlib from {imported}" if imported else self.last_words()
            self.end()
            raise SandboxUnavailable(f"The sandbox did not start: {said}")
        self.own = set(processes.tree(self.process.pid))
        self.cgroup = cgroups.offered(self.process.pid)
        """Where each examinee gets a cgroup of its own; None where there is none to be had."""

    def start(self, *pipes):
        """Tell it to start an examinee that reads the first pipe and writes to the second. To the third are
        written the numbers of calls that were refused. By the fourth it enters its cgroup, if it has one."""
        socket.send_fds(self.channel, [b"new"], pipes)

    def students(self):
        """The ids of all processes that are the student's."""
        return [pid for pid in processes.tree(self.process.pid) if pid not in self.own]

    def last_words(self):
        """The last that bubblewrap or the fork server wrote."""
        self.said.seek(0)
        return self.said.read()[-300:].decode(errors="replace").strip()

    def end(self):
        atexit.unregister(self.end)
        self.channel.close()
        with contextlib.suppress(ProcessLookupError):
            # Of a bubblewrap that is killed at its very beginning another one is left that waits for ever.
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.said.close()


_servers = threading.local()


def server(stage):
    """The fork server of this thread for a stage. A dead one is replaced."""
    last = getattr(_servers, "last", None)
    if last and (last.stage != stage or last.process.poll() is not None):
        last.end()
        last = None
    if not last:
        last = _servers.last = ForkServer(stage)
    return last
