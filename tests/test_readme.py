"""What the README names is there."""

import importlib.util
import json
import re
import shlex
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from nnlib.grading.checks import unit_4
from nnlib.grading.checks.judging.failure import CheckFailed
from tests.grading.checks.test_catalogue import written

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
RECIPES = (ROOT / ".github" / "CONTRIBUTING.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("text", [README, RECIPES], ids=["README", "CONTRIBUTING"])
def test_every_path_that_a_page_names_exists(text):
    words = re.findall(r"(?<![\w/])(?:nnlib|tests|lectures|solutions|\.ci)/[\w./-]*\w", text)
    paths = [word for word in words if not re.search(r"[A-Z]{2}|unit_N", word)]
    assert len(paths) > 10
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_commands_of_the_recipes_are_there():
    rules = (ROOT / "Makefile").read_text(encoding="utf-8")
    scripts = json.loads((ROOT / ".ci" / "package.json").read_text(encoding="utf-8"))["scripts"]
    assert set(re.findall(r"npm --prefix \.ci run (\w+)", RECIPES)) <= set(scripts)
    for target in re.findall(r"`make ([\w-]+)", RECIPES):
        assert re.search(rf"^{target}:", rules, re.M), target
    for module in re.findall(r"python -m ([\w.]+)", RECIPES):
        assert (ROOT / module.replace(".", "/")).exists() or (
            ROOT / f"{module.replace('.', '/')}.py"
        ).exists()


def python_of_linux(line):
    """A line of cmd.exe as this machine would run it."""
    line = re.sub(r"^py |^\.venv\\Scripts\\python ", f"{sys.executable} ", line)
    return shlex.split(line.replace("\\", "/").replace(".venv/Scripts", ".venv/bin"))


def test_windows_without_make_gets_lines_that_run():
    pages = README, (ROOT / ".ci" / "students" / "README.md").read_text(encoding="utf-8")
    (full,), (students,) = (re.findall(r"```bat\n(.*?)```", page, re.S) for page in pages)
    assert full.startswith(students), "the students' lines, and those of maintainers"
    asked = set()
    warnings.simplefilter("ignore")  # setuptools warns where pip is looked for
    for line in full.splitlines():
        python, dash, module, *options = python_of_linux(line.partition("  ")[0])
        assert (python, dash) == (sys.executable, "-m") and importlib.util.find_spec(module), line
        for path in re.findall(r"(?<=\s)\.ci/\S+", " ".join(options)):
            assert (ROOT / path).exists(), path
        if module == "pip":
            asked |= set(re.findall(r"--[\w-]+", " ".join(options)))
    told = subprocess.run([sys.executable, "-m", "pip", "install", "--help"], capture_output=True, text=True)
    assert asked and all(option in told.stdout for option in asked)


def test_every_picture_of_the_readme_is_there_in_both_themes():
    pictures = re.findall(r"\.ci/pictures/[\w.-]+", README)
    assert len(pictures) == 12 and all((ROOT / path).stat().st_size < 1e6 for path in pictures)


def test_the_check_says_what_the_readme_shows():
    (line,) = re.findall(r"```python\n(Delta.*)\n```", README)

    code = f"""
def backward(layers, X, T):
    Ys, gradients = [X], []
    for W, b in layers[:-1]:
        Ys.append(np.tanh(Ys[-1] @ W.T + b))
    W, b = layers[-1]
    Delta = Ys[-1] @ W.T + b - T
    for (W, _), Y in zip(layers[::-1], Ys[::-1]):
        gradients.insert(0, (Delta.T @ Y, Delta.sum(axis=0)))
        {line}
    return gradients
"""
    backward = written(code, "backward")

    with pytest.raises(CheckFailed) as failed:
        unit_4.backward(backward)
    hint = re.sub(r" Largest difference: \S+", "", str(failed.value))
    assert f"> Not yet: {hint}" in README
