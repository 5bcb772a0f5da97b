"""What would be wrong without a word: each is right, or an error that says so."""

import numpy as np
import pytest

from nnlib.differentiation import Variable, compile_gradient, derivative, gradient, hessian, jacobian
from nnlib.differentiation.layers import linear, softmax_cross_entropy

METHODS = ("forward", "reverse", "numeric", "symbolic")
every_method = pytest.mark.parametrize("method", METHODS)
X = np.array([[0.3, 1.2, 0.8], [0.57, 0.6, 0.7]])


def used_up(kind):
    """Σ (i + 1) x_i, by an array that is changed before each use."""

    def f(x):
        array, total = np.zeros((3, 3)), 0.0
        for i in range(3):
            array[:] = 0
            array[i, i] = 1
            taken = {
                "factor": lambda array=array: x * array[0] + x * array[1] + x * array[2],
                "matrix": lambda array=array: array @ x,
                "condition": lambda array=array: np.where(array, x, 0.0),
                "layer": lambda array=array: linear(np.reshape(x, (1, 3)), array, np.zeros(3)),
            }[kind]()
            array[:] = 7
            total = total + np.sum(taken) * (i + 1)
        return total

    return f


@pytest.mark.parametrize("kind", ["factor", "matrix", "condition", "layer"])
@every_method
def test_an_array_that_changes_after_its_use(kind, method):
    assert np.allclose(gradient(used_up(kind), np.array([0.3, 1.2, 0.8]), method), [1, 2, 3])


@pytest.mark.parametrize(
    ("f", "words"),
    [
        (lambda x: np.add.at(x, [0], 1.0), r"np.add.at .* has no derivative rule"),
        (lambda x: np._core.umath.clip(x, 0.0, 1.0), "clip .* has no derivative rule"),
        (lambda x: np.add.accumulate(x), r"np.add.accumulate .* has no derivative rule"),
        (lambda x: np.modf(x), "modf has no derivative rule here"),
    ],
)
@pytest.mark.parametrize("method", ["forward", "reverse", "symbolic"])
def test_a_function_of_numpy_without_a_rule_is_named(f, words, method):
    with pytest.raises(ValueError, match=words):
        jacobian(f, X[0], method)


@every_method
@pytest.mark.parametrize("index", [np.zeros(1, int), [0]], ids=["array", "list"])
def test_an_index_that_changes_after_its_use(index, method):
    def f(x):
        total = 0.0
        for i in range(3):
            index[0] = i
            total = total + np.sum(x[index]) * (i + 1)
        return total

    assert np.allclose(gradient(f, X[0], method), [1, 2, 3])


def test_recorded_values_are_fixed_and_gradients_are_own_arrays():
    x = Variable(np.ones(2))
    y = x * x
    with pytest.raises(ValueError, match="read-only"):
        y.value[0] = 5.0
    # Else y.backward() would take the new value of x.
    with pytest.raises(ValueError, match="A Variable keeps its value: what was computed from it still needs"):
        x.value = np.zeros(2)
    a, b, upstream = Variable(np.ones(2)), Variable(np.ones(2)), np.ones(2)
    (a + b).backward(upstream)
    a.gradient *= 3
    assert np.array_equal(b.gradient, [1, 1]) and np.array_equal(upstream, [1, 1])


@every_method
@pytest.mark.parametrize("function", [derivative, gradient, jacobian])
def test_a_missing_return_raises(function, method):
    def forgets(x):
        x * 2

    with pytest.raises(ValueError, match=r"f\(x\) is None: is a return missing\?"):
        function(forgets, 1.0, method)


@every_method
def test_lists_within_lists_are_joined(method):
    J = jacobian(lambda x: [[x[0], 2.0], [x[1] * x[0], x[2]]], X[0], method)
    assert np.allclose(J, [[[1, 0, 0], [0, 0, 0]], [[1.2, 0.3, 0], [0, 0, 1]]])


@every_method
@pytest.mark.parametrize(
    "f",
    [
        lambda x: np.sum(x, axis=2), lambda x: x.sum(axis=-3), lambda x: np.max(x, axis=2), lambda x: np.mean(x, axis=2),
        lambda x: np.concatenate([x, x], axis=2), lambda x: np.stack([x, x], axis=3), lambda x: np.transpose(x, (0, 3)),
    ],
)  # fmt: skip
def test_an_axis_out_of_bounds_is_an_error(f, method):
    with pytest.raises(ValueError, match="axis .* is out of bounds|branch depends"):
        jacobian(f, X, method)


