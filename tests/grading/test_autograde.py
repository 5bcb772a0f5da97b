"""Grading a unit: resubmissions, regrades, interruptions, other schedulers and databases."""

import logging
import os
import sys
import time
from contextlib import ExitStack

import nbformat
import nbgrader
import pytest

from nnlib.grading import workers
from nnlib.grading.autograde import NoSubmissions, Run, grade
from nnlib.grading.command import table
from nnlib.grading.gradebook import converter
from nnlib.grading.gradebook.campaign import Campaign, begin
from nnlib.grading.gradebook.release import StaleRelease
from nnlib.grading.sandbox import bubblewrap, processes
from nnlib.grading.sandbox.sandbox import Limits
from tests.grading import postgresql
from tests.grading.course import FEW, HANGS, Course, free_port, points_of, solution_answers

UNIT = "1_regression"
ALL = points_of(UNIT, FEW)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.sandbox,
    pytest.mark.filterwarnings("ignore"),
    pytest.mark.skipif(bubblewrap.unavailable() is not None, reason=str(bubblewrap.unavailable())),
]


def run(course, **how):
    """By one worker: to start a second sandbox takes longer than what it would grade."""
    return grade(course.api.coursedir, UNIT, Run(bar=False, workers=1, **how))


def make(folder, students, database=None):
    course = Course(folder, UNIT, database, few=True)
    course.write_config()
    course.generate()
    own = solution_answers(UNIT)
    for student, answers in students.items():
        course.submit(student, {q: own[q] for q in answers})
    return course


@pytest.fixture
def course(tmp_path):
    return make(tmp_path, {"ada": FEW, "bob": FEW[:1], "eve": []})


def test_only_who_hands_in_again_is_graded_again(course):
    run(course)
    assert (course.total("ada"), course.total("eve")) == (ALL, 0)
    course.submit("eve", solution_answers(UNIT))
    course.submit("ada", {})
    verdicts = run(course)
    assert [v.get("kept", False) for _, v in sorted(verdicts.items())] == [False, True, False]
    assert (course.total("ada"), course.total("eve")) == (0, ALL)


def test_manual_points_comments_and_late_penalty_survive_a_regrade(course):
    course.config.AssignLatePenalties.plugin_class = "tests.grading.late.OnePoint"
    course.submitted("ada").with_name("timestamp.txt").write_text("2026-01-02 00:00:00 UTC")
    with course.api.gradebook as gradebook:
        gradebook.update_or_create_assignment(UNIT, duedate="2026-01-01 00:00:00")
    parent = course.api
    grade(course.api.coursedir, UNIT, Run(bar=False, workers=1, parent=parent))

    def written():
        with course.api.gradebook as gradebook:
            notebook = gradebook.find_submission(UNIT, "ada").notebooks[0]
            manual = {grade.name: grade.manual_score for grade in notebook.grades}
            return (
                manual,
                {c.name: c.manual_comment for c in notebook.comments},
                notebook.late_submission_penalty,
            )

    with course.api.gradebook as gradebook:
        notebook = gradebook.find_submission(UNIT, "ada").notebooks[0]
        notebook.grades[0].manual_score = 1.5
        notebook.comments[0].manual_comment = "Look at the shapes."
        gradebook.db.commit()
    before = written()
    assert 1.5 in before[0].values() and "Look at the shapes." in before[1].values() and before[2] == 1
    grade(course.api.coursedir, UNIT, Run(bar=False, workers=1, parent=parent, regrade="*"))
    assert written() == before


def test_one_question_is_regraded_and_the_others_keep_their_points(course):
    run(course)
    with course.api.gradebook as gradebook:
        for grade_ in gradebook.find_submission(UNIT, "ada").notebooks[0].grades:
            if grade_.auto_score is not None:
                grade_.auto_score = 0
        gradebook.db.commit()
    first = FEW[0]
    run(course, regrade=first)
    points = course.points("ada")
    assert all(bool(p) == name.startswith(f"{first}-") for name, p in points.items() if p is not None)
    with pytest.raises(NoSubmissions, match="no question 'nothing'"):
        run(course, regrade="nothing")


def test_a_new_campaign_has_another_seed_and_grades_again(course, monkeypatch):
    monkeypatch.delenv("NNLIB_CAMPAIGN_SEED", raising=False)
    run(course, student="ada")
    seed = Campaign(course.api.coursedir, UNIT).seed
    assert Campaign(course.api.coursedir, UNIT).seed == seed
    begin(course.api.coursedir, UNIT)
    assert Campaign(course.api.coursedir, UNIT).seed != seed
    assert "kept" not in run(course, student="ada")["ada"]


def test_a_release_that_differs_from_the_solution_is_refused(course):
    path = course.solution
    path.write_text(path.read_text().replace("checks.softmax(softmax)", "checks.softmax(softmax) # mended"))
    with pytest.raises(StaleRelease, match="softmax-check.*nbgrader generate_assignment"):
        run(course)
    course.generate()
    assert run(course)["ada"]["verdict"] == "graded"


def test_names_that_no_page_can_show_stop_nobody_else(course):
    unfit = ["<script>alert(1)<", 'a"b', os.fsdecode(b"n\xff")]
    for name in unfit:
        course.submit(name, {})
    verdicts = run(course, student="[!be]*")
    assert {name for name, verdict in verdicts.items() if verdict["verdict"] == "failed"} == set(unfit)
    assert all("The name of the folder holds" in verdicts[name]["reasons"][0] for name in unfit)
    assert verdicts["ada"]["verdict"] == "graded" and "n\ufffd" in table(verdicts)


