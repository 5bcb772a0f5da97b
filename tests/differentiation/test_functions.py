"""Functions of arrays, case by case: values as NumPy's, and derivatives of order 1 and 2 in every mode.

A case is a function of one array with many axes, or few, or no elements. The weights make the upstream
gradient non-uniform. Against PyTorch: `test_layers` and `random_programs`.
"""

import numpy as np
import pytest

from nnlib.differentiation import gradient, jacobian
from nnlib.differentiation.numeric import jacobian as by_differences

pytestmark = [  # NumPy's own, for a mean of nothing
    pytest.mark.filterwarnings(f"ignore:{words}")
    for words in ("Mean of empty slice", "Degrees of freedom", "invalid value encountered")
]
rng = np.random.default_rng(7)
M = rng.uniform(0.2, 0.9, (3, 4))
V = rng.uniform(0.2, 0.9, 5)
S = rng.uniform(0.2, 0.9, (3, 3)) + 2 * np.eye(3)
C = rng.uniform(0.2, 0.9, (2, 3, 4))
ONE, NUMBER, EMPTY, HOLLOW = np.array([0.7]), np.array(0.7), np.zeros(0), np.zeros((0, 3))
Z = np.array([[0.4, 0.0, 0.7], [0.0, 0.3, 0.0]])
MASK = M > 0.5
B = rng.uniform(0.2, 0.9, (4, 2))

