"""Forward and reverse mode, step by step, for a function that the reader types: unit 5."""

import traitlets

from nnlib.arguments import finite
from nnlib.figures.svg import element, text
from nnlib.widgets.live_figure import LiveFigure
from nnlib.widgets.notation import number
from nnlib.widgets.picture import GREEN, INK, LINE, ORANGE, picture
from nnlib.widgets.typed_function import TypedFunction


class Differentiate(LiveFigure):
    """A typed function as a graph; dots go forward with the values, adjoints come back."""

    name = "differentiate"
    typed = traitlets.Unicode().tag(sync=True)
    point = traitlets.Dict().tag(sync=True)
    mode = traitlets.Unicode("forward").tag(sync=True)
    seed = traitlets.Unicode().tag(sync=True)

    def table_of_steps(self):
        """Rows (name, value, dot, adjoint), in the order of computation."""
        f = TypedFunction(self.typed)
        values = f.values(self.point)
        dots, adjoints = f.dots(values, {self.seed: 1.0}), f.adjoints(values)
        names = [node.name for node in f.nodes]
        return list(zip(names, values, dots, adjoints, strict=True))

    def text(self):
        lines = [f"y = {self.typed}; dots for the derivative with respect to {self.seed}"]
        for name, value, dot, adjoint in self.table_of_steps():
            lines.append(f"{name} = {number(value)}, dot {number(dot)}, adjoint {number(adjoint)}")
        return "\n".join(lines)

    def svg(self):
        rows = self.table_of_steps()
        parts = [_row(0, ("", "value", "dot", "adjoint"), INK, INK)]
        for k, (name, *numbers) in enumerate(rows, start=1):
            parts.append(_row(k, (name, *map(number, numbers)), GREEN, ORANGE))
            parts.append(element("line", x1=16, x2=416, y1=26 * k + 8, y2=26 * k + 8, stroke=LINE))
        words = f"The steps of y = {self.typed}, with value, dot and adjoint of each"
        return picture(432, 26 * len(rows) + 44, words, *parts)


def _row(k, words, of_dot, of_adjoint):
    colours = (INK, INK, of_dot, of_adjoint)
    return "".join(
        text(56 + 110 * column, 26 * k + 26, word, fill=colour)
        for column, (word, colour) in enumerate(zip(words, colours, strict=True))
    )


def differentiate(function, mode="forward", **point):
    """Step through forward or reverse mode for a typed function such as "ln(x1) + x1*x2 - sin(x2)".

    Parameters
    ----------
    function: text with + - * / ^, brackets, numbers, x, x1, x2, x3, pi, e, and the functions sin, cos,
        exp, ln, sqrt, tanh, sigmoid and relu. It is read as mathematics, never run as Python.
    mode: "forward" or "reverse".
    point: a number for each variable, such as x1=2.0, x2=5.0; 1 for those not given.

    Raises ValueError with the place where the text cannot be read, for another mode, or for a point at
    which the function is not defined.
    """
    if mode not in ("forward", "reverse"):
        raise ValueError(f"mode must be 'forward' or 'reverse', got {mode!r}.")
    f = TypedFunction(function)
    if unknown := set(point) - set(f.variables):
        raise ValueError(
            f"{function!r} has no variable {sorted(unknown)[0]}; it has {', '.join(f.variables)}."
        )
    point = {name: float(finite(point.get(name, 1.0), name, ndim=0)) for name in f.variables}
    f.values(point)
    return Differentiate(typed=function, point=point, mode=mode, seed=f.variables[0])
