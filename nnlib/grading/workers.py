"""The processes that grade: on this machine, or as workers of a Dask scheduler. Both call `work`."""

import contextlib
import faulthandler
import os
import resource
import signal
import tempfile
import threading
import time
import traceback
from functools import cache
from multiprocessing import connection, forkserver, get_context, parent_process
from pathlib import Path

from nnlib.grading.checks.judging.seed import VARIABLE
from nnlib.grading.sandbox.bubblewrap import SandboxUnavailable, temporary_folder
from nnlib.grading.sandbox.sandbox import Limits


class SchedulerUnreachable(RuntimeError):
    """No Dask scheduler answers, or Dask is not installed."""


def work(task):
    """Grade one submission; an error of the grading itself is a result too, not an end.

    Raises SandboxUnavailable if this machine has no sandbox.
    """
    # Takes a second to load: the process that hands out the work does without it.
    from nnlib.grading.examiner import examine

    os.environ[VARIABLE] = str(task["seed"])
    try:
        try:
            return examine(task)
        except SandboxUnavailable:
            return examine(task)  # what did not start may have been killed: once more
    except SandboxUnavailable:
        raise
    except MemoryError:
        return examine(refused(task, f"Grading it took more than {MEMORY // 2**20} MB of memory."))
    except Exception:
        return failure(task, traceback.format_exc(limit=-4))


GRACE = 60
"""Seconds that the examiner's own work on a submission may take, beside the student's."""


def seconds_for(task):
    """Seconds by the clock after which the process that grades this submission is ended."""
    return (task["limits"] or Limits()).wall_seconds + GRACE


def refused(task, reason):
    """The task of the same submission, of which nothing is run: its verdict is that it cannot be graded."""
    handed_in = task["submission"]
    events = [*handed_in["events"], ["ended", reason]]
    return task | {"submission": handed_in | {"unreadable": reason, "events": events}}


def failure(task, reason):
    """The result of a submission that could not be graded for a reason that is not the student's."""
    return {"student": task["student"], "verdict": "failed", "reasons": [reason], "key": task["key"]}


MEMORY = 4 * 2**30
"""Bytes of address space that a worker may take beside what PyTorch does."""

CONTEXT = get_context("forkserver")
"""Workers are copies of one process that has loaded PyTorch."""


def get_ready():
    """Begin to load what workers need. Call it early: it goes on while this process does other things."""
    CONTEXT.set_forkserver_preload(["torch", "nnlib.grading.examiner", "nnlib.grading.checks"])
    if threading.current_thread() is not threading.main_thread():
        return _start_server()  # of a server, which Ctrl-C does not reach like this
    # What is started while Ctrl-C is ignored ignores it, too: this process alone says that it was stopped.
    handler = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        _start_server()
    finally:
        signal.signal(signal.SIGINT, handler)


@cache
def _folder():
    return str(temporary_folder())


def _start_server():
    """Start the process of which workers are copies. Its socket lies in a folder that is removed by the next
    grading if this one is killed."""
    elsewhere, tempfile.tempdir = tempfile.tempdir, _folder()
    try:
        forkserver.ensure_running()
    finally:
        tempfile.tempdir = elsewhere


