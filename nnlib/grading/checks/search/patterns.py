"""What pieces of a syntax tree are: the slope of tanh, a sigmoid that is written out, a sum of terms."""

import ast
import copy


def is_tanh_slope(node):
    """Whether a difference is 1 - y²."""
    return (
        isinstance(node.left, ast.Constant) and node.left.value == 1
        and isinstance(node.right, ast.BinOp) and isinstance(node.right.op, ast.Pow)
    )  # fmt: skip


def sigmoid_of(node):
    """The x of a quotient 1 / (1 + exp(-x)), None for any other."""
    below = node.right
    if not (
        isinstance(node.op, ast.Div) and isinstance(node.left, ast.Constant) and node.left.value == 1
        and isinstance(below, ast.BinOp) and isinstance(below.op, ast.Add)
        and isinstance(below.left, ast.Constant) and below.left.value == 1
        and isinstance(below.right, ast.Call) and ast.unparse(below.right.func) == "np.exp"
    ):  # fmt: skip
        return None
    power = below.right.args[0]
    return power.operand if isinstance(power, ast.UnaryOp) and isinstance(power.op, ast.USub) else None


def terms_of(node):
    """Whose last axis a sum or a product of matrices adds up, None for all else."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
        return node.left
    is_sum = isinstance(node, ast.Call) and ast.unparse(node.func) == "np.sum" and len(node.args) == 1
    return node.args[0] if is_sum and not node.keywords else None


def is_nested(node):
    """Whether an argument is a call of a function of NumPy, but not of a square."""
    if not isinstance(node, ast.Call) or not node.args or not ast.unparse(node.func).startswith("np."):
        return False
    return not (isinstance(node.args[0], ast.BinOp) and isinstance(node.args[0].op, ast.Pow))


def names_given(tree):
    """Names that are given a value there."""
    return {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


def thunk(expression):
    """`lambda: expression`, evaluated only when a change asks for it."""
    return ast.Lambda(parameters_named(), copy.deepcopy(expression))


def parameters_named(*names):
    """The parameters of a lambda."""
    args = [ast.arg(name) for name in names]
    return ast.arguments(posonlyargs=[], args=args, kwonlyargs=[], kw_defaults=[], defaults=[])
