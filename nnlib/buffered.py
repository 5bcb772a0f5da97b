"""Backpropagation in buffers: the four lines of `nnlib.backpropagation` once more, for speed.

`nnlib.training` runs this room; read `backpropagate` first, a test holds both equal. At the size of
a course most of the time goes into calling NumPy, not into arithmetic. So this room calls it less:

- A bias is a weight from a constant input 1. Each layer keeps one matrix M (I + 1, J + 1), W
  transposed with b as its last row, and A = X Wᵀ + b becomes one product. The further column makes
  the next layer's constant input: it holds a weight c with g(c) = 1, and otherwise 0.
- All M lie in one vector and so do all gradients: one subtraction updates every weight.
- Wide layers are filled up with neurons that are always 0, to a multiple of 4: matrix products like
  that.
- α, or whatever `scale` is, is folded into the deltas of the outputs, not into the many gradients,
  and where the error allows it into constants that are there anyway. See `Buffers.targets`.
- Softmax does not search for the largest a. If that overflows, NumPy raises FloatingPointError,
  and the batch is done again with care: see `careful`. The price: nothing raises where every a of
  a sample is close to where exp ends, -104 to -90 in float32, -745 to -715 in float64, and there y
  has fewer digits.
- Results go into arrays that were made once, and constants stand in arrays too: NumPy would have
  to convert a number at each call.
"""

import numpy as np

from nnlib import activations


class FlatWeights:
    """All weights of a network in the vector `values`, and their gradient in the vector `gradient`.

    `matrices` are the M of each layer and `slopes` their gradients: views of the two vectors. The
    network itself is not touched until `write_back`.
    """

    def __init__(self, network):
        self.network = network
        inputs, *hidden, output = network.sizes
        rows = [inputs + 1, *map(_width, hidden)]
        shapes = list(zip(rows, [*rows[1:], output], strict=True))
        self.values, self.matrices = _vector_and_views(shapes, network.dtype)
        self.gradient, self.slopes = _vector_and_views(shapes, network.dtype)
        for layer, M in zip(network.layers, self.matrices, strict=True):
            neurons, inputs = layer.W.shape
            M[:inputs, :neurons] = layer.W.T
            M[inputs, :neurons] = layer.b
            one, zero = _weights_of_constants(layer.activation)
            M[inputs, neurons : neurons + 1] = one
            M[inputs, neurons + 1 :] = zero

    def write_back(self):
        """Give the weights to the network."""
        for layer, M in zip(self.network.layers, self.matrices, strict=True):
            neurons, inputs = layer.W.shape
            layer.W[:] = M[:inputs, :neurons].T
            layer.b[:] = M[inputs, :neurons]


