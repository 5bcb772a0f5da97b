"""Archives of Moodle and Canvas come in by nbgrader's own zip_collect, and are graded."""

import subprocess
import sys
import zipfile

import nbformat
import pytest

from nnlib.grading.autograde import Run, grade
from tests.grading.catalogue import questions
from tests.grading.course import Course, solution_answers

UNIT = "1_regression"
pytestmark = [pytest.mark.slow, pytest.mark.sandbox, pytest.mark.filterwarnings("ignore")]

ARCHIVES = {
    # name in the archive -> student, and whether the answers are right
    "moodle": {
        f"Ada Lovelace_17_assignsubmission_file/{UNIT}.ipynb": ("Ada Lovelace", True),
        f"Émilie du Châtelet_18_assignsubmission_file_/{UNIT}.ipynb": ("Émilie du Châtelet", False),
        f"Alan Turing_19_assignsubmission_file_{UNIT}.ipynb": ("Alan Turing", True),
        "Grace O'Hopper_20_assignsubmission_file/homework.ipynb": ("Grace O'Hopper", True),
    },
    "canvas": {
        f"lovelaceada_4711_990_{UNIT}.ipynb": ("4711", True),
        f"turingalan_LATE_4712_991_{UNIT}-2.ipynb": ("4712", False),
    },
}


@pytest.mark.parametrize("system", ARCHIVES)
def test_an_archive_is_collected_and_graded(system, tmp_path):
    course = Course(tmp_path, UNIT)
    course.write_config()
    course.generate()
    template = course.submit("template", solution_answers(UNIT))
    right = template.read_text()
    wrong = nbformat.writes(nbformat.read(course.release, as_version=4))
    template.unlink()
    template.parent.rmdir()
    place = course.folder / "downloaded" / UNIT / "archive"
    place.mkdir(parents=True)
    with zipfile.ZipFile(place / "submissions.zip", "w") as archive:
        for name, (_, good) in ARCHIVES[system].items():
            archive.writestr(name, right if good else wrong)
    line = [sys.executable, "-m", "nbgrader", "zip_collect", UNIT]
    done = subprocess.run(line, cwd=course.folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    verdicts = grade(course.api.coursedir, UNIT, Run(bar=False))
    assert set(verdicts) == {student for student, _ in ARCHIVES[system].values()}
    for student, good in ARCHIVES[system].values():
        assert verdicts[student]["verdict"] == "graded"
        assert (course.total(student) > len(questions(UNIT))) == good, student