@pytest.mark.parametrize("method", ["forward", "reverse", "symbolic"])
@pytest.mark.parametrize(
    ("f", "words"),
    [
        (lambda x: np.linalg.norm(x, 1), "np.linalg.norm with ord=1 over 2 axes has no derivative rule"),
        (lambda x: np.linalg.norm(x, 2), "np.linalg.norm with ord=2 over 2 axes has no derivative rule"),
        (lambda x: np.linalg.norm(x[0], 1), "np.linalg.norm with ord=1 over 1 axes has no derivative rule"),
        (
            lambda x: np.dot(x, np.ones((2, 3, 4))),
            r"np.dot of shapes \(2, 3\) and \(2, 3, 4\) has no derivative",
        ),
        (lambda x: np.inner(x, np.ones((2, 2, 3))), r"np.inner with shape \(2, 2, 3\) has no derivative"),
        (
            lambda x: np.cumsum(x, out=np.ones(6)),
            "np.cumsum with out= has no derivative rule: write it without",
        ),
        (lambda x: np.add.reduce(x, where=X > 0.5), "np.add.reduce with where= has no derivative rule"),
        (lambda x: np.sum(x, 0, float, None), "np.sum as it is called here has no derivative rule"),
        (lambda x: np.var(x, correction=1), "np.var with correction= has no derivative rule"),
        (lambda x: np.pad(x, 1, mode="mean"), "np.pad with mode='mean' has no derivative rule"),
        (lambda x: np.sum(x, dtype=int), "dtype int64 would lose the derivative"),
        (lambda x: np.einsum("...j->...", x), "np.einsum with ... has no derivative rule"),
        (lambda x: np.reshape(x, (3, 2), order="F"), "np.reshape with order= has no derivative rule"),
    ],
)
def test_an_option_is_never_left_out(f, words, method):
    with pytest.raises(ValueError, match=words):
        jacobian(f, X, method)


@pytest.mark.parametrize("method", ["forward", "reverse", "symbolic"])
@pytest.mark.parametrize(
    "f",
    [
        lambda x: np.clip(x, 0.55, None), lambda x: np.clip(x, a_min=None, a_max=0.9), lambda x: x.clip(0.4, 0.9),
        lambda x: np.linalg.norm(x, "fro"), lambda x: np.linalg.norm(x, 2, axis=1), lambda x: np.squeeze(x[:1], axis=0),
        lambda x: np.expand_dims(x, (0, 2)), lambda x: x / [2.0, 3, 1], lambda x: x ** [2, 0, 1], lambda x: [2.0, 3, 1] / x,
        lambda x: x.flatten(), lambda x: x % 0.5, lambda x: 2.0 // x, lambda x: np.add.reduce(x, axis=1, keepdims=True),
        lambda x: np.zeros_like(x, shape=(3,)) + x, lambda x: np.sum(np.var(x, axis=0, keepdims=True) * x.std()),
    ],
)  # fmt: skip
def test_what_students_write_next(f, method):
    np.testing.assert_allclose(jacobian(f, X, method), jacobian(f, X, "numeric"), rtol=1e-6, atol=1e-8)


def test_a_list_of_numbers_is_a_point():
    assert np.array_equal(jacobian(lambda x: x**2, [1.0, 2.0]), [[2, 0], [0, 4]])
    assert np.array_equal(hessian(lambda x: x[0] ** 2 * x[1], [1.0, 2.0]), [[4, 2], [2, 0]])
    for method in METHODS:
        assert gradient(lambda x: np.sum(x**2), np.zeros(0), method).shape == (0,)
    with pytest.raises(ValueError, match="x has dtype complex128, expected floating point"):
        derivative(np.sin, 1j)


@every_method
def test_an_array_made_of_one_number(method):
    slopes = derivative(lambda x: np.array([1.0, 2.0]) * x**2 + [3.0, 4.0], 1.5, method)
    np.testing.assert_allclose(slopes, [3.0, 6.0], rtol=1e-9)


