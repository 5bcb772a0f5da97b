"""The tape itself: accumulation, reuse, depth, upstream, calling twice."""

import numpy as np
import pytest

from nnlib.differentiation import Variable
from nnlib.differentiation.rules import CHAINED, DERIVATIVES


def test_a_node_that_is_used_twice_collects_from_both():
    x = Variable(3.0)
    y = x * x
    (y + y * x).backward()
    assert x.gradient == 2 * 3 + 3 * 9


def test_baydin_table_3():
    """f = ln x1 + x1 x2 - sin x2 at (2, 5), reverse sweep line by line."""
    x1, x2 = Variable(2.0), Variable(5.0)
    v1, v2, v3 = np.log(x1), x1 * x2, np.sin(x2)
    v4 = v1 + v2
    v5 = v4 - v3
    values = {v1: 0.693, v2: 10.0, v3: -0.959, v4: 10.693, v5: 11.652}
    v5.backward()
    adjoints = {v5: 1.0, v4: 1.0, v3: -1.0, v1: 1.0, v2: 1.0, x2: 1.716, x1: 5.5}
    assert all(abs(v.value - value) < 5e-4 for v, value in values.items())
    assert all(abs(v.gradient - adjoint) < 5e-4 for v, adjoint in adjoints.items())
    # The lines in between: what v3, v2 and v1 hand to x2 and x1 before it is summed.
    handed = {v3: [-0.284], v2: [5.0, 2.0], v1: [0.5]}
    for v, shares in handed.items():
        adjoints = np.atleast_1d(CHAINED[v.operation])
        inputs = [x.value for x in v.inputs]
        computed = [adjoint(v.gradient, *inputs, v.value) for adjoint in adjoints]
        assert np.allclose(computed, shares, atol=5e-4)


def test_baydin_table_2():
    """The same forward, with the derivative by x1."""
    from nnlib.differentiation import Dual

    x1, x2 = Dual(2.0, 1.0), Dual(5.0, 0.0)
    v1, v2, v3 = np.log(x1), x1 * x2, np.sin(x2)
    v4 = v1 + v2
    v5 = v4 - v3
    table = {(0.693, 0.5): v1, (10.0, 5.0): v2, (-0.959, 0.0): v3, (10.693, 5.5): v4, (11.652, 5.5): v5}
    for (value, tangent), v in table.items():
        assert abs(v.value - value) < 5e-4 and abs(v.derivative - tangent) < 5e-4


def test_a_chain_of_ten_thousand_nodes():
    x = y = Variable(np.ones(2))
    for _ in range(10_000):
        y = y + 1e-4 * x
    np.sum(y).backward()
    assert np.allclose(x.gradient, 2.0)


def test_backward_twice_adds_up_in_variables_made_by_hand():
    x = Variable(np.array([1.0, 2.0]))
    y = x * x
    E = np.sum(y)
    E.backward()
    E.backward()
    assert np.array_equal(x.gradient, [4.0, 8.0])
    assert np.array_equal(y.gradient, [1.0, 1.0])
    x.clear()
    E.backward()
    assert np.array_equal(x.gradient, [2.0, 4.0])


def test_variables_that_f_uses_keep_their_gradients():
    from nnlib.differentiation import jacobian

    W = Variable(np.ones((2, 2)))
    np.sum(W).backward()
    assert np.array_equal(jacobian(lambda x: W @ x, np.ones(2), "reverse"), np.ones((2, 2)))
    assert np.array_equal(W.gradient, np.ones((2, 2)))


def test_many_outputs_need_an_upstream_of_their_shape():
    x = Variable(np.ones(3))
    y = 2 * x
    with pytest.raises(ValueError, match=r"this has shape \(3,\): sum it first"):
        y.backward()
    with pytest.raises(ValueError, match=r"upstream has shape \(2,\), expected \(3,\)"):
        y.backward(np.ones(2))
    y.backward([1.0, 2.0, 3.0])
    assert np.array_equal(x.gradient, [2.0, 4.0, 6.0])


def test_values_are_copies_that_cannot_be_changed():
    array = np.ones(2)
    x = Variable(array)
    array[0] = 5.0
    assert x.value[0] == 1.0
    with pytest.raises(ValueError, match="read-only"):
        x.value[0] = 2.0


def test_float32_stays_float32():
    W, X = Variable(np.ones((2, 3), np.float32)), np.ones((4, 3), np.float32)
    E = np.sum(np.tanh(X @ W.T) ** 2)
    E.backward()
    assert E.value.dtype == W.gradient.dtype == np.float32


