"""softmax_scores: the numbers are those of softmax and cross-entropy, bad scores are told."""

import numpy as np
import pytest

from nnlib.widgets import softmax_scores


def test_numbers_by_hand():
    """Scores ln 1, ln 2, ln 5 give 1/8, 2/8, 5/8; the second class is the true one: E = ln 4."""
    y, difference, E = softmax_scores(np.log([1, 2, 5]), true_class=1).measure()
    assert np.allclose(y, [0.125, 0.25, 0.625])
    assert np.allclose(difference, [0.125, -0.75, 0.625])
    assert np.isclose(E, np.log(4))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (([1.0, 2.0],), r"shape \(2,\), expected \(3,\)"),
        (([1.0, 2.0, 11.0],), "must lie in -10 .. 10"),
        (([1.0, 2.0, 3.0], 3), "true_class must be 0, 1 or 2"),
    ],
)
def test_bad_scores_raise(arguments, words):
    with pytest.raises(ValueError, match=words):
        softmax_scores(*arguments)
