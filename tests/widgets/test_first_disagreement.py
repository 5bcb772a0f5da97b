"""Which slip explains a student's deltas or gradients, and what their functions may do."""

import numpy as np
import pytest

from nnlib import activations, backpropagate
from nnlib.widgets import step_through
from nnlib.widgets.notation import number
from tests.widgets.networks import case, squares_batch

SLIPS = {
    "g'(a) is missing": lambda d, W, g, a, y: d @ W,
    "g' is taken of y": lambda d, W, g, a, y: d @ W * g.derivative(y),
    "g(a) itself, where its slope": lambda d, W, g, a, y: d @ W * y,
    "the sign is turned": lambda d, W, g, a, y: -(d @ W) * g.derivative(a),
    "W where Wᵀ belongs": lambda d, W, g, a, y: d @ W.T * g.derivative(a),
    "a factor 2": lambda d, W, g, a, y: 2 * (d @ W) * g.derivative(a),
    "divided by N, the number of samples": lambda d, W, g, a, y: d @ W * g.derivative(a) / 3,
    "δ of the next layer counts as 1": lambda d, W, g, a, y: W.sum(0) * g.derivative(a),
    "what comes from above is ignored": lambda d, W, g, a, y: g.derivative(a),
    "no slip that is known": lambda d, W, g, a, y: d @ W * g.derivative(a) + 0.123,
}


@pytest.mark.parametrize("slip", SLIPS)
def test_first_disagreement_names_the_slip_in_a_hidden_delta(slip):
    network, X, T = squares_batch()
    hidden, output = backpropagate(network, X, T, trace=True)[2]
    W, g = network.layers[1].W, network.layers[0].activation
    wrong = SLIPS[slip](output.delta, W, g, hidden.a, hidden.y)
    figure = step_through(network, X, T, deltas=[wrong, output.delta])
    step = figure.steps[figure.position]
    assert step["heading"] == "Delta of h₁" and figure.disagreement["node"] == "1.0"
    assert slip in figure.disagreement["says"]
    assert number(wrong[0, 0]) in figure.disagreement["says"]


GRADIENT_SLIPS = {
    "divided by N, the number of samples": lambda traced, below: traced.dE_dW / 3,
    "the sign is turned": lambda traced, below: -traced.dE_dW,
    "that is the transpose": lambda traced, below: traced.dE_dW.T,
    "a where y belongs": lambda traced, below: traced.delta.T @ below.a,
    "only the last term of the sum is there": lambda traced, below: traced.delta[-1:].T @ traced.x[-1:],
    "δ counts as 1": lambda traced, below: np.ones_like(traced.delta).T @ traced.x,
    "x counts as 1": lambda traced, below: traced.delta.T @ np.ones_like(traced.x),
    "only the first term": lambda traced, below: traced.delta[:1].T @ traced.x[:1],
}


@pytest.mark.parametrize("slip", GRADIENT_SLIPS)
def test_first_disagreement_names_the_slip_in_a_gradient(slip):
    network, X, T = squares_batch()
    below, traced = backpropagate(network, X, T, trace=True)[2]
    figure = step_through(network, X, T, gradients=[below.dE_dW, GRADIENT_SLIPS[slip](traced, below)])
    assert figure.steps[figure.position]["heading"].endswith("to y₁")
    assert slip in figure.disagreement["says"]


def test_a_forgotten_bias_and_a_spurious_derivative_are_named():
    network, X, T = squares_batch()
    sigmoid = activations.sigmoid
    below, traced = backpropagate(network, X, T, trace=True)[2]
    (W1, b1), (W2, b2) = backpropagate(network, X, T)[1]
    figure = step_through(network, X, T, gradients=[(W1, b1 * 0), (W2, b2)])
    assert "Bias of h₁" in figure.disagreement["says"]
    assert "the bias is forgotten" in figure.disagreement["says"]
    figure = step_through(network, X, T, deltas=[below.delta, traced.delta * sigmoid.derivative(traced.a)])
    assert "the output is linear, g' = 1" in figure.disagreement["says"]
    network, x, t, error = case("2-2-1 relu, two classes")
    hidden, output = backpropagate(network, x, t, error, trace=True)[2]
    wrong = output.delta * activations.sigmoid.derivative(output.a)
    figure = step_through(network, x, t, error, deltas=[hidden.delta, wrong])
    assert "g'(a) is too much here" in figure.disagreement["says"]


