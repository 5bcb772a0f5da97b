"""Compiled gradients: equal to the tape to 1e-12, and clear about what they cannot do."""

import numpy as np
import pytest

from nnlib.differentiation import Variable
from nnlib.differentiation.compiled import compile_gradient
from nnlib.differentiation.operations import softmax_cross_entropy

rng = np.random.default_rng(2)
A, B, v, w = rng.uniform(0.2, 0.9, (3, 4)), rng.uniform(0.2, 0.9, (4, 2)), rng.uniform(0.2, 0.9, 4), rng.normal(size=3)
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
    "reused": (lambda v: np.sum(v * v + v / (v + 1)), v),
    "transposed": (lambda A: np.sum(np.reshape(A.T, (2, 6)) ** 2 * np.arange(6.0)), A),
    "softmax": (lambda A, B: softmax_cross_entropy(A @ B, T), A, B),
    "same_twice": (lambda v, u: np.sum(v + u), v, 2 * v),
    "untouched": (lambda v, u: np.sum(v * v), v, 2 * v),
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
            assert np.abs(gradient - variable.gradient).max() <= 1e-12 * max(1, np.abs(variable.gradient).max())


def test_constants_are_read_where_they_lie():
    data = np.ones(4)
    compiled = compile_gradient(lambda v: np.sum(v * data), v)
    data[:] = 2.0
    assert np.array_equal(compiled(v)[1][0], data)


def test_float32_stays_float32():
    value, (gradient,) = compile_gradient(lambda v: np.sum(np.tanh(v) ** 2), v.astype(np.float32))(v.astype(np.float32))
    assert gradient.dtype == np.float32 and isinstance(value, float)


@pytest.mark.parametrize(
    ("f", "words"),
    [
        (lambda v: v @ v if np.sum(v) > 0 else np.sum(v), "A branch that depends on data cannot be compiled"),
        (lambda v: v[0] * v[1], r"v\[0\] cannot be compiled: use whole arrays"),
        (lambda v: np.sum(np.where(v > 0, v, 0.0)), "A branch that depends on data cannot be compiled"),
        (lambda v: np.sum(np.sort(v)), "np.sort has no derivative rule here"),
        (lambda v: v * 2, r"one number as its value, got shape \(4,\)"),
    ],
)
def test_what_cannot_be_compiled_is_said(f, words):
    with pytest.raises(ValueError, match=words):
        compile_gradient(f, v)


def test_other_shapes_are_told():
    compiled = compile_gradient(lambda v: np.sum(v), v)
    with pytest.raises(ValueError, match=r"v has shape \(3,\), but this was compiled for \(4,\)"):
        compiled(np.ones(3))
