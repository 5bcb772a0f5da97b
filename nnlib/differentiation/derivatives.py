"""The front door: one function, differentiated four ways.

    derivative(f, x)    f'(x) of a function of one number
    gradient(f, x)      ∂f/∂x of one number f(x), shaped like x
    jacobian(f, x)      ∂f/∂x of many outputs, shape (outputs, inputs): f(x).shape + x.shape
    hessian(f, x)       ∂²f/∂x² of one number f(x), shape x.shape + x.shape

`f` is plain Python on NumPy. The methods are "forward" (dual numbers), "reverse" (a tape), "numeric"
(central differences) and "symbolic" (an expression; only where no branch depends on x). Forward and
reverse mode nest: the f of one may call the other.

x may be several arrays in a list, a tuple or a dict, as W and b in [W, b]: f gets them as they are, and
each has its derivative at the same place of the result. (A list of numbers alone is one array.)
"""

from functools import cache

import numpy as np

from nnlib.differentiation import numeric
from nnlib.differentiation.dual import Dual
from nnlib.differentiation.numpy_protocol import expression_array
from nnlib.differentiation.numpy_protocol.dual_array import LEVELS, ArrayDual, Seed
from nnlib.differentiation.numpy_protocol.messages import MIXED, OBJECTS, floating, output_of
from nnlib.differentiation.numpy_protocol.operators import Operators
from nnlib.differentiation.numpy_protocol.structures import leaves_of
from nnlib.differentiation.numpy_protocol.variable import LIVE, is_recorded, live
from nnlib.differentiation.tape import VALUE, Variable, sweep

METHODS = ("forward", "reverse", "numeric", "symbolic")


def derivative(f, x, method="forward"):
    """f'(x) at the number x; if f(x) is an array or a list, the derivative of each element.

    Raises ValueError for an x with axes, an f(x) that is neither, or an unknown method.
    """
    if method == "forward" and (type(x) is float or type(x) is Dual):
        level = next(LEVELS)
        with live(level, LIVE.get().tapes):
            return _tangent(_value_at(f, Dual(x, 1.0, level)), level)
    if np.shape(x):
        raise ValueError(
            f"derivative takes a number, but x has shape {np.shape(x)}: use gradient or jacobian."
        )
    if isinstance(x, (Operators, Dual)):
        return jacobian(f, x, method)
    x = floating(float(x) if isinstance(x, (int, np.integer)) else x, "x")
    if method == "forward":
        return derivative(f, float(x))
    slope = jacobian(f, x, method)
    return float(slope) if isinstance(slope, np.ndarray) and slope.ndim == 0 else slope


def _value_at(f, x):
    """f(x) for a dual number x."""
    try:
        return output_of(f(x))
    except TypeError as error:
        if "no callable" in str(error):  # np.exp of an array of objects, some of them plain numbers
            raise ValueError(OBJECTS) from error
        raise


def _tangent(y, level):
    """The derivative in y of this level: 0 if y does not depend on x."""
    if isinstance(y, Dual):
        return y.derivative if y.level == level else 0.0
    if isinstance(y, ArrayDual):
        return y.partials[0] if y.level == level else np.zeros(y.shape)
    return 0.0 if np.ndim(y) == 0 else np.zeros(np.shape(y))


def gradient(f, x, method=None):
    """∂f/∂x shaped like x, for an f with one number as its value. By default "reverse".

    Raises ValueError for integers, an f(x) that is not a single number, or an unknown method.
    """
    leaves, rebuilt = _points(x)
    jacobians, shape = _jacobians(f, leaves, rebuilt, method or "reverse")
    if np.prod(shape, dtype=int) != 1:
        raise ValueError(f"gradient is of a single number, but f(x) has shape {shape}: use jacobian.")
    return rebuilt([J.reshape(leaf.shape) for J, leaf in zip(jacobians, leaves, strict=True)])


def jacobian(f, x, method=None):
    """∂f/∂x of shape f(x).shape + x.shape, which is (outputs, inputs) for vectors.

    By default "forward" if there are at least as many outputs as inputs, otherwise "reverse".
    Raises ValueError for integers, an f(x) that is not an array, a number or a list, or an unknown method.
    """
    if method == "forward" and type(x) is np.ndarray:  # the common case, in fewer calls
        return _forward(f, floating(x, "x"))[0]
    leaves, rebuilt = _points(x)
    if method is None:
        # Copies, since f may write into its argument.
        outputs = np.size(output_of(f(rebuilt([leaf.copy() for leaf in leaves]))))
        method = "forward" if outputs >= sum(leaf.size for leaf in leaves) else "reverse"
    return rebuilt(_jacobians(f, leaves, rebuilt, method)[0])


def hessian(f, x):
    """∂²f/∂x² of shape x.shape + x.shape, by forward mode within forward mode.

    Of several arrays [W, b] it is [[∂²f/∂W², ∂²f/∂W∂b], [∂²f/∂b∂W, ∂²f/∂b²]].
    Raises ValueError for integers, or an f(x) that is not a single number.
    """
    leaves, rebuilt = _points(x)

    def by_leaf(n):
        return lambda inner: leaves_of(gradient(f, inner, "forward"))[0][n]

    return rebuilt([jacobian(by_leaf(n), x, "forward") for n in range(len(leaves))])


