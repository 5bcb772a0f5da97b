"""A command as an ordinary user: what an attack can reach as one does not show where root grades."""

import os
import pwd
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.grading.catalogue import ROOT

NAME = "nnlib-tester"


def run(line):
    """Run a command in the root of the course as an ordinary user with an empty home.

    Root makes that user if there is none. Returns the completed process, with its output as text.
    """
    if os.getuid() != 0:
        return subprocess.run(line, cwd=ROOT, capture_output=True, text=True)
    with tempfile.TemporaryDirectory(prefix="nnlib-ordinary-") as folder:
        os.chmod(folder, 0o755)
        return _by_root(line, folder)


def _by_root(line, folder):
    try:
        user = pwd.getpwnam(NAME)
    except KeyError:
        subprocess.run(["useradd", "--system", "--no-create-home", NAME], check=True)
        user = pwd.getpwnam(NAME)
    home = Path(folder, "home")
    home.mkdir()
    os.chown(home, user.pw_uid, user.pw_gid)
    steps = [
        *_opened(ROOT, folder),
        *_opened(Path(sys.executable).resolve().parent.parent, folder),
        f"cd {shlex.quote(str(ROOT))}",
        f"exec setpriv --reuid={user.pw_uid} --regid={user.pw_gid} --clear-groups "
        f"env -i HOME={shlex.quote(str(home))} TMPDIR={shlex.quote(str(home))} PATH={shlex.quote(os.environ['PATH'])} "
        f"{shlex.join(line)}",
    ]
    inside = ["unshare", "--mount", "--propagation", "private", "sh", "-ec", "\n".join(steps)]
    return subprocess.run(inside, capture_output=True, text=True)


def _opened(path, folder):
    """Shell commands that let everybody reach a path below a folder which only root may enter: in this
    mount namespace, an empty folder with nothing but the path covers it."""
    closed = next((parent for parent in reversed(path.parents) if not parent.stat().st_mode & 1), None)
    if closed is None:
        return []
    aside = Path(folder, f"aside-{len(os.listdir(folder))}")
    aside.mkdir()
    path, closed, aside = (shlex.quote(str(p)) for p in (path, closed, aside))
    return [
        f"mount --bind {path} {aside}",
        f"mount -t tmpfs -o mode=755 tmpfs {closed}",
        f"mkdir -p {path}",
        f"mount --move {aside} {path}",
    ]
