"""Reverse mode: a tape of operations on arrays, and one sweep backwards. Backpropagation, generalised.

Forward, every operation notes its inputs. Backward, each node hands its adjoint ∂E/∂y to its inputs,

    ∂E/∂x += ∂E/∂y ∂y/∂x        summed over all uses of x

and the node that was recorded last comes first. Slide "Automatic Differentiation"; Baydin et al.,
JMLR 18, 2018.
"""

import itertools
import operator

import numpy as np

from nnlib.differentiation.composites import axes_of
from nnlib.differentiation.operators import Operators, share_of_largest, without_rule
from nnlib.differentiation.refusals import MIXED, floating
from nnlib.differentiation.rules import DERIVATIVES, ONE

NUMBERS = itertools.count()
NUMBER = operator.attrgetter("number")


class Variable(Operators):
    """An array whose uses are recorded.

        W = Variable(np.ones((2, 3)))
        E = np.sum((W @ x - t) ** 2)
        E.backward()
        W.gradient                      # ∂E/∂W, shaped like W

    The value is read-only, and of plain arrays a copy is recorded: what was recorded must not change.
    `gradient` is the adjoint of every node after `backward`; that of a variable made by hand adds up
    over several calls, until `clear()`.

    Raises ValueError for integers, assignment, in-place arithmetic, float(), or a NumPy function
    without a rule.
    """

    __slots__ = ("gradient", "inputs", "name", "number", "operation", "pull", "value")
    called = "a Variable"

    def __init__(self, value, name=""):
        value = np.array(value, subok=True)
        self.value = value if value.dtype.kind == "f" else floating(value, name or "value")
        self.value.setflags(False)  # write=False, by position because it is faster
        self.inputs, self.pull, self.operation, self.name = (), None, "", name
        self.gradient = None
        self.number = next(NUMBERS)

    def clear(self):
        """Forget the gradient."""
        self.gradient = None

    @staticmethod
    def apply(ufunc, x1, x2=None):
        rules = DERIVATIVES.get(ufunc)
        if rules is None:
            inputs = (x1,) if x2 is None else (x1, x2)
            return without_rule(ufunc, inputs, _matmul, plain, Variable)
        if x2 is None:
            y = ufunc(x1.value)
            return record(y, (x1,), _unary_shares, ufunc)
        return _binary(ufunc, rules, x1, x2)

    @property
    def T(self):
        return record(self.value.T, (self,), lambda g, _: (g.T,), "transpose")

    def __getitem__(self, index):
        index, shape, value = _fixed(plain(index)), self.shape, self.value

        def pull(g, _):
            spread = np.zeros_like(value, shape=shape)
            np.add.at(spread, index, g)  # an element that was taken twice gets both
            return (spread,)

        return record(value[index], (self,), pull, "getitem")

    def backward(self, upstream=None):
        """Fill `gradient` of every node that this one depends on: ∂(Σ upstream · self)/∂node.

        Raises ValueError if this node is no single number and upstream is missing, or shaped otherwise.
        """
        if upstream is None:
            if self.size != 1:
                raise ValueError(
                    f"backward starts from a single number, but this has shape {self.shape}: sum it first, "
                    "or pass an upstream gradient of that shape."
                )
            upstream = np.ones(self.shape, self.dtype)
        upstream = np.asanyarray(upstream, self.dtype)
        if upstream.shape != self.shape:
            raise ValueError(f"upstream has shape {upstream.shape}, expected {self.shape} like the output.")
        order = self.history()
        for node in order:
            if node.pull is not None:
                node.gradient = None
        self.gradient = upstream if self.gradient is None else self.gradient + upstream
        for node in order:
            g, pull = node.gradient, node.pull
            if g is None:
                continue
            if pull is None:  # its own array, that the reader may change
                node.gradient = g.copy()
                continue
            for x, share in zip(node.inputs, pull(g, node)):  # noqa: B905, costs time
                known = x.gradient
                x.gradient = share if known is None else known + share

    def history(self):
        """This node and all that it depends on, the last recorded first."""
        found, waiting = {id(self)}, [self]
        for node in waiting:  # no recursion: a loop of the reader may make a chain of many thousands
            for x in node.inputs:
                if id(x) not in found:
                    found.add(id(x))
                    waiting.append(x)
        waiting.sort(key=NUMBER, reverse=True)
        return waiting

    def __repr__(self):
        what = f" = {self.operation_name}" if self.operation else ""
        return f"Variable({self.name or 'shape ' + str(self.shape)}{what}, value={self.value})"

    @property
    def operation_name(self):
        """The name of the NumPy function that made this node, empty for one that was made by hand."""
        return getattr(self.operation, "__name__", self.operation)


