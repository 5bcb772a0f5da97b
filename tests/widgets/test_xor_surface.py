"""xor_surface: its error and slopes are those of PyTorch, its surroundings what they are named."""

import numpy as np
import pytest
import torch

from nnlib.widgets import xor_surface


@pytest.mark.parametrize("chosen", [(0, 3), (6, 8), (2, 7)])
def test_error_and_both_derivatives_are_those_of_autograd(chosen):
    figure = xor_surface(*chosen, around="small random weights")
    W1, W2 = (torch.tensor(W, dtype=torch.float64, requires_grad=True) for W in figure.weights[1:])
    X = torch.tensor([[0.0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]], dtype=torch.float64)
    hidden = torch.cat((torch.tanh(X @ W1.T), torch.ones(4, 1)), 1)
    E = ((hidden @ W2.T - torch.tensor([[0.0], [1], [1], [0]])) ** 2).sum() / 2
    E.backward()
    slopes = torch.cat((W1.grad.flatten(), W2.grad.flatten())).numpy()
    assert np.allclose(figure.measure(), (E.item(), *slopes[list(chosen)]))


def test_the_solution_solves_xor_and_zero_weights_are_a_saddle():
    figure = xor_surface()
    figure.weights = figure.surroundings["a solution"]
    assert figure.measure()[0] < 1e-20
    assert "E = 0.0000" in figure.text()
    for chosen in [(0, 3), (6, 7), (1, 6)]:
        E, *slopes = xor_surface(*chosen, around="all weights zero").measure()
        assert E == 1 and slopes == [0, 0]


def test_bad_arguments_raise_with_a_reason():
    with pytest.raises(ValueError, match="two different weights from 0 to 8"):
        xor_surface(3, 3)
    with pytest.raises(ValueError, match="around must be one of a solution"):
        xor_surface(around="nothing")


def test_it_opens_where_a_step_does_something():
    for around in ("a solution", "small random weights"):
        E, *slopes = xor_surface(around=around).measure()
        assert E > 0.1 and np.hypot(*slopes) > 0.05
    assert xor_surface(around="all weights zero").measure() == (1, 0, 0)
    assert "wh₁ x₁ = −2.00" in xor_surface().text().replace("-", "−")
