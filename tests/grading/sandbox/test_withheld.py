"""What is withheld while a unit is graded: the named modules and what follows from the imports, until pictures are drawn."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from nnlib.grading.sandbox import library, withheld
from tests.grading.catalogue import solution, units


def of_unit(unit):
    return withheld.closure(solution(unit).metadata["nnlib"]["withheld"])


@pytest.mark.slow
def test_without_backpropagation_no_training_tape_or_compiler():
    gone = set(of_unit("4_backpropagation"))
    assert {"backpropagation", "training", "fast.epochs", "fast.programs", "fast.blas"} <= gone
    assert {"differentiation", "differentiation.tape", "differentiation.compiler.program"} <= gone
    assert {"widgets.train_live", "widgets.backpropagation_values"} <= gone
    assert not gone & {"activations", "network", "datasets", "figures", "figures.style", "widgets"}


def linked(folder):
    """nnlib as a folder of links, to which modules can be added."""
    unused = shutil.ignore_patterns("__pycache__", "grading")
    return Path(shutil.copytree(withheld.NNLIB, folder, ignore=unused, copy_function=os.symlink))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("source", "gone"),
    [
        ("from nnlib.backpropagation import backpropagate", True),
        ("from nnlib import backpropagation as b", True),
        ("from nnlib import backpropagate", True),
        ("import nnlib.backpropagation", True),
        ("from .backpropagation import backpropagate", True),
        ("from . import backpropagation", True),
        ("def f():\n    from nnlib.training import train", True),
        ("from nnlib.widgets import train_live", True),
        ("from nnlib.network import Network\nfrom nnlib.figures import use_style", False),
        ("import nnlib", False),
        ("import numpy as backpropagation", False),
    ],
)
@pytest.mark.parametrize("name", ["added", "figures.added"])
def test_a_module_that_imports_backpropagation_is_withheld(name, source, gone, tmp_path):
    folder = linked(tmp_path / "nnlib")
    if "." in name:
        source = source.replace("from .", "from ..")
    withheld.file_of(name, folder).write_text(source)
    assert (name in withheld.closure(["backpropagation"], folder)) == gone


def test_machinery_of_withheld_modules_alone_is_withheld(tmp_path):
    folder = linked(tmp_path / "nnlib")
    (folder / "fast" / "added.py").write_text("")
    assert "fast.added" not in withheld.closure(["backpropagation"], folder)
    (folder / "widgets" / "train_live.py").unlink()
    (folder / "widgets" / "train_live.py").write_text("import nnlib.backpropagation, nnlib.fast.added")
    withheld.imports_of_modules.cache_clear()
    assert "fast.added" in withheld.closure(["backpropagation"], folder)


def test_a_package_only_hands_on_what_its_modules_have():
    """So it can stay when modules in it are withheld."""
    for package in withheld.imports_of_modules(withheld.NNLIB):
        path = withheld.file_of(package)
        if path.name == "__init__.py":
            kinds = {type(node).__name__ for node in ast.parse(path.read_text()).body}
            assert kinds <= {"Expr", "Import", "ImportFrom", "Assign"}, package


def test_an_unknown_module_raises():
    with pytest.raises(ValueError, match="withholds 'backprop', which is not a module of nnlib"):
        withheld.closure(["backprop"])


@pytest.mark.parametrize("unit", units())
def test_every_unit_withholds_what_its_questions_ask_for(unit):
    assert solution(unit).metadata["nnlib"]["withheld"]
    assert all(withheld.file_of(module).is_file() for module in of_unit(unit))


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    folder = tmp_path_factory.mktemp("copy")
    library.copy_without(of_unit("4_backpropagation"), folder / "nnlib")
    library.absent_packages(folder / "absent")
    return folder


def run(copy, code):
    """Run code where nnlib is the copy."""
    path = f"{copy}:{copy / 'absent'}"
    environment = {"PYTHONPATH": path, "PYTHONSAFEPATH": "1", "PATH": "/usr/bin:/bin"}
    return subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)


@pytest.mark.slow
@pytest.mark.parametrize(
    "use",
    [
        "from nnlib import backpropagate; backpropagate(1, 2, 3)",
        "from nnlib.backpropagation import backpropagate; backpropagate(1, 2, 3)",
        "import nnlib.training; nnlib.training.train(1, 2, 3)",
        "from nnlib.differentiation import gradient; gradient(abs, 1.0)",
        "from nnlib.differentiation import Variable; Variable.apply(1)",
        "from nnlib.fast.programs import Buffers; Buffers(1, 2, 3)",
        "from nnlib import widgets, Network; widgets.step_through(Network([1, 1]), [1.0], [1.0])",
    ],
)
def test_a_withheld_module_imports_and_raises_when_used(copy, use):
    done = run(copy, use)
    assert done.returncode == 1 and "is withheld while this unit is graded: write it yourself." in done.stderr


def test_modules_that_are_not_withheld_work(copy):
    done = run(
        copy,
        "from nnlib import Network, figures, widgets; print(Network([2, 1], rng=0).forward([[1.0, 2.0]]).shape)",
    )
    assert done.stdout == "(1, 1)\n", done.stderr


def test_checks_truth_and_writer_are_not_there(copy):
    assert {path.name for path in (copy / "nnlib" / "grading").iterdir()} >= {"sandbox", "checks.py"}
    assert (
        not list(copy.rglob("oracle*"))
        and not list(copy.rglob("gradebook*"))
        and not list(copy.rglob("hints*"))
    )


@pytest.mark.parametrize("engine", [package for package in library.ABSENT if "." not in package])
def test_engines_are_not_there(copy, engine):
    done = run(copy, f"import {engine}")
    assert "write the derivative yourself" in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("unit", units())
def test_checks_are_imported_without_torch(unit):
    code = f"import sys; from nnlib.grading.checks import unit_{unit[0]}; assert 'torch' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


@pytest.mark.slow
@pytest.mark.sandbox
@pytest.mark.filterwarnings("ignore")
def test_pictures_are_drawn_with_all_of_nnlib(graded):
    course, unit = graded.course, graded.course.unit
    verdict = graded.verdicts["reference"]
    assert not verdict["reasons"] and not verdict["events"] and not verdict["hints"]
    path = course.folder / "autograded" / "reference" / unit / f"{unit}.ipynb"
    cells = {cell.id: cell for cell in nbformat.read(path, as_version=4).cells}
    # A long picture is computed in one cell and drawn in the next.
    drawn = {name.removesuffix("-drawn") for name in cells if name.endswith("-picture-drawn")}
    pictures = [n + "-drawn" * (n in drawn) for n in cells if n.endswith("-picture")]
    assert pictures
    for name in pictures:
        outputs = cells[name].outputs
        assert outputs and not [o for o in outputs if o.output_type == "error"], name
        assert any({"image/png", "text/html"} & set(o.get("data", ())) or o.get("text") for o in outputs), (
            name
        )