def _binary(ufunc, rules, x1, x2):
    """y = ufunc(x1, x2), of which at least one is a variable."""
    first, second = rules
    v1, v2 = _value(x1), _value(x2)
    try:
        y = ufunc(v1, v2)
    except ValueError:
        raise ValueError(
            f"np.{ufunc.__name__} of shapes {np.shape(v1)} and {np.shape(v2)}: "
            "they do not broadcast together."
        ) from None
    if not isinstance(x2, Variable):
        return record(y, (x1,), lambda g, _: (_share(g, first(v1, v2, y), v1.shape),), ufunc)
    if not isinstance(x1, Variable):
        return record(y, (x2,), lambda g, _: (_share(g, second(v1, v2, y), v2.shape),), ufunc)

    return record(y, (x1, x2), _binary_shares, ufunc)


def _unary_shares(g, node):
    x = node.inputs[0]
    return (g * DERIVATIVES[node.operation](x.value, node.value),)


def _binary_shares(g, node):
    x1, x2 = node.inputs
    first, second = DERIVATIVES[node.operation]
    v1, v2, y = x1.value, x2.value, node.value
    return _share(g, first(v1, v2, y), v1.shape), _share(g, second(v1, v2, y), v2.shape)


def _value(x):
    return x.value if isinstance(x, Variable) else constant(x)


def _share(g, slope, shape):
    """g times the slope, for an input of this shape."""
    share = g if slope is ONE else g * slope
    return share if share.shape == shape else unbroadcast(share, shape)


NEW = object.__new__


def record(value, inputs, pull, operation):
    """The node `value`: `pull(adjoint, node)` gives the share of each of its inputs, all `Variable`s."""
    node = NEW(Variable)
    node.value = value = value if type(value) is np.ndarray else _array(value)
    value.setflags(False)
    node.inputs, node.pull, node.operation, node.name = inputs, pull, operation, ""
    node.gradient = None
    node.number = next(NUMBERS)
    return node


def _array(value):
    if hasattr(value, "level"):
        raise ValueError(MIXED)
    return np.asanyarray(value)


def constant(x):
    """A plain operand as it is now: what happens to the array later does not concern the tape."""
    return np.array(x, subok=True) if isinstance(x, (np.ndarray, list, tuple)) else x


def _fixed(index):
    """An index as it is now."""
    if isinstance(index, tuple):
        return tuple(map(_fixed, index))
    return index.copy() if isinstance(index, (np.ndarray, list)) else index


def plain(x):
    """The value of a variable, or x itself."""
    return x.value if isinstance(x, Variable) else x


def unbroadcast(g, shape):
    """g summed over the axes that broadcasting added or stretched, so that it has `shape`."""
    if g.ndim > len(shape):
        g = np.add.reduce(g, 0 if g.ndim == len(shape) + 1 else tuple(range(g.ndim - len(shape))))
    stretched = tuple(a for a, length in enumerate(shape) if length == 1 and g.shape[a] != 1)
    if stretched:
        g = g.sum(axis=stretched, keepdims=True)
    # A scalar adjoint stands for all of a larger input.
    return g if g.shape == shape else g + np.zeros(shape, g.dtype)


