"""Symbolic differentiation: from one expression to another, rule by rule. Slide "Types of Differentiation".

    (f + g)' = f' + g'        (f g)' = f' g + f g'        f(g)' = f'(g) g'

All three are one: a node y = f(x1, x2) of the expression tree has y' = ∂f/∂x1 x1' + ∂f/∂x2 x2'.
There is one formula for all inputs: so no branch or loop may depend on x. And the formulas swell,
since every product doubles its factors: `size` counts the nodes.
"""

import numpy as np

from nnlib.differentiation.formulas.simplified import is_number, number, simplified
from nnlib.differentiation.formulas.text import formula
from nnlib.differentiation.formulas.to_sympy import to_sympy
from nnlib.differentiation.numpy_protocol.messages import unsupported
from nnlib.differentiation.numpy_protocol.operators import COMPARISONS, Operators, inputs_of
from nnlib.differentiation.rules import DERIVATIVES

# With an unknown exponent there is no branch for the special values of the table.
RULES = DERIVATIVES | {
    np.power: (
        lambda x1, x2, y: x2 * x1 ** (x2 - 1),
        lambda x1, x2, y: 0.0 if is_number(x1, 0) else y * np.log(x1),
    ),
}


class Expression(Operators):
    """A symbol, or an elementary function of expressions and numbers.

    >>> x = Expression("x")
    >>> (x * np.sin(x)).derivative(x)
    sin(x) + x * cos(x)

    Raises ValueError where a branch depends on the expression, or a NumPy function has no rule.
    """

    __slots__ = ("inputs", "ufunc")
    called = "an expression"
    shape, dtype = (), np.dtype(object)

    def __init__(self, ufunc, *inputs):
        self.ufunc, self.inputs = ufunc, inputs  # a symbol has its name as ufunc, and no inputs

    @staticmethod
    def apply(ufunc, x1, x2=None):
        """The node ufunc(x1, x2). `x + y` comes here, and by `__array_ufunc__` of `Operators` np.sin(x)."""
        inputs = inputs_of(x1, x2)
        if any(np.ndim(x) for x in inputs):
            return Expression.array.apply(ufunc, *inputs)  # element by element, in expression_array
        if ufunc in COMPARISONS:
            return Condition(f"{ufunc.__name__}({', '.join(map(str, inputs))})")
        if ufunc not in RULES:
            raise unsupported(ufunc, RULES)
        inputs = [x if isinstance(x, Expression) else number(x) for x in inputs]
        simpler = simplified(ufunc, *inputs)
        return Expression(ufunc, *inputs) if simpler is None else simpler

    def derivative(self, symbol):
        """The expression ∂self/∂symbol, or a number: sum, product and chain rule are one line."""
        slopes = {}
        for node in self.nodes():
            if not node.inputs:
                slopes[node] = 1.0 if node is symbol else 0.0
                continue
            rules = RULES[node.ufunc] if len(node.inputs) == 2 else (RULES[node.ufunc],)
            total = 0.0
            for x, rule in zip(node.inputs, rules, strict=True):
                if isinstance(x, Expression) and not is_number(slopes[x], 0):
                    total = total + rule(*node.inputs, node) * slopes[x]
            slopes[node] = total
        return slopes[self]

    def nodes(self):
        """All different nodes, each after its inputs."""
        order, waiting = {}, [self]
        while waiting:
            node = waiting[-1]
            missing = [x for x in node.inputs if isinstance(x, Expression) and x not in order]
            waiting.extend(missing)
            if not missing:
                order[waiting.pop()] = None
        return list(order)

    def evaluate(self, values):
        """The number for `values`: symbol -> number."""
        numbers = dict(values)
        for node in self.nodes():
            if node not in numbers:
                inputs = [numbers[x] if isinstance(x, Expression) else x for x in node.inputs]
                numbers[node] = node.ufunc(*inputs) if inputs else node.value  # of a symbol: an error
        return numbers[self]

    def size(self):
        """Nodes of the formula written out: the swell."""
        sizes = {}
        for node in self.nodes():
            sizes[node] = 1 + sum(sizes[x] if isinstance(x, Expression) else 1 for x in node.inputs)
        return sizes[self]

    to_sympy = to_sympy
    __str__ = __repr__ = formula

    # An expression has no number until it is evaluated.
    @property
    def value(self):
        raise ValueError(f"{self} has no value yet: evaluate it with numbers for its symbols.")

    def __bool__(self):
        return bool(Condition(self))

    def __getitem__(self, index):
        if index in ((), Ellipsis, None):
            return self if index is not None else np.reshape(self, 1)
        raise ValueError(f"{self} is a number: it has no element [{index}].")


class Condition:
    """The result of a comparison of expressions: neither true nor false, bool() of it raises ValueError."""

    def __init__(self, words):
        self.words = words

    def __bool__(self):
        raise ValueError(
            f"The branch depends on x: {self.words} is neither true nor false for all x. Symbolic "
            'differentiation needs one formula for all inputs; use method="forward" or "reverse".'
        )
