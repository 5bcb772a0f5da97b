"""The base of `Variable`: the methods that Python and NumPy call, and steps of gradient descent."""

import contextvars
import itertools
import operator
from typing import NamedTuple

import numpy as np

from nnlib.arguments import learning_rate, shaped
from nnlib.differentiation.faster.sweep import LOCK
from nnlib.differentiation.numpy_protocol.messages import (
    ASSIGNED,
    COPIED,
    NO_DESCENT,
    NOT_BY_HAND,
    RECORDED,
    floating,
    sentence,
)
from nnlib.differentiation.numpy_protocol.operators import ARRAY, Operators, constant, elementwise
from nnlib.differentiation.numpy_protocol.places import transpose
from nnlib.differentiation.numpy_protocol.shapes import unbroadcast
from nnlib.fast import blas

NUMBERS = itertools.count()
"""Nodes are numbered as they are recorded: inputs before what is computed from them."""


class Live(NamedTuple):
    """The derivatives that are being computed: the level of the innermost in forward mode, 0 for none, and
    the levels at which an f is being recorded for reverse mode."""

    level: int = 0
    tapes: tuple = ()


LIVE = contextvars.ContextVar("live", default=Live())  # noqa: B039, a tuple


class live:
    """A `with` block in which f runs."""

    __slots__ = ("now", "token")

    def __init__(self, level, tapes):
        self.now = tuple.__new__(Live, (level, tapes))  # as Live(level, tapes), in half the time

    def __enter__(self):
        self.token = LIVE.set(self.now)

    def __exit__(self, *_):
        LIVE.reset(self.token)


def is_recorded(node, upstream=None):
    """Whether a sweep from a node has to be recorded, since another derivative is computed around it."""
    return node.level in LIVE.get().tapes or isinstance(upstream, Operators)


class VariableProtocol(Operators):
    """Values, steps, copies, and functions of NumPy that are not elementwise."""

    __slots__ = (
        "_value", "adjoints", "gradient", "inputs", "level", "mark", "name", "number", "operation"
    )  # fmt: skip
    called = "a Variable"

    @property
    def rank(self):
        return self.level + 0.5  # within the derivative in forward mode of that level

    @property
    def value(self):
        return self._value

    @value.setter
    def value(self, _):
        raise sentence(ASSIGNED, self)

    # As in `Operators`, in one step each: every layer asks for them.
    shape = property(operator.attrgetter("_value.shape"))
    ndim = property(operator.attrgetter("_value.ndim"))
    dtype = property(operator.attrgetter("_value.dtype"))

    def begin(self, value):
        """Value, inputs, adjoints and operation of Variable(value); of a variable of this level a copy."""
        if isinstance(value, VariableProtocol) and value.level == self.level:
            return value._value, (value,), (lambda g, x, y: g,), "copy"
        if hasattr(value, "rank"):
            value = constant(value, self)
        else:
            value = value.copy() if isinstance(value, ARRAY) else np.array(value, subok=True)
            value = value if value.dtype.kind == "f" else floating(value, self.name or "value")
            value.setflags(False)
        return value, (), (), ""

    def clear(self):
        """Set the gradient to None."""
        self.gradient = None

    def assign(self, value):
        """w ← value in place, and forget the gradient: a step of any optimiser.

        What was computed from the old value cannot go backward any more. Raises ValueError for a
        variable that was not made by hand, and for a value of another shape or with NaN or infinity.
        """
        if self.operation:
            raise sentence(NOT_BY_HAND, self)
        value = shaped(value, self.name or "value", self.shape, " like the old one", self.dtype)
        with LOCK:
            self._value.setflags(True)
            self._value[...] = value
            self._value.setflags(False)
            self.gradient, self.number = None, next(NUMBERS)

    def descend(self, alpha):
        """w ← w - α ∂E/∂w in place, and forget the gradient: a step of gradient descent.

        What was computed from the old value cannot go backward any more. Raises ValueError for a
        variable that was not made by hand or has no gradient yet, and for an α outside of (0, 1].
        """
        gradient = self.gradient
        if self.operation or gradient is None:
            raise sentence(NO_DESCENT, self)
        if isinstance(gradient, Operators):
            raise sentence(RECORDED, self)
        if type(alpha) is not float or not 0 < alpha <= 1:
            alpha = learning_rate(alpha)
        value = self._value
        with LOCK:
            value.setflags(True)
            if axpy := blas.function("axpy", value.dtype):
                axpy(gradient.ravel(), value.ravel(), value.size, -alpha)  # ravel: the faster reshape(-1)
            else:
                value -= alpha * gradient
            value.setflags(False)
            self.gradient, self.number = None, next(NUMBERS)

    def derive(self, operation, operands, value, push, pull, *options):
        varies = [isinstance(x, VariableProtocol) and x.level == self.level for x in operands]
        values = [x._value if own else constant(x, self) for x, own in zip(operands, varies, strict=True)]
        places = [n for n, own in enumerate(varies) if own]
        adjoints = pull
        if len(places) < len(operands):
            adjoints = [_among_constants(pull[n], values, places) for n in places]
        inputs = tuple([operands[n] for n in places])
        return self.record(value(*values), inputs, adjoints, operation, self.level)

    def is_zero(self):
        return False  # it may be 0 here and have a derivative

    @property
    def T(self):
        return transpose(self)

    def linked(self):
        """A node of the same value that depends on this one."""
        return self.record(self._value, (self,), (lambda g, x, y: g,), "copy", self.level)

    def __copy__(self, memo=None):
        """Of a variable made by hand an independent one; of a computed node a node that depends on it."""
        if self.operation:
            return self.linked()
        copy = type(self)(self._value, self.name)
        copy.gradient = None if self.gradient is None else self.gradient.copy()
        return copy

    __deepcopy__ = __copy__

    def __reduce__(self):
        if self.operation or isinstance(self._value, Operators):
            raise sentence(COPIED, self)
        return type(self), (self._value, self.name), (None, {"gradient": self.gradient})

    def __repr__(self):
        what = f" = {self.operation_name}" if self.operation else ""
        return f"Variable({self.name or 'shape ' + str(self.shape)}{what}, value={self._value})"

    @property
    def operation_name(self):
        """The name of the NumPy function that made this node, empty for one that was made by hand."""
        return getattr(self.operation, "__name__", self.operation)


