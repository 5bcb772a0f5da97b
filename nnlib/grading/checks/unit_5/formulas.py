"""Questions of unit 5 on expressions as tuples: differentiate one, and tidy one up."""

import numpy as np

from nnlib.grading.checks.judging import seed
from nnlib.grading.checks.judging.answer import called, passed
from nnlib.grading.checks.judging.failure import CheckFailed
from nnlib.grading.checks.judging.raised import raised
from nnlib.grading.checks.question import question
from nnlib.grading.sandbox.inside import objects
from nnlib.grading.sandbox.inside.objects import evaluate, written


def three_numbers(rng):
    return tuple(float(v) for v in rng.uniform(0.3, 1.5, 3).round(2))


def sums(b, d, x):
    """The derivative of a formula."""
    du, dv = 1.0, 3.0
    return du + dv, du - dv


def products(b, d, x):
    u, du = x + b, 1.0
    v, dv = 3 * x + d, 3.0
    return du * v + u * dv


def functions(b, d, x):
    u, du = 3 * x + d, 3.0
    return np.cos(u) * du, -np.sin(u) * du, np.exp(u) * du


for reference in (sums, products, functions):
    reference.__name__ = "differentiate"

differentiate = question(
    returns=("(u + v)'", "(u - v)'"),
    section="Symbolic differentiation",
    inputs=three_numbers,
    names={"du": "u'", "dv": "v'"},
    through=objects.derivatives_of_sums,
    parts={
        "sums": dict(
            hints={
                "A number is a constant: its derivative is 0": lambda b, d, x: (4 + b + d, -2 + b - d),
                "A number is a constant: its derivative is 0, not 1": lambda b, d, x: (6.0, -2.0),
                "(u - v)' is u' - v': the minus stays": lambda b, d, x: (4.0, 4.0),
                "(u - v)' is u' - v': the rule of the product is taken for it": lambda b, d, x: (
                    4.0, (3 * x + d) + (x + b) * 3,
                ),
                "The derivative of x is 1": lambda b, d, x: (4 * x, -2 * x),
            }
        ),
        "products": dict(
            reference=products, returns="(u v)'", through=objects.derivative_of_product,
            hints={"(u v)' is not u' v': each factor is differentiated in turn": lambda b, d, x: 3.0},
        ),
        "functions": dict(
            reference=functions, returns=("sin(u)'", "cos(u)'", "exp(u)'"),
            through=objects.derivatives_of_functions,
            hints={
                "The inner derivative is missing: g(u)' is g'(u) times u'": lambda b, d, x: (
                    np.cos(3 * x + d), -np.sin(3 * x + d), np.exp(3 * x + d),
                ),
                "The outer derivative is taken at u' and not at u": lambda b, d, x: (
                    np.cos(3.0) * 3, -np.sin(3.0) * 3, np.exp(3.0) * 3,
                ),
                "The outer derivative is taken at x and not at u": lambda b, d, x: (
                    np.cos(x) * 3, -np.sin(x) * 3, np.exp(x) * 3,
                ),
            },
        ),
    },
)(sums)  # fmt: skip


def to_tidy(rng):
    """Pairs (expression, what becomes of it, the rule)."""
    a, b = (float(v) for v in rng.uniform(2, 4, 2).round(2))
    u = ("sin", ("*", a, "x"))
    pairs = [
        (("+", 0, u), u, "0 + u is u"), (("+", u, 0), u, "u + 0 is u"), (("-", u, 0), u, "u - 0 is u"),
        (("*", 1, u), u, "1 · u is u"), (("*", u, 1), u, "u · 1 is u"),
        (("*", 0, u), 0, "0 · u is 0"), (("*", u, 0), 0, "u · 0 is 0"),
        (("-", a, b), a - b, "an operation on two numbers is a number"),
        (("*", a, b), a * b, "an operation on two numbers is a number"),
        (("-", 0, u), ("-", 0, u), "0 - u stays as it is"),
        (("cos", ("+", 0, u)), ("cos", u), "the parts are simplified first"),
        (("+", ("*", 0, u), ("*", ("+", 0, 1), "x")), "x", "the parts are simplified first"),
        ("x", "x", "x stays as it is"), (a, a, "a number stays as it is"),
    ]  # fmt: skip
    return pairs, float(rng.uniform(0.5, 1.5))


def simplify(function, hidden=False):
    """Every rule by itself: first the value, then the form."""
    rng = seed.generator("unit_5.simplify", hidden)
    pairs, x = to_tidy(rng)
    broken = []
    for e, tidy, rule in pairs:
        answer = called(function, (e,), "simplify")
        if answer.error is not None:
            raise CheckFailed(*raised("simplify", answer.error, f" for {written(e)}"))
        if answer.result is None:
            raise CheckFailed("none", f"simplify returned None for {written(e)}. Is there a return?")
        begin = f"simplify makes {written(answer.result)} of {written(e)}"
        try:
            value = evaluate(answer.result, x)
        except ValueError as error:
            raise CheckFailed("no_expression", f"{begin}: {error}") from None
        right = evaluate(e, x)
        if not np.isclose(value, right, rtol=1e-12):
            is_turned = isinstance(e, tuple) and e[0] == "-" and e[1] and np.isclose(value, -right)
            turned = ": the difference is turned round" if is_turned else ""
            broken.append((rule, f"{begin}, and that has another value{turned}"))
        elif not same_expression(answer.result, tidy):
            broken.append((rule, begin))
    if broken:
        (rule, said), *_ = sorted(broken, key=lambda one: "another value" not in one[1])
        others = list(dict.fromkeys(other for other, _ in broken if other != rule))
        also = f" Broken too: {'; '.join(others[:MOST_OTHERS])}." if others else ""
        raise CheckFailed("rules", f"{said}: {rule}.{also}")
    passed("every rule, at every depth")


MOST_OTHERS = 4
"""Further broken rules of simplify that a hint tells."""


def same_expression(e, other):
    """Whether two expressions are the same; numbers to the last digits, lists for tuples."""
    if isinstance(other, tuple):
        return isinstance(e, (tuple, list)) and len(e) == len(other) and all(map(same_expression, e, other))
    if isinstance(e, (str, tuple, list)) or isinstance(other, str):
        return isinstance(e, str) and e == other
    return bool(np.isclose(e, other, rtol=1e-12))
