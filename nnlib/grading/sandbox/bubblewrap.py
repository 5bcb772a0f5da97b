"""The walls: what bubblewrap lets a sandbox see, and whether it works on this machine.

What is there: the system and Python, read-only; nnlib without what is withheld; an empty private
home and /tmp. What is not there: the network, torch, the solutions, the gradebook, other
submissions, root.
"""

import fcntl
import os
import shutil
import site
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from multiprocessing.util import Finalize
from pathlib import Path

from nnlib.grading.sandbox import library, seccomp

HOME = "/home/student"
PREFIX = "nnlib-sandbox-"
"""How the names of temporary folders begin."""
LIBRARY = "/library"
"""Where the student's code finds nnlib, without what is withheld, however nnlib is installed here."""


class SandboxUnavailable(RuntimeError):
    """There is no working sandbox. The text says why, and what to do."""


def unavailable():
    """Why there is no working sandbox on this machine, in a sentence with what to do; None if there is."""
    if sys.platform != "linux":
        here = "macOS" if sys.platform == "darwin" else sys.platform
        return (
            f"Grading needs Linux: the sandbox is made of Linux namespaces, and {here} has none. "
            "Grade in a Linux container or virtual machine."
        )
    if shutil.which("bwrap") is None:
        return (
            "Grading needs bubblewrap, and there is no 'bwrap' here. "
            "Install it (Debian, Ubuntu: apt install bubblewrap; Fedora: dnf install bubblewrap)."
        )
    try:
        seccomp.program()
    except OSError as error:
        return (
            f"Grading needs libseccomp, and it does not work here ({error}). "
            "Install it (Debian, Ubuntu: apt install libseccomp2; Fedora: dnf install libseccomp)."
        )
    trial = subprocess.run(
        [*_namespaces(), "--ro-bind", "/", "/", "--", "true"], capture_output=True, text=True
    )
    if trial.returncode == 0:
        return None
    said = trial.stderr.strip().splitlines()[-1:] or [f"exit code {trial.returncode}"]
    if os.getuid() == 0:
        advice = (
            "Root lacks CAP_SYS_ADMIN here: grade from an ordinary account, "
            "or give the container that capability."
        )
    else:
        advice = (
            "User namespaces are forbidden here: allow them (sysctl kernel.unprivileged_userns_clone=1; "
            "Ubuntu 24: sysctl kernel.apparmor_restrict_unprivileged_userns=0), "
            "or grade on a machine that allows them."
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
    # The fork server builds a second wall around each student's process, and then drops this too.
    own += ["--cap-add", "CAP_SYS_ADMIN"]
    return ["bwrap", *own, "--die-with-parent", "--new-session"]


@dataclass(frozen=True)
class Stage:
    """What all sandboxes of one unit share, prepared once: nnlib without the withheld."""

    folder: Path
    modules: tuple


@cache
def stage(modules):
    """The stage for a unit that withholds `modules`. It is removed when this process ends."""
    folder = temporary_folder()
    library.copy_without(modules, folder / "nnlib")
    library.absent_packages(folder / "absent")
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    folder.chmod(0o755)
    return Stage(folder, modules)


def temporary_folder():
    """A new folder that this process holds by a lock, so that others see whether it is still in use. What
    processes have left behind that were killed is removed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        try:
            held = os.open(folder, os.O_RDONLY)
        except OSError:
            continue
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
        except OSError:
            pass
        finally:
            os.close(held)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    fcntl.flock(os.open(folder, os.O_RDONLY), fcntl.LOCK_EX)
    # By multiprocessing's own register: its processes do not look at atexit's. After the folder that it makes
    # itself, of priority -100, which may lie in this one.
    Finalize(None, shutil.rmtree, (folder,), {"ignore_errors": True}, exitpriority=-200)
    return folder


def _folders_of_python():
    """The folders that Python needs: the environment, the installation that it was made from, packages."""
    folders = {Path(p).resolve() for p in (sys.prefix, sys.base_prefix, sys.exec_prefix)}
    # A .pth file may name packages that lie elsewhere.
    folders |= {Path(p).resolve() for p in sys.path if Path(p).name in ("site-packages", "dist-packages")}
    folders.discard(Path(site.getusersitepackages()).resolve())
    folders.add(Path(os.path.realpath(sys.executable)).parent.parent)
    folders = {folder for folder in folders if not folder.is_relative_to("/usr")}
    return sorted(f for f in folders if not any(f != other and f.is_relative_to(other) for other in folders))


def command(stage, channel):
    """The bubblewrap command line around the fork server, which listens to the socket of number `channel`."""
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
    line += ["--ro-bind-try", "/var/cache/fontconfig", "/var/cache/fontconfig"]
    # bubblewrap makes missing folders for its own user alone: make them for all.
    folders = _folders_of_python()
    for parent in sorted({parent for folder in folders for parent in folder.parents} - {Path("/")}):
        line += ["--perms", "0755", "--dir", str(parent)]
    for folder in folders:
        line += ["--ro-bind", str(folder), str(folder)]
    # A wheel puts the complete nnlib beside the other packages: the same stripped copy covers it.
    covers = {package: stage.folder / "absent" / package for package in library.ABSENT}
    for name, cover in (covers | {"nnlib": stage.folder / "nnlib"}).items():
        for package in {
            Path(path, *name.split(".")).resolve() for path in (*sys.path, *site.getsitepackages()) if path
        }:
            if package.is_dir() and any(map(package.is_relative_to, (*folders, "/usr"))):
                line += ["--ro-bind", str(cover), str(package)]
    line += ["--perms", "0755", "--dir", LIBRARY]
    line += ["--ro-bind", str(stage.folder / "nnlib"), f"{LIBRARY}/nnlib"]
    cached = f"{HOME}/.config/matplotlib"
    line += ["--perms", "0777", "--dir", f"{HOME}/.config", "--perms", "0777", "--dir", cached]
    line += ["--clearenv", "--chdir", "/", *_environment(cached)]
    line += ["--remount-ro", "/dev", "--remount-ro", "/", "--"]
    line += [sys.executable, "-m", "nnlib.grading.sandbox.inside.forkserver", str(channel), HOME]
    return [*line, *map(str, folders)]


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
        "PYTHONPATH": LIBRARY,
        "PYTHONSAFEPATH": "1",
        "TMPDIR": "/tmp",
        "USER": "student",
    }
    return [word for name, value in variables.items() for word in ("--setenv", name, value)]
