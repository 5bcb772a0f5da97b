"""Training: gradient descent on the weights of a network. Unit 4, slide "Batch vs. Stochastic".

    batch         w ← w - α ∂E/∂w       E over all samples, one step an epoch
    mini-batch    w ← w - α ∂E/∂w       E over the samples of a batch
    online        w ← w - α ∂Eⁿ/∂w      one sample at a time

E is summed over the samples of a step, so a larger batch wants a smaller α. `plain_epoch` shows
one epoch; `train` takes the same steps, computed faster by `nnlib.fast`, and records how they go.
"""

import sys
from dataclasses import dataclass, field

import numpy as np

from nnlib.arguments import learning_rate, random_generator, whole_number
from nnlib.backpropagation import backpropagate, checked_samples
from nnlib.fast.epochs import FastEpochs
from nnlib.fast.measures import error_and_accuracy


def plain_epoch(
    network, X, T, error="sum_of_squares", alpha=0.1, batch_size=None,
    method="gradient_descent", rng=None,
):  # fmt: skip
    """Go once through the samples X (N, I) and T (N, F), with one step of the weights for each batch.

        w ← w - Δw        Δw = α ∂E/∂w for gradient descent

    The arguments are those of `train`, and it raises what `train` raises for them. For several epochs
    pass a `Method` and a generator, not a name and a seed: both keep a state from epoch to epoch.
    """
    X, T = checked_samples(network, X, T, error)
    alpha, batch_size, method = _checked_step(alpha, batch_size, method, X)
    weights = [w for layer in network.layers for w in (layer.W, layer.b)]
    order = np.arange(len(X))
    if batch_size < len(X):
        order = random_generator(rng).permutation(len(X))
    for start in range(0, len(X), batch_size):
        batch = order[start : start + batch_size]
        _, gradients = backpropagate(network, X[batch], T[batch], error)
        changes = method.changes([dE_dw for pair in gradients for dE_dw in pair], alpha)
        for w, change in zip(weights, changes, strict=True):
            w -= change


class Method:
    """How a step follows the gradient, for the weights of a network or the variables of a tape.

    An object keeps what its formula takes from one step to the next (`memory`, and Adam `steps`): use
    it again and training goes on where it stopped, another network or other variables want a new one.
    """

    remembers = 0
    """How many arrays it keeps for each array of weights: 1 velocity, 2 moving averages."""

    def __init__(self):
        self.memory, self.steps = [], 0

    def changes(self, gradients, alpha):
        """The change Δw that a step subtracts from each array of weights, for a list of their ∂E/∂w."""
        self.prepare(gradients)
        return [self.change(g, alpha, *kept) for g, kept in zip(gradients, self.memory, strict=True)]

    def change(self, dE_dw, alpha, *kept):
        """Δw of one array, by the formula of the class; `kept` are the arrays that it remembers."""
        raise NotImplementedError

    def step(self, variables, alpha):
        """w ← w - Δw for a list of `nnlib.differentiation.Variable`s after `backward`.

        Their gradients are cleared. Raises ValueError for α outside of 0 < α <= 1, a variable without
        a gradient, and other variables than in the steps before.
        """
        alpha, variables = learning_rate(alpha), list(variables)
        for number, variable in enumerate(variables):
            if variable.gradient is None:
                raise ValueError(f"Variable {number} has no gradient: call backward() before each step.")
        changes = self.changes([variable.gradient for variable in variables], alpha)
        for variable, change in zip(variables, changes, strict=True):
            variable.assign(variable.value - change)

    def prepare(self, weights):
        """Make `memory` at the first step. Raises ValueError if it belongs to other arrays of weights."""
        if not self.memory or not self.remembers:
            self.memory = [tuple(np.zeros_like(w) for _ in range(self.remembers)) for w in weights]
        kept = [(arrays[0].shape, arrays[0].dtype) for arrays in self.memory if arrays]
        if kept and kept != [(w.shape, w.dtype) for w in weights]:
            raise ValueError(
                f"This {type(self).__name__} has taken steps on other weights, of shapes "
                f"{[shape for shape, _ in kept]}: make a new one for weights of shapes "
                f"{[w.shape for w in weights]}."
            )


