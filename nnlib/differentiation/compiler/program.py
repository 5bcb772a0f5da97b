"""A gradient as a program: f is traced once, and straight-line NumPy with fixed arrays comes out.

The same rules as in the other modes run on names instead of numbers and leave behind a line each. Run
on a network with one hidden layer, the program is the delta rule: print it.
"""

import inspect
import re

import numpy as np

from nnlib.differentiation.compiler.traced import Traced
from nnlib.differentiation.numpy_protocol.messages import COMPLEX, floating, sentence
from nnlib.differentiation.numpy_protocol.operators import COMPARISONS
from nnlib.differentiation.numpy_protocol.structures import is_structure, leaves_of
from nnlib.differentiation.rules import DERIVATIVES


def compile_gradient(f, *examples):
    """A fast program for f(*arrays) and its gradients, for arrays with the shapes of the examples.

    Returns a `CompiledGradient`: called with arrays it gives f, a number, and a list with ∂f/∂array of
    each, in arrays that the next call overwrites; an argument may be a list or a dict of arrays. Arrays
    that f uses from outside are constants; those of the examples' dtype are read by the program where they
    lie, so new samples may be written into them.

    Raises ValueError for integers, a branch or a NumPy function that cannot be traced, an array from
    outside that f changes, or an f that does not return a single number.
    """
    return CompiledGradient(f, examples)


FUNCTIONS = {ufunc.__name__: ufunc for ufunc in {*DERIVATIVES, *COMPARISONS}} | {"copyto": np.copyto}
RESERVED = re.compile(rf"(v|c|ones)\d+|d_.*|float|gemm|{'|'.join(FUNCTIONS)}")
"""Names that the program itself uses."""


class CompiledGradient:
    """The program of `compile_gradient`; `program` is its text.

    `gradient` is one vector that holds the gradients of all arrays, one after the other, after a call.
    """

    def __init__(self, f, examples):
        self._tape = _Tape()
        names = [p.name for p in inspect.signature(f).parameters.values()]
        if len(names) != len(examples) or any(map(RESERVED.fullmatch, names)):
            names = [f"x{n}" for n in range(1, len(examples) + 1)]
        self._structures = [leaves_of(x) for x in examples]
        names = [
            f"{name}_{n}" if is_structure(x) else name
            for name, x, (leaves, _) in zip(names, examples, self._structures, strict=True)
            for n in range(1, len(leaves) + 1)
        ]
        leaves = [leaf for leaves, _ in self._structures for leaf in leaves]
        leaves = [floating(leaf, name) for name, leaf in zip(names, leaves, strict=True)]
        inputs = [Traced(self._tape, name, x.shape) for name, x in zip(names, leaves, strict=True)]
        self._tape.dtype = np.result_type(*leaves)
        self.shapes = dict(zip(names, (x.shape for x in leaves), strict=True))
        self._shapes = list(self.shapes.values())
        E = f(*self._arguments(inputs))
        self._tape.check_constants()
        if not isinstance(E, Traced) or E.size != 1:
            shape = getattr(E, "shape", np.shape(E) if not isinstance(E, Traced) else ())
            raise ValueError(
                f"compile_gradient needs a function with one number as its value, got shape {shape}."
            )
        self._tape.lines.append((None, "# backward"))
        gradients, self.gradient = self._tape.in_one_vector(self._tape.backward(E, inputs))
        self.program = self._tape.text(names, E, gradients)
        namespace = self._tape.functions | self._tape.arrays
        exec(compile(self.program, "<compiled gradient>", "exec"), namespace)
        self._run = namespace["gradient"]

    def _arguments(self, leaves):
        """Leaves as the arguments that they belong to: lists and dicts as those of the examples."""
        leaves = iter(leaves)
        return [rebuilt([next(leaves) for _ in own]) for own, rebuilt in self._structures]

    def __call__(self, *arrays):
        try:
            fits = [array.shape for array in arrays] == self._shapes
        except AttributeError:  # numbers, lists and dicts
            return self._of_structures(arrays)
        if not fits:
            if len(arrays) != len(self.shapes):
                names = ", ".join(self.shapes)
                raise ValueError(f"Compiled for {len(self.shapes)} arrays ({names}), got {len(arrays)}.")
            for (name, shape), array in zip(self.shapes.items(), arrays, strict=True):
                if array.shape != shape:
                    raise ValueError(f"{name} has shape {array.shape}, but this was compiled for {shape}.")
        return self._run(*arrays)

    def _of_structures(self, arguments):
        E, gradients = self(*(np.asarray(leaf) for x in arguments for leaf in leaves_of(x)[0]))
        return E, self._arguments(gradients)

    def __repr__(self):
        return self.program


