"""What tests of grading share: the path to nbgrader's helpers, releases, and a graded class for each unit."""

import functools
import os

import pytest
from nbgrader import api

from tests.grading import course
from tests.grading.catalogue import units
from tests.grading.graded import graded_class


@pytest.fixture(autouse=True, scope="session")
def nbgrader_finds_its_parts():
    """nbgrader calls alembic by name: the one beside this Python must be found."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", course.environment_path())
        # For each new gradebook nbgrader starts alembic, 2 s, to ask for a version that stays the same.
        patch.setattr(api, "get_alembic_version", functools.cache(api.get_alembic_version))
        yield


@pytest.fixture(autouse=True, scope="session")
def releases_in_the_folder_of_this_run(tmp_path_factory):
    course.RELEASES = tmp_path_factory.mktemp("releases")


@pytest.fixture(scope="session", params=units())
def graded(request, tmp_path_factory):
    """The graded class of each unit. Look at it, and change nothing."""
    place = tmp_path_factory.getbasetemp()
    place = place.parent if "PYTEST_XDIST_WORKER" in os.environ else place
    with pytest.MonkeyPatch.context() as patch:
        yield graded_class(request.param, place / "graded", patch)
