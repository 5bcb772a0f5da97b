"""Every number in the text of lecture 5 is what its code, nnlib and PyTorch give."""

import contextlib
import io
import re

import numpy as np
import pytest

from nnlib import datasets
from nnlib.differentiation import derivative, gradient, jacobian, symbolic
from nnlib.widgets.typed_function import TypedFunction
from tests.notebooks.arithmetic import told
from tests.notebooks.notebooks import ROOT, read

CELLS = {cell.id: cell.source for cell in read(ROOT / "lectures" / "5_automatic_differentiation.ipynb").cells}
CODE = (
    "setup", "types-function-code", "symbolic-code", "symbolic-limits-code", "numeric-valley-code",
    "three-types-code", "dual-matrix-code", "dual-class", "dual-class-use", "dual-grows", "nesting-code",
    "newton-code", "arm-code", "tape-code", "tape-functions", "tape-sweep", "network-on-tape-code",
    "network-on-tape-compare",
)  # fmt: skip


@pytest.fixture(scope="module")
def names():
    """The names that the lecture's cells define, without widgets and PyTorch."""
    found = {}
    with contextlib.redirect_stdout(io.StringIO()):
        for cell in CODE:
            exec(CELLS[cell], found)
    return found


def test_the_formula_swells_as_the_lecture_says(names):
    x = symbolic.Expression("x")
    sizes = [names["f"](x, n).derivative(x).size() for n in range(1, 7)]
    assert told(r"From (\d+) nodes to (\d+), (\d+) times", CELLS["swell-answer"]) == [
        sizes[0], sizes[-1], sizes[-1] / sizes[0],
    ]  # fmt: skip


@pytest.mark.parametrize("program", ["branch", "loop", "power"])
def test_symbolic_gives_up_where_automatic_does_not(names, program):
    f = names[program] if program != "power" else lambda x: names["power"](x, 8)
    with pytest.raises(ValueError, match="branch depends on x"):
        derivative(f, 3.0, method="symbolic")
    assert derivative(f, 3.0) == pytest.approx(names["difference"](f, 3.0, 1e-5), rel=1e-8)


def test_the_valleys_have_their_bottoms_where_the_text_says(names):
    f, exact = names["f"], derivative(names["f"], 0.3)
    steps = np.logspace(-13, -0.5, 120)
    bottoms, least = [], []
    for number in (np.float64, np.float32):
        off = np.abs(names["difference"](f, number(0.3), steps.astype(number)) - exact)
        smooth = np.convolve(np.log(off + 1e-17), np.ones(9) / 9, mode="same")[4:-4]
        bottoms.append(np.log10(steps[4:-4][np.argmin(smooth)]))
        least.append(np.exp(smooth.min()) / abs(exact))
    for bottom, cube_root in zip(bottoms, (-16 / 3, -7 / 3), strict=True):
        assert cube_root - 1.2 < bottom < cube_root, "a little further left"
    assert least[0] < 1e-10 and 5e-6 < least[1] < 1e-4, "ten digits, and about five"


def test_dual_numbers_by_hand(names):
    Dual = names["MyDual"]
    one, two = Dual(1, 2), Dual(3, 4)
    results = [(u.value, u.dot) for u in (one + two, one - two, one * two)]
    assert results == [(4, 6), (-2, -2), (3, 10)]
    assert np.array_equal(names["as_matrix"](1, 2) @ names["as_matrix"](3, 4), [[3, 10], [0, 3]])
    for x, value, dot in ((3.0, 18, 8), (-2.0, 3, -2)):
        y = names["polynomial"](Dual(x, 1.0))
        assert (y.value, y.dot) == (value, dot)
        assert f"= {value} {'+' if dot > 0 else '-'} {abs(dot)}\\epsilon" in CELLS["dual-derivative"]


def test_abs_at_its_kink_takes_the_branch_of_the_answer(names):
    x = names["MyDual"](0.0, 1.0)
    y = x if x.value > 0 else -1 * x
    assert y.dot == -1 and CELLS["dual-predict"].count("$-1$") == 1


def test_the_tables_of_baydin():
    f = TypedFunction("ln(x1) + x1*x2 - sin(x2)")
    values = f.values({"x1": 2.0, "x2": 5.0})
    rows = dict(
        zip(
            (node.name for node in f.nodes),
            zip(values, f.dots(values, {"x1": 1.0}), strict=True),
            strict=True,
        )
    )
    table = re.findall(
        r"^\| \$(\w+)_?(\d?).*?\$ \| \$= (-?[\d.]+)\$ \|.*?(-?[\d.]+)\$ \|$", CELLS["table-2"], re.M
    )
    assert len(table) == 7
    for letter, number, value, dot in table:
        assert (float(value), float(dot)) == pytest.approx(rows[letter.replace("_", "") + number], abs=5e-5)
    adjoints = dict(zip((node.name for node in f.nodes), f.adjoints(values), strict=True))
    source = CELLS["table-3"]
    for name in ("v4", "v3", "v2", "v1"):
        assert told(rf"\\bar v_{name[1]} = .*?\| \$= (-?\d+)\$", source) == [adjoints[name]]
    assert told(r"adds \$\\bar v_2 \\, x_1\$ \| \$= (.+?) \+ 2 = (.+?)\$", source) == pytest.approx(
        [-np.cos(5.0), adjoints["x2"]], abs=5e-5
    )
    assert told(r"= 5 \+ 0.5 = (.+?)\$", source) == [adjoints["x1"]]


