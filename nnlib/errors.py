"""Error functions E(Y, T), summed over samples and outputs, never averaged.

    sum of squares     E = 1/2 Σₙ Σ_k (y_k - t_k)²                       ∂E/∂y = y - t
    cross-entropy      E = - Σₙ Σ_k t_k ln y_k            (one-hot t)    ∂E/∂a = y - t for softmax
    two-class          E = - Σₙ Σ_k t_k ln y_k + (1 - t_k) ln(1 - y_k)   ∂E/∂a = y - t for sigmoid

Y and T have shape (F,) or (N, F). Slides "Linear Regression", "Multi-Class Logistic Regression".
"""

import numpy as np

from nnlib.arguments import finite, one_hot_rows, shaped


def sum_of_squares(Y, T):
    """E = 1/2 Σ (y - t)², a number, for Y and T of one shape.

    Raises
    ------
    ValueError: shapes that differ, or values that are not finite.
    """
    Y = finite(Y, "Y")
    difference = Y - shaped(T, "T", Y.shape, " like the output Y")
    return 0.5 * np.sum(difference * difference)


def cross_entropy(Y, T, from_pre_activations=False):
    """E = - Σ t ln y for one-hot T, a number.

    Y holds probabilities, the output of softmax. With `from_pre_activations` it holds the weighted
    sums a before softmax instead: ln y_k = a_k - ln Σ_j exp(a_j), which stays exact where y itself
    is rounded to 0 and its logarithm is lost.

    Raises
    ------
    ValueError: shapes that differ, T not one-hot, or a y outside of 0 .. 1.
    """
    Y = finite(Y, "Y", ndim=(1, 2))
    T = one_hot_rows(T, "T", Y.shape)
    if from_pre_activations:
        highest = Y.max(axis=-1, keepdims=True)
        totals = np.log(np.sum(np.exp(Y - highest), axis=-1, keepdims=True))
        # Where t = 0 the term is 0, whatever a is.
        return np.sum(np.where(T > 0, totals + highest - Y, 0))
    return -np.sum(_logarithm(np.sum(_probabilities(Y) * T, axis=-1)))


def two_class_cross_entropy(Y, T, from_pre_activations=False):
    """E = - Σ t ln y + (1 - t) ln(1 - y) for T of zeros and ones, each output by itself.

    Y holds probabilities, the outputs of the logistic sigmoid, or with `from_pre_activations` the
    weighted sums a before it: E = Σ ln(1 + exp(a)) - t a, computed without overflow.

    Raises
    ------
    ValueError: shapes that differ, a t that is neither 0 nor 1, or a y outside of 0 .. 1.
    """
    Y = finite(Y, "Y")
    T = shaped(T, "T", Y.shape, " like the output Y")
    if np.any((T != 0) & (T != 1)):
        raise ValueError("T must hold zeros and ones: the two-class cross-entropy needs classes.")
    if from_pre_activations:
        return np.sum(np.maximum(Y, 0) - T * Y + np.log1p(np.exp(-np.abs(Y))))
    Y = _probabilities(Y)
    return -np.sum(_logarithm(np.where(T == 1, Y, 1 - Y)))


def _logarithm(y):
    # A probability that was rounded to 0 counts as the smallest normal number: E stays finite.
    return np.log(np.maximum(y, np.finfo(y.dtype).tiny))


def _probabilities(Y):
    if np.any((Y < 0) | (Y > 1)):
        raise ValueError(
            f"Y must hold probabilities in 0 .. 1, but reaches from {Y.min():g} to {Y.max():g}; "
            "for weighted sums pass from_pre_activations=True."
        )
    return Y
