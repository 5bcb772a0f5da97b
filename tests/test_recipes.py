"""The recipes of .github/CONTRIBUTING.md, followed in a copy of the course: an application, a widget, a unit.

Each test changes the files that its row names, and no other, and runs the commands of the row. The recipe of a
question has a page of its own, which tests/grading/test_author.py follows.
"""

import re
from pathlib import Path

import nbformat
import pytest
from nbformat import v4

from tests.copied_course import CopiedCourse
from tests.grading.catalogue import ROOT

markdown, code = v4.new_markdown_cell, v4.new_code_cell
PAGE = (ROOT / ".github" / "CONTRIBUTING.md").read_text(encoding="utf-8")
pytestmark = pytest.mark.slow


class Maintainer(CopiedCourse):
    """A copy of the course, in which files are changed, and those of them that the row of a recipe names."""

    def __init__(self, folder, recipe, name):
        (row,) = [line for line in PAGE.splitlines() if line.startswith(f"| add {recipe} ")]
        paths = re.findall(r"`([\w./]+)`", row.replace("N_NAME", name).replace("NAME", name))
        self.named = [path.rstrip("/") for path in paths] + [Path(path).name for path in paths]
        folders = ("nnlib", "tests", "lectures", "solutions", "exercises")
        super().__init__(folder, [*folders, "pyproject.toml", "nbgrader_config.py", "README.md"])

    def write(self, path, text):
        """A file of which the row speaks: by its path, its name, or the folder that it lies in."""
        parents = {str(parent) for parent in Path(path).parents}
        assert {path, Path(path).name, *parents} & set(self.named), f"the recipe does not name {path}"
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_text(text, encoding="utf-8")

    def insert(self, path, before, text):
        """Text before the first place where the file has these words."""
        whole = (self.folder / path).read_text(encoding="utf-8")
        assert before in whole
        self.write(path, whole.replace(before, text + before, 1))

    def test(self, *words):
        """Run pytest; some test has to run."""
        assert re.search(r"\d+ passed", self.pytest("-q", *words))


APPLICATION = '''"""Is a picture lighter on its left half? The smallest application: one linear layer."""

import numpy as np

from nnlib.applications import pictures
from nnlib.applications.fitting import arrays, batches, constant, fit
from nnlib.differentiation import linear, softmax_cross_entropy
from nnlib.figures.svg import svg


def data(n, seed):
    """Pictures X (n, 8, 8) in 0..1, and T (n, 2): one-hot, whether the left half is lighter."""
    X = np.random.default_rng(seed).random((n, 8, 8)).astype("f")
    return X, np.eye(2, dtype="f")[(X[:, :, :4].sum((1, 2)) > X[:, :, 4:].sum((1, 2))).astype(int)]


def weights(rng):
    return {"W": constant(0.0, 2, 64), "b": constant(0.0, 2)}


def net(W, X):
    return linear(X.reshape(len(X), 64) - np.float32(0.5), W["W"], W["b"])


def loss(W, X, T):
    return softmax_cross_entropy(net(W, X), T) * (1 / len(X))


def train(seed=0, steps=200, watch=None):
    rng = np.random.default_rng(seed)
    W = weights(rng)
    fit(loss, W, batches(rng, *data(2000, seed)), steps, alpha=0.05, watch=watch)
    return arrays(W)


def measure(W, n=500):
    X, T = data(n, 10**6)
    return {"right": float(np.mean(net(W, X).argmax(1) == T.argmax(1)))}


def show(W):
    image = np.repeat(W["W"][1].reshape(8, 8, 1) + 0.5, 3, axis=2).clip(0, 1)
    words = "The weights of the half that is lighter"
    return pictures.Picture(svg(80, 80, words, pictures.image_at(0, 0, 80, image)), words)
'''


