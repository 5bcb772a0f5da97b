"""A late penalty for tests, as a course would configure it."""

from nbgrader.plugins import BasePlugin


class OnePoint(BasePlugin):
    """One point for any submission that is late."""

    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return 1