def _width(neurons):
    """Columns of a hidden layer: its neurons, the constant, and in wide layers some that stay 0."""
    return neurons + 1 if neurons < 64 else -(-(neurons + 1) // 4) * 4


def _vector_and_views(shapes, dtype):
    sizes = [rows * columns for rows, columns in shapes]
    vector = np.zeros(sum(sizes), dtype)
    parts = np.split(vector, np.cumsum(sizes)[:-1])
    return vector, [part.reshape(shape) for part, shape in zip(parts, shapes, strict=True)]


def with_constant(X):
    """X (N, I) with the constant input: a further last column of ones."""
    return np.concatenate((X, np.ones((len(X), 1), X.dtype)), axis=1)


class Buffers:
    """Backpropagation for batches with a fixed number of rows.

    `gradient(X, X.T, T)` fills `weights.gradient` with scale · ∂E/∂M, for X `with_constant` and T
    prepared by `targets`. Inside of `overflow_raises()` it may raise a FloatingPointError: then
    `careful_gradient` does the same without fear of overflow.
    """

    def __init__(self, weights, rows, error, scale=1.0):
        *hidden, output = weights.network.layers
        dtype = weights.network.dtype
        *outputs, A = [np.empty((rows, M.shape[1]), dtype) for M in weights.matrices]
        *hidden_matrices, self._output_matrix = weights.matrices
        self.targets, self._output_delta = _output_delta(output.activation, error, A, scale)
        self._output_sums = A
        self._input_slope = weights.slopes[0]
        in_place = [_in_place(layer.activation, len(layer.W)) for layer in hidden]
        self._forward = [
            (M, Y, activate)
            for M, Y, (activate, _) in zip(hidden_matrices, outputs, in_place, strict=True)
        ]
        upper = zip(weights.matrices[1:], weights.slopes[1:], outputs, in_place, strict=True)
        self._backward = [
            (slope, M.T, Y, Y.T, np.empty_like(Y), np.empty_like(Y), times_derivative)
            for M, slope, Y, (_, times_derivative) in upper
        ][::-1]

    def gradient(self, X, X_transposed, T, careful=False):
        """Fill `weights.gradient` for one batch: X (rows, I + 1), T (rows, F)."""
        inputs = X
        for M, Y, activate in self._forward:  # 1. forward
            inputs.dot(M, Y)
            activate(Y, Y)
            inputs = Y
        inputs.dot(self._output_matrix, self._output_sums)
        delta = self._output_delta(T, careful)  # 2. output deltas
        for slope, M_transposed, Y, Y_transposed, D, spare, times_derivative in self._backward:
            Y_transposed.dot(delta, slope)  # 4. gradient
            delta.dot(M_transposed, D)  # 3. hidden deltas
            times_derivative(D, Y, spare)
            delta = D
        X_transposed.dot(delta, self._input_slope)

    def careful_gradient(self, X, X_transposed, T):
        """The same where exponentials overflow."""
        with np.errstate(all="ignore"):
            self.gradient(X, X_transposed, T, careful=True)


def overflow_raises():
    """The context in which `Buffers.gradient` notices that it has to be done with care."""
    return np.errstate(over="raise", divide="raise", invalid="raise", under="ignore")


def _weights_of_constants(g):
    """c with g(c) = 1, and c with g(c) = 0, rounded: there the derivative of tanh and sigmoid is 0."""
    return {activations.tanh: (20, 0), activations.sigmoid: (40, -80)}.get(g, (1, 0))


def _in_place(g, neurons):
    """Two functions of a hidden layer: g(Y, Y) in place; D, with Y and a spare array, D ⊙ g'."""

    def times_tanh_derivative(D, Y, spare):
        np.multiply(D, Y, spare)
        np.multiply(spare, Y, spare)
        np.subtract(D, spare, D)  # D (1 - Y²)

    def sigmoid(A, Y):
        # exp overflows to infinity for a below -700, and 1 / infinity is the right answer.
        np.negative(A, Y)
        np.exp(Y, Y)
        np.add(Y, 1, Y)
        np.reciprocal(Y, Y)

    def times_sigmoid_derivative(D, Y, spare):
        np.multiply(D, Y, D)
        np.multiply(D, Y, spare)
        np.subtract(D, spare, D)  # D (Y - Y²)

    def relu(A, Y):
        np.maximum(A, 0, out=Y)

    def times_relu_derivative(D, Y, spare):
        np.sign(Y, spare)
        np.multiply(D, spare, D)
        D[:, neurons:] = 0  # the constants stay and learn nothing

    def any_function(A, Y):
        Y[:] = g.function(A)
        Y[:, neurons:] = 0
        Y[:, neurons] = 1

    def times_any_derivative(D, Y, spare):
        np.multiply(D, g.from_output(Y), D)
        D[:, neurons:] = 0

    return {
        activations.tanh: (np.tanh, times_tanh_derivative),
        activations.sigmoid: (sigmoid, times_sigmoid_derivative),
        activations.relu: (relu, times_relu_derivative),
    }.get(g, (any_function, times_any_derivative))


def _output_delta(g, error, Y, scale):
    """Two functions: T prepared once, and prepared T to scale · Δ in place of the sums in Y."""
    spare = np.empty_like(Y)

    def same(T):
        return T

    def scaled(T):
        return (scale * T).astype(Y.dtype)

    # scale · (y - t) with y = exp(a) / Σ: the sum is divided by scale, and t is multiplied by it.
    ones = np.full((Y.shape[1], Y.shape[1]), 1 / scale, Y.dtype)

    def softmax(T, careful):
        if careful:
            np.subtract(Y, Y.max(axis=1, keepdims=True), Y)
        np.exp(Y, Y)
        Y.dot(ones, spare)  # the sum of a row, once for each column
        np.divide(Y, spare, Y)
        np.subtract(Y, T, Y)
        return Y

    # The sigmoid is (tanh(a / 2) + 1) / 2, so scale · (y - t) = h tanh(a / 2) - h (2 t - 1).
    half, h = np.full_like(Y, 0.5), np.full_like(Y, 0.5 * scale)

    def around_zero(T):
        return (0.5 * scale * (2 * T - 1)).astype(Y.dtype)

    def sigmoid(T, careful):
        np.multiply(Y, half, Y)
        np.tanh(Y, Y)
        np.multiply(Y, h, Y)
        np.subtract(Y, T, Y)
        return Y

    scales = np.full_like(Y, scale)

    def identity(T, careful):
        np.subtract(Y, T, Y)
        np.multiply(Y, scales, Y)
        return Y

    def sum_of_squares_after(T, careful):
        Y[:] = g.function(Y)
        difference = Y - T
        if g.name == "softmax":  # δ_k = y_k (e_k - Σ_j e_j y_j)
            difference -= np.sum(difference * Y, axis=1, keepdims=True)
            np.multiply(difference, Y, Y)
        else:
            np.multiply(difference, g.from_output(Y), Y)
        np.multiply(Y, scales, Y)
        return Y

    if error == "cross_entropy":
        return (scaled, softmax) if g.name == "softmax" else (around_zero, sigmoid)
    return same, identity if g == activations.identity else sum_of_squares_after
