"""What happened in training: error and accuracy of every epoch, and how it ended. Unit 4."""

from dataclasses import dataclass, field

import numpy as np

from nnlib.backpropagation import output_error


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

    def record(self, network, samples, error, watched):
        """Append what `network` does on the training samples and on those that are watched, if any.

        Returns the error that early stopping looks at. Where numbers overflow it is not finite.
        """
        with np.errstate(all="ignore"):
            E, accuracy = _measure(network, *samples, error)
            self.error.append(E)
            if accuracy is not None:
                self.accuracy.append(accuracy)
            if watched and np.isfinite(E):
                E, _ = _measure(network, *watched, error)
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
        return f"<{len(self.error)} epochs ({self.end}): {reached}>"


class Diverged(ValueError):
    """Training left the numbers: α is too large. `history` holds the epochs before."""

    def __init__(self, epoch, alpha, history):
        self.history = history
        super().__init__(
            f"Training diverged in epoch {epoch}: E, a weight or its step is no longer a finite number. "
            f"α = {alpha:g} is too large here, choose a smaller one, or scale X and T to about 1; "
            "the network keeps the weights of the epoch before."
        )


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
    right = true == highest
    if np.count_nonzero(A == 0) > len(highest):  # several share the highest: the first one counts
        right = A.argmax(axis=0) == T.argmax(axis=0)
    return float(E), float(np.mean(right))