CASES = {
    "sum": [
        (M, np.sum), (NUMBER, np.sum), (EMPTY, np.sum), (M, lambda x: np.sum(x, 0)), (M, lambda x: np.sum(x, -1, keepdims=True)),
        (C, lambda x: np.sum(x, (0, 2))), (C, lambda x: np.sum(x, axis=(), keepdims=True)), (HOLLOW, lambda x: np.sum(x, 0)),
        (M, lambda x: np.sum(x, where=MASK)), (M, lambda x: np.sum(x, 0, initial=2.0, where=MASK)), (M, lambda x: np.sum(x, 0, float)),
        (M, lambda x: x.sum(1)), (M, lambda x: np.add.reduce(x)),
    ],
    "prod": [
        (M, np.prod), (NUMBER, np.prod), (EMPTY, np.prod), (M, lambda x: np.prod(x, 0)), (C, lambda x: np.prod(x, (0, -1))),
        (Z, lambda x: np.prod(x, 1)), (Z, lambda x: np.prod(x, 0, keepdims=True)), (M, lambda x: np.prod(x, 1, initial=3.0, where=MASK)),
        (M, lambda x: x.prod(axis=1)), (HOLLOW, lambda x: np.prod(x, 0)), (M, lambda x: np.multiply.reduce(x)),
    ],
    "mean": [
        (M, np.mean), (NUMBER, np.mean), (EMPTY, np.mean), (HOLLOW, lambda x: np.mean(x, 0)), (HOLLOW, lambda x: np.mean(x, 1)),
        (M, lambda x: np.mean(x, 1, keepdims=True)), (M, lambda x: np.mean(x, 0, where=MASK | (M == M.max(0)))), (M, lambda x: x.mean(dtype=float)),
    ],
    "var": [
        (M, np.var), (NUMBER, np.var), (EMPTY, np.var), (HOLLOW, lambda x: np.var(x, 1)), (M, lambda x: np.var(x, 0, ddof=1)),
        (M, lambda x: np.var(x, 1, keepdims=True)), (M, lambda x: np.var(x, where=MASK)), (M, lambda x: x.var(axis=0, ddof=2)),
    ],
    "std": [(M, np.std), (M, lambda x: np.std(x, 0, ddof=1)), (M, lambda x: x.std(1, keepdims=True))],
    "max": [
        (M, np.max), (NUMBER, np.max), (M, lambda x: np.max(x, 0)), (C, lambda x: np.max(x, (0, 2), keepdims=True)),
        (M, lambda x: np.max(x, 1, initial=0.55)), (M, lambda x: np.max(x, 0, initial=0.1, where=MASK)), (M, lambda x: x.max(-1)),
        (M, lambda x: np.amax(x)), (M, lambda x: np.maximum.reduce(x)),
    ],
    "min": [(M, np.min), (M, lambda x: np.min(x, 0)), (M, lambda x: x.min(1, keepdims=True)), (M, lambda x: np.min(x, 1, initial=0.5))],
    "cumsum": [
        (M, np.cumsum), (V, np.cumsum), (EMPTY, np.cumsum), (M, lambda x: np.cumsum(x, 0)), (C, lambda x: np.cumsum(x, -2)),
        (M, lambda x: x.cumsum(axis=1)),
    ],
    "clip": [
        (M, lambda x: np.clip(x, 0.4, 0.7)), (M, lambda x: np.clip(x, min=0.4)), (M, lambda x: np.clip(x, max=0.6)), (M, lambda x: x.clip(max=0.6)),
    ],
    "norm": [(V, np.linalg.norm), (M, lambda x: np.linalg.norm(x, axis=0)), (M, lambda x: np.linalg.norm(x, 2, 1, keepdims=True))],
    "matmul": [
        (M, lambda x: x @ B), (B, lambda x: M @ x), (V, lambda x: x @ x), (M, lambda x: x @ x.T), (C, lambda x: x @ B), (C, lambda x: np.ones(3) @ x),
        (C, lambda x: x @ np.arange(4.0)), (C, lambda x: x @ np.swapaxes(x, 1, 2)), (np.zeros((2, 0)), lambda x: x @ np.ones((0, 3))),
        (V, lambda x: np.ones((2, 3, 5)) @ x), (V, lambda x: x @ np.ones((2, 5, 3))), (B, lambda x: C @ x), (M, lambda x: x[0] @ x[1]),
    ],
    "dot": [
        (M, lambda x: np.dot(x, B)), (NUMBER, lambda x: np.dot(x, M)), (M, lambda x: np.dot(2.0, x)), (V, lambda x: x.dot(x)),
        (V, lambda x: np.inner(x, x)), (M, lambda x: np.inner(x, x)), (M, lambda x: np.inner(2.0, x)), (NUMBER, lambda x: np.inner(M, x)),
        (V, lambda x: np.outer(x, x[:2])), (C, lambda x: np.dot(x, np.ones(4))),
    ],
    "tensordot": [
        (C, lambda x: np.tensordot(x, x, 2) if x.shape[0] == x.shape[2] else np.tensordot(x, M, ((1, 2), (0, 1)))),
        (M, lambda x: np.tensordot(x, B, 1)), (M, lambda x: np.tensordot(x, B, 0)), (M, lambda x: np.tensordot(B, x, (0, -1))),
        (C, lambda x: np.tensordot(x, x, ([0, 1], [0, 1]))),
    ],
    "einsum": [
        (M, lambda x: np.einsum("ij,jk->ik", x, B)), (M, lambda x: np.einsum("ij,ij", x, x)), (S, lambda x: np.einsum("ii", x)),
        (S, lambda x: np.einsum("ii->i", x)), (M, lambda x: np.einsum("ij->ji", x)), (M, lambda x: np.einsum("ij->", x)),
        (C, lambda x: np.einsum("nij,nkj->nik", x, x)), (C, lambda x: np.einsum("nij, kj, n -> ik", x, x[0], x[:, 0, 0])),
        (V, lambda x: np.einsum("i,j->ij", x, x)), (M, lambda x: np.einsum(x, [0, 1], B, [1, 2], [2, 0])), (M, lambda x: np.einsum("ij,jk", x, B)),
        (M, lambda x: np.einsum("ij,jk->ik", M, x.T, optimize=True)), (NUMBER, lambda x: np.einsum(",i->i", x, V)),
    ],
    "solve": [
        (S, lambda x: np.linalg.solve(x, V[:3])), (S, lambda x: np.linalg.solve(x, M)), (M, lambda x: np.linalg.solve(S, x)),
        (S, lambda x: np.linalg.solve(x, x.T)), (np.stack([S, S.T]), lambda x: np.linalg.solve(x, M)), (V[:3], lambda x: np.linalg.solve(S, x)),
    ],
    "inv": [(S, np.linalg.inv), (np.stack([S, S.T]), np.linalg.inv)],
    "det": [(S, np.linalg.det), (np.stack([S, S.T]), np.linalg.det), (S, lambda x: np.log(np.linalg.det(x @ x.T)))],
    "reshape": [
        (M, lambda x: x.reshape(2, -1)), (M, lambda x: np.reshape(x, (6, 2))), (NUMBER, lambda x: x.reshape(1, 1)), (M, np.ravel),
        (M, lambda x: x.flatten()), (HOLLOW, lambda x: x.reshape(3, 0)),
    ],
    "transpose": [
        (M, lambda x: x.T), (C, lambda x: np.transpose(x, (1, 2, 0))), (C, lambda x: x.transpose(-1, 0, 1)), (C, lambda x: np.swapaxes(x, 0, -1)),
        (C, lambda x: x.swapaxes(1, 2)), (C, lambda x: np.moveaxis(x, 0, -1)), (C, lambda x: np.moveaxis(x, [0, 1], [-1, 0])), (V, lambda x: x.T),
    ],
    "axes": [
        (M, lambda x: np.expand_dims(x, (0, 2))), (ONE, lambda x: np.squeeze(x)), (M[:1], lambda x: x.squeeze(0)), (M, lambda x: x[:, None, ..., 1]),
        (M, lambda x: np.broadcast_to(x, (2, 3, 4))), (ONE, lambda x: np.broadcast_to(x, (2, 3))), (NUMBER, lambda x: np.broadcast_to(x, 3)),
    ],
    "join": [
        (M, lambda x: np.concatenate([x, x * x, M])), (M, lambda x: np.concatenate([M, x], -1)), (M, lambda x: np.stack([x, M, x * x], 1)),
        (M, lambda x: np.vstack([x, x[0]])), (V, lambda x: np.vstack([x, x * x])), (V, lambda x: np.hstack([x, x * x])), (M, lambda x: np.hstack([x, M])),
        (V, lambda x: np.column_stack([x, V, x * x])), (M, lambda x: np.column_stack([x, x[:, 0]])), (HOLLOW, lambda x: np.concatenate([x, M[:, :3]])),
        (NUMBER, lambda x: np.stack([x, 1.0])), (NUMBER, lambda x: np.hstack([x, 1.0, x * x])),
    ],
    "split": [
        (M, lambda x: np.split(x, 2, 1)[1]), (V, lambda x: np.split(x, [1, 3])[1] * np.split(x, [1, 3])[2]), (M, lambda x: np.split(x, 3)[0]),
        (M, lambda x: np.split(x, [1], axis=-1)[1]),
    ],
    "diff": [(V, np.diff), (M, lambda x: np.diff(x, axis=0)), (V, lambda x: np.diff(x, 2)), (M, lambda x: np.diff(x, n=2, axis=1))],
    "places": [
        (M, lambda x: np.repeat(x, 2)), (M, lambda x: np.repeat(x, [1, 0, 2], axis=0)), (M, lambda x: x.repeat(2, 1)), (V, lambda x: np.tile(x, 2)),
        (M, lambda x: np.tile(x, (2, 1, 2))), (V, lambda x: np.roll(x, 2)), (M, lambda x: np.roll(x, (1, -1), (0, 1))), (M, np.flip),
        (M, lambda x: np.flip(x, 1)), (M, lambda x: np.take(x, [0, 5, 5])), (M, lambda x: x.take([2, 0, 2], axis=1)), (M, lambda x: np.take(x, 1, axis=0)),
    ],
    "pad": [
        (V, lambda x: np.pad(x, 2)), (M, lambda x: np.pad(x, ((1, 0), (0, 2)), constant_values=3.0)), (M, lambda x: np.pad(x, 1, "edge")),
        (V, lambda x: np.pad(x, (2, 1), mode="reflect")), (V, lambda x: np.pad(x, 2, "wrap")),
    ],
    "diagonal": [
        (M, np.diag), (V, np.diag), (V, lambda x: np.diag(x, 2)), (V, lambda x: np.diag(x, -1)), (M, lambda x: np.diag(x, 1)), (S, np.trace),
        (M, lambda x: np.trace(x, 1)), (C, lambda x: np.diagonal(x, 0, 1, 2)), (C, lambda x: x.trace()), (S, lambda x: x.diagonal()),
    ],
    "sort": [(V, np.sort), (M, np.sort), (M, lambda x: np.sort(x, 0)), (M, lambda x: np.sort(x, None))],
    "index": [
        (M, lambda x: x[1]), (M, lambda x: x[-1, 2]), (M, lambda x: x[::2, ::-1]), (M, lambda x: x[[0, 0, 2]]), (M, lambda x: x[[0, 0], [1, 1]]),
        (M, lambda x: x[MASK]), (M, lambda x: x[[True, False, True]]), (C, lambda x: x[:, [0, 2, 0]]), (C, lambda x: x[[0, 1], :, [1, 3]]),
        (C, lambda x: x[..., None, 0]), (M, lambda x: x[np.array([], int)]), (V, lambda x: x[np.int64(2)]), (np.zeros((2, 0)), lambda x: x[[1]]),
        (M, lambda x: x[1:1]), (NUMBER, lambda x: x[()]), (NUMBER, lambda x: x[None]), (V, lambda x: x[np.array([[0, 1], [1, 1]])]), (V, lambda x: x[True]),
    ],
    "where": [
        (M, lambda x: np.where(MASK, x, 0.0)), (M, lambda x: np.where(x > 0.5, x * x, x)), (M, lambda x: np.where(MASK[0], x, V[:3, None])),
        (NUMBER, lambda x: np.where([True, False], x, 2 * x)), (M, lambda x: np.where(np.arange(4), x, 1.0)),
    ],
    "constants": [
        (M, lambda x: x * np.zeros_like(x) + np.ones_like(x)), (M, lambda x: np.full_like(x, 2.0) * x), (M, lambda x: x * x.argmax()),
        (M, lambda x: x[:, x.argmin(axis=1)]), (V, lambda x: x[np.argsort(x)]), (M, lambda x: x * np.round(x, 1)), (M, lambda x: x * x.round()),
        (M, lambda x: x * len(x) if x.any() and not np.allclose(x, 0) and np.array_equal(x, x) else x), (M, lambda x: x.astype(float) * np.size(x, 1)),
    ],
}  # fmt: skip
DEPEND_ON_VALUES = {"max", "min", "clip", "sort", "where", "constants", "solve", "inv", "det"}
every_case = pytest.mark.parametrize(
    ("x", "f"),
    [case for cases in CASES.values() for case in cases],
    ids=[f"{name}{n}" for name, cases in CASES.items() for n in range(len(cases))],
)


