"""Reverse mode: a tape of operations on arrays, and one sweep backwards. Backpropagation, generalised.

Forward, every operation notes its inputs. Backward, each node hands its adjoint ∂E/∂y to its inputs,

    ∂E/∂x += ∂E/∂y ∂y/∂x        summed over all uses of x

and the node that was recorded last comes first. Slide "Automatic Differentiation"; Baydin et al.,
JMLR 18, 2018.
"""

import itertools
import operator

import numpy as np

from nnlib.arguments import learning_rate, shaped
from nnlib.differentiation.numpy_protocol.messages import (
    ASSIGNED,
    MIXED,
    NO_DESCENT,
    NOT_BY_HAND,
    OUTDATED,
    do_not_broadcast,
    floating,
    sentence,
)
from nnlib.differentiation.numpy_protocol.operators import ARRAY, MATMUL, NEW, Operators, without_rule
from nnlib.differentiation.rules import CHAINED
from nnlib.fast import blas

TICKS, SEARCHES = itertools.count(), itertools.count(1)
NUMBER = operator.attrgetter("number")


class Variable(Operators):
    """An array whose uses are recorded.

        W = Variable(np.ones((2, 3)))
        E = np.sum((W @ x - t) ** 2)
        E.backward()
        W.gradient                      # ∂E/∂W, shaped like W

    The value is read-only, and of plain arrays a copy is recorded: what was recorded must not change.
    `gradient` is the adjoint of every node after `backward`; that of a variable made by hand adds up
    over several calls, until `clear()`, `assign(value)` or `descend(alpha)`, a step of gradient descent.

    Raises ValueError for integers, assignment, in-place arithmetic, float(), or a NumPy function
    without a rule.
    """

    __slots__ = (
        "_value", "elementwise", "found", "gradient", "inputs", "name", "number", "operation", "pull"
    )  # fmt: skip
    called = "a Variable"
    known = tuple(CHAINED)

    def __init__(self, value, name=""):
        value = value.copy() if isinstance(value, ARRAY) else np.array(value, subok=True)
        self._value = value if value.dtype.kind == "f" else floating(value, name or "value")
        self._value.setflags(False)  # write=False, by position because it is faster
        self.inputs, self.pull, self.operation, self.elementwise = (), None, "", 0
        self.name, self.gradient, self.number, self.found = name, None, next(TICKS), 0

    @property
    def value(self):
        return self._value

    @value.setter
    def value(self, _):
        raise sentence(ASSIGNED, self)

    def clear(self):
        """Forget the gradient."""
        self.gradient = None

    def assign(self, value):
        """w ← value in place, and forget the gradient: a step of any optimiser.

        What was computed from the old value cannot go backward any more. Raises ValueError for a
        variable that was not made by hand, and for a value of another shape or with NaN or infinity.
        """
        if self.inputs:
            raise sentence(NOT_BY_HAND, self)
        value = shaped(value, self.name or "value", self.shape, " like the old one", self.dtype)
        self._value.setflags(True)
        self._value[...] = value
        self._value.setflags(False)
        self.gradient, self.number = None, next(TICKS)

    def descend(self, alpha):
        """w ← w - α ∂E/∂w in place, and forget the gradient: a step of gradient descent.

        What was computed from the old value cannot go backward any more. Raises ValueError for a
        variable that was not made by hand or has no gradient yet, and for an α outside of (0, 1].
        """
        value, gradient = self._value, self.gradient
        if self.inputs or gradient is None:
            raise sentence(NO_DESCENT, self)
        if type(alpha) is not float or not 0 < alpha <= 1:
            alpha = learning_rate(alpha)
        value.setflags(True)
        if axpy := blas.function("axpy", value.dtype):
            axpy(gradient.reshape(-1), value.reshape(-1), value.size, -alpha)
        else:
            value -= alpha * gradient
        value.setflags(False)
        self.gradient, self.number = None, next(TICKS)

    @staticmethod
    def apply(ufunc, x1, x2=None):
        if ufunc is MATMUL:
            return Variable.functions[MATMUL](x1, x2)
        try:
            adjoints = CHAINED[ufunc]
        except KeyError:
            return without_rule(ufunc, x1, x2, plain, Variable)
        if x2 is None:
            return record(ufunc(x1._value), (x1,), adjoints, ufunc, 1)
        if type(x1) is not Variable or type(x2) is not Variable:
            return _with_constant(ufunc, adjoints, x1, x2)
        v1, v2 = x1._value, x2._value
        try:
            y = ufunc(v1, v2)
        except ValueError:
            raise do_not_broadcast(ufunc, v1, v2) from None
        if v1.shape != v2.shape:
            adjoints = [_summed(adjoint, x) for adjoint, x in zip(adjoints, (x1, x2), strict=True)]
        return record(y, (x1, x2), adjoints, ufunc, 2)

    @property
    def T(self):
        return record(self._value.T, (self,), lambda g: (g.T,), "transpose")

    def __getitem__(self, index):
        index, shape, value = _fixed(plain(index)), self.shape, self._value

        def pull(g):
            spread = np.zeros_like(value, shape=shape)
            np.add.at(spread, index, g)  # an element that was taken twice gets both
            return (spread,)

        return record(value[index], (self,), pull, "getitem")

    def backward(self, upstream=None):
        """Fill `gradient` of every node that this one depends on: ∂(Σ upstream · self)/∂node.

        Raises ValueError if this node is no single number and upstream is missing, or shaped otherwise.
        """
        value = self._value
        if upstream is None:
            if value.size != 1:
                raise ValueError(
                    f"backward starts from a single number, but this has shape {value.shape}: sum it first, "
                    "or pass an upstream gradient of that shape."
                )
            upstream = np.array(1.0, value.dtype, ndmin=value.ndim)
        else:
            upstream = np.asanyarray(upstream, value.dtype)
        if upstream.shape != value.shape:
            raise ValueError(f"upstream has shape {upstream.shape}, expected {value.shape} like the output.")
        order = self.history()
        for node in order:
            if node.inputs:
                node.gradient = None
        self.gradient = upstream if self.gradient is None else self.gradient + upstream
        for node in order:
            g, inputs, pull = node.gradient, node.inputs, node.pull
            if g is None:
                continue
            if not inputs:  # its own array, that the reader may change
                node.gradient = g.copy()
            # Elementwise functions of one and of two inputs for themselves: most nodes are these.
            elif node.elementwise == 1:
                (x,) = inputs
                share, known = pull(g, x._value, node._value), x.gradient
                x.gradient = share if known is None else known + share
            elif node.elementwise == 2:
                x1, x2 = inputs
                (first, second), v1, v2, y = pull, x1._value, x2._value, node._value
                share, known = first(g, v1, v2, y), x1.gradient
                x1.gradient = share if known is None else known + share
                share, known = second(g, v1, v2, y), x2.gradient
                x2.gradient = share if known is None else known + share
            else:
                for x, share in zip(inputs, pull(g)):  # noqa: B905, costs time
                    known = x.gradient
                    x.gradient = share if known is None else known + share

    def history(self):
        """This node and all that it depends on, the last recorded first."""
        search, order = next(SEARCHES), [self]
        self.found = search
        for node in order:  # no recursion: a loop of the reader may make a chain of many thousands
            number = node.number
            for x in node.inputs:
                if x.number > number:
                    raise sentence(OUTDATED, x)
                if x.found != search:
                    x.found = search
                    order.append(x)
        order.sort(key=NUMBER, reverse=True)
        return order

    def __repr__(self):
        what = f" = {self.operation_name}" if self.operation else ""
        return f"Variable({self.name or 'shape ' + str(self.shape)}{what}, value={self._value})"

    @property
    def operation_name(self):
        """The name of the NumPy function that made this node, empty for one that was made by hand."""
        return getattr(self.operation, "__name__", self.operation)


