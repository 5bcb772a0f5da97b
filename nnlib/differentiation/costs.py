"""The cost of a derivative: operations counted, mode by mode. Slide "Automatic Differentiation".

The arrays that a mode works on are counted ones: each NumPy function adds the numbers that it
computes. So "forward for many outputs, reverse for many inputs" is a table and not a claim.
"""

import contextvars
from dataclasses import dataclass

import numpy as np

from nnlib.differentiation import derivatives
from nnlib.differentiation.numpy_protocol.expression_array import expressions
from nnlib.differentiation.symbolic import Expression

ADDITIONS = {np.add, np.subtract, np.negative}
MULTIPLICATIONS = {np.multiply, np.divide, np.square, np.reciprocal, np.power}
FREE = {np.positive, np.sign, np.greater, np.less, np.equal, np.not_equal, np.greater_equal, np.less_equal}
COST = contextvars.ContextVar("cost")


@dataclass
class Cost:
    """Operations on numbers, and the largest count of numbers that was held at one moment."""

    additions: int = 0
    multiplications: int = 0
    function_calls: int = 0
    memory: int = 0
    held: int = 0

    @property
    def operations(self):
        return self.additions + self.multiplications + self.function_calls


class Counted(np.ndarray):
    """An array that counts each operation on it in the present `Cost`."""

    own = 0

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        inputs = [_bare(x) for x in inputs]
        cost = COST.get()
        if method == "at":  # adds in place what was taken by index
            cost.additions += np.size(inputs[2])
            return ufunc.at(*inputs)
        into = options.get("out")
        if into:
            options["out"] = tuple(map(_bare, into))
        result = np.asarray(getattr(ufunc, method)(*inputs, **options))
        _count(cost, ufunc, method, inputs, result.size)
        if into:
            return into[0]
        counted = result.view(Counted)
        counted.own = result.size
        cost.held += result.size
        cost.memory = max(cost.memory, cost.held)
        return counted

    def __array_function__(self, function, types, arguments, options):
        if function in {np.dot, np.inner, np.vdot}:
            a, b = map(np.asarray, arguments)
            if function is np.vdot:
                a, b = a.ravel(), b.ravel()
            result = np.asarray(function(a, b))
            _count(COST.get(), np.matmul, "__call__", (a if a.ndim else b[..., np.newaxis], b), result.size)
            return result.view(Counted)
        result = super().__array_function__(function, types, arguments, options)
        return result.view(Counted) if type(result) is np.ndarray else result

    def __getitem__(self, index):
        result = super().__getitem__(index)
        return result if isinstance(result, Counted) else np.asarray(result).view(Counted)

    def __del__(self):
        if self.own and (cost := COST.get(None)):
            cost.held -= self.own


def cost(f, x, method=None):
    """The `Cost` of ∂f/∂x at x by a method of the front door; without one, of f(x) alone.

    For "symbolic" it is the cost of evaluating all formulas, and memory counts their nodes.
    """
    total = Cost()
    x = np.asarray(x, float)
    if method == "symbolic":
        symbols, outputs = expressions(f, x)
        for y in outputs.flat:
            for symbol in symbols.flat:
                _count_formula(total, y.derivative(symbol) if isinstance(y, Expression) else 0.0)
        return total
    token = COST.set(total)
    try:
        x = x.view(Counted)
        if method is None:
            f(x)
        else:
            derivatives.jacobian(f, x, method)
    finally:
        COST.reset(token)
    return total


def costs(f, x):
    """Method -> `Cost`, for f alone and for every method that can differentiate it."""
    table = {"f alone": cost(f, x)}
    for method in derivatives.METHODS:
        try:
            table[method] = cost(f, x, method)
        except ValueError as error:
            if method != "symbolic" or "branch depends" not in str(error):
                raise
    return table


def _bare(x):
    return x.view(np.ndarray) if isinstance(x, Counted) else x


def _count_formula(total, formula):
    if isinstance(formula, Expression):
        nodes = [node for node in formula.nodes() if node.inputs]
        total.memory += len(nodes)
        for node in nodes:
            _count(total, node.ufunc, "__call__", node.inputs, 1)


def _count(total, ufunc, method, inputs, size):
    if ufunc is np.matmul:
        inner = np.shape(inputs[0])[-1]
        total.multiplications += size * inner
        total.additions += size * (inner - 1)
    elif method == "reduce":
        total.additions += int(np.size(inputs[0])) - size
    elif ufunc in ADDITIONS:
        total.additions += size
    elif ufunc in MULTIPLICATIONS:
        total.multiplications += size
    elif ufunc not in FREE:
        total.function_calls += size
