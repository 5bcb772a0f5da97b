"""Feedforward networks in layers: unit 2 of the lecture, slides "Multilayer Neural Network" and
"Forward Propagation".

    a = W x + b,  y = g(a)          one layer, one sample: (I,) -> (J,)
    A = X Wᵀ + b, Y = g(A)          one layer, a batch: (N, I) -> (N, J)

The output Y of a layer is the input X of the next.
"""

import numpy as np

from nnlib import archive
from nnlib.activations import Activation, by_name
from nnlib.arguments import finite, float_type, random_generator, shaped


class Layer:
    """Neurons that receive the same inputs: weights W (J, I), biases b (J,), activation g.

    W and b can be read and assigned; an assigned array is checked and copied.
    """

    def __init__(self, W, b, activation, name="layer"):
        self.name = name
        self.activation: Activation = by_name(activation, name)
        self._W = finite(W, f"W of {name}", ndim=2).copy()
        self._b = shaped(b, f"b of {name}", self._W.shape[:1], dtype=self._W.dtype).copy()

    @property
    def W(self):
        """Weights (J, I): w_ji leads from input i to neuron j."""
        return self._W

    @W.setter
    def W(self, values):
        why = f": {len(self._W)} neurons, {self._W.shape[1]} inputs"
        name = f"W of {self.name}"
        self._W = shaped(values, name, self._W.shape, why, dtype=self._W.dtype).copy()

    @property
    def b(self):
        """Biases (J,): the weights from a constant input 1."""
        return self._b

    @b.setter
    def b(self, values):
        why = ": one bias a neuron"
        self._b = shaped(values, f"b of {self.name}", self._b.shape, why, self._W.dtype).copy()

    def weighted_sums(self, X):
        """A = X Wᵀ + b for X (N, I), or a = W x + b for x (I,)."""
        return X @ self._W.T + self._b

    def check(self):
        """Raises ValueError if a weight is NaN or infinite, after a change in place."""
        finite(self._W, f"W of {self.name}")
        finite(self._b, f"b of {self.name}")

    def __repr__(self):
        neurons, inputs = self._W.shape
        return f"<{self.name}: {inputs} inputs, {neurons} neurons, {self.activation.name}>"


