"""What a student's process can reach: its own files and memory, nothing of the machine or of the next student."""

import contextlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from nnlib.grading.examination import Examination
from nnlib.grading.sandbox import bubblewrap, library, seccomp, servers
from nnlib.grading.sandbox.sandbox import ExamineeEnded, Limits, Sandbox
from nnlib.grading.sandbox.withheld import NNLIB
from tests.grading import ordinary_user
from tests.grading.course import HANGS

pytestmark = [
    pytest.mark.sandbox,
    pytest.mark.skipif(bubblewrap.unavailable() is not None, reason=str(bubblewrap.unavailable())),
]

OWN = {"/dev/shm", "/home/student", "/tmp"}
"""What a student may write to."""


def said(*cells, **limits):
    """What a new student's cells print, one after the other in one process."""
    with Sandbox(bubblewrap.stage(()), Limits(**{"cell_seconds": 200, **limits})) as sandbox:
        texts = [sandbox.ask({"do": "run", "code": cell})["outputs"] for cell in cells]
        return "".join(output.get("text", output.get("evalue", "")) for text in texts for output in text)


WRITABLE = """
import json, os
writable, depth = [], 3
for place, folders, _ in os.walk("/"):
    if place.startswith(("/proc", "/sys")) or place.count("/") > depth:
        folders.clear()
        continue
    try:
        open(os.path.join(place, "left-by-a-student.py"), "w").close()
        writable.append(place)
    except OSError:
        pass
print(json.dumps(writable))
"""


def test_only_home_tmp_and_shared_memory_can_be_written():
    writable = json.loads(said(WRITABLE))
    assert OWN <= set(writable)
    assert all(any(place == own or place.startswith(f"{own}/") for own in OWN) for place in writable)


def test_what_a_student_leaves_the_next_does_not_find():
    said(WRITABLE)
    search = WRITABLE.replace(
        'open(os.path.join(place, "left-by-a-student.py"), "w").close()',
        """
        os.stat(os.path.join(place, "left-by-a-student.py"))""",
    )
    assert json.loads(said(search)) == []


def test_terminals_are_new_for_each_student():
    said("import os; os.chmod('/dev/pts/ptmx', 0o600)")
    assert said("import os; print(oct(os.stat('/dev/pts/ptmx').st_mode & 0o777))") == "0o666\n"


def test_commands_of_a_cell_still_run():
    assert said("!echo still here").strip() == "still here"


@pytest.mark.parametrize("part", ["fd/2", "mem", "environ"])
def test_the_first_process_of_the_namespace_is_closed(part):
    assert "Permission denied" in said(f"open('/proc/1/{part}')")


def test_no_file_of_the_grader_is_open():
    code = "import os\nfor fd in os.listdir('/proc/self/fd'):\n    try: print(os.readlink(f'/proc/self/fd/{fd}'))\n    except OSError: pass"
    opened = set(said(code).split())
    assert all(name == "/dev/null" or name.startswith("pipe:") for name in opened), opened


CALL = """
import ctypes, errno
libc = ctypes.CDLL(None, use_errno=True)
code = libc.syscall({number}, {arguments})
print(code, errno.errorcode.get(ctypes.get_errno()))
"""


@pytest.mark.parametrize("name", seccomp.FORBIDDEN)
def test_a_forbidden_call_is_refused(name):
    arguments = ", ".join(["ctypes.c_long(0)"] * 5)
    assert said(CALL.format(number=seccomp.number(name), arguments=arguments)) == "-1 EPERM\n"


@pytest.mark.parametrize("flag", seccomp.NEW_NAMESPACES)
def test_no_process_begins_in_a_new_namespace(flag):
    call = CALL.format(number=seccomp.number("clone"), arguments=f"ctypes.c_long({flag | 17}), 0, 0, 0, 0")
    assert said(call) == "-1 EPERM\n"


def test_clone3_is_as_if_it_was_not_there():
    assert said(CALL.format(number=seccomp.number("clone3"), arguments="0, 0")) == "-1 ENOSYS\n"


