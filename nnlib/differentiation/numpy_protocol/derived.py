"""A function of arrays with its chain rule, for dual arrays, tape and expressions in one.

`derived(operation, operands, value, push, pull)` is y = value(*operands), and its chain rule both ways:

    push(values, *partials)     forward: the partials of y, directions (K, …) in front; None of a constant
    pull[n](g, *operands, y)    reverse: what operand n gets for the adjoint g of y; None if it gets nothing

Both are written in functions of NumPy, so they take variables and dual arrays as well: that is how
derivatives of derivatives come about.
"""

import operator


def derived(operation, operands, value, push, pull, *options):
    """y = value(*operands), by the kind of the operand with the highest rank.

    The compiler writes its own lines for an operation with these options.
    """
    return highest(operands).derive(operation, operands, value, push, pull, *options)


def highest(operands):
    """The operand of the innermost derivative. For it the others are constants."""
    return max((x for x in operands if hasattr(x, "rank")), key=operator.attrgetter("rank"))


def primal(x):
    """The plain value of a variable or a dual array of any level, or x itself."""
    while hasattr(x, "rank"):
        x = x.value
    return x
