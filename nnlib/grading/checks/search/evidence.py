"""Does the student's code hold what an explanation says is there? Numbers agree by chance more often.

Who reads "the sigmoid is taken" has to find a sigmoid, or an exp, in the code; who reads "the root is
missing" finds none. Of what is said to be missing only these are looked for: a name may stand for the rest.
"""

import ast
import builtins
import re

from nnlib.grading.checks.search.patterns import names_given
from nnlib.grading.checks.search.standing import CONTRADICTED, SEEN, UNSEEN, seen, standing

LOGISTIC = r"sigm|logistic|expit|tanh|\b1(\.0)? \+|\+ 1(\.0)?\b"
CLAIMS = (
    (r"\btanh (is taken|of)\b", r"tanh|exp.*exp|sinh"),
    (r"\bthe sigmoid (is taken|of)\b", LOGISTIC),
    (r"\bReLU (is taken|of|itself)\b", r"relu|max|where|clip|> ?0|< ?0|\bif\b|abs"),
    (r"\bsoftmax is taken\b", r"softmax|exp"),
    (r"\barctan is taken\b", r"arctan|atan"),
    (r"slope of tanh at|slope 1 - y² of tanh|own slope 1 - y²",
     r"1(\.0?)? ?-|tanh|cosh|slope|prime|grad|_d"),
    (r"slope of the sigmoid at|slope y \(1 - y\) of|own slope y",
     r"1(\.0?)? ?-|exp|sigm|slope|prime|grad|_d"),
    (r"slope of the ReLU at", r"> ?0|< ?0|>= ?0|<= ?0|sign|heaviside|slope|where|\bif\b"),
    (r"\bthe logarithm of (it|the sum) is taken|\bln is taken|logarithm to base|\bln\(1 \+", r"log|ln"),
    (r"\blogarithm to base 10 is taken", r"log10"),
    (r"\blogarithm to base 2 is taken", r"log2"),
    (r"\bthe root (of .* )?(is taken|stands)|its root is taken|divided by the root",
     r"sqrt|\.5|/ ?2|norm|std|hypot"),
    (r"\b(the exponential of it|exp) is taken", r"exp|e ?\*\*"),
    (r"\bthe absolute value (of .*)?(is taken|stands)", r"abs|norm|sqrt|sign|where"),
    (r"its absolute value is taken", r"abs|norm|sqrt"),
    (r"is 0: does the loop run", r"zeros|empty|full|eye|\[0|\b0(\.0?)? ?\*|\* ?0\b"),
    (r"\bloop\b", r"\bfor\b|\bwhile\b|\[0\]|\[:1\]"),
    (r"\bin degrees is taken", r"deg|180"),
    (r"\bcos is taken of", r"cos"),
    (r"\bsin is taken of", r"sin"),
    (r"\btan is taken of", r"tan\b"),
    (r"\bis rounded\b", r"round|\bint|//|floor|ceil|:\."),
    (r"the mean .*(is taken|stands|is subtracted)|is averaged|is one mean|sum of the product is a mean|"
     r"averaged over|as for a standard deviation", r"mean|average|/|std|var"),
    (r"as for a standard deviation", r"std|var|mean"),
    (r"(?<!not )(?<!to be )divided by (?!.*, not multiplied)|divided by it\b",
     r"/|mean|average|\*\* ?-|std|var|solve|inv"),
    (r"is reshaped (where|to)", r"reshape|ravel|flatten|shape|resize"),
    (r"negative values are set to 0", r"max|relu|clip|where|> ?0|< ?0|>= ?0|abs|\bif\b|\band\b|&"),
    (r"upside down", r"/|\*\* ?-|reciprocal|inv"),
    (r"\b(rows|columns) of .* in reverse order", r"-1|flip|reversed|rot90|insert|sort"),
    (r"it is sorted", r"sort"),
    (r"\bthe largest (term|one)? ?.*(stands|is taken)|its largest entry", r"max|sort"),
    (r"\bthe smallest .*is taken|the smaller one is taken", r"min|sort"),
    (r"that is an outer product", r"outer|None|newaxis|einsum|\bfor\b|reshape|kron"),
    (r"every second row", r"2"),
    (r"divided by its length", r"norm|sqrt|\.5"),
    (r"\bthe square is taken|is squared( twice| in the product)?\b(?! by)",
     r"\*|square|pow|norm|std|var|@|dot"),
)  # fmt: skip
"""What words say is there -> how it may be written."""