def test_an_application(tmp_path):
    maintainer = Maintainer(tmp_path, "an application", "lighter_half")
    maintainer.write("nnlib/applications/lighter_half.py", APPLICATION)
    shipped = "nnlib/applications/shipped.py"
    maintainer.insert(
        shipped, "from nnlib.applications.board", "from nnlib.applications import lighter_half\n"
    )
    maintainer.insert(shipped, "    **{pair", '    "lighter_half": lighter_half.train,\n')
    maintainer.python("-m", "nnlib.applications", "lighter_half")
    bench = "tests/bench/bench_applications.py"
    maintainer.insert(bench, "from nnlib.applications.board", "from nnlib.applications import lighter_half\n")
    row = '    "lighter_half": (lambda W: lighter_half.measure(W), "right", 0.9, 20),\n'
    maintainer.insert(bench, '    "segmentation"', row)
    maintainer.test("tests/applications/test_shipped.py", "-k", "not again_up_to_rounding")
    measured = maintainer.python(
        "-c",
        "from tests.bench.bench_applications import application\n"
        "print([row.met for row in application('lighter_half', (0, 1, 2))])",
    )
    assert "[True, True]" in measured
    maintainer.python(
        "-c",
        "from nnlib.applications import lighter_half, shipped\n"
        "assert 'lighter' in str(lighter_half.show(shipped.load('lighter_half')).description)",
    )


WIDGET = '''"""A number that is stepped up and down: the smallest live figure."""

import traitlets

from nnlib.figures.svg import text
from nnlib.widgets.live_figure import LiveFigure
from nnlib.widgets.picture import picture


class SteppedNumber(LiveFigure):
    """A number, and its square."""

    name = "stepped_number"
    n = traitlets.Int().tag(sync=True)

    def text(self):
        return f"n = {self.n}, its square {self.n**2}"

    def svg(self):
        return picture(200, 60, "A number and its square", text(20, 35, self.text(), anchor="start"))


def stepped_number(n=2):
    """Step a number up and down, and see its square."""
    return SteppedNumber(n=n)
'''
SCRIPT = """// A number that is stepped up and down, and its square.

import { bar } from "./kit/bar.js";
import { drawing, svgNode } from "./kit/dom.js";
import { focusable, widget } from "./kit/figure.js";

export default widget((figure) => {
  const start = figure.get("n");
  bar(figure, {
    reset: () => go(start),
    back: () => go(figure.get("n") - 1),
    next: () => go(figure.get("n") + 1),
    names: { back: "Less", next: "More" },
  });
  const { stage, card } = figure.body();
  const picture = drawing(stage, 200, 60, "A number and its square");
  const words = svgNode(picture, "text", { x: 20, y: 35 });
  focusable(card, "The number");
  const say = figure.status();

  function go(n) {
    figure.set("n", n);
    words.textContent = `n = ${n}, its square ${n * n}`;
    say(words.textContent);
  }

  figure.follow(["n"], () => go(figure.get("n")));
  go(start);
});
"""
OF_WIDGET = """from nnlib import widgets


def test_the_text_has_the_square():
    assert "its square 9" in widgets.stepped_number(3).text()
"""


@pytest.mark.browser
def test_a_widget(tmp_path):
    maintainer = Maintainer(tmp_path, "a widget", "stepped_number")
    maintainer.write("nnlib/widgets/stepped_number.py", WIDGET)
    maintainer.write("nnlib/widgets/stepped_number.js", SCRIPT)
    package = "nnlib/widgets/__init__.py"
    line = "from nnlib.widgets.stepped_number import stepped_number\n"
    maintainer.insert(package, "from nnlib.widgets.train_live", line)
    maintainer.insert(package, '    "train_live"', '    "stepped_number",\n')
    line = '    "stepped_number": widgets.stepped_number,\n'
    maintainer.insert("tests/widgets/calls.py", '    "train_live"', line)
    maintainer.write("tests/widgets/test_stepped_number.py", OF_WIDGET)
    maintainer.test("tests/widgets", "tests/browser/test_family.py", "-k", "stepped_number")


def notebook(cells, **metadata):
    kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    return nbformat.writes(v4.new_notebook(cells=cells, metadata={"kernelspec": kernel} | metadata))


def graded(new_cell, name, source, **grading):
    plain = {"grade_id": name, "grade": False, "solution": False, "locked": True, "task": False}
    return new_cell(source, id=name, metadata={"nbgrader": plain | {"schema_version": 3} | grading})