@pytest.mark.parametrize("family", ["AF_NETLINK", "AF_PACKET", "AF_VSOCK", "AF_ALG"])
def test_sockets_of_the_machine_are_refused(family):
    code = f"import socket\nsocket.socket(socket.{family}, socket.SOCK_RAW)"
    assert "Operation not permitted" in said(code)


def test_threads_processes_and_sockets_of_its_own_work():
    code = """
import multiprocessing, socket, subprocess, threading
one, other = socket.socketpair()
one.send(b"1")
thread = threading.Thread(target=lambda: other.send(b"2"))
thread.start(), thread.join()
with multiprocessing.get_context("fork").Pool(2) as pool:
    print(other.recv(1), one.recv(1), pool.map(abs, [-1, 2]), subprocess.run("true").returncode)
"""
    assert said(code) == "b'1' b'2' [1, 2] 0\n"


HOLD = {
    "shared and nameless": "import mmap; held = mmap.mmap(-1, size); held.write(b'x' * size)",
    "shared from /dev/zero": """
import mmap
with open("/dev/zero", "r+b") as zero:
    held = mmap.mmap(zero.fileno(), size)
    held.write(b"x" * size)""",
    "a file without a name": "import os; f = os.memfd_create('x'); os.write(f, b'x' * size)",
    "by several processes": """
import os, time
for _ in range(4):
    if os.fork() == 0:
        held = b"x" * (size // 4)
        time.sleep(600)
time.sleep(600)""",
    "files in /tmp": """
for n in range(8):
    with open(f"/tmp/{n}", "wb") as file: file.write(b"x" * (size // 8))
import time; time.sleep(600)""",
    "files in the home and in shared memory": """
for n in range(8):
    with open(("/dev/shm/" if n == 7 else "/home/student/") + str(n), "wb") as file: file.write(b"x" * (size // (100 if n == 7 else 8)))
import time; time.sleep(600)""",
}


@pytest.mark.parametrize("way", HOLD)
def test_memory_is_bounded_in_whatever_way_it_is_held(way):
    try:
        heard = said(f"size = 240 * 2**20\n{HOLD[way]}", "print('still here')", megabytes=200)
    except ExamineeEnded as ended:
        assert "more than 200 MB of memory" in str(ended)
    else:
        # Refused by the kernel: nothing of it was held.
        assert any(words in heard for words in ("not permitted", "No such device", "No space left"))


SEEN = {
    "nothing": "print('honest')",
    "network": "import socket\ntry: socket.create_connection(('127.0.0.1', 9))\nexcept OSError: pass",
    "process": "import subprocess\nsubprocess.Popen(['sleep', '600'])",
    "call": "import ctypes\nctypes.CDLL(None).ptrace(0, 0, 0, 0)",
}


@pytest.mark.parametrize("kind", SEEN)
def test_what_an_event_would_tell_is_seen_from_outside_too(kind):
    with Sandbox(bubblewrap.stage(()), Limits(cell_seconds=200)) as sandbox:
        sandbox.ask({"do": "run", "code": SEEN[kind]})
    assert set(sandbox.seen) == {kind} - {"nothing"}


def test_forbidden_calls_are_named_and_each_is_refused():
    code = "import ctypes\nprint([ctypes.CDLL(None).syscall(n, 0, 0, 0, 0, 0) for n in {numbers} * 100])"
    numbers = [seccomp.number(name) for name in ("keyctl", "bpf")]
    with Sandbox(bubblewrap.stage(()), Limits(cell_seconds=200)) as sandbox:
        (shown,) = sandbox.ask({"do": "run", "code": code.format(numbers=numbers)})["outputs"]
    assert json.loads(shown["text"]) == [-1] * 200
    assert sandbox.seen["call"] == "seen from outside: bpf, keyctl"


def test_a_killed_process_leaves_a_folder_that_the_next_removes():
    code = (
        "import os\nfrom nnlib.grading.sandbox.bubblewrap import temporary_folder\n"
        "print(temporary_folder(), flush=True)\nos.kill(os.getpid(), 9)"
    )
    left = Path(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip())
    assert left.is_dir()
    mine, other = bubblewrap.temporary_folder(), bubblewrap.temporary_folder()
    assert not left.exists() and mine.is_dir() and other.is_dir()


