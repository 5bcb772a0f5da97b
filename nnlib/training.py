"""Training: gradient descent on the weights of a network. Unit 4, slide "Batch vs. Stochastic".

    batch         w ← w - α ∂E/∂w       E over all samples, one step an epoch
    mini-batch    w ← w - α ∂E/∂w       E over the n samples of a batch
    online        w ← w - α ∂Eⁿ/∂w      one sample at a time
    momentum      v ← μ v + α ∂E/∂w,  w ← w - v                       μ = 0.9
    adam          m ← β₁ m + (1 - β₁) ∂E/∂w,  s ← β₂ s + (1 - β₂) (∂E/∂w)²
                  w ← w - α m̂ / (√ŝ + 1e-8)                           β₁ = 0.9, β₂ = 0.999

E is summed over the samples of a step, so a larger batch wants a smaller α. Momentum: Polyak, 1964.
Adam: Kingma and Ba, 2015, with m̂ and ŝ corrected for their start at 0.
"""

import sys
from dataclasses import dataclass, field

import numpy as np

from nnlib.arrays import learning_rate, whole_number
from nnlib.backpropagation import checked_samples, output_error
from nnlib.buffered import Buffers, FlatWeights, overflow_raises, with_constant


@dataclass
class History:
    """What happened: one entry an epoch, and why training ended."""

    error: list = field(default_factory=list)
    """E of the training samples, summed."""
    accuracy: list = field(default_factory=list)
    """Share of training samples in the right class; empty unless the error is a cross-entropy."""
    validation_error: list = field(default_factory=list)
    """E of the validation samples, if there are any."""
    end: str = "all epochs"
    """Why: "all epochs", "no progress" (early stop) or "interrupted" (Ctrl-C)."""

    def __repr__(self):
        reached = f"E = {self.error[-1]:.4g}" if self.error else "no epoch done"
        if self.accuracy:
            reached += f", accuracy {self.accuracy[-1]:.1%}"
        return f"<{len(self.error)} epochs ({self.end}): {reached}>"


class Diverged(ValueError):
    """Training left the numbers: α is too large. `history` holds the epochs before."""

    def __init__(self, epoch, alpha, history):
        self.history = history
        super().__init__(
            f"Training diverged in epoch {epoch}: E is no longer a finite number. "
            f"α = {alpha:g} is too large here, choose a smaller one; "
            "the network keeps the weights of the epoch before."
        )


def train(
    network, X, T, error="sum_of_squares", alpha=0.1, epochs=100, batch_size=None,
    method="gradient_descent", rng=None, validation=None, patience=None,
):  # fmt: skip
    """Change the weights of `network` until they fit X (N, I) and T (N, F).

    Parameters
    ----------
    error: as in `backpropagate`.
    alpha: learning rate, 0 < α <= 1.
    batch_size: samples a step: None for all (batch), 1 for online, n for mini-batches.
    method: "gradient_descent", "momentum" or "adam".
    rng: a seed or generator that shuffles the samples before each epoch. The same seed gives the
        same weights, bit for bit.
    validation: a pair (X, T) that is watched and never learnt from.
    patience: stop early after so many epochs without a smaller error, of the validation samples if
        there are any, and go back to the weights of the best epoch.

    A bar appears if it takes longer than two seconds. Ctrl-C ends the training early and returns
    what was learnt so far.

    Returns
    -------
    a `History`.

    Raises
    ------
    ValueError: as `backpropagate`; α, epochs, batch_size or patience out of range; an unknown
    method. Diverged (a ValueError) if E is no longer finite.
    """
    X, T = checked_samples(network, X, T, error)
    alpha, epochs = learning_rate(alpha), whole_number(epochs, "epochs", 1)
    batch_size = len(X) if batch_size is None else whole_number(batch_size, "batch_size", 1)
    patience = epochs if patience is None else whole_number(patience, "patience", 1)
    if method not in STEPS:
        raise ValueError(f"There is no method {method!r}; there are {', '.join(STEPS)}.")
    watched = None if validation is None else checked_samples(network, *validation, error)

    weights = FlatWeights(network)
    scale, step = STEPS[method](weights, alpha)
    run_epoch = _epoch(weights, X, T, error, scale, step, batch_size, np.random.default_rng(rng))
    history = History()
    best, best_values, best_epoch = np.inf, weights.values.copy(), 0
    last_values = weights.values.copy()
    try:
        for epoch in _bar(epochs, history):
            run_epoch()
            weights.write_back()
            E = _record(history, network, X, T, error, watched)
            if not np.isfinite(E):
                weights.values[:] = last_values
                raise Diverged(epoch, alpha, _without_last(history))
            last_values[:] = weights.values
            if E < best:
                best, best_epoch = E, epoch
                best_values[:] = weights.values
            elif epoch - best_epoch >= patience:
                history.end = "no progress"
                weights.values[:] = best_values
                break
    except KeyboardInterrupt:
        history.end = "interrupted"
        print(f"Interrupted after {len(history.error)} epochs: the network keeps what it learnt.")
    finally:
        weights.write_back()
    return history


