"""Training: gradient descent on the weights of a network. Unit 4, slide "Batch vs. Stochastic".

    batch         w ← w - α ∂E/∂w       E over all samples, one step an epoch
    mini-batch    w ← w - α ∂E/∂w       E over the n samples of a batch
    online        w ← w - α ∂Eⁿ/∂w      one sample at a time

E is summed over the samples of a step, so a larger batch wants a smaller α. Momentum and Adam take
other steps with the same gradients: see `nnlib.fast.methods`.
"""

import sys

import numpy as np

from nnlib.arguments import generator, learning_rate, whole_number
from nnlib.backpropagation import checked_samples
from nnlib.fast.flat_weights import FlatWeights
from nnlib.fast.methods import METHODS
from nnlib.fast.programs import Buffers, overflow_raises, run, with_constant
from nnlib.history import Diverged, History


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
    ValueError: as `backpropagate`; α, epochs, batch_size, patience or rng out of range; an unknown
    method. Diverged (a ValueError) if E or a weight is no longer finite.
    """
    X, T = checked_samples(network, X, T, error)
    alpha, epochs = learning_rate(alpha), whole_number(epochs, "epochs", 1)
    batch_size = len(X) if batch_size is None else whole_number(batch_size, "batch_size", 1)
    patience = epochs if patience is None else whole_number(patience, "patience", 1)
    if method not in list(METHODS):
        raise ValueError(f"There is no method {method!r}; there are {', '.join(METHODS)}.")
    watched = None if validation is None else _validation_samples(network, validation, error)

    weights = FlatWeights(network)
    descent = METHODS[method](weights.values, alpha)
    run_epoch = _epoch(weights, X, T, error, descent, batch_size, generator(rng))
    history = History()
    best, best_values, best_epoch = np.inf, weights.values.copy(), 0
    done, last_values = 0, weights.values.copy()
    try:
        for epoch in _bar(epochs, history):
            run_epoch()
            weights.write_back()
            E = history.record(network, (X, T), error, watched)
            if not (np.isfinite(E) and np.isfinite(weights.values).all()):
                raise FloatingPointError
            done, last_values[:] = epoch, weights.values
            if E < best:
                best, best_epoch = E, epoch
                best_values[:] = weights.values
            elif epoch - best_epoch >= patience:
                history.end = "no progress"
                weights.values[:] = best_values
                break
    except FloatingPointError:
        weights.values[:] = last_values
        history.keep(done)
        raise Diverged(done + 1, alpha, history) from None
    except KeyboardInterrupt:
        if not np.isfinite(weights.values).all():
            weights.values[:] = last_values
        history.keep(done)
        history.end = "interrupted"
        print(f"Interrupted after {done} epochs: the network keeps what it learnt.")
    finally:
        weights.write_back()
    return history


def _validation_samples(network, validation, error):
    try:
        X, T = validation
        return checked_samples(network, X, T, error)
    except (TypeError, ValueError) as problem:
        raise ValueError(f"validation must be a pair (X, T) that fits the network: {problem}") from None


def _epoch(weights, X, T, error, descent, batch_size, rng):
    """A function that goes once through all samples, in a new order if there are several steps.

    It raises FloatingPointError where a step leaves the numbers.
    """
    X = with_constant(X)
    buffers = {}
    batches = []
    T = Buffers(weights, 1, error, descent).targets(T)
    inputs, targets = X.copy(), T.copy()
    for start in range(0, len(X), batch_size):
        rows = slice(start, min(start + batch_size, len(X)))
        size = rows.stop - rows.start
        if size not in buffers:
            buffers[size] = Buffers(weights, size, error, descent)
        samples = inputs[rows], targets[rows]
        batches.append((buffers[size].program(*samples), buffers[size], samples))

    def run_epoch():
        if len(batches) > 1:
            order = rng.permutation(len(X))
            X.take(order, 0, inputs)
            T.take(order, 0, targets)
        with overflow_raises():
            for program, of_size, samples in batches:
                try:
                    run(program)
                except FloatingPointError:
                    with np.errstate(all="ignore"):
                        run(of_size.program(*samples, careful=True))
                if descent.update:
                    run(descent.update)

    return run_epoch


def _bar(epochs, history):
    """The numbers 1 .. epochs, with a bar if they take long."""
    from tqdm.auto import tqdm

    # On stdout: a notebook shows stderr in red, and nbgrader takes it for a failure.
    with tqdm(range(1, epochs + 1), unit="epoch", delay=2, file=sys.stdout) as bar:
        for epoch in bar:
            yield epoch
            if bar.n % 16 == 0:
                bar.set_postfix_str(f"E = {history.error[-1]:.4g}", refresh=False)