class Network:
    """A feedforward network whose successive layers are fully connected.

    Network([2, 3, 1], activation="tanh", output="identity", rng=0)

    Parameters
    ----------
    sizes: numbers of input, hidden and output nodes.
    activation: of the hidden layers, a name or an `Activation`; a list gives one per layer.
    output: activation of the output layer, "identity" unless said otherwise; "softmax" for classes.
    rng: a seed or NumPy generator. Weights from i to j are normal with mean 0 and standard
        deviation 1/√I, I the number of inputs of j, so that weighted sums begin at about the size
        of the inputs (LeCun et al., Efficient BackProp, 1998); √2 larger for the rectified units
        (He et al., 2015). Biases are 0.
    dtype: np.float64, or np.float32 for speed.

    Raises
    ------
    ValueError: fewer than two sizes, a size below 1, unknown activation, softmax in a hidden layer.
    """

    def __init__(self, sizes, activation="tanh", output=None, rng=None, dtype=np.float64):
        sizes, dtype, rng = _checked_sizes(sizes), float_type(dtype), random_generator(rng)
        names = [f"layer {number} (hidden)" for number in range(1, len(sizes) - 1)]
        names.append(f"layer {len(sizes) - 1} (output)")
        self.layers = []
        activations = _one_per_layer(activation, output, names)
        for name, g, inputs, neurons in zip(names, activations, sizes, sizes[1:], strict=False):
            W = rng.normal(0, _gain(g) / np.sqrt(inputs), (neurons, inputs)).astype(dtype)
            self.layers.append(Layer(W, np.zeros(neurons, dtype), g, name))

    @classmethod
    def of(cls, weights, activations):
        """The network with these weights: pairs (W, b), and activations, both one per layer.

        They may come from `layer.W`, `layer.b` and `layer.activation` of another network.

        Raises ValueError for counts or shapes that do not fit, weights that are not finite, and
        activations as `Network` does.
        """
        weights, activations = list(weights), list(activations)
        if not weights or len(activations) != len(weights) or any(np.ndim(W) != 2 for W, _ in weights):
            raise ValueError(
                "weights must list a pair (W, b) for each layer, with W of shape (J, I), and "
                f"activations one for each; got {len(weights)} pairs with W of shapes "
                f"{[np.shape(W) for W, _ in weights]} and {len(activations)} activations."
            )
        sizes = [np.shape(weights[0][0])[1]] + [len(W) for W, _ in weights]
        dtype = np.asarray(weights[0][0]).dtype
        network = cls(sizes, activations, dtype=dtype if dtype == np.float32 else float)
        for layer, (W, b) in zip(network.layers, weights, strict=True):
            layer.W, layer.b = W, b
        return network

    @property
    def sizes(self):
        """Numbers of input, hidden and output nodes."""
        return [self.layers[0].W.shape[1]] + [len(layer.b) for layer in self.layers]

    @property
    def input_nodes(self):
        """Number of nodes that receive signals from the environment."""
        return self.sizes[0]

    @property
    def hidden_nodes(self):
        """Number of nodes that are neither input nor output nodes."""
        return sum(self.sizes[1:-1])

    @property
    def output_nodes(self):
        """Number of nodes that give signals to the environment."""
        return self.sizes[-1]

    @property
    def parameter_count(self):
        """Number of weights and biases."""
        return sum(layer.W.size + layer.b.size for layer in self.layers)

    @property
    def dtype(self):
        """float64 or float32."""
        return self.layers[0].W.dtype

    def forward(self, X):
        """Forward propagation: X (N, I) -> Y (N, F), or one sample x (I,) -> y (F,).

        Raises ValueError for another shape, an empty batch, and values or weights that are not finite.
        """
        Y = self.checked_inputs(X)
        for layer in self.layers:
            Y = layer.activation(layer.weighted_sums(Y))
        return Y

    def checked_inputs(self, X):
        """X (N, I) or x (I,) as an array of the network's float type.

        Raises ValueError for another shape, an empty batch, and values or weights that are not finite.
        """
        X = finite(X, "X", ndim=(1, 2), dtype=self.dtype)
        if X.shape[-1] != self.input_nodes:
            expected = f"({'N, ' * (X.ndim - 1)}{self.input_nodes}{',' * (X.ndim == 1)})"
            raise ValueError(
                f"X has shape {X.shape}, expected {expected}: "
                f"{self.layers[0].name} has {self.input_nodes} inputs."
            )
        if X.size == 0:
            raise ValueError(f"X is an empty batch of shape {X.shape}: it needs at least one row.")
        for layer in self.layers:
            layer.check()
        return X

    def copy(self):
        """A new network with copies of the weights."""
        weights = [(layer.W, layer.b) for layer in self.layers]
        return Network.of(weights, [layer.activation for layer in self.layers])

    def save(self, path):
        """Write weights and names of activations to one npz file.

        Raises ValueError for an activation that is not of nnlib, OSError if `path` cannot be written.
        """
        archive.write(path, self.layers)

    @classmethod
    def load(cls, path):
        """The network that `save` wrote. A file holds arrays alone, so reading it runs no code.

        Raises ValueError for any other file or a damaged one, OSError if it cannot be read.
        """
        return cls.of(*archive.read(path))

    def __repr__(self):
        names = ", ".join(layer.activation.name for layer in self.layers)
        return f"<Network {'-'.join(map(str, self.sizes))}: {names}>"


def _checked_sizes(sizes):
    sizes = list(sizes) if np.iterable(sizes) else [sizes]
    whole = all(isinstance(s, (int, np.integer)) and not isinstance(s, bool) for s in sizes)
    if len(sizes) < 2 or not whole or min(sizes) < 1:
        raise ValueError(
            "sizes must list at least two whole numbers of nodes, each at least 1, "
            f"such as [2, 3, 1]; got {sizes}."
        )
    return [int(s) for s in sizes]


def _one_per_layer(activation, output, names):
    """The activations of the layers with these names, the output's last."""
    hidden = len(names) - 1
    if isinstance(activation, (list, tuple)):
        given = list(activation)
    else:
        given = [by_name(activation, "the hidden layers")] * hidden
    if len(given) == hidden:
        given.append("identity" if output is None else output)
    elif len(given) != len(names) or output is not None:
        raise ValueError(
            f"activation lists {len(given)} functions, expected one for each of the "
            f"{hidden} hidden layers, or for all {len(names)} layers and no output=."
        )
    given = [by_name(g, name) for g, name in zip(given, names, strict=True)]
    for name, g in zip(names, given[:-1], strict=False):
        if g.name == "softmax":
            raise ValueError(f"{name} cannot be softmax: it is for the output.")
    return given


def _gain(activation):
    return np.sqrt(2) if "relu" in activation.name else 1.0
