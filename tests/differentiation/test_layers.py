"""Every operation in one line each: against PyTorch, by both modes, with a non-uniform upstream."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from nnlib.differentiation import Variable, jacobian
from nnlib.differentiation.layers import (
    attention,
    conv2d,
    embedding,
    layer_norm,
    linear,
    max_pool,
    mean_pool,
    softmax,
    softmax_cross_entropy,
)
from nnlib.differentiation.rules import UNARY

TARGETS = np.eye(5)[[1, 4, 0]]
INDICES = np.array([[2, 0], [2, 1]])

# name: shapes, ours, torch's
OPERATIONS = {
    "add": ([(3, 4), (4,)], lambda x, y: x + y, torch.add),
    "add_middle": ([(3, 1, 4), (2, 1)], lambda x, y: x + y, torch.add),
    "subtract": ([(4,), (3, 4)], lambda x, y: x - y, torch.sub),
    "multiply": ([(2, 3, 1), (3, 4)], lambda x, y: x * y, torch.mul),
    "divide": ([(3, 4), (3, 1)], lambda x, y: x / y, torch.div),
    "power": ([(3, 4), ()], lambda x, y: x**y, torch.pow),
    "power_3": ([(3, 4)], lambda x: x**3, lambda x: x**3),
    "2_power": ([(3, 4)], lambda x: 2**x, lambda x: 2**x),
    "negative": ([(3,)], lambda x: -x, torch.neg),
    "absolute": ([(3, 4)], lambda x: abs(x - 0.55), lambda x: abs(x - 0.55)),
    "maximum": ([(3, 4), (4,)], np.maximum, torch.maximum),
    "minimum": ([(3, 4), (3, 1)], np.minimum, torch.minimum),
    "arctan2": ([(3,), (3,)], np.arctan2, torch.atan2),
    "hypot": ([(3,), (3,)], np.hypot, torch.hypot),
    "logaddexp": ([(3,), (2, 3)], np.logaddexp, torch.logaddexp),
    "dot": ([(4,), (4,)], np.dot, torch.dot),
    "matrix_vector": ([(3, 4), (4,)], lambda A, b: A @ b, torch.matmul),
    "vector_matrix": ([(3,), (3, 4)], lambda a, B: a @ B, torch.matmul),
    "matmul": ([(2, 3), (3, 4)], lambda A, B: A @ B, torch.matmul),
    "matmul_batch": ([(5, 2, 3), (3, 4)], lambda A, B: A @ B, torch.matmul),
    "matmul_batches": ([(2, 1, 2, 3), (4, 3, 2)], lambda A, B: A @ B, torch.matmul),
    "batch_vector": ([(5, 2, 3), (3,)], lambda A, b: A @ b, torch.matmul),
    "vector_batch": ([(3,), (5, 3, 2)], lambda a, B: a @ B, torch.matmul),
    "outer": ([(3,), (4,)], np.outer, torch.outer),
    "sum": ([(3, 4)], np.sum, torch.sum),
    "sum_axis": ([(3, 4, 2)], lambda x: np.sum(x, axis=(0, -1)), lambda x: x.sum((0, -1))),
    "sum_keepdims": ([(3, 4)], lambda x: x.sum(axis=1, keepdims=True), lambda x: x.sum(1, keepdim=True)),
    "mean": ([(3, 4)], np.mean, torch.mean),
    "mean_axis": ([(3, 4)], lambda x: x.mean(axis=0), lambda x: x.mean(0)),
    "var": ([(3, 4)], lambda x: np.var(x, axis=1), lambda x: x.var(1, correction=0)),
    "max": ([(3, 4)], np.max, torch.amax),
    "max_axis": ([(3, 4)], lambda x: x.max(axis=1), lambda x: x.amax(1)),
    "amax_amin": ([(3, 4)], lambda x: np.amax(x, axis=1) * np.amin(x), lambda x: x.amax(1) * x.amin()),
    "min_axis": ([(3, 4)], lambda x: x.min(axis=0), lambda x: x.amin(0)),
    "norm": ([(3, 4)], np.linalg.norm, torch.linalg.norm),
    "clip": ([(3, 4)], lambda x: np.clip(x, 0.4, 0.7), lambda x: x.clip(0.4, 0.7)),
    "index": ([(3, 4)], lambda x: x[1], lambda x: x[1]),
    "slice": ([(3, 4)], lambda x: x[1:, ::2], lambda x: x[1:, ::2]),
    "negative_index": ([(3, 4)], lambda x: x[..., -1], lambda x: x[..., -1]),
    "index_array": ([(3, 4)], lambda x: x[[0, 2, 0]], lambda x: x[[0, 2, 0]]),
    "index_apart": ([(2, 3, 4)], lambda x: x[[0, 1], :, [1, 3]], lambda x: x[[0, 1], :, [1, 3]]),
    "new_axis": ([(3,)], lambda x: x[:, None], lambda x: x[:, None]),
    "where": ([(3, 4), (4,)], lambda x, y: np.where(x > 0.5, x, y), lambda x, y: torch.where(x > 0.5, x, y)),
    "relu": ([(3, 4)], lambda x: np.where(x > 0.5, x, 0.0), lambda x: torch.where(x > 0.5, x, 0.0)),
    "concatenate": ([(2, 3), (4, 3)], lambda x, y: np.concatenate([x, y]), lambda x, y: torch.cat([x, y])),
    "concatenate_1": ([(2, 3), (2, 1)], lambda x, y: np.concatenate([x, y], 1), lambda x, y: torch.cat([x, y], 1)),
    "stack": ([(2, 3), (2, 3)], lambda x, y: np.stack([x, y], axis=1), lambda x, y: torch.stack([x, y], 1)),
    "reshape": ([(2, 6)], lambda x: x.reshape(3, -1), lambda x: x.reshape(3, -1)),
    "transpose": ([(2, 3, 4)], lambda x: x.transpose(1, 2, 0), lambda x: x.permute(1, 2, 0)),
    "T": ([(2, 3)], lambda x: x.T, lambda x: x.T),
    "same_twice": ([(3,)], lambda x: x * x + x, lambda x: x * x + x),
    "linear": ([(5, 3), (4, 3), (4,)], linear, functional.linear),
    "softmax": ([(3, 5)], softmax, lambda x: x.softmax(-1)),
    "softmax_cross_entropy": (
        [(3, 5)], lambda x: softmax_cross_entropy(x, TARGETS),
        lambda x: -(torch.tensor(TARGETS) * x.log_softmax(1)).sum(),
    ),
    "conv2d": ([(2, 3, 5, 6), (4, 3, 3, 3)], conv2d, functional.conv2d),
    "conv2d_stride": (
        [(2, 3, 7, 6), (4, 3, 2, 3)], lambda x, k: conv2d(x, k, 2), lambda x, k: functional.conv2d(x, k, stride=2)
    ),
    "max_pool": ([(2, 3, 4, 6)], max_pool, lambda x: functional.max_pool2d(x, 2)),
    "mean_pool": ([(2, 3, 4, 6)], mean_pool, lambda x: functional.avg_pool2d(x, 2)),
    "embedding": ([(3, 4)], lambda x: embedding(x, INDICES), lambda x: functional.embedding(torch.tensor(INDICES), x)),
    "layer_norm": ([(3, 5), (5,), (5,)], layer_norm, lambda x, g, b: functional.layer_norm(x, (5,), g, b)),
    "attention": ([(2, 3, 4), (2, 5, 4), (2, 5, 2)], attention, functional.scaled_dot_product_attention),
}  # fmt: skip
every_operation = pytest.mark.parametrize("name", OPERATIONS)


def arguments(shapes, seed):
    rng = np.random.default_rng(seed)
    return [rng.uniform(0.2, 0.9, shape) for shape in shapes]


def truth(shapes, function, seed=0):
    """Value, upstream, and PyTorch's gradients for that upstream, in float64."""
    arrays = arguments(shapes, seed)
    leaves = [torch.tensor(a, requires_grad=True) for a in arrays]
    y = function(*leaves)
    upstream = np.random.default_rng(seed + 1).normal(size=tuple(y.shape))
    y.backward(torch.tensor(upstream))
    return arrays, y.detach().numpy(), upstream, [leaf.grad.numpy() for leaf in leaves]


