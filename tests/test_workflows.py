"""The workflows of GitHub and the container of VS Code call what is there. They cannot run here."""

import json
import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
RULES = "".join((ROOT / name).read_text() for name in ("Makefile", ".ci/environment.mk"))
TARGETS = re.findall(r"^([\w./-]+):", RULES.replace("$(VENV)", ".venv"), re.M)


def steps(path):
    return [step for job in yaml.safe_load(path.read_text())["jobs"].values() for step in job["steps"]]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_runs_commands_that_there_are(path):
    commands = [step["run"] for step in steps(path) if "run" in step]
    assert commands
    for command in commands:
        for target in re.findall(r"\bmake ([\w-]+)$", command):
            assert target in TARGETS
        for file in re.findall(r"(?:^|\s)(\.ci/\w+|lectures/\S+)", command):
            assert (ROOT / file).exists(), file


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_writes_nothing_but_pages(path):
    allowed = yaml.safe_load(path.read_text())["permissions"]
    assert {name for name, access in allowed.items() if access == "write"} <= {"pages", "id-token"}


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_every_action_names_its_version(path):
    assert all(re.search(r"@v\d+$", step["uses"]) for step in steps(path) if "uses" in step)


def test_conda_tries_the_environment_that_binder_builds():
    (step,) = [step for step in steps(ROOT / ".github" / "workflows" / "conda.yml") if "with" in step]
    named = yaml.safe_load((ROOT / "environment.yml").read_text())["name"]
    assert step["with"] == {"environment-file": "environment.yml", "activate-environment": named}


def test_the_container_sets_up_the_course():
    container = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text())
    assert container["postCreateCommand"].removeprefix("make ") in TARGETS
