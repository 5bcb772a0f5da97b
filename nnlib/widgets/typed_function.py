"""A function that the reader types, with its derivatives in forward and in reverse mode. Unit 5.

    "ln(x1) + x1*x2 - sin(x2)"  ->  nodes x1, x2, v1 = ln(x1), v2 = x1 x2, v3, v4 = sin(x2), y

typed_function.js does the same in the page; a test holds both to the same numbers.
"""

import math

from nnlib.widgets import typed_rules as rules
from nnlib.widgets.typed_reader import read


class TypedFunction:
    """The text as a list of nodes, inputs first, each after those that it is computed from.

    Raises NotAFunction with the place where the text cannot be read on.
    """

    def __init__(self, text):
        self.text = text
        self.nodes = read(text)
        self.variables = [node.name for node in self.nodes if node.operation == "input"]

    def values(self, point):
        """The value of each node. Raises ValueError where a function is not defined."""
        values = []
        for node in self.nodes:
            if node.operation == "input":
                values.append(float(point[node.name]))
            elif node.operation == "number":
                values.append(node.number)
            else:
                values.append(self._value(node, [values[i] for i in node.inputs]))
        return values

    def _value(self, node, inputs):
        try:
            y = rules.value(node.operation, node.number, inputs)
        except (ValueError, ZeroDivisionError, OverflowError):
            y = math.nan
        if isinstance(y, complex) or not math.isfinite(y):
            of = ", ".join(f"{v:.4g}" for v in inputs)
            raise ValueError(f"{node.name} = {node.operation} of {of} is not defined: move the point.")
        return y

    def slopes(self, values):
        """For each node the partial derivatives with respect to its inputs, in their order.

        Raises ValueError where there is none, as for sqrt at 0.
        """
        slopes = []
        for node, y in zip(self.nodes, values, strict=True):
            inputs = [values[i] for i in node.inputs]
            slopes.append(self._slopes(node, inputs, y) if inputs else ())
        return slopes

    def _slopes(self, node, inputs, y):
        try:
            return rules.slopes(node.operation, node.number, inputs, y)
        except (ZeroDivisionError, OverflowError):
            of = ", ".join(f"{v:.4g}" for v in inputs)
            message = f"{node.name} = {node.operation} of {of} has no derivative: move the point."
            raise ValueError(message) from None

    def dots(self, values, seed):
        """Forward mode: v̇ of each node for `seed`, a dict variable -> ẋ; 0 for those not named."""
        dots = []
        for node, slopes in zip(self.nodes, self.slopes(values), strict=True):
            if node.operation == "input":
                dots.append(float(seed.get(node.name, 0.0)))
            else:
                dots.append(sum(s * dots[i] for s, i in zip(slopes, node.inputs, strict=True)))
        return dots

    def adjoints(self, values):
        """Reverse mode: ∂y/∂v of each node, from the last to the first."""
        adjoints = [0.0] * len(values)
        adjoints[-1] = 1.0
        for node, slopes, place in reversed(
            list(zip(self.nodes, self.slopes(values), range(len(values)), strict=True))
        ):
            for slope, i in zip(slopes, node.inputs, strict=True):
                adjoints[i] += adjoints[place] * slope
        return adjoints
