"""What the README names is there."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_every_path_that_the_readme_names_exists():
    words = re.findall(r"(?<![\w/])(?:nnlib|tests|\.ci)/[\w./-]*\w", (ROOT / "README.md").read_text())
    paths = [word for word in words if not re.search(r"[A-Z]{2}|unit_N", word)]
    assert len(paths) > 20
    assert [path for path in paths if not (ROOT / path).exists()] == []