ABSENT = (
    (r"the absolute value .*is missing", r"\babs|fabs"),
    (r"\b(the|its) root .*is missing", r"sqrt"),
    (r"not raised to its power", r"\*\*|power\(|pow\("),
)
"""What words say is not there -> how it is written: who reads that has not written it."""

NUMBERS = r"(?:is replaced by|the number \S+ is) (-?[\d.]+(?:e-?\d+)?)(?:,| here)"
"""Words that say which number stands there."""

EXCLUDED = float("inf")
COSTS = {CONTRADICTED: EXCLUDED, UNSEEN: 0.15, SEEN: 0}
"""What the standing of changes adds to their cost."""

PLAIN = frozenset({0, 1, -1})
"""Numbers that need not be written down."""

KNOWN = frozenset(dir(builtins))


class Evidence:
    """The source of an answer, "" if it is not known: all is allowed then.

    So it is where a function is called that is not seen here, also one that is given.
    on_the_way: from the number of a case to what the answer computes there, or None.
    """

    def __init__(self, source="", on_the_way=lambda case: None):
        self.on_the_way = on_the_way
        self.text, self.literals, self.is_whole = source, set(), False
        try:
            tree = ast.parse(source)
            self.text = ast.unparse(tree)  # comments hold nothing
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return
        own = {node.name for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
        called = {
            node.func.id for node in ast.walk(tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }  # fmt: skip
        self.is_whole = bool(own) and not called - own - KNOWN - names_given(tree)
        self.literals = {
            abs(node.value) for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and type(node.value) in (int, float)
        }  # fmt: skip

    def doubt(self, table, case, answer, *numbers):
        """What it adds to the cost of these changes of a table that the code may not hold them: by their
        words, and by what it computes for a case, where it returns these arrays.
        """
        if not all(self.allows(table.changes[number].words) for number in numbers):
            return EXCLUDED
        on_the_way = self.on_the_way(case)
        if on_the_way is None:
            return 0
        return COSTS[standing(table, numbers, case, on_the_way, answer)]

    def seen(self, table, numbers, case, answer):
        """Those of the changes that are seen where they are made; none where nothing is known."""
        on_the_way = self.on_the_way(case)
        return set() if on_the_way is None else seen(table, numbers, case, on_the_way, answer)

    def allows(self, words):
        """Whether the code may hold what these words of a change say is there."""
        if not self.is_whole:
            return True
        if any(self._written(ABSENT, words)):
            return False
        if "missing" in words:
            return True
        if any(self._of_another(name) for name in re.findall(r"the mean of (\w+) is subtracted", words)):
            return False
        if any(float(n) not in PLAIN and not self._holds(abs(float(n))) for n in re.findall(NUMBERS, words)):
            return False
        return all(self._written(CLAIMS, words))

    def _of_another(self, name):
        """Whether the code takes a mean, but not that of this quantity, which it has too."""
        own = rf"\b{name}\.mean|\b(mean|average)\({name}\b"
        has = re.search(r"mean|average", self.text) and re.search(rf"\b{name}\b", self.text)
        return has and not re.search(own, self.text)

    def _written(self, table, words):
        """Whether the code has it, for each entry of the table that the words speak of."""
        return (re.search(written, self.text) for said, written in table if re.search(said, words))

    def _holds(self, number):
        return number in self.literals or number < 1 and 1 / number in self.literals


ALL = Evidence()
"""Allows all words."""
