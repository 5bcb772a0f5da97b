"""nbgrader calls alembic by name: the one beside this Python must be found."""

import pytest

from tests.grading.course import environment_path


@pytest.fixture(autouse=True, scope="session")
def path_of_this_environment():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", environment_path())
        yield
