"""The course installs: pyproject.toml, environment.yml, the pins and the README agree."""

import re
import subprocess
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

pytestmark = pytest.mark.slow

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


def test_environment_has_the_packages_and_ranges_of_pyproject():
    project = {p.name: p.specifier for p in map(Requirement, PROJECT["dependencies"])}
    assert conda_requirements() == project


def test_environment_is_python_3_11_of_conda_forge_with_nnlib():
    text = (ROOT / "environment.yml").read_text()
    for needed in ("name: ", "channels:\n  - conda-forge\n", "  - python=3.11\n", "      - -e .\n"):
        assert needed in text


def test_reading_a_notebook_builds_no_grammars():
    """A parser generator came in with a new version of jsonschema: 3 s for each command of nbgrader."""
    line = "import sys, nbgrader.apps; assert 'lark' not in sys.modules"
    subprocess.run([sys.executable, "-c", line], check=True)


def test_every_pin_installs_on_every_python_3_11():
    """Debian 12 has 3.11.2: a version for 3.11.4 and later would not be found there."""
    for name in pins():
        try:
            needed = metadata(name).get("Requires-Python")
        except PackageNotFoundError:  # of the bench extra
            continue
        assert SpecifierSet(needed or "").contains("3.11.0"), f"{name} needs Python {needed}"


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
    allowed = (".ci/environment.mk:", "tests/test_packaging.py:")
    assert [line for line in done.stdout.splitlines() if not line.startswith(allowed)] == []


def test_repo2docker_reads_the_environment(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "repo2docker", "--no-build", str(ROOT)],
        capture_output=True, text=True, cwd=tmp_path,
    )  # fmt: skip
    output = done.stdout + done.stderr
    assert done.returncode == 0, output
    assert "environment.yml" in output and "python=3.11" in output


def test_the_readme_maps_every_notebook_here_and_on_binder():
    text = (ROOT / "README.md").read_text()
    local = re.findall(r"\]\(((?:lectures|exercises)/\S+\.ipynb)\)", text)
    binder = re.findall(r"/gh/[\w.-]+/[\w.-]+/HEAD\?urlpath=lab/tree/(\S+\.ipynb)", text)
    notebooks = {
        str(p.relative_to(ROOT))
        for folder in ("lectures", "exercises")
        for p in (ROOT / folder).rglob("*.ipynb")
    }
    assert set(local) == set(binder) == {name for name in notebooks if ".ipynb_checkpoints" not in name}


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


def test_the_first_cell_installs_all_that_colab_lacks():
    missing = "nbgrader nh3 latex2mathml jupyterlab nbclient".split()
    code = f"import sys; sys.modules.update(dict.fromkeys({missing}))\n"
    code += "import nnlib.applications, nnlib.figures, nnlib.widgets\n"
    code += "from nnlib.grading.checks import unit_1, unit_2, unit_3, unit_4, unit_5, unit_6"
    subprocess.run([sys.executable, "-c", code], check=True)
