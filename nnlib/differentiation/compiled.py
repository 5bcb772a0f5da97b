"""A gradient as a program: f is traced once, and straight-line NumPy with fixed arrays comes out.

The same rules as in the other modes run on names instead of numbers and leave behind a line each. Run
on a network with one hidden layer, the program is the delta rule: print it.
"""

import inspect
import re

import numpy as np

from nnlib.differentiation.operators import COMPARISONS, Operators, axes_of, floating, unsupported
from nnlib.differentiation.rules import DERIVATIVES


def compile_gradient(f, *examples):
    """A fast program for f(*arrays) and its gradients, for arrays with the shapes of the examples.

    Returns a `CompiledGradient`: called with arrays it gives f, a number, and a list with ∂f/∂array of
    each, in arrays that the next call overwrites. Arrays that f uses from outside are constants; the
    program reads them where they lie, so new samples may be written into them.

    Raises ValueError for integers, a branch or a NumPy function that cannot be traced, or an f that
    does not return a single number.
    """
    return CompiledGradient(f, examples)


class CompiledGradient:
    """The program of `compile_gradient`; `program` is its text.

    `gradient` is one vector that holds the gradients of all arrays, one after the other, after a call.
    """

    def __init__(self, f, examples):
        self._tape = _Tape()
        names = [p.name for p in inspect.signature(f).parameters.values()]
        if len(names) != len(examples) or len({*names}) != len(names):
            names = [f"x{n}" for n in range(1, len(examples) + 1)]
        examples = [floating(x, name) for name, x in zip(names, examples, strict=True)]
        inputs = [Traced(self._tape, name, x.shape) for name, x in zip(names, examples, strict=True)]
        self._tape.dtype = np.result_type(*examples)
        self.shapes = dict(zip(names, (x.shape for x in examples), strict=True))
        self._shapes = list(self.shapes.values())
        E = f(*inputs)
        if not isinstance(E, Traced) or E.size != 1:
            shape = getattr(E, "shape", np.shape(E) if not isinstance(E, Traced) else ())
            raise ValueError(
                f"compile_gradient needs a function with one number as its value, got shape {shape}."
            )
        self._tape.lines.append((None, "# backward"))
        gradients, self.gradient = self._tape.in_one_vector(self._tape.backward(E, inputs))
        self.program = self._tape.text(names, E, gradients)
        namespace = dict(self._tape.arrays, np=np)
        exec(compile(self.program, "<compiled gradient>", "exec"), namespace)
        self._run = namespace["gradient"]

    def __call__(self, *arrays):
        if [array.shape for array in arrays] != self._shapes:
            for (name, shape), array in zip(self.shapes.items(), arrays, strict=True):
                if array.shape != shape:
                    raise ValueError(f"{name} has shape {array.shape}, but this was compiled for {shape}.")
        return self._run(*arrays)

    def __repr__(self):
        return self.program


