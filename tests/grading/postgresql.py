"""A PostgreSQL server for a gradebook."""

import os
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.grading.course import free_port


@contextmanager
def server():
    """The address of an empty database of a new server, which ends with the context."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not programs:
        pytest.skip("PostgreSQL is not installed: apt install postgresql")
    place = Path("/tmp") / f"nnlib-postgresql-{os.getpid()}"
    place.mkdir()
    as_user = []
    if os.getuid() == 0:
        shutil.chown(place, "postgres", "postgres")
        as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    port = free_port()

    def postgres(program, *arguments, check=True):
        line = [*as_user, str(programs[-1] / program), *arguments]
        quiet = subprocess.DEVNULL
        subprocess.run(line, check=check, cwd=place, stdout=quiet, stderr=quiet)

    data = place / "data"
    try:
        postgres("initdb", "-D", str(data), "-A", "trust", "-U", "teacher")
        postgres("pg_ctl", "-D", str(data), "-w", "-o", f"-p {port} -k {place} -h 127.0.0.1", "start")
        yield f"postgresql+psycopg2://teacher@127.0.0.1:{port}/postgres"
    finally:
        postgres("pg_ctl", "-D", str(data), "-m", "immediate", "stop", check=False)
        shutil.rmtree(place)