@every_operation
def test_reverse_like_pytorch(name):
    shapes, own, other = OPERATIONS[name]
    arrays, value, upstream, gradients = truth(shapes, other)
    variables = [Variable(a) for a in arrays]
    y = own(*variables)
    np.testing.assert_allclose(y.value, value, rtol=1e-12, atol=1e-13)
    y.backward(upstream)
    for variable, gradient in zip(variables, gradients, strict=True):
        np.testing.assert_allclose(variable.gradient, gradient, rtol=1e-11, atol=1e-13)


@every_operation
def test_forward_like_pytorch(name):
    shapes, own, other = OPERATIONS[name]
    arrays, _, upstream, gradients = truth(shapes, other, seed=3)
    for number, gradient in enumerate(gradients):

        def of_one(x, number=number):
            return own(*arrays[:number], x, *arrays[number + 1 :])

        J = jacobian(of_one, arrays[number], "forward")
        found = np.tensordot(upstream, J, upstream.ndim)
        np.testing.assert_allclose(found, gradient, rtol=1e-11, atol=1e-13)


@every_operation
def test_numeric_agrees(name):
    shapes, own, _ = OPERATIONS[name]
    arrays = arguments(shapes, 5)
    for number in range(len(arrays)):

        def of_one(x, number=number):
            return own(*arrays[:number], x, *arrays[number + 1 :])

        by_differences = jacobian(of_one, arrays[number], "numeric")
        np.testing.assert_allclose(
            jacobian(of_one, arrays[number], "reverse"), by_differences, rtol=1e-6, atol=1e-8
        )


