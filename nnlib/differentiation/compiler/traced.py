"""Arrays of which only name and shape are known: operations on them become lines of a program.

Each operation emits its line on the `tape` of `program`, and notes how to emit those of its adjoints.
"""

import numpy as np

from nnlib.differentiation.numpy_protocol.messages import COMPLEX, do_not_broadcast, sentence, unsupported
from nnlib.differentiation.numpy_protocol.operators import COMPARISONS, Operators, inputs_of
from nnlib.differentiation.numpy_protocol.products import matmul
from nnlib.differentiation.numpy_protocol.table import FUNCTIONS
from nnlib.differentiation.rules import DERIVATIVES, POLES, STEP_FUNCTIONS

SHORT = 256


class Traced(Operators):
    """An array of which only name and shape are known."""

    __slots__ = ("name", "own_shape", "source", "tape")
    called = "a traced array"
    lines = {}  # operation -> function that emits its lines, from `traced_functions`

    def __init__(self, tape, name, shape, source=None):
        self.tape, self.name, self.own_shape, self.source = tape, name, shape, source

    @property
    def shape(self):
        return self.own_shape

    @property
    def value(self):
        raise ValueError(
            f"{self.name} has no value while f is traced: a branch or a function depends on the data. "
            'Use method="forward" or "reverse" of the front door.'
        )

    dtype = property(lambda self: np.dtype(self.tape.dtype))

    def __getitem__(self, index):
        raise ValueError(f"{self.name}[{index}] cannot be compiled: use whole arrays, products and sums.")

    @staticmethod
    def apply(ufunc, x1, x2=None):
        inputs = inputs_of(x1, x2)
        tape = next(x.tape for x in inputs if isinstance(x, Traced))
        if ufunc is np.power and not isinstance(inputs[1], Traced) and np.ndim(inputs[1]) == 0:
            if inputs[1] == 1:
                return inputs[0]
            if inputs[1] == 2:
                return Traced.apply(np.square, inputs[0])
        elif ufunc is np.power and (isinstance(inputs[0], Traced) or np.ndim(inputs[0])):
            raise ValueError("x ** p is compiled for a number p alone: write np.exp(p * np.log(x)).")
        if ufunc is np.matmul:
            return matmul(x1, x2)
        rules = DERIVATIVES.get(ufunc)
        if rules is None and ufunc not in COMPARISONS:
            raise unsupported(ufunc, {*DERIVATIVES, *FUNCTIONS})
        inputs = [x if np.ndim(x) == 0 and not isinstance(x, Traced) else tape.constant(x) for x in inputs]
        try:
            shape = np.broadcast_shapes(*map(np.shape, inputs))
        except ValueError:
            raise do_not_broadcast(ufunc, *inputs) from None
        lines, names = _operands(tape, inputs, shape)
        if rules is None:
            return tape.emit(shape, f"{ufunc.__name__}({', '.join(map(_name, inputs))}, {{out}})", dtype=bool)
        keyword = "out=" if ufunc in (np.maximum, np.minimum) else ""  # these take it so alone
        y = tape.emit(shape, *lines, f"{ufunc.__name__}({names}, {keyword}{{out}})")
        rules = rules if len(inputs) == 2 else (rules,)

        def pull(g):
            for x, rule in zip(inputs, rules, strict=True):
                if isinstance(x, Traced):
                    share = None if ufunc in STEP_FUNCTIONS or not needed(x) else rule(*inputs, y) * g
                    if share is not None and ufunc in POLES and not g.name.startswith("ones"):
                        share = np.where(g == 0, 0.0, share)
                    yield None if share is None else unbroadcast(share, x.shape)

        return recorded(tape, y, [x for x in inputs if isinstance(x, Traced)], pull)

    def derive(self, operation, operands, value, push, pull, *options):
        if operation not in self.lines:
            raise ValueError(f'np.{operation} cannot be compiled: use method="reverse" of the front door.')
        return self.lines[operation](self.tape, *map(self.tape.constant, operands), *options)

    def __bool__(self):
        raise ValueError(
            "A branch that depends on data cannot be compiled: the program has the same lines for all "
            "data. Use np.where or np.maximum, or the front door's other methods."
        )


def _operands(tape, inputs, shape):
    """Lines to emit before that of an elementwise function, and its operands as text.

    An input that has to be broadcast along short rows is first spread out: that costs less than half.
    """
    lines, names = [], []
    for x in inputs:
        if not isinstance(x, Traced):
            # NumPy would have to convert a number at each call.
            names.append(tape.array(shape, fill=1).name if x == 1 and shape else _number(x))
        elif not lines and x.shape != shape and len(shape) > 1 and shape[-1] < SHORT:
            lines.append(f"{{out}}[...] = {x.name}")
            names.append("{out}")
        else:
            names.append(x.name)
    return lines, ", ".join(names)


def _name(x):
    return x.name if isinstance(x, Traced) else _number(x)


def _number(x):
    if np.iscomplexobj(x):
        raise sentence(COMPLEX, Traced)
    return repr(float(x)) if np.isfinite(x) else f'float("{float(x)}")'


def unless_one(g):
    """1.0 for an adjoint that is the constant 1, so that no line is spent on it."""
    array = g.tape.arrays.get(g.name)
    return 1.0 if array is not None and array.shape == () and array == 1 else g


def needed(x):
    """Whether the adjoint of x is needed: that of a constant is not."""
    return x.name not in x.tape.constants


def recorded(tape, y, inputs, pull):
    if tape.pulls is not None:
        tape.pulls.append((y, inputs, pull))
    return y


def _times(x, y):
    return x if type(y) is float and y == 1.0 else Traced.apply(np.multiply, x, y)


Traced.__mul__ = _times
Traced.__rmul__ = lambda self, other: _times(self, other)


def unbroadcast(g, shape):
    if g.shape == shape:
        return g
    tape = g.tape
    if len(g.shape) == 2 and shape == g.shape[1:]:  # a bias: a product with ones is faster than a sum
        ones = tape.array(g.shape[:1], fill=1)
        return tape.emit(shape, f"{ones.name}.dot({g.name}, {{out}})")
    if len(g.shape) < len(shape) or any(a < b for a, b in zip(g.shape[::-1], shape[::-1], strict=False)):
        return tape.emit(shape, f"{{out}}[...] = {g.name}")
    lead = len(g.shape) - len(shape)
    axes = tuple(range(lead)) + tuple(
        a + lead for a, length in enumerate(shape) if length == 1 and g.shape[a + lead] != 1
    )
    return tape.emit(shape, f"{{out}}[...] = {g.name}.sum({axes}).reshape({shape})")