def _among_constants(adjoint, values, places):
    """The adjoint as a function of the operands at `places` alone; the others are constants."""

    def of_some(g, *inputs_and_y):
        operands = list(values)
        for place, x in zip(places, inputs_and_y, strict=False):
            operands[place] = x
        return adjoint(g, *operands, inputs_and_y[-1])

    return of_some


def record_with_constant(ufunc, adjoints, x1, x2):
    """ufunc(x1, x2) of a variable and a constant; of variables of two levels the lower is constant."""
    x, other = (x1, x2) if isinstance(x1, VariableProtocol) else (x2, x1)
    if getattr(other, "rank", -1) > x.rank:
        if not isinstance(other, VariableProtocol):
            return other.apply(ufunc, x1, x2)
        x, other = other, x
    value, c = x._value, constant(other, x)
    if x is x1:
        y, (adjoint, _) = elementwise(ufunc, value, c), adjoints

        def of_one(g, x, y):
            return adjoint(g, x, c, y)
    else:
        y, (_, adjoint) = elementwise(ufunc, c, value), adjoints

        def of_one(g, x, y):
            return adjoint(g, c, x, y)

    fits = y.shape == value.shape
    return x.record(y, (x,), (of_one if fits else summed(of_one, value.shape),), ufunc, x.level)


def summed(adjoint, shape):
    """An adjoint whose share is summed over what was broadcast."""
    return lambda g, *inputs: unbroadcast(adjoint(g, *inputs), shape)


def as_value(value):
    """The value of a node: a number of NumPy as a read-only array; a dual array as it is."""
    if isinstance(value, Operators):
        return value
    value = np.asanyarray(value)
    value.setflags(False)
    return value


def upstream_for(value, upstream):
    """The adjoint that the sweep starts from: 1 for a single number, or `upstream` as an array."""
    if upstream is None:
        if value.size != 1:
            raise ValueError(
                f"backward starts from a single number, but this has shape {value.shape}: sum it first, "
                "or pass an upstream gradient of that shape."
            )
        return np.array(1.0, value.dtype, ndmin=value.ndim)
    if not isinstance(upstream, Operators):
        upstream = np.asanyarray(upstream, value.dtype)
    if upstream.shape != value.shape:
        raise ValueError(f"upstream has shape {upstream.shape}, expected {value.shape} like the output.")
    return upstream
