"""A sandbox: one student's process behind walls, with a watch over all that it starts."""

import array
import base64
import itertools
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass

from nnlib.grading.sandbox import bubblewrap, cgroups, library, processes, seccomp, servers
from nnlib.grading.sandbox.bubblewrap import SandboxUnavailable
from nnlib.grading.sandbox.inside import refusals, values
from nnlib.grading.sandbox.inside.patience import PATIENCE

FIRST_USER = 61000
"""Where root grades, each sandbox runs as another user, numbered from here on: a limit on processes does not
bind root."""

IN_MEMORY = ("/tmp", "/dev/shm", bubblewrap.HOME)
"""Places whose files lie in memory."""

OWN_PROCESSES = 3
"""Processes of a sandbox before the student starts any: one waits outside the new namespace, one is the first
inside, one runs the cells."""
INTERVAL = 0.02
"""Seconds between two looks at what a student's processes hold."""

BOUNDED = "bounded by the kernel, with a cgroup (version 2)"
COUNTED = f"measured {1 / INTERVAL:g} times a second, as this machine offers no cgroup (version 2)"
"""The two ways to keep a student's processes below their limit of memory."""


class ExamineeEnded(BaseException):
    """The student's process ended or was ended. The text says why, for the student. No Exception: a check
    that takes what a student's function raises for an answer does not take this for one."""


class ExamineeGone(ExamineeEnded):
    """It ended without a word: the student's code ended it, or something else killed it. From outside both
    look the same."""


@dataclass(frozen=True)
class Limits:
    """What one submission may use. A cell or a call may compute for `cell_seconds`, and take PATIENCE times
    as long by the clock; all together `wall_seconds` by the clock. Memory counts for all its processes
    together, with their files in /tmp and the home, which hold 256 MB each."""

    cell_seconds: float = 60
    wall_seconds: float = 600
    cpu_seconds: int = 600
    megabytes: int = 1500
    processes: int = 64
    file_megabytes: int = 64
    open_files: int = 256