def test_a_spurious_derivative_after_softmax_is_named():
    network, X, T, error = case("3-2-2-3 leaky relu, softmax")
    *below, output = (layer.delta for layer in backpropagate(network, X, T, error, trace=True)[2])
    y = network.forward(X)
    figure = step_through(network, X, T, error, deltas=[*below, output * y * (1 - y)])
    assert "it cancels against the cross-entropy" in figure.disagreement["says"]


@pytest.mark.parametrize("alpha", [0.05, 0.5])
def test_weights_that_were_changed_too_early_are_named(alpha):
    network, X, T = squares_batch()
    below, traced = backpropagate(network, X, T, trace=True)[2]
    W = network.layers[1].W - alpha * traced.dE_dW
    wrong = traced.delta @ W * activations.sigmoid.derivative(below.a)
    for own in ({"deltas": [wrong, traced.delta]}, {"gradients": [wrong.T @ X, traced.dE_dW]}):
        says = step_through(network, X, T, **own).disagreement["says"]
        assert f"were already changed, with α = {alpha:g}" in says and "h₁" in says


def test_a_bias_summed_over_the_neurons_is_named():
    network, X, T = squares_batch()
    below, traced = backpropagate(network, X, T, trace=True)[2]
    own = [below.dE_dW, [traced.dE_dW, traced.delta.sum(axis=1)]]
    says = step_through(network, X, T, gradients=own).disagreement["says"]
    assert "shape (3,) where (2,) is right" in says and "not over the samples" in says


def test_another_shape_is_named_before_any_number():
    network, X, T, _ = case("2-3-2 sigmoid, batch")
    (W1, _), (W2, _) = backpropagate(network, X, T)[1]
    figure = step_through(network, X, T, gradients=[W1, W2.T])
    assert (
        "shape (3, 2) where (2, 3) is right. The slip: that is the transpose" in figure.disagreement["says"]
    )


def test_right_numbers_typed_with_four_decimals_agree():
    network, X, T = squares_batch()
    _, gradients, trace = backpropagate(network, X, T, trace=True)
    deltas = [layer.delta.round(4) for layer in trace]
    figure = step_through(network, X, T, deltas=deltas, gradients=gradients)
    assert figure.disagreement["says"] == "Your deltas and gradients agree in all four decimals."
    assert figure.position == 0


def test_a_function_is_called_again_after_an_edit_a_list_is_not():
    network, X, T = squares_batch()

    def deltas(network, X, T):
        return [-layer.delta for layer in backpropagate(network, X, T, trace=True)[2]]

    function, fixed = (step_through(network, X, T, deltas=d) for d in (deltas, deltas(network, X, T)))
    for figure in (function, fixed):
        before = figure.disagreement["says"]
        figure.targets = (T + 1).tolist()
        assert (figure.disagreement["says"] != before) == (figure is function)


def test_an_error_of_ones_own_function_shows_in_the_page_later():
    network, X, T = squares_batch()

    def deltas(network, X, T):
        if T[0, 0] > 5:
            raise RuntimeError("too far")
        return [layer.delta for layer in backpropagate(network, X, T, trace=True)[2]]

    figure = step_through(network, X, T, deltas=deltas)
    figure.targets = (T + 9).tolist()
    assert figure.disagreement["says"] == "With these values: RuntimeError: too far"
    figure.targets = T.tolist()
    agreed = figure.disagreement
    assert "agree in all four decimals" in agreed["says"]
    figure.targets = (T + 1).tolist()
    assert figure.disagreement["says"] == agreed["says"] and figure.disagreement != agreed
    with pytest.raises(RuntimeError, match="too far"):
        step_through(network, X, T + 9, deltas=deltas)
    with pytest.raises(ValueError, match="returned None: does it end with return"):
        step_through(network, X, T, deltas=lambda network, X, T: None)


def test_own_functions_of_the_exercise_are_taken():
    network, X, T = squares_batch()

    def backward(layers, X, T):
        (W1, b1), (W2, b2) = layers
        y = activations.sigmoid(X @ W1.T + b1)
        Delta2 = y @ W2.T + b2 - T
        Delta1 = Delta2 @ W2 * y * (1 - y)
        return [(Delta1.T @ X, Delta1.sum(axis=0)), (Delta2.T @ y, Delta2.sum(axis=0))]

    def gradients(network, X, T):
        return backward([(layer.W, layer.b) for layer in network.layers], X, T)

    says = step_through(network, X, T, gradients=gradients).disagreement["says"]
    assert says == "Your gradients agree in all four decimals."
