"""The student's functions and objects, called from the examiner's side, with and without the sandbox."""

import numpy as np
import pytest

from nnlib import Network
from nnlib.grading.sandbox import bubblewrap, processes
from nnlib.grading.sandbox.inside import objects
from nnlib.grading.sandbox.inside.values import NotTransferable
from nnlib.grading.sandbox.remote import RemoteNames
from nnlib.grading.sandbox.sandbox import ExamineeEnded, Limits, Sandbox

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]

CODE = """
import numpy as np

number, text, table = 2.5, "text", {"W": np.eye(2), "sizes": (2, 1)}

def double(x):
    return 2 * x

def double_in_place(x, by=2):
    x *= by

def describe(network, rng, f):
    return network.sizes, network.layers[0].W, rng.normal(), f(3.0)

def outer(f):
    return lambda x: f(f(x))

def fails(x):
    raise ValueError(f"no {x}")

def leaves():
    raise SystemExit(3)

def grows(x):
    x.shape = (3, 1)
    x[0] = 7

def gives_text():
    return np.array(["a"])

class Dual:
    def __init__(self, value, derivative):
        self.value, self.derivative = value, derivative
    def __add__(self, other):
        other = other if isinstance(other, Dual) else Dual(other, 0)
        return Dual(self.value + other.value, self.derivative + other.derivative)
    __radd__ = __add__
    def __mul__(self, other):
        other = other if isinstance(other, Dual) else Dual(other, 0)
        return Dual(self.value * other.value, self.derivative * other.value + self.value * other.derivative)
    __rmul__ = __mul__
    def __array_ufunc__(self, function, method, *inputs):
        assert function is np.sin
        return Dual(np.sin(self.value), np.cos(self.value) * self.derivative)
    def __eq__(self, other):
        return self.value == other
    def __getitem__(self, n):
        return (self.value, self.derivative)[n]
    def __len__(self):
        return 2
    def __repr__(self):
        return f"{self.value} + {self.derivative}ε"

class Pair:
    def __init__(self, value, dot):
        self.value, self.dot = value, dot
    def __add__(self, other):
        return Pair(self.value + other.value, self.dot + other.dot)
    def __sub__(self, other):
        return Pair(self.value - other.value, self.dot - other.dot)
    def __mul__(self, other):
        return Pair(self.value * other.value, self.dot * other.dot)
"""


ENDLESS = """
class Endless:
    def __len__(self):
        return 10**9

    def __getitem__(self, number):
        return self

endless = Endless()
"""


@pytest.fixture(scope="module", params=["in the sandbox", "without"])
def names(request):
    """The names of a student's process that has run CODE."""
    unsafe = request.param == "without"
    with Sandbox(bubblewrap.stage(()), Limits(cell_seconds=20), unsafe=unsafe) as sandbox:
        assert sandbox.ask({"do": "run", "code": CODE})["right"]
        yield RemoteNames(sandbox.ask, {})


def test_values_of_names_arrive(names):
    assert (names["number"], names["text"], names["table"]["sizes"]) == (2.5, "text", (2, 1))
    assert np.array_equal(names["table"]["W"], np.eye(2))
    with pytest.raises(NameError, match="nothing is not there"):
        names["nothing"]


def test_a_function_is_called_by_value(names):
    x = np.arange(3.0)
    assert np.array_equal(names["double"](x), 2 * x)
    assert np.array_equal(x, np.arange(3.0))


def test_an_array_that_the_student_changed_comes_back_changed(names):
    x, y = np.arange(3.0), np.ones(2)
    assert names["double_in_place"](x) is None and names["double_in_place"](y, by=5) is None
    assert np.array_equal(x, [0, 2, 4]) and np.array_equal(y, [5, 5])


def test_an_array_that_comes_back_in_another_shape_is_refused(names):
    with pytest.raises(NotTransferable, match="another shape or type"):
        names["grows"](np.ones(3))


def test_networks_generators_and_functions_are_handed_over(names):
    network = Network([2, 3, 1], rng=1)

    def square(x):
        return x * x

    sizes, W, drawn, squared = names["describe"](network, np.random.default_rng(5), square)
    assert list(sizes) == [2, 3, 1] and np.array_equal(W, network.layers[0].W)
    assert drawn == np.random.default_rng(5).normal() and squared == 9.0


def test_a_function_that_a_function_returns_can_be_called(names):
    assert names["outer"](names["double"])(1.5) == 6.0


def test_exceptions_arrive_with_their_kind_and_text(names):
    with pytest.raises(ValueError, match="no 3"):
        names["fails"](3)
    with pytest.raises(Exception, match="3") as caught:
        names["leaves"]()
    assert type(caught.value).__name__ == "SystemExit" and not isinstance(caught.value, SystemExit)


def test_text_in_an_array_stays_with_the_student(names):
    # What cannot cross by value crosses as a handle: a check that wants numbers refuses it.
    assert not isinstance(names["gives_text"](), np.ndarray)


