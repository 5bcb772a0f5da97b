"""The sandbox: bubblewrap around the examinee, and a watch over its whole process tree.

What is there: the system and Python, read-only; nnlib without what is withheld; an empty private
home and /tmp; process, network, host and message namespaces of its own. What is not there: the
network, torch, the solutions, the gradebook, other submissions, root.
"""

import atexit
import itertools
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psutil

from nnlib.grading import withheld
from nnlib.grading.sandboxed import values

HOME = "/home/student"
HANDED_IN = "/run/handed_in"
FIRST_USER = 61000
"""Where root grades, each sandbox runs as a user of its own from here on: root is never bound by a
limit on processes."""


class SandboxUnavailable(RuntimeError):
    """There is no working sandbox. The text says why, and what to do."""


class ExamineeEnded(RuntimeError):
    """The student's process ended or was ended. The text says why, for the student."""


@dataclass(frozen=True)
class Limits:
    """What one submission may use. Memory counts for all its processes together, /tmp included."""

    cell_seconds: float = 60
    wall_seconds: float = 600
    cpu_seconds: int = 600
    megabytes: int = 1500
    processes: int = 64
    file_megabytes: int = 64
    open_files: int = 256


def unavailable():
    """Why there is no working sandbox on this machine, in a sentence with what to do; None if there is."""
    if sys.platform != "linux":
        return (
            "Grading needs Linux: the sandbox is made of Linux namespaces, and "
            f"{'macOS' if sys.platform == 'darwin' else sys.platform} has none. Grade in a Linux container or virtual machine."
        )
    if shutil.which("bwrap") is None:
        return (
            "Grading needs bubblewrap, and there is no 'bwrap' here. "
            "Install it (Debian, Ubuntu: apt install bubblewrap; Fedora: dnf install bubblewrap)."
        )
    trial = subprocess.run([*_namespaces(), "--ro-bind", "/", "/", "--", "true"], capture_output=True, text=True)
    if trial.returncode == 0:
        return None
    said = trial.stderr.strip().splitlines()[-1:] or [f"exit code {trial.returncode}"]
    if os.getuid() == 0:
        advice = "Root lacks CAP_SYS_ADMIN here: grade from an ordinary account, or give the container that capability."
    else:
        advice = (
            "User namespaces are forbidden here: allow them (sysctl kernel.unprivileged_userns_clone=1; "
            "Ubuntu 24: sysctl kernel.apparmor_restrict_unprivileged_userns=0), or grade on a machine that allows them."
        )
    return f"bubblewrap is installed but cannot make a sandbox ({said[0]}). {advice}"


def require():
    """Raise SandboxUnavailable with the reason if there is no working sandbox."""
    if reason := unavailable():
        raise SandboxUnavailable(reason)


def _namespaces():
    own = ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"]
    if os.getuid() == 0:
        # Root needs no user namespace for this, and can then drop to a user that exists outside.
        own += ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    else:
        own += ["--unshare-user"]
    return ["bwrap", *own, "--die-with-parent", "--new-session"]


@dataclass(frozen=True)
class Stage:
    """What all sandboxes of one unit share, prepared once: nnlib without the withheld, caches."""

    folder: Path
    rooms: tuple


