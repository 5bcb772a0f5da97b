"""Backpropagation in buffers: the four steps of `nnlib.backpropagation` once more, for speed.

Read `backpropagate` first, a test holds both equal. At the size of a course most of the time goes into
calling NumPy, not into arithmetic. So this module calls it less, and does all else beforehand:

- The four steps are written down once for each batch, as a program: a list of calls, each a function
  with its arguments. To run it is one short loop.
- Weights and biases lie as `FlatWeights` has them.
- The products that make the gradients also add them to the vector that the method names: see
  `nnlib.fast.blas` and `nnlib.fast.methods`. For gradient descent these are the weights, and no update is
  left to do.
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
from nnlib.fast import blas


class Buffers:
    """Backpropagation for batches with a fixed number of rows.

    `program(X, T)` is a list of calls that add ∂E/∂M to `step.vector`, for X (rows, I + 1)
    `with_constant` and T (rows, F) prepared by `targets`. Inside of `overflow_raises()` it may raise
    a FloatingPointError, and then it has changed no weight yet: `program(X, T, careful=True)`, run
    where nothing raises, does the same. Run `step.update` after it.
    """

    def __init__(self, weights, rows, error, step):
        layers, matrices = weights.network.layers, weights.matrices
        # The output of each layer. The last one takes its weighted sums.
        Ys = [np.empty((rows, M.shape[1]), M.dtype) for M in matrices]
        self.targets, self._output_delta, delta = _output_delta(layers[-1].activation, error, Ys[-1])
        deltas = [*(np.empty_like(Y) for Y in Ys[:-1]), delta]
        lower = list(zip(layers, Ys, deltas, matrices[1:], strict=False))

        self._first_product = matrices[0], Ys[0]
        self._forward = []
        for (layer, Y, _, M), A in zip(lower, Ys[1:], strict=True):
            self._forward += _activate(layer, Y) + blas.product(Y, M, A)
        self._hidden_deltas = []
        for (layer, Y, D, M), delta in zip(reversed(lower), reversed(deltas[1:]), strict=True):
            self._hidden_deltas += blas.product(delta, M.T, D) + _times_derivative(layer, Y, D)
        first, *upper = (
            (D, slope, step.scale, step.keep, np.empty_like(slope))
            for D, slope in zip(deltas, weights.by_layer(step.vector), strict=True)
        )
        self._first_gradient, self._upper_gradients = first, []
        for Y, gradient in zip(Ys, upper, strict=False):
            self._upper_gradients += blas.product(Y.T, *gradient)

    def program(self, X, T, careful=False):
        return [
            *blas.product(X, *self._first_product), *self._forward,  # 1. forward
            *self._output_delta(T, careful),  # 2. output deltas
            *self._hidden_deltas,  # 3. hidden deltas
            *self._upper_gradients, *blas.product(X.T, *self._first_gradient),  # 4. gradients
        ]  # fmt: skip


def run(program):
    """Make the calls of a program, one after the other."""
    for function, arguments in program:
        function(*arguments)


def overflow_raises():
    """The context in which overflow in a program raises FloatingPointError."""
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
            (np.multiply, (D, Y, spare)), (np.multiply, (spare, Y, spare)), blas.add(spare, D, -1.0)
        ],
        # D (Y - Y²)
        activations.sigmoid: [
            (np.multiply, (D, Y, D)), (np.multiply, (D, Y, spare)), blas.add(spare, D, -1.0)
        ],
        activations.relu: [(np.sign, (Y, spare)), (np.multiply, (D, spare, D)), (constants.fill, (0,))],
    }.get(layer.activation, [(any_derivative, ()), (constants.fill, (0,))])  # fmt: skip


def _output_delta(g, error, A):
    """How the output deltas Δ = ∂E/∂A are computed: a pair of functions and the array D for Δ.

    prepare(T) changes T once for all epochs. calls(T, careful) lists the calls that compute D from the
    prepared T and the weighted sums in A. They never work in place on A or D where NumPy is called:
    on an array of a single number that takes four times as long.
    """
    D, exponentials, sums = (np.empty_like(A) for _ in range(3))

    def same(T):
        return T

    ones = np.ones((A.shape[1], A.shape[1]), A.dtype)

    def softmax(T, careful):
        with_care = [(_subtract_largest, (A,))] if careful else []
        # The product gives the sum of a row, once for each column.
        return [
            *with_care, (np.exp, (A, exponentials)), *blas.product(exponentials, ones, sums),
            (np.divide, (exponentials, sums, D)), blas.add(T, D, -1.0),
        ]  # fmt: skip

    # The sigmoid is (tanh(a / 2) + 1) / 2, so y - t = tanh(a / 2) / 2 - (t - 1 / 2).
    def around_zero(T):
        return T - T.dtype.type(0.5)

    def sigmoid(T, careful):
        return [blas.multiply(A, 0.5), (np.tanh, (A, D)), blas.multiply(D, 0.5), blas.add(T, D, -1.0)]

    def identity(T, careful):
        return [(np.subtract, (A, T, D))]

    def sum_of_squares_after(T):
        Y = g.function(A)
        difference = Y - T
        if g.name == "softmax":  # δ_k = y_k (e_k - Σ_j e_j y_j)
            difference -= np.sum(difference * Y, axis=1, keepdims=True)
            np.multiply(difference, Y, D)
        else:
            np.multiply(difference, g.from_output(Y), D)

    if error == "cross_entropy":
        return (same, softmax, D) if g.name == "softmax" else (around_zero, sigmoid, D)
    if g == activations.identity:
        return same, identity, D
    return same, lambda T, careful: [(sum_of_squares_after, (T,))], D


def _subtract_largest(A):
    np.subtract(A, A.max(axis=1, keepdims=True), A)
