"""`nnlib-grade` as an instructor types it, Ctrl-C included; formgrader's button; the report on the class."""

import contextlib
import csv
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from nnlib.grading import command, workers
from nnlib.grading.autograde import Run, grade
from nnlib.grading.gradebook.report import NothingGraded, write_report
from nnlib.grading.sandbox import processes
from nnlib.grading.sandbox.sandbox import BOUNDED, COUNTED
from tests.grading.catalogue import ROOT
from tests.grading.course import FEW, HANGS, Course, free_port, points_of, solution_answers

UNIT = "1_regression"
ALL = points_of(UNIT, FEW)
pytestmark = [pytest.mark.slow, pytest.mark.sandbox, pytest.mark.filterwarnings("ignore")]


@pytest.fixture
def course(tmp_path):
    made = Course(tmp_path, UNIT, few=True)
    made.write_config()
    made.generate()
    made.submit("ada", solution_answers(UNIT))
    made.submit("eve", {})
    return made


def typed(course, *arguments):
    """Exit code, and what was printed on stdout and on stderr."""
    with course.running("nnlib.grading.command", *arguments) as process:
        return course.ended(process)


@pytest.fixture
def called(course, monkeypatch, capsys):
    """The same without a new process, which takes seconds to load what this one has."""
    monkeypatch.chdir(course.folder)
    monkeypatch.setenv("NNLIB_CAMPAIGN_SEED", "7")

    def call(*arguments):
        capsys.readouterr()
        code = command.main(arguments)
        return code, *capsys.readouterr()

    return call


def test_grading_prints_a_table_and_a_second_run_keeps_all(course):
    code, said, _ = typed(course, "autograde", UNIT)
    assert code == 0, said
    assert re.search(rf"ada +{ALL:g} +[0-9.]+ s  graded\n", said) and re.search(r"eve +0 ", said)
    assert any(f"\nMemory: {way}.\n" in said for way in (BOUNDED, COUNTED))
    assert said.strip().endswith("2 students: 2 graded, 0 not gradable, 0 failed; 0 with events to look at.")
    code, said, _ = typed(course, "autograde", UNIT, "--workers", "1")
    assert code == 0 and said.count("(kept)") == 2
    code, said, _ = typed(course, "autograde", UNIT, "--workers", "1", "--student", "a*", "--regrade")
    assert code == 0 and "(kept)" not in said and "\n1 student: 1 graded" in said


def test_the_table_says_every_way_in_which_memory_was_bounded():
    verdict = {"verdict": "graded", "reasons": []}
    ways = {"ada": COUNTED, "bob": BOUNDED, "eve": None}
    said = command.table({student: verdict | {"memory": way} for student, way in ways.items()})
    assert (
        "\nMemory: bounded by the kernel, with a cgroup (version 2) or measured 50 times a second, as this "
        "machine offers no cgroup (version 2).\n3 students" in said
    )
    assert "Memory" not in command.table({"ada": verdict})


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["autograde", "2_nothing"], "There is no unit '2_nothing' in solutions/; there are: 1_regression."),
        (["autograde", UNIT, "--workers", "0"], "--workers must be at least 1, got 0."),
        (["autograde", UNIT, "--student", "zoe"], "No student 'zoe' has handed in 1_regression"),
        (
            ["autograde", UNIT, "--scheduler", "tcp://127.0.0.1:9"],
            "No Dask scheduler answers at tcp://127.0.0.1:9",
        ),
        (["report", UNIT], f"Nobody of {UNIT} is graded yet. Run: nnlib-grade autograde {UNIT}"),
    ],
)
def test_a_command_that_cannot_run_says_why(called, monkeypatch, arguments, reason):
    monkeypatch.setattr(workers, "ANSWERS_WITHIN", "1s")  # nobody listens there
    code, _, errors = called(*arguments)
    assert code == 2 and reason in errors and "Traceback" not in errors


def test_a_stale_release_names_the_command_that_renews_it(course, called):
    path = course.solution
    path.write_text(path.read_text().replace("checks.softmax(softmax)", "checks.softmax(softmax) # mended"))
    code, _, errors = called("autograde", UNIT)
    assert code == 2 and f"Run: nbgrader generate_assignment {UNIT} --force" in errors


def test_an_error_of_the_gradebook_hides_its_password(course, called):
    with (course.folder / "nbgrader_config.py").open("a") as config:
        url = f"postgresql+psycopg2://teacher:secret@127.0.0.1:{free_port()}/grades"
        config.write(f"\nc.CourseDirectory.db_url = {url!r}\n")
    code, _, errors = called("autograde", UNIT)
    assert code == 2 and "cannot be used: connection to server" in errors and "Does its server run?" in errors
    assert "secret" not in errors and "Traceback" not in errors


def test_log_and_report_say_who_was_graded_without_sandbox(course, called):
    code, said, _ = called("autograde", UNIT, "--unsafe-no-sandbox", "--student", "eve")
    assert code == 0, said
    assert (
        "--unsafe-no-sandbox: students' code runs without a sandbox"
        in (course.folder / ".nbgrader.log").read_text()
    )
    assert "Graded without a sandbox: 1." in write_report(course.api.coursedir, UNIT)[0].read_text()
    # In the sandbox it is graded again: what was found without one does not count there.
    assert "(kept)" not in called("autograde", UNIT, "--student", "eve")[1]