def _epoch(weights, X, T, error, scale, step, batch_size, rng):
    """A function that goes once through all samples, in a new order if there are several steps."""
    X = with_constant(X)
    buffers = {}
    batches = []
    T = Buffers(weights, 1, error, scale).targets(T)
    inputs, targets = X.copy(), T.copy()
    for start in range(0, len(X), batch_size):
        rows = slice(start, min(start + batch_size, len(X)))
        size = rows.stop - rows.start
        if size not in buffers:
            buffers[size] = Buffers(weights, size, error, scale)
        of_size = buffers[size]
        samples = inputs[rows], inputs[rows].T, targets[rows]
        batches.append((of_size.gradient, of_size.careful_gradient, samples))

    def run():
        if len(batches) > 1:
            order = rng.permutation(len(X))
            X.take(order, 0, inputs)
            T.take(order, 0, targets)
        with overflow_raises():
            for gradient, careful_gradient, samples in batches:
                try:
                    gradient(*samples)
                except FloatingPointError:
                    careful_gradient(*samples)
                step()

    return run


def _gradient_descent(weights, alpha):
    values, gradient = weights.values, weights.gradient

    def step():
        np.subtract(values, gradient, values)

    return alpha, step


def _momentum(weights, alpha, mu=0.9):
    values, gradient = weights.values, weights.gradient
    velocity = np.zeros_like(values)
    mu = values.dtype.type(mu)

    def step():
        np.multiply(velocity, mu, velocity)
        np.add(velocity, gradient, velocity)
        np.subtract(values, velocity, values)

    return alpha, step


def _adam(weights, alpha, beta1=0.9, beta2=0.999):
    values, gradient = weights.values, weights.gradient
    mean, square, change = (np.zeros_like(values) for _ in range(3))
    number = values.dtype.type
    done = 0

    def step():
        nonlocal done
        done += 1
        np.multiply(mean, number(beta1), mean)
        np.multiply(gradient, number(1 - beta1), change)
        np.add(mean, change, mean)
        np.multiply(square, number(beta2), square)
        np.multiply(gradient, gradient, change)
        np.multiply(change, number(1 - beta2), change)
        np.add(square, change, square)
        np.divide(square, number(1 - beta2**done), change)
        np.sqrt(change, change)
        np.add(change, number(1e-8), change)
        np.divide(mean, change, change)
        np.multiply(change, number(alpha / (1 - beta1**done)), change)
        np.subtract(values, change, values)

    return 1.0, step


STEPS = {"gradient_descent": _gradient_descent, "momentum": _momentum, "adam": _adam}
"""Of each method: the scale of the gradient that it wants, and one step with that gradient."""


def _record(history, network, X, T, error, watched):
    """Append to the history; returns the error that early stopping looks at."""
    with np.errstate(all="ignore"):
        E, accuracy = _measure(network, X, T, error)
        history.error.append(E)
        if accuracy is not None:
            history.accuracy.append(accuracy)
        if watched and np.isfinite(E):
            E, _ = _measure(network, *watched, error)
            history.validation_error.append(E)
    return E


def _measure(network, X, T, error):
    """E and the share of samples in the right class, None if there are no classes."""
    *hidden, output = network.layers
    for layer in hidden:
        X = layer.activation(layer.weighted_sums(X))
    A = output.weighted_sums(X)
    if not np.isfinite(A).all():
        return np.nan, None
    if error == "cross_entropy" and output.activation.name == "softmax":
        return _softmax_error(A.T.copy(), T.T)
    Y = output.activation(A)
    E = float(output_error(network, A, Y, T, error))
    return E, float(np.mean((Y > 0.5) == (T > 0.5))) if error == "cross_entropy" else None


def _softmax_error(A, T):
    """The same as `errors.cross_entropy` and argmax, with one class a row: many times faster."""
    highest = A.max(axis=0)
    true = np.einsum("kn,kn->n", A, T)
    A -= highest
    E = np.log(np.exp(A).sum(axis=0)).sum() + (highest - true).sum()
    return float(E), float(np.mean(true == highest))


def _without_last(history):
    history.error.pop()
    return history


def _bar(epochs, history):
    """The numbers 1 .. epochs, with a bar if they take long."""
    from tqdm.auto import tqdm

    # On stdout: a notebook shows stderr in red, and nbgrader takes it for a failure.
    with tqdm(range(1, epochs + 1), unit="epoch", delay=2, file=sys.stdout) as bar:
        for epoch in bar:
            yield epoch
            if bar.n % 16 == 0:
                bar.set_postfix_str(f"E = {history.error[-1]:.4g}", refresh=False)
