"""What hostile and malformed submissions do to grading, to the machine and to their neighbours: nothing.

As an ordinary user, where the worst faults show, a fifth of `batch` is graded, each day another one (NNLIB_DAY=0
to 4 chooses); as root a tenth. `make test-hostile` grades the whole batch as both.
"""

import os
import subprocess
import sys

import pytest

from nnlib.grading.sandbox import bubblewrap
from tests.grading import graded, malformed, ordinary_user
from tests.grading.catalogue import ROOT
from tests.grading.hostile import hostile
from tests.grading.sandbox import batch

pytestmark = [
    pytest.mark.slow,
    pytest.mark.sandbox,
    pytest.mark.skipif(bubblewrap.unavailable() is not None, reason=str(bubblewrap.unavailable())),
]

WHICH = ["NNLIB_WHOLE_BATCH=1"] if graded.WHOLE else [f"NNLIB_DAY={batch.DAY}"]
PYTEST = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider"]
LINE = ["env", *WHICH, *PYTEST, batch.__file__]


def test_the_catalogues_are_large_enough():
    assert len({entry.name for entry in hostile()}) >= 180 and len(malformed.MALFORMED) >= 88


def test_no_submission_harms_grading_by_an_ordinary_user():
    """The worst that a student can do does not show where root grades."""
    assert_passed(ordinary_user.run(LINE))


@pytest.mark.skipif(os.getuid() != 0, reason="the tests run as an ordinary user")
def test_no_submission_harms_grading_by_root(tmp_path):
    line = [*LINE, f"--basetemp={tmp_path / 'batch'}"]
    assert_passed(subprocess.run(line, cwd=ROOT, capture_output=True, text=True))


def assert_passed(done):
    assert done.returncode == 0, f"{done.stdout[-5000:]}\n{done.stderr[-2000:]}"