def test_campaign_prints_the_seed(called):
    assert called("campaign", UNIT)[1] == f"{UNIT}: the hidden checks use seed 7.\n"


def test_after_ctrl_c_the_same_command_grades_the_rest(course):
    for number in range(8):
        course.submit(f"student-{number}", solution_answers(UNIT))
    with course.running("nnlib.grading.command", "autograde", UNIT, "--workers", "1") as process:
        course.wait_until_graded(2, process)
        # As a terminal does: to the whole group.
        os.killpg(process.pid, signal.SIGINT)
        code, _, errors = course.ended(process)
    assert code == 130
    assert "Stopped. Who was graded stays graded; the same command goes on with the rest." in errors
    assert "Traceback" not in errors
    kept = len(course.graded())
    assert 2 <= kept < 10
    code, said, _ = typed(course, "autograde", UNIT, "--workers", "1")
    assert code == 0 and said.count("(kept)") == kept and "10 students: 10 graded" in said


def test_ctrl_c_while_torch_loads_prints_the_same_sentence(course):
    with course.running("nnlib.grading.command", "autograde", UNIT, "--workers", "1") as process:
        # Until what workers need is being loaded.
        while "torch" not in _libraries(processes.tree(process.pid)[1:]):
            assert process.poll() is None
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGINT)
        code, _, errors = course.ended(process)
    assert code == 130 and errors.startswith("Stopped. ") and "Traceback" not in errors


def _libraries(pids):
    """The names of the libraries that these processes have loaded."""
    names = ""
    for pid in pids:
        with contextlib.suppress(OSError):  # it has ended in the meantime
            names += Path(f"/proc/{pid}/maps").read_text()
    return names


def test_ctrl_c_ends_grading_amid_a_result_of_a_worker(tmp_path):
    script = tmp_path / "interrupted.py"
    script.write_text(INTERRUPTED)
    ended = subprocess.run([sys.executable, script], cwd=ROOT, capture_output=True, text=True, timeout=HANGS)
    assert ended.stdout == "stopped\n", ended.stderr


INTERRUPTED = """
import re, signal, time
from pathlib import Path
from nnlib.grading import workers

def received():
    return int(re.search(r"rchar: (\\d+)", Path("/proc/self/io").read_text())[1])

def interrupt(*_):
    if received() - before > 2**20:
        signal.setitimer(signal.ITIMER_REAL, 0)
        raise KeyboardInterrupt

if __name__ == "__main__":
    workers.work = bytes  # its result: so many bytes
    workers.seconds_for = lambda task: 1000
    results = workers.on_this_machine(iter([10, 2**29]), 1)
    next(results)
    before = received()
    signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
    try:
        next(results)
    except KeyboardInterrupt:
        print("stopped")
"""


def test_the_button_of_formgrader_calls_the_examiner(course, tmp_path):
    port = free_port()
    place = [
        f"--ServerApp.port={port}",
        "--ServerApp.ip=127.0.0.1",
        "--ServerApp.port_retries=0",
        "--no-browser",
    ]
    line = ["jupyter", "server", *place, "--allow-root", "--IdentityProvider.token=secret"]
    address = f"http://127.0.0.1:{port}/formgrader/api/submission/{UNIT}/ada/autograde"
    request = urllib.request.Request(address, method="POST", headers={"Authorization": "token secret"})
    with course.running(*line) as process:
        while True:  # until it listens, however long this machine takes
            try:
                answer = json.loads(urllib.request.urlopen(request, timeout=600).read())
                break
            except urllib.error.URLError as error:
                assert process.poll() is None and not isinstance(error, urllib.error.HTTPError), error
                time.sleep(0.1)
    assert answer["success"], answer
    assert "ada" in course.graded()
    assert course.total("ada") == ALL


def test_the_report_has_points_hints_times_and_events(course):
    with pytest.raises(NothingGraded):
        write_report(course.api.coursedir, UNIT)
    wrong = solution_answers(UNIT) | {"gradient": "def gradient(W, X, T):\n    return X.T @ (X @ W.T - T)"}
    course.submit("=cmd()", wrong)
    course.submit("mal", {"linear_output": "import socket\nsocket.create_connection(('127.0.0.1', 9))"})
    grade(course.api.coursedir, UNIT, Run(bar=False, workers=1))
    page, table = write_report(course.api.coursedir, UNIT)
    rows = {row["student"]: row for row in csv.DictReader(table.open())}
    assert float(rows["ada"]["points"]) == ALL and float(rows["eve"]["points"]) == 0
    assert 0 < float(rows["'=cmd()"]["points"]) < ALL, "a name must be no formula of a spreadsheet"
    assert float(rows["ada"]["student_seconds"]) <= float(rows["ada"]["seconds"])
    assert rows["ada"]["events"] == "" and rows["mal"]["events"].startswith("network: ")
    text = page.read_text()
    assert "not answered yet" not in text and "<th>not answered</th>" in text
    assert "∂E/∂W is transposed, and should not be." in text and "tried to reach the network" in text
    assert "4 students: 4 graded, 0 not gradable." in text and "for the median student" in text
