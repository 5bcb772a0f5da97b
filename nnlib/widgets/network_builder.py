"""A network to build by hand, feedforward or recurrent: unit 2, slide "Architecture"."""

import traitlets

from nnlib.figures.graph_drawing import graph_drawing
from nnlib.graph import NeuronGraph
from nnlib.widgets.live_figure import LiveFigure
from nnlib.widgets.notation import number

NODES = [["x1", 80, 70], ["x2", 80, 230], ["h", 260, 200], ["y", 440, 130]]
CONNECTIONS = [["x1", "h", 1.0], ["x2", "h", -2.0], ["h", "y", 2.0], ["x1", "y", 0.5]]
INPUTS = {"x1": 1.0, "x2": 0.5}


class NetworkBuilder(LiveFigure):
    """Nodes and connections of a network; every node that receives something has tanh and a bias of 0."""

    name = "network_builder"
    nodes = traitlets.List().tag(sync=True)
    connections = traitlets.List().tag(sync=True)
    inputs = traitlets.Dict().tag(sync=True)

    def graph(self):
        """The network as a `NeuronGraph`, or None while there is no connection."""
        weights = {(i, j): w for i, j, w in self.connections}
        return NeuronGraph(weights, activation="tanh") if weights else None

    def text(self):
        graph = self.graph()
        if graph is None:
            return f"{len(self.nodes)} nodes without a connection."
        count = len(graph.weights) + len(graph.activations)
        kind = f"{graph.kind}, {count} parameters"
        if graph.cycle:
            return f"{kind}. A cycle: {' → '.join(graph.cycle)}."
        values = graph.forward({i: self.inputs.get(i, 0.0) for i in graph.input_nodes})
        listed = ", ".join(f"{j} = {number(values[j])}" for j in graph.order())
        return f"{kind}. In topological order: {listed}."

    def svg(self):
        graph = self.graph()
        places = {name: ((x - 60) / 120, (y - 60) / 84) for name, x, y in self.nodes}
        weights = {(i, j): w for i, j, w in self.connections}
        cycle = graph.cycle if graph else None
        order = graph.order() if graph and not cycle else None
        return graph_drawing(places, weights, order=order, cycle=cycle).markup


def network_builder():
    """A small network that the reader changes: more nodes, other connections, weights and inputs."""
    return NetworkBuilder(
        nodes=[list(node) for node in NODES], connections=[list(c) for c in CONNECTIONS], inputs=dict(INPUTS)
    )
