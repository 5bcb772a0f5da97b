"""Compiled gradients: equal to the tape to 1e-12, and clear about what they cannot do."""

import numpy as np
import pytest

from nnlib.differentiation import Variable
from nnlib.differentiation import gradient as front_door
from nnlib.differentiation.compiler import compile_gradient
from nnlib.differentiation.layers import layer_norm, linear, softmax, softmax_cross_entropy

rng = np.random.default_rng(2)
A, B, v, w = (
    rng.uniform(0.2, 0.9, (3, 4)),
    rng.uniform(0.2, 0.9, (4, 2)),
    rng.uniform(0.2, 0.9, 4),
    rng.normal(size=3),
)
T = np.eye(2)[[0, 1, 1]]

FUNCTIONS = {
    "product": (lambda A, B: np.sum((A @ B) ** 2), A, B),
    "bias": (lambda A, v: np.sum(np.exp(A + v) * A), A, v),
    "column": (lambda A: np.sum(A * np.sum(A, axis=1, keepdims=True)), A),
    "mean": (lambda A: np.mean(np.tanh(A)) * np.sum(A**3), A),
    "vector": (lambda A, v: np.sum(np.sin(A @ v)), A, v),
    "row": (lambda w, A: np.sum(np.sqrt(1 + (w @ A) ** 2)), w, A),
    "dot": (lambda v: v @ v, v),
    "elementary": (lambda v: np.sum(np.log(v) / (1 + np.arctan(v)) - np.maximum(v, 0.5) * 2**v), v),
    "where": (lambda A, v: np.sum(np.where(A > v, A * v, np.sin(A)) * A), A, v),
    "mask": (
        lambda A: np.sum(np.where(A - 0.5, A * A, 0.0) * np.where([True, False, True, True], 1.0, A)),
        A,
    ),
    "max": (
        lambda A: np.sum(np.max(A, axis=1) ** 2) * np.max(A) + np.sum(np.min(A, axis=0, keepdims=True) * A),
        A,
    ),
    "ties": (lambda A: np.sum(np.max(np.minimum(A, 0.3), axis=1) ** 2), A),
    "softmax_by_hand": (lambda A: np.sum(softmax(A) * B.T[0, 0]) + np.sum(softmax(A @ B) ** 2), A),
    "normed": (lambda A, v: np.sum(layer_norm(A, v, v) ** 2) + np.sum(np.std(A, axis=0, ddof=1)), A, v),
    "reused": (lambda v: np.sum(v * v + v / (v + 1)), v),
    "transposed": (lambda A: np.sum(np.reshape(A.T, (2, 6)) ** 2 * np.arange(6.0)), A),
    "softmax": (lambda A, B: softmax_cross_entropy(A @ B, T), A, B),
    "linear": (lambda A, W, b: np.sum(np.tanh(linear(A, W, b)) ** 2), A, B.T.copy(), w[:2]),
    "linear_of_constants": (lambda W: np.sum(linear(A, W, w[:2]) ** 2), B.T),
    "linear_with_constant_weights": (lambda A, b: np.sum(linear(A, B.T, b) ** 2), A, w[:2]),
    "linear_of_one_sample": (lambda W, b: np.sum(linear(A[:1], W, b) ** 2), B.T.copy(), w[:2]),
    "rows_and_columns": (lambda v, w: np.sum(np.reshape(w, (3, 1)) * v - v), v, w),
    "same_twice": (lambda v, u: np.sum(v + u), v, 2 * v),
    "untouched": (lambda v, u: np.sum(v * v), v, 2 * v),
    "softmax_of_no_distribution": (lambda A, B: softmax_cross_entropy(A @ B, 3 * T + 0.1), A, B),
    "shape_1_1": (lambda A, B: np.ones((1, 3)) @ A @ B @ np.ones((2, 1)), A, B),
    "scaled_softmax": (lambda A, B: 3 * softmax_cross_entropy(A @ B, T) + np.sum(A), A, B),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_equals_the_tape(name):
    f, *arrays = FUNCTIONS[name]
    compiled = compile_gradient(f, *arrays)
    for factor in (1.0, 0.7):  # the second call must not see what the first left behind
        values = [factor * a for a in arrays]
        variables = [Variable(a) for a in values]
        E = f(*variables)
        E.backward()
        value, gradients = compiled(*values)
        assert abs(value - E.value) <= 1e-12 * max(1, abs(E.value))
        assert np.array_equal(compiled.gradient, np.concatenate([g.ravel() for g in gradients]))
        for gradient, variable in zip(gradients, variables, strict=True):
            if variable.gradient is None:
                variable.gradient = np.zeros(variable.shape)
            assert np.abs(gradient - variable.gradient).max() <= 1e-12 * max(
                1, np.abs(variable.gradient).max()
            )


def test_constants_are_read_where_they_lie():
    data = np.array([1.0, np.nan, 1.0, 1.0])
    compiled = compile_gradient(lambda v: np.sum(v * data), v)
    data[:] = 2.0
    assert np.array_equal(compiled(v)[1][0], data)


def test_float32_stays_float32():
    value, (gradient,) = compile_gradient(lambda v: np.sum(np.tanh(v) ** 2), v.astype(np.float32))(
        v.astype(np.float32)
    )
    assert gradient.dtype == np.float32 and isinstance(value, float)


def test_layers_of_a_float_type_that_blas_does_not_have():
    W, b = np.ones((2, 3), np.float16), np.ones(2, np.float16)
    value, (dW, db) = compile_gradient(lambda W, b: np.sum(linear(np.ones((4, 3)), W, b)), W, b)(W, b)
    assert value == 32 and dW.dtype == np.float16
    assert np.array_equal(dW, np.full((2, 3), 4)) and np.array_equal(db, [4, 4])


@pytest.mark.parametrize(
    ("f", "words"),
    [
        (lambda v: v @ v if np.sum(v) > 0 else np.sum(v), "A branch that depends on data cannot be compiled"),
        (lambda v: v[0] * v[1], r"v\[0\] cannot be compiled: use whole arrays"),
        (lambda v: np.sum(v) if v[0] > 0 else 0.0, r"v\[0\] cannot be compiled: use whole arrays"),
        (lambda v: np.sum(v) if np.any(v > 0) else 0.0, "has no value while f is traced"),
        (lambda v: np.sum(v) if np.max(v) > 0 else 0.0, "A branch that depends on data cannot be compiled"),
        (lambda v: np.sum(np.cumprod(v)), "np.cumprod has no derivative rule here"),
        (lambda v: np.sum(np.sort(v)), "has no value while f is traced"),
        (lambda v: np.sum(np.cumsum(v)), "np.cumsum cannot be compiled"),
        (lambda v: v * 2, r"one number as its value, got shape \(4,\)"),
        (lambda v: np.sum(v**v), r"x \*\* p is compiled for a number p alone"),
        (lambda v: np.sum(v + np.ones(3)), r"np.add of shapes \(4,\) and \(3,\): they do not broadcast"),
        (lambda v: np.sum(v, axis=1), "axis 1 is out of bounds for an array with 1 axes"),
        (lambda v: softmax_cross_entropy(v, np.ones(4)), r"is compiled for A \(N, F\), got shape \(4,\)"),
    ],
)
def test_operations_that_cannot_be_compiled_raise(f, words):
    with pytest.raises(ValueError, match=words):
        compile_gradient(f, v)


def test_arguments_may_be_called_as_the_program_s_own_arrays():
    for f in (
        lambda v0, v1: np.sum(v0 * v1 * np.sin(v0)),
        lambda c0, d_c0: np.sum(c0 * d_c0 * np.sin(c0) * np.ones(4)),
        lambda multiply, gemm: np.sum(multiply * gemm * np.sin(multiply)),
    ):
        _, (first, second) = compile_gradient(f, v, 2 * v)(v, 2 * v)
        assert np.abs(first - 2 * v * (np.sin(v) + v * np.cos(v))).max() <= 1e-12
        assert np.abs(second - v * np.sin(v)).max() <= 1e-12
    assert np.array_equal(compile_gradient(lambda np_, np: np_ @ np, v, 2 * v)(v, 2 * v)[1][0], 2 * v)


def test_infinite_numbers_lists_and_numbers_as_arguments():
    assert np.array_equal(compile_gradient(lambda v: np.sum(np.maximum(v, -np.inf)), v)(v)[1][0], np.ones(4))
    assert np.array_equal(compile_gradient(lambda v: np.sum(v * v), v)(list(v))[1][0], 2 * v)
    assert compile_gradient(lambda x: x * x, 1.0)(3.0) == (9.0, [6.0])


def test_an_array_that_changes_while_f_is_traced_raises():
    def f(v):
        mask, total = np.zeros(4), 0.0
        for i in range(4):
            mask[:] = 0
            mask[i] = 1
            total = total + np.sum(v * mask) * (i + 1)
        return total

    with pytest.raises(ValueError, match="f changes an array from outside while it is traced"):
        compile_gradient(f, v)


def test_other_shapes_raise():
    compiled = compile_gradient(lambda v: np.sum(v), v)
    with pytest.raises(ValueError, match=r"v has shape \(3,\), but this was compiled for \(4,\)"):
        compiled(np.ones(3))
    with pytest.raises(ValueError, match=r"Compiled for 1 arrays \(v\), got 2"):
        compiled(v, v)


def test_parameters_in_a_dict_come_back_in_one():
    def f(p, x):
        return np.sum((p["W"] @ x + p["layers"][0]) ** 2)

    p = {"W": A, "layers": [w, v]}
    compiled = compile_gradient(f, p, v)
    value, (of_p, of_x) = compiled(p, v)
    by_tape = front_door(lambda both: f(*both), (p, v))
    assert value == pytest.approx(f(p, v)) and list(of_p) == ["W", "layers"] and len(of_p["layers"]) == 2
    np.testing.assert_allclose(of_p["W"], by_tape[0]["W"], rtol=1e-12)
    np.testing.assert_allclose(of_p["layers"][0], by_tape[0]["layers"][0], rtol=1e-12)
    assert np.array_equal(of_p["layers"][1], np.zeros(4))
    np.testing.assert_allclose(of_x, by_tape[1], rtol=1e-12)
    assert "p_1.dot(x" in compiled.program


def test_a_slope_of_0_drops_a_branch_with_an_infinite_one():
    with np.errstate(divide="ignore", invalid="ignore"):
        program = compile_gradient(
            lambda x: np.sum(np.sqrt(np.floor(x)) + np.where(x > 1, np.log(x - x), x)), v
        )
        assert np.array_equal(program(v)[1][0], np.ones(4))
