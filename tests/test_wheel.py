"""The wheel holds all of the course's library: in a fresh environment a lecture runs and a unit is graded."""

import os
import site
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest

from nnlib.grading.gradebook.campaign import Campaign
from nnlib.grading.sandbox import bubblewrap
from tests.grading.course import Course, environment_path, solution_answers

ROOT = Path(__file__).parent.parent
UNIT = "1_regression"
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]

STOLEN = (
    "def gradient(W, X, T):\n    from nnlib.regression import linear\n    return linear.gradient(W, X, T)"
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    line = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--no-deps",
        "--no-build-isolation",
        "-q",
        "-w",
        str(folder),
    ]
    source = folder / "source"
    names = subprocess.run(
        ["git", "ls-files", "nnlib", "pyproject.toml", "README.md", "LICENSE"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    for name in names:
        if (ROOT / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes((ROOT / name).read_bytes())
    subprocess.run([*line, str(source)], check=True, capture_output=True)
    (made,) = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def python(wheel):
    """The Python of a fresh environment with the wheel; other packages come from where they are."""
    place = wheel.parent / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(place)], check=True)
    (packages,) = place.glob("lib/python3*/site-packages")
    line = ["install", "--no-deps", "--no-index", "-q", str(wheel)]
    subprocess.run(
        [sys.executable, "-m", "pip", "--python", str(place / "bin" / "python"), *line],
        check=True, capture_output=True,
    )  # fmt: skip
    # A .pth file of a folder that is named in a .pth file is not read: no editable nnlib comes with it.
    (packages / "others.pth").write_text("\n".join(site.getsitepackages()))
    return place / "bin" / "python"


def test_the_wheel_holds_every_file_of_the_library(wheel):
    inside = set(zipfile.ZipFile(wheel).namelist())
    tracked = subprocess.run(["git", "ls-files", "nnlib"], cwd=ROOT, capture_output=True, text=True).stdout
    names = [name for name in tracked.splitlines() if (ROOT / name).is_file() and not name.endswith(".md")]
    assert [name for name in names if name not in inside] == []
    assert "nnlib/figures/network.svg" in inside


def test_a_lecture_runs_from_the_wheel(python, tmp_path):
    cells = nbformat.read(ROOT / "lectures" / f"{UNIT}.ipynb", as_version=4).cells
    code = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
    (tmp_path / "lecture.py").write_text(f"{code}\nimport nnlib\nprint(nnlib.__file__)\n")
    done = subprocess.run(
        [str(python), "lecture.py"], cwd=tmp_path, env=os.environ | {"MPLBACKEND": "agg"}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.splitlines()[-1].startswith(str(python.parent.parent / "lib"))


@pytest.mark.sandbox
@pytest.mark.skipif(bubblewrap.unavailable() is not None, reason=str(bubblewrap.unavailable()))
def test_the_wheel_grades_and_the_sandbox_sees_the_stripped_copy(python, tmp_path):
    course = Course(tmp_path, UNIT)
    course.write_config()
    course.generate()
    own = solution_answers(UNIT)
    course.submit("right", own)
    course.submit("thief", own | {"gradient": STOLEN})
    done = subprocess.run(
        [str(python), "-m", "nnlib.grading.command", "autograde", UNIT],
        cwd=course.folder, env=os.environ | {"PATH": environment_path()}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:] + done.stdout
    verdicts = Campaign(course.api.coursedir, UNIT).verdicts()
    assert verdicts["right"]["hints"] == verdicts["right"]["events"] == []
    assert {kind for kind, _ in verdicts["thief"]["events"]} == {"withheld"}
    points = course.points("thief")
    assert all(p == 0 for name, p in points.items() if name.startswith("gradient-"))
    assert course.total("right") > course.total("thief") > 0
