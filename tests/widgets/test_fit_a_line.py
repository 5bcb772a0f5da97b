"""fit_a_line: the numbers are those of nnlib.regression, bad points are told."""

import numpy as np
import pytest

from nnlib.widgets import fit_a_line


def test_error_and_gradient_by_hand():
    """Points (0, 1) and (1, 3), w = 1, b = 0: off by -1 and -2, E = 5/2, ∂E/∂w = -2, ∂E/∂b = -3."""
    figure = fit_a_line([0, 1], [1, 3], w=1, b=0)
    assert np.allclose(figure.measure(), (2.5, -2, -3))
    assert figure.text() == "w = 1.00, b = 0.00: E = 2.50, ∂E/∂w = -2.00, ∂E/∂b = -3.00"


@pytest.mark.parametrize(
    ("x", "t", "words"),
    [
        ([1, 2], None, "both x and t"),
        ([1, 2], [1], "as many x as t"),
        ([1, 1], [1, 2], "two different x"),
        ([1, np.nan], [1, 2], "x must be finite"),
    ],
)
def test_points_that_fit_no_line_raise(x, t, words):
    with pytest.raises(ValueError, match=words):
        fit_a_line(x, t)