UNIT = "7_review"
TITLE = "# Exercise 7: review\n\nAbout 5 minutes, 2 points. You add up what you know."
QUESTION = "## 1 A power (2 points)\n\n`power(x)` gets x $(N,)$. Return the mean of all $x_n^2$."
ANSWER = "def power(x):\n    ### BEGIN SOLUTION\n    return np.mean(x**2)\n    ### END SOLUTION"
HIDDEN = "# More checks run when your work is graded.\n### BEGIN HIDDEN TESTS\n{}\n### END HIDDEN TESTS"
LECTURE = "# Review\n\nAbout 5 minutes. To do: [exercise 7](../exercises/7_review/7_review.ipynb)."
SECTION = "## Power\n\nThe mean of all squares."
CHECKS = '''"""The checks of unit 7: review."""

import numpy as np

from nnlib.grading.checks.question import question


@question(
    returns="the power", section="Power", inputs=lambda rng, N: (rng.normal(size=N),), value=lambda x: (x**2).mean()
)
def power(x):
    """The power of a signal."""
    square = x**2
    return np.mean(square)


__all__ = ["power"]
'''
RIGHT = ["np.mean(x**2)", "x @ x / len(x)", "sum(v * v for v in x) / x.size"]
WRONG = {  # each with what its hint says
    "np.mean(x)": "square",
    "np.sum(x**2)": "mean|divided",
    "2 * np.mean(x**2)": "2",
    "-np.mean(x**2)": "sign",
    "x**2": "shape|mean",
}
CATALOGUE = "".join(f"[right.r{n}]\ncode = 'def power(x): return {code}'\n" for n, code in enumerate(RIGHT))
CATALOGUE += "".join(
    f"[wrong.w{n}]\nslip = '{slip}'\ncode = 'def power(x): return {code}'\n"
    for n, (code, slip) in enumerate(WRONG.items())
)


@pytest.mark.sandbox
def test_a_unit(tmp_path):
    maintainer = Maintainer(tmp_path, "a unit", UNIT)
    first = nbformat.read(ROOT / "lectures" / "1_regression.ipynb", as_version=4)
    needs = next(cell for cell in first.cells if cell.id == "needs")
    lecture = [
        markdown(LECTURE, id="title", metadata={"slideshow": {"slide_type": "slide"}}),
        needs,
        markdown(SECTION, id="power", metadata={"slideshow": {"slide_type": "slide"}}),
    ]
    maintainer.write(f"lectures/{UNIT}.ipynb", notebook(lecture))
    exercise = [
        graded(markdown, "title", TITLE),
        graded(code, "needs", needs["source"]),
        graded(code, "setup", "import numpy as np\n\nfrom nnlib.grading.checks import unit_7 as checks"),
        graded(markdown, "power-question", QUESTION),
        graded(code, "power-answer", ANSWER, solution=True, locked=False),
        graded(code, "power-check", "checks.power(power)", grade=True, points=1),
        graded(
            code,
            "power-check-more",
            HIDDEN.format("checks.power(power, hidden=True)"),
            grade=True,
            points=1,
        ),
    ]
    exercise[1].metadata.jupyter = {"source_hidden": True}
    maintainer.write(f"solutions/{UNIT}/{UNIT}.ipynb", notebook(exercise, nnlib={"withheld": []}))
    maintainer.write("nnlib/grading/checks/unit_7/__init__.py", CHECKS)
    maintainer.write(f"tests/catalogue/{UNIT}/power.toml", CATALOGUE)
    line = "| 7 | [Review]({0}) | [{1}]({2}) | 10 min | [lecture]({3}{0}), [exercise]({3}{2}) |\n"
    binder = "https://mybinder.org/v2/gh/OWNER/REPO/HEAD?urlpath=lab/tree/"
    paths = f"lectures/{UNIT}.ipynb", UNIT, f"exercises/{UNIT}/{UNIT}.ipynb", binder
    maintainer.insert("README.md", "\n[Symbols, terms", line.format(*paths))
    maintainer.python("-m", "nbgrader", "generate_assignment", UNIT, "--create", "--force")
    tests = f"{UNIT} and not length_of_the_text"  # it is a lecture of two sentences
    maintainer.test("tests/notebooks", "tests/grading/checks/test_catalogue.py", "-k", tests)
    maintainer.test("tests/test_packaging.py", "-k", "readme_maps")
