"""Backpropagation in buffers: the four lines of `nnlib.backpropagation` once more, for speed.

`nnlib.training` runs this room; read `backpropagate` first, a test holds both equal. At the size of
a course most of the time goes into calling NumPy, not into arithmetic. So this room calls it less,
and does all else beforehand:

- The four lines are written down once for each batch, as a program: a list of calls, each a function
  with its arguments. To run it is one short loop.
- Weights and biases lie as `FlatWeights` has them.
- α, or whatever `scale` is, is folded into the deltas of the outputs, not into the many gradients,
  and where the error allows it into constants that are there anyway. See `Buffers.targets`.
- Softmax does not search for the largest a. If that overflows, NumPy raises FloatingPointError,
  and the batch is done again with care. The price: nothing raises where every a of a sample is
  close to where exp ends, -104 to -90 in float32, -745 to -715 in float64, and there y has fewer
  digits.
- Results go into arrays that were made once, and constants stand in arrays too: NumPy would have
  to convert a number at each call.
"""

from functools import partial

import numpy as np

from nnlib import activations


class Buffers:
    """Backpropagation for batches with a fixed number of rows.

    `program(X, T)` is a list of calls that fill `weights.gradient` with scale · ∂E/∂M, for X
    (rows, I + 1) `with_constant` and T (rows, F) prepared by `targets`. Inside of `overflow_raises()`
    it may raise a FloatingPointError: then `program(X, T, careful=True)`, run where nothing raises,
    does the same.
    """

    def __init__(self, weights, rows, error, scale=1.0):
        layers = weights.network.layers
        # The output of each layer. The last one takes its weighted sums.
        Ys = [np.empty((rows, M.shape[1]), weights.network.dtype) for M in weights.matrices]
        self._into_first = weights.matrices[0], Ys[0]
        self._forward = []
        for layer, Y, M, A in zip(layers, Ys, weights.matrices[1:], Ys[1:], strict=False):
            self._forward += [*_activate(layer, Y), (Y.dot, (M, A))]
        self.targets, self._output_delta, delta = _output_delta(layers[-1].activation, error, Ys[-1], scale)
        self._backward = []
        upper = zip(layers, Ys, weights.matrices[1:], weights.slopes[1:], strict=False)
        for layer, Y, M, slope in reversed(list(upper)):
            D = np.empty_like(Y)
            self._backward += [(Y.T.dot, (delta, slope)), (delta.dot, (M.T, D))]
            self._backward += _times_derivative(layer, Y, D)
            delta = D
        self._from_first = delta, weights.slopes[0]

    def program(self, X, T, careful=False):
        return [
            (X.dot, self._into_first), *self._forward,  # 1. forward
            *self._output_delta(T, careful),  # 2. output deltas
            *self._backward,  # 3. hidden deltas, and of each upper layer 4. the gradient
            (X.T.dot, self._from_first),
        ]  # fmt: skip


def run(program):
    """Make the calls of a program, one after the other."""
    for function, arguments in program:
        function(*arguments)


def with_constant(X):
    """X (N, I) with the constant input: a further last column of ones."""
    return np.concatenate((X, np.ones((len(X), 1), X.dtype)), axis=1)


def overflow_raises():
    """The context in which a program notices that it has to be done with care."""
    return np.errstate(over="raise", divide="raise", invalid="raise", under="ignore")


def _activate(layer, Y):
    """Calls for Y ← g(Y) of a hidden layer, with the constants in its further columns."""
    neurons, zeros, ones = len(layer.W), np.zeros_like(Y), np.ones_like(Y)

    def any_function():
        Y[:] = layer.activation.function(Y)
        Y[:, neurons:] = 0
        Y[:, neurons] = 1

    return {
        activations.tanh: [(np.tanh, (Y, Y))],
        # exp overflows to infinity for a below -700, and 1 / infinity is the right answer.
        activations.sigmoid: [
            (np.negative, (Y, Y)), (np.exp, (Y, Y)), (np.add, (Y, ones, Y)), (np.reciprocal, (Y, Y))
        ],
        activations.relu: [(partial(np.maximum, out=Y), (Y, zeros))],
    }.get(layer.activation, [(any_function, ())])  # fmt: skip


def _times_derivative(layer, Y, D):
    """Calls for D ← D ⊙ g'(A), from Y = g(A). Of the constants it is 0: they learn nothing."""
    spare = np.empty_like(D)
    constants = D[:, len(layer.W) :]

    def any_derivative():
        np.multiply(D, layer.activation.from_output(Y), D)

    return {
        # D (1 - Y²)
        activations.tanh: [
            (np.multiply, (D, Y, spare)), (np.multiply, (spare, Y, spare)), (np.subtract, (D, spare, D))
        ],
        # D (Y - Y²)
        activations.sigmoid: [
            (np.multiply, (D, Y, D)), (np.multiply, (D, Y, spare)), (np.subtract, (D, spare, D))
        ],
        activations.relu: [(np.sign, (Y, spare)), (np.multiply, (D, spare, D)), (constants.fill, (0,))],
    }.get(layer.activation, [(any_derivative, ()), (constants.fill, (0,))])  # fmt: skip


def _output_delta(g, error, A, scale):
    """A function that prepares T once; one that gives the calls from T, prepared, and the sums in A to
    D = scale · Δ; and D.

    No call here works in place: on an array of one number, one output of one sample, NumPy takes
    four times as long for that.
    """
    spare, D = np.empty_like(A), np.empty_like(A)

    def same(T):
        return T

    def scaled(T):
        return (scale * T).astype(A.dtype)

    # scale · (y - t) with y = exp(a) / Σ: the sum is divided by scale, and t is multiplied by it.
    ones = np.full((A.shape[1], A.shape[1]), 1 / scale, A.dtype)

    def softmax(T, careful):
        with_care = [(_subtract_largest, (A,))] if careful else []
        # The product gives the sum of a row, once for each column.
        return [
            *with_care, (np.exp, (A, D)), (D.dot, (ones, spare)),
            (np.divide, (D, spare, A)), (np.subtract, (A, T, D)),
        ]  # fmt: skip

    # The sigmoid is (tanh(a / 2) + 1) / 2, so scale · (y - t) = h tanh(a / 2) - h (2 t - 1).
    half, h = np.full_like(A, 0.5), np.full_like(A, 0.5 * scale)

    def around_zero(T):
        return (0.5 * scale * (2 * T - 1)).astype(A.dtype)

    def sigmoid(T, careful):
        return [
            (np.multiply, (A, half, spare)), (np.tanh, (spare, D)), (np.multiply, (D, h, spare)),
            (np.subtract, (spare, T, D)),
        ]  # fmt: skip

    scales = np.full_like(A, scale)

    def identity(T, careful):
        return [(np.subtract, (A, T, spare)), (np.multiply, (spare, scales, D))]

    def sum_of_squares_after(T):
        Y = g.function(A)
        difference = Y - T
        if g.name == "softmax":  # δ_k = y_k (e_k - Σ_j e_j y_j)
            difference -= np.sum(difference * Y, axis=1, keepdims=True)
            np.multiply(difference, Y, spare)
        else:
            np.multiply(difference, g.from_output(Y), spare)
        np.multiply(spare, scales, D)

    if error == "cross_entropy":
        return (scaled, softmax, D) if g.name == "softmax" else (around_zero, sigmoid, D)
    if g == activations.identity:
        return same, identity, D
    return same, lambda T, careful: [(sum_of_squares_after, (T,))], D


def _subtract_largest(A):
    np.subtract(A, A.max(axis=1, keepdims=True), A)
