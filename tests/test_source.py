"""What tools find in the source: nothing. The same commands run before each commit (.pre-commit-config.yaml)."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
NODE = ROOT / ".ci" / "node_modules" / ".bin"
NO_NODE = "eslint and prettier were not run: npm --prefix .ci ci installs them"
COMMANDS = ("ruff check", "ruff format --check", "mypy")
OF_NODE = (
    "eslint --config .ci/eslint.config.js --max-warnings 0 nnlib/widgets .ci/site",
    "prettier --config .ci/prettier.json --check nnlib/widgets/**/*.js nnlib/widgets/**/*.css .ci/site/*.js .ci/site/*.css",
)


def found(program, *options):
    """What a tool says; nothing if it is content."""
    done = subprocess.run([program, *options], cwd=ROOT, capture_output=True, text=True)
    return "" if done.returncode == 0 else done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS)
def test_tools_for_python_find_nothing(command):
    program, *options = command.split()
    assert found(sys.executable, "-m", program, *options) == ""


@pytest.mark.slow
@pytest.mark.skipif(not NODE.exists(), reason=NO_NODE)
@pytest.mark.parametrize("command", OF_NODE)
def test_tools_for_javascript_find_nothing(command):
    program, *options = command.split()
    assert found(NODE / program, *options) == ""


MISTAKES = """from nnlib.arguments import finite
from nnlib.backpropagation import backpropagate
from nnlib.network import Network


def use():
    network = Network([2, 1])
    raise ValueError(network.layer)


def call():
    finite(1, 2, 3, 4, 5, 6, 7)
    backpropagate(Network([2, 1]), 1)
"""


@pytest.mark.slow
def test_the_type_checker_sees_a_wrong_name_and_a_wrong_number_of_arguments(tmp_path):
    (tmp_path / "user.py").write_text(MISTAKES)
    settings = "--config-file", str(ROOT / "pyproject.toml"), "--cache-dir", str(tmp_path)
    told = found(sys.executable, "-m", "mypy", *settings, str(tmp_path / "user.py"))
    assert all(f"user.py:{line}: error" in told for line in (8, 12, 13))


def test_a_commit_is_held_to_the_same_and_keeps_the_ids_of_cells():
    """Links lead to the id of a cell, and nbgrader knows cells by theirs."""
    hooks = (ROOT / ".pre-commit-config.yaml").read_text()
    for command in (
        "ruff check",
        "ruff format",
        "bin/mypy",
        "run lint",
        "run format",
        "nbstripout --keep-id",
    ):
        assert command in hooks
