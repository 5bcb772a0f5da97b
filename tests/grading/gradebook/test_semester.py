"""A unit played through as instructors, assistants and students do, with nbgrader's exchange in between."""

import csv
import json
import re
import time
import urllib.request
import zipfile
from types import SimpleNamespace

import nbformat
import pytest
from bs4 import BeautifulSoup

from nnlib.grading.autograde import Run, grade
from nnlib.grading.gradebook import collected, formgrader, mark_scheme
from nnlib.grading.gradebook.export import NothingToExport, export
from nnlib.grading.gradebook.feedback import FEWEST
from nnlib.grading.gradebook.report import write_report
from tests.grading.browsing import CLICK_ALL, chromium
from tests.grading.catalogue import ROOT
from tests.grading.course import FEW, HANGS, free_port, points_of
from tests.grading.gradebook.semester import PIXEL, UNIT, Semester
from tests.grading.gradebook.test_pages import ATTACKS
from tests.grading.malformed import cells
from tests.grading.malformed import text as texts
from tests.grading.malformed.entry import cell_of, edit

ALL = points_of(UNIT, FEW)
pytestmark = [pytest.mark.slow, pytest.mark.sandbox, pytest.mark.filterwarnings("ignore")]


@pytest.fixture(scope="module")
def semester(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NNLIB_CAMPAIGN_SEED", "7")
        yield Semester(tmp_path_factory.mktemp("semester"))


def test_released_fetched_submitted_collected_and_fed_back(semester):
    assert semester.course.total(semester.fetcher) == ALL
    said = semester.nbgrader("release_feedback", UNIT)
    assert "wrong: feedback not released: timestamp.txt of nbgrader's exchange is missing" in said
    semester.nbgrader("fetch_feedback", UNIT, of_student=True)
    (page,) = semester.home.glob(f"{UNIT}/feedback/*/{UNIT}.html")
    assert page.read_text() == semester.page(semester.fetcher)
    semester.nbgrader("export")
    assert semester.fetcher in (semester.course.folder / "grades.csv").read_text()
    # These are the commands, in the order, of the page for instructors.
    page = (ROOT / "solutions" / "GRADING.md").read_text().partition("## A JupyterHub")[2]
    told = re.findall(r"^nbgrader .+$", page, re.M)[1:]  # the course has made its release itself
    done = iter(semester.commands)
    assert len(told) == 7 and all(line in done for line in told)


def test_everyone_gets_a_page_pasted_pictures_included(semester):
    assert set(semester.verdicts) == {p.name for p in (semester.course.folder / "feedback").iterdir()}
    soup = BeautifulSoup(semester.page("pasted"), "html.parser")
    assert f"data:image/png;base64,{PIXEL}" in {image.get("src") for image in soup.find_all("img")}
    assert "print" in soup.text and "HIDDEN TESTS" in soup.text, "the student's own words stay"
    assert semester.verdicts["pasted"]["verdict"] == "graded" and semester.course.total("pasted") == ALL


def test_the_page_opens_with_a_table_of_the_questions(semester):
    soup = BeautifulSoup(semester.page("wrong"), "html.parser")
    rows = {row.a.text: row.text for row in soup.find(class_="questions").tbody.find_all("tr")}
    assert len(rows) == len(FEW) + 1 and not any("Test cell" in name for name in rows)
    (row,) = [text for text in rows.values() if "is transposed, and should not be" in text]
    assert "not yet" in row and "Not yet" not in row and row.count("ecture 1, “A batch at once”") == 1
    (row,) = [text for name, text in rows.items() if name.endswith("In your own words")]
    assert "not read yet" in row
    assert f"{ALL - 3:g} of " in soup.p.text or "still to be read" in soup.p.text
    first = soup.body.find(["table", "div"])
    assert first.name == "table", "before the notebook"


def test_points_are_rounded_and_comments_shown_as_typed(semester):
    page = semester.page("part")
    assert "1.01 / 2" in page and "1.0099" not in page
    table, below = page.split("</table>", 1)
    assert "Name the &lt;factor&gt;." in table and "Name the &lt;factor&gt;." in below


def test_pages_load_nothing_and_run_nothing(semester):
    report = write_report(semester.course.api.coursedir, UNIT)[0].read_text()
    for page in (semester.page("wrong"), semester.page("pasted"), report):
        soup = BeautifulSoup(page, "html.parser")
        assert soup.html["lang"] == "en" and soup.find("meta", attrs={"name": "viewport"})
        policy = soup.find("meta", attrs={"http-equiv": "Content-Security-Policy"})["content"]
        assert "default-src 'none'" in policy and "script-src" not in policy
        assert not soup.find_all(["script", "link", "iframe"])
        loaded = [tag.get(name, "data:") for tag in soup.find_all(True) for name in ("src", "action")]
        assert all(address.startswith("data:") for address in loaded)
    soup = BeautifulSoup(semester.page("wrong"), "html.parser")
    assert len(soup.find_all("math")) > 20 and not re.search(r"\$[^$\n]+\$", soup.find(class_="given").text)


def test_hidden_checks_and_the_mark_scheme_are_on_no_page(semester):
    for student in semester.verdicts:
        page = semester.page(student)
        assert "hidden=True" not in page and "Mark scheme" not in page


def test_a_page_that_cannot_be_made_is_logged_with_its_reason(semester):
    broken = semester.course.folder / "autograded" / "student-1" / UNIT / f"{UNIT}.ipynb"
    whole = broken.read_text()
    broken.chmod(0o644)
    broken.write_text("{")
    said = semester.nbgrader("generate_feedback", UNIT, "--force", fails=True)
    broken.write_text(whole)
    assert "student-1: no feedback: JSONDecodeError" in said
    assert (
        len(list(semester.course.folder.glob(f"feedback/*/{UNIT}/{UNIT}.html"))) == len(semester.verdicts) - 1
    )
    semester.nbgrader("generate_feedback", UNIT)


def test_a_page_takes_little_time(semester):
    """Against the whole of nbconvert's page, not against a clock."""
    from nnlib.grading.gradebook import grades
    from nnlib.grading.gradebook.feedback_page import Pages

    course = semester.course
    pages = Pages(UNIT, grades.read(course.api.coursedir, UNIT))
    text = (course.folder / "autograded" / "wrong" / UNIT / f"{UNIT}.ipynb").read_text()
    pages.page("wrong", text)
    seconds = []
    for _ in range(5):
        begun = time.process_time()
        pages.page("wrong", text)
        seconds.append(time.process_time() - begun)
    begun = time.process_time()
    from nbconvert.exporters import HTMLExporter

    HTMLExporter().from_notebook_node(nbformat.reads(text, as_version=4))
    assert min(seconds) < (time.process_time() - begun) / 5


def test_the_report_counts_by_question_and_tells_pending(semester):
    page, table = write_report(semester.course.api.coursedir, UNIT)
    rows = {row["student"]: row for row in csv.DictReader(table.open())}
    assert rows["wrong"]["written"] == "pending" and rows["part"]["written"] == "1.01"
    assert (rows["part"]["first_name"], rows["part"]["email"]) == ("Ada", "ada@example.org")
    assert "1.0099" not in table.read_text() and "." not in rows["wrong"]["gradient"]
    soup = BeautifulSoup(page.read_text(), "html.parser")
    names = [row.td.text for row in soup.find_all("table")[0].find_all("tr")[1:]]
    assert names == [*FEW, "written"]
    assert f"Pending: {2 + FEWEST // 2} have an answer" in soup.text
    (hint,) = [row for row in soup.find_all("table")[1].find_all("tr") if "is transposed" in row.text]
    assert hint.td.text == str(1 + FEWEST // 2) and "X.T @ (X @ W.T - T)" in hint.pre.text
    assert not any(name in hint.text for name in semester.verdicts)
    assert soup.find("svg")["aria-label"].startswith("2 students from 0 points")


def test_moodle_and_canvas_get_their_grades_and_feedback(semester):
    coursedir = semester.course.api.coursedir
    (table, archive), pending = export(coursedir, UNIT, "moodle")
    rows = {row["Identifier"]: row for row in csv.DictReader(table.open())}
    assert set(rows) == {"Participant 17", "Participant 18"} and pending == ["wrong"]
    assert rows["Participant 17"]["Full name"] == "Ada Lovelace" and rows["Participant 18"]["Grade"] == ""
    assert float(rows["Participant 17"]["Grade"]) > 1.01 and "Last modified (grade)" in rows["Participant 17"]
    assert set(zipfile.ZipFile(archive).namelist()) == {
        f"Ada Lovelace_17_assignsubmission_file/{UNIT}.html", f"Bob_18_assignsubmission_file/{UNIT}.html",
    }  # fmt: skip
    (table, archive), _ = export(coursedir, UNIT, "canvas")
    points, row = list(csv.reader(table.open()))[1:]
    assert points[0].strip() == "Points Possible" and float(points[-1]) == ALL + 2 and row[1] == "student-1"
    assert zipfile.ZipFile(archive).namelist() == [f"doejane_LATE_4711_990_{UNIT}.html"]
    collected.path(coursedir, UNIT).rename(collected.path(coursedir, UNIT).with_suffix(".aside"))
    with pytest.raises(NothingToExport, match="zip_collect"):
        export(coursedir, UNIT, "canvas")
    collected.path(coursedir, UNIT).with_suffix(".aside").rename(collected.path(coursedir, UNIT))


def test_a_release_that_changes_questions_is_refused_and_kept(semester):
    path = semester.course.folder / "solutions" / UNIT / f"{UNIT}.ipynb"
    before, released = path.read_text(), semester.course.release.read_text()
    notebook = json.loads(before)
    next(c for c in notebook["cells"] if c["id"] == "gradient-check")["metadata"]["nbgrader"]["points"] = 9
    notebook["cells"] = [c for c in notebook["cells"] if c["id"] != "softmax-check"]
    path.write_text(json.dumps(notebook))
    said = semester.nbgrader("generate_assignment", UNIT, "--force", fails=True)
    path.write_text(before)
    assert "softmax-check is gone, gradient-check had 1 points and has 9" in said and "Traceback" not in said
    assert semester.course.release.read_text() == released
    # A check may be mended.
    path.write_text(before.replace("checks.softmax(softmax)", "checks.softmax(softmax)  # mended"))
    semester.nbgrader("generate_assignment", UNIT, "--force")
    path.write_text(before)
    semester.nbgrader("generate_assignment", UNIT, "--force")


def test_a_due_date_set_later_is_applied_by_plain_autograde(semester):
    course = semester.course
    course.config.AssignLatePenalties.plugin_class = "tests.grading.late.OnePoint"
    with course.api.gradebook as gradebook:
        gradebook.update_or_create_assignment(UNIT, duedate="2026-01-01 00:00:00")
    course.submitted("wrong").with_name("timestamp.txt").write_text("2026-01-02 00:00:00 UTC")
    verdicts = grade(course.api.coursedir, UNIT, Run(bar=False, parent=course.api, student="wrong"))
    assert verdicts["wrong"]["kept"] and "late penalty: 1 points, was 0." in verdicts["wrong"]["reasons"]
    with course.api.gradebook as gradebook:
        assert gradebook.find_submission(UNIT, "wrong").notebooks[0].late_submission_penalty == 1


def test_formgrader_shows_the_mark_scheme_and_runs_own_scripts(semester):
    schemes = mark_scheme.of_unit(semester.course.api.coursedir, UNIT)
    assert "Mark scheme: 1 point" in schemes["written-answer"]
    page = (
        '<script>var a = 1;</script><span onclick="toggle_name(true);"></span><div id="notebook">'
        '<div class="panel-footer">\n  <div><textarea id="written-answer-comment"></textarea></div></div>'
        "<script>alert(1)</script></div>"
    )
    shown = BeautifulSoup(formgrader.with_mark_scheme(page, schemes), "html.parser")
    assert "1 point" in shown.details.text
    policy = formgrader.policy(page)
    assert policy.count("sha256-") == 2 and "'unsafe-inline'" not in policy.partition("style-src")[0]
    exported = SimpleNamespace(coursedir=semester.course.api.coursedir, headers={})
    exported.set_header = exported.headers.__setitem__
    exporter = SimpleNamespace(from_filename=lambda name, resources: (page, resources))
    html, _ = formgrader._Exporter(exported, exporter).from_filename("x", {"assignment_id": UNIT})
    assert "Mark scheme" in html and exported.headers["Content-Security-Policy"] == policy


def everything_hostile_that_is_written(path):
    """Into one submission: what the catalogue puts into text cells, and every attack as the written answer."""
    answer = "\n\n".join(f"My answer {number}. {attack}" for number, attack in enumerate(ATTACKS))
    edit(path, lambda n: cell_of(n, "written-answer").update(source=answer))
    for change in (cells.script_in_text, *texts.HOSTILE):
        change(path)


@pytest.mark.browser
def test_formgrader_in_the_browser_runs_its_own_scripts_alone(semester):
    course, port = semester.course, free_port()
    everything_hostile_that_is_written(course.submit("writer", semester.own))
    assert (
        grade(course.api.coursedir, UNIT, Run(bar=False, student="writer"))["writer"]["verdict"] == "graded"
    )
    path = course.folder / "autograded" / "pasted" / UNIT / f"{UNIT}.ipynb"
    kept = path.read_text()
    path.chmod(0o644)
    notebook = nbformat.reads(kept, as_version=4)
    attack = "<script>document.title = 'INFECTED'</script><a id='x' href='javascript:document.title=1'>x</a>"
    notebook.cells[-1].outputs = [
        nbformat.v4.new_output(
            "display_data", {"text/html": f"{attack}<img src=x onerror='document.title=2'>"}
        )
    ]
    nbformat.write(notebook, path)
    with course.api.gradebook as gradebook:
        number, writers = (
            gradebook.find_submission(UNIT, student).notebooks[0].id for student in ("pasted", "writer")
        )
    line = ["jupyter", "server", f"--ServerApp.port={port}", "--ServerApp.ip=127.0.0.1", "--no-browser"]
    line += ["--ServerApp.port_retries=0", "--allow-root", "--IdentityProvider.token=secret"]
    place = f"http://127.0.0.1:{port}"
    with course.running(*line) as process, chromium() as page:
        while True:  # until it listens
            try:
                urllib.request.urlopen(f"{place}/api?token=secret", timeout=5)
                break
            except OSError:
                assert process.poll() is None
                time.sleep(0.2)
        page.goto(f"{place}/login?token=secret")
        page.goto(f"{place}/formgrader/submissions/{number}/")
        # nbgrader's own scripts have filled in the points.
        page.locator("input.score[placeholder]").first.wait_for(timeout=1000 * HANGS)
        assert "Mark scheme: 1 point" in page.inner_text("details") and page.query_selector("math")
        page.click(".glyphicon-eye-open")
        assert page.is_visible("text=pasted")
        page.evaluate(CLICK_ALL, "#notebook")
        page.wait_for_timeout(300)
        assert page.title() == UNIT and not page.dialogs
        elsewhere = [url for url in page.asked if not url.startswith((place, "data:"))]
        refused = [text for text in page.said if "Content Security Policy" in text]
        assert len(refused) >= 2 and all(any(url in text for text in refused) for url in elsewhere)
        # Of what was cleaned nothing is left for the policy to refuse: it refuses nbgrader's own MathJax alone.
        page.asked.clear(), page.said.clear()
        page.goto(f"{place}/formgrader/submissions/{writers}/")
        page.locator("input.score[placeholder]").first.wait_for(timeout=1000 * HANGS)
        assert all(f"My answer {number}." in page.inner_text("#notebook") for number in range(len(ATTACKS)))
        assert page.evaluate(CLICK_ALL, "#notebook") > 10
        page.wait_for_timeout(300)
        assert page.title() == UNIT and not page.dialogs
        elsewhere = [url for url in page.asked if not url.startswith((place, "data:"))]
        refused = [text for text in page.said if "Content Security Policy" in text]
        assert all("/mathjax/" in said for said in (*elsewhere, *refused))
        assert all(any(url in text for text in refused) for url in elsewhere)
    path.write_text(kept)
