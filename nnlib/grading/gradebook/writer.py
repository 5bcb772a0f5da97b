"""Writes results into nbgrader's gradebook and folders: all of a student's result, or nothing of it."""

import os
import re
import shutil
from pathlib import Path

import nbformat
from nbgrader import utils
from nbgrader.api import Gradebook
from nbgrader.preprocessors import AssignLatePenalties

from nnlib.grading.gradebook.submission import contents

SECRET = "submission_secret.txt"
TIME = re.compile(r"\d{4}-\d\d-\d\d[ T][\d:.]{5,15}( ?(UTC|Z|[+-]\d\d:?\d\d))?")
"""A time in timestamp.txt, such as 2026-01-02 12:00:00 UTC."""


class Writer:
    """Writes for one unit. Use as a context: the gradebook stays open for all students."""

    def __init__(self, coursedir, unit, log, parent=None):
        self.coursedir = coursedir
        self.unit = unit
        self.log = log
        self.penalties = AssignLatePenalties(parent=parent) if parent else AssignLatePenalties()
        self.penalties.init_plugin()

    def __enter__(self):
        self.gradebook = Gradebook(self.coursedir.db_url, self.coursedir.course_id)
        return self

    def __exit__(self, *_):
        self.gradebook.close()

    def folder(self, student):
        """Where nbgrader expects the graded notebook of a student."""
        return Path(self.coursedir.format_path(self.coursedir.autograded_directory, student, self.unit))

    def holds(self, student):
        """Whether the gradebook and the folder have a result of this student."""
        if not (self.folder(student) / f"{self.unit}.ipynb").exists():
            return False
        return student in self._students()

    def _students(self):
        if not hasattr(self, "_written"):
            submissions = self.gradebook.assignment_submissions(self.unit)
            self._written = {submission.student_id for submission in submissions}
        return self._written

    def write(self, result, only=None):
        """Write notebook and points of one student.

        only: cells whose points are written (a regrade of one question); all if None. Manual points
        and comments are never touched. Adds `scores` (cell -> points) to the result.
        """
        student = result["student"]
        source = self.coursedir.format_path(self.coursedir.submitted_directory, student, self.unit)
        timestamp = self._timestamp(source, result)
        notebook = nbformat.reads(result["notebook"], as_version=4)
        graded_at_all = result["verdict"] == "graded"
        result["scores"] = {
            cell.metadata.nbgrader.grade_id: utils.determine_grade(cell)[0] if graded_at_all else 0.0
            for cell in notebook.cells
            if utils.is_grade(cell)
        }
        self._write_folder(student, result["notebook"], timestamp, self._secret(source))
        self.gradebook.update_or_create_student(student)
        values = {"timestamp": timestamp} if timestamp else {}
        with self.gradebook.db.no_autoflush:
            submission = self.gradebook.update_or_create_submission(self.unit, student, **values)
        try:
            graded = next(n for n in submission.notebooks if n.name == self.unit)
            for grade in graded.grades:
                if grade.name in result["scores"] and (only is None or grade.name in only):
                    grade.auto_score = result["scores"][grade.name]
                    waits = grade.manual_score is not None or grade.auto_score is None
                    grade.needs_manual_grade = waits or not graded_at_all
            untouched = {
                cell.metadata.nbgrader.grade_id: cell.metadata.nbgrader.checksum
                == utils.compute_checksum(cell)
                for cell in notebook.cells
                if utils.is_solution(cell)
            }
            for comment in graded.comments:
                if comment.name in untouched:
                    comment.auto_comment = "No response." if untouched[comment.name] else None
            self.gradebook.db.flush()
            self._late(submission, graded)
            self.gradebook.db.commit()
        except BaseException:
            self.gradebook.db.rollback()
            raise
        self._students().add(student)

    def late(self, student, verdict):
        """Apply today's due date, penalty and time of handing in to a student who is graded already. If the
        penalty changes, that is written into the verdict's reasons."""
        submission = self.gradebook.find_submission(self.unit, student)
        graded = next(n for n in submission.notebooks if n.name == self.unit)
        before = graded.late_submission_penalty
        source = self.coursedir.format_path(self.coursedir.submitted_directory, student, self.unit)
        if timestamp := self._timestamp(source, {"reasons": []}):
            submission.timestamp = timestamp
        try:
            self._late(submission, graded)
            self.gradebook.db.commit()
        except BaseException:
            self.gradebook.db.rollback()
            raise
        if graded.late_submission_penalty != before:
            now, then = (f"{penalty or 0:g}" for penalty in (graded.late_submission_penalty, before))
            change = f"late penalty: {now} points, was {then}."
            verdict["reasons"] = [change, *verdict["reasons"]]

    def _late(self, submission, graded):
        """The late penalty by the course's plugin, in the same transaction."""
        late = submission.total_seconds_late
        graded.late_submission_penalty = None
        if late > 0:
            self.gradebook.db.flush()
            self.gradebook.db.refresh(graded)
            penalty = self.penalties.plugin_inst.late_submission_penalty(
                submission.student_id, graded.score, late
            )
            if penalty is not None:
                graded.late_submission_penalty = self.penalties._check_late_penalty(graded, penalty)

    def _timestamp(self, folder, result):
        """When it was handed in, from the file that nbgrader's exchange or a student wrote; None if no such
        time is known."""
        path = Path(folder, "timestamp.txt")
        if not os.path.lexists(path):
            return None
        try:
            text = contents(path, 1000).decode().strip()
            if not TIME.fullmatch(text):
                raise ValueError("no time")
            return utils.parse_utc(text)
        except (OSError, ValueError, OverflowError):
            result["reasons"].append("timestamp.txt holds no time and was left out.")
            return None

    def _secret(self, folder):
        """What nbgrader's exchange tells the feedback of one student from others' by; None without one."""
        try:
            return contents(Path(folder, SECRET), 1000)
        except (OSError, ValueError):
            return None

    def _write_folder(self, student, notebook, timestamp, secret):
        folder = self.folder(student)
        beside = folder.with_name(f".{folder.name}.{os.getpid()}")
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir(parents=True)
        path = beside / f"{self.unit}.ipynb"
        path.write_text(notebook, encoding="utf-8")
        path.chmod(0o664 if self.coursedir.groupshared else 0o444)
        if timestamp:
            (beside / "timestamp.txt").write_text(f"{timestamp} UTC")
        if secret is not None:
            (beside / SECRET).write_bytes(secret)
        if self.coursedir.groupshared:
            beside.chmod(0o2770)
        shutil.rmtree(folder, ignore_errors=True)
        os.replace(beside, folder)
