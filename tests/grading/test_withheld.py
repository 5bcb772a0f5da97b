"""What is withheld while a unit is graded: named rooms, with all that answer the same, until pictures are drawn."""

import subprocess
import sys

import nbformat
import pytest

from nnlib.grading import withheld
from nnlib.grading.autograde import Run, grade
from tests.grading.catalogue import solution, units
from tests.grading.course import Course, solution_answers

ROOMS = {path.stem for path in withheld.NNLIB.glob("*.py")} | {
    path.parent.name for path in withheld.NNLIB.glob("*/__init__.py")
}


def test_with_backpropagation_go_training_the_tape_and_the_compiler():
    gone = set(withheld.closure(["backpropagation"]))
    assert {"backpropagation", "training", "fast", "differentiation"} <= gone
    assert not gone & {"activations", "network", "datasets", "figures", "widgets"}


def test_rooms_that_go_with_others_are_rooms():
    named = {name for rooms in withheld.GOES_WITH.values() for name in rooms} | set(withheld.GOES_WITH)
    assert named <= ROOMS


def test_an_unknown_room_is_told():
    with pytest.raises(ValueError, match="withholds 'backprop', which is no room of nnlib"):
        withheld.closure(["backprop"])


@pytest.mark.parametrize("unit", units())
def test_every_unit_withholds_what_its_questions_ask_for(unit):
    rooms = solution(unit).metadata["nnlib"]["withheld"]
    assert rooms and set(withheld.closure(rooms)) <= ROOMS


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    folder = tmp_path_factory.mktemp("copy")
    withheld.copy_without(withheld.closure(["backpropagation"]), folder / "nnlib")
    withheld.absent_packages(folder / "absent")
    return folder


def run(copy, code):
    """Run code where nnlib is the copy."""
    path = f"{copy}:{copy / 'absent'}"
    environment = {"PYTHONPATH": path, "PYTHONSAFEPATH": "1", "PATH": "/usr/bin:/bin"}
    return subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)


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
def test_what_is_withheld_can_be_imported_and_says_so_when_used(copy, use):
    done = run(copy, use)
    assert done.returncode == 1 and "is withheld while this unit is graded: write it yourself." in done.stderr


def test_what_is_not_withheld_works(copy):
    done = run(
        copy,
        "from nnlib import Network, figures, widgets; print(Network([2, 1], rng=0).forward([[1.0, 2.0]]).shape)",
    )
    assert done.stdout == "(1, 1)\n", done.stderr


def test_neither_the_checks_nor_the_oracle_nor_the_writer_are_there(copy):
    assert {path.name for path in (copy / "nnlib" / "grading").iterdir()} >= {"sandboxed", "checks.py"}
    assert (
        not list(copy.rglob("oracle*"))
        and not list(copy.rglob("gradebook*"))
        and not list(copy.rglob("hints*"))
    )


@pytest.mark.parametrize("engine", withheld.ENGINES)
def test_engines_are_not_there(copy, engine):
    done = run(copy, f"import {engine}")
    assert "write the derivative yourself" in done.stderr


@pytest.mark.parametrize("unit", units())
def test_checks_are_imported_without_torch(unit):
    code = f"import sys; from nnlib.grading.checks import unit_{unit[0]}; assert 'torch' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


@pytest.mark.slow
@pytest.mark.sandbox
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("unit", units())
def test_pictures_are_drawn_with_all_of_nnlib(unit, tmp_path):
    course = Course(tmp_path, unit)
    course.generate()
    course.submit("reference", solution_answers(unit))
    verdict = grade(course.api.coursedir, unit, Run(bar=False))["reference"]
    assert not verdict["reasons"] and not verdict["events"] and not verdict["hints"]
    path = course.folder / "autograded" / "reference" / unit / f"{unit}.ipynb"
    cells = {cell.id: cell for cell in nbformat.read(path, as_version=4).cells}
    pictures = [name for name in cells if name.endswith("-picture")]
    assert pictures
    for name in pictures:
        outputs = cells[name].outputs
        assert outputs and not [o for o in outputs if o.output_type == "error"], name
        assert any({"image/png", "text/html"} & set(o.get("data", ())) or o.get("text") for o in outputs), (
            name
        )