def _with_constant(ufunc, adjoints, x1, x2):
    """y = ufunc(x1, x2), of which one is a variable."""
    v1, v2 = operand(x1), operand(x2)
    try:
        y = ufunc(v1, v2)
    except ValueError:
        raise do_not_broadcast(ufunc, v1, v2) from None
    first, second = adjoints
    if isinstance(x1, Variable):
        return record(y, (x1,), lambda g: (_fitting(first(g, v1, v2, y), v1),), ufunc)
    return record(y, (x2,), lambda g: (_fitting(second(g, v1, v2, y), v2),), ufunc)


def _fitting(share, value):
    return share if share.shape == value.shape else unbroadcast(share, value.shape)


def _summed(adjoint, x):
    return lambda g, v1, v2, y: _fitting(adjoint(g, v1, v2, y), x._value)


def record(value, inputs, pull, operation, elementwise=0):
    """The node `value`: `pull(adjoint)` gives the share of each of its inputs, all `Variable`s.

    `elementwise`: of how many inputs it is an elementwise function; then `pull` is as in `CHAINED`.
    """
    node = NEW(Variable)
    node._value = value = value if type(value) is ARRAY else as_array(value)
    value.setflags(False)
    node.inputs, node.pull, node.operation, node.elementwise = inputs, pull, operation, elementwise
    node.name, node.gradient, node.number, node.found = "", None, next(TICKS), 0
    return node


def as_array(value):
    if not isinstance(value, np.generic) and hasattr(value, "level"):
        raise ValueError(MIXED)
    return np.asanyarray(value)


def operand(x):
    """The value of an operand as it is now: what happens to a plain array later is not recorded."""
    if isinstance(x, Variable):
        return x._value
    if isinstance(x, ARRAY):
        return x.copy()
    return np.array(x) if isinstance(x, (list, tuple)) else x


def _fixed(index):
    """An index as it is now."""
    if isinstance(index, tuple):
        return tuple(map(_fixed, index))
    return index.copy() if isinstance(index, (np.ndarray, list)) else index


def plain(x):
    """The value of a variable, or x itself."""
    return x._value if isinstance(x, Variable) else x


def unbroadcast(g, shape):
    """g summed over the axes that broadcasting added or stretched, so that it has `shape`."""
    if g.ndim > len(shape):
        g = np.add.reduce(g, 0 if g.ndim == len(shape) + 1 else tuple(range(g.ndim - len(shape))))
    stretched = tuple(a for a, length in enumerate(shape) if length == 1 and g.shape[a] != 1)
    if stretched:
        g = g.sum(axis=stretched, keepdims=True)
    # A scalar adjoint stands for all of a larger input.
    return g if g.shape == shape else g + np.zeros(shape, g.dtype)
