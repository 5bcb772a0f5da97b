"""Operations counted: by hand for small functions, and the rule of the slide as a table."""

import numpy as np
import pytest

from nnlib.differentiation.costs import cost, costs

W = np.ones((3, 5))


def test_operations_by_hand():
    """W x has 15 products and 12 sums; sin 3 calls; the sum 2 more."""
    found = cost(lambda x: np.sum(np.sin(W @ x)), np.ones(5))
    assert (found.multiplications, found.additions, found.function_calls) == (15, 14, 3)


def test_forward_costs_as_much_as_inputs_and_reverse_as_outputs():
    def table(outputs, inputs):
        A = np.ones((outputs, inputs))
        found = costs(lambda x: np.tanh(A @ np.sin(x)), np.ones(inputs))
        return {method: c.operations / found["f alone"].operations for method, c in found.items()}

    wide, tall = table(1, 64), table(64, 1)
    assert wide["forward"] > 20 * wide["reverse"]
    assert tall["reverse"] > 5 * tall["forward"]
    assert wide["numeric"] > 100


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