def _points(x):
    """Where to differentiate: the arrays in x, and a function that puts others into the same structure."""
    leaves, rebuilt = leaves_of(x)
    return [_point(leaf) for leaf in leaves], rebuilt


def _point(x):
    if type(x) is np.ndarray:
        return floating(x, "x")
    if isinstance(x, Dual):
        return x.as_array()
    if isinstance(x, Operators) and not isinstance(x, (ArrayDual, Variable)):
        raise ValueError(MIXED)
    return x if isinstance(x, Operators) else floating(x, "x")


def _jacobians(f, leaves, rebuilt, method):
    """The Jacobian by each leaf, and the shape of f(x)."""
    if method not in METHODS:
        raise ValueError(f"There is no method {method!r}; there are {', '.join(METHODS)}.")
    if method == "reverse":
        return _reverse(lambda variables: f(rebuilt(variables)), leaves)
    if method != "forward" and any(isinstance(leaf, Operators) for leaf in leaves):
        raise ValueError(MIXED)
    by_one = {"forward": _forward, "numeric": _numeric, "symbolic": expression_array.jacobian}[method]

    def of_leaf(n):  # the others are constants
        return lambda x: f(rebuilt([x if n == m else leaf.copy() for m, leaf in enumerate(leaves)]))

    results = [by_one(of_leaf(n), leaf) for n, leaf in enumerate(leaves)]
    return [J for J, _ in results], results[0][1] if results else np.shape(output_of(f(rebuilt([]))))


def _forward(f, x):
    level = next(LEVELS)
    # All directions at once: row k of the identity is the direction of input k.
    directions = _identity(x)
    with live(level, LIVE.get().tapes):
        y = f(Seed(x, directions if x.ndim == 1 else directions.reshape((x.size, *x.shape)), level))
        if not isinstance(y, ArrayDual):
            y = output_of(y)
    if not isinstance(y, ArrayDual) or y.level != level:
        return np.zeros(np.shape(y) + x.shape, x.dtype), np.shape(y)
    partials = _own(y.partials, x.dtype)
    if y.ndim == x.ndim == 1:
        return partials.T, y.shape
    # Stored directions first, handed out as (outputs, inputs).
    return np.transpose(partials, (*range(1, y.ndim + 1), 0)).reshape(y.shape + x.shape), y.shape


def _own(partials, dtype):
    """The partials, copied if they are a view: of a matrix that f uses, or of the identity."""
    if isinstance(partials, Operators):
        return partials
    if partials.dtype is dtype:
        return partials if partials.base is None else partials.copy()
    return partials.astype(dtype, copy=partials.base is not None)


def _identity(x):
    """n x n for the n elements of x, of the class of x."""
    directions = _small_identity(x.size, x.dtype) if x.size <= 32 else np.eye(x.size, dtype=x.dtype)
    plain = type(x) is np.ndarray or isinstance(x, Operators)
    return directions if plain else directions.view(type(x))


@cache
def _small_identity(n, dtype):
    """Made once for each size, read-only. It is a view, so that `_own` returns a copy of it to the user."""
    directions = np.eye(n, dtype=dtype).view()
    directions.setflags(write=False)
    return directions


def _reverse(f, leaves):
    level, tapes = LIVE.get()
    variables = [Variable(leaf) for leaf in leaves]
    for variable in variables:
        variable.operation = "argument"
    with live(level, (*tapes, level)):
        y = output_of(f(variables))
    shape, rows = np.shape(y), []
    if isinstance(y, Variable) and y.level == level and variables:
        # Within the f of another derivative in reverse mode the sweeps are recorded as well.
        of = (lambda node: node) if is_recorded(y) else VALUE
        for place in np.ndindex(shape):  # one sweep for each output
            upstream = np.zeros_like(y.value)
            upstream[place] = 1.0
            rows.append(sweep(y, upstream, variables[0].number, of))
    return [
        _joined([row.get(x) for row in rows], leaf, shape) for x, leaf in zip(variables, leaves, strict=True)
    ], shape


def _joined(adjoints, x, shape):
    """The Jacobian from its rows. A row is None where the output does not depend on x."""
    if all(row is None for row in adjoints):
        return np.zeros(shape + x.shape, x.dtype)
    rows = [np.zeros(x.shape, x.dtype) if row is None else row for row in adjoints]
    J = np.reshape(np.stack(rows) if len(rows) > 1 else rows[0], shape + x.shape)
    return J if isinstance(J, Operators) else np.array(J, x.dtype, subok=True)


def _numeric(f, x):
    J = numeric.jacobian(lambda at: np.asarray(output_of(f(at))), x)
    return J.astype(x.dtype, copy=False), J.shape[: J.ndim - x.ndim]
