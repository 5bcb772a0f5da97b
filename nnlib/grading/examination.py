"""One student's cells and the instructor's checks, run in the order of the notebook.

The cells run in the sandbox; the checks run here, and call the student's functions there.
"""

import base64
import contextlib
import importlib
import io
import time

import numpy as np

from nnlib.grading.checks import CheckFailed
from nnlib.grading.gradebook.cleaning import MOST_OF_NOTEBOOK, clean, storable
from nnlib.grading.sandbox import bubblewrap, library, sandbox
from nnlib.grading.sandbox.inside.values import NotTransferable
from nnlib.grading.sandbox.remote import RemoteNames

MOST_ENTRIES = 100
"""At most so many events of one submission are kept, so many reasons and so many hints."""
MOST_QUESTIONS = 20_000
"""Messages to the student's process in one check. No check of the course needs as many."""
LONGEST_HINT = 5000
"""Characters of what one check says."""
OUT_OF_TIME = "OutOfTime"
"""The kind of error that the student's process reports when it has stopped itself."""
MOST_STARTS = 4
"""How often a student's process is started: after a cell has ended it, once more without that cell."""


class Again(BaseException):
    """The student's process is gone, perhaps by a kill that was not the student's doing: once, all begins
    anew. Not an Exception: a check would take that for the function's."""


