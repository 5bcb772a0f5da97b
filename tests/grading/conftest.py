"""nbgrader calls alembic by name: the one beside this Python must be found, and asked once."""

from functools import cache

import nbgrader.api
import pytest

from tests.grading.course import environment_path


@pytest.fixture(autouse=True, scope="session")
def path_of_this_environment():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", environment_path())
        yield


@pytest.fixture(autouse=True, scope="session")
def version_of_the_gradebook():
    """nbgrader starts alembic for each new gradebook, and it always answers the same."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nbgrader.api, "get_alembic_version", cache(nbgrader.api.get_alembic_version))
        yield
