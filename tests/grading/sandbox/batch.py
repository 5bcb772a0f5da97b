"""Hostile and malformed submissions in one batch with honest neighbours, through the real pipeline.

`test_hostile` runs these tests, each time in one new process: the batch is graded once for all of them.
"""

import contextlib
import csv
import hashlib
import io
import os
import re
import socket
import threading
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup

from nnlib.grading.autograde import Run, grade
from nnlib.grading.gradebook.report import write_report
from nnlib.grading.sandbox.sandbox import Limits
from nnlib.grading.sandbox.withheld import NNLIB
from tests.grading import graded, malformed
from tests.grading.browsing import CLICK_ALL, chromium
from tests.grading.course import FEW, Course, points_of, solution_answers
from tests.grading.hostile import UNIT, hostile

pytestmark = pytest.mark.filterwarnings("ignore")

SCRIPTS = ("script_in_output", "script_as_a_picture", "script_in_text", "script_in_an_error", "links_to_scripts",
           "formula_that_is_a_link", "attachment_is_a_script")  # fmt: skip
TIME_OUTS = ("endless_answers", "asleep_in_every_call")
DAY = os.environ["NNLIB_DAY"]
OF, PART = (1, 0) if graded.WHOLE else (10, 0) if os.getuid() == 0 else (5, int(DAY) % 5)
ALWAYS = SCRIPTS if OF == 10 else SCRIPTS + TIME_OUTS  # which take a minute
HOSTILE = [e for n, e in enumerate(hostile()) if n % OF == PART or e.name in ALWAYS]
MALFORMED = [e for n, e in enumerate(malformed.MALFORMED) if n % OF == PART or str(e) in SCRIPTS]
LIMITS = Limits(cell_seconds=3, wall_seconds=400, cpu_seconds=30, megabytes=700)


def fingerprint(folder):
    """Every file below a folder, with its content, but what grading itself writes."""
    found = {}
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder).as_posix()
        ours = re.match(
            r"(autograded|campaigns|gradebook\.db|feedback|reports|submitted/five_hundred)", inside
        )
        if path.is_file() and not path.is_symlink() and not ours:
            found[inside] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


class Batch:
    """A course in which everybody has handed in, graded in one go."""

    def __init__(self, folder, monkeypatch):
        self.course = Course(folder, UNIT, few=True)
        self.course.generate()
        own = solution_answers(UNIT)
        first = FEW[0]
        self.honest = {"reference": own, "first": {first: own[first]}, "nothing": {}}
        for student, answers in self.honest.items():
            self.course.submit(student, answers)
        self.home = folder / "home"
        self.home.mkdir()
        monkeypatch.setenv("HOME", str(self.home))
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.connections = []
        threading.Thread(target=self._listen, daemon=True).start()
        port = self.listener.getsockname()[1]
        for entry in HOSTILE:
            entry.submit(self.course, port, self.home)
        for entry in MALFORMED:
            entry.change(self.course.submit(str(entry), own))
        monkeypatch.chdir(folder)
        self.before, self.sleeping = self._outside(), sleepers()
        self.verdicts = grade(self.course.api.coursedir, UNIT, Run(bar=False, limits=LIMITS))
        self.after = self._outside()
        with self.course.api.gradebook as gradebook:
            submissions = gradebook.assignment_submissions(UNIT)
            self.points = {
                s.student_id: {g.name: g.auto_score for g in s.notebooks[0].grades} for s in submissions
            }
            self.manual = {g.manual_score for s in submissions for g in s.notebooks[0].grades}
        made = self.course.api.generate_feedback(UNIT, force=True)
        assert made["success"], made["log"]
        self.feedback = sorted(self.course.folder.glob(f"feedback/*/{UNIT}/{UNIT}.html"))

    def _listen(self):
        while True:
            try:
                self.connections.append(self.listener.accept())
            except OSError:
                return

    def _outside(self):
        places = [self.course.folder, NNLIB]
        return {str(place): fingerprint(place) for place in places}

    def total(self, student):
        return sum(points or 0 for points in self.points[student].values())

    def page(self, student):
        return self.course.folder / "feedback" / student / UNIT / f"{UNIT}.html"

    def notebook(self, student):
        return (self.course.folder / "autograded" / student / UNIT / f"{UNIT}.ipynb").read_text()


@pytest.fixture(scope="module")
def batch(tmp_path_factory):
    with pytest.MonkeyPatch.context() as monkeypatch:
        made = Batch(tmp_path_factory.mktemp("hostile"), monkeypatch)
        yield made
        made.listener.close()


ALL = points_of(UNIT, FEW)


def test_students_in_are_verdicts_out(batch):
    handed_in = {path.name for path in (batch.course.folder / "submitted").iterdir()}
    assert set(batch.verdicts) == handed_in == set(batch.points)
    assert {verdict["verdict"] for verdict in batch.verdicts.values()} <= {"graded", "not graded"}


def test_honest_neighbours_are_untouched(batch):
    first = points_of(UNIT, FEW[:1])
    assert (batch.total("reference"), batch.total("first"), batch.total("nothing")) == (ALL, first, 0)
    for student in batch.honest:
        assert batch.verdicts[student]["events"] == batch.verdicts[student]["reasons"] == []