def test_a_student_without_a_submission_raises_no_submissions(course):
    with pytest.raises(NoSubmissions, match="No student 'zoe'"):
        run(course, student="zoe")


def test_after_a_kill_the_same_command_grades_the_rest(course):
    for number in range(6):
        course.submit(f"student-{number}", solution_answers(UNIT))
    with course.running("nnlib.grading.command", "autograde", UNIT, "--workers", "1") as process:
        course.wait_until_graded(2, process)
    kept = course.graded()
    assert 2 <= len(kept) < 9
    with course.running("nnlib.grading.command", "autograde", UNIT) as process:
        code, said, errors = course.ended(process)
    assert code == 0, said + errors
    assert said.count("(kept)") == len(kept) and "9 students: 9 graded" in said
    assert {course.total(f"student-{n}") for n in range(6)} == {ALL}


def test_who_keeps_the_examiner_busy_stays_not_graded(course, monkeypatch):
    solution = nbformat.read(course.solution, as_version=4)
    check = next(cell for cell in solution.cells if cell.id == "softmax-check")
    check.source = "import re\n\nassert not re.match('(a+)+$', str(softmax(np.ones((2, 2)))))"
    nbformat.write(solution, course.solution)
    course.generate()
    course.submit("mal", {"softmax": "def softmax(A):\n    return 'a' * 64 + 'b'"})

    def seconds(task):
        return 10 if task["student"] == "mal" and not task["submission"]["unreadable"] else HANGS

    monkeypatch.setattr(workers, "seconds_for", seconds)
    verdict = run(course)["mal"]
    assert verdict["verdict"] == "not graded" and course.total("mal") == 0
    assert verdict["reasons"] == [reason := "Grading it took longer than 10 seconds."]
    assert verdict["events"] == [["ended", reason]]
    assert course.total("ada") > course.total("eve") == 0
    assert all(verdict["kept"] for verdict in run(course).values())


def test_workers_and_sandboxes_end_when_grading_is_killed(course):
    for number in range(6):
        course.submit(f"student-{number}", solution_answers(UNIT))
    with course.running("nnlib.grading.command", "autograde", UNIT, "--workers", "2") as process:
        course.wait_until_graded(1, process)
        helpers = processes.tree(process.pid)[1:]
        assert len(helpers) >= 4
        process.kill()  # it alone
        deadline = time.monotonic() + HANGS
        while any(_runs(pid) for pid in helpers) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not [pid for pid in helpers if _runs(pid)]


def _runs(pid):
    try:
        return processes.status(pid)[0] != "Z"
    except OSError:
        return False


def test_nbgrader_autograde_calls_the_examiner(course):
    with course.running("nbgrader", "autograde", UNIT) as process:
        code, said, errors = course.ended(process)
    assert code == 0, said + errors
    assert len(course.graded()) == 3
    assert course.total("ada") == ALL


def test_two_workers_of_dask_give_the_same_points(course):
    address = f"tcp://127.0.0.1:{free_port()}"
    quiet = ["--no-dashboard"]
    with ExitStack() as stack:
        place = [address.rsplit(":", 1)[1], "--host", "127.0.0.1"]
        stack.enter_context(course.running("distributed.cli.dask_scheduler", "--port", *place, *quiet))
        for _ in range(2):
            worker = [
                "distributed.cli.dask_worker",
                address,
                "--nthreads",
                "1",
                "--host",
                "127.0.0.1",
                *quiet,
            ]
            stack.enter_context(course.running(*worker))
        verdicts = run(course, scheduler=address)
    assert {v["verdict"] for v in verdicts.values()} == {"graded"}
    assert (course.total("ada"), course.total("eve")) == (ALL, 0)


@pytest.mark.postgresql
def test_the_gradebook_may_be_in_postgresql(tmp_path):
    with postgresql.server() as url:
        course = make(tmp_path, {"ada": FEW, "eve": []}, url)
        run(course)
        assert (course.total("ada"), course.total("eve")) == (ALL, 0)
        assert all(v["kept"] for v in run(course).values())


def test_no_sandbox_must_be_asked_for_and_is_logged(course, monkeypatch, caplog):
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(bubblewrap.SandboxUnavailable, match="apt install bubblewrap"):
        run(course)
    monkeypatch.undo()
    with caplog.at_level(logging.WARNING):
        run(course, unsafe=True, student="ada", limits=Limits(cell_seconds=20))
    assert "--unsafe-no-sandbox" in caplog.text and course.total("ada") == ALL


def test_the_reason_why_there_is_no_sandbox_is_named(monkeypatch, tmp_path):
    false = tmp_path / "bwrap"
    false.write_text("#!/bin/sh\necho 'No permissions to create new namespace' >&2; exit 1\n")
    false.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "cannot make a sandbox (No permissions to create new namespace)" in bubblewrap.unavailable()
    monkeypatch.setattr(sys, "platform", "darwin")
    assert "macOS has none" in bubblewrap.unavailable()


def test_another_version_of_nbgrader_is_refused(course, monkeypatch):
    monkeypatch.setattr(nbgrader, "__version__", "0.9.7")
    result = course.api.autograde(UNIT, "ada")
    assert not result["success"] and f"nbgrader=={converter.TESTED}" in result["log"] + str(
        result.get("error")
    )
