"""nbgrader's own feedback, made by a process for each core."""

import os
import threading
from multiprocessing import get_context

from nbgrader.converters import GenerateFeedback as StockGenerateFeedback
from nbgrader.converters import NbGraderException

FEWEST = 4
"""Students for whom another process is worth its start."""


class GenerateFeedback(StockGenerateFeedback):
    """Divides the students among processes. Each does what nbgrader does, with the same pages."""

    students = None
    """The folders of the students of this process; None for all."""

    def init_notebooks(self):
        super().init_notebooks()
        if self.students is not None:
            self.assignments = {folder: self.assignments[folder] for folder in self.students}

    def start(self):
        self.init_notebooks()
        folders = sorted(self.assignments)
        workers = min(os.cpu_count() or 1, len(folders) // FEWEST)
        # To copy a process is safe as long as it has one thread: in a server all is done in turn.
        if workers < 2 or threading.active_count() > 1:
            return super().start()
        context = get_context("fork")
        shares = [folders[number::workers] for number in range(workers)]
        processes = [context.Process(target=self._share, args=(share,), daemon=True) for share in shares]
        for process in processes:
            process.start()
        for process in processes:
            process.join()
        if any(process.exitcode for process in processes):
            raise NbGraderException("Some feedback could not be made: see the messages above.")

    def _share(self, folders):
        self.students = folders
        super().start()
