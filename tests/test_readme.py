"""What the README names is there."""

import re
from pathlib import Path

import numpy as np
import pytest

from nnlib.grading.checks import unit_4
from nnlib.grading.checks.judging.failure import CheckFailed

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_path_that_the_readme_names_exists():
    words = re.findall(r"(?<![\w/])(?:nnlib|tests|\.ci)/[\w./-]*\w", README)
    paths = [word for word in words if not re.search(r"[A-Z]{2}|unit_N", word)]
    assert len(paths) > 20
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_every_picture_of_the_readme_is_there_in_both_themes():
    pictures = re.findall(r"\.ci/pictures/[\w.-]+", README)
    assert len(pictures) == 9 and all((ROOT / path).stat().st_size < 1e6 for path in pictures)


def test_the_check_says_what_the_readme_shows():
    (line,) = re.findall(r"```python\n(Delta.*)\n```", README)

    def backward(layers, X, T):
        Ys = [X]
        for W, b in layers[:-1]:
            Ys.append(np.tanh(Ys[-1] @ W.T + b))
        W, b = layers[-1]
        names = {"Delta": Ys[-1] @ W.T + b - T}
        gradients = []
        for (W, _), Y in zip(layers[::-1], Ys[::-1], strict=True):
            Delta = names["Delta"]
            gradients.insert(0, (Delta.T @ Y, Delta.sum(axis=0)))
            exec(line, names | {"W": W, "Y": Y}, names)
        return gradients

    with pytest.raises(CheckFailed) as failed:
        unit_4.backward(backward)
    hint = re.sub(r" Largest difference: \S+", "", str(failed.value))
    assert f"> Not yet: {hint}" in README
