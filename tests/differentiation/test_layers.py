"""Every operation in one line each: against PyTorch, by both modes, with a non-uniform upstream."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from nnlib import activations
from nnlib.differentiation import Variable, jacobian
from nnlib.differentiation.faster import convolution
from nnlib.differentiation.layers import (
    attention,
    conv2d,
    convolve,
    embedding,
    layer_norm,
    linear,
    max_pool,
    mean_pool,
    softmax,
    softmax_cross_entropy,
    upsample,
)
from nnlib.differentiation.rules import UNARY

TARGETS = np.eye(5)[[1, 4, 0]]
INDICES = np.array([[2, 0], [2, 1]])

COUNTS = np.array([[1, 0, 1], [0, 1, 1]])[..., None] * np.eye(5)[[[1, 0, 4], [0, 2, 3]]]
LOOKS = np.array([[1, 0, 1, 1, 0], [0, 1, 0, 0, 0], [1, 1, 1, 1, 1]], bool)


def torch_convolve(x, k, b, stride=1, relu=False):
    padding = k.shape[0] // 2, k.shape[1] // 2
    y = functional.conv2d(x.permute(0, 3, 1, 2), k.permute(3, 2, 0, 1), b, stride, padding).permute(
        0, 2, 3, 1
    )
    return y.relu() if relu else y


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
    "convolve": ([(2, 5, 6, 3), (3, 3, 3, 4), (4,)], convolve, torch_convolve),
    "convolve_1": ([(2, 5, 4, 3), (1, 1, 3, 2), (2,)], convolve, torch_convolve),
    "convolve_5_3": ([(1, 6, 7, 2), (5, 3, 2, 3), (3,)], convolve, torch_convolve),
    "convolve_stride": (
        [(2, 7, 6, 3), (3, 3, 3, 4), (4,)], lambda x, k, b: convolve(x, k, b, 2), lambda x, k, b: torch_convolve(x, k, b, 2)
    ),
    "convolve_stride_3": (
        [(2, 8, 7, 2), (5, 5, 2, 3), (3,)], lambda x, k, b: convolve(x, k, b, 3), lambda x, k, b: torch_convolve(x, k, b, 3)
    ),
    "convolve_wide": ([(2, 4, 5, 8), (3, 3, 8, 2), (2,)], convolve, torch_convolve),
    "convolve_wide_stride": (
        [(2, 7, 6, 6), (3, 3, 6, 4), (4,)], lambda x, k, b: convolve(x, k, b, 2), lambda x, k, b: torch_convolve(x, k, b, 2)
    ),
    "convolve_wide_stride_3": (
        [(1, 8, 7, 6), (5, 5, 6, 3), (3,)], lambda x, k, b: convolve(x, k, b, 3), lambda x, k, b: torch_convolve(x, k, b, 3)
    ),
    "convolve_relu": (
        [(2, 4, 5, 3), (3, 3, 3, 4), (4,)], lambda x, k, b: convolve(x - 0.5, k - 0.6, b - 0.5, relu=True),
        lambda x, k, b: torch_convolve(x - 0.5, k - 0.6, b - 0.5, relu=True),
    ),
    "upsample": ([(2, 3, 4, 2)], upsample, lambda x: x.repeat_interleave(2, 1).repeat_interleave(2, 2)),
    "upsample_3": ([(1, 2, 3, 2)], lambda x: upsample(x, 3), lambda x: x.repeat_interleave(3, 1).repeat_interleave(3, 2)),
    "repeat": ([(2, 3, 4)], lambda x: np.repeat(x, 3, axis=-2), lambda x: x.repeat_interleave(3, 1)),
    "repeat_unequal": ([(2, 3)], lambda x: np.repeat(x, [2, 0, 1], axis=1), lambda x: x.repeat_interleave(torch.tensor([2, 0, 1]), 1)),
    "pad": ([(2, 3)], lambda x: np.pad(x, ((1, 0), (2, 3)), constant_values=4.0), lambda x: functional.pad(x, (2, 3, 1, 0), value=4.0)),
    "pad_all": ([(2, 3)], lambda x: np.pad(x, 2), lambda x: functional.pad(x, (2, 2, 2, 2))),
    "linear_words": ([(2, 5, 3), (4, 3), (4,)], linear, functional.linear),
    "softmax_cross_entropy_words": (
        [(2, 3, 5)], lambda x: softmax_cross_entropy(x, COUNTS, ignored=0),
        lambda x: -(torch.tensor(COUNTS)[..., 1:] * x.log_softmax(-1)[..., 1:]).sum(),
    ),
    "softmax_activation": ([(3, 5)], activations.softmax, lambda x: x.softmax(-1)),
    "attention_mask": (
        [(2, 3, 4), (2, 5, 4), (2, 5, 2)], lambda q, k, v: attention(q, k, v, LOOKS),
        lambda q, k, v: functional.scaled_dot_product_attention(q, k, v, torch.tensor(LOOKS)),
    ),
    "attention_weights": (
        [(2, 3, 4), (2, 5, 4), (2, 5, 2)], lambda q, k, v: np.concatenate(attention(q, k, v, weights=True), axis=-1),
        lambda q, k, v: torch.cat([(q @ k.mT / 2).softmax(-1) @ v, (q @ k.mT / 2).softmax(-1)], -1),
    ),
    "max_pool_3": ([(2, 1, 6, 3)], lambda x: max_pool(x, 3), lambda x: functional.max_pool2d(x, 3)),
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


@pytest.mark.parametrize("name", [name for name in OPERATIONS if name.startswith("convolve")])
def test_convolution_by_rows_like_pytorch(name, monkeypatch):
    """Small pictures are convolved by one product with all patches; these take the way of large ones."""
    monkeypatch.setattr(convolution, "FEW", 0)
    monkeypatch.setattr(convolution, "SMALL", 0)
    test_reverse_like_pytorch(name)


@every_operation
def test_forward_like_pytorch(name):
    shapes, own, other = OPERATIONS[name]
    arrays, _, upstream, gradients = truth(shapes, other, seed=3)
    for number, gradient in enumerate(gradients):

        def of_one(x, number=number):
            return own(*arrays[:number], x, *arrays[number + 1 :])

        J = jacobian(of_one, arrays[number], "forward")
        adjoint = np.tensordot(upstream, J, upstream.ndim)
        np.testing.assert_allclose(adjoint, gradient, rtol=1e-11, atol=1e-13)


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
        (
            lambda: convolve(np.ones((1, 4, 4, 2)), np.ones((3, 3, 1, 2)), np.ones(2)),
            "convolve of X .* with the same C",
        ),
        (
            lambda: convolve(np.ones((1, 4, 4, 1)), np.ones((3, 3, 1, 2)), np.ones(3)),
            r"b \(3,\) with stride 1",
        ),
        (lambda: upsample(np.ones((1, 4, 4, 1)), 0), "whole size of at least 1, got 0"),
        (lambda: linear(np.ones((2, 3, 4)), np.ones((2, 3)), np.ones(2)), r"X \(2, 3, 4\), W \(2, 3\)"),
        (
            lambda: softmax_cross_entropy(np.ones((2, 3)), np.eye(3)[:2], ignored=3),
            "a class of 0 .. 2, got 3",
        ),
        (lambda: attention(*np.ones((3, 2, 2)), mask=[[1, 0], [1, 1]]), "True and False that broadcasts"),
        (lambda: attention(*np.ones((3, 2, 2)), mask=np.eye(3) > 0), r"broadcasts to \(2, 2\)"),
        (lambda: attention(*np.ones((3, 2, 2)), mask=[[True, False], [False, False]]), "nothing to look at"),
        (lambda: max_pool(np.ones((1, 1, 5, 4))), "needs H and W that it divides"),
        (lambda: embedding(np.ones((3, 2)), [3]), r"whole numbers of 0 .. 2"),
    ],
)
def test_shapes_that_do_not_fit_raise(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_max_pool_divides_among_ties():
    X = Variable(np.array([[[[1.0, 2.0], [2.0, 0.0]]]]))
    max_pool(X).backward([[[[3.0]]]])
    assert np.array_equal(X.gradient[0, 0], [[0, 1.5], [1.5, 0]])


def test_relu_of_convolve_is_flat_at_its_kink():
    b = Variable(np.zeros(1))
    convolve(np.zeros((1, 2, 2, 1)), np.ones((1, 1, 1, 1)), b, relu=True).backward(np.ones((1, 2, 2, 1)))
    assert b.gradient == [0.0]


FLOAT32 = {
    "attention": lambda x: attention(x[0, 0], x[1, 0], x[0, 0], np.tri(4, dtype=bool)),
    "convolve": lambda x: convolve(x, np.ones((3, 3, 4, 2), "f"), np.ones(2, "f"), relu=True),
    "layer_norm": lambda x: layer_norm(x, x[0, 0, 0], x[0, 0, 1]),
    "max_pool": max_pool,
    "maximum": lambda x: np.maximum(x, 0),
    "mean_pool": mean_pool,
    "pad": lambda x: np.pad(x, 1),
    "upsample": upsample,
    "where": lambda x: np.where(x > 0, x, 0.0),
}


@pytest.mark.parametrize("name", FLOAT32)
def test_float32_is_kept_forward_and_backward(name):
    x = Variable(np.random.default_rng(0).normal(size=(2, 4, 4, 4)).astype("f"))
    y = FLOAT32[name](x)
    assert y.value.dtype == np.float32
    y.backward(np.ones(y.shape, "f"))
    dtypes = {node.gradient.dtype for node in y.history()}
    assert dtypes == {np.dtype("f")}


def test_a_constant_image_gets_no_gradient_of_a_convolution():
    X, K, b = np.ones((2, 5, 5, 1)), Variable(np.ones((3, 3, 1, 2))), Variable(np.zeros(2))
    y = convolve(X, K, b)
    assert y.inputs == (K, b)


def test_sum_of_convolutions_differentiates_twice():
    K = np.random.default_rng(1).normal(size=(3, 3, 1, 2))
    b, X = np.zeros(2), np.random.default_rng(2).normal(size=(1, 3, 3, 1))

    def squared_slope(X):
        v = Variable(X)
        np.sum(convolve(v, K, b) ** 2).backward()
        return np.sum(v.gradient**2)

    by_differences = jacobian(squared_slope, X, "numeric")
    np.testing.assert_allclose(jacobian(squared_slope, X, "reverse"), by_differences, rtol=1e-6)


def test_convolve_in_float32_takes_an_adjoint_in_float64():
    X, K, b = (Variable(np.ones(shape, "f")) for shape in ((1, 3, 3, 1), (3, 3, 1, 2), (2,)))
    np.sum(convolve(X, K, b, relu=True) * np.full(2, 0.5)).backward()
    assert np.array_equal(X.gradient[0, :, :, 0], [[4, 6, 4], [6, 9, 6], [4, 6, 4]])
