"""nnlib.backpropagation against PyTorch autograd, central differences, and by hand."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from nnlib import Network, activations, backpropagate
from nnlib.activations import ACTIVATIONS

TORCH = {
    "identity": lambda a: a,
    "relu": torch.relu,
    "leaky_relu(0.01)": lambda a: torch.nn.functional.leaky_relu(a, 0.01),
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "softmax": lambda a: torch.softmax(a, dim=1),
}


def truth(network, X, T, error):
    """E and gradients by PyTorch autograd, float64 from the first tensor."""
    leaves = []
    Y = torch.tensor(X, dtype=torch.float64)
    for layer in network.layers:
        W = torch.tensor(layer.W, dtype=torch.float64, requires_grad=True)
        b = torch.tensor(layer.b, dtype=torch.float64, requires_grad=True)
        leaves.append((W, b))
        A = Y @ W.T + b
        Y = TORCH[layer.activation.name](A)
    T = torch.tensor(T, dtype=torch.float64)
    if error == "sum_of_squares":
        E = 0.5 * ((Y - T) ** 2).sum()
    elif network.layers[-1].activation.name == "softmax":
        E = -(T * torch.log_softmax(A, dim=1)).sum()
    else:
        E = torch.nn.functional.binary_cross_entropy_with_logits(A, T, reduction="sum")
    E.backward()
    return E.item(), [(W.grad.numpy(), b.grad.numpy()) for W, b in leaves]


def relative(gradient, expected):
    """Largest difference over the largest size among all gradients of a layer."""
    size = max(np.abs(expected).max(), 1e-12)
    return np.abs(gradient - expected).max() / size


@st.composite
def cases(draw, deepest=6, widest=40, most=50):
    sizes = draw(st.lists(st.integers(1, widest), min_size=2, max_size=deepest + 1))
    hidden = [draw(st.sampled_from(sorted(ACTIVATIONS))) for _ in sizes[2:]]
    error, output = draw(
        st.sampled_from(
            [("cross_entropy", "softmax"), ("cross_entropy", "sigmoid")]
            + [("sum_of_squares", name) for name in [*sorted(ACTIVATIONS), "softmax"]]
        )
    )
    N, seed = draw(st.integers(1, most)), draw(st.integers(0, 10**6))
    rng = np.random.default_rng(seed)
    network = Network(sizes, hidden, output, rng=rng)
    for layer in network.layers:
        layer.b = rng.normal(size=layer.b.shape)
    X = rng.normal(size=(N, sizes[0]))
    T = rng.normal(size=(N, sizes[-1]))
    if output == "softmax" and error == "cross_entropy":
        T = np.eye(sizes[-1])[rng.integers(sizes[-1], size=N)]
    elif error == "cross_entropy":
        T = (T > 0).astype(float)
    return network, X, T, error


@settings(max_examples=150, deadline=None)
@given(cases())
def test_any_network_equals_pytorch_autograd(case):
    E, gradients = backpropagate(*case)
    expected_E, expected = truth(*case)
    assert E == pytest.approx(expected_E, rel=1e-10, abs=1e-12)
    for (dW, db), (expected_dW, expected_db) in zip(gradients, expected, strict=True):
        assert relative(dW, expected_dW) < 1e-10
        assert relative(db, expected_db) < 1e-10


@pytest.mark.parametrize(
    ("output", "error"),
    [("sigmoid", "cross_entropy"), ("sigmoid", "sum_of_squares"), ("softmax", "cross_entropy")],
)
def test_small_errors_of_far_out_neurons_keep_their_digits(output, error):
    """Right answers at a = -30 leave δ of about exp(-30): still 1e-10 relative to it."""
    network = Network([2, 3, 2], ["sigmoid"], output, rng=0)
    network.layers[0].b = [-30, -40, -35]
    network.layers[1].b = [-30, -32] if output == "sigmoid" else [-30, 0]
    X, T = np.random.default_rng(0).normal(size=(4, 2)), np.zeros((4, 2))
    T[:, 1] = output == "softmax"
    _, gradients = backpropagate(network, X, T, error)
    _, expected = truth(network, X, T, error)
    for (dW, db), (expected_dW, expected_db) in zip(gradients, expected, strict=True):
        assert np.abs(expected_dW).max() > 0
        np.testing.assert_allclose(dW, expected_dW, rtol=1e-10)
        np.testing.assert_allclose(db, expected_db, rtol=1e-10)


def central_differences(network, X, T, error, h=1e-5):
    slopes = []
    for layer in network.layers:
        for parameters in (layer.W, layer.b):
            slope = np.zeros_like(parameters)
            for place in np.ndindex(parameters.shape):
                kept = parameters[place]
                parameters[place] = kept + h
                above, _ = backpropagate(network, X, T, error)
                parameters[place] = kept - h
                below, _ = backpropagate(network, X, T, error)
                parameters[place] = kept
                slope[place] = (above - below) / (2 * h)
            slopes.append(slope)
    return slopes


def near_a_kink(case):
    network, X, T, error = case
    trace = backpropagate(*case, trace=True)[2]
    kinked = [layer.a for layer, g in zip(trace, network.layers, strict=True) if "relu" in g.activation.name]
    return any(np.abs(a).min() < 1e-3 for a in kinked)


@settings(max_examples=25, deadline=None)
@given(cases(deepest=3, widest=5, most=6).filter(lambda case: not near_a_kink(case)))
def test_any_network_equals_central_differences(case):
    _, gradients = backpropagate(*case)
    slopes = central_differences(*case)
    flat = [part for pair in gradients for part in pair]
    for gradient, slope in zip(flat, slopes, strict=True):
        np.testing.assert_allclose(gradient, slope, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("wrong", [0.999, 0.5, -1])
def test_a_wrong_delta_is_caught(wrong):
    """The test of the test: a hidden delta off by one part in a thousand must not pass."""
    tanh = ACTIVATIONS["tanh"]
    slip = activations.Activation("tanh", tanh.function, lambda y: wrong * (1 - y * y), "", "")
    rng = np.random.default_rng(0)
    network = Network([3, 4, 2], slip, "identity", rng=rng)
    X, T = rng.normal(size=(5, 3)), rng.normal(size=(5, 2))
    _, gradients = backpropagate(network, X, T)
    _, expected = truth(network, X, T, "sum_of_squares")
    assert relative(gradients[1][0], expected[1][0]) < 1e-10
    assert relative(gradients[0][0], expected[0][0]) > 1e-4
    slope = central_differences(network, X, T, "sum_of_squares")[0]
    assert relative(gradients[0][0], slope) > 1e-4


def carried_network(output="identity"):
    weights = [([[1.5, -1.0], [-1.0, 1.0]], [0.5, 0.0]), ([[1.0, 2.0], [3.0, -1.0]], [0.0, 0.0])]
    return Network.of(weights, ["sigmoid", output])


def test_the_worked_example_of_lecture_4():
    """A 2-2-2 network by hand, with s = 1 / (1 + e⁻¹) = 0.7310586.

    W = ((1.5, -1), (-1, 1)), b = (0.5, 0), g the sigmoid; then W = ((1, 2), (3, -1)), b = 0, g(a) = a.

    1. Forward, x = (1, 2): hidden a = (1.5 - 2 + 0.5, -1 + 2) = (0, 1), y = (1/2, s);
       output y = a = (1/2 + 2s, 3/2 - s) = (1.9621172, 0.7689414).
    2. With t = (1, 1): δ = y - t = (2s - 1/2, 1/2 - s) = (0.9621172, -0.2310586),
       E = 1/2 (0.9621172² + 0.2310586²) = 1/2 (0.9256694 + 0.0533881) = 0.4895287.
    3. Hidden sums of paths: 1·(2s - 1/2) + 3·(1/2 - s) = 1 - s = 0.2689414 and
       2·(2s - 1/2) - 1·(1/2 - s) = 5s - 3/2 = 2.1552929. With g' = y (1 - y) = (1/4, s(1 - s))
       = (0.25, 0.1966119): δ = ((1 - s)/4, s(1 - s)(5s - 3/2)) = (0.0672354, 0.4237563).
    4. ∂E/∂b = δ, and ∂E/∂W = δ xᵀ: in the hidden layer, x = (1, 2), it is
       ((0.0672354, 0.1344707), (0.4237563, 0.8475126)); in the output layer, x = (1/2, s), it is
       ((0.4810586, 0.7033640), (-0.1155293, -0.1689174)).
    """
    s = 1 / (1 + np.exp(-1))
    E, gradients, (hidden, output) = backpropagate(carried_network(), [1, 2], [1, 1], trace=True)
    np.testing.assert_allclose(E, 0.4895287, rtol=0, atol=6e-8)
    by_hand = [
        [[0.0672354, 0.1344707], [0.4237563, 0.8475126]],
        [[0.4810586, 0.7033640], [-0.1155293, -0.1689174]],
    ]
    for (dE_dW, _), expected in zip(gradients, by_hand, strict=True):
        np.testing.assert_allclose(dE_dW, expected, rtol=0, atol=6e-8)
    np.testing.assert_allclose(hidden.a, [[0, 1]], atol=1e-15)
    np.testing.assert_allclose(hidden.y, [[0.5, s]], rtol=1e-14)
    np.testing.assert_allclose(output.y, [[0.5 + 2 * s, 1.5 - s]], rtol=1e-14)
    delta_output = np.array([2 * s - 0.5, 0.5 - s])
    delta_hidden = np.array([(1 - s) / 4, s * (1 - s) * (5 * s - 1.5)])
    np.testing.assert_allclose(output.delta, [delta_output], rtol=1e-13)
    np.testing.assert_allclose(hidden.delta, [delta_hidden], rtol=1e-13)
    np.testing.assert_allclose(gradients[0][0], np.outer(delta_hidden, [1, 2]), rtol=1e-13)
    np.testing.assert_allclose(gradients[0][1], delta_hidden, rtol=1e-13)
    np.testing.assert_allclose(gradients[1][0], np.outer(delta_output, [0.5, s]), rtol=1e-13)
    np.testing.assert_allclose(gradients[1][1], delta_output, rtol=1e-13)


def traced(sizes=(3, 4, 2), N=5, seed=1, **options):
    rng = np.random.default_rng(seed)
    network = Network(list(sizes), rng=rng, **options)
    X, T = rng.normal(size=(N, sizes[0])), rng.normal(size=(N, sizes[-1]))
    return network, X, T, *backpropagate(network, X, T, trace=True)


def test_slide_objective_function_the_error_is_a_sum():
    network, X, T, E, gradients, _ = traced()
    each = [backpropagate(network, x, t) for x, t in zip(X, T, strict=True)]
    np.testing.assert_allclose(E, sum(E_n for E_n, _ in each), rtol=1e-13)
    for layer, (dW, db) in enumerate(gradients):
        np.testing.assert_allclose(dW, sum(g[layer][0] for _, g in each), rtol=1e-11)
        np.testing.assert_allclose(db, sum(g[layer][1] for _, g in each), rtol=1e-11)


def test_slide_forward_propagation():
    network, X, _, _, _, trace = traced()
    for layer, of_layer in zip(network.layers, trace, strict=True):
        for n, j in np.ndindex(of_layer.a.shape):
            a = sum(w * x for w, x in zip(layer.W[j], of_layer.x[n], strict=True)) + layer.b[j]
            np.testing.assert_allclose(of_layer.a[n, j], a, rtol=1e-12)
        np.testing.assert_allclose(of_layer.y, layer.activation(of_layer.a))
    assert np.array_equal(trace[1].x, trace[0].y)


def test_slide_gradient_is_delta_times_x():
    _, _, _, _, _, trace = traced()
    for of_layer in trace:
        for j, i in np.ndindex(of_layer.dE_dW.shape):
            samples = zip(of_layer.delta[:, j], of_layer.x[:, i], strict=True)
            np.testing.assert_allclose(of_layer.dE_dW[j, i], sum(d * x for d, x in samples))


def test_slide_deltas_hidden_neurons():
    network, _, _, _, _, (hidden, output) = traced()
    W = network.layers[1].W
    for n, i in np.ndindex(hidden.delta.shape):
        paths = sum(output.delta[n, j] * W[j, i] for j in range(len(W)))
        delta = (1 - hidden.y[n, i] ** 2) * paths
        np.testing.assert_allclose(hidden.delta[n, i], delta, rtol=1e-12)


def test_slide_summary_of_backpropagation():
    """The four steps of the slide, neuron by neuron with sums, for every sample, then summed."""
    network, X, T, _, gradients, _ = traced(sizes=(3, 4, 3, 2))
    sums = [(np.zeros_like(layer.W), np.zeros_like(layer.b)) for layer in network.layers]
    for inputs, t in zip(X, T, strict=True):
        x = [inputs]
        for number, layer in enumerate(network.layers):  # 1. forward propagation
            a = [sum(w * v for w, v in zip(row, x[-1], strict=True)) for row in layer.W] + layer.b
            x.append(a if number == 2 else np.tanh(a))
        delta = x[-1] - t  # 2. output neurons
        for number in (2, 1, 0):
            for j, i in np.ndindex(network.layers[number].W.shape):
                sums[number][0][j, i] += delta[j] * x[number][i]  # 4. gradient
            sums[number][1][:] += delta
            W = network.layers[number].W
            paths = [sum(delta[j] * W[j, i] for j in range(len(W))) for i in range(W.shape[1])]
            delta = (1 - x[number] ** 2) * paths  # 3. hidden neurons
    for (dW, db), (expected_dW, expected_db) in zip(gradients, sums, strict=True):
        np.testing.assert_allclose(dW, expected_dW, rtol=1e-11)
        np.testing.assert_allclose(db, expected_db, rtol=1e-11)


def test_slide_deltas_output_neurons_linear():
    _, _, T, _, _, (_, output) = traced()
    assert np.array_equal(output.delta, output.y - T)


def test_slide_deltas_output_neurons_any_activation():
    _, _, T, _, _, (_, output) = traced(output="sigmoid")
    expected = (output.y - T) * output.y * (1 - output.y)
    np.testing.assert_allclose(output.delta, expected, rtol=1e-14)


def test_deltas_of_softmax_with_cross_entropy():
    """a = (1/2 + 2s, 3/2 - s) differ by d = 3s - 1: y = (σ(d), 1 - σ(d)), δ = y - t."""
    s = 1 / (1 + np.exp(-1))
    y = 1 / (1 + np.exp(-(3 * s - 1)))
    network = carried_network("softmax")
    E, _, trace = backpropagate(network, [1, 2], [0, 1], error="cross_entropy", trace=True)
    np.testing.assert_allclose(trace[-1].delta, [[y, -y]], rtol=1e-14)
    np.testing.assert_allclose(E, -np.log(1 - y), rtol=1e-14)


def test_the_trace_has_every_formula():
    _, _, _, _, _, (hidden, output) = traced()
    assert hidden.formulas["delta"] == "δ_i = g'(a_i) Σ_j δ_j w_ji with g'(a) = 1 - y²"
    assert output.formulas["delta"] == "δ_k = y_k - t_k"
    for of_layer in (hidden, output):
        assert set(of_layer.formulas) == {"x", "a", "y", "delta", "dE_dW", "dE_db"}


def test_the_network_is_not_changed():
    network, X, T, *_ = traced()
    before = [(layer.W.copy(), layer.b.copy()) for layer in network.layers]
    backpropagate(network, X, T)
    for layer, (W, b) in zip(network.layers, before, strict=True):
        assert np.array_equal(layer.W, W) and np.array_equal(layer.b, b)


def poisoned():
    network = Network([2, 3, 1])
    network.layers[0].b[1] = np.inf
    return backpropagate(network, [1, 2], [1])


linear, classes = Network([2, 3, 1]), Network([2, 3, 2], output="softmax")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: backpropagate(linear, [[1, 2]], [[1, 2]]), r"T has shape \(1, 2\), expected \(1, 1\)"),
        (lambda: backpropagate(linear, [[1, 2]], [[1, 2]]), r"layer 2 \(output\), which has 1 neurons"),
        (lambda: backpropagate(linear, [[1, 2, 3]], [[1]]), r"expected \(N, 2\): layer 1 \(hidden\)"),
        (lambda: backpropagate(linear, np.ones((0, 2)), np.ones((0, 1))), "empty batch"),
        (lambda: backpropagate(linear, [1, 2], [1], "squares"), "no error 'squares'; there are sum_of"),
        (lambda: backpropagate(linear, [1, 2], [1], "cross_entropy"), "activation identity: the cross-"),
        (lambda: backpropagate(classes, [1, 2], [1, 1], "cross_entropy"), "T must be one-hot"),
        (
            lambda: backpropagate(classes, [[1, 2]], [1], "cross_entropy"),
            r"\(1,\), expected \(1, 2\).*one_hot",
        ),
        (lambda: backpropagate(linear, [1, np.nan], [1]), "X must be finite"),
        (lambda: backpropagate(linear, [1, 2], [np.nan]), "T must be finite"),
        (poisoned, r"b of layer 1 \(hidden\) must be finite"),
    ],
)
def test_bad_input_raises_with_a_reason(call, message):
    with pytest.raises(ValueError, match=message):
        call()
