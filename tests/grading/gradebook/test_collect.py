"""Archives of Moodle and Canvas come in by nbgrader's own zip_collect, and are graded: everyone in them."""

import io
import os
import subprocess
import sys
import zipfile

import nbformat
import pytest

from nnlib.grading.autograde import Run, grade
from nnlib.grading.gradebook import collected
from tests.grading.course import FEW, Course, environment_path, solution_answers

UNIT = "1_regression"
pytestmark = [pytest.mark.slow, pytest.mark.sandbox, pytest.mark.filterwarnings("ignore")]


def zipped(**files):
    """An archive of files: name -> text, "/" written as "__"."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return file.getvalue()


RIGHT, NOTHING, NONE = "right", "nothing", "none"
OF = "_assignsubmission_file"


def archive(right, wrong):
    """Name in the archive -> data; and student -> what is expected of them, and words of the reason."""
    files = {
        f"Ada Lovelace_17{OF}/{UNIT}.ipynb": right,
        f"Émilie du Châtelet_18{OF}_/{UNIT}.ipynb": wrong,
        f"Alan Turing_19{OF}_{UNIT}.ipynb": right,
        f"Grace O'Hopper_20{OF}/homework.ipynb": right,
        # two of one name
        f"Jan Kim_21{OF}/{UNIT}.ipynb": right,
        f"Jan Kim_22{OF}/{UNIT}.ipynb": wrong,
        # archives of students
        f"Zip Good_23{OF}/all.zip": zipped(
            **{f"folder/{UNIT}.ipynb": right, f"__MACOSX/._{UNIT}.ipynb": "x"}
        ),
        f"Zip Damaged_24{OF}/all.zip": zipped(**{f"{UNIT}.ipynb": right})[:-300],
        f"Zip Outside_25{OF}/all.zip": zipped(**{f"../../../../{UNIT}.ipynb": right}),
        f"Zip None_26{OF}/all.zip": zipped(**{"program.py": "raise SystemExit"}),
        f"Twice_27{OF}/all.zip": zipped(**{f"old/{UNIT}.ipynb": wrong, f"young/{UNIT}.ipynb": right}),
        f"Zip Bomb_28{OF}/all.zip": zipped(
            **{f"{UNIT}.ipynb": right} | {f"{number}.csv": "0" * 15 * 2**20 for number in range(4)}
        ),
        f"__MACOSX/Ada Lovelace_17{OF}/._{UNIT}.ipynb": "x",
        # Canvas
        f"lovelaceada_4711_990_{UNIT}.ipynb": right,
        f"turingalan_LATE_4712_991_{UNIT}-2.ipynb": wrong,
        "nobody.txt": "no name of a student",
        "../../outside.ipynb": "no name either",
    }
    expected = {
        "Ada Lovelace": (RIGHT, ""), "Émilie du Châtelet": (NOTHING, ""), "Alan Turing": (RIGHT, ""),
        "Grace O'Hopper": (RIGHT, "is called homework.ipynb"), "Jan Kim (21)": (RIGHT, ""),
        "Jan Kim (22)": (NOTHING, ""), "Zip Good": (RIGHT, ""), "Zip Damaged": (NONE, "an archive that cannot be read"),
        "Zip Outside": (RIGHT, ""), "Zip None": (NONE, "There is no notebook"),
        "Zip Bomb": (RIGHT, "2.csv was left out: more than 40 MB were handed in"),
        "Twice": (RIGHT, "more than once"), "4711": (RIGHT, ""), "4712": (NOTHING, collected.LATE),
    }  # fmt: skip
    return files, expected


def test_everyone_in_an_archive_is_collected_and_graded(tmp_path):
    course = Course(tmp_path, UNIT, few=True)
    course.write_config()
    course.generate()
    template = course.submit("template", solution_answers(UNIT))
    right = template.read_text()
    wrong = nbformat.writes(nbformat.read(course.release, as_version=4))
    template.unlink()
    template.parent.rmdir()
    template.parent.parent.rmdir()
    files, expected = archive(right, wrong)
    place = course.folder / "downloaded" / UNIT / "archive"
    place.mkdir(parents=True)
    with zipfile.ZipFile(place / "submissions.zip", "w") as whole:
        for name, data in files.items():
            whole.writestr(name, data)
    (place / "damaged.zip").write_bytes(b"PK no archive")
    line = [sys.executable, "-m", "nbgrader", "zip_collect", UNIT]
    own = os.environ | {"PATH": environment_path()}
    done = subprocess.run(line, cwd=course.folder, env=own, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "nobody.txt" in done.stderr and "damaged.zip cannot be collected" in done.stderr
    assert not list(tmp_path.parent.glob("*.ipynb"))
    verdicts = grade(course.api.coursedir, UNIT, Run(bar=False, workers=1))
    assert set(verdicts) == set(expected)
    for student, (kind, reason) in expected.items():
        verdict = verdicts[student]
        assert reason in " ".join(verdict["reasons"]), student
        assert (verdict["verdict"] == "graded") == (kind != NONE), student
        assert (course.total(student) > len(FEW)) == (kind == RIGHT), student
    kept = collected.students(course.api.coursedir, UNIT)
    assert kept["Ada Lovelace"]["origin"] == f"Ada Lovelace_17{OF}"
    assert kept["4712"]["origin"] == "turingalan_LATE_4712_991"
