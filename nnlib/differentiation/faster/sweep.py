"""The sweep of `tape` where all values are plain arrays: the same steps, with fewer calls in between."""

import itertools
import operator
import threading
from functools import partial

from nnlib.differentiation.numpy_protocol.messages import OUTDATED, sentence
from nnlib.differentiation.numpy_protocol.operators import Operators

LOCK = threading.RLock()
"""Held while gradients and marks of shared variables are written, so that threads take turns."""
SEARCHES = itertools.count(1)
NUMBER = operator.attrgetter("number")


class Shares:
    """The adjoints of a node that was computed on arrays at once: each takes g alone, the node's adjoint.

    `recorded(inputs, g)` gives the shares of all inputs as nodes that can be differentiated again.
    """

    __slots__ = ("of_g", "recorded")

    def __init__(self, of_g, recorded):
        self.of_g, self.recorded = of_g, recorded

    def __iter__(self):
        """The adjoints as those of other nodes are, for `tape.sweep`."""
        return (partial(self.share, n) for n in range(len(self.of_g)))

    def share(self, n, g, *inputs_and_y):
        if isinstance(inputs_and_y[-1], Operators):
            return self.recorded(inputs_and_y[:-1], g)[n]
        return self.of_g[n](g)


def sweep_of_arrays(y, upstream):
    """Fill `gradient` of y and all that it depends on. Adjoints are kept in the nodes, not in a dict."""
    order = _history(y)
    for node in order:
        if node.inputs:
            node.gradient = None
    y.gradient = upstream if y.gradient is None else y.gradient + upstream
    for node in order:
        g, inputs = node.gradient, node.inputs
        if not inputs:  # its own array, that the reader may change
            dtype = node._value.dtype
            node.gradient = g.copy() if g.dtype is dtype else g.astype(dtype)
        elif type(node.adjoints) is Shares:
            for x, of_g in zip(inputs, node.adjoints.of_g):  # noqa: B905, costs time
                share, earlier = of_g(g), x.gradient
                x.gradient = share if earlier is None else earlier + share
        elif len(inputs) == 1:
            (x,), (adjoint,) = inputs, node.adjoints
            share, earlier = adjoint(g, x._value, node._value), x.gradient
            x.gradient = share if earlier is None else earlier + share
        elif len(inputs) == 2:
            (x1, x2), (first, second) = inputs, node.adjoints
            v1, v2, v = x1._value, x2._value, node._value
            share, earlier = first(g, v1, v2, v), x1.gradient
            x1.gradient = share if earlier is None else earlier + share
            share, earlier = second(g, v1, v2, v), x2.gradient
            x2.gradient = share if earlier is None else earlier + share
        else:
            values = [x._value for x in inputs]
            for x, adjoint in zip(inputs, node.adjoints):  # noqa: B905, costs time
                share, earlier = adjoint(g, *values, node._value), x.gradient
                x.gradient = share if earlier is None else earlier + share


def _history(y):
    """As `Variable.history`, with marks instead of a set."""
    search, order = next(SEARCHES), [y]
    y.mark = search
    for node in order:
        number = node.number
        for x in node.inputs:
            if x.number > number:
                raise sentence(OUTDATED, x)
            if x.mark != search:
                x.mark = search
                order.append(x)
    order.sort(key=NUMBER, reverse=True)
    return order
