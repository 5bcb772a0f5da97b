"""Symbolic differentiation: from one expression to another, rule by rule. Slide "Types of Differentiation".

    (f + g)' = f' + g'        (f g)' = f' g + f g'        f(g)' = f'(g) g'

One formula for all inputs: so no branch or loop may depend on x. And the formulas swell, since every
product doubles its factors: `size` counts the nodes.
"""

import itertools

import numpy as np

from nnlib.differentiation.composites import COMPOSITES, axes_of
from nnlib.differentiation.operators import COMPARISONS, Operators
from nnlib.differentiation.refusals import output_of, unsupported
from nnlib.differentiation.rules import DERIVATIVES

# With an unknown exponent there is no branch for the special values of the table.
RULES = DERIVATIVES | {
    np.power: (
        lambda x1, x2, y: x2 * x1 ** (x2 - 1),
        lambda x1, x2, y: 0.0 if is_number(x1, 0) else y * np.log(x1),
    ),
}
SIGNS = {np.add: "+", np.subtract: "-", np.multiply: "*", np.divide: "/", np.power: "**"}


class Expression(Operators):
    """A symbol, or an elementary function of expressions and numbers.

    >>> x = Expression("x")
    >>> (x * np.sin(x)).derivative(x)
    sin(x) + x * cos(x)

    Raises ValueError where a branch depends on the expression, or a NumPy function has no rule.
    """

    __slots__ = ("inputs", "ufunc")
    called = "an expression"
    shape = ()

    def __init__(self, ufunc, *inputs):
        self.ufunc, self.inputs = ufunc, inputs  # of a symbol: its name, nothing

    @property
    def value(self):
        raise ValueError(f"{self} has no value yet: evaluate it with numbers for its symbols.")

    @staticmethod
    def apply(ufunc, *inputs):
        if any(np.ndim(x) for x in inputs):
            return ExpressionArray.apply(ufunc, *inputs)
        if ufunc in COMPARISONS:
            return Condition(f"{ufunc.__name__}({', '.join(map(str, inputs))})")
        if ufunc not in RULES:
            raise unsupported(ufunc, RULES)
        return simplified(ufunc, *(x if isinstance(x, Expression) else float(x) for x in inputs))

    def derivative(self, symbol):
        """The expression ∂self/∂symbol, or a number: sum, product and chain rule are one line."""
        known = {}
        for node in self.nodes():
            if not node.inputs:
                known[node] = 1.0 if node is symbol else 0.0
                continue
            rules = RULES[node.ufunc] if len(node.inputs) == 2 else (RULES[node.ufunc],)
            total = 0.0
            for x, rule in zip(node.inputs, rules, strict=True):
                if isinstance(x, Expression) and not is_number(known[x], 0):
                    total = total + rule(*node.inputs, node) * known[x]
            known[node] = total
        return known[self]

    def nodes(self):
        """All different nodes, inputs before what is made of them."""
        order, waiting = {}, [self]
        while waiting:
            node = waiting[-1]
            missing = [x for x in node.inputs if isinstance(x, Expression) and x not in order]
            if missing:
                waiting.extend(missing)
            else:
                order[waiting.pop()] = None
        return list(order)

    def evaluate(self, values):
        """The number for `values`: symbol -> number."""
        known = dict(values)
        for node in self.nodes():
            if node not in known:
                known[node] = node.ufunc(*(known[x] if isinstance(x, Expression) else x for x in node.inputs))
        return known[self]

    def size(self):
        """Nodes of the formula written out: the swell."""
        sizes = {}
        for node in self.nodes():
            sizes[node] = 1 + sum(sizes[x] if isinstance(x, Expression) else 1 for x in node.inputs)
        return sizes[self]

    def to_sympy(self):
        """The same in SymPy, which simplifies and prints."""
        from nnlib.differentiation.to_sympy import to_sympy

        return to_sympy(self)

    def __bool__(self):
        return bool(Condition(self))

    def __getitem__(self, index):
        if index in ((), Ellipsis):
            return self
        raise ValueError(f"{self} is a number: it has no element [{index}].")

    def __str__(self):
        if not self.inputs:
            return self.ufunc
        if self.ufunc is np.negative:
            return f"-{_bracket(self.inputs[0], '**')}"
        if sign := SIGNS.get(self.ufunc):
            left, right = self.inputs
            return f"{_bracket(left, sign)} {sign} {_bracket(right, sign, right=True)}"
        return f"{self.ufunc.__name__}({', '.join(map(_text, self.inputs))})"

    __repr__ = __str__


class Condition:
    """What a comparison of expressions gives: it is neither true nor false."""

    def __init__(self, words):
        self.words = words

    def __bool__(self):
        raise ValueError(
            f"The branch depends on x: {self.words} is neither true nor false for all x. Symbolic "
            'differentiation needs one formula for all inputs; use method="forward" or "reverse".'
        )


def is_number(x, number):
    return not isinstance(x, Expression) and x == number


def simplified(ufunc, *inputs):
    """An expression without what 0 and 1 do, and with numbers computed."""
    if not any(isinstance(x, Expression) for x in inputs):
        return float(ufunc(*inputs))
    x1, x2 = inputs if len(inputs) == 2 else (inputs[0], None)
    if ufunc is np.positive:
        return x1
    if ufunc is np.multiply and (is_number(x1, 0) or is_number(x2, 0)):
        return 0.0
    left, right = NEUTRAL.get(ufunc, (None, None))
    if left is not None and is_number(x1, left):
        return x2
    if right is not None and x2 is not None and is_number(x2, right):
        return x1
    if ufunc is np.power and is_number(x2, 0):
        return 1.0
    if ufunc is np.multiply and is_number(x2, -1):
        return Expression(np.negative, x1)
    if ufunc is np.multiply and is_number(x1, -1):
        return Expression(np.negative, x2)
    return Expression(ufunc, *inputs)