def test_files_are_bounded_in_number():
    code = "import itertools\nfor n in itertools.count():\n    open(f'/tmp/{n}', 'w').close()"
    assert "No space left" in said(code)


@pytest.mark.parametrize("package", library.ABSENT)
def test_a_package_that_answers_is_not_there(package):
    if importlib.util.find_spec(package):
        assert "is not there while your work is graded" in said(f"import {package}")


def test_numpy_matplotlib_and_linear_algebra_are_there():
    code = "import numpy, matplotlib.pyplot, scipy.linalg, nnlib.fast.blas; print('there')"
    assert said(code) == "there\n"


def test_a_wheel_is_covered_by_the_stripped_copy(tmp_path, monkeypatch):
    shutil.copytree(NNLIB, tmp_path / "nnlib", ignore=shutil.ignore_patterns("__pycache__"))
    tmp_path.chmod(0o755)
    folders = bubblewrap._folders_of_python()
    monkeypatch.setattr(bubblewrap, "_folders_of_python", lambda: [*folders, tmp_path])
    monkeypatch.syspath_prepend(tmp_path)
    code = f"""
import sys
print(sys.modules["nnlib"].__file__)
for name in [name for name in sys.modules if name.startswith("nnlib")]:
    del sys.modules[name]
sys.path.insert(0, "{tmp_path}")
import nnlib, os
print(nnlib.__file__, sorted(os.listdir(os.path.dirname(nnlib.__file__) + "/grading")))
from nnlib import regression
regression.linear.gradient(0, 0, 0)
"""
    with Sandbox(bubblewrap.stage(("regression",))) as sandbox:
        shown = sandbox.ask({"do": "run", "code": code})["outputs"]
    first, second = shown[0]["text"].splitlines()
    assert first == "/library/nnlib/__init__.py"
    assert second == f"{tmp_path}/nnlib/__init__.py ['__init__.py', '__pycache__', 'checks.py', 'sandbox']"
    assert "is withheld while this unit is graded" in shown[1]["evalue"]


def test_a_sandbox_that_does_not_start_says_why(monkeypatch):
    environment = bubblewrap._environment
    monkeypatch.setattr(bubblewrap, "LIBRARY", "/nowhere")
    monkeypatch.setattr(
        bubblewrap, "_environment", lambda cache: [*environment(cache), "--unsetenv", "PYTHONPATH"]
    )
    release = {"withheld": ("training",)}
    task = {"release": release, "limits": None, "unsafe": False, "submission": {"files": {}}}
    with pytest.raises(bubblewrap.SandboxUnavailable, match="did not start: .*No module named 'nnlib'"):
        Examination(task, []).run()


@pytest.mark.parametrize("says", ["sleep 656", "sleep 1; printf /library/nnlib/__init__.py >&{}; sleep 656"])
def test_what_outlives_a_killed_bubblewrap_is_no_sandbox(monkeypatch, says):
    monkeypatch.setattr(servers, "STARTS_WITHIN", 5)
    monkeypatch.setattr(
        bubblewrap, "command", lambda stage, channel: ["bash", "-c", f"({says.format(channel)}) & kill -9 $$"]
    )
    before = sleepers()
    with pytest.raises(bubblewrap.SandboxUnavailable, match="did not start"):
        servers.ForkServer(None)
    deadline = time.monotonic() + HANGS
    while sleepers() - before and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not sleepers() - before


def sleepers():
    """The processes that sleep so long."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if path.read_bytes() == b"sleep\x00656\x00":
                found.add(path.parent.name)
    return found


def test_grading_refuses_without_libseccomp(monkeypatch):
    def missing():
        raise OSError("libseccomp.so.2: cannot open shared object file")

    seccomp.program.cache_clear()
    monkeypatch.setattr(seccomp, "library", missing)
    assert "Grading needs libseccomp" in bubblewrap.unavailable()
    assert "apt install libseccomp2" in bubblewrap.unavailable()


@pytest.mark.slow
@pytest.mark.skipif(os.getuid() != 0, reason="these tests run as an ordinary user already")
def test_the_walls_hold_for_an_ordinary_user():
    done = ordinary_user.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", __file__]
    )
    assert done.returncode == 0, f"{done.stdout[-5000:]}\n{done.stderr[-2000:]}"