class _Tape:
    """Lines of the program, the arrays that they use, and `pulls`: how to emit the adjoints of each line."""

    def __init__(self):
        self.lines, self.arrays, self.pulls, self.better_names = [], {}, [], {}
        self.functions = dict(FUNCTIONS)
        self.constants = {}  # name -> the array from outside, and a copy of its first values
        self.dtype = float

    def array(self, shape, fill=None, dtype=None):
        """A new array of the program; with `fill` it is a constant."""
        name = f"v{len(self.arrays)}" if fill is None else f"ones{len(self.arrays)}"
        self.arrays[name] = np.full(shape, 0 if fill is None else fill, dtype or self.dtype)
        return Traced(self, name, tuple(shape))

    def constant(self, x):
        """An array from outside as a traced one."""
        if isinstance(x, Traced):
            return x
        for name, (array, _) in self.constants.items():
            if array is x:
                self.check_constants()
                return Traced(self, name, np.shape(x))
        array = np.asarray(x)
        if array.dtype.kind == "c":
            raise sentence(COMPLEX, Traced)
        name = f"c{len(self.arrays)}"
        self.constants[name] = x, np.array(x)
        own = array.dtype in (self.dtype, bool)
        self.arrays[name] = array if own else array.astype(self.dtype)
        return Traced(self, name, array.shape)

    def check_constants(self):
        for array, copy in self.constants.values():
            if not np.array_equal(array, copy, equal_nan=True):
                raise ValueError(
                    "f changes an array from outside while it is traced, which cannot be compiled: the "
                    "program would see its last values alone. Use an array for each."
                )

    def emit(self, shape, *lines, dtype=None):
        """A new array, written {out} in the lines that fill it."""
        out = self.array(shape, dtype=dtype)
        self.lines += [(out.name, line.replace("{out}", out.name)) for line in lines]
        return out

    def view(self, x, expression, shape):
        """Another view of the same numbers: no arithmetic."""
        return self._named(f"{x.name}{expression}", shape)

    def number(self, expression):
        """A single number: it needs no array of its own."""
        return self._named(expression, ())

    def _named(self, expression, shape):
        name = f"v{len(self.arrays)}"
        self.arrays[name] = None
        self.lines.append((name, f"{name} = {expression}"))
        return Traced(self, name, tuple(shape))

    def backward(self, E, inputs):
        adjoints = {E.name: self.array(E.shape, fill=1)}
        pulls, self.pulls = self.pulls, None  # lines of adjoints are not differentiated again
        for y, xs, pull in reversed(pulls):
            adjoint = adjoints.get(y.name)
            if adjoint is None:
                continue
            self.better_names.setdefault(adjoint.name, f"d_{y.name}")
            for x, share in zip(xs, pull(adjoint), strict=True):
                if share is not None:
                    earlier = adjoints.get(x.name)
                    adjoints[x.name] = share if earlier is None else earlier + share
        return [adjoints[x.name] if x.name in adjoints else self.array(x.shape) for x in inputs]

    def in_one_vector(self, gradients):
        """The gradients, moved into one vector so that one subtraction takes a step, and that vector."""
        filled = {target for target, _ in self.lines if self.arrays.get(target) is not None}
        own = []
        for gradient in gradients:
            # A view, a constant, or the array of another gradient is copied to a place of its own.
            if gradient.name not in filled or any(gradient is other for other in own):
                gradient = self.emit(gradient.shape, f"{{out}}[...] = {gradient.name}")
            own.append(gradient)
        vector = np.zeros(sum(gradient.size for gradient in own), self.dtype)
        ends = np.cumsum([gradient.size for gradient in own])[:-1]
        for gradient, part in zip(own, np.split(vector, ends), strict=True):
            self.arrays[gradient.name] = part.reshape(gradient.shape)
        return own, vector

    def prune(self, wanted):
        """Drop lines whose array is not read."""
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
        names_of_gradients = ", ".join(gradient.name for gradient in gradients)
        lines.append(f"    return {E.name}.item(), [{names_of_gradients}]")
        text = "\n".join(lines)
        text = re.sub(r"\bv\d+\b", lambda match: renamed.get(match[0], match[0]), text)
        return f"def gradient({', '.join(names)}):\n{text}\n"
