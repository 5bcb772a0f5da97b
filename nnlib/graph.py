"""Networks by arbitrary connectivity: a directed graph of neurons. Unit 2, slide "Architecture".

    y_j = g(Σ_i w_ji y_i + b_j)    over the neurons i that send to j

Without a cycle the graph is feedforward: each neuron is computed after those that send to it. With
a cycle it is recurrent: there is no such order, and the network runs in time (see `nnlib.recurrent`).
"""

from graphlib import CycleError, TopologicalSorter

from nnlib.activations import by_name
from nnlib.arguments import finite


class NeuronGraph:
    """Neurons and their connections.

    NeuronGraph({("x1", "h"): 2.0, ("h", "y"): 1.0, ("x1", "y"): -1.0}, activation="tanh")

    Parameters
    ----------
    connections: (sender i, receiver j) -> weight w_ji. A neuron is whatever can be a key.
    biases: neuron -> b, 0 for those not named.
    activation: of all neurons that receive something, or a dict neuron -> activation, where those
        not named have the identity.

    Raises
    ------
    ValueError: no connection, a key that is not a pair, a weight that is not a finite number, a bias
    or activation of a neuron that receives nothing, an unknown activation, softmax.
    """

    def __init__(self, connections, biases=None, activation="identity"):
        if not connections or any(not isinstance(c, tuple) or len(c) != 2 for c in connections):
            raise ValueError("A network needs at least one connection (sender, receiver): weight.")
        self.weights = {
            (i, j): float(finite(w, f"the weight from {i} to {j}", ndim=0))
            for (i, j), w in connections.items()
        }
        self.neurons = list(dict.fromkeys(neuron for pair in self.weights for neuron in pair))
        self.senders = {j: [] for j in self.neurons}
        for i, j in self.weights:
            self.senders[j].append(i)
        self.biases = {j: float(finite(b, f"the bias of {j}", ndim=0)) for j, b in (biases or {}).items()}
        if not isinstance(activation, dict):
            activation = dict.fromkeys(self._computed(), activation)
        for what, named in (("a bias", self.biases), ("an activation", activation)):
            for neuron in named:
                if not self.senders.get(neuron):
                    raise ValueError(f"{neuron} has {what}, but no connection leads to it.")
        self.activations = {
            j: by_name(activation.get(j, "identity"), f"neuron {j}") for j in self._computed()
        }
        for j, g in self.activations.items():
            if g.name == "softmax":
                raise ValueError(f"Neuron {j} cannot be softmax: it couples all outputs of a layer.")

    def _computed(self):
        return [j for j in self.neurons if self.senders[j]]

    @property
    def input_nodes(self):
        """Neurons that receive nothing."""
        return [j for j in self.neurons if not self.senders[j]]

    @property
    def output_nodes(self):
        """Neurons that send nothing."""
        sending = {i for i, _ in self.weights}
        return [j for j in self.neurons if j not in sending]

    @property
    def hidden_nodes(self):
        """All others."""
        ends = {*self.input_nodes, *self.output_nodes}
        return [j for j in self.neurons if j not in ends]

    @property
    def cycle(self):
        """Neurons along a cycle, the first again at the end, or None if the graph is feedforward."""
        try:
            TopologicalSorter(self.senders).prepare()
        except CycleError as error:
            return error.args[1]
        return None

    @property
    def kind(self):
        """ "feedforward" or "recurrent"."""
        return "recurrent" if self.cycle else "feedforward"

    def order(self):
        """All neurons, each after those that send to it. Raises ValueError that names a cycle."""
        if cycle := self.cycle:
            raise ValueError(
                f"The network is recurrent, along {' -> '.join(map(str, cycle))}: no neuron of this "
                "cycle can be computed first. Run it in time with nnlib.recurrent."
            )
        return list(TopologicalSorter(self.senders).static_order())

    def forward(self, inputs):
        """The output of every neuron, for `inputs` as a dict input node -> number.

        Raises ValueError for a recurrent network, or inputs that are missing or unknown.
        """
        if set(inputs) != set(self.input_nodes):
            raise ValueError(f"inputs are given for {list(inputs)}, expected {self.input_nodes}.")
        y = {i: float(finite(x, f"input {i}", ndim=0)) for i, x in inputs.items()}
        for j in self.order():
            if j not in y:
                a = sum(self.weights[i, j] * y[i] for i in self.senders[j]) + self.biases.get(j, 0.0)
                y[j] = float(self.activations[j](a))
        return y