def _begin():
    """A worker leaves Ctrl-C to the process that started it, ends with it, and has PyTorch ready."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    import torch

    torch.set_num_threads(1)
    # What a student makes the examiner hold ends in a MemoryError for that student.
    most = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize() + MEMORY
    # The student's processes, which it starts, set a limit of their own.
    resource.setrlimit(resource.RLIMIT_AS, (most, resource.getrlimit(resource.RLIMIT_AS)[1]))


def _end_with_parent():
    """A worker does not notice that its parent was killed, and would wait for work for ever: end it here."""
    parent_process().join()
    os._exit(1)


class Worker:
    """A process that grades one submission after the other, and can be killed over any of them."""

    def __init__(self):
        self.task, self.losses = None, 0
        """What it grades now, and how many workers were lost over that before."""
        self.channel, theirs = CONTEXT.Pipe()
        self.process = CONTEXT.Process(target=_serve, args=(theirs,), daemon=True)
        self.process.start()
        theirs.close()

    def give(self, task, losses):
        """Let it grade a submission, with a deadline."""
        self.task, self.losses = task, losses
        self.deadline = time.monotonic() + seconds_for(task)
        with contextlib.suppress(OSError):  # it was killed: `result` tells
            self.channel.send((work, task))

    def result(self):
        """The result of what it was given, if there is one.

        Raises TimeoutError if it is late, EOFError if it was killed, SandboxUnavailable.
        """
        if not self.channel.poll():
            raise TimeoutError(f"Grading it took longer than {seconds_for(self.task):g} seconds.")
        try:
            result = self.channel.recv()
        except OSError:
            raise EOFError from None
        self.task = None
        if isinstance(result, SandboxUnavailable):
            raise result
        return result

    def end(self):
        """Kill it. Its sandbox ends with it."""
        self.process.kill()
        self.process.join()
        self.channel.close()


def _serve(channel):
    """The life of a worker."""
    _begin()
    with contextlib.suppress(EOFError):
        while True:
            function, task = channel.recv()
            try:
                result = function(task)
            except SandboxUnavailable as reason:
                result = reason
            channel.send(result)


def on_this_machine(tasks, workers):
    """Yield (task, result) as they are done. `tasks` is read as workers become free.

    A submission that keeps its worker for too long ends it, and its verdict says so. One whose worker is
    killed by something else is tried once more.
    """
    get_ready()
    tasks, again, crew, in_hand = ((task, 0) for task in tasks), [], [], None
    try:
        while True:
            in_hand = in_hand or (again.pop() if again else next(tasks, None))
            if in_hand and (worker := _free(crew, workers)):
                worker.give(*in_hand)
                in_hand = None
                continue
            busy = [worker for worker in crew if worker.task]
            if not busy:
                return
            worker = _heard(busy)
            task, losses = worker.task, worker.losses
            try:
                result = worker.result()
            except (EOFError, TimeoutError) as lost:
                crew.remove(worker)
                worker.end()
                if not losses:
                    late = isinstance(lost, TimeoutError)
                    again.append((refused(task, str(lost)) if late else task, 1))
                    continue
                result = failure(
                    task, "The process that graded this submission was killed or took too long, twice."
                )
            else:
                if in_hand:  # so that it computes while this result is written
                    worker.give(*in_hand)
                    in_hand = None
            yield task, result
    finally:
        for worker in crew:
            worker.end()


def _free(crew, workers):
    """A worker that has nothing to do; a new one is started if there are not as many as there may be."""
    free = next((worker for worker in crew if not worker.task), None)
    if free is None and len(crew) < workers:
        free = Worker()
        crew.append(free)
    return free


def _heard(busy):
    """The first of these workers that has a result, has ended, or is late."""
    by_channel = {worker.channel: worker for worker in busy}
    late = min(busy, key=lambda worker: worker.deadline)
    ready = connection.wait(by_channel, max(0, late.deadline - time.monotonic()))
    return by_channel[ready[0]] if ready else late


ALONE = threading.Lock()
"""A process grades one submission at a time, however many threads a Dask worker has: checks print."""


def work_alone(task):
    """`work` in a Dask worker: nobody above it has a deadline, so it ends itself, even if it is busy in a
    library."""
    with ALONE, open(os.devnull, "w") as quiet:
        faulthandler.dump_traceback_later(seconds_for(task), exit=True, file=quiet)
        try:
            return work(task)
        finally:
            faulthandler.cancel_dump_traceback_later()


ANSWERS_WITHIN = "10s"
"""The time that a Dask scheduler has to answer."""


def on_a_cluster(tasks, scheduler):
    """The same by the workers of a Dask scheduler at an address such as tcp://host:8786."""
    try:
        from distributed import Client, as_completed
    except ImportError:
        raise SchedulerUnreachable("--scheduler needs Dask: pip install 'nnlib[cluster]'.") from None
    try:
        client = Client(scheduler, timeout=ANSWERS_WITHIN, set_as_default=False)
    except OSError as error:
        raise SchedulerUnreachable(f"No Dask scheduler answers at {scheduler}: {str(error)[:200]}") from None
    with client:
        tasks, waiting, done = iter(tasks), {}, as_completed(loop=client.loop)
        most = 2 * max(1, sum(client.nthreads().values()))

        def fill():
            for task in tasks:
                # Two deaths of a worker over one submission are enough.
                future = client.submit(work_alone, task, pure=False, retries=1)
                waiting[future.key] = task
                done.add(future)
                if len(waiting) >= most:
                    break

        fill()
        while waiting:
            future = next(done)
            task = waiting.pop(future.key)
            error = future.exception()
            if isinstance(error, SandboxUnavailable):
                raise error
            yield task, failure(task, f"The cluster failed: {error}") if error else future.result()
            fill()