class GradientDescent(Method):
    """Δw = α ∂E/∂w. Slide "Weight Update"."""

    def change(self, dE_dw, alpha):
        return alpha * dE_dw


class Momentum(Method):
    """Δw = v with v ← μ v + α ∂E/∂w, μ = 0.9. Polyak, 1964."""

    remembers, mu = 1, 0.9

    def change(self, dE_dw, alpha, v):
        v[...] = self.mu * v + alpha * dE_dw
        return v


class Adam(Method):
    """Δw = α m̂ / (√ŝ + 1e-8) with two moving averages. Kingma and Ba, 2015.

    m ← β₁ m + (1 - β₁) ∂E/∂w,     m̂ = m / (1 - β₁ⁿ)       β₁ = 0.9
    s ← β₂ s + (1 - β₂) (∂E/∂w)²,  ŝ = s / (1 - β₂ⁿ)       β₂ = 0.999

    in step n: m and s begin with 0, and m̂ and ŝ make up for that. With a smaller β₂ the sizes of the
    gradients are forgotten sooner: 0.98 for attention (Vaswani et al., 2017). Raises ValueError for β₂
    outside of 0 <= β₂ < 1.
    """

    remembers, beta1 = 2, 0.9

    def __init__(self, beta2=0.999):
        super().__init__()
        if not 0 <= beta2 < 1:
            raise ValueError(f"β₂ must lie in 0 <= β₂ < 1, got {beta2!r}.")
        self.beta2 = beta2

    def changes(self, gradients, alpha):
        self.steps += 1
        return super().changes(gradients, alpha)

    def change(self, dE_dw, alpha, m, s):
        m[...] = self.beta1 * m + (1 - self.beta1) * dE_dw
        s[...] = self.beta2 * s + (1 - self.beta2) * dE_dw**2
        m_hat, s_hat = m / (1 - self.beta1**self.steps), s / (1 - self.beta2**self.steps)
        return alpha * m_hat / (np.sqrt(s_hat) + 1e-8)


METHODS = {"gradient_descent": GradientDescent, "momentum": Momentum, "adam": Adam}
"""The methods by the names that `train` takes."""


@dataclass
class History:
    """What happened in training: one entry for each finished epoch, and why training ended."""

    error: list = field(default_factory=list)
    """E of the training samples, summed."""
    accuracy: list = field(default_factory=list)
    """Share of training samples in the right class; empty unless the error is a cross-entropy."""
    validation_error: list = field(default_factory=list)
    """E of the validation samples, if there are any."""
    end: str = "all epochs"
    """Why training ended: "all epochs", "no progress" (early stop), "interrupted" (Ctrl-C) or "diverged"."""

    def record(self, network, samples, error, validation):
        """Append error and accuracy of `network` on the training samples, and the error for validation.

        Returns the error that early stopping looks at, NaN or infinity where numbers overflow.
        """
        with np.errstate(all="ignore"):
            X, T = samples
            E, accuracy = error_and_accuracy(network, X, T, error)
            self.error.append(E)
            if accuracy is not None:
                self.accuracy.append(accuracy)
            if validation and np.isfinite(E):
                X, T = validation
                E, _ = error_and_accuracy(network, X, T, error)
                self.validation_error.append(E)
        return E

    def keep(self, epochs):
        """Forget what came after so many epochs."""
        for values in (self.error, self.accuracy, self.validation_error):
            del values[epochs:]

    def __repr__(self):
        reached = f"E = {self.error[-1]:.4g}" if self.error else "no epoch done"
        if self.accuracy:
            reached += f", accuracy {self.accuracy[-1]:.1%}"
        epochs = "1 epoch" if len(self.error) == 1 else f"{len(self.error)} epochs"
        ended = "" if self.end == "all epochs" else f", {self.end}"
        return f"<{epochs}{ended}: {reached}>"