@pytest.mark.parametrize("ufunc", UNARY, ids=lambda u: u.__name__)
def test_every_elementary_function_in_both_modes(ufunc):
    x = np.random.default_rng(0).uniform(1.2, 2.0, 3) if ufunc is np.arccosh else arguments([(3,)], 0)[0]
    by_differences = jacobian(ufunc, x, "numeric")
    for method in ("forward", "reverse"):
        np.testing.assert_allclose(jacobian(ufunc, x, method), by_differences, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("method", ["forward", "reverse"])
def test_conventions_at_kinks(method):
    zero = np.zeros(1)
    for f, slope in (
        (lambda x: np.where(x > 0, x, 0.0), 0.0),
        (lambda x: np.where(x > 0, x, 0.1 * x), 0.1),
        (abs, 0.0),
        (lambda x: np.maximum(x, 0.0), 0.5),
        (np.sign, 0.0),
    ):
        assert jacobian(f, zero, method) == [[slope]]
    assert np.array_equal(jacobian(np.max, np.array([2.0, 1.0, 2.0]), method), [0.5, 0, 0.5])


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: conv2d(np.ones((1, 2, 4, 4)), np.ones((3, 1, 2, 2))), "with the same C"),
        (
            lambda: conv2d(np.ones((1, 4, 4)), np.ones((3, 1, 2, 2))),
            r"X has shape \(1, 4, 4\), expected \(N, C",
        ),
        (lambda: max_pool(np.ones((1, 1, 5, 4))), "needs H and W that it divides"),
        (lambda: embedding(np.ones((3, 2)), [3]), r"whole numbers of 0 .. 2"),
    ],
)
def test_shapes_that_do_not_fit_raise(call, words):
    with pytest.raises(ValueError, match=words):
        call()