@pytest.mark.parametrize("entry", HOSTILE, ids=str)
def test_a_hostile_submission_gains_nothing_and_is_reported(batch, entry):
    honest = batch.total("first")
    assert batch.total(entry.name) <= honest
    assert entry.lost or batch.total(entry.name) == honest
    verdict = batch.verdicts[entry.name]
    if entry.event:
        assert {kind for kind, _ in verdict["events"]} & set(entry.event.split("|"))


@pytest.mark.parametrize("entry", MALFORMED, ids=str)
def test_a_malformed_submission_gets_a_verdict_and_a_reason(batch, entry):
    verdict = batch.verdicts[str(entry)]
    assert verdict["verdict"] == entry.verdict
    assert entry.reason in " ".join(verdict["reasons"])
    if entry.full:
        assert batch.total(str(entry)) == ALL
    elif entry.verdict == "not graded":
        assert batch.total(str(entry)) == 0 and verdict["reasons"]
    else:
        assert batch.total(str(entry)) < ALL


def test_nobody_gains_what_the_walls_keep(batch):
    shown = {entry.name: nbformat.reads(batch.notebook(entry.name), 4).cells for entry in HOSTILE}
    for student, cells in shown.items():
        printed = [o.get("text", "") for cell in cells for o in cell.get("outputs", ())]
        assert not any(text.startswith("gained") for text in printed), student


def test_nothing_outside_is_changed(batch):
    assert batch.before == batch.after
    assert not any(batch.home.rglob("*infect*")) and not any(batch.home.rglob("usercustomize.py"))
    assert not os.path.exists("/tmp/nnlib-left-by-a-student") and not os.path.exists(
        "/dev/shm/nnlib-left-by-a-student"
    )
    assert batch.manual == {None}


@pytest.mark.skipif(OF == 10, reason="graded as an ordinary user")
def test_after_a_time_out_the_question_is_not_asked_again(batch):
    for student in TIME_OUTS:
        verdict = batch.verdicts[student]
        assert verdict["reasons"][0].startswith("time limit: ")
        out_of_time = {name.partition("-")[0] for name, slip, _ in verdict["hints"] if slip == "time_limit"}
        waited = [
            reason
            for reason in verdict["reasons"]
            if reason.startswith("time limit: ") and "-check" in reason
        ]
        assert len(waited) <= len(out_of_time), "each question waits once"


def test_nobody_reaches_the_network(batch):
    assert batch.connections == []


def test_no_process_stays(batch):
    assert sleepers() <= batch.sleeping


def sleepers():
    """Ids of processes like those that background_process and double_fork leave behind where they can."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if path.read_bytes() in (b"sleep\x00654\x00", b"sleep\x00655\x00"):
                found.add(path.parent.name)
    return found


def test_outputs_are_cut(batch):
    for student in batch.points:
        assert len(batch.notebook(student)) < 6_000_000, student
        assert len(batch.verdicts[student]["events"]) <= 101 >= len(batch.verdicts[student]["reasons"])


def test_feedback_has_no_scripts_hidden_checks_or_solutions(batch):
    assert {path.parts[-3] for path in batch.feedback} == set(batch.points)
    for path in batch.feedback:
        page, student = path.read_text(), path.parts[-3]
        body = page.split("<body")[1]
        # One looks for hidden checks, and says so in its own cell.
        assert "hidden=True" not in page or student == "read_hidden_checks"
        assert "Mark scheme" not in page
        assert "BEGIN SOLUTION" not in page or student not in ("link_to_the_solution", "folder_is_a_link")
        assert not re.search(r"<(script|iframe|object|embed|form|base|link)\b", body, re.I), student
    for student in SCRIPTS:
        page = BeautifulSoup(batch.page(student).read_text(), "html.parser").body
        attributes = [(name, value) for tag in page.find_all(True) for name, value in tag.attrs.items()]
        assert not any(name.startswith("on") or "javascript:" in str(value) for name, value in attributes), (
            student
        )


@pytest.mark.browser
@pytest.mark.skipif(os.getuid() != 0, reason="once is enough")
def test_no_click_on_any_page_runs_or_asks_anything(batch):
    with chromium() as page:
        for path in batch.feedback:
            chosen = path.parts[-3] in (*SCRIPTS, *batch.honest) or "javascript" in path.read_text()
            if not chosen and not graded.WHOLE:
                continue
            page.goto(path.as_uri())
            title = page.title()
            page.evaluate(CLICK_ALL, "body")
            assert page.title() == title and not page.dialogs, path
        assert not [url for url in page.asked if not url.startswith(("file:", "data:"))]


def test_the_report_names_who_to_look_at(batch):
    page, table = (path.read_text() for path in write_report(batch.course.api.coursedir, UNIT))
    assert "tried to reach the network" in page and "<script" not in page
    assert len(list(csv.reader(io.StringIO(table)))) == len(batch.verdicts) + 1


def test_a_second_run_keeps_all(batch):
    again = grade(batch.course.api.coursedir, UNIT, Run(bar=False, limits=LIMITS))
    assert all(verdict["kept"] for verdict in again.values()) and set(again) == set(batch.verdicts)
