"""All kinds of change: which file knows the slips of which kind of site."""

import ast

from nnlib.grading.checks.search import functions, products, slopes, sums, values
from nnlib.grading.checks.search.change import Change
from nnlib.grading.checks.search.statements import of_statements
from nnlib.grading.checks.search.words import place_of

KINDS = {
    "MatMult": products.of_matmul, "Div": products.of_div, "Pow": products.of_pow,
    "Add": sums.of_add, "Sub": sums.of_sub, "minus": sums.of_minus, "loop": sums.of_loop,
    "call": functions.of_call, "name": values.of_name, "transposed": values.of_transposed,
    "index": values.of_index, "bound": values.of_bound, "constant": values.of_constant,
    "Lt": values.of_comparison, "Gt": values.of_comparison, "LtE": values.of_comparison,
    "GtE": values.of_comparison,
}  # fmt: skip


def changes_of(program, sizes=(), names=None):
    """Every single change of a program, the likeliest slips first.

    sizes: letters of the sizes that all cases of the question have. names: words for names.
    """
    found = [
        Change(words, cost, place_of(site.place, names), site.number, apply)
        for site in program.sites
        for cost, words, apply in _of_site(site, names, sizes)
    ]
    found += of_statements(program, names)
    return sorted(found, key=lambda change: change.cost)


def _of_site(site, names, sizes):
    if site.kind == "value":
        yield from values.of_value(site, names, sizes)
    elif site.kind == "Mult":
        if _is_sigmoid_slope(site.node):
            yield from slopes.of_sigmoid(lambda l, r: l)
        yield from products.of_mult(site, names)
    elif site.kind in KINDS:
        yield from KINDS[site.kind](site, names)


def _is_sigmoid_slope(node):
    """Whether a product is y (1 - y)."""
    right = node.right
    return (
        isinstance(right, ast.BinOp) and isinstance(right.op, ast.Sub)
        and isinstance(right.left, ast.Constant) and right.left.value == 1
        and ast.unparse(right.right) == ast.unparse(node.left)
    )  # fmt: skip