class _Tape:
    """Lines of the program, the arrays that they use, and how to go back."""

    def __init__(self):
        self.lines, self.arrays, self.pulls, self.better_names = [], {}, [], {}
        self.constants = set()
        self.dtype = float

    def array(self, shape, fill=None):
        """A new array of the program; with `fill` it is a constant."""
        name = f"v{len(self.arrays)}" if fill is None else f"ones{len(self.arrays)}"
        self.arrays[name] = np.full(shape, 0.0 if fill is None else fill, self.dtype)
        return Traced(self, name, tuple(shape))

    def constant(self, x):
        """An array from outside as a traced one."""
        if isinstance(x, Traced):
            return x
        for name, array in self.arrays.items():
            if array is x:
                return Traced(self, name, x.shape)
        array = np.asarray(x)
        name = f"c{len(self.arrays)}"
        self.constants.add(name)
        self.arrays[name] = array if array.dtype == self.dtype else array.astype(self.dtype)
        return Traced(self, name, array.shape)

    def emit(self, line, shape):
        """`line` with {out} for the array that it fills."""
        out = self.array(shape)
        self.lines.append((out.name, line.replace("{out}", out.name)))
        return out

    def view(self, x, expression, shape):
        """Another view of the same numbers: no arithmetic."""
        name = f"v{len(self.arrays)}"
        self.arrays[name] = None
        self.lines.append((name, f"{name} = {x.name}{expression}"))
        return Traced(self, name, tuple(shape))

    def backward(self, E, inputs):
        adjoints = {E.name: self.array(E.shape, fill=1)}
        pulls, self.pulls = self.pulls, None  # what the rules emit now is not differentiated again
        for y, xs, pull in reversed(pulls):
            adjoint = adjoints.get(y.name)
            if adjoint is None:
                continue
            self.better_names.setdefault(adjoint.name, f"d_{y.name}")
            for x, share in zip(xs, pull(adjoint), strict=True):
                if share is not None:
                    known = adjoints.get(x.name)
                    adjoints[x.name] = share if known is None else known + share
        return [adjoints[x.name] if x.name in adjoints else self.array(x.shape) for x in inputs]

    def in_one_vector(self, gradients):
        """The gradients, moved into one vector so that one subtraction takes a step, and that vector."""
        filled = {target for target, _ in self.lines if self.arrays.get(target) is not None}
        own = []
        for gradient in gradients:
            # A view, a constant, or the array of another gradient is copied to a place of its own.
            if gradient.name not in filled or any(gradient is other for other in own):
                gradient = self.emit(f"{{out}}[...] = {gradient.name}", gradient.shape)
            own.append(gradient)
        vector = np.zeros(sum(gradient.size for gradient in own), self.dtype)
        ends = np.cumsum([gradient.size for gradient in own])[:-1]
        for gradient, part in zip(own, np.split(vector, ends), strict=True):
            self.arrays[gradient.name] = part.reshape(gradient.shape)
        return own, vector

    def prune(self, wanted):
        """Drop lines whose array nobody reads."""
        used, kept = {*wanted}, []
        for target, line in reversed(self.lines):
            if target is None or target in used:
                used.update(re.findall(r"\bv\d+\b", line))
                kept.append((target, line))
        self.lines = kept[::-1]

    def text(self, names, E, gradients):
        self.prune([E.name, *(gradient.name for gradient in gradients)])
        for name, gradient in zip(names, gradients, strict=True):
            self.better_names[gradient.name] = f"d_{name}"
        renamed = {}
        for old, new in self.better_names.items():
            if old.startswith("v") and old in self.arrays and new not in self.arrays:
                self.arrays[new] = self.arrays.pop(old)
                renamed[old] = new
        lines = ["    # forward", *(f"    {line}" for _, line in self.lines)]
        found = ", ".join(gradient.name for gradient in gradients)
        lines.append(f"    return float({E.name}), [{found}]")
        text = "\n".join(lines)
        text = re.sub(r"\bv\d+\b", lambda match: renamed.get(match[0], match[0]), text)
        return f"def gradient({', '.join(names)}):\n{text}\n"


class Traced(Operators):
    """An array of which only name and shape are known."""

    __slots__ = ("name", "own_shape", "source", "tape")

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
    def apply(ufunc, *inputs):
        if ufunc in COMPARISONS:
            raise ValueError(
                "A branch that depends on data cannot be compiled: the program has the same lines for all "
                "data. Use np.maximum, or the front door's other methods."
            )
        tape = next(x.tape for x in inputs if isinstance(x, Traced))
        if ufunc is np.power and not isinstance(inputs[1], Traced) and np.ndim(inputs[1]) == 0:
            if inputs[1] == 1:
                return inputs[0]
            if inputs[1] == 2:
                return Traced.apply(np.square, inputs[0])
        if ufunc is np.matmul:
            return _matmul(tape, *map(tape.constant, inputs))
        rules = DERIVATIVES.get(ufunc)
        if rules is None:
            raise unsupported(ufunc, [*DERIVATIVES, *Traced.functions])
        inputs = [x if np.ndim(x) == 0 and not isinstance(x, Traced) else tape.constant(x) for x in inputs]
        shape = np.broadcast_shapes(*(np.shape(x) for x in inputs))
        names = ", ".join(x.name if isinstance(x, Traced) else repr(float(x)) for x in inputs)
        y = tape.emit(f"np.{ufunc.__name__}({names}, out={{out}})", shape)
        rules = rules if len(inputs) == 2 else (rules,)

        def pull(g):
            for x, rule in zip(inputs, rules, strict=True):
                if isinstance(x, Traced) and not _needed(x):
                    yield None
                elif isinstance(x, Traced):
                    slope = rule(*inputs, y)
                    share = g if type(slope) is float and slope == 1.0 else slope * g
                    yield _unbroadcast(share, x.shape)

        return _recorded(tape, y, [x for x in inputs if isinstance(x, Traced)], pull)

    def traced_softmax_cross_entropy(self, T):
        """Of weighted sums (N, F): every line works on the whole batch."""
        tape, A = self.tape, self
        N, F = A.shape
        T = tape.constant(T)
        ones = tape.array((F, F), fill=1)
        highest = tape.emit(f"np.maximum.reduce({A.name}, 1, None, {{out}}, True)", (N, 1))
        shifted = tape.emit(f"np.subtract({A.name}, {highest.name}, out={{out}})", (N, F))
        powers = tape.emit(f"np.exp({shifted.name}, out={{out}})", (N, F))
        totals = tape.emit(f"{powers.name}.dot({ones.name}, {{out}})  # Σ_k exp(a_k) in each column", (N, F))
        logarithms = tape.emit(f"np.log({totals.name}, out={{out}})", (N, F))
        terms = tape.emit(f"np.subtract({logarithms.name}, {shifted.name}, out={{out}})", (N, F))
        E = tape.emit(f"{{out}}[...] = {T.name}.ravel().dot({terms.name}.ravel())  # - Σ t ln y", ())

        def pull(g):
            Y = tape.emit(f"np.divide({powers.name}, {totals.name}, out={{out}})  # softmax", (N, F))
            delta = tape.emit(f"np.subtract({Y.name}, {T.name}, out={{out}})  # y - t", (N, F))
            return [delta * _unless_one(g)]

        return _recorded(tape, E, [A], pull)


