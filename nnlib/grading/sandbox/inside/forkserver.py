"""The fork server: Python with its libraries loaded, of which every examinee is a copy.

Started once for each worker, inside bubblewrap's walls, as
`python -m nnlib.grading.sandbox.inside.forkserver SOCKET HOME [FOLDER ...]`. Loading IPython and
matplotlib takes far longer than copying a process that has them. Each copy gets walls of its own
within the walls: process, network, message, mount and user namespaces, an empty home, /tmp and
/dev/shm, and nothing else that can be written to. Then it gives up every right, and the calls of the
kernel that reach beyond it, and becomes an examinee; nothing that one does reaches the next.
"""

import base64
import ctypes
import gc
import importlib
import os
import pkgutil
import signal
import socket
import sys
import threading
from pathlib import Path

import nnlib
from nnlib.grading.sandbox.inside import examinee, refusals, values

LIBC = ctypes.CDLL(None, use_errno=True)
NEW_NAMESPACES = 0x00020000 | 0x04000000 | 0x08000000 | 0x20000000 | 0x40000000
"""CLONE_NEWNS, NEWUTS, NEWIPC, NEWPID and NEWNET of Linux."""
NEW_USER = 0x10000000
"""CLONE_NEWUSER."""
READ_ONLY, NO_SUID, NO_DEVICES, NO_PROGRAMS, REMOUNT, BIND, RECURSIVE, PRIVATE = (
    1, 2, 4, 8, 32, 4096, 16384, 1 << 18,
)  # fmt: skip
"""Flags of mount(2)."""
DUMPABLE, AMBIENT = 4, 47
"""PR_SET_DUMPABLE and PR_CAP_AMBIENT of prctl(2)."""

PLACES = {"/tmp": 256, "/dev/shm": 16}
"""Places that are empty for each examinee, beside its home, and how many MB fit."""
MOST_FILES = 20_000
"""Files and folders in each of these places: they take memory too, even if they are empty."""


def preload():
    """Import what nearly every notebook needs: modules of nnlib, NumPy, matplotlib, SciPy's BLAS."""
    pictures = "matplotlib.pyplot", "matplotlib_inline.backend_inline", "PIL.PngImagePlugin"
    for module in (*pictures, "scipy.linalg.blas"):
        importlib.import_module(module)
    for module in pkgutil.iter_modules(nnlib.__path__, "nnlib."):
        if not module.name.startswith("nnlib.grading"):
            importlib.import_module(module.name)
    # What is there already is never looked through again, and so never copied.
    gc.collect()
    gc.freeze()


def main(number, home, folders):
    """Start an examinee for each message, which brings its pipes: for what is asked, for the answers, and for
    the calls of the kernel that were refused; and the door to its cgroup, if it has one."""
    channel = socket.socket(fileno=number)
    preload()
    places = PLACES | {home: 256}
    channel.send(nnlib.__file__.encode())
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        message, pipes, _, _ = socket.recv_fds(channel, 16, 4)
        if not message:
            return
        if os.fork() == 0:
            channel.close()
            _become(pipes, places, folders)
        for pipe in pipes:
            os.close(pipe)