def weighted(f):
    """A number made of all outputs, curved so that second derivatives are not 0."""

    def of(x):
        y = f(x * x)
        return np.sum(y * np.cos(np.arange(np.prod(np.shape(y))).reshape(np.shape(y))))

    return of


@every_case
def test_values_and_jacobians(x, f):
    value = f(x)
    truth = by_differences(f, x)
    for method in ("forward", "reverse"):
        J = jacobian(f, x, method)
        assert J.shape == np.shape(value) + x.shape
        np.testing.assert_allclose(J, truth, rtol=1e-7, atol=1e-8)
    recorded = []
    jacobian(lambda x: recorded.append(f(x)) or recorded[0], x, "reverse")
    if hasattr(recorded[0], "value"):
        np.testing.assert_allclose(recorded[0].value, value, rtol=1e-13)


@every_case
def test_second_derivatives_by_every_pair_of_modes(x, f):
    E = weighted(f)
    truth = by_differences(lambda x: gradient(E, x, "reverse"), x)
    for outer in ("forward", "reverse"):
        for inner in ("forward", "reverse"):
            H = jacobian(lambda x, inner=inner: gradient(E, x, inner), x, outer)
            np.testing.assert_allclose(H, truth, rtol=1e-6, atol=1e-7, err_msg=f"{outer} over {inner}")


@pytest.mark.parametrize(
    ("x", "f"), [case for name, cases in CASES.items() if name not in DEPEND_ON_VALUES for case in cases]
)
def test_formulas(x, f):
    truth = jacobian(f, x, "forward")
    np.testing.assert_allclose(jacobian(f, x, "symbolic"), truth, rtol=1e-10, atol=1e-12)


@every_case
@pytest.mark.parametrize("method", ["forward", "reverse"])
def test_float32_stays_float32(x, f, method):
    J = jacobian(f, x.astype(np.float32), method)
    assert J.dtype == np.float32
    np.testing.assert_allclose(J, jacobian(f, x, method), rtol=2e-3, atol=2e-3)
