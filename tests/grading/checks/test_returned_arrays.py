"""Numbers that are judged by what they do: which change of them is told."""

import numpy as np
import pytest

from nnlib.grading.checks.judging.returned_arrays import change_that_mends

MENDED = {
    "the sign of b1 is turned": {"W1": np.full((2, 1), 9.0), "b1": np.array([-18.0, 27.0])},
    "b1 lacks the factor W1": {"W1": np.full((2, 1), 9.0), "b1": np.array([2.0, -3.0])},
    "b1 has its entries in reverse order": {"W1": np.full((2, 1), 9.0), "b1": np.array([-27.0, 18.0])},
}


@pytest.mark.parametrize("words", MENDED)
def test_a_change_of_what_is_returned_is_told(words):
    def are_right(results):
        return all(np.array_equal(r["b1"], [18.0, -27.0]) and (r["W1"] == 9).all() for r in results)

    assert words in change_that_mends([MENDED[words]], are_right)


def test_two_changes_of_which_each_mends_are_not_told():
    """Where one change is asked for, and two different ones do."""
    assert not change_that_mends([{"w": np.array([1.0, -1.0])}], lambda results: True, most=1)


def test_two_changes_that_do_the_same_count_as_one():
    """Of a chain, the transpose is the same as the reverse order of its nodes."""
    chain = np.eye(4, k=1)
    words = change_that_mends([{"C": chain}], lambda r: np.array_equal(r[0]["C"], chain.T), most=1)
    assert "C is transposed" in words