@pytest.mark.parametrize("inner", ["numeric", "symbolic"])
@pytest.mark.parametrize("outer", ["forward", "reverse"])
def test_modes_that_do_not_nest_raise(outer, inner):
    with pytest.raises(ValueError, match="only forward and reverse mode nest, so give both of them"):
        derivative(lambda x: derivative(lambda y: y**3, x, inner), 1.0, outer)


@pytest.mark.parametrize("method", ["forward", "reverse", "symbolic"])
@pytest.mark.parametrize(
    ("f", "words"),
    [
        (
            lambda x: np.cumprod(x),
            "np.cumprod has no derivative rule here. Nearest in name: np.prod",
        ),
        (lambda x: np.nansum(x), "np.nansum has no derivative rule here. Nearest in name: np.sum"),
        (lambda x: np.fft.fft(x), "np.fft.fft has no derivative rule here. Use operators"),
    ],
)
def test_a_missing_function_is_answered_by_the_nearest(f, words, method):
    with pytest.raises(ValueError, match=words):
        jacobian(f, X, method)


COMPLEX = [
    lambda x: x[0] + 1j * x[1],
    lambda x: x * np.array(1j),
    lambda x: np.array([1j, 1, 1]) @ x,
    lambda x: x ** (1 + 1j),
]


@pytest.mark.parametrize("f", COMPLEX)
@pytest.mark.parametrize("method", ["forward", "reverse", "symbolic"])
def test_a_complex_number_on_the_way_is_refused(f, method):
    with pytest.raises(
        ValueError, match="meets a complex number, but derivatives here are of real functions"
    ):
        gradient(lambda x: np.sum(np.abs(f(x))), X[0], method)


@pytest.mark.parametrize("method", METHODS)
def test_a_complex_result_is_refused(method):
    with pytest.raises(ValueError, match="f\\(x\\) is complex"):
        derivative(lambda x: 1j, 1.0, method)


def test_complex_numbers_meet_a_dual_number_and_a_traced_array():
    for number in (1j, np.complex64(1j), np.array(1j)):
        with pytest.raises(ValueError, match="meets a complex number"):
            derivative(lambda x, number=number: abs(x * number), 1.0)
        with pytest.raises(ValueError, match="meets a complex number"):
            compile_gradient(lambda x, number=number: np.sum(np.abs(x * number)), X)


def test_differences_take_complex_numbers_on_the_way():
    slopes = gradient(lambda x: np.abs(x[0] + 1j * x[1]), np.array([3.0, 4.0]), "numeric")
    np.testing.assert_allclose(slopes, [0.6, 0.8], rtol=1e-8)


def test_a_branch_by_mask_condition_or_truth_is_refused():
    for f in (
        lambda x: np.sum(x[x > 0.5]),
        lambda x: np.sum(np.where(x, x, 0.0)),
        lambda x: x[0] if x[1] else x[2],
    ):
        with pytest.raises(ValueError, match="branch depends on x"):
            gradient(f, X[0], "symbolic")


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            lambda W: linear(np.ones(3), W, np.zeros(3)),
            r"linear of X \(3,\), W \(3, 3\) and b \(3,\): expected \(N, I\)",
        ),
        (lambda W: linear(np.ones((2, 4)), W, np.zeros(3)), r"linear of X \(2, 4\)"),
        (lambda W: softmax_cross_entropy(W, np.array([0, 1, 2])), r"T \(3,\): T must be shaped like A"),
        (lambda W: softmax_cross_entropy(W, np.ones((1, 3))), r"T \(1, 3\): T must be shaped like A"),
    ],
)
def test_layers_say_which_shapes_they_expect(call, words):
    for W in (np.ones((3, 3)), Variable(np.ones((3, 3)))):
        with pytest.raises(ValueError, match=words):
            call(W)


def test_the_step_of_a_small_number_is_small_beside_a_large_one():
    slopes = gradient(lambda x: x[0] + np.sin(x[1]), np.array([1e6, 0.5]), "numeric")
    np.testing.assert_allclose(slopes[1], np.cos(0.5), rtol=1e-4)


@pytest.mark.parametrize("method", [None, *METHODS])
def test_x_stays_when_f_writes_into_its_argument(method):
    def f(x):
        x *= 2
        return x * x

    x = np.array([1.0, 2.0])
    assert np.allclose(jacobian(f, x, method), [[8, 0], [0, 16]]) and np.array_equal(x, [1, 2])
