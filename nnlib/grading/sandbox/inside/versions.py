"""Other versions of a student's function, run in the process where the function itself runs.

They run in a copy of the process (a fork), which ends after a second of computing or when it needs more
memory than it may: so the versions change and print nothing in the process itself. Without fork (Windows)
no version is run.
"""

import ast
import contextlib
import copy
import inspect
import io
import json
import linecache
import os
import select
import signal
import sys
import textwrap
import time
import warnings
from types import FunctionType

import numpy as np

from nnlib.grading.sandbox.inside import values

SECONDS = 1.0
"""Seconds of computing for all versions together."""
EACH = 0.02
"""Seconds of computing for one version, or TIMES as long as the function itself takes: a loop may not end."""
TIMES = 5
LONGEST_WAIT = 10.0
"""Seconds that a copy may wait for something, not counting that for its turn on a busy machine."""
LOOK = 0.1
"""Seconds after which it is looked at again whether it waits."""
MEGABYTES = 256
"""Megabytes that the copy may use beyond what it starts with."""
MOST_CHARACTERS = 100_000
"""Most characters of one result. The results that a check asks for are shorter."""


def source_of(function):
    """[number of its first line in its cell, source] of a plain function or a class; None for all else."""
    if isinstance(function, type):
        return _source_of_class(function)
    if type(function) is not FunctionType or function.__name__ == "<lambda>":
        return None
    try:
        lines, first = inspect.getsourcelines(function)
    except (OSError, TypeError):
        return None
    return [max(first, 1), textwrap.dedent("".join(lines))]


def _source_of_class(of):
    """By a method: a class does not know the cell in which it was written."""
    codes = [method.__code__ for method in _methods(of)]
    lines = linecache.getlines(codes[0].co_filename) if codes else []
    try:
        tree = ast.parse("".join(lines))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.lineno <= codes[0].co_firstlineno <= node.end_lineno:
            return [node.lineno, "".join(lines[node.lineno - 1 : node.end_lineno])]
    return None


def _methods(of):
    return [method for method in vars(of).values() if type(method) is FunctionType]


def results_of(function, sources, calls, through=None):
    """What each version gives for each call's arguments, as `values.encode` writes it.

    sources: of functions or classes that have the name of `function`. through: from such a one to the plain
    function that is called. None stands for a call that raised, and for
    a result that does not cross by value. The list ends where time or memory did.
    """
    if not hasattr(os, "fork"):
        return []
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the fork of a process with threads: the copy has one
        child = os.fork()
    if child == 0:
        try:
            os.close(reading)
            _bound()
            with open(writing, "wb", buffering=0) as file:
                _run(function, sources, calls, file, through)
        finally:
            os._exit(0)
    os.close(writing)
    try:
        lines = _read(reading, child).split(b"\n")[:-1]
    finally:
        os.close(reading)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    return [json.loads(line) for line in lines]


def _bound():
    """Set the limits of the copy, and throw away what it prints."""
    import resource

    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    with contextlib.suppress(OSError, ValueError):  # where /proc or the limit is not there
        with open("/proc/self/statm") as file:
            used = int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
        most = resource.getrlimit(resource.RLIMIT_AS)[1]
        own = used + MEGABYTES * 2**20
        resource.setrlimit(resource.RLIMIT_AS, (own if most < 0 else min(own, most), most))
    sys.stdout = sys.stderr = io.StringIO()


def _run(function, sources, calls, file, through):
    known = _methods(function)[0].__globals__ if isinstance(function, type) else function.__globals__
    signal.signal(signal.SIGVTALRM, _too_long)
    most = max(EACH, TIMES * _seconds(function, calls, through))
    for source in sources:
        results = []
        try:
            signal.setitimer(signal.ITIMER_VIRTUAL, most)
            names = dict(known)
            exec(compile(source, "<version>", "exec"), names)
            with np.errstate(all="ignore"), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                version = names[function.__name__]
                plain = through(version) if through else version
                for arguments in calls:
                    results.append(_encoded(plain(*copy.deepcopy(arguments))))
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        except BaseException:  # also SystemExit: this version is not the right one
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            results += [None] * (len(calls) - len(results))
        file.write(json.dumps(results).encode() + b"\n")


class TooLong(BaseException):
    """A version takes far longer than the function itself. No Exception: a student may catch that."""


def _too_long(number, frame):
    raise TooLong


def _seconds(function, calls, through):
    """How long the function itself takes for these calls."""
    begun = time.process_time()
    with contextlib.suppress(Exception), np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        plain = through(function) if through else function
        for arguments in calls:
            plain(*copy.deepcopy(arguments))
    return time.process_time() - begun


def _encoded(value):
    data = values.encode(value, _refuse)
    return data if len(json.dumps(data)) <= MOST_CHARACTERS else None


def _refuse(value):
    raise values.NotTransferable("Of a version only numbers are of use.")


def _read(reading, child):
    """All that comes through a pipe until it is closed, or until the copy has waited for too long."""
    parts, waited = [], 0.0
    while waited < LONGEST_WAIT:
        before = time.monotonic()
        if select.select([reading], [], [], LOOK)[0]:
            part = os.read(reading, 2**16)
            if not part:
                break
            parts.append(part)
        if _waits(child):
            waited += time.monotonic() - before
    return b"".join(parts)


def _waits(child):
    """Whether a process waits for something else than its turn; True where /proc is not there."""
    try:
        with open(f"/proc/{child}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "R"
    except OSError:
        return True
