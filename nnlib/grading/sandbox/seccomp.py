"""Calls of the kernel that a student's process may not make: a filter for seccomp, made by libseccomp.

Forbidden is what reaches beyond the process and its own files: key rings, other processes' memory, BPF,
io_uring, new namespaces and mounts, sockets of the machine, and memory that no file limits and no
process is seen to hold (so that the bound on memory holds). Such a call fails with EPERM. Of calls that no
library of the course makes the examiner hears.
"""

import ctypes
import errno
import os
import tempfile
from functools import cache

ALLOW, REFUSE, MISSING = 0x7FFF0000, 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS
ASK = 0x7FC00000
"""SCMP_ACT_NOTIFY: `inside.refusals` refuses the call and tells of it."""

TOLD = (
    # key rings
    "add_key request_key keyctl "
    # other processes, and the kernel
    "ptrace process_vm_readv process_vm_writev pidfd_getfd kcmp bpf perf_event_open userfaultfd syslog "
    # namespaces, mounts
    "unshare setns mount umount2 pivot_root chroot move_mount open_tree fsopen fsconfig fsmount fspick "
    "mount_setattr quotactl quotactl_fd swapon swapoff name_to_handle_at open_by_handle_at fanotify_init "
    # the machine
    "reboot kexec_load kexec_file_load init_module finit_module delete_module acct iopl ioperm modify_ldt "
    "settimeofday clock_settime clock_adjtime adjtimex sethostname setdomainname vhangup lookup_dcookie"
).split()

FORBIDDEN = (
    TOLD
    + (
        # what libraries may try
        "process_madvise io_uring_setup io_uring_enter io_uring_register "
        # memory that stays when a process no longer maps it
        "memfd_create memfd_secret shmget shmat shmctl msgget msgsnd semget mq_open"
    ).split()
)

NEW_NAMESPACES = (0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000)
"""CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET: flags of clone."""
SHARED_AND_NAMELESS = 0x21
"""MAP_SHARED | MAP_ANONYMOUS, flags of mmap."""
LAST_FAMILY = 10
"""AF_INET6. Families of sockets beyond are the machine's: netlink, packets, its hypervisor."""

AT_LEAST, MASKED = 5, 7
"""Comparisons of an argument: its value, or the bits of a mask."""


class _Comparison(ctypes.Structure):
    _fields_ = [
        ("argument", ctypes.c_uint),
        ("operator", ctypes.c_int),
        ("first", ctypes.c_uint64),
        ("second", ctypes.c_uint64),
    ]


@cache
def library():
    """libseccomp. Raises OSError where it is not installed."""
    loaded = ctypes.CDLL("libseccomp.so.2")
    loaded.seccomp_init.restype = ctypes.c_void_p
    loaded.seccomp_init.argtypes = [ctypes.c_uint32]
    loaded.seccomp_release.argtypes = [ctypes.c_void_p]
    loaded.seccomp_rule_add_array.argtypes = [
        ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int, ctypes.c_uint, ctypes.POINTER(_Comparison),
    ]  # fmt: skip
    loaded.seccomp_export_bpf.argtypes = [ctypes.c_void_p, ctypes.c_int]
    return loaded


@cache
def names():
    """The number of each call of which the examiner hears -> its name."""
    return {number(name): name for name in TOLD}


def number(name):
    """The number of a call on this machine; negative if it has none."""
    return library().seccomp_syscall_resolve_name(name.encode())


@cache
def program():
    """The filter as the kernel takes it, in bytes. Raises OSError."""
    context = library().seccomp_init(ALLOW)
    try:
        for name in FORBIDDEN:
            _refuse(context, name, action=ASK if name in TOLD else REFUSE)
        for flag in NEW_NAMESPACES:
            _refuse(context, "clone", _Comparison(0, MASKED, flag, flag))
        # Its flags lie in memory, where no filter sees them: as if it was not there, clone is used.
        _refuse(context, "clone3", action=MISSING)
        _refuse(context, "mmap", _Comparison(3, MASKED, SHARED_AND_NAMELESS, SHARED_AND_NAMELESS))
        _refuse(context, "socket", _Comparison(0, AT_LEAST, LAST_FAMILY + 1, 0))
        with tempfile.TemporaryFile() as file:
            _check(library().seccomp_export_bpf(context, file.fileno()), "seccomp_export_bpf")
            file.seek(0)
            return file.read()
    finally:
        library().seccomp_release(context)


def _refuse(context, name, *comparisons, action=REFUSE):
    """Add one rule. A call that this machine or this libseccomp does not know needs none."""
    if (call := number(name)) < 0:
        return
    compared = (_Comparison * len(comparisons))(*comparisons)
    code = library().seccomp_rule_add_array(context, action, call, len(comparisons), compared)
    _check(code, f"seccomp_rule_add for {name}")


def _check(code, what):
    if code < 0:
        raise OSError(-code, f"{what}: {os.strerror(-code)}")
