"""The targets of the Makefile: what they open and write, and the sentence in which each fails."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture
def checkout(tmp_path):
    """What a clone of the last commit holds, with today's Makefile and packaging."""
    for name in ("Makefile", "pyproject.toml", ".ci", "README.md", "LICENSE"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tmp_path / name, ignore=shutil.ignore_patterns("node_modules"))
        else:
            shutil.copy(source, tmp_path / name)
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "conftest.py").touch()
    return tmp_path


def make(checkout, *arguments, **environment):
    # A make that runs these tests must not pass its own flags and variables on.
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS"))}
    return subprocess.run(
        ["make", *arguments], cwd=checkout, capture_output=True, text=True,
        env=inherited | environment, timeout=300,
    )  # fmt: skip


def test_make_alone_lists_every_target(checkout):
    text = (checkout / "Makefile").read_text()
    targets = re.search(r"^\.PHONY: (.*)$", text, re.M).group(1).split()
    listed = make(checkout).stdout
    assert all(f"make {target} " in listed for target in targets if target != "help")


@pytest.mark.parametrize("target", ["lab", "test"])
def test_an_old_python_ends_in_a_sentence(checkout, target):
    old = checkout / "python3"
    old.write_text('#!/bin/sh\n[ "$1" = -V ] && { echo Python 3.9.2; exit 0; }\nexit 1\n')
    old.chmod(0o755)
    done = make(checkout, target, f"PYTHON={old}")
    assert done.returncode != 0
    assert "Python is too old: this course needs 3.11 or newer" in done.stderr
    assert "is 3.9.2" in done.stderr
    assert not (checkout / ".venv").exists()


def test_the_first_start_of_jupyterlab_asks_nothing(checkout):
    (checkout / ".venv" / "bin").mkdir(parents=True)
    for name in ("python", "pip"):
        file = checkout / ".venv" / "bin" / name
        file.write_text("#!/bin/sh\nexit 0\n")
        file.chmod(0o755)
    assert make(checkout, ".venv/course").returncode == 0
    settings = checkout / ".venv" / "share" / "jupyter" / "lab" / "settings" / "overrides.json"
    assert {"fetchNews": "false"} in json.loads(settings.read_text()).values()


@pytest.mark.parametrize("target", ["test", "check"])
def test_the_students_tree_has_no_tests_and_says_so(checkout, target):
    shutil.rmtree(checkout / "tests")
    done = make(checkout, target)
    assert done.returncode != 0 and "this is the students' tree" in done.stderr
    assert not (checkout / ".venv").exists()


@pytest.mark.skipif(os.getuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_to_ends_in_a_sentence(checkout):
    checkout.chmod(0o555)
    done = make(checkout, "lab")
    checkout.chmod(0o755)
    assert done.returncode != 0 and "cannot be written to" in done.stderr


def test_a_killed_pip_ends_in_a_sentence(checkout):
    (checkout / ".venv" / "bin").mkdir(parents=True)
    for name, text in {"python": "exit 1", "pip": "kill -9 $$"}.items():
        (checkout / ".venv" / "bin" / name).write_text(f"#!/bin/sh\n{text}\n")
        (checkout / ".venv" / "bin" / name).chmod(0o755)
    done = make(checkout, "lab")
    assert done.returncode != 0 and "pip was ended by signal 9" in done.stderr


def test_a_missing_python_ends_in_a_sentence(checkout):
    done = make(checkout, "lab", "PYTHON=no-such-python")
    assert done.returncode != 0 and "No 'no-such-python' found" in done.stderr


@pytest.mark.slow
def test_a_failed_download_ends_in_a_sentence(checkout):
    nowhere = "http://127.0.0.1:9"
    done = make(
        checkout, "lab", f"TORCH_CPU={nowhere}",
        PIP_INDEX_URL=nowhere, PIP_EXTRA_INDEX_URL=nowhere, PIP_FIND_LINKS="", PIP_CONFIG_FILE=os.devnull,
        PIP_RETRIES="0",
    )  # fmt: skip
    assert done.returncode != 0
    assert "could not be downloaded: check the network connection" in done.stderr


@pytest.mark.parametrize(("user", "said"), [("0", True), ("1000", False)])
def test_make_lab_tells_jupyterlab_of_root_alone(checkout, user, said):
    known = checkout / "id"
    known.write_text(f"#!/bin/sh\necho {user}\n")
    known.chmod(0o755)
    planned = make(checkout, "-n", "lab", PATH=f"{checkout}:{os.environ['PATH']}").stdout
    last = planned.splitlines()[-1]
    assert last.endswith("/lab/tree/lectures/1_regression.ipynb") and ("--allow-root" in last) == said


@pytest.mark.slow
def test_make_lab_opens_a_lecture_and_reaches_its_exercise(checkout):
    for folder in ("lectures", "exercises"):
        shutil.copytree(ROOT / folder, checkout / folder)
    options = shlex.split(make(checkout, "-n", "lab").stdout.splitlines()[-1])[2:]
    command = [sys.executable, "-m", "jupyterlab", *options, "--no-browser", "--port=0", "--allow-root"]
    names = ("HOME", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    homes = {name: str(checkout / "home" / name) for name in names}
    with (
        open(checkout / "server.log", "w") as log,
        subprocess.Popen(command, cwd=checkout, env=os.environ | homes, stdout=log, stderr=log) as process,
    ):
        try:
            address, token, opened = _running(Path(homes["JUPYTER_RUNTIME_DIR"]), process)
            assert "/lab/tree/lectures/1_regression.ipynb" in opened
            contents = f"{address}api/contents/exercises/1_regression?content=0&token={token}"
            with urllib.request.urlopen(contents, timeout=300) as answer:
                assert json.load(answer)["type"] == "directory"
        finally:
            process.terminate()


def _running(folder, process):
    """Address and token of a Jupyter server, and the page that it opens in the browser."""
    while process.poll() is None:  # however busy the machine is
        pages = list(folder.glob("jpserver-*-open.html"))
        if pages and (text := pages[0].read_text()):
            server = json.loads(pages[0].with_name(pages[0].name.replace("-open.html", ".json")).read_text())
            return server["url"], server["token"], text
        time.sleep(0.2)
    raise RuntimeError("JupyterLab did not start.")


@pytest.fixture(scope="module")
def students(tmp_path_factory):
    """The tree that `make students` writes, from a clone with today's files of make."""
    if subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True).returncode:
        pytest.skip("not a git clone")
    clone = tmp_path_factory.mktemp("make") / "clone"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True, capture_output=True)
    for name in ("Makefile", "README.md", ".gitattributes", ".gitignore", ".ci"):
        if (ROOT / name).is_dir():
            ignored = shutil.ignore_patterns("node_modules")
            shutil.copytree(ROOT / name, clone / name, dirs_exist_ok=True, ignore=ignored)
        else:
            shutil.copy(ROOT / name, clone)
    who = ["-c", "user.name=maintainer", "-c", "user.email=maintainer@example.org"]
    for command in (["add", "-A"], [*who, "commit", "-qm", "today", "--allow-empty"]):
        subprocess.run(["git", *command], cwd=clone, check=True, capture_output=True)
    done = make(clone, "students")
    assert done.returncode == 0, done.stderr
    return clone / "students"


