"""nbgrader's own commands take the safe way: `nbgrader autograde`, formgrader's button, the API.

nbgrader lets its preprocessors be configured but not its converter classes, so they are replaced
where nbgrader imports them. This is tested with one version of nbgrader, and raises with others.
"""

import shutil
from pathlib import Path

import nbgrader
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps import api, autogradeapp, generateassignmentapp, generatefeedbackapp
from nbgrader.converters import Autograde as StockAutograde
from nbgrader.converters import GenerateAssignment as StockGenerateAssignment
from nbgrader.converters import NbGraderException

from nnlib.grading.gradebook import formgrader
from nnlib.grading.gradebook.feedback import GenerateFeedback
from nnlib.grading.gradebook.release import solution

TESTED = "0.9.6"


class Autograde(StockAutograde):
    """Grades as `nnlib-grade autograde` does. `--force` grades again what is finished."""

    def start(self):
        from nnlib.grading.autograde import NoSubmissions, Run, grade
        from nnlib.grading.gradebook.release import ReleaseError
        from nnlib.grading.sandbox.bubblewrap import SandboxUnavailable

        if nbgrader.__version__ != TESTED:
            raise self._refused(
                f"The course grades with nbgrader {TESTED}, the version that it was tested with; here is "
                f"{nbgrader.__version__}. Run: pip install nbgrader=={TESTED}"
            )
        run = Run(
            student=self.coursedir.student_id, regrade="*" if self.force else None, log=self.log, parent=self
        )
        try:
            verdicts = grade(self.coursedir, self.coursedir.assignment_id, run)
        except (NoSubmissions, ReleaseError, SandboxUnavailable, ValueError) as reason:
            raise self._refused(str(reason)) from None
        failed = [student for student, verdict in verdicts.items() if verdict["verdict"] == "failed"]
        if failed:
            raise self._refused(f"Not graded, by a fault of the grading: {', '.join(failed)}")

    def _refused(self, reason):
        self.log.error(reason)
        return NbGraderException(reason)


class GenerateAssignment(StockGenerateAssignment):
    """Keeps the release that is there when nbgrader cannot make a new one, and says why."""

    def start(self):
        unit = self.coursedir.assignment_id
        if reason := self._refuses(unit):
            self.log.error(reason)
            raise NbGraderException(reason)
        there = Path(self.coursedir.format_path(self.coursedir.release_directory, ".", unit))
        kept = there.with_name(f".{unit}.kept")
        shutil.rmtree(kept, ignore_errors=True)
        if there.is_dir():
            shutil.copytree(there, kept)
        try:
            super().start()
        except BaseException:
            if kept.is_dir():
                shutil.rmtree(there, ignore_errors=True)
                kept.rename(there)
            raise
        finally:
            shutil.rmtree(kept, ignore_errors=True)

    def _refuses(self, unit):
        """Why the questions cannot change any more; None if they can, or do not."""
        with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook:
            try:
                notebook = gradebook.find_notebook(unit, unit)
            except MissingEntry:
                return None
            if not notebook.submissions:
                return None
            old = {cell.name: None for cell in notebook.source_cells}
            old |= {cell.name: cell.max_score for cell in notebook.grade_cells}
            handed_in = len(notebook.submissions)
        new = {}
        for cell in solution(self.coursedir, unit).cells:
            meta = cell.metadata.get("nbgrader", {})
            if any(meta.get(kind) for kind in ("grade", "solution", "locked", "task")):
                new[meta["grade_id"]] = float(meta["points"]) if meta.get("grade") else None
        changes = [f"{name} is new" for name in new if name not in old]
        changes += [f"{name} is gone" for name in old if name not in new]
        changes += [
            f"{name} had {old[name]:g} points and has {new[name]:g}"
            for name in new
            if name in old and None not in (old[name], new[name]) and old[name] != new[name]
        ]
        if not changes:
            return None
        return (
            f"{unit} is graded for {handed_in} students already: its cells and points cannot change now. "
            f"{', '.join(changes[:5])}{' and more' if len(changes) > 5 else ''}. The release was kept. "
            "Put the cells back as they were; the text of a check may be mended."
        )


def take_over():
    """Let nbgrader release, grade, make feedback and show submissions with the classes of the course.

    Called by nbgrader_config.py.
    """
    autogradeapp.Autograde = api.Autograde = Autograde
    generatefeedbackapp.GenerateFeedback = api.GenerateFeedback = GenerateFeedback
    generateassignmentapp.GenerateAssignment = api.GenerateAssignment = GenerateAssignment
    formgrader.protect()
