"""nbgrader's own commands take the safe way: `nbgrader autograde`, formgrader's button, the API.

nbgrader lets its preprocessors be configured but not its converter classes, so they are replaced
where nbgrader imports them. That is tried with one version of nbgrader, and refused with others.
"""

import nbgrader
from nbgrader.apps import api, autogradeapp, generatefeedbackapp
from nbgrader.converters import Autograde as StockAutograde
from nbgrader.converters import NbGraderException

from nnlib.grading.gradebook.feedback import GenerateFeedback

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


def take_over():
    """Let nbgrader grade with this converter, and make feedback on all cores.

    Called by nbgrader_config.py.
    """
    autogradeapp.Autograde = api.Autograde = Autograde
    generatefeedbackapp.GenerateFeedback = api.GenerateFeedback = GenerateFeedback