def test_make_students_writes_what_students_get(students):
    top = {path.name for path in students.iterdir()}
    assert {"lectures", "exercises", "nnlib", "README.md", "Makefile", "environment.yml"} <= top
    assert not {"solutions", "tests", ".github", "map"} & top
    assert {path.name for path in (students / ".ci").iterdir()} == {
        "constraints.txt",
        "environment.mk",
        "released",
    }


def test_the_students_readme_names_files_that_exist(students):
    text = (students / "README.md").read_text()
    assert "MAP" not in text and "solutions" not in text
    notebooks = {str(path.relative_to(students)) for path in students.glob("[le]*/**/*.ipynb")}
    assert set(re.findall(r"\]\(((?:lectures|exercises)/\S+\.ipynb)\)", text)) == notebooks
    assert set(re.findall(r"/gh/\S+/HEAD\?urlpath=lab/tree/(\S+\.ipynb)", text)) == notebooks
    for path in re.findall(r"(?<![\w/])(?:nnlib|lectures|exercises|\.ci)/[\w./]*\w", text):
        assert "UNIT" in path or (students / path).exists(), path
    listed = make(students).stdout
    assert all(f"make {target} " in listed for target in re.findall(r"`?\bmake (lab|reset)\b", text))


def test_an_exercise_begins_anew_and_the_old_one_stays(students):
    folder = students / "exercises" / "1_regression"
    notebook = folder / "1_regression.ipynb"
    given = notebook.read_text()
    notebook.write_text("my answers")
    done = make(students, "reset", "UNIT=1_regression")
    assert done.returncode == 0 and notebook.read_text() == given
    (old,) = [path for path in folder.glob("1_regression-*.ipynb")]
    assert old.read_text() == "my answers" and old.name in done.stdout
    assert "one of 1_regression 2_neural" in make(students, "reset", "UNIT=7").stderr
    old.unlink()


def test_the_links_lead_to_the_repository_that_is_named(checkout):
    before = (checkout / "README.md").read_text()
    for folder in ("lectures", "solutions/1_regression"):
        shutil.copytree(ROOT / folder, checkout / folder)
    done = make(checkout, "links", "REPO=uni/networks")
    after = (checkout / "README.md").read_text()
    assert done.returncode == 0 and "OWNER/REPO" not in after
    assert after.count("/gh/uni/networks/HEAD") == len(re.findall(r"/gh/[^/]+/[^/]+/HEAD", before)) > 10
    for notebook in [*checkout.glob("lectures/*.ipynb"), *checkout.glob("solutions/*/*.ipynb")]:
        text = notebook.read_text()
        assert "git+https://github.com/uni/networks\\" in text and "OWNER/REPO" not in text
    subprocess.run(["git", "init", "-q"], cwd=checkout, check=True)
    assert "REPO=owner/name" in make(checkout, "links").stderr
    address = "git@github.com:uni/course.git"
    subprocess.run(["git", "remote", "add", "origin", address], cwd=checkout, check=True)
    assert "Colab lead to uni/course." in make(checkout, "links").stdout


def test_make_students_outside_of_a_clone_ends_in_a_sentence(checkout):
    done = make(checkout, "students", GIT_CEILING_DIRECTORIES=str(checkout.parent))
    assert done.returncode != 0 and "run it in a git clone of the course" in done.stderr
