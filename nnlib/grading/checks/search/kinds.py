"""All kinds of change: which file knows the slips of which kind of site."""

import ast
from collections import defaultdict

from nnlib.grading.checks.search import formulas, functions, places, products, slopes, sums, values
from nnlib.grading.checks.search import names as of_names
from nnlib.grading.checks.search.change import Change
from nnlib.grading.checks.search.exchanged import exchanged_names
from nnlib.grading.checks.search.late import late_terms
from nnlib.grading.checks.search.rounds import of_rounds
from nnlib.grading.checks.search.statements import of_statements
from nnlib.grading.checks.search.words import place_of

KINDS = {
    "MatMult": products.of_matmul, "Div": products.of_div, "Pow": products.of_pow,
    "Add": sums.of_add, "Sub": sums.of_sub, "minus": sums.of_minus, "loop": sums.of_loop,
    "call": functions.of_call, "name": of_names.of_name, "transposed": places.of_transposed,
    "index": places.of_index, "new_axis": places.of_new_axis, "bound": places.of_bound,
    "constant": places.of_constant,
    "Lt": places.of_comparison, "Gt": places.of_comparison, "LtE": places.of_comparison,
    "GtE": places.of_comparison, "value": values.of_value,
}  # fmt: skip

EVERYWHERE = 0.25
"""What it costs more to make the same slip at each place of its kind; at each place of one name, nothing."""


def changes_of(program, sizes=(), names=None):
    """Every single change of a program, the likeliest slips first.

    sizes: letters of the sizes that all cases of the question have. names: words for names.
    """
    found, alike = [], defaultdict(list)
    for site in program.sites:
        place = place_of(site.place, names)
        for number, (cost, words, apply) in enumerate(_of_site(site, names, sizes)):
            alone = words.endswith(formulas.ANOTHER)
            found.append(Change(words, cost, place, {site.number: apply}, alone=alone))
            alike[_likeness(site), words if site.kind in ("name", "Mult") else number].append(
                (cost, words, place, site.number, apply)
            )
        for cost, words, apply in of_rounds(site, _of_site(site, names, sizes)):
            found.append(Change(words, cost, place, {site.number: apply}))
    for (kind, _), group in alike.items():
        cost, words, place, _, _ = group[0]
        if len(group) > 1 and kind[0] in ("name", "MatMult", "Add", "Sub", "Mult", "transposed", "call"):
            switched = {site: apply for _, _, _, site, apply in group}
            if kind[0] == "name":
                found.append(Change(words, cost, "", switched))
            else:
                told = f"{words}, and so at each place like it"
                found.append(Change(told, cost + EVERYWHERE, place, switched))
    found += of_statements(program, names)
    found += late_terms(program, names)
    found += exchanged_names(program, names)
    return sorted(found, key=lambda change: change.cost)


def _likeness(site):
    """Sites with the same likeness can have the same slip: those of one name, or of one kind."""
    if site.kind == "name":
        return "name", site.node.id
    constants = [ast.unparse(node) for node in site.operands if isinstance(node, ast.Constant)]
    return site.kind, (site.inside.get("name"), *constants)


def _of_site(site, names, sizes):
    if site.kind == "Mult":
        if _is_sigmoid_slope(site.node):
            yield from slopes.of_sigmoid(lambda l, r: l)
        yield from products.of_mult(site, names)
    elif site.kind == "Div" and "sigmoid_of" in site.inside:
        yield from functions.of_written_sigmoid(site, names)
        yield from products.of_div(site, names)
    elif site.kind in ("value", "name"):
        yield from KINDS[site.kind](site, names, sizes)
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
