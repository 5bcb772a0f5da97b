"""Operations counted: by hand for small functions, and the rule of the slide as a table."""

import numpy as np
import pytest

from nnlib.differentiation.costs import cost, costs
from nnlib.differentiation.layers import conv2d

W = np.ones((3, 5))


def test_operations_by_hand():
    """W x has 15 products and 12 sums; sin 3 calls; the sum 2 more."""
    counted = cost(lambda x: np.sum(np.sin(W @ x)), np.ones(5))
    assert (counted.multiplications, counted.additions, counted.function_calls) == (15, 14, 3)


@pytest.mark.parametrize(
    ("f", "counts"),
    [
        (lambda x: np.log(x[0]) + x[0] * x[1] - np.sin(x[1]), (1, 2, 2)),
        (lambda x: np.sum(np.dot(W, x)), (15, 14, 0)),
        (lambda x: np.vdot(x, np.ones(5)), (5, 4, 0)),
        (lambda x: np.sum(np.where(x > 0, x, 0.0)), (0, 4, 0)),
        (lambda x: np.sum(np.concatenate([x, x])), (0, 9, 0)),
        (lambda x: np.sum(conv2d(np.reshape(x, (1, 1, 1, 5)), np.ones((2, 1, 1, 1)))), (10, 9, 0)),
    ],
)
def test_nothing_is_lost_by_elements_joins_and_choices(f, counts):
    counted = cost(f, np.full(5, 0.7))
    assert (counted.multiplications, counted.additions, counted.function_calls) == counts


def test_a_convolution_and_arithmetic_in_place_are_counted():
    """Forward 4 windows of 2 x 2: 4 · 4 products and 4 · 3 sums; backward the 4 x 4 spread, and added back."""
    counted = cost(lambda x: conv2d(x, np.ones((1, 1, 2, 2))), np.ones((1, 1, 3, 3)))
    assert (counted.multiplications, counted.additions) == (16, 12)
    total = cost(lambda x: np.sum(conv2d(x, np.ones((1, 1, 2, 2)))), np.ones((1, 1, 3, 3)), "reverse")
    assert (total.multiplications, total.additions) == (16 + 16, 12 + 3 + 16)

    def doubles(x):
        x *= 2
        return np.sum(x)

    counted = cost(doubles, np.ones(5))
    assert (counted.multiplications, counted.additions) == (5, 4)


def test_forward_costs_as_much_as_inputs_and_reverse_as_outputs():
    def table(outputs, inputs):
        A = np.ones((outputs, inputs))
        by_method = costs(lambda x: np.tanh(A @ np.sin(x)), np.ones(inputs))
        return {method: c.operations / by_method["f alone"].operations for method, c in by_method.items()}

    wide, tall = table(1, 64), table(64, 1)
    assert wide["forward"] > 20 * wide["reverse"]
    assert tall["reverse"] > 5 * tall["forward"]
    assert wide["numeric"] > 100


def test_elements_taken_by_index_add_up_in_reverse():
    """The sum takes 2 additions, and the sweep adds three adjoints back at their places."""
    counted = cost(lambda x: np.sum(x[np.array([0, 1, 1])]), np.ones(5), "reverse")
    assert counted.additions == 2 + 3


def test_reverse_holds_what_it_recorded():
    def chain(x):
        for _ in range(20):
            x = np.sin(x)
        return np.sum(x)

    forward, reverse = (cost(chain, np.ones(1), method) for method in ("forward", "reverse"))
    assert reverse.memory >= 20 > forward.memory


def test_a_function_with_a_branch_has_no_symbolic_row():
    assert "symbolic" not in costs(lambda x: np.sum(np.where(x > 0, x, 0.0)), np.ones(2))
    with pytest.raises(ValueError, match="branch depends"):
        cost(lambda x: np.sum(np.where(x > 0, x, 0.0)), np.ones(2), "symbolic")
