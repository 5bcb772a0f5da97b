"""From a student's class, or a function of objects, to a plain function that returns numbers.

A check judges numbers. Functions here are the `through` of questions of unit 5, and run where the student's
code runs, too: so other versions of a class are tried in the sandbox as they are at home.
"""

import numbers
import re

import numpy as np

FUNCTIONS = ("sin", "cos", "exp", "ln", "tanh")

LACKING = "'(?:int|float|float64|numpy.float64)' object has no attribute '(value|dot)'"


def reminded(function, how):
    """The function; where it takes a plain number for a dual one or a node, the error says what to do."""

    def call(*arguments):
        try:
            return function(*arguments)
        except AttributeError as error:
            if lacking := re.search(LACKING, str(error)):
                error.args = (f"a plain number has no {lacking[1]}. First make it one that has: {how}.",)
            raise

    return call


def pair(result, what):
    """Value and dot of a dual number. Raises TypeError for anything else."""
    try:
        return float(result.value), float(result.dot)
    except AttributeError:
        raise TypeError(f"{what} is {type(result).__name__}, expected a Dual.") from None


def two_duals(Dual):
    """u + w, u - w and u · w of two dual numbers."""
    return _operations(Dual, Dual, Dual)


def number_on_the_right(Dual):
    """The same where w is a plain number."""
    return _operations(Dual, Dual, _plain)


def number_on_the_left(Dual):
    """The same where u is a plain number."""
    return _operations(Dual, _plain, Dual)


def _plain(value, dot):
    return value


def _operations(Dual, left, right):
    def combined(v, v_dot, w, w_dot):
        u, w = left(v, v_dot), right(w, w_dot)
        found = (*pair(u + w, "u + w"), *pair(u - w, "u - w"), *pair(u * w, "u · w"))
        if left is Dual and pair(u, "u") != (v, v_dot):
            raise ValueError("An operation changes u itself. It is to make a new Dual.")
        return found

    return reminded(combined, "other = self.constant(other)")


def elementary_functions(elementary):
    """Value and dot of each of the FUNCTIONS."""
    return lambda v, v_dot: tuple(float(n) for g in FUNCTIONS for n in elementary(g, v, v_dot))


def columns(jacobian):
    """The function itself, with a reminder where it takes a plain number for a dual one."""
    return reminded(jacobian, "Dual.constant(y)")


def slope_by(node, x, what, by):
    """∂node/∂x as the node recorded it. Raises ValueError with what is wrong if it did not record it.

    what, by: how the node and x are called in a sentence.
    """
    how = "inputs is a list with a pair (node, slope) for each operand"
    if not len(node.inputs):
        raise ValueError(f"{what} has recorded no inputs: {how}")
    if any(not isinstance(entry, (tuple, list)) or len(entry) != 2 for entry in node.inputs):
        raise ValueError(f"the inputs of {what} are no list of pairs: {how}")
    if not any(v is x or v == x for v, _ in node.inputs):
        first = node.inputs[0]
        if any(slope is x or slope == x for _, slope in node.inputs):
            raise ValueError(f"{what} has the slope first in its pairs: {how}")
        if isinstance(first[0], numbers.Real):
            raise ValueError(f"the pairs of {what} hold the value of an operand, and not the node: {how}")
        raise ValueError(f"{by} is missing among the inputs of {what}: {how}")
    return float(sum(slope for v, slope in node.inputs if v is x or v == x))


def recorded(Node):
    """Values and slopes of the nodes of a tape."""

    def of_nodes(v, w):
        u, x = Node(v), Node(w)
        total, product, curve, shifted, scaled = u + x, u * x, u.tanh(), u + w, w * u
        double, square = u + u, u * u
        return tuple(
            float(n) for n in (
                total.value, product.value, curve.value,
                slope_by(total, u, "u + w", "u"), slope_by(total, x, "u + w", "w"),
                slope_by(product, u, "u · w", "u"), slope_by(product, x, "u · w", "w"),
                slope_by(curve, u, "tanh(u)", "u"),
                slope_by(shifted, u, "u + 2", "u"), slope_by(scaled, u, "2 · u", "u"),
                slope_by(double, u, "u + u", "u"), slope_by(square, u, "u · u", "u"),
            )
        )  # fmt: skip

    return reminded(of_nodes, "other = self.constant(other)")


def with_hint_on_reshape(unbroadcast):
    """The function, with a hint in the error where it calls reshape before it has summed."""

    def call(g, shape):
        try:
            return unbroadcast(g, shape)
        except ValueError as error:
            if "cannot reshape" in str(error):
                hint = (
                    "reshape keeps the number of entries: over which axes is summed before, "
                    "and over which is to be"
                )
                error.args = (f"{error}. {hint}?",)
            raise

    return call


OPERATIONS = {
    "+": lambda u, v: u + v, "-": lambda u, v: u - v, "*": lambda u, v: u * v,
    "sin": np.sin, "cos": np.cos, "exp": np.exp,
}  # fmt: skip


def evaluate(e, x):
    """The value of an expression. Raises ValueError for anything else."""
    if isinstance(e, (tuple, list)) and e and isinstance(e[0], str) and e[0] in OPERATIONS:
        if len(e) != (3 if e[0] in "+-*" else 2):
            raise ValueError(f"{written(e)} is not an expression: {e[0]} has another number of parts.")
        return OPERATIONS[e[0]](*(evaluate(part, x) for part in e[1:]))
    if isinstance(e, str) and e == "x":
        return x
    if isinstance(e, (int, float, np.number)) and not isinstance(e, bool):
        return float(e)
    raise ValueError(
        f"{written(e)} is not an expression: a number, 'x' or a tuple of the question is expected."
    )


def written(e):
    """An expression as a reader writes it; anything else as Python does."""
    if isinstance(e, (tuple, list)) and len(e) == 3:
        return f"({written(e[1])} {e[0]} {written(e[2])})"
    if isinstance(e, (tuple, list)) and len(e) == 2:
        return f"{e[0]}({written(e[1])})"
    return f"{e:g}" if isinstance(e, float) else str(e)[:60]


def factors(b, d):
    """u = x + b and v = x + x + x + d, which need no rule but that of the sum."""
    return ("+", "x", b), ("+", ("+", ("+", "x", "x"), "x"), d)


def derivatives_of_sums(differentiate):
    """(u + v)' and (u - v)' at x."""

    def derivatives(b, d, x):
        u, v = factors(b, d)
        return evaluate(differentiate(("+", u, v)), x), evaluate(differentiate(("-", u, v)), x)

    return derivatives


def derivative_of_product(differentiate):
    """(u v)' at x."""
    return lambda b, d, x: evaluate(differentiate(("*", *factors(b, d))), x)


def derivatives_of_functions(differentiate):
    """sin(v)', cos(v)' and exp(v)' at x."""

    def derivatives(b, d, x):
        _, v = factors(b, d)
        return tuple(evaluate(differentiate((g, v)), x) for g in ("sin", "cos", "exp"))

    return derivatives