class Examination:
    """One student's cells and checks, in the order of the notebook.

    deadline: that of the first time, if this is the second. The first raises Again if the student's process
    is gone and there is time to begin anew.
    """

    def __init__(self, task, cells, deadline=None):
        self.task, self.again, self.deadline = task, deadline is not None, deadline
        self.cells = cells
        self.withheld = task["release"]["withheld"]
        self.limits = task["limits"] or sandbox.Limits()
        self.sandbox = None
        self.hints, self.events, self.reasons, self.shown = [], [], [], []
        self.out_of_time = {}
        self.left_to_ask = None
        self.fatal = set()
        self.starts = 0
        self.last_reason = "the process that runs your code has ended"
        self.peak = 0
        self.memory = None
        self.student_seconds = 0.0
        self.left = MOST_OF_NOTEBOOK

    def run(self):
        """Number of a cell -> its outputs."""
        outputs = {}
        self.deadline = self.deadline or time.monotonic() + self.limits.wall_seconds
        try:
            try:
                self._start()
            except sandbox.ExamineeEnded as ended:
                self._lose(str(ended))
            for number in self._order():
                outputs[number] = self._cell(number)
        finally:
            self._stop()
        return outputs

    def _order(self):
        """Code cells in order; pictures come last if modules are withheld, when these are back."""
        code = [n for n, cell in enumerate(self.cells) if cell["cell_type"] == "code"]
        late = [n for n in code if self.withheld and is_picture(self.cells[n])]
        yield from (n for n in code if n not in late)
        if late and self.sandbox:
            with contextlib.suppress(sandbox.ExamineeEnded):
                self.ask({"do": "release", "files": library.sources(self.withheld)})
        yield from late

    def _start(self):
        self.starts += 1
        left = max(1.0, self.deadline - time.monotonic())
        limits = sandbox.Limits(**{**vars(self.limits), "wall_seconds": left})
        stage = self.task.get("stage") or bubblewrap.stage(self.withheld)
        started = sandbox.Sandbox(stage, limits, self.task["unsafe"])
        self.sandbox = started.__enter__()
        self.memory = started.memory
        for name, data in self.task["submission"]["files"].items():
            self.ask({"do": "file", "name": name, "data": base64.b64encode(data).decode()})

    def _stop(self):
        if self.sandbox:
            self.sandbox.__exit__()
            kinds = {kind for kind, _ in self.events}
            self.events += [[kind, text] for kind, text in self.sandbox.seen.items() if kind not in kinds]
            self.peak = max(self.peak, self.sandbox.peak)
            self.sandbox = None

    def _lose(self, reason):
        """End the student's process, and go on without one."""
        self.last_reason = reason
        self.reasons.append(f"Nothing of yours was run: {reason}.")
        self._stop()

    def ask(self, message):
        """Ask the student's process; what it showed goes to the cell that runs now."""
        if self.left_to_ask is not None:
            if self.left_to_ask == 0:
                raise Exceeded("endless", f"This check has asked your code {MOST_QUESTIONS} times in vain.")
            self.left_to_ask -= 1
        begun = time.monotonic()
        try:
            reply = self.sandbox.ask(message)
        except sandbox.ExamineeGone:
            if self.again or time.monotonic() > self.deadline - self.limits.wall_seconds / 2:
                raise
            raise Again from None
        finally:
            self.student_seconds += time.monotonic() - begun
        outputs, self.left = clean(reply.get("outputs"), self.left)
        self.shown += outputs
        for kind, detail in reply.get("events", []):
            if len(self.events) <= MOST_ENTRIES:
                self.events.append([storable(kind, 40), storable(detail, 200)])
        if reply.get("error", {}).get("kind") == OUT_OF_TIME and self.left_to_ask is not None:
            raise Exceeded("time_limit", f"This took longer than {self.limits.cell_seconds:g} seconds.")
        return reply

    def _cell(self, number):
        cell = self.cells[number]
        self.shown = []
        try:
            if self.sandbox is None:
                raise sandbox.ExamineeEnded(self.last_reason)
            if is_check(cell):
                self._check(cell)
            else:
                self.ask({"do": "run", "code": cell["source"]})
                if any(output.get("ename") == OUT_OF_TIME for output in self.shown):
                    self._time_limit(cell)
        except sandbox.ExamineeEnded as ended:
            if is_check(cell):
                self._failed(cell, "ended", f"{ended}.")
            else:
                self.shown.append(_error("Ended", f"Not run to the end: {ended}."))
            self._begin_again(number, str(ended))
        shown, self.shown = self.shown, []
        if is_check(cell):
            # A warning of the student's code costs no points here.
            for output in shown:
                if output.get("name") == "stderr":
                    output["name"] = "stdout"
        return shown

    def _begin_again(self, number, reason):
        """Start anew without the cell that ended the process, so that the other questions are graded."""
        self.last_reason = reason
        if self.sandbox is None:
            return
        self.events.append(["ended", f"{self.cells[number]['name'] or 'an own cell'}: {reason}"])
        self.reasons.append(f"In {self.cells[number]['name'] or 'an own cell'}: {reason}.")
        self._stop()
        if not is_check(self.cells[number]):
            self.fatal.add(number)
        if self.starts >= MOST_STARTS or time.monotonic() > self.deadline:
            return
        shown = self.shown
        try:
            self._start()
            for earlier in range(number):
                cell = self.cells[earlier]
                late = self.withheld and is_picture(cell)
                if (
                    cell["cell_type"] == "code"
                    and not is_check(cell)
                    and not late
                    and earlier not in self.fatal
                ):
                    self.ask({"do": "run", "code": cell["source"]})
        except sandbox.ExamineeEnded:
            self._stop()
        self.shown = shown

    def _time_limit(self, cell):
        name = cell["name"] or "an own cell"
        self.reasons.append(f"time limit: {name} took longer than {self.limits.cell_seconds:g} seconds.")

    def _check(self, cell):
        question = question_of(cell["name"])
        if question in self.out_of_time:
            # Each further check would wait as long for the same function.
            self._failed(cell, "time_limit", f"Not run: {self.out_of_time[question]} was out of time.")
            return
        checks = importlib.import_module(self.task["release"]["checks"])
        # A plain assert takes the examiner's NumPy, which no student has changed.
        own = {"checks": checks, "np": np, "__name__": "examiner"}
        said = io.StringIO()
        self.left_to_ask = MOST_QUESTIONS
        try:
            with contextlib.redirect_stdout(said):
                exec(compile(cell["source"], f"<{cell['name']}>", "exec"), own, RemoteNames(self.ask, own))
        except CheckFailed as failure:
            self._failed(cell, failure.slip, failure.hint)
        except AssertionError as failure:
            # A plain assert is a check too.
            self._failed(cell, "assert", storable(str(failure), 1000) or "An assert of this check failed.")
        except Exceeded as bound:
            self._failed(cell, bound.slip, str(bound))
            if bound.slip == "time_limit":
                self.out_of_time[question] = cell["name"]
                self._time_limit(cell)
        except NotTransferable as error:
            self._failed(cell, "not_transferable", str(error))
        except NameError as error:
            self._failed(cell, "missing", str(error))
        except Exception as error:
            # The check itself failed on this answer: the event tells the instructor.
            self.events.append(["check", f"{cell['name']}: {type(error).__name__}: {str(error)[:150]}"])
            self._failed(cell, "unforeseen", f"The check could not use what came back: {str(error)[:300]}")
        finally:
            self.left_to_ask = None
        if said.getvalue():
            text = storable(said.getvalue(), LONGEST_HINT)
            self.shown.append({"output_type": "stream", "name": "stdout", "text": text})

    def _failed(self, cell, slip, hint):
        self.hints.append([cell["name"], slip, hint])
        self.shown.append(_error("CheckFailed", f"Not yet: {hint}"))


class Exceeded(BaseException):
    """A limit of one check is reached. Not an Exception: a check would take that for the function's."""

    def __init__(self, slip, text):
        self.slip = slip
        super().__init__(text)


def question_of(name):
    """The question that a cell belongs to."""
    return name.partition("-")[0]


def _error(name, text):
    text = storable(text, LONGEST_HINT)  # a hint may hold what the student's code wrote
    return {"output_type": "error", "ename": name, "evalue": text, "traceback": [text]}


def is_check(cell):
    """A code cell that earns points: the instructor's, run in the examiner's process."""
    meta = cell["nbgrader"]
    return bool(meta and meta["grade"] and meta["locked"] and cell["cell_type"] == "code")


def is_picture(cell):
    """A code cell of the release that draws: NAME-picture, and NAME-picture-drawn for a long one."""
    return bool(cell["nbgrader"] and cell["nbgrader"]["locked"] and "-picture" in cell["name"])
