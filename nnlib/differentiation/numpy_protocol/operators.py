"""What catches Python's operators and NumPy's functions: the base of dual arrays, variables, expressions.

`x + y`, `np.sin(x)` and `W @ x` all end in `apply(ufunc, x1, x2)` of the subclass, and `np.sum(x)` or
`x.sum()` in its table `functions`. So a function written for arrays takes a subclass as it is.
"""

import inspect
import math

import numpy as np

from nnlib.differentiation.numpy_protocol.composites import COMPOSITES
from nnlib.differentiation.numpy_protocol.messages import (
    FLOAT,
    IN_PLACE,
    PLAIN,
    SET,
    numpy_name,
    option_refused,
    sentence,
    unsupported,
)

NEW, ARRAY, MATMUL = object.__new__, np.ndarray, np.matmul  # looked up often
UNARY = {"neg": np.negative, "abs": np.absolute}
BINARY = {
    "add": np.add, "sub": np.subtract, "mul": np.multiply, "truediv": np.divide, "pow": np.power,
    "mod": np.remainder, "floordiv": np.floor_divide, "matmul": np.matmul,
}  # fmt: skip
COMPARING = {
    "lt": np.less, "le": np.less_equal, "gt": np.greater, "ge": np.greater_equal,
    "eq": np.equal, "ne": np.not_equal,
}  # fmt: skip
"""Python's operators, each with the function of NumPy that it calls."""
COMPARISONS = frozenset({*COMPARING.values(), np.isfinite, np.isnan, np.isinf, np.signbit})


def inputs_of(x1, x2):
    """The inputs of an elementwise function of one or of two."""
    return (x1,) if x2 is None else (x1, x2)


def without_rule(ufunc, x1, x2, plain, kind):
    """A ufunc that is not in the table: a comparison of values, or an error."""
    if ufunc in COMPARISONS:
        return ufunc(*map(plain, inputs_of(x1, x2)))
    raise unsupported(ufunc, {*kind.functions, *kind.known})


class Operators:
    """Python's operators and NumPy's protocols, all by `apply` and `functions` of the subclass.

    A subclass has `value`, a static method `apply(ufunc, x1, x2=None)`, a dict `functions` of NumPy
    function -> method for those that are no ufunc, and is `called` something in error messages.
    """

    __slots__ = ()
    functions = {}
    known = ()

    def __array_ufunc__(self, ufunc, method, x1, x2=None, *others, **options):
        if method == "__call__" and not options and not others:
            return self.apply(ufunc, x1, x2)
        if "out" in options:
            raise sentence(IN_PLACE, self)
        if method == "reduce" and ufunc in REDUCTIONS and options.keys() <= {"axis", "keepdims"}:
            return REDUCTIONS[ufunc](x1, **{"axis": 0} | options)
        name = numpy_name(ufunc) + ("" if method == "__call__" else f".{method}")
        raise option_refused(name, options)

    def __array_function__(self, function, types, arguments, options):
        own = self.functions.get(function) or COMPOSITES.get(function)
        if own is None:
            raise unsupported(function, {*self.functions, *COMPOSITES, *self.known})
        try:
            return own(*arguments, **options)
        except TypeError:
            try:
                inspect.signature(own).bind(*arguments, **options)
            except TypeError:
                raise option_refused(numpy_name(function), options) from None
            raise

    def __array__(self, *arguments, **options):
        raise sentence(PLAIN, self)

    def __float__(self):
        raise sentence(FLOAT, self)

    __int__ = __complex__ = __index__ = __float__

    def __setitem__(self, index, values):
        raise sentence(SET, self)

    def __iter__(self):
        if not self.shape:
            raise sentence("{} without axes cannot be taken apart.", self)
        return (self[n] for n in range(self.shape[0]))

    def __len__(self):
        return len(self.value)

    @property
    def shape(self):
        return self.value.shape

    @property
    def ndim(self):
        return len(self.shape)

    @property
    def size(self):
        return math.prod(self.shape)

    @property
    def dtype(self):
        return self.value.dtype

    @property
    def T(self):
        return np.transpose(self)

    def __bool__(self):
        return bool(self.value)

    __hash__ = object.__hash__

    def __pos__(self):
        return self

    # Methods of arrays.
    def sum(self, axis=None, keepdims=False):
        return np.sum(self, axis=axis, keepdims=keepdims)

    def mean(self, axis=None, keepdims=False):
        return np.mean(self, axis=axis, keepdims=keepdims)

    def max(self, axis=None, keepdims=False):
        return np.max(self, axis=axis, keepdims=keepdims)

    def min(self, axis=None, keepdims=False):
        return np.min(self, axis=axis, keepdims=keepdims)

    def var(self, axis=None, keepdims=False):
        return np.var(self, axis=axis, keepdims=keepdims)

    def std(self, axis=None, keepdims=False):
        return np.std(self, axis=axis, keepdims=keepdims)

    def clip(self, low=None, high=None):
        return np.clip(self, low, high)

    def dot(self, other):
        return np.dot(self, other)

    def copy(self):
        return self  # it cannot be changed

    def ravel(self):
        return np.ravel(self)

    def flatten(self):
        return np.ravel(self)

    def reshape(self, *shape):
        return np.reshape(self, shape[0] if len(shape) == 1 else shape)

    def transpose(self, *axes):
        return np.transpose(self, (axes[0] if len(axes) == 1 else axes) or None)


# Operators skip NumPy's dispatch and go to `apply` at once.
def _of_one(ufunc):
    return lambda x: x.apply(ufunc, x)


def from_left(ufunc):
    return lambda x1, x2: x1.apply(ufunc, x1, x2)


def from_right(ufunc):
    return lambda x2, x1: x2.apply(ufunc, x1, x2)


for name, ufunc in UNARY.items():
    setattr(Operators, f"__{name}__", _of_one(ufunc))
for name, ufunc in (BINARY | COMPARING).items():
    setattr(Operators, f"__{name}__", from_left(ufunc))
for name, ufunc in BINARY.items():
    setattr(Operators, f"__r{name}__", from_right(ufunc))

REDUCTIONS = {np.add: np.sum, np.maximum: np.max, np.minimum: np.min}


def share_of_largest(x, y, axis):
    """Where x is the largest along an axis: 1 there, divided among ties, as in PyTorch's amax."""
    at = (x == y) * 1.0
    return at / np.sum(at, axis=axis, keepdims=True)