def test_the_dot_of_the_dot_is_the_second_derivative(names):
    first, second = told(r"f' = (\d) and f'' = (\d)", CELLS["nesting-code"])
    found = dict(names)  # a later cell has another `slope`
    with contextlib.redirect_stdout(io.StringIO()):
        exec(CELLS["nesting-code"], found)
    y = found["slope"](found["MyDual"](1.0, 1.0))
    assert (y.value, y.dot) == (first, second) == (3, 6)


def test_perturbation_confusion_gives_two_for_one(names):
    def outer(x, d):
        return x * d(lambda y: x + y, 1.0)

    mine = names["my_derivative"]
    assert mine(lambda x: outer(x, mine), 1.0) == 2.0
    assert derivative(lambda x: outer(x, derivative), 1.0) == 1.0


def test_newton_doubles_the_digits(names):
    off = names["off"]
    digits = -np.log10(off[1:5])
    assert np.all(digits[1:] > 1.7 * digits[:-1]) and off[-1] < 1e-15


def test_the_arm_arrives_and_its_determinant_is_the_formula(names):
    assert names["hand"](names["q"]) == pytest.approx([0.3, 0.7], abs=5e-4)
    upper, lower = datasets.LINKS
    assert (upper, lower) == (0.6, 0.4)
    start, goal = np.array([0.2, 0.5]), np.array([0.3, 0.7])
    J = jacobian(names["hand"], start)
    whole = start + np.linalg.solve(J, goal - names["hand"](start))
    off = np.linalg.norm(goal - names["hand"](whole))
    assert told(r"the hand ([\d.]+) m away", CELLS["arm"]) == pytest.approx([off], abs=5e-3)
    J = np.array([gradient(lambda q, k=k: names["hand"](q)[k], np.array([0.2, 0.5])) for k in (0, 1)])
    assert np.linalg.det(J) == pytest.approx(0.6 * 0.4 * np.sin(0.5))


def test_the_tape_of_forty_lines_agrees_and_is_no_longer(names):
    assert (names["x1"].adjoint, names["x2"].adjoint) == pytest.approx((5.5, 1 / 1 + 2 - 1 - np.cos(5.0)))
    lines = [line for cell in ("tape-code", "tape-functions") for line in CELLS[cell].split("\n") if line]
    assert len(lines) + len(CELLS["tape-sweep"].split("tape.clear")[0].split("\n")) <= 40


def test_a_second_sweep_meets_the_adjoints_of_the_first(names):
    names["tape"].clear()
    x, adjoints = names["Node"](2.0), []
    for use in (lambda: x * x, lambda: x * 3):
        names["backward"](use())
        adjoints.append(x.adjoint)
    first, second, *sum_of_both = told(
        r"First (\d+), then (\d+), and not \$(\d+) \+ (\d+) = (\d+)\$", CELLS["tape-read"]
    )
    assert adjoints == [first, second] == [4, 11] and sum_of_both == [4, 3, 7]


def test_the_tape_takes_a_plain_number_on_either_side(names):
    x = names["Node"](2.0)
    assert [(1.0 - x).value, (3.0 * x).value, (1.0 + x).value] == [-1, 6, 3]


def test_the_short_sweep_of_arrays_agrees(names):
    found = dict(names)
    with contextlib.redirect_stdout(io.StringIO()):
        exec(CELLS["ours-source"], found)
    adjoints = found["adjoints"]
    assert [adjoints[found["x1"]], adjoints[found["x2"]]] == pytest.approx([5.5, 2 - np.cos(5.0)])


def test_the_compiled_program_has_the_four_steps(names):
    found = dict(names)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(CELLS["compiled-code"], found)
    program = printed.getvalue()
    for line in (
        "subtract(v7, c8, v9)", "multiply(v9, 2.0, v16)", "0.5, d_v11", "multiply(v16, d_v10, d_v9)",
        "d_v9.dot(W2, d_v4)", "multiply(v4, v4, v24)", "subtract(ones25, v24, v26)",
        "multiply(v26, d_v4, d_v3)", "v21 = d_v9.T", "v21.dot(v4, d_W2)", "v30 = d_v3.T",
        "v30.dot(c1, d_W1)", "ones18.dot(d_v9, d_b2)", "ones28.dot(d_v3, d_b1)",
    ):  # fmt: skip
        assert line in program


def test_adjoints_of_weighted_sums_are_the_deltas(names):
    told_numbers = told(r"\$(.+?)\$ and \$(.+?)\$, and \$(.+?)\$ and \$(.+?)\$ for", CELLS["network-graph"])
    expected = [*names["a2"].gradient, *names["a1"].gradient]
    assert told_numbers == pytest.approx(expected, abs=5e-5)
    assert names["same"]
    trace = names["trace"]
    assert np.allclose([*trace[1].delta[0], *trace[0].delta[0]], expected)


def test_torch_agrees_on_the_network_of_the_lecture(names):
    torch = pytest.importorskip("torch")
    leaves = [torch.tensor(names[n], requires_grad=True) for n in ("W1", "b1", "W2", "b2")]
    hidden = torch.sigmoid(leaves[0] @ torch.tensor(names["x"]) + leaves[1])
    (((leaves[2] @ hidden + leaves[3] - torch.tensor(names["t"])) ** 2).sum() / 2).backward()
    for leaf, ours in zip(leaves, ("V1", "c1", "V2", "c2"), strict=True):
        assert np.allclose(leaf.grad.numpy(), names[ours].gradient, rtol=1e-12)


def test_the_digits_network_has_the_weights_of_the_lecture():
    assert told(r"has (\d+) weights", CELLS["crossover-answer"]) == [64 * 32 + 32 + 32 * 10 + 10]
