"""What catches Python's operators and NumPy's functions: the base of dual arrays, variables, expressions.

`x + y`, `np.sin(x)` and `W @ x` all end in `apply(ufunc, *inputs)` of the subclass, and `np.sum(x)` or
`x.sum()` in its table `functions`. So a function written for arrays takes a subclass as it is.
"""

import numpy as np

from nnlib.differentiation.composites import COMPOSITES

COMPARISONS = frozenset(
    {
        np.equal, np.not_equal, np.less, np.less_equal, np.greater, np.greater_equal,
        np.isfinite, np.isnan, np.isinf, np.signbit,
    }
)  # fmt: skip


def unsupported(function, known):
    """The error for a NumPy function without a rule."""
    name = getattr(function, "__name__", str(function))
    names = ", ".join(sorted(getattr(other, "__name__", "") for other in known))
    return ValueError(
        f"np.{name} has no derivative rule here. Use operators (+ - * / ** @), indexing, or one of: {names}."
    )


def without_rule(ufunc, inputs, matmul, plain, known):
    """A ufunc that is not in the table: a product of matrices, a comparison of values, or an error."""
    if ufunc is np.matmul:
        return matmul(*inputs)
    if ufunc in COMPARISONS:
        return ufunc(*map(plain, inputs))
    raise unsupported(ufunc, known)


class Operators:
    """Python's operators and NumPy's protocols, all by `apply` and `functions` of the subclass.

    A subclass has `value`, a static method `apply(ufunc, *inputs)`, and a dict `functions` of NumPy
    function -> method for those that are no ufunc.
    """

    __slots__ = ()
    functions = {}
    known = ()

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        if method == "__call__" and not options:
            return self.apply(ufunc, *inputs)
        if method == "reduce" and ufunc in REDUCTIONS:
            return REDUCTIONS[ufunc](*inputs, options.get("axis", 0), keepdims=options.get("keepdims", False))
        if "out" in options:
            raise ValueError(
                f"{type(self).__name__} cannot be written into an array in place: the derivative would be "
                "lost. Write a = a + x instead of a += x, and no out=."
            )
        detail = f"{ufunc.__name__} with {list(options)}" if options else f"{ufunc.__name__}.{method}"
        raise ValueError(f"np.{detail} has no derivative rule here: write it without.")

    def __array_function__(self, function, types, arguments, options):
        own = self.functions.get(function) or COMPOSITES.get(function)
        if own is None:
            raise unsupported(function, {*self.functions, *COMPOSITES, *self.known})
        return own(*arguments, **options)

    def __array__(self, *arguments, **options):
        raise ValueError(
            f"A {type(self).__name__} cannot become a plain array: the derivative would be lost. "
            "Take .value for the value; join several with np.stack or np.concatenate."
        )

    def __float__(self):
        raise ValueError(
            f"float() of a {type(self).__name__} would lose the derivative. Take .value for the value, "
            "and functions of NumPy (np.sin) instead of those of math (math.sin)."
        )

    __int__ = __complex__ = __index__ = __float__

    def __setitem__(self, index, values):
        raise ValueError(
            f"A {type(self).__name__} cannot be changed in place: earlier results still need the old "
            "values. Build a new one with np.where, np.concatenate or np.stack."
        )

    def __iter__(self):
        if not self.shape:
            raise ValueError(f"A {type(self).__name__} without axes cannot be taken apart.")
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
        return int(np.prod(self.shape))

    @property
    def dtype(self):
        return self.value.dtype

    @property
    def T(self):
        return np.transpose(self)

    def __bool__(self):
        return bool(self.value)

    __hash__ = object.__hash__

    # Operators skip NumPy's dispatch and go to `apply` at once.
    def __add__(self, other):
        return self.apply(np.add, self, other)

    def __radd__(self, other):
        return self.apply(np.add, other, self)

    def __sub__(self, other):
        return self.apply(np.subtract, self, other)

    def __rsub__(self, other):
        return self.apply(np.subtract, other, self)

    def __mul__(self, other):
        return self.apply(np.multiply, self, other)

    def __rmul__(self, other):
        return self.apply(np.multiply, other, self)

    def __truediv__(self, other):
        return self.apply(np.divide, self, other)

    def __rtruediv__(self, other):
        return self.apply(np.divide, other, self)

    def __pow__(self, other):
        return self.apply(np.power, self, other)

    def __rpow__(self, other):
        return self.apply(np.power, other, self)

    def __matmul__(self, other):
        return self.apply(np.matmul, self, other)

    def __rmatmul__(self, other):
        return self.apply(np.matmul, other, self)

    def __neg__(self):
        return self.apply(np.negative, self)

    def __pos__(self):
        return self

    def __abs__(self):
        return self.apply(np.absolute, self)

    def __lt__(self, other):
        return self.apply(np.less, self, other)

    def __le__(self, other):
        return self.apply(np.less_equal, self, other)

    def __gt__(self, other):
        return self.apply(np.greater, self, other)

    def __ge__(self, other):
        return self.apply(np.greater_equal, self, other)

    def __eq__(self, other):
        return self.apply(np.equal, self, other)

    def __ne__(self, other):
        return self.apply(np.not_equal, self, other)

    # Methods of arrays.
    def sum(self, axis=None, keepdims=False):
        return np.sum(self, axis=axis, keepdims=keepdims)

    def mean(self, axis=None, keepdims=False):
        return np.mean(self, axis=axis, keepdims=keepdims)

    def max(self, axis=None, keepdims=False):
        return np.max(self, axis=axis, keepdims=keepdims)

    def min(self, axis=None, keepdims=False):
        return np.min(self, axis=axis, keepdims=keepdims)

    def dot(self, other):
        return np.dot(self, other)

    def reshape(self, *shape):
        return np.reshape(self, shape[0] if len(shape) == 1 else shape)

    def transpose(self, *axes):
        return np.transpose(self, (axes[0] if len(axes) == 1 else axes) or None)


REDUCTIONS = {np.add: np.sum, np.maximum: np.max, np.minimum: np.min}


def axes_of(axis, ndim):
    """An axis argument of NumPy as a tuple of numbers from 0: None means all."""
    if axis is None:
        return tuple(range(ndim))
    return tuple(a % ndim for a in (axis if isinstance(axis, tuple) else (axis,)))


def share_of_largest(x, y, axis):
    """Where x is the largest along an axis: 1 there, divided among ties, as in PyTorch's amax."""
    at = (x == y) * 1.0
    return at / np.sum(at, axis=axis, keepdims=True)


def floating(value, name):
    """`value` as a floating point array that keeps its class; a ValueError for integers."""
    array = np.asanyarray(value)
    if array.dtype.kind in "iub":
        raise ValueError(
            f"{name} has the integer dtype {array.dtype}, but derivatives need floating point numbers: "
            "write 1.0 instead of 1, or use x.astype(float)."
        )
    if array.dtype.kind != "f":
        raise ValueError(f"{name} has dtype {array.dtype}, expected floating point numbers.")
    return array
