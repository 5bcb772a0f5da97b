"""Layers as one node of the tape. The plain formula is kept, for derivatives of derivatives."""

from functools import wraps

import numpy as np

from nnlib.differentiation.numpy_protocol.derived import highest
from nnlib.differentiation.numpy_protocol.operators import ARRAY, Operators, constant
from nnlib.differentiation.numpy_protocol.variable import LIVE
from nnlib.differentiation.tape import Variable, sweep


def fused(on_arrays, arrays_too=False):
    """A decorator: the layer is computed by `on_arrays` where its operands are variables of plain arrays.

    With `arrays_too` also where all are arrays, because the plain formula takes much more memory.

    `on_arrays(*operands)` gives the value, and for each operand a function of the adjoint of the value that
    gives its share, or None if it has none. The compiler writes its own lines for a layer of the same name.
    """

    def decorate(plain):
        name = plain.__name__.strip("_")

        @wraps(plain)
        def layer(*operands, **options):
            if _of_arrays(operands):
                return _node(name, plain, on_arrays, operands, options)
            if not any(isinstance(x, Operators) for x in operands):
                value = on_arrays(*operands, **options)[0] if arrays_too else None
                return plain(*operands, **options) if value is None else value
            top = highest(operands)
            if name in getattr(top, "lines", ()):
                return top.derive(name, operands, None, None, None)
            return plain(*operands, **options)

        return layer

    return decorate


def _of_arrays(operands):
    """Whether some are variables of plain arrays and the others constants; one loop, because it is short."""
    varies = False
    for x in operands:
        if type(x) is Variable:
            if not isinstance(x._value, ARRAY):
                return False
            varies = True
        elif type(x) is not ARRAY and hasattr(x, "rank"):
            return False
    return varies and not LIVE.get().level  # within forward mode the adjoints would be dual arrays


def _node(name, plain, on_arrays, operands, options):
    values, places, inputs = [], [], []  # in one loop, because it is short
    for n, x in enumerate(operands):
        if type(x) is Variable:
            values.append(x._value)
            places.append(n)
            inputs.append(x)
        else:
            values.append(constant(x, Variable))
    value, shares = on_arrays(*values, **options)

    def adjoint(n, share):
        def of(g, *inputs_and_y):
            if isinstance(inputs_and_y[-1], Variable):  # the sweep is recorded
                return _by_the_formula(plain, options, values, places, inputs_and_y[:-1], g)[n]
            return share(g)

        return of

    adjoints = []
    for place in places:
        if shares[place] is None:
            return plain(*operands, **options)
        adjoints.append(adjoint(len(adjoints), shares[place]))
    return Variable.record(value, tuple(inputs), tuple(adjoints), name, 0)


def _by_the_formula(plain, options, values, places, inputs, g):
    """What each input gets for the adjoint g, as nodes that can be differentiated again."""
    copies = [x.linked() for x in inputs]
    operands = list(values)
    for place, copy in zip(places, copies, strict=True):
        operands[place] = copy
    E = np.sum(plain(*operands, **options) * g)
    adjoints = sweep(E, np.ones(()), copies[0].number, of=lambda node: node)
    return [adjoints[copy] for copy in copies]
