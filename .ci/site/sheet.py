"""python .ci/site/sheet.py FILE: all figures that move on one page, as they open, side by side."""

import inspect
import sys
from pathlib import Path

from stepper import stepper

from nnlib import widgets
from nnlib.applications import shipped

# Those that need something to show.
MADE = {
    "differentiate": lambda: widgets.differentiate("x1 * sin(x2)", x1=2.0, x2=1.0),
    "step_through": stepper,
    "translate": lambda: widgets.translate(shipped.load("translation")),
}

PAGE = """<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<title>All figures that move</title>
<style>
body {{ font-family: sans-serif; margin: 16px; max-width: 944px; }}
@media (prefers-color-scheme: dark) {{ body {{ background: #111; color: #ececec; }} }}
</style>
<main>
<h1>All figures that move</h1>
{figures}
</main>
</html>
"""


def figures():
    """By name, each as it opens."""
    for name in widgets.__all__:
        if inspect.isfunction(function := getattr(widgets, name)):
            yield name, MADE.get(name, function)()


def main(path):
    parts = [
        f'<section id="{name}">\n<h2><code>{name}</code></h2>\n{figure.part_of_page()}\n</section>'
        for name, figure in figures()
    ]
    Path(path).write_text(PAGE.format(figures="\n".join(parts)), encoding="utf-8")
    print(f"{len(parts)} figures in {path}")


if __name__ == "__main__":
    main(sys.argv[1])