# The numbers that change nothing on the left and on the right.
NEUTRAL = {
    np.add: (0, 0),
    np.subtract: (None, 0),
    np.multiply: (1, 1),
    np.divide: (None, 1),
    np.power: (None, 1),
}
STRENGTH = {"+": 1, "-": 1, "*": 2, "/": 2, "**": 3}


def _text(x):
    return str(x) if isinstance(x, Expression) else f"{x:.12g}"


def _bracket(x, sign, right=False):
    inner = SIGNS.get(x.ufunc) if isinstance(x, Expression) and x.inputs else None
    if isinstance(x, Expression) and x.inputs and x.ufunc is np.negative:
        inner = "*"
    if not isinstance(x, Expression) and x < 0:
        inner = "+"
    weaker = inner and (
        STRENGTH[inner] < STRENGTH[sign]
        or STRENGTH[inner] == STRENGTH[sign]
        and (right and sign in "-/" or not right and sign == "**")
    )
    return f"({_text(x)})" if weaker else _text(x)


class ExpressionArray(Operators):
    """Expressions in an array: NumPy's functions act on each element."""

    __slots__ = ("value",)
    called = "an array of expressions"

    def __init__(self, value):
        self.value = value

    @staticmethod
    def apply(ufunc, *inputs):
        items = [_items(x) for x in inputs]
        if ufunc is np.matmul:
            return _wrap(_matmul(*items))
        found = np.frompyfunc(lambda *x: Expression.apply(ufunc, *x), ufunc.nin, 1)(*items)
        if ufunc in COMPARISONS:
            return np.ravel(found)[0]
        return _wrap(found)

    def __getitem__(self, index):
        if any(isinstance(i, Condition) for i in (index if isinstance(index, tuple) else (index,))):
            bool(Condition("which elements are taken"))
        return _wrap(self.value[index])

    def __bool__(self):
        return bool(Condition("a value"))


def _wrap(found):
    """An array of expressions; without axes it is the expression itself."""
    if not isinstance(found, np.ndarray):
        return found
    return ExpressionArray(found) if found.ndim else found[()]


def _items(x):
    """x as an object array; a single expression has no axes."""
    if isinstance(x, ExpressionArray):
        return x.value
    if not isinstance(x, Expression):
        return np.asarray(x, dtype=object)
    items = np.empty((), dtype=object)
    items[()] = x
    return items


def _total(values):
    values = list(values)
    return sum(values[1:], values[0]) if values else 0.0


def _matmul(A, B):
    if not A.ndim or not B.ndim or A.shape[-1] != B.shape[max(B.ndim - 2, 0)]:
        raise ValueError(f"@ of shapes {A.shape} and {B.shape}: the inner lengths differ.")
    return np.matmul(A, B)


def _sum(x, axis=None, *, keepdims=False):
    axes = axes_of(axis, x.ndim)
    kept = [a for a in range(x.ndim) if a not in axes]
    items = np.transpose(x.value, (*kept, *axes)).reshape(*(x.shape[a] for a in kept), -1)
    totals = np.empty(items.shape[:-1], dtype=object)
    for place in np.ndindex(totals.shape):
        totals[place] = _total(items[place])
    shape = tuple(1 if a in axes else x.shape[a] for a in range(x.ndim)) if keepdims else totals.shape
    return _wrap(totals.reshape(shape))


def _where(condition, x1, x2):
    if isinstance(condition, (Condition, Operators)):
        bool(condition)
    return _wrap(np.where(condition, _items(x1), _items(x2)))


ExpressionArray.functions = {
    np.sum: _sum,
    np.max: lambda x, **options: bool(Condition("which element is the largest")),
    np.reshape: lambda x, shape: ExpressionArray(np.reshape(x.value, shape)),
    np.transpose: lambda x, axes=None: ExpressionArray(np.transpose(x.value, axes)),
    np.concatenate: lambda arrays, axis=0: ExpressionArray(np.concatenate([*map(_items, arrays)], axis=axis)),
    np.where: _where,
}
ExpressionArray.known = Expression.known = tuple(RULES)
Expression.functions = {
    function: (lambda *x, function=function, **options: function(*_arrays(x), **options))
    for function in (*ExpressionArray.functions, *COMPOSITES)
}


def _arrays(arguments):
    def one(x):
        if isinstance(x, (list, tuple)):
            return type(x)(map(one, x))
        return ExpressionArray(_items(x)) if isinstance(x, Expression) else x

    return [one(x) for x in arguments]


def expressions(f, x):
    """The symbols of x and the outputs of f, as two object arrays."""
    symbols = np.empty(x.shape, dtype=object)
    for number, place in zip(itertools.count(1), np.ndindex(x.shape), strict=False):
        symbols[place] = Expression(f"x{number}" if x.ndim else "x")
    y = f(ExpressionArray(symbols) if x.ndim else symbols[()])
    return symbols, _items(output_of(y))


def jacobian(f, x):
    """∂f/∂x by formulas that are evaluated at x, and the shape of f(x)."""
    symbols, outputs = expressions(f, x)
    values = dict(zip(symbols.flat, x.flat, strict=True))
    found = np.zeros(outputs.shape + x.shape)
    for place in np.ndindex(outputs.shape):
        y = outputs[place]
        for at in np.ndindex(x.shape):
            slope = y.derivative(symbols[at]) if isinstance(y, Expression) else 0.0
            found[place + at] = slope.evaluate(values) if isinstance(slope, Expression) else slope
    return found, outputs.shape
