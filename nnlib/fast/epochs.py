"""Epochs of training: `nnlib.training.plain_epoch` by programs that are made once for each batch."""

import numpy as np

from nnlib.fast.flat_weights import FlatWeights, arrays_of
from nnlib.fast.methods import STEPS
from nnlib.fast.programs import Buffers, overflow_raises, run
from nnlib.regression import with_constant


class FastEpochs:
    """The steps of whole epochs, on weights of its own: see `plain_epoch` for what a step does.

    The network gets the weights by `write_weights`, and the method what it remembers by `write_back`.
    """

    def __init__(self, network, X, T, error, alpha, batch_size, method, rng):
        self._weights, self._method, self._rng = FlatWeights(network), method, rng
        values = self._weights.values
        method.prepare(arrays_of(network))
        remembered = [np.zeros_like(values) for _ in range(method.remembers)]
        for vector, arrays in zip(remembered, zip(*method.memory, strict=True), strict=True):
            self._weights.read(arrays, vector)
        self._vectors = [values, *remembered]
        step = STEPS[type(method).__name__](method, values, alpha, *remembered)
        self._update = step.update

        buffers, self._batches = {}, []
        self._X = with_constant(X)
        self._T = Buffers(self._weights, 1, error, step).targets(T)
        self._inputs, self._targets = self._X.copy(), self._T.copy()
        for start in range(0, len(X), batch_size):
            rows = slice(start, min(start + batch_size, len(X)))
            size = rows.stop - rows.start
            if size not in buffers:
                buffers[size] = Buffers(self._weights, size, error, step)
            samples = self._inputs[rows], self._targets[rows]
            self._batches.append((buffers[size].program(*samples), buffers[size], samples))

    def run(self):
        """Go once through all samples, in a new order if there are several steps.

        Raises FloatingPointError if a step makes NaN or infinity.
        """
        if len(self._batches) > 1:
            order = self._rng.permutation(len(self._X))
            self._X.take(order, 0, self._inputs)
            self._T.take(order, 0, self._targets)
        update = self._update
        with overflow_raises():
            for program, buffers, samples in self._batches:
                try:
                    run(program)
                except FloatingPointError:
                    with np.errstate(all="ignore"):
                        run(buffers.program(*samples, careful=True))
                if update:
                    run(update)

    def is_finite(self):
        """Whether no weight, and nothing that the method remembers, is NaN or infinite."""
        return all(np.isfinite(vector).all() for vector in self._vectors)

    def state(self):
        """A copy of the weights and of what the method remembers, for `restore`."""
        return [vector.copy() for vector in self._vectors], self._method.steps

    def restore(self, state):
        """Go back to a state."""
        vectors, self._method.steps = state
        for vector, earlier in zip(self._vectors, vectors, strict=True):
            vector[:] = earlier

    def write_weights(self):
        """Give the weights to the network."""
        self._weights.write_back()

    def write_back(self):
        """Give the weights to the network, and what the method remembers to the method."""
        self._weights.write_back()
        for number, vector in enumerate(self._vectors[1:]):
            for arrays, part in zip(self._method.memory, self._weights.parts(vector), strict=True):
                arrays[number][...] = part
