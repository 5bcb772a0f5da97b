"""A reference's source with a *site* at each place where a slip can happen.

`Delta @ W` becomes `_at(3, Delta, W)`: an ordinary call that computes `Delta @ W`, or, while a change of
site 3 is switched on, what that change makes of Delta and W. All changes live in one program, compiled
once, so that trying one costs one run of the reference.
"""

import ast
import copy
import inspect
import re
import textwrap
from dataclasses import dataclass, field

from nnlib.grading.checks.search.patterns import (
    is_nested,
    is_tanh_slope,
    parameters_named,
    sigmoid_of,
    terms_of,
    thunk,
)  # fmt: skip

ARITHMETIC = ("Add", "Sub", "Mult", "Div", "MatMult", "Pow", "FloorDiv", "Mod")
"""Operators that have sites."""

OF_LAYERS = r"(\w*layers|draws)(\[1:\]|\[:-1\])?$|zip\(layers, "
"""A loop whose rounds are layers, the first of them first."""

REDUCTIONS = ("sum", "mean", "max", "min")
"""Methods that are the same as NumPy's function of that name."""


@dataclass
class Site:
    """A place of a reference: its kind, the source of its operands, and the result it belongs to."""

    number: int
    kind: str
    node: ast.AST
    operands: list
    place: str
    names: tuple = ()
    inside: dict = field(default_factory=dict)
    is_result: bool = False
    seen: set = field(default_factory=set)
    """Kinds of values that it has in the reference itself: see `Program.survey`."""
    similar: set = field(default_factory=set)
    """Names that stand for something with as many axes there."""
    matching: set = field(default_factory=set)
    """Names that stand for an array of the same shape there, or for a list that ends with one."""
    fitting: set = field(default_factory=set)
    """Those that stand for an array of the same shape there, or for a number that is not whole."""
    round: str = ""
    """What each visit of the site is: "layer", or "round" of the one loop that it is in; "" elsewhere."""


