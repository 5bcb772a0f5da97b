"""Layers as one node of the tape. The plain formula is kept, for derivatives of derivatives."""

from functools import partial, wraps

import numpy as np

from nnlib.differentiation.faster.sweep import Shares
from nnlib.differentiation.numpy_protocol.derived import highest
from nnlib.differentiation.numpy_protocol.operators import ARRAY, Operators, constant
from nnlib.differentiation.numpy_protocol.variable import LIVE
from nnlib.differentiation.tape import Variable, record, sweep


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
            node = _node(name, plain, on_arrays, operands, options)
            if node is not None:
                return node
            if not any(isinstance(x, Operators) for x in operands):
                value = on_arrays(*operands, **options)[0] if arrays_too else None
                return plain(*operands, **options) if value is None else value
            top = highest(operands)
            if name in getattr(top, "lines", ()):
                return top.derive(name, operands, None, None, None)
            return plain(*operands, **options)

        return layer

    return decorate


def _node(name, plain, on_arrays, operands, options):
    """The node, where some operands are variables of plain arrays and the others constants; else None."""
    values, inputs, places, constants = [], [], [], []  # in one loop, because it is short
    for place, x in enumerate(operands):
        if type(x) is Variable:
            x_value = x._value
            if not isinstance(x_value, ARRAY):
                return None
            values.append(x_value)
            inputs.append(x)
            places.append(place)
        elif type(x) is not ARRAY and hasattr(x, "rank"):
            return None
        else:
            values.append(x)
            constants.append(place)
    if not inputs or LIVE.get().level:  # within forward mode the adjoints would be dual arrays
        return None
    for place in constants:
        values[place] = constant(values[place], Variable)
    value, shares = on_arrays(*values, **options)
    if constants:
        shares = [shares[place] for place in places]
    if None in shares:
        return None
    adjoints = Shares(shares, partial(_by_the_formula, plain, options, values, places))
    return record(value, tuple(inputs), adjoints, name, 0)


def _by_the_formula(plain, options, values, places, inputs, g):
    """What each input gets for the adjoint g, as nodes that can be differentiated again."""
    copies = [x.linked() for x in inputs]
    operands = list(values)
    for place, copy in zip(places, copies, strict=True):
        operands[place] = copy
    E = np.sum(plain(*operands, **options) * g)
    adjoints = sweep(E, np.ones(()), copies[0].number, of=lambda node: node)
    return [adjoints[copy] for copy in copies]