def _unless_one(g):
    """1.0 for an adjoint that is the constant 1, so that no line is spent on it."""
    array = g.tape.arrays.get(g.name)
    return 1.0 if array is not None and array.shape == () and array == 1 else g


def _recorded(tape, y, inputs, pull):
    if tape.pulls is not None:
        tape.pulls.append((y, inputs, pull))
    return y


def _times(x, y):
    return x if type(y) is float and y == 1.0 else Traced.apply(np.multiply, x, y)


Traced.__mul__ = _times
Traced.__rmul__ = lambda self, other: _times(self, other)


def _unbroadcast(g, shape):
    if g.shape == shape:
        return g
    tape = g.tape
    if len(g.shape) == 2 and shape == g.shape[1:]:  # a bias: a product with ones is faster than a sum
        ones = tape.array(g.shape[:1], fill=1)
        return tape.emit(f"{ones.name}.dot({g.name}, {{out}})", shape)
    if len(g.shape) < len(shape) or any(a < b for a, b in zip(g.shape[::-1], shape[::-1], strict=False)):
        return tape.emit(f"{{out}}[...] = {g.name}", shape)
    lead = len(g.shape) - len(shape)
    axes = tuple(range(lead)) + tuple(
        a + lead for a, length in enumerate(shape) if length == 1 and g.shape[a + lead] != 1
    )
    return tape.emit(f"{{out}}[...] = {g.name}.sum({axes}).reshape({shape})", shape)


def _matmul(tape, A, B):
    if len(A.shape) not in (1, 2) or len(B.shape) not in (1, 2) or A.shape[-1] != B.shape[0]:
        raise ValueError(f"@ of shapes {A.shape} and {B.shape}: expected two matrices or vectors that fit.")
    y = tape.emit(f"{A.name}.dot({B.name}, {{out}})", A.shape[:-1] + B.shape[1:])

    def outer(x1, x2, shape):
        return tape.emit(f"np.multiply.outer({x1.name}, {x2.name}, out={{out}})", shape)

    def pull(g):
        one, two = len(A.shape) == 1, len(B.shape) == 1
        if one and two:
            return [g * B, g * A]
        if two:  # y = A b
            return [outer(g, B, A.shape), _matmul(tape, A.T, g)]
        if one:  # y = a B
            return [_matmul(tape, B, g), outer(A, g, B.shape)]
        of_A = _matmul(tape, g, B.T) if _needed(A) else None
        if not _needed(B):
            return [of_A, None]
        # Of a transposed B = Wᵀ the adjoint is (Gᵀ A)ᵀ: written so, that of W lies in memory as W does.
        return [of_A, _matmul(tape, A.T, g) if B.source is None else _transpose(_matmul(tape, g.T, A))]

    return _recorded(tape, y, [A, B], pull)


def _needed(x):
    """Whether anybody asks for the adjoint of x: nobody does for a constant."""
    return x.name not in x.tape.constants


def _sum(x, axis=None, keepdims=False):
    axes = axes_of(axis, len(x.shape))
    kept = tuple(1 if a in axes else length for a, length in enumerate(x.shape))
    shape = kept if keepdims else tuple(length for a, length in enumerate(x.shape) if a not in axes)
    y = x.tape.emit(f"np.add.reduce({x.name}, {axes}, None, {{out}}, {keepdims})", shape)

    def pull(g):
        return [x.tape.emit(f"{{out}}[...] = {g.name}.reshape({kept})", x.shape)]

    return _recorded(x.tape, y, [x], pull)


def _transpose(x, axes=None):
    if axes is None and x.source is not None and x.tape.pulls is None:
        return x.source
    shape = x.shape[::-1] if axes is None else tuple(x.shape[a] for a in axes)
    y = x.tape.view(x, ".T" if axes is None else f".transpose({tuple(axes)})", shape)
    y.source = x if axes is None else None
    back = None if axes is None else tuple(int(a) for a in np.argsort(axes))
    return _recorded(x.tape, y, [x], lambda g: [_transpose(g, back)])


def _reshape(x, shape):
    shape = np.empty(x.shape).reshape(shape).shape
    y = x.tape.emit(f"{{out}}[...] = {x.name}.reshape({shape})", shape)
    return _recorded(x.tape, y, [x], lambda g: [_reshape(g, x.shape)])


Traced.functions = {np.sum: _sum, np.transpose: _transpose, np.reshape: _reshape}
Traced.known = tuple(DERIVATIVES)