@cache
def stage(rooms):
    """The stage for a unit that withholds `rooms`. It is removed when this process ends."""
    folder = Path(tempfile.mkdtemp(prefix="nnlib-stage-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    withheld.copy_without(rooms, folder / "nnlib")
    withheld.absent_packages(folder / "absent")
    # Matplotlib looks through all fonts once: not again for each student.
    caches = folder / "matplotlib"
    subprocess.run(
        [sys.executable, "-c", "import matplotlib.font_manager"],
        env=os.environ | {"MPLCONFIGDIR": str(caches)},
        check=True,
        capture_output=True,
    )
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    folder.chmod(0o755)
    return Stage(folder, rooms)


def _folders_of_python():
    """The folders that Python needs: the environment, and the installation that it was made from."""
    folders = {Path(p).resolve() for p in (sys.prefix, sys.base_prefix, sys.exec_prefix)}
    folders.add(Path(os.path.realpath(sys.executable)).parent.parent)
    folders = {folder for folder in folders if not folder.is_relative_to("/usr")}
    return sorted(f for f in folders if not any(f != other and f.is_relative_to(other) for other in folders))


def command(stage, handed_in, incoming, outgoing):
    """The bubblewrap command line around the examinee."""
    # A tmpfs over /tmp comes before everything below it: Python itself may live there.
    line = [*_namespaces(), "--proc", "/proc", "--dev", "/dev"]
    line += ["--size", str(256 * 2**20), "--perms", "1777", "--tmpfs", "/tmp"]
    line += ["--size", str(16 * 2**20), "--perms", "1777", "--tmpfs", "/dev/shm"]
    line += ["--size", str(256 * 2**20), "--perms", "0777", "--tmpfs", HOME]
    line += ["--ro-bind", "/usr", "/usr"]
    for name in ("bin", "sbin", "lib", "lib32", "lib64"):
        path = Path("/", name)
        if path.is_symlink():
            line += ["--symlink", os.readlink(path), str(path)]
        elif path.exists():
            line += ["--ro-bind", str(path), str(path)]
    for name in ("ld.so.cache", "ld.so.conf", "localtime", "fonts", "alternatives", "nsswitch.conf"):
        line += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
    # bubblewrap makes missing folders for its own user alone: make them for all.
    bound = [*_folders_of_python(), withheld.NNLIB]
    for parent in sorted({parent for folder in bound for parent in folder.parents} - {Path("/")}):
        line += ["--perms", "0755", "--dir", str(parent)]
    for folder in _folders_of_python():
        line += ["--ro-bind", str(folder), str(folder)]
    for room in withheld.ENGINES:
        for path in sys.path:
            package = Path(path, room)
            if path and package.is_dir():
                line += ["--ro-bind", str(stage.folder / "absent" / room), str(package.resolve())]
    line += ["--ro-bind", str(stage.folder / "nnlib"), str(withheld.NNLIB)]
    cached = f"{HOME}/.config/matplotlib"
    line += ["--perms", "0777", "--dir", f"{HOME}/.config", "--perms", "0777", "--dir", cached]
    for path in sorted((stage.folder / "matplotlib").glob("fontlist*.json")):
        line += ["--ro-bind", str(path), f"{cached}/{path.name}"]
    if handed_in:
        line += ["--ro-bind", str(handed_in), HANDED_IN]
    else:
        line += ["--dir", HANDED_IN]
    line += ["--clearenv", "--chdir", "/", *_environment(cached), "--remount-ro", "/", "--"]
    return [*line, sys.executable, "-m", "nnlib.grading.sandboxed.examinee", str(incoming), str(outgoing)]


def _environment(matplotlib):
    variables = {
        "HOME": HOME,
        "LANG": "C.UTF-8",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "MPLCONFIGDIR": matplotlib,
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PATH": "/usr/bin:/bin",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONNOUSERSITE": "1",
        "PYTHONSAFEPATH": "1",
        "TMPDIR": "/tmp",
        "USER": "student",
    }
    return [word for name, value in variables.items() for word in ("--setenv", name, value)]


class Sandbox:
    """One examinee. `ask` sends a message and returns the answer; leaving the context ends it all."""

    _users = itertools.count()

    def __init__(self, stage, limits=None, handed_in=None, unsafe=False):
        self.stage = stage
        self.limits = limits or Limits()
        self.handed_in = handed_in
        self.unsafe = unsafe
        self.reason = None
        self.peak = 0

    def __enter__(self):
        theirs_in, ours_out = os.pipe()
        ours_in, theirs_out = os.pipe()
        if self.unsafe:
            # Without walls, but still another process: what is not there is told by its path.
            self.home = tempfile.mkdtemp(prefix="nnlib-student-")
            line, environment = self._bare(theirs_in, theirs_out)
        else:
            self.home = HOME
            line, environment = command(self.stage, self.handed_in, theirs_in, theirs_out), None
        self.process = subprocess.Popen(
            line,
            pass_fds=(theirs_in, theirs_out),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=environment,
            start_new_session=True,
        )
        os.close(theirs_in)
        os.close(theirs_out)
        self._questions, self._answers = os.fdopen(ours_out, "wb"), os.fdopen(ours_in, "rb")
        self._begun = time.monotonic()
        self._deadline = self._begun + 60
        self._over = threading.Event()
        self._watch = threading.Thread(target=self._watch_over, daemon=True)
        self._watch.start()
        settings = {
            "limits": self._limits(),
            "home": self.home,
            "handed_in": str(self.handed_in or self.home) if self.unsafe else HANDED_IN,
            "absent": list(withheld.ENGINES),
        }
        try:
            values.send(self._questions, settings)
            values.receive(self._answers)
        except (EOFError, BrokenPipeError, values.NotTransferable):
            said = self._stop()
            self.__exit__()
            raise SandboxUnavailable(f"The sandbox did not start: {said or self.reason}") from None
        return self

    def _bare(self, incoming, outgoing):
        paths = os.pathsep.join((str(self.stage.folder), str(self.stage.folder / "absent")))
        environment = {"HOME": self.home, "PYTHONPATH": paths, "MPLBACKEND": "module://matplotlib_inline.backend_inline"}
        environment |= {"PATH": os.environ.get("PATH", ""), "PYTHONSAFEPATH": "1", "LANG": "C.UTF-8"}
        module = "nnlib.grading.sandboxed.examinee"
        return [sys.executable, "-m", module, str(incoming), str(outgoing)], environment

    def _limits(self):
        limits = self.limits
        user = 0 if self.unsafe else FIRST_USER + (os.getpid() * 8 + next(self._users)) % 4000
        return {
            "user": user,
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
        # The examinee interrupts itself in time; the watch ends it if it does not.
        self._deadline = time.monotonic() + seconds + 3
        try:
            values.send(self._questions, message | {"seconds": seconds})
            reply = values.receive(self._answers)
        except values.NotTransferable as error:
            self._end(f"your code sent what cannot be read: {error}")
        except (EOFError, BrokenPipeError, OSError):
            self._over.set()
            self._watch.join()
            self._end(self.reason or "your code ended the process that runs it")
        else:
            self._deadline = None
            return reply
        raise ExamineeEnded(self.reason)

    def _end(self, reason):
        self.reason = self.reason or reason
        self._stop()

    def _stop(self):
        """End the process tree, and return the last that bubblewrap said."""
        self._over.set()
        # bubblewrap's own child is the first process of its namespace: with it goes everyone.
        for process in _tree(self.process.pid):
            try:
                process.kill()
            except psutil.Error:
                pass
        try:
            _, said = self.process.communicate(timeout=10)
        except (subprocess.TimeoutExpired, ValueError):
            return ""
        return (said or b"").decode(errors="replace").strip()[-300:]

    def __exit__(self, *_):
        self._stop()
        for file in (self._questions, self._answers):
            try:
                file.close()
            except OSError:
                pass
        self._watch.join()
        if self.unsafe:
            shutil.rmtree(self.home, ignore_errors=True)

    def _watch_over(self):
        """End the examinee when it takes too long or too much: memory counts for the whole tree."""
        while not self._over.wait(0.03):
            deadline = self._deadline
            if deadline and time.monotonic() > deadline:
                self.reason = "your code took too long and could not be interrupted"
            used = sum(map(_memory, _tree(self.process.pid)))
            self.peak = max(self.peak, used)
            if used > self.limits.megabytes * 2**20:
                self.reason = f"your code took more than {self.limits.megabytes} MB of memory"
            if self.reason:
                for process in _tree(self.process.pid):
                    try:
                        process.kill()
                    except psutil.Error:
                        pass
                return


def _tree(pid):
    """The process and all below it."""
    try:
        process = psutil.Process(pid)
        return [process, *process.children(recursive=True)]
    except psutil.Error:
        return []


def _memory(process):
    """Bytes that a process holds alone, with the files that it keeps in memory."""
    try:
        memory = process.memory_info()
        held = memory.rss - memory.shared + _shared_memory(process.pid)
        return max(held, 0)
    except (psutil.Error, OSError):
        return 0


def _shared_memory(pid):
    """Bytes in files that live in memory: pages shared by mapping, and memfd of which no page is mapped."""
    held = 0
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        if "memfd:" in os.readlink(descriptor):
            held += os.stat(descriptor).st_blocks * 512
    return held
