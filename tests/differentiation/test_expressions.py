"""Random functions, made by hypothesis, through all modes; and the expression tree itself."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import mutually_broadcastable_shapes

from nnlib.differentiation import Dual, gradient, hessian, jacobian
from nnlib.differentiation.compiler import compile_gradient
from nnlib.differentiation.numeric import jacobian as by_differences
from nnlib.differentiation.rules import DERIVATIVES
from nnlib.differentiation.symbolic import Expression

# Smooth, bounded and analytic, so that a chain of them stays in range.
FUNCTIONS = [np.sin, np.cos, np.tanh, np.arctan, lambda x: np.exp(-x * x), lambda x: 1 / (1 + x * x)]
PAIRS = [lambda x, y: x + y, lambda x, y: x - y, lambda x, y: x * y, lambda x, y: x / (2 + y * y)]
x = np.array([0.4, -0.7, 1.3])


@st.composite
def functions(draw):
    """A function of an array of three numbers, as a list of steps on earlier results."""
    steps = []
    for number in range(3, draw(st.integers(4, 10))):
        earlier = st.integers(0, number - 1)
        if draw(st.booleans()):
            steps.append((draw(st.sampled_from(FUNCTIONS)), draw(earlier)))
        else:
            steps.append((draw(st.sampled_from(PAIRS)), draw(earlier), draw(earlier)))

    def f(x):
        results = [x[0], x[1], x[2]]
        for function, *inputs in steps:
            results.append(function(*(results[i] for i in inputs)))
        return results[-1]

    return f


@settings(max_examples=60, deadline=None)
@given(functions())
def test_all_modes_agree(f):
    forward = gradient(f, x, "forward")
    size = max(1.0, np.abs(forward).max())
    assert np.abs(gradient(f, x, "reverse") - forward).max() <= 1e-10 * size
    assert np.abs(gradient(f, x, "symbolic") - forward).max() <= 1e-10 * size
    assert np.abs(gradient(f, x, "numeric") - forward).max() <= 1e-6 * size
    assert np.abs(by_differences(f, x, "complex step") - forward).max() <= 1e-10 * size
    directions = np.eye(3)
    scalar = [getattr(f([*map(Dual, x, d)]), "derivative", 0.0) for d in directions]
    assert np.abs(np.array(scalar) - forward).max() <= 1e-10 * size
    _, compiled = compile_gradient(lambda a, b, c: f([a, b, c]), *x)(*x)
    assert np.abs(np.array(compiled) - forward).max() <= 1e-10 * size


SHAPES = mutually_broadcastable_shapes(num_shapes=3, min_dims=0, max_dims=3, max_side=3)


@settings(max_examples=60, deadline=None)
@given(SHAPES, st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5)), min_size=2, max_size=4))
def test_all_modes_agree_on_arrays_of_any_shapes_that_broadcast(shapes, steps):
    """The derivative by the first of three arrays; the rows of the Jacobian are weighted by no ones."""
    rng = np.random.default_rng(0)
    at, *others = (rng.uniform(-1.0, 1.0, shape) for shape in shapes.input_shapes)

    def f(x):
        y = x
        for number, (pair, function) in enumerate(steps):
            y = FUNCTIONS[function](PAIRS[pair](y, [*others, x][number % 3]))
        return y

    forward = jacobian(f, at, "forward")
    assert forward.shape == np.shape(f(at)) + at.shape
    for method in ("reverse", "symbolic"):
        assert np.abs(jacobian(f, at, method) - forward).max(initial=0) <= 1e-10
    assert np.abs(by_differences(f, at, "complex step") - forward).max(initial=0) <= 1e-10
    weights = rng.normal(size=np.shape(f(at)))
    _, (compiled,) = compile_gradient(lambda x: np.sum(weights * f(x)), at)(at)
    assert np.abs(compiled - np.tensordot(weights, forward, np.ndim(weights))).max(initial=0) <= 1e-10


@settings(max_examples=20, deadline=None)
@given(functions())
def test_the_hessian_is_symmetric_and_right(f):
    H = hessian(f, x)
    size = max(1.0, np.abs(H).max())
    assert np.abs(H - H.T).max() <= 1e-10 * size
    assert np.abs(H - jacobian(lambda at: gradient(f, at), x, "numeric")).max() <= 1e-5 * size


def symbols():
    return Expression("x"), Expression("y")


def test_rules_as_they_are_written():
    x, y = symbols()
    assert str((x + y).derivative(x)) == "1.0"
    assert str((x * np.sin(x)).derivative(x)) == "sin(x) + x * cos(x)"
    assert str(np.exp(2 * x).derivative(x)) == "exp(2 * x) * 2"
    assert str((x * y).derivative(y)) == "x"
    assert str((-(x + y) * (x - (y - 1))).derivative(y)) == "-(x - (y - 1)) + -(-(x + y))"


def test_sympy_agrees_and_simplifies():
    sympy = pytest.importorskip("sympy")
    x, _ = symbols()
    f = np.sqrt(x) * np.log(x + 2) / np.arctan(x) ** 2
    ours = f.derivative(x).to_sympy()
    assert sympy.simplify(ours - sympy.diff(f.to_sympy(), sympy.Symbol("x", real=True))) == 0
    assert str(sympy.simplify((np.sin(x) ** 2 + np.cos(x) ** 2).derivative(x).to_sympy())) == "0"


@pytest.mark.parametrize("ufunc", [u for u in DERIVATIVES if u is not np.rint], ids=lambda u: u.__name__)
def test_every_function_and_its_derivative_in_sympy(ufunc):
    sympy = pytest.importorskip("sympy")
    arguments = [Expression("x"), Expression("y")][: ufunc.nin]
    numbers = dict(
        zip(arguments, [1.3, 0.7] if ufunc in {np.arccosh, np.power} else [0.4, 0.7], strict=False)
    )
    f = ufunc(*arguments)
    for expression in (f, *(f.derivative(x) for x in arguments)):
        value = expression.evaluate(numbers) if isinstance(expression, Expression) else expression
        ours = expression.to_sympy() if isinstance(expression, Expression) else sympy.Float(expression)
        points = {sympy.Symbol(str(x), real=True): number for x, number in numbers.items()}
        assert abs(float(ours.subs(points)) - value) <= 1e-12


def test_a_function_that_sympy_does_not_have_raises():
    with pytest.raises(ValueError, match=r"SymPy has no function that is np.rint, as in rint\(x\)"):
        np.rint(Expression("x")).to_sympy()


def test_formulas_swell():
    x, _ = symbols()
    f, sizes = x, []
    for _ in range(5):
        f = f * np.sin(f)
        sizes.append(f.derivative(x).size())
    assert all(later > 2 * before for before, later in zip(sizes, sizes[1:], strict=False))


def test_every_mode_agrees_on_the_error_of_a_network():
    rng = np.random.default_rng(1)
    X, T = rng.normal(size=(5, 3)), rng.normal(size=(5, 2))
    W1, b1, W2, b2 = rng.normal(size=(4, 3)), rng.normal(size=4), rng.normal(size=(2, 4)), rng.normal(size=2)

    def error(W1, b1, W2, b2):
        Y = np.tanh(X @ W1.T + b1) @ W2.T + b2
        return np.sum((Y - T) ** 2) / 2

    from nnlib import Network, backpropagate

    network = Network.of([(W1, b1), (W2, b2)], ["tanh", "identity"])
    E, ((dW1, db1), (dW2, db2)) = backpropagate(network, X, T)
    compiled = compile_gradient(error, W1, b1, W2, b2)
    value, gradients = compiled(W1, b1, W2, b2)
    assert abs(value - E) <= 1e-12 * E
    for computed, truth in zip(gradients, (dW1, db1, dW2, db2), strict=True):
        assert np.abs(computed - truth).max() <= 1e-12 * np.abs(truth).max()
    assert np.abs(gradient(lambda W: error(W, b1, W2, b2), W1) - dW1).max() <= 1e-12 * np.abs(dW1).max()
    for piece in ("def gradient(W1, b1, W2, b2):", "tanh(", "# backward", ".dot(", "d_W1", "d_b2"):
        assert piece in compiled.program
