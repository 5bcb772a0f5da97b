"""The kernel's bound on memory and processes: on a folder that stands in for a cgroup, and for real where one is
offered.

For real they run where `systemd-run --scope` works (for an ordinary user `systemd-run --user --scope`), or in a
cgroup that may be written to. A machine without either can boot one that has both: QEMU, Debian's kernel, this
machine's root read-only by 9p below an overlay. Without systemd: mount cgroup2, write "+memory +pids" to its
cgroup.subtree_control, make a cgroup, give it to a user, and run this file in it. With systemd: run it as a service,
and as a user that lingers.
"""

import contextlib
import errno
import os
import shutil
import stat
from pathlib import Path

import pytest

from nnlib.grading.sandbox import bubblewrap, cgroups, sandbox
from nnlib.grading.sandbox.bubblewrap import SandboxUnavailable
from nnlib.grading.sandbox.sandbox import ExamineeEnded, Limits, Sandbox

PID = "4711"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder that stands in for the cgroup of a fork server."""
    monkeypatch.setattr(cgroups, "SYSTEMD", tmp_path / "nowhere")
    monkeypatch.setattr(cgroups, "_cgroup_of", {PID: tmp_path}.get)
    # The kernel removes a cgroup's files with its folder.
    monkeypatch.setattr(Path, "rmdir", lambda path: shutil.rmtree(path))
    (tmp_path / "cgroup.controllers").write_text("cpu memory pids\n")
    return tmp_path


def test_an_offered_cgroup_is_divided_for_memory_and_processes(folder):
    assert cgroups.offered(PID) == folder
    assert (folder / "cgroup.subtree_control").read_text() == "+memory +pids"
    assert not list(folder.glob(f"{cgroups.PREFIX}*")), "the one that was made to try is gone"


@pytest.mark.parametrize("lacking", ["memory", "pids"])
def test_without_a_controller_no_cgroup_is_offered_or_touched(folder, lacking):
    (folder / "cgroup.controllers").write_text(" ".join({"cpu", "memory", "pids"} - {lacking}))
    before = sorted(path.name for path in folder.iterdir())
    assert cgroups.offered(PID) is None
    assert sorted(path.name for path in folder.iterdir()) == before


def test_a_cgroup_that_cannot_be_written_to_is_not_offered(folder, monkeypatch):
    def denied(*_):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(cgroups, "_divide", denied)
    assert cgroups.offered(PID) is None


def test_what_runs_in_a_cgroup_steps_aside_before_it_is_divided(folder, monkeypatch):
    (folder / "cgroup.procs").write_text(f"{PID}\n")
    done = []

    def divide(where):
        aside = where / cgroups.ASIDE / "cgroup.procs"
        done.append(aside.read_text() if aside.exists() else "busy")
        if done[-1] == "busy":
            raise OSError(errno.EBUSY, "Device or resource busy")

    monkeypatch.setattr(cgroups, "_divide", divide)
    assert cgroups.offered(PID) == folder and done == ["busy", PID]


def test_what_a_killed_examiner_left_is_removed(folder):
    killed, mine = folder / f"{cgroups.PREFIX}99999999-0", folder / f"{cgroups.PREFIX}{os.getpid()}-0"
    killed.mkdir(), mine.mkdir()
    assert cgroups.offered(PID) == folder
    assert mine.exists() and not killed.exists()


def test_systemds_own_cgroups_are_left_alone(folder, monkeypatch):
    monkeypatch.setattr(cgroups, "SYSTEMD", folder)
    monkeypatch.setattr(cgroups, "scope", tuple)
    assert cgroups.offered(PID) is None and not (folder / "cgroup.subtree_control").exists()


@pytest.mark.parametrize(("code", "works"), [(0, True), (1, False)])
def test_systemd_is_asked_for_a_scope_where_it_runs(tmp_path, monkeypatch, code, works):
    command = tmp_path / "systemd-run"
    command.write_text(f"#!/bin/sh\nexit {code}\n")
    command.chmod(command.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(cgroups, "SYSTEMD", tmp_path)
    line = cgroups.scope.__wrapped__()
    assert bool(line) == works
    if works:
        assert ("--user" in line) == (os.getuid() != 0) and "--property=Delegate=yes" in line
    monkeypatch.setattr(cgroups, "SYSTEMD", tmp_path / "nowhere")
    assert cgroups.scope.__wrapped__() == ()


def test_the_cgroup_of_a_process_is_found():
    try:
        found = cgroups._cgroup_of(os.getpid())
    except FileNotFoundError:
        pytest.skip("needs a mounted cgroup2")
    listed = found if found.joinpath("cgroup.procs").read_text() else found / cgroups.ASIDE
    assert str(os.getpid()) in listed.joinpath("cgroup.procs").read_text().split()


def test_limits_stand_before_anybody_can_enter(folder):
    group = cgroups.Group(folder, megabytes=200, processes=64)
    assert {path.name: path.read_text() for path in group.folder.iterdir()} == {
        "memory.max": str(200 * 2**20),
        "memory.swap.max": "0",
        "memory.oom.group": "1",
        "pids.max": "64",
    }
    with group.door() as door:
        os.write(door.fileno(), b"0")
    assert (group.folder / "cgroup.procs").read_text() == "0"
    group.end()
    assert not group.folder.exists()


def test_events_and_memory_are_read_from_the_kernels_files(folder):
    group = cgroups.Group(folder, megabytes=200, processes=64)
    (group.folder / "memory.events").write_text("low 0\nmax 12\noom 1\noom_kill 3\noom_group_kill 1\n")
    (group.folder / "pids.events").write_text("max 5\n")
    (group.folder / "memory.current").write_text("4096\n")
    assert group.count("memory.events", "oom_kill") == 3 and group.count("pids.events", "max") == 5
    assert group.count("memory.events", "of another kernel") == 0 and group.used() == 4096


def test_what_does_not_end_is_left_after_a_while(folder, monkeypatch):
    group = cgroups.Group(folder, megabytes=200, processes=64)

    def busy(_):
        raise OSError(errno.EBUSY, "Device or resource busy")

    monkeypatch.setattr(Path, "rmdir", busy)
    group.end(seconds=0.01)
    assert (group.folder / "cgroup.kill").read_text() == "1"


needs_a_sandbox = pytest.mark.skipif(
    bubblewrap.unavailable() is not None, reason=str(bubblewrap.unavailable())
)


@contextlib.contextmanager
def bounded():
    """A sandbox in a cgroup of its own."""
    with Sandbox(bubblewrap.stage(()), Limits(cell_seconds=200, megabytes=200, processes=40)) as made:
        if made.group is None:
            pytest.skip("needs a cgroup (version 2) that is handed over: see the head of this file")
        yield made
    assert not made.group.folder.exists()


def run(sandbox, code):
    return "".join(output.get("text", "") for output in sandbox.ask({"do": "run", "code": code})["outputs"])


@pytest.mark.sandbox
@needs_a_sandbox
def test_every_process_of_an_examinee_is_in_its_cgroup():
    with bounded() as student:
        assert run(student, "import subprocess\nheld = subprocess.Popen(['sleep', '600'])\nprint(1)") == "1\n"
        files = {
            path.name: path.read_text().split()
            for path in student.group.folder.iterdir()
            if path.stat().st_mode & 0o400
        }
        inside = set(map(int, files["cgroup.procs"]))
        assert inside == set(student.server.students()) and len(inside) == sandbox.OWN_PROCESSES + 1
        assert files["memory.max"] == [str(200 * 2**20)] and files["pids.max"] == ["40"]
        assert files["memory.oom.group"] == ["1"] and student.memory == sandbox.BOUNDED


@pytest.mark.sandbox
@needs_a_sandbox
def test_the_kernel_ends_whoever_takes_too_much_memory():
    with bounded() as student:
        with pytest.raises(ExamineeEnded, match="your code took more than 200 MB of memory"):
            run(student, "held = b'x' * (240 * 2**20)")
        assert student.group.count("memory.events", "oom_kill") and not student.server.students()


FORKS = """
import os, time
try:
    for n in range(100):
        if os.fork() == 0:
            time.sleep(600)
except BlockingIOError:
    print(n < 40)
"""


@pytest.mark.sandbox
@needs_a_sandbox
def test_the_kernel_refuses_processes_beyond_the_limit():
    with bounded() as student:
        assert run(student, FORKS) == "True\n"
        assert student.group.count("pids.events", "max") >= 1
    assert student.seen["process"].startswith("seen from outside: ")


@pytest.mark.sandbox
@needs_a_sandbox
def test_no_sandbox_starts_without_the_cgroup_that_was_offered(monkeypatch):
    with bounded() as student:
        monkeypatch.setattr(student.server, "cgroup", Path("/proc/self"))
        with pytest.raises(SandboxUnavailable, match="for want of a cgroup"):
            Sandbox(student.stage).__enter__()
