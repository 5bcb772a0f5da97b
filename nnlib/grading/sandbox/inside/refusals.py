"""Forbidden calls of the kernel, seen from outside of the student's process: it may silence its own events.

The filter of `seccomp` lets the kernel ask about some calls. The first process of the namespace, which no
student's code can reach, refuses each and tells the examiner its number.
"""

import ctypes
import errno
import fcntl
import os
import struct

LIBC = ctypes.CDLL(None, use_errno=True)
SET_FILTER, NEW_LISTENER = 1, 8
"""SECCOMP_SET_MODE_FILTER and SECCOMP_FILTER_FLAG_NEW_LISTENER of seccomp(2)."""
RECEIVE, REPLY = 0xC0502100, 0xC0182101
"""SECCOMP_IOCTL_NOTIF_RECV and SECCOMP_IOCTL_NOTIF_SEND: what the kernel asks, and the answer."""
QUESTION, NUMBER_AT = 80, 16
"""Bytes of a question, which begins with its id, and where in it the number of the call stands."""
MOST = 100
"""So many calls are told; all are refused."""


class _Program(ctypes.Structure):
    """A filter as seccomp(2) takes it: the number of its instructions, of eight bytes each, and these."""

    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p)]


def install(instructions, seccomp):
    """Let a filter stand between this process and the kernel: it cannot be removed. Returns the file from
    which `refuse` reads. `seccomp` is the number of that call on this machine. Raises OSError."""
    program = _Program(len(instructions) // 8, instructions)
    listener = LIBC.syscall(
        ctypes.c_long(seccomp),
        ctypes.c_ulong(SET_FILTER),
        ctypes.c_ulong(NEW_LISTENER),
        ctypes.byref(program),
    )
    if listener < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"seccomp: {os.strerror(number)}")
    return listener


def refuse(listener, told):
    """Refuse what the kernel asks about, and write the numbers of the calls to the pipe `told`."""
    left = MOST
    while True:
        question = bytearray(QUESTION)
        try:
            fcntl.ioctl(listener, RECEIVE, question)
            answer = bytes(question[:8]) + struct.pack("qiI", 0, -errno.EPERM, 0)
            if left:
                os.write(told, bytes(question[NUMBER_AT : NUMBER_AT + 4]))
                left -= 1
            fcntl.ioctl(listener, REPLY, bytearray(answer))
        except OSError as error:
            # ENOENT: who asked has ended in the meantime.
            if error.errno not in (errno.ENOENT, errno.EINTR):
                return
