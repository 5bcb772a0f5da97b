"""A copy of the course, or of parts of it, in which a test changes files and runs commands."""

import os
import shutil
import subprocess
import sys

from tests.grading.catalogue import ROOT
from tests.grading.course import environment_path


class CopiedCourse:
    """The parts of the course, files and folders, in another folder; nnlib is imported from there."""

    def __init__(self, folder, parts):
        self.folder = folder
        for part in parts:
            if (ROOT / part).is_dir():
                ignored = shutil.ignore_patterns("__pycache__")
                shutil.copytree(ROOT / part, folder / part, ignore=ignored, dirs_exist_ok=True)
            else:
                (folder / part).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / part, folder / part)

    def python(self, *words, **environment):
        """What `python WORDS` prints in the copy. It has to end without an error."""
        own = {"PATH": environment_path(), "PYTHONPATH": str(self.folder)} | environment
        line = [sys.executable, *words]
        done = subprocess.run(line, cwd=self.folder, env=os.environ | own, capture_output=True, text=True)
        assert done.returncode == 0, f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        return done.stdout

    def pytest(self, *words, **environment):
        """What pytest prints, in one process and without a cache."""
        return self.python("-m", "pytest", "-n0", "-pno:cacheprovider", *words, **environment)