class Sandbox:
    """One examinee. `ask` sends a message and returns the answer; leaving the context ends it all."""

    _users = itertools.count()

    def __init__(self, stage, limits=None, unsafe=False):
        self.stage = stage
        self.limits = limits or Limits()
        self.unsafe = unsafe
        self.reason = None
        self.peak = 0
        self.group = None
        self._copies = 0
        self.seen = {}
        """Kind of event -> detail: what is seen from outside, whatever the code does to its own process."""

    def __enter__(self):
        theirs_in, ours_out = os.pipe()
        ours_in, theirs_out = os.pipe()
        self._refused, refused = os.pipe()
        os.set_blocking(self._refused, False)
        try:
            if self.unsafe:
                self._start_bare(theirs_in, theirs_out)
            else:
                self.home = bubblewrap.HOME
                self.server = servers.server(self.stage)
                self._theirs = self.server.students
                self._start_inside(theirs_in, theirs_out, refused)
        finally:
            for pipe in (theirs_in, theirs_out, refused):
                os.close(pipe)
        self._questions, self._answers = os.fdopen(ours_out, "wb"), os.fdopen(ours_in, "rb")
        self._begun = time.monotonic()
        self._deadline = self._begun + 60
        self._computed = None
        self._over = threading.Event()
        self._watch = threading.Thread(target=self._watch_over, daemon=True)
        self._watch.start()
        settings = {"limits": self._limits(), "home": self.home, "absent": list(library.ABSENT)}
        settings |= {"forbidden": base64.b64encode(seccomp.program()).decode()}
        settings |= {"seccomp": seccomp.number("seccomp")}
        try:
            values.send(self._questions, settings)
            values.receive(self._answers)
        except (EOFError, BrokenPipeError, values.NotTransferable):
            self.__exit__()
            said = "" if self.unsafe else self.server.last_words()
            raise SandboxUnavailable(f"The sandbox did not start: {said or self.reason}") from None
        return self

    @property
    def memory(self):
        """In which of the two ways memory is kept below its limit."""
        return BOUNDED if self.group else COUNTED

    def _start_inside(self, *pipes):
        """Let the fork server start the examinee, in a cgroup of its own where that can be."""
        if self.server.cgroup is None:
            self.server.start(*pipes)
            return
        try:
            self.group = cgroups.Group(self.server.cgroup, self.limits.megabytes, self.limits.processes)
            with self.group.door() as door:
                self.server.start(*pipes, door.fileno())
        except OSError as error:
            if self.group:
                self.group.end()
            raise SandboxUnavailable(f"The sandbox did not start, for want of a cgroup: {error}") from None

    def _start_bare(self, *pipes):
        """Start the examinee without walls, as a process whose PYTHONPATH leads to the stripped nnlib."""
        self.home = tempfile.mkdtemp(prefix="nnlib-student-")
        paths = os.pathsep.join((str(self.stage.folder), str(self.stage.folder / "absent")))
        environment = {
            "HOME": self.home,
            "PYTHONPATH": paths,
            "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        }
        environment |= {"PATH": os.environ.get("PATH", ""), "PYTHONSAFEPATH": "1", "LANG": "C.UTF-8"}
        line = [sys.executable, "-m", "nnlib.grading.sandbox.inside.examinee", *map(str, pipes)]
        quiet = subprocess.DEVNULL
        self.process = subprocess.Popen(
            line,
            pass_fds=pipes,
            stdin=quiet,
            stdout=quiet,
            stderr=quiet,
            env=environment,
            start_new_session=True,
        )
        # `poll` lets go of it once it has ended: until then it is still in the list of processes.
        self._theirs = lambda: processes.tree(self.process.pid) if self.process.poll() is None else []

    def _limits(self):
        limits = self.limits
        return {
            "user": 0 if self.unsafe else FIRST_USER + (os.getpid() * 8 + next(self._users)) % 4000,
            "CPU": limits.cpu_seconds,
            # Address space is more than memory: libraries and threads map what they never touch.
            "AS": (limits.megabytes + 4000) * 2**20,
            "FSIZE": limits.file_megabytes * 2**20,
            "NOFILE": limits.open_files,
            "NPROC": limits.processes,
            "CORE": 0,
        }

    def ask(self, message, seconds=None):
        """The answer to one message. Raises ExamineeEnded with the reason if none comes in time."""
        seconds = seconds or self.limits.cell_seconds
        if self.reason:
            raise ExamineeEnded(self.reason)
        left = self._begun + self.limits.wall_seconds - time.monotonic()
        seconds = min(seconds, max(left, 0.1))
        # Other versions of a function are tried in a copy of the process, which the examiner asks for.
        self._copies = int(message["do"] == "versions")
        # The examinee interrupts itself in time; the watch ends it if it does not.
        self._computed = processes.seconds(self._theirs()) + seconds + 3
        self._deadline = time.monotonic() + min(PATIENCE * seconds, max(left, 0.1)) + 3
        try:
            values.send(self._questions, message | {"seconds": seconds})
            reply = values.checked(values.receive(self._answers))
        except values.NotTransferable as error:
            self._end(f"your code sent what cannot be read: {str(error).rstrip('.')}")
        except (EOFError, BrokenPipeError, OSError):
            self._over.set()
            self._watch.join()
            if self.group and self.group.count("memory.events", "oom_kill"):
                self.reason = self._too_much()
            if not self.reason:
                self._end("your code ended the process that runs it")
                raise ExamineeGone(self.reason) from None
            self._end(self.reason)
        else:
            self._deadline = self._computed = None
            return reply
        raise ExamineeEnded(self.reason)

    def _end(self, reason):
        self.reason = self.reason or reason
        self._stop()

    def _stop(self):
        """End all processes of the student's."""
        if not self.unsafe and not self._over.is_set():
            self._look(self._theirs())
        self._over.set()
        if not processes.end(self._theirs) and not self.unsafe:
            self.server.end()

    def __exit__(self, *_):
        self._stop()
        for file in (self._questions, self._answers):
            try:
                file.close()
            except OSError:
                pass
        self._watch.join()
        self._hear_of_calls()
        if self.group:
            if self.group.count("pids.events", "max"):
                self.seen.setdefault("process", f"seen from outside: {self.limits.processes} processes")
            self.group.end()
        if self.unsafe:
            self.process.wait()
            shutil.rmtree(self.home, ignore_errors=True)

    def _hear_of_calls(self):
        """Note the calls of the kernel that were refused."""
        try:
            numbers = array.array("i", os.read(self._refused, 4 * refusals.MOST))
        except BlockingIOError:  # none, and a process that waits for its end still holds the pipe
            numbers = ()
        os.close(self._refused)
        if called := sorted({seccomp.names().get(number, str(number)) for number in numbers}):
            self.seen["call"] = f"seen from outside: {', '.join(called)}"

    def _look(self, theirs):
        """Note further processes of the student's, and packets that they tried to send."""
        if (more := len(theirs) - OWN_PROCESSES - self._copies) > 0:
            self.seen["process"] = f"seen from outside: {more} more processes"
        if tried := processes.packets(theirs):
            self.seen["network"] = f"seen from outside: {tried} attempts"

    def _watch_over(self):
        """End the examinee when it takes too long or too much."""
        while not self._over.wait(INTERVAL):
            deadline, computed = self._deadline, self._computed
            theirs = self._theirs()
            late = deadline and time.monotonic() > deadline
            if late or computed and processes.seconds(theirs) > computed:
                self.reason = "your code took too long and could not be interrupted"
            if not self.unsafe and len(theirs) > OWN_PROCESSES:
                self._look(theirs)
            used = self.group.used() if self.group else self._counted(theirs)
            self.peak = max(self.peak, used)
            if used > self.limits.megabytes * 2**20:
                self.reason = self._too_much()
            if self.reason:
                processes.end(self._theirs)
                return

    def _counted(self, theirs):
        """Bytes of memory of the whole tree, with its files in memory, counted from outside."""
        files = 0 if self.unsafe else processes.files(theirs, IN_MEMORY)
        used = files + sum(map(processes.memory, theirs))
        if used > self.limits.megabytes * 2**20:
            used = files + sum(map(processes.share, theirs))
        return used

    def _too_much(self):
        return f"your code took more than {self.limits.megabytes} MB of memory"
