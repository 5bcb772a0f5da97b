"""The front door: one function, differentiated four ways.

    derivative(f, x)    f'(x) of a function of one number
    gradient(f, x)      ∂f/∂x of one number f(x), shaped like x
    jacobian(f, x)      ∂f/∂x of many outputs, shape (outputs, inputs): f(x).shape + x.shape
    hessian(f, x)       ∂²f/∂x² of one number f(x), shape x.shape + x.shape

`f` is plain Python on NumPy. The methods are "forward" (dual numbers), "reverse" (a tape), "numeric"
(central differences) and "symbolic" (an expression; only where no branch depends on x).
"""

from functools import cache

import numpy as np

from nnlib.differentiation import numeric
from nnlib.differentiation.dual import Dual
from nnlib.differentiation.numpy_protocol import expression_array
from nnlib.differentiation.numpy_protocol.dual_array import LEVELS, ArrayDual, Seed, from_number
from nnlib.differentiation.numpy_protocol.messages import MIXED, floating, output_of
from nnlib.differentiation.numpy_protocol.operators import Operators
from nnlib.differentiation.tape import Variable

METHODS = ("forward", "reverse", "numeric", "symbolic")


def derivative(f, x, method="forward"):
    """f'(x) at the number x, whole or not; if f(x) is an array or a list, the derivative of each element.

    Raises ValueError for an x with axes, an f(x) that is neither, or an unknown method.
    """
    if method == "forward" and (type(x) is float or type(x) is Dual):
        level = next(LEVELS)
        return _tangent(output_of(f(Dual(x, 1.0, level))), level)
    if np.shape(x):
        raise ValueError(
            f"derivative takes a number, but x has shape {np.shape(x)}: use gradient or jacobian."
        )
    if isinstance(x, (Operators, Dual)):
        return jacobian(f, x, method)
    x = floating(float(x) if isinstance(x, (int, np.integer)) else x, "x")
    if method == "forward":
        return derivative(f, float(x))
    found = jacobian(f, x, method)
    return float(found) if found.ndim == 0 else found


def _tangent(y, level):
    """The derivative in y of this level: 0 if y does not depend on x."""
    if isinstance(y, Dual):
        return y.derivative if y.level == level else 0.0
    if isinstance(y, ArrayDual):
        return y.partials[0] if y.level == level else np.zeros(y.shape)
    return 0.0 if np.ndim(y) == 0 else np.zeros(np.shape(y))


def gradient(f, x, method=None):
    """∂f/∂x shaped like x, for an f with one number as its value. By default "reverse".

    Raises ValueError for integers, an f(x) that is no single number, or an unknown method.
    """
    x = _point(x)
    found, shape = _jacobian(f, x, method or "reverse")
    if np.prod(shape, dtype=int) != 1:
        raise ValueError(f"gradient is of a single number, but f(x) has shape {shape}: use jacobian.")
    return found.reshape(x.shape)


def jacobian(f, x, method=None):
    """∂f/∂x of shape f(x).shape + x.shape, which is (outputs, inputs) for vectors.

    By default "forward" if there are at least as many outputs as inputs, otherwise "reverse".
    Raises ValueError for integers, an f(x) that is no array, number or list, or an unknown method.
    """
    x = _point(x)
    if method is None:
        # A copy, since f may write into its argument.
        method = "forward" if isinstance(x, ArrayDual) or np.size(f(x.copy())) >= np.size(x) else "reverse"
    return _jacobian(f, x, method)[0]


def hessian(f, x):
    """∂²f/∂x² of shape x.shape + x.shape, by forward mode within forward mode.

    Raises ValueError for integers, or an f(x) that is no single number.
    """
    return jacobian(lambda inner: gradient(f, inner, "forward"), x, "forward")


def _point(x):
    """Where to differentiate: a floating point array, or a dual array for a derivative of a derivative."""
    if type(x) is np.ndarray:
        return floating(x, "x")
    if isinstance(x, Dual):
        return from_number(x)
    if isinstance(x, Operators) and not isinstance(x, ArrayDual):
        raise ValueError(MIXED)
    return x if isinstance(x, ArrayDual) else floating(x, "x")


def _jacobian(f, x, method):
    """The Jacobian and the shape of f(x)."""
    if method not in METHODS:
        raise ValueError(f"There is no method {method!r}; there are {', '.join(METHODS)}.")
    if method == "forward":
        return _forward(f, x)
    if isinstance(x, ArrayDual):
        raise ValueError(MIXED)
    if method == "reverse":
        return _reverse(f, x)
    return _numeric(f, x) if method == "numeric" else expression_array.jacobian(f, x)


def _forward(f, x):
    level = next(LEVELS)
    # All directions at once: row k of the identity is the direction of input k.
    directions = _identity(x)
    y = f(Seed(x, directions if x.ndim == 1 else directions.reshape((x.size, *x.shape)), level))
    if not isinstance(y, ArrayDual):
        y = output_of(y)
    if not isinstance(y, ArrayDual) or y.level != level:
        return np.zeros(np.shape(y) + x.shape), np.shape(y)
    partials = _own(y.partials)
    if y.ndim == x.ndim == 1:
        return partials.T, y.shape
    # Stored directions first, handed out as (outputs, inputs).
    return np.transpose(partials, (*range(1, y.ndim + 1), 0)).reshape(y.shape + x.shape), y.shape


def _own(partials):
    """Partials that may be handed out: no view of a matrix that f uses, nor of the identity."""
    return partials.copy() if getattr(partials, "base", None) is not None else partials


def _identity(x):
    """n x n for the n elements of x, of the class of x."""
    directions = _small_identity(x.size) if x.size <= 32 else np.eye(x.size)
    plain = type(x) is np.ndarray or isinstance(x, ArrayDual)
    return directions if plain else directions.view(type(x))


@cache
def _small_identity(n):
    """Made once, as a view that may not be changed: `_own` never hands out a view."""
    directions = np.eye(n).view()
    directions.setflags(write=False)
    return directions


def _reverse(f, x):
    variable = Variable(x)
    y = output_of(f(variable))
    if not isinstance(y, Variable):
        return np.zeros(np.shape(y) + x.shape), np.shape(y)
    rows = []
    # The reader's own variables that f uses keep their gradients.
    others = [(node, node.gradient) for node in y.history() if not node.inputs and node is not variable]
    for place in np.ndindex(y.shape):  # one sweep for each output
        upstream = np.zeros_like(y.value)
        upstream[place] = 1.0
        variable.clear()
        y.backward(upstream)
        rows.append(np.zeros(x.shape) if variable.gradient is None else variable.gradient)
    for node, gradient_before in others:
        node.gradient = gradient_before
    return np.reshape(rows, y.shape + x.shape), y.shape


def _numeric(f, x):
    found = numeric.jacobian(lambda at: np.asarray(output_of(f(at))), x)
    return found, found.shape[: found.ndim - x.ndim]
