"""`nbgrader generate_feedback` with the course's pages, made by a process for each core."""

import os
import threading
from multiprocessing import get_context
from pathlib import Path

from nbgrader.converters import GenerateFeedback as StockGenerateFeedback
from nbgrader.converters import NbGraderException

from nnlib.grading.gradebook import grades
from nnlib.grading.gradebook.cleaning import storable
from nnlib.grading.gradebook.feedback_page import Pages

FEWEST = 4
"""Students for whom another process is worth its start."""


class GenerateFeedback(StockGenerateFeedback):
    """Divides the students among processes. Folders, permissions and `--force` are nbgrader's."""

    students = None
    """The folders of the students of this process; None for all."""
    pages = None

    def init_notebooks(self):
        super().init_notebooks()
        if self.students is not None:
            self.assignments = {folder: self.assignments[folder] for folder in self.students}

    def start(self):
        self.init_notebooks()
        folders = sorted(self.assignments)
        unit = self.coursedir.assignment_id
        try:
            self.pages = Pages(unit, grades.read(self.coursedir, unit))
        except grades.NothingGraded as reason:
            self.log.error(reason)
            raise NbGraderException(str(reason)) from None
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

    def convert_single_notebook(self, notebook_filename):
        """Write the page of one student."""
        resources = self.init_single_notebook_resources(notebook_filename)["nbgrader"]
        student = resources["student"]
        try:
            text = Path(notebook_filename).read_text(encoding="utf-8")
            page = self.pages.page(student, text)
        except Exception as error:
            self.log.error(
                "%s: no feedback: %s: %s", student, type(error).__name__, storable(str(error), 200)
            )
            raise
        place = Path(self._format_dest(resources["assignment"], student), f"{resources['notebook']}.html")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(page, encoding="utf-8")
