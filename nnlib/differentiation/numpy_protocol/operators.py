"""The base of dual arrays, variables and expressions: it receives Python's operators and NumPy's functions.

`x + y`, `np.sin(x)` and `W @ x` all end in `apply(ufunc, x1, x2)` of the subclass, and `np.sum(x)` or
`x.sum()` in the table `FUNCTIONS` and from there in `derive`. So a function written for arrays takes a
subclass as it is.
"""

import inspect
import math

import numpy as np

from nnlib.differentiation.numpy_protocol.messages import (
    COMPLEX,
    COPIED,
    FLOAT,
    IN_PLACE,
    NO_ARRAY,
    SET,
    do_not_broadcast,
    numpy_name,
    option_refused,
    sentence,
    unsupported,
)
from nnlib.differentiation.numpy_protocol.places import astype, getitem
from nnlib.differentiation.numpy_protocol.products import matmul
from nnlib.differentiation.numpy_protocol.table import FUNCTIONS
from nnlib.differentiation.rules import DERIVATIVES

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


def without_rule(ufunc, x1, x2):
    """ufunc(x1, x2) of a product or a comparison. Raises ValueError for other functions that have no rule."""
    if ufunc is MATMUL:
        return matmul(x1, x2)
    if ufunc not in COMPARISONS:
        raise unsupported(ufunc, {*DERIVATIVES, *FUNCTIONS})
    # The operands of the highest rank are replaced by their values, and NumPy compares those.
    top = max(x.rank for x in inputs_of(x1, x2) if isinstance(x, Operators))
    return ufunc(*(x.value if getattr(x, "rank", None) == top else x for x in inputs_of(x1, x2)))


def constant(x, kind):
    """An operand that is constant here; arrays are copied, so that later changes do not reach the tape."""
    if type(x) is float or type(x) is int:
        return x
    if type(x) is ARRAY and x.dtype.kind != "c":
        return x.copy()
    if isinstance(x, ARRAY):
        x = x.copy()
    elif isinstance(x, (list, tuple)):
        x = np.array(x)
    elif hasattr(x, "rank"):
        return x.as_array() if hasattr(x, "as_array") else x
    if isinstance(x, complex) or hasattr(x, "dtype") and x.dtype.kind == "c":
        raise sentence(COMPLEX, kind)
    return x


def elementwise(ufunc, v1, v2):
    """ufunc(v1, v2), or a ValueError with the shapes if they do not broadcast."""
    try:
        return ufunc(v1, v2)
    except ValueError as error:
        if "operands could not be broadcast" not in str(error):
            raise
        raise do_not_broadcast(ufunc, v1, v2) from None


class Operators:
    """Python's operators and NumPy's protocols, all by `apply` and `derive` of the subclass.

    A subclass has `value`, a static method `apply(ufunc, x1, x2=None)` for elementwise functions and
    `derive(operands, value, push, pull)` for others (see `derived`), and is `called` something in
    error messages. Of operands of different kinds the one with the highest `rank` decides: that of the
    innermost derivative.
    """

    __slots__ = ()
    rank = math.inf

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
        own = FUNCTIONS.get(function)
        if own is None:
            raise unsupported(function, {*DERIVATIVES, *FUNCTIONS})
        try:
            return own(*arguments, **options)
        except TypeError:
            try:
                inspect.signature(own).bind(*arguments, **options)
            except TypeError:
                raise option_refused(numpy_name(function), options) from None
            raise

    def __array__(self, *arguments, **options):
        raise sentence(NO_ARRAY, self)

    def __float__(self):
        raise sentence(FLOAT, self)

    __int__ = __complex__ = __index__ = __float__

    def __setitem__(self, index, values):
        raise sentence(SET, self)

    def __getitem__(self, index):
        return getitem(self, index)

    def __iter__(self):
        if not self.shape:
            raise sentence("{} without axes cannot be taken apart.", self)
        return (self[n] for n in range(self.shape[0]))

    def __len__(self):
        if not self.shape:
            raise TypeError(f"len() of {self.called} without axes")
        return self.shape[0]

    def __copy__(self, memo=None):
        return self  # it cannot be changed

    __deepcopy__ = copy = __copy__

    def __reduce__(self):
        raise sentence(COPIED, self)

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

    # Methods of arrays that NumPy has no function of the same name and arguments for.
    def astype(self, dtype):
        return astype(self, dtype)

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


def _method(function):
    return lambda self, *arguments, **options: function(self, *arguments, **options)


for name, ufunc in UNARY.items():
    setattr(Operators, f"__{name}__", _of_one(ufunc))
for name, ufunc in (BINARY | COMPARING).items():
    setattr(Operators, f"__{name}__", from_left(ufunc))
for name, ufunc in BINARY.items():
    setattr(Operators, f"__r{name}__", from_right(ufunc))
for name in (
    "sum", "prod", "mean", "var", "std", "max", "min", "cumsum", "clip", "dot", "ravel", "squeeze",
    "swapaxes", "repeat", "take", "trace", "diagonal", "argmax", "argmin", "argsort", "any", "all", "round",
):  # fmt: skip
    setattr(Operators, name, _method(getattr(np, name)))

REDUCTIONS = {np.add: np.sum, np.multiply: np.prod, np.maximum: np.max, np.minimum: np.min}
