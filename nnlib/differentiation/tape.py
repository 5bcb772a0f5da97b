"""Reverse mode: a tape of operations on arrays, and one sweep backwards. Backpropagation, generalised.

Forward, every operation notes its inputs. Backward, each node hands its adjoint ∂E/∂y to its inputs,

    ∂E/∂x += ∂E/∂y ∂y/∂x        summed over all uses of x

and the node that was recorded last comes first. Slide "Automatic Differentiation"; Baydin et al.,
JMLR 18, 2018.
"""

import operator

from nnlib.differentiation.faster.sweep import LOCK, sweep_of_arrays
from nnlib.differentiation.numpy_protocol.messages import OUTDATED, sentence
from nnlib.differentiation.numpy_protocol.operators import ARRAY, NEW, elementwise, without_rule
from nnlib.differentiation.numpy_protocol.variable import (
    LIVE,
    NUMBERS,
    VariableProtocol,
    as_value,
    is_recorded,
    record_with_constant,
    summed,
    upstream_for,
)
from nnlib.differentiation.rules import CHAINED

VALUE = operator.attrgetter("_value")


class Variable(VariableProtocol):
    """An array whose uses are recorded.

        W = Variable(np.ones((2, 3)))
        E = np.sum((W @ x - t) ** 2)
        E.backward()
        W.gradient                      # ∂E/∂W, shaped like W

    The value is read-only, and of plain arrays a copy is recorded: what was recorded must not change.
    `gradient` is the adjoint of every node after `backward`; that of a variable made by hand adds up
    over several calls, until `clear()`, or a step by `descend(alpha)` or `assign(value)`. Threads that
    share a variable take turns in `backward` and in steps.

    Raises ValueError for integers, complex numbers, assignment, in-place arithmetic, float(), or a
    NumPy function without a rule.
    """

    __slots__ = ()

    def __init__(self, value, name=""):
        self.level, self.number, self.mark = LIVE.get().level, next(NUMBERS), 0
        self.name, self.gradient = name, None
        self._value, self.inputs, self.adjoints, self.operation = self.begin(value)

    @staticmethod
    def apply(ufunc, x1, x2=None):
        """The node ufunc(x1, x2). `x + y` comes here, and by `__array_ufunc__` of `Operators` np.sin(x)."""
        adjoints = CHAINED.get(ufunc)
        if adjoints is None:
            return without_rule(ufunc, x1, x2)
        if x2 is None:
            return record(ufunc(x1._value), (x1,), (adjoints,), ufunc, x1.level)
        if type(x1) is not Variable or type(x2) is not Variable or x1.level != x2.level:
            return record_with_constant(ufunc, adjoints, x1, x2)
        v1, v2 = x1._value, x2._value
        if v1.shape == v2.shape:
            return record(ufunc(v1, v2), (x1, x2), adjoints, ufunc, x1.level)
        # What is broadcast forward is summed backward.
        adjoints = summed(adjoints[0], v1.shape), summed(adjoints[1], v2.shape)
        return record(elementwise(ufunc, v1, v2), (x1, x2), adjoints, ufunc, x1.level)

    def backward(self, upstream=None):
        """Fill `gradient` of every node that this one depends on: ∂(Σ upstream · self)/∂node.

        Raises ValueError if upstream has another shape than this node, or is missing and this node is not
        a single number.
        """
        upstream = upstream_for(self._value, upstream)
        with LOCK:
            if not is_recorded(self, upstream):
                return sweep_of_arrays(self, upstream)
            for node, adjoint in sweep(self, upstream, of=lambda node: node).items():
                adds_up = not node.inputs and node.gradient is not None
                node.gradient = node.gradient + adjoint if adds_up else adjoint

    def history(self, since=0):
        """This node and all that it depends on from the number `since` on, the last recorded first."""
        order, seen = [self], {self}
        for node in order:  # no recursion: a loop in f may make a chain of many thousands of nodes
            for x in node.inputs:
                if x.number > node.number:
                    raise sentence(OUTDATED, x)
                if x.number >= since and x not in seen:
                    seen.add(x)
                    order.append(x)
        return sorted(order, key=operator.attrgetter("number"), reverse=True)


def record(value, inputs, adjoints, operation, level):
    """A new node. Of its adjoint g input n gets the share adjoints[n](g, *inputs, node), for values."""
    node = NEW(Variable)
    if type(value) is ARRAY:
        value.setflags(False)  # write=False, by position because it is faster
    else:
        value = as_value(value)
    node._value = value
    node.inputs, node.adjoints, node.operation, node.level = inputs, adjoints, operation, level
    node.name, node.gradient, node.number, node.mark = "", None, next(NUMBERS), 0
    return node


def sweep(y, upstream, since=0, of=VALUE):
    """Node -> adjoint ∂(Σ upstream · y)/∂node, for y and all that it depends on from the number `since` on.

    `of(node)` is what the adjoints are computed with: the value of the node, or the node itself. With nodes
    the sweep is recorded as well, and the adjoints can be differentiated again.
    """
    adjoints = {y: upstream}
    for node in y.history(since):
        values = [of(x) for x in node.inputs]
        for x, adjoint in zip(node.inputs, node.adjoints, strict=True):
            if x.number >= since:
                share = adjoint(adjoints[node], *values, of(node))
                adjoints[x] = adjoints[x] + share if x in adjoints else share
    return adjoints


Variable.record = staticmethod(record)
