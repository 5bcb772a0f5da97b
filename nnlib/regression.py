"""Unit 1: linear regression and multi-class logistic regression, as on the slides.

Both are one weighted sum per output, y = g(Wx), and both have the gradient

    ∂Eⁿ/∂W = (yⁿ - tⁿ) xⁿᵀ        one sample: an outer product, (F, D)
    ∂E/∂W  = (Y - T)ᵀ X            a batch: the sum of the samples' gradients, (F, D)

    linear      g(a) = a            E = 1/2 Σₙ |yⁿ - tⁿ|²         slide "Linear Regression"
    logistic    g = softmax         E = - Σₙ Σ_f t_f ln y_f       slide "Multi-Class Logistic Regression"

The slides have no bias: `with_constant` adds the input 1 whose weight the bias is.
"""

from dataclasses import dataclass

import numpy as np

from nnlib import errors
from nnlib.activations import softmax
from nnlib.arguments import finite, learning_rate, one_hot_rows, samples, shaped, whole_number


def with_constant(X):
    """X with a further last column of ones, whose weight is the bias: (N, D) -> (N, D + 1).

    A sample (D,) becomes (D + 1,). Raises ValueError for other shapes and values that are not finite.
    """
    X = finite(X, "X", ndim=(1, 2))
    return np.concatenate((X, np.ones(X.shape[:-1] + (1,), X.dtype)), axis=-1)


@dataclass(frozen=True)
class Regression:
    """y = g(Wx) with an error whose gradient is (y - t) xᵀ. Use `linear` or `logistic`.

    All methods take one sample, x (D,) and t (F,), or a batch, X (N, D) and T (N, F), and raise a
    `ValueError` for shapes that do not fit W (F, D) and for values that are not finite.
    """

    name: str

    def output(self, W, X):
        """Y = g(X Wᵀ), (N, F); for one sample y = g(Wx), (F,)."""
        W, X = _weights_and_inputs(W, X)
        return self._activation(X @ W.T)

    def error(self, W, X, T):
        """E summed over samples, a number: 1/2 Σ |y - t|², or - Σ t ln y for one-hot T."""
        W, X, T = self._data(W, X, T)
        if self.name == "linear":
            return errors.sum_of_squares(X @ W.T, T)
        return errors.cross_entropy(X @ W.T, T, from_pre_activations=True)

    def gradient(self, W, X, T):
        """∂E/∂W, shaped like W: (y - t) xᵀ for one sample, (Y - T)ᵀ X for a batch."""
        W, X, T = self._data(W, X, T)
        delta = self._activation(X @ W.T) - T
        return np.outer(delta, X) if X.ndim == 1 else delta.T @ X

    def _activation(self, A):
        return A if self.name == "linear" else softmax(A)

    def _data(self, W, X, T):
        W, X = _weights_and_inputs(W, X)
        shape = X.shape[:-1] + (len(W),)
        if self.name == "logistic":
            return W, X, one_hot_rows(T, "T", shape)
        return W, X, shaped(T, "T", shape, f" to fit X {X.shape} and W {W.shape}")


linear = Regression("linear")
logistic = Regression("logistic")


def _weights_and_inputs(W, X):
    W = finite(W, "W", ndim=2)
    X = finite(X, "X", ndim=(1, 2))
    if X.shape[-1] != W.shape[1]:
        raise ValueError(
            f"X has shape {X.shape} and W has shape {W.shape}: "
            f"W (F, D) needs as many columns as x has inputs, D = {X.shape[-1]}."
        )
    if X.size == 0:
        raise ValueError(f"X is an empty batch of shape {X.shape}: it needs at least one row.")
    return W, X


def least_squares(X, T):
    """The W (F, D) that minimises the sum of squares, in closed form.

    At the minimum the gradient vanishes, (X Wᵀ - T)ᵀ X = 0, hence Xᵀ X Wᵀ = Xᵀ T, the normal
    equations. They are solved by NumPy's `lstsq`, which stays accurate where Xᵀ X is nearly
    singular and takes the shortest W where many fit. X (N, D) and T (N, F).

    Raises ValueError for other shapes, an empty batch, or values that are not finite.
    """
    X = samples(X, "X")
    T = finite(T, "T", ndim=2)
    if len(X) != len(T):
        raise ValueError(f"X has {len(X)} rows and T has {len(T)}: one sample a row in both.")
    return np.linalg.lstsq(X, T, rcond=None)[0].T


@dataclass(frozen=True)
class Descent:
    """The path of gradient descent: weights (epochs + 1, F, D) and errors (epochs + 1,), from the start."""

    weights: np.ndarray
    errors: np.ndarray

    @property
    def W(self):
        """The weights after the last step, (F, D)."""
        return self.weights[-1]


def gradient_descent(regression, X, T, alpha, epochs, W=None):
    """W(t+1) = W(t) - α ∂E/∂W(t), from `W` or zeros: the slide "Weight Update".

    One step an epoch, with the gradient of all samples. E is a sum, so the gradient grows with N
    and α has to shrink with it. Returns a `Descent`.

    Raises
    ------
    ValueError: α outside of 0 < α <= 1, epochs below 1, shapes that do not fit, or weights or sums that
    overflow, because α is too large.
    """
    alpha, epochs = learning_rate(alpha), whole_number(epochs, "epochs", at_least=1)
    X = samples(X, "X")
    T = finite(T, "T", ndim=2)
    W = np.zeros((T.shape[1], X.shape[1])) if W is None else finite(W, "W", ndim=2)
    weights, history = [W], [regression.error(W, X, T)]
    for epoch in range(1, epochs + 1):
        with np.errstate(over="ignore", invalid="ignore"):
            W = W - alpha * regression.gradient(W, X, T)
            diverged = not np.isfinite(W).all() or not np.isfinite(np.square(X @ W.T).sum())
        if diverged:
            raise ValueError(
                f"Gradient descent diverged in epoch {epoch}: α = {alpha:g} is too large "
                "for this E, which is summed over all samples. Try a tenth of it."
            )
        weights.append(W)
        history.append(regression.error(W, X, T))
    return Descent(np.array(weights), np.array(history))
