"""Backpropagation: the derivative of the error with respect to every weight, in four steps. Unit 4.

    1. forward          A = X Wᵀ + b,  Y = g(A)         layer by layer, keeping X and A
    2. output deltas    Δ = ∂E/∂A                       Y - T for the errors of the lecture
    3. hidden deltas    Δ_hidden = g'(A) ⊙ (Δ W)        δ_i = g'(a_i) Σ_j δ_j w_ji
    4. gradient         ∂E/∂W = Δᵀ X,  ∂E/∂b = Σₙ δⁿ    ∂E/∂w_ji = Σₙ δ_j x_i

Slides "Gradient" to "Summary (Backpropagation)"; Rumelhart, Hinton, Williams, Nature 323, 1986.
"""

from dataclasses import dataclass

import numpy as np

from nnlib import errors
from nnlib.arguments import one_hot_rows, shaped


@dataclass(frozen=True)
class LayerTrace:
    """All that backpropagation computed for one layer: N samples, I inputs, J neurons."""

    name: str
    x: np.ndarray
    """Inputs of the layer, (N, I)."""
    a: np.ndarray
    """Weighted sums, (N, J)."""
    y: np.ndarray
    """Outputs, (N, J)."""
    delta: np.ndarray
    """∂E/∂a, (N, J)."""
    dE_dW: np.ndarray
    """∂E/∂W summed over samples, (J, I)."""
    dE_db: np.ndarray
    """∂E/∂b summed over samples, (J,)."""
    formulas: dict
    """Name of a value above (x, a, y, delta, dE_dW, dE_db) -> the formula that it was computed by."""


def backpropagate(network, X, T, error="sum_of_squares", trace=False):
    """The error of a batch and its gradient with respect to all weights and biases.

        E = Σₙ Eⁿ,  ∂E/∂W = Δᵀ X,  ∂E/∂b = Σₙ δⁿ        for each layer, with its Δ (N, J) and X (N, I)

    Parameters
    ----------
    network: an `nnlib.Network`.
    X, T: inputs (N, I) and desired outputs (N, F); one sample, (I,) and (F,), counts as N = 1.
    error: "sum_of_squares" after any output, or "cross_entropy": after a softmax output for many
        classes, after sigmoid outputs for two classes at each output.
    trace: True returns also what was computed on the way.

    Returns
    -------
    E, gradients: the error summed over samples, and one pair (∂E/∂W, ∂E/∂b) per layer, shaped like
    W and b. With `trace=True` also a list of one `LayerTrace` per layer.

    Raises
    ------
    ValueError: shapes that do not fit, values or weights that are not finite, an unknown error, or
    a cross-entropy after another output than softmax or sigmoid.
    """
    X, T = checked_samples(network, X, T, error)
    layers, inputs, sums = network.layers, [X], []
    for layer in layers:  # 1. forward
        sums.append(layer.weighted_sums(inputs[-1]))
        inputs.append(layer.activation(sums[-1]))
    *inputs, Y = inputs

    deltas = [output_delta(network, sums[-1], Y, T, error)]  # 2. output deltas
    for number in range(len(layers) - 1, 0, -1):  # 3. hidden deltas, the last layer first
        slope = layers[number - 1].activation.derivative(sums[number - 1])
        deltas.append(slope * (deltas[-1] @ layers[number].W))
    deltas.reverse()

    pairs = zip(deltas, inputs, strict=True)
    gradients = [(delta.T @ X, delta.sum(axis=0)) for delta, X in pairs]  # 4. gradient
    E = output_error(network, sums[-1], Y, T, error)
    if not trace:
        return E, gradients
    by_layer = zip(layers, inputs, sums, [*inputs[1:], Y], deltas, gradients, strict=True)
    return E, gradients, [_trace(network, error, *values) for values in by_layer]


ERRORS = ("sum_of_squares", "cross_entropy")


def output_delta(network, A, Y, T, error):
    """Δ = ∂E/∂A of the output layer, (N, F): slides "Deltas (Output Neurons)".

    δ_k = ∂E/∂y_k g'(a_k) with ∂E/∂y_k = y_k - t_k for the sum of squares. The cross-entropies fit
    their outputs: g' cancels, and δ_k = y_k - t_k. The sum of squares after softmax has a path from
    a_k through every output: δ_k = y_k (e_k - Σ_j e_j y_j) with e = y - t.
    """
    if error == "cross_entropy":
        return Y - T
    g = network.layers[-1].activation
    if g.name == "softmax":
        return Y * (Y - T - np.sum((Y - T) * Y, axis=1, keepdims=True))
    return (Y - T) * g.derivative(A)


def output_error(network, A, Y, T, error):
    """E of the outputs Y = g(A), summed over samples: see `nnlib.errors`.

    The cross-entropies are computed from A, because a probability in Y may be rounded to 0.
    """
    if error == "sum_of_squares":
        return errors.sum_of_squares(Y, T)
    if network.layers[-1].activation.name == "softmax":
        return errors.cross_entropy(A, T, from_pre_activations=True)
    return errors.two_class_cross_entropy(A, T, from_pre_activations=True)


def checked_samples(network, X, T, error):
    """X as an array (N, I) and T as an array (N, F), of the network's float type.

    Raises
    ------
    ValueError: as `backpropagate`.
    """
    output = network.layers[-1]
    if error not in ERRORS:
        raise ValueError(f"There is no error {error!r}; there are {', '.join(ERRORS)}.")
    if error == "cross_entropy" and output.activation.name not in ("softmax", "sigmoid"):
        raise ValueError(
            f"{output.name} has the activation {output.activation.name}: the cross-entropy needs "
            "softmax (one of many classes) or sigmoid (two classes, at each output) there."
        )
    X = network.checked_inputs(X)
    shape = X.shape[:-1] + (network.output_nodes,)
    why = f" to fit X {X.shape} and {output.name}, which has {network.output_nodes} neurons"
    if output.activation.name == "softmax":
        why += ", one a class (nnlib.datasets.one_hot makes such rows from class numbers)"
    T = shaped(T, "T", shape, why, dtype=network.dtype)
    X, T = np.atleast_2d(X), np.atleast_2d(T)
    if error == "cross_entropy" and output.activation.name == "softmax":
        one_hot_rows(T, "T")
    elif error == "cross_entropy" and np.any((T != 0) & (T != 1)):
        raise ValueError("T must hold zeros and ones: the two-class cross-entropy needs classes.")
    return X, T


def _trace(network, error, layer, x, a, y, delta, gradient):
    g, (dE_dW, dE_db) = layer.activation, gradient
    if layer is not network.layers[-1]:
        delta_formula = f"δ_i = g'(a_i) Σ_j δ_j w_ji with g'(a) = {g.derivative_formula}"
    elif error == "cross_entropy" or g.name == "identity":
        delta_formula = "δ_k = y_k - t_k"
    elif g.name == "softmax":
        delta_formula = "δ_k = y_k (e_k - Σ_j e_j y_j) with e = y - t"
    else:
        delta_formula = f"δ_k = (y_k - t_k) g'(a_k) with g'(a) = {g.derivative_formula}"
    formulas = {
        "x": "the outputs of the layer below" if layer is not network.layers[0] else "the inputs",
        "a": "a_j = Σ_i w_ji x_i + b_j",
        "y": f"y_j = g(a_j) with g(a) = {g.formula}",
        "delta": delta_formula,
        "dE_dW": "∂E/∂w_ji = Σ_n δ_j x_i",
        "dE_db": "∂E/∂b_j = Σ_n δ_j",
    }
    return LayerTrace(layer.name, x, a, y, delta, dE_dW, dE_db, formulas)
