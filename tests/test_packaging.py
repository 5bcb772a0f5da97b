"""The course installs: pyproject.toml, environment.yml, the pins and the Makefile agree."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
CONDA_NAMES = {"pytorch-cpu": "torch"}


def conda_requirements():
    lines = (ROOT / "environment.yml").read_text().split("dependencies:\n")[1].splitlines()
    entries = [line.removeprefix("  - ") for line in lines if line.startswith("  - ")]
    wanted = [entry for entry in entries if not re.match(r"pip\b|python=", entry)]
    parsed = [Requirement(entry) for entry in wanted]
    return {CONDA_NAMES.get(p.name, p.name): p.specifier for p in parsed}


def pins():
    lines = (ROOT / ".ci" / "constraints.txt").read_text().splitlines()
    return dict(line.lower().split("==") for line in lines if "==" in line)


def test_environment_has_the_packages_of_pyproject_in_the_same_ranges():
    project = {p.name: p.specifier for p in map(Requirement, PROJECT["dependencies"])}
    assert conda_requirements() == project


def test_environment_is_python_3_11_from_conda_forge_with_nnlib_itself():
    text = (ROOT / "environment.yml").read_text()
    for needed in ("name: ", "channels:\n  - conda-forge\n", "  - python=3.11\n", "      - -e .\n"):
        assert needed in text


def test_every_requirement_has_a_tested_version_within_its_range():
    extras = PROJECT["optional-dependencies"]
    requirements = PROJECT["dependencies"] + extras["cluster"] + extras["test"] + extras["bench"]
    for requirement in map(Requirement, requirements):
        if requirement.name != "nnlib":
            assert requirement.specifier.contains(pins()[requirement.name]), requirement


def test_no_package_index_but_that_of_pytorch_is_named():
    done = subprocess.run(
        ["git", "grep", "-nE", r"--index-url|https?://[^ ]*(simple|whl|pypi|registry)", "--", "."],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    allowed = ("Makefile:", "tests/test_packaging.py:")
    assert [line for line in done.stdout.splitlines() if not line.startswith(allowed)] == []


@pytest.mark.slow
def test_repo2docker_reads_the_environment(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "repo2docker", "--no-build", str(ROOT)],
        capture_output=True, text=True, cwd=tmp_path,
    )  # fmt: skip
    output = done.stdout + done.stderr
    assert done.returncode == 0, output
    assert "environment.yml" in output and "python=3.11" in output


@pytest.fixture
def checkout(tmp_path):
    """What a clone of the last commit holds, with today's Makefile and packaging."""
    for name in ("Makefile", "pyproject.toml", ".ci", "README.md", "LICENSE"):
        source = ROOT / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, tmp_path / name)
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


def test_a_missing_python_ends_in_a_sentence(checkout):
    done = make(checkout, "lab", "PYTHON=no-such-python")
    assert done.returncode != 0 and "No 'no-such-python' found" in done.stderr


@pytest.mark.slow
def test_a_failed_download_ends_in_a_sentence(checkout):
    nowhere = "http://127.0.0.1:9"
    done = make(
        checkout, "lab", f"TORCH_CPU={nowhere}",
        PIP_INDEX_URL=nowhere, PIP_EXTRA_INDEX_URL=nowhere, PIP_FIND_LINKS="", PIP_CONFIG_FILE=os.devnull,
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
    assert last.endswith("lectures/1_regression.ipynb") and ("--allow-root" in last) == said


def test_the_readme_s_map_leads_to_every_notebook_here_and_on_binder():
    text = (ROOT / "README.md").read_text()
    local = re.findall(r"\]\(((?:lectures|exercises)/\S+\.ipynb)\)", text)
    binder = re.findall(r"OWNER/REPO/HEAD\?urlpath=lab/tree/(\S+\.ipynb)", text)
    notebooks = {str(p.relative_to(ROOT)) for room in ("lectures", "exercises") for p in (ROOT / room).rglob("*.ipynb")}
    assert set(local) == set(binder) == {name for name in notebooks if ".ipynb_checkpoints" not in name}


def test_make_students_writes_what_students_get(tmp_path):
    if subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True).returncode:
        pytest.skip("not a git clone")
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True, capture_output=True)
    shutil.copy(ROOT / "Makefile", clone)
    done = make(clone, "students")
    assert done.returncode == 0, done.stderr
    top = {path.name for path in (clone / "students").iterdir()}
    assert {"lectures", "exercises", "nnlib", "README.md", "environment.yml"} <= top
    assert not {"solutions", "tests"} & top


def test_make_students_outside_of_a_clone_ends_in_a_sentence(checkout):
    done = make(checkout, "students", GIT_CEILING_DIRECTORIES=str(checkout.parent))
    assert done.returncode != 0 and "run it in a git clone of the course" in done.stderr


def test_students_get_neither_solutions_nor_tests(tmp_path):
    if subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True).returncode:
        pytest.skip("not a git clone")
    archive = subprocess.run(
        ["git", "archive", "--worktree-attributes", "HEAD"],
        cwd=ROOT, capture_output=True, check=True,
    ).stdout  # fmt: skip
    names = subprocess.run(["tar", "-t"], input=archive, capture_output=True, check=True)
    top = {name.split("/")[0] for name in names.stdout.decode().splitlines()}
    assert {"lectures", "exercises", "nnlib", "README.md", "environment.yml"} <= top
    assert not {"solutions", "tests"} & top
    subprocess.run(["tar", "-x", "-C", tmp_path], input=archive, check=True)
    for path in (p for p in tmp_path.rglob("*") if p.is_file() and p.suffix in (".py", ".ipynb")):
        text = path.read_text()
        assert "BEGIN HIDDEN TESTS" not in text or "nnlib/grading" in str(path), path
        assert "BEGIN SOLUTION" not in text or "nnlib/grading" in str(path), path
