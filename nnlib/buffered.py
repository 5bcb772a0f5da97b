"""Backpropagation in buffers: the four lines of `nnlib.backpropagation` once more, for speed.

`nnlib.training` runs this room; read `backpropagate` first, a test holds both equal. At the size of
a course most of the time goes into calling NumPy, not into arithmetic. So this room calls it less:

- A bias is a weight from a constant input 1. Each layer keeps one matrix M (I + 1, J + 1), W
  transposed with b as its last row, and A = X Wᵀ + b becomes one product. The further column makes
  the next layer's constant input: it holds a weight c with g(c) = 1, and otherwise 0.
- All M lie in one vector and so do all gradients: one subtraction updates every weight.
- α, or whatever `scale` is, multiplies the deltas of the outputs, not the many gradients.
- Softmax does not search for the largest a. If that overflows, NumPy raises FloatingPointError,
  and the batch is done again with care.
- Results go into arrays that were made once, and NumPy scalars stand for Python numbers, which
  NumPy would have to convert at each call.
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
        hidden = network.layers[:-1]
        shapes = [
            (layer.W.shape[1] + 1, len(layer.W) + (layer in hidden)) for layer in network.layers
        ]
        self.values, self.matrices = _vector_and_views(shapes, network.dtype)
        self.gradient, self.slopes = _vector_and_views(shapes, network.dtype)
        for layer, M in zip(network.layers, self.matrices, strict=True):
            neurons = len(layer.W)
            M[:-1, :neurons] = layer.W.T
            M[-1, :neurons] = layer.b
            M[-1, neurons:] = _weight_of_constant(layer.activation)

    def write_back(self):
        """Give the weights to the network."""
        for layer, M in zip(self.network.layers, self.matrices, strict=True):
            neurons = len(layer.W)
            layer.W[:] = M[:-1, :neurons].T
            layer.b[:] = M[-1, :neurons]


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

    `gradient(X, T)` fills `weights.gradient` with scale · ∂E/∂M, for X `with_constant`. To be
    called inside of `overflow_raises()`.
    """

    def __init__(self, weights, rows, error, scale=1.0):
        *hidden, output = weights.network.layers
        dtype = weights.network.dtype
        *outputs, A = [np.empty((rows, M.shape[1]), dtype) for M in weights.matrices]
        *hidden_matrices, self._output_matrix = weights.matrices
        self._output_delta = _output_delta(output.activation, error, A, dtype.type(scale))
        self._output_sums = A
        self._input_slope = weights.slopes[0]
        in_place = [_in_place(layer.activation, dtype) for layer in hidden]
        self._forward = [
            (M, Y, activate)
            for M, Y, (activate, _) in zip(hidden_matrices, outputs, in_place, strict=True)
        ]
        upper = zip(weights.matrices[1:], weights.slopes[1:], outputs, in_place, strict=True)
        self._backward = [
            (slope, M.T, Y, Y.T, np.empty_like(Y), np.empty_like(Y), times_derivative)
            for M, slope, Y, (_, times_derivative) in upper
        ][::-1]

    def gradient(self, X, T):
        """Fill `weights.gradient` for one batch: X (rows, I + 1), T (rows, F)."""
        try:
            self._four_lines(X, T)
        except FloatingPointError:
            with np.errstate(all="ignore"):
                self._four_lines(X, T, careful=True)

    def _four_lines(self, X, T, careful=False):
        inputs = X
        for M, Y, activate in self._forward:  # 1. forward
            inputs.dot(M, Y)
            activate(Y)
            inputs = Y
        inputs.dot(self._output_matrix, self._output_sums)
        delta = self._output_delta(T, careful)  # 2. output deltas
        for slope, M_transposed, Y, Y_transposed, D, spare, times_derivative in self._backward:
            Y_transposed.dot(delta, slope)  # 4. gradient
            delta.dot(M_transposed, D)  # 3. hidden deltas
            times_derivative(D, Y, spare)
            delta = D
        X.T.dot(delta, self._input_slope)


def overflow_raises():
    """The context in which `Buffers.gradient` notices that it has to be careful."""
    return np.errstate(over="raise", divide="raise", invalid="raise", under="ignore")


def _weight_of_constant(g):
    """c with g(c) = 1; for tanh and sigmoid 1 is only rounded, and their derivative is then 0."""
    return {activations.tanh: 20, activations.sigmoid: 40}.get(g, 1)


def _in_place(g, dtype):
    """Two functions of a hidden layer: Y becomes g(Y); D, with Y and a spare array, D ⊙ g'."""
    zero, one = dtype.type(0), dtype.type(1)

    def tanh(Y):
        np.tanh(Y, Y)

    def times_tanh_derivative(D, Y, spare):
        np.multiply(Y, Y, spare)
        np.subtract(one, spare, spare)
        np.multiply(D, spare, D)

    def sigmoid(Y):
        _sigmoid(Y, one)

    def times_sigmoid_derivative(D, Y, spare):
        np.subtract(one, Y, spare)
        np.multiply(Y, spare, spare)
        np.multiply(D, spare, D)

    def relu(Y):
        np.maximum(Y, zero, out=Y)

    def times_relu_derivative(D, Y, spare):
        np.sign(Y, spare)
        np.multiply(D, spare, D)
        D[:, -1] = 0  # the constant input stays 1 and learns nothing

    def any_function(Y):
        Y[:] = g.function(Y)
        Y[:, -1] = 1

    def times_any_derivative(D, Y, spare):
        np.multiply(D, g.from_output(Y), D)
        D[:, -1] = 0

    return {
        activations.tanh: (tanh, times_tanh_derivative),
        activations.sigmoid: (sigmoid, times_sigmoid_derivative),
        activations.relu: (relu, times_relu_derivative),
    }.get(g, (any_function, times_any_derivative))


def _sigmoid(Y, one):
    # exp overflows to infinity for a below -700, and 1 / infinity is the right answer.
    np.negative(Y, Y)
    np.exp(Y, Y)
    np.add(Y, one, Y)
    np.reciprocal(Y, Y)


def _output_delta(g, error, Y, scale):
    """A function of T that turns the weighted sums in Y into scale · Δ of the output layer."""
    one, spare = Y.dtype.type(1), np.empty_like(Y)
    ones = np.ones((Y.shape[1], Y.shape[1]), Y.dtype)

    def finish(T):
        np.subtract(Y, T, Y)
        np.multiply(Y, scale, Y)
        return Y

    def softmax(T, careful):
        if careful:
            np.subtract(Y, Y.max(axis=1, keepdims=True), Y)
        np.exp(Y, Y)
        Y.dot(ones, spare)  # the sum of a row, once for each column
        np.divide(Y, spare, Y)
        return finish(T)

    def sigmoid(T, careful):
        _sigmoid(Y, one)
        return finish(T)

    def identity(T, careful):
        return finish(T)

    def sum_of_squares_after(T, careful):
        Y[:] = g.function(Y)
        difference = Y - T
        if g is activations.softmax:  # δ_k = y_k (e_k - Σ_j e_j y_j)
            difference -= np.sum(difference * Y, axis=1, keepdims=True)
            np.multiply(difference, Y, Y)
        else:
            np.multiply(difference, g.from_output(Y), Y)
        np.multiply(Y, scale, Y)
        return Y

    if error == "cross_entropy":
        return softmax if g is activations.softmax else sigmoid
    return identity if g is activations.identity else sum_of_squares_after