def test_a_wrong_rule_is_caught(monkeypatch):
    """A derivative of tanh that is wrong by 2.001 / 2 differs from central differences."""
    from nnlib.differentiation import gradient

    def differ():
        x = np.array([0.3, -0.8])
        by_differences = gradient(lambda x: np.sum(np.tanh(x)), x, "numeric")
        gradients = [gradient(lambda x: np.sum(np.tanh(x)), x, m) for m in ("forward", "reverse", "symbolic")]
        return [np.abs(g - by_differences).max() > 1e-8 for g in gradients]

    assert differ() == [False] * 3
    from nnlib.differentiation import symbolic

    for table in (DERIVATIVES, symbolic.RULES):
        monkeypatch.setitem(table, np.tanh, lambda x, y: 2.001 / 2 * (1 - y * y))
    monkeypatch.setitem(CHAINED, np.tanh, lambda g, x, y: 2.001 / 2 * g * (1 - y * y))
    assert differ() == [True] * 3


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.longdouble, ">f8"])
def test_descend_takes_a_step_of_gradient_descent(dtype):
    """E = w² has the gradient 2 w: from 1 and 2 by α = 1/4 to 1/2 and 1, and then to 1/4 and 1/2."""
    w = Variable(np.array([[1.0], [2.0]], dtype))
    for expected in ([[0.5], [1.0]], [[0.25], [0.5]]):
        np.sum(w * w).backward()
        w.descend(0.25)
        assert np.array_equal(w.value, expected) and w.value.dtype == dtype and w.gradient is None
    with pytest.raises(ValueError, match="read-only"):
        w.value[0] = 2.0


def test_a_network_learns_by_descending():
    rng = np.random.default_rng(0)
    X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], float)
    T = np.array([[0.0], [1], [1], [0]])
    W1, b1, W2, b2 = map(
        Variable, (rng.normal(size=(8, 2)), np.zeros(8), rng.normal(size=(1, 8)), np.zeros(1))
    )
    for _ in range(500):
        E = np.sum((np.tanh(X @ W1.T + b1) @ W2.T + b2 - T) ** 2) / 2
        E.backward()
        for w in (W1, b1, W2, b2):
            w.descend(0.1)
    assert E.value < 1e-3


def test_what_was_computed_before_a_descent_does_not_go_backward():
    w, v = Variable(np.ones(2)), Variable(np.ones(2))
    before = np.tanh(w) * v
    np.sum(before).backward()
    w.descend(0.5)
    for late in (np.sum(before), np.sum(before * w), np.sum(w * before)):
        with pytest.raises(ValueError, match="A Variable descended after this was computed from it: compute"):
            late.backward()
    np.sum(np.tanh(w) * v).backward()


def test_a_step_that_cannot_be_is_an_error_and_changes_nothing():
    w = Variable(np.ones(2), name="w")
    E = np.sum(w * w)
    with pytest.raises(ValueError, match="descends along its gradient, but this one has none"):
        w.descend(0.5)
    E.backward()
    with pytest.raises(
        ValueError, match="descends along its gradient, but this one has none: make it by hand"
    ):
        E.descend(0.5)
    for alpha in (0.0, -0.1, 2.0, np.nan, "0.1"):
        with pytest.raises(ValueError, match="The learning rate α must be"):
            w.descend(alpha)
    with pytest.raises(ValueError, match="read-only"):
        w.value[0] = 2.0
    assert np.array_equal(w.value, np.ones(2)) and np.array_equal(w.gradient, [2, 2])


@pytest.mark.parametrize("dtype", [np.float32, np.float64, ">f8"])
def test_assign_changes_the_value_in_place(dtype):
    w = Variable(np.ones((2, 3), dtype), name="w")
    old = np.sum(w * w)
    old.backward()
    value = np.arange(6.0).reshape(2, 3)
    w.assign(value)
    assert np.array_equal(w.value, value) and w.value.dtype == dtype and w.gradient is None
    value[0] = 9.0
    assert w.value[0, 0] == 0.0
    with pytest.raises(ValueError, match="compute the error again, and then"):
        old.backward()
    np.sum(w * w).backward()
    assert np.array_equal(w.gradient, 2 * w.value)
    w.assign((w.value - 0.5 * w.gradient).tolist())
    assert np.array_equal(w.value, np.zeros((2, 3)))


def test_a_value_that_does_not_fit_is_not_assigned():
    w = Variable(np.ones(2), name="w")
    for value, words in (
        (np.ones(3), r"w has shape \(3,\), expected \(2,\) like the old one"),
        (1.0, r"w has shape \(\), expected \(2,\)"),
        ([1.0, np.nan], r"w must be finite, but w\[1\] is nan"),
        (["a", "b"], "w must be an array of real numbers"),
    ):
        with pytest.raises(ValueError, match=words):
            w.assign(value)
    with pytest.raises(ValueError, match="computed from others takes no value"):
        (2 * w).assign([1.0, 1.0])
    assert np.array_equal(w.value, [1, 1])
    with pytest.raises(ValueError, match="read-only"):
        w.value[0] = 2.0