class Diverged(ValueError):
    """E, a weight or its step became NaN or infinite. `history` holds the epochs before."""

    def __init__(self, epoch, alpha, history):
        self.history = history
        super().__init__(
            f"Training diverged in epoch {epoch}: E, a weight or its step is no longer a finite number. "
            f"α = {alpha:g} is too large here, choose a smaller one, or scale X and T to about 1; "
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
    method: "gradient_descent", "momentum" or "adam". Or a `Method`, such as `Adam()`: with the same
        one, and the same generator as `rng`, training goes on where it stopped, bit for bit.
    rng: a seed or generator that shuffles the samples before each epoch. The same seed gives the
        same weights, bit for bit.
    validation: a pair (X, T) that is watched and never learnt from.
    patience: stop early after so many epochs without a smaller error, of the validation samples if
        there are any, and go back to the weights of the best epoch.

    A bar appears if it takes longer than two seconds. Ctrl-C ends the training early and returns
    what was learnt so far; steps of an unfinished epoch are kept, but have no entry in the history.

    Returns
    -------
    a `History`.

    Raises
    ------
    ValueError: as `backpropagate`; α, epochs, batch_size, patience or rng out of range; an unknown
    method. Diverged (a ValueError) if E or a weight is no longer finite.
    """
    X, T = checked_samples(network, X, T, error)
    alpha, batch_size, method = _checked_step(alpha, batch_size, method, X)
    epochs = whole_number(epochs, "epochs", 1)
    patience = epochs if patience is None else whole_number(patience, "patience", 1)
    validation = None if validation is None else _validation_samples(network, validation, error)
    fast = FastEpochs(network, X, T, error, alpha, batch_size, method, random_generator(rng))
    history, stepped, done = History(), 0, 0
    last = best = fast.state()
    lowest, best_epoch = np.inf, 0

    def record():
        """Record an epoch after its last step; E, or NaN if E, a weight or the memory is not finite."""
        nonlocal done, last
        fast.write_weights()
        E = history.record(network, (X, T), error, validation)
        if np.isfinite(E) and fast.is_finite():
            done, last = done + 1, fast.state()
            return E
        return np.nan

    try:
        for epoch in _bar(epochs, history):
            fast.run()
            stepped = epoch
            E = record()
            if np.isnan(E):
                raise FloatingPointError
            if E < lowest:
                lowest, best_epoch, best = E, epoch, last
            elif epoch - best_epoch >= patience:
                history.end, last = "no progress", best
                fast.restore(best)
                break
    except FloatingPointError:
        fast.restore(last)
        history.keep(done)
        history.end = "diverged"
        raise Diverged(done + 1, alpha, history) from None
    except KeyboardInterrupt:
        history.keep(done)
        history.end = "interrupted"
        if stepped > done:  # all steps of an epoch were taken, but it has no entry yet
            unusable = np.isnan(record())
        else:  # the only step of an epoch may be half done
            unusable = batch_size >= len(X) or not fast.is_finite()
        if unusable:
            fast.restore(last)
            history.keep(done)
        print(f"Interrupted after {done} epochs: the network keeps what it learnt.")
    finally:
        fast.write_back()
    return history


def _checked_step(alpha, batch_size, method, X):
    """α, the number of samples a step, and the `Method` of this name; or ValueError."""
    if method in list(METHODS):
        method = METHODS[method]()
    elif type(method) not in METHODS.values():
        classes = ", ".join(f"{kind.__name__}()" for kind in METHODS.values())
        raise ValueError(
            f"There is no method {method!r}; there are {', '.join(METHODS)}, or objects {classes}."
        )
    batch_size = len(X) if batch_size is None else whole_number(batch_size, "batch_size", 1)
    return learning_rate(alpha), batch_size, method


def _validation_samples(network, validation, error):
    try:
        X, T = validation
        return checked_samples(network, X, T, error)
    except (TypeError, ValueError) as problem:
        raise ValueError(f"validation must be a pair (X, T) that fits the network: {problem}") from None


def _bar(epochs, history):
    """The numbers 1 .. epochs, with a bar if they take long."""
    from tqdm.auto import tqdm

    # On stdout: a notebook shows stderr in red, and nbgrader takes it for a failure.
    with tqdm(range(1, epochs + 1), unit="epoch", delay=2, file=sys.stdout) as bar:
        for epoch in bar:
            yield epoch
            if bar.n % 16 == 0:
                bar.set_postfix_str(f"E = {history.error[-1]:.4g}", refresh=False)
