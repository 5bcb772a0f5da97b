"""The processes that grade: on this machine, or as workers of a Dask scheduler. Both call `work`."""

import contextlib
import faulthandler
import os
import resource
import signal
import threading
import traceback
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, ProcessPoolExecutor, wait
from multiprocessing import forkserver, get_context, parent_process
from pathlib import Path

from nnlib.grading.checks.judging.seed import VARIABLE
from nnlib.grading.sandbox.bubblewrap import SandboxUnavailable
from nnlib.grading.sandbox.sandbox import Limits


class SchedulerUnreachable(RuntimeError):
    """No Dask scheduler answers, or Dask is not installed."""


ALONE = threading.Lock()
"""A process grades one submission at a time, however many threads a Dask worker has: checks print."""


def work(task):
    """Grade one submission; an error of the grading itself is a result too, not an end.

    Raises SandboxUnavailable if this machine has no sandbox.
    """
    # Takes a second to load: the process that hands out the work does without it.
    from nnlib.grading.examiner import examine

    with ALONE, _deadline(task):
        os.environ[VARIABLE] = str(task["seed"])
        try:
            return examine(task)
        except SandboxUnavailable:
            raise
        except Exception:
            return failure(task, traceback.format_exc(limit=-4))


GRACE = 60
"""Seconds that the examiner's own work on a submission may take, beside the student's."""


@contextlib.contextmanager
def _deadline(task):
    """End this process if a submission keeps it for too long, even if it is busy in a library."""
    limits = task["limits"] or Limits()
    with open(os.devnull, "w") as quiet:
        faulthandler.dump_traceback_later(limits.wall_seconds + GRACE, exit=True, file=quiet)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()


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
        return forkserver.ensure_running()  # of a server, which Ctrl-C does not reach like this
    # What is started while Ctrl-C is ignored ignores it, too: this process alone says that it was stopped.
    handler = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        forkserver.ensure_running()
    finally:
        signal.signal(signal.SIGINT, handler)


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


def on_this_machine(tasks, workers):
    """Yield (task, result) as they are done. `tasks` is read as workers become free.

    A task whose worker is killed is tried once more, by itself; then that is its result.
    """
    get_ready()
    tasks = iter(tasks)
    alone = []
    while True:
        lost = yield from _pool(tasks, workers)
        if not lost:
            break
        alone += lost
        # A pool ends with its worker, and its tasks are lost: run each again in a pool of one worker.
        for task in lost:
            again = yield from _pool(iter([task]), 1)
            for task in again:
                yield (
                    task,
                    failure(
                        task, "The process that graded this submission was killed or took too long, twice."
                    ),
                )


def _pool(tasks, workers):
    """Yield (task, result); return the tasks whose results were lost when a worker was killed."""
    waiting = {}
    executor = ProcessPoolExecutor(workers, mp_context=CONTEXT, initializer=_begin)
    try:
        while True:
            for task in tasks:
                try:
                    waiting[executor.submit(work, task)] = task
                except BrokenExecutor:
                    return [*waiting.values(), task]
                if len(waiting) >= 2 * workers:
                    break
            if not waiting:
                return []
            done, _ = wait(waiting, return_when=FIRST_COMPLETED)
            lost = []
            for future in done:
                task = waiting.pop(future)
                try:
                    result = future.result()
                except BrokenExecutor:
                    lost.append(task)
                else:
                    yield task, result
            if lost:
                return [*lost, *waiting.values()]
    finally:
        processes = list((executor._processes or {}).values()) if waiting else []
        results = executor._result_queue
        executor.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.terminate()
        if processes:
            # One of them may have sent half of a result. Its reader, which this process waits for at its
            # end, waits for the other half as long as anybody could write it.
            results._writer.close()


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
                future = client.submit(work, task, pure=False, retries=1)
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