def _matmul(A, B):
    of_A, of_B = isinstance(A, Variable), isinstance(B, Variable)
    inputs = (A, B) if of_A and of_B else (A,) if of_A else (B,)
    a, b = A.value if of_A else constant(A), B.value if of_B else constant(B)
    try:
        y = a @ b
    except ValueError:
        shapes = f"{np.shape(a)} and {np.shape(b)}"
        raise ValueError(f"@ of shapes {shapes}: the inner lengths differ.") from None

    def pull(g, _):
        if a.ndim == b.ndim == 2:  # ∂E/∂A = G Bᵀ, ∂E/∂B = Aᵀ G
            if not of_A:
                return (a.T @ g,)
            return (g @ b.T, a.T @ g) if of_B else (g @ b.T,)
        left = a[np.newaxis] if a.ndim == 1 else a
        right = b[:, np.newaxis] if b.ndim == 1 else b
        g = g[..., np.newaxis] if b.ndim == 1 else g
        g = g[..., np.newaxis, :] if a.ndim == 1 else g
        pulled = []
        if of_A:
            pulled.append(unbroadcast(g @ np.swapaxes(right, -1, -2), left.shape).reshape(a.shape))
        if of_B:
            pulled.append(unbroadcast(np.swapaxes(left, -1, -2) @ g, right.shape).reshape(b.shape))
        return pulled

    return record(y, inputs, pull, "matmul")


def _sum(x, axis=None, *, keepdims=False):
    axes = axes_of(axis, x.ndim)
    kept = tuple(1 if a in axes else length for a, length in enumerate(x.shape))

    def pull(g, _):
        return (np.broadcast_to(g.reshape(kept), x.shape),)

    return record(np.sum(x.value, axis=axes, keepdims=keepdims), (x,), pull, "sum")


def _max(x, axis=None, *, keepdims=False):
    axes = axes_of(axis, x.ndim)
    largest = np.max(x.value, axis=axes, keepdims=True)
    share = share_of_largest(x.value, largest, axes)

    def pull(g, _):
        return (share * g.reshape(largest.shape),)

    return record(np.max(x.value, axis=axes, keepdims=keepdims), (x,), pull, "max")


def _reshape(x, shape):
    return record(np.reshape(x.value, shape), (x,), lambda g, _: (g.reshape(x.shape),), "reshape")


def _transpose(x, axes=None):
    back = None if axes is None else tuple(np.argsort([a % x.ndim for a in axes]))
    return record(np.transpose(x.value, axes), (x,), lambda g, _: (np.transpose(g, back),), "transpose")


def _concatenate(arrays, axis=0):
    values = [_array(plain(x)) for x in arrays]
    (axis,) = axes_of(axis, values[0].ndim)
    ends = np.cumsum([v.shape[axis] for v in values])[:-1]

    def pull(g, _):
        parts = np.split(g, ends, axis=axis)
        return [part for x, part in zip(arrays, parts, strict=True) if isinstance(x, Variable)]

    return record(
        np.concatenate(values, axis=axis), [x for x in arrays if isinstance(x, Variable)], pull, "concatenate"
    )


def _where(condition, x1, x2):
    condition = constant(plain(condition))

    def pull(g, _):
        shares = zip((x1, x2), (np.where(condition, g, 0.0), np.where(condition, 0.0, g)), strict=True)
        return [unbroadcast(share, x.shape) for x, share in shares if isinstance(x, Variable)]

    inputs = [x for x in (x1, x2) if isinstance(x, Variable)]
    return record(np.where(condition, plain(x1), plain(x2)), inputs, pull, "where")


Variable.functions = {
    np.sum: _sum,
    np.max: _max,
    np.reshape: _reshape,
    np.transpose: _transpose,
    np.concatenate: _concatenate,
    np.where: _where,
}
Variable.known = tuple(DERIVATIVES)