def test_objects_of_a_students_class_are_used_through_a_handle(names):
    Dual = names["Dual"]
    x = Dual(3, 1)
    y = x * x + 2 * x + 3
    assert (y.value, y.derivative, repr(y)) == (18, 8, "18 + 8ε")
    assert type(y).__name__ == "Dual" and y == 18 and y[1] == 8 and len(y) == 2
    z = np.sin(x)
    assert (z.value, z.derivative) == (np.sin(3), np.cos(3))
    with pytest.raises(AttributeError):
        y.gradient  # noqa: B018
    with pytest.raises(TypeError):
        x - x


def test_other_versions_of_a_class_are_tried_where_it_is(names):
    Pair, calls = names["Pair"], [(3.0, 1.0, 2.0, 0.5)]
    _, source = Pair._source()
    mended = source.replace("self.dot * other.dot", "self.dot * other.value + self.value * other.dot")
    own, other = Pair._versions([source, mended], calls, objects.two_duals)
    assert own == [(5.0, 1.5, 1.0, 0.5, 6.0, 0.5)] and other == [(5.0, 1.5, 1.0, 0.5, 6.0, 3.5)]
    assert Pair._versions([source], calls, lambda Pair: Pair) == []


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("while True: pass", "took longer than 2 seconds"),
        (
            "while True:\n    try:\n        for n in iter(int, 1): pass\n    except BaseException: pass",
            "could not be interrupted",
        ),
        ("kept = [bytearray(50_000_000) for _ in range(40)]", "more than 300 MB of memory"),
        (
            "import os\nfor _ in range(6):\n    if os.fork() == 0:\n        kept = bytearray(80_000_000)\n"
            "        import time; time.sleep(600)\nimport time; time.sleep(600)",
            "more than 300 MB of memory",
        ),
        ("import os; os._exit(0)", "ended the process"),
    ],
    ids=["endless", "stubborn", "memory", "memory of all children", "exit"],
)
def test_a_students_process_is_bounded(code, reason):
    limits = Limits(cell_seconds=2 if "while" in code else 200, megabytes=300)
    with Sandbox(bubblewrap.stage(()), limits) as sandbox:
        try:
            reply = sandbox.ask({"do": "run", "code": code})
            said = json_text(reply["outputs"])
        except ExamineeEnded as ended:
            said = str(ended)
        assert reason in said
        others = sandbox.server
    with Sandbox(bubblewrap.stage(()), Limits()) as sandbox:
        assert sandbox.server is others and sandbox.ask({"do": "run", "code": "1"})["right"]


def json_text(outputs):
    return " ".join(str(output) for output in outputs)


def test_a_forked_copy_does_not_answer_beside_the_original():
    with Sandbox(bubblewrap.stage(()), Limits(cell_seconds=5)) as sandbox:
        sandbox.ask(
            {"do": "run", "code": "import os, time\nwho = 'original'\nif os.fork() == 0: who = 'copy'"}
        )
        for _ in range(5):
            reply = sandbox.ask({"do": "name", "name": "who"})
            assert reply["value"] == "original"


@pytest.mark.parametrize(
    ("code", "most"),
    [
        ("open('large', 'wb').write(bytes(100_000_000))", "File too large"),
        ("open('/usr/left', 'w')", "Read-only"),
        (
            "import os; [os.fork() or __import__('time').sleep(600) for _ in range(500)]",
            "Resource temporarily unavailable",
        ),
        ("import os; assert os.getuid() == 0", "AssertionError"),
        ("import socket; socket.create_connection(('127.0.0.1', 9), timeout=1)", "Error"),
        ("import torch", "is not there while your work is graded"),
        (
            "import os; print(sorted(os.listdir('/')), 'work' in os.listdir('/'), os.listdir('/home/student'))",
            "'home'",
        ),
    ],
    ids=["large file", "system is read-only", "forks", "not root", "network", "torch", "what is there"],
)
def test_what_a_student_cannot_do(code, most):
    with Sandbox(bubblewrap.stage(()), Limits(cell_seconds=200)) as sandbox:
        try:
            said = json_text(sandbox.ask({"do": "run", "code": code})["outputs"])
        except ExamineeEnded as ended:
            said = str(ended)
    assert most in said


def test_a_list_of_objects_is_no_array(names):
    names.ask({"do": "run", "code": ENDLESS})
    with pytest.raises(TypeError, match="A Endless is not an array of numbers"):
        np.array([names["endless"]] * 3)


@pytest.mark.parametrize("unsafe", [False, True])
def test_a_figure_is_shown_as_in_a_notebook(unsafe):
    code = "import matplotlib.pyplot as plt\nfigure, axes = plt.subplots()"
    with Sandbox(bubblewrap.stage(()), Limits(cell_seconds=20), unsafe=unsafe) as sandbox:
        (shown,) = sandbox.ask({"do": "run", "code": code})["outputs"]
        (shown_at_once,) = sandbox.ask({"do": "run", "code": "plt.plot([1, 2])\nplt.show()"})["outputs"]
    assert "image/png" in shown["data"] and "image/png" in shown_at_once["data"]


@pytest.mark.parametrize("unsafe", [False, True])
def test_a_students_process_is_gone_when_it_is_ended(unsafe):
    with Sandbox(bubblewrap.stage(()), unsafe=unsafe) as sandbox:
        assert sandbox._theirs()
        assert processes.end(sandbox._theirs) and not sandbox._theirs()