def _become(pipes, places, folders):
    """Build the walls, and be an examinee behind them. Does not return."""
    try:
        for door in pipes[3:]:
            os.write(door, b"0")  # this process and all that it starts are inside from now on
            os.close(door)
        pipes = pipes[:3]
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        _call(LIBC.unshare, NEW_NAMESPACES)
        if first := os.fork():
            # This process stays outside of the new process namespace.
            for pipe in pipes:
                os.close(pipe)
            os.waitpid(first, 0)
            os._exit(0)
        _mount_anew(places, folders)
        asked, answers = open(pipes[0], "rb"), open(pipes[1], "wb")
        settings = values.receive(asked)
        _leave_user()
        examinee.limit(settings["limits"])
        _give_up_rights()
        above, below = socket.socketpair()
        if student := os.fork():
            # The first process of a namespace takes in orphans, and ends them all with itself.
            _call(LIBC.prctl, DUMPABLE, 0, 0, 0, 0)  # no process below can read its memory
            below.close()
            _, (listener,), _, _ = socket.recv_fds(above, 1, 1)
            asked.close()
            os.close(pipes[1])
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
            threading.Thread(target=refusals.refuse, args=(listener, pipes[2]), daemon=True).start()
            while os.wait()[0] != student:
                pass
            os._exit(0)
        os.setsid()
        above.close()
        listener = refusals.install(base64.b64decode(settings["forbidden"]), settings["seccomp"])
        socket.send_fds(below, [b"x"], [listener])
        below.close()
        os.close(listener)
        os.close(pipes[2])
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    except BaseException as error:
        # The examiner reads what bubblewrap writes to stderr.
        os.write(2, f"{type(error).__name__}: {error}\n".encode())
        os._exit(1)
    try:
        examinee.serve(settings, asked, answers)
    finally:
        os._exit(0)


def _mount_anew(places, folders):
    """Cover each place with an empty one of limited size, but for the folders below that Python needs."""
    _mount(None, "/", None, RECURSIVE | PRIVATE)
    kept = {
        folder: os.open(folder, os.O_PATH)
        for folder in folders
        if any(Path(folder).is_relative_to(p) for p in places)
    }
    for place, megabytes in places.items():
        mode = "0777" if place not in PLACES else "1777"
        size = f"size={megabytes}m,nr_inodes={MOST_FILES},mode={mode}"
        _mount("tmpfs", place, "tmpfs", NO_SUID | NO_DEVICES, size)
    for folder, descriptor in kept.items():
        os.makedirs(folder, exist_ok=True)
        _mount(f"/proc/self/fd/{descriptor}", folder, None, BIND | RECURSIVE)
        os.close(descriptor)
    # bubblewrap covers parts of /proc; a second one may only be mounted where none is covered.
    for part in ("sys", "sysrq-trigger", "irq", "bus"):
        LIBC.umount2(f"/proc/{part}".encode(), 2)
    _mount("proc", "/proc", "proc", NO_SUID | NO_DEVICES | NO_PROGRAMS)
    for part in ("sys", "sysrq-trigger", "irq", "bus"):
        if os.path.exists(f"/proc/{part}"):
            _mount(f"/proc/{part}", f"/proc/{part}", None, BIND)
            _mount("none", f"/proc/{part}", None, BIND | REMOUNT | READ_ONLY)
    _mount("devpts", "/dev/pts", "devpts", NO_SUID | NO_PROGRAMS, "newinstance,ptmxmode=0666,mode=620")
    # Shared memory comes from /dev/zero too, and no limit on files bounds it.
    _mount("/dev/null", "/dev/zero", None, BIND)


def _mount(source, place, kind, flags, options=None):
    encoded = [text.encode() if text else None for text in (source, place, kind)]
    _call(LIBC.mount, *encoded, ctypes.c_ulong(flags), options.encode() if options else None)


def _call(function, *arguments):
    if function(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{function.__name__}: {os.strerror(number)}")


def _leave_user():
    """An ordinary user is one user for all students: each gets a user namespace of its own, where key
    rings, limits and counts of a user end. Where root grades, each student is another user."""
    if (user := os.getuid()) != 0:
        group = os.getgid()
        _call(LIBC.unshare, NEW_USER)
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")


def _give_up_rights():
    """Drop every capability, also the ambient ones that bubblewrap gave. No program gets them back:
    bubblewrap has set no_new_privs."""
    LIBC.prctl(AMBIENT, 4, 0, 0, 0)  # PR_CAP_AMBIENT_CLEAR_ALL
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)  # _LINUX_CAPABILITY_VERSION_3, this process
    _call(LIBC.capset, header, (ctypes.c_uint32 * 6)())


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3:])