def tree_of(thing):
    """The syntax tree of a function or class, without its decorators, docstring and annotations."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(thing)))
    definition = tree.body[0]
    definition.decorator_list = []
    for node in ast.walk(definition):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    return definition


class Instrument(ast.NodeTransformer):
    """Puts the sites in; `sites` lists them. One for all functions of a program."""

    def __init__(self):
        self.sites = []
        self.place = ""
        self.function = ""
        self.returned = ()
        self.known = []
        self.loops = []
        self.fixed = 0

    def of_function(self, definition, returned=()):
        """The definition with sites. returned: the names of what it returns, for the sentences."""
        self.function, self.returned, self.known = definition.name, tuple(returned), []
        return ast.fix_missing_locations(self.visit(copy.deepcopy(definition)))

    def _site(self, kind, node, operands, values=None, keywords=(), inside=None):
        """A call of `_at` with the operands, which remembers the node as it was."""
        if self.fixed:
            return node
        number = len(self.sites)
        self.sites.append(Site(number, kind, node, operands, self.place, tuple(self.known), inside or {}))
        self.sites[-1].round = self.loops[0] if len(self.loops) == 1 else ""
        call = ast.Call(ast.Name("_at", ast.Load()), [ast.Constant(number), *(values or operands)], [])
        call.keywords = list(keywords)
        return call

    def _value(self, node, name, is_result=False):
        """A site around a whole result; is_result: it is returned."""
        before, self.place = self.place, name
        original = copy.deepcopy(node)
        visited = self.visit(node)
        if not isinstance(original, (ast.List, ast.Dict, ast.Lambda, ast.Tuple, ast.ListComp)):
            visited = self._site("value", original, [original], [visited])
            if isinstance(visited, ast.Call):
                self.sites[-1].is_result = is_result
        self.place = before
        return visited

    # Statements.

    def visit_FunctionDef(self, node):
        known, self.known = self.known, [a.arg for a in node.args.args if a.arg != "self"]
        node.returns = None
        for argument in node.args.args:
            argument.annotation = None
        node.body = [self.visit(statement) for statement in node.body]
        self.known = known
        return node

    def visit_Assign(self, node):
        target = node.targets[0]
        if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            pairs = zip(target.elts, node.value.elts, strict=True)
            node.value.elts = [self._value(value, ast.unparse(name)) for name, value in pairs]
        elif isinstance(target, ast.Tuple):
            node.value = self.visit(node.value)
        else:
            node.value = self._value(node.value, ast.unparse(target))
        for name in ast.walk(target):
            if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store) and name.id not in self.known:
                self.known.append(name.id)
        return node

    def visit_AugAssign(self, node):
        node.value = self._value(node.value, ast.unparse(node.target))
        return node

    def visit_Return(self, node):
        value, names = node.value, self.returned
        if isinstance(value, ast.Tuple) and len(value.elts) == len(names):
            value.elts = [self._value(part, name, True) for part, name in zip(value.elts, names, strict=True)]
        elif isinstance(value, ast.Dict):
            value.values = [
                self._value(part, key.value, True) for key, part in zip(value.keys, value.values, strict=True)
            ]
        elif value is not None:
            node.value = self._value(value, names[0] if len(names) == 1 else self.place, True)
        return node

    def visit_For(self, node):
        iterated = copy.deepcopy(node.iter)
        node.iter = self._site("loop", iterated, [iterated], [self.visit(node.iter)])
        for name in ast.walk(node.target):
            if isinstance(name, ast.Name) and name.id not in self.known:
                self.known.append(name.id)
        self.loops.append("layer" if re.match(OF_LAYERS, ast.unparse(iterated)) else "round")
        node.body = [self.visit(statement) for statement in node.body]
        self.loops.pop()
        return node

    def visit_If(self, node):
        # What is done in some rounds only is counted by no round.
        self.loops.append("")
        node = self.generic_visit(node)
        self.loops.pop()
        return node

    def visit_Expr(self, node):
        call = node.value
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
            # What is appended or inserted is a result; where, is not changed.
            place = ast.unparse(call.func.value)
            call.args = [
                self._value(a, place) if not isinstance(a, (ast.Tuple, ast.Constant)) else self.visit(a)
                for a in call.args
            ]
        return node

    # Expressions.

    def visit_BinOp(self, node):
        original = copy.deepcopy(node)
        left, right = self.visit(node.left), node.right
        if not (isinstance(node.op, ast.Pow) and isinstance(right, ast.Constant)):
            right = self.visit(right)
        kind = type(original.op).__name__
        if kind not in ARITHMETIC:
            node.left, node.right = left, right
            return node
        inside = {}
        if isinstance(original.op, (ast.Div, ast.Pow)) and isinstance(original.left, ast.BinOp):
            inside["of_left"] = original.left
        if isinstance(original.op, ast.Div) and isinstance(original.right, ast.BinOp):
            inside["of_right"] = original.right
        if isinstance(original.op, ast.Sub) and is_tanh_slope(original):
            return self._site(
                kind,
                original,
                [original.left, original.right],
                [left, right],
                [ast.keyword("inner", thunk(original.right.left))],
            )
        keywords = [
            ast.keyword(side, thunk(ast.Tuple([inner.left, inner.right], ast.Load())))
            for side, inner in inside.items()
        ]
        if kind == "Add" and (terms := terms_of(original.left)) is not None:
            inside["terms"] = terms
            keywords.append(ast.keyword("terms", thunk(terms)))
        if (of := sigmoid_of(original)) is not None:
            inside["sigmoid_of"] = of
            keywords.append(ast.keyword("sigmoid_of", thunk(of)))
        return self._site(kind, original, [original.left, original.right], [left, right], keywords, inside)

    def visit_UnaryOp(self, node):
        original = copy.deepcopy(node)
        if not isinstance(node.op, ast.USub) or isinstance(node.operand, ast.Constant):
            return node
        return self._site("minus", original, [original.operand], [self.visit(node.operand)])

    def visit_Compare(self, node):
        original = copy.deepcopy(node)
        node.left = self.visit(node.left)
        node.comparators = [self.visit(c) for c in node.comparators]
        if len(node.ops) > 1 or not isinstance(node.ops[0], (ast.Lt, ast.LtE, ast.Gt, ast.GtE)):
            return node
        kind = type(original.ops[0]).__name__
        operands = [original.left, original.comparators[0]]
        return self._site(kind, original, operands, [node.left, node.comparators[0]])

    def visit_Attribute(self, node):
        if node.attr != "T" or not isinstance(node.ctx, ast.Load):
            node.value = self.visit(node.value) if not isinstance(node.value, ast.Name) else node.value
            return node
        original = copy.deepcopy(node)
        value = self.visit(node.value)
        if isinstance(original.value, ast.Name) and value is not node.value:
            self.sites[-1].inside["is_transposed"] = True
        return self._site("transposed", original, [original.value], [value])

    def visit_Call(self, node):
        original = copy.deepcopy(node)
        function, arguments = node.func, list(node.args)
        if isinstance(function, ast.Attribute) and function.attr in REDUCTIONS:
            if not (isinstance(function.value, ast.Name) and function.value.id == "np"):
                arguments.insert(0, function.value)
                function = ast.Attribute(ast.Name("np", ast.Load()), function.attr, ast.Load())
        elif isinstance(function, ast.Attribute):
            node.func = self.visit(function)
        name = ast.unparse(function)
        operands = copy.deepcopy(arguments)
        visited = [a if isinstance(a, ast.Starred) else self.visit(a) for a in arguments]
        node.keywords = [ast.keyword(k.arg, k.value) for k in node.keywords]
        known = name.startswith(("np.", "vocabulary."))
        if name in PLAIN_CALLS or isinstance(function, ast.Attribute) and not known:
            node.args = visited
            return node
        if any(isinstance(a, ast.Starred) for a in arguments):
            node.args = visited
            return node
        inside, keywords = {"name": name}, node.keywords
        if name in ("np.sum", "np.mean") and isinstance(operands[0], ast.BinOp):
            if isinstance(operands[0].op, (ast.Pow, ast.Mult)):
                # What is squared or multiplied in the sum, each by itself.
                inside["inner"] = operands[0]
                parts = ast.Tuple([operands[0].left, operands[0].right], ast.Load())
                keywords = [*keywords, ast.keyword("inner", thunk(parts))]
        if name.startswith("np.") and operands and is_nested(operands[0]):
            g = operands[0]
            inside["nested"] = g
            of_x = ast.Lambda(
                parameters_named("x"), ast.Call(g.func, [ast.Name("x", ast.Load()), *g.args[1:]], g.keywords)
            )
            keywords = [*keywords, ast.keyword("nested", thunk(ast.Tuple([of_x, g.args[0]], ast.Load())))]
        return self._site("call", original, operands, [function, *visited], keywords, inside)

    def visit_Subscript(self, node):
        original = copy.deepcopy(node)
        if not isinstance(node.ctx, ast.Load):
            return node
        node.value = self.visit(node.value)
        if isinstance(node.slice, (ast.Name, ast.BinOp)) or (
            isinstance(node.slice, (ast.Constant, ast.UnaryOp)) and self._is_number(node.slice)
        ):
            node.slice = self._site("index", original, [original.slice], [original.slice])
        elif isinstance(node.slice, ast.Slice):
            for bound in ("lower", "upper"):
                at = getattr(node.slice, bound)
                if at is not None:
                    visited = self.visit(copy.deepcopy(at))
                    setattr(node.slice, bound, self._site("bound", original, [at], [visited]))
        elif "np.newaxis" in ast.unparse(node.slice):
            return self._site("new_axis", original, [original.value], [node])
        return node

    @staticmethod
    def _is_number(node):
        try:
            return isinstance(ast.literal_eval(node), int)
        except ValueError:
            return False

    def visit_Name(self, node):
        if not isinstance(node.ctx, ast.Load) or node.id not in self.known or self.fixed:
            return node
        original = copy.deepcopy(node)
        return self._site("name", original, [original], [node])

    def visit_Constant(self, node):
        if isinstance(node.value, bool) or not isinstance(node.value, (int, float)):
            return node
        return self._site("constant", copy.deepcopy(node), [node], [node])

    def visit_Lambda(self, node):
        return node


PLAIN_CALLS = {
    "len", "range", "zip", "enumerate", "reversed", "list", "tuple", "print", "isinstance", "type", "int",
    "float", "np.zeros", "np.ones", "np.empty", "np.array", "np.zeros_like", "np.ones_like", "np.ndindex",
    "np.shape", "super", "abs", "np.eye", "np.random.default_rng",
}  # fmt: skip
"""Calls without a slip of their own; their arguments have theirs."""
