"""Random programs against PyTorch in float64: forward, reverse, nested and compiled.

    python -m tests.differentiation.random_programs 3000 [first seed]

A program is a list of steps, each a function of earlier results, which so are used again and broadcast.
It runs on NumPy's functions and, step by step, on PyTorch's. What is compared is the gradient by every
input, and for second derivatives the gradient of (gradient · direction), by every pair of modes.
"""

import sys
import time
from collections import Counter

import numpy as np
import torch

from nnlib.differentiation import (
    compile_gradient,
    conv2d,
    gradient,
    layer_norm,
    linear,
    softmax,
    softmax_cross_entropy,
)  # fmt: skip

SHAPES = [(), (1,), (3,), (4,), (2, 1), (1, 3), (2, 3), (3, 3), (3, 4), (4, 2), (2, 1, 3), (2, 3, 4)]
TOLERANCE = 1e-9


def both(name, *arguments):
    """A function that NumPy and PyTorch call the same."""
    return lambda m: lambda *x: getattr(m, name)(*x, *arguments)


def of(own, other):
    """A function in NumPy's words and in PyTorch's."""
    return lambda m: own if m is np else other


# One input of any shape; what has a domain is given what lies inside of it.
UNARY = {
    **{name: both(name) for name in (
        "sin", "cos", "tanh", "arctan", "arcsinh", "square", "negative", "positive", "abs", "deg2rad", "expm1",
    )},
    "exp": lambda m: lambda x: m.exp(-x * x), "exp2": lambda m: lambda x: m.exp2(m.tanh(x)), "log": lambda m: lambda x: m.log(1.5 + m.tanh(x)),
    "log1p": lambda m: lambda x: m.log1p(x * x), "log2": lambda m: lambda x: m.log2(2 + m.sin(x)), "sqrt": lambda m: lambda x: m.sqrt(1 + x * x),
    "log10": lambda m: lambda x: m.log10(2 + m.cos(x)), "reciprocal": lambda m: lambda x: m.reciprocal(2 + m.sin(x)),
    "arcsin": lambda m: lambda x: m.arcsin(0.9 * m.sin(x)), "arccos": lambda m: lambda x: m.arccos(0.9 * m.cos(x)),
    "arctanh": lambda m: lambda x: m.arctanh(0.8 * m.sin(x)), "arccosh": lambda m: lambda x: m.arccosh(1.5 + x * x),
    "sinh": lambda m: lambda x: m.sinh(m.tanh(x)), "cosh": lambda m: lambda x: m.cosh(m.sin(x)), "tan": lambda m: lambda x: m.tan(m.sin(x)),
    "cube": lambda m: lambda x: m.tanh(x) ** 3, "power": lambda m: lambda x: (1 + x * x) ** -0.7, "base": lambda m: lambda x: 2.0 ** m.sin(x),
    "steps": lambda m: lambda x: x * m.sign(x) + m.floor(x) * x, "clip": of(lambda x: np.clip(x, -0.5, 0.7), lambda x: x.clip(-0.5, 0.7)),
    "relu": of(lambda x: np.where(x > 0, x, 0.0), lambda x: torch.where(x > 0, x, 0.0)), "sigmoid": lambda m: lambda x: 1 / (1 + m.exp(-x)),
}  # fmt: skip
BINARY = {
    "add": both("add"), "subtract": both("subtract"), "multiply": lambda m: lambda x, y: m.tanh(x) * y, "divide": lambda m: lambda x, y: x / (2 + m.sin(y)),
    "maximum": both("maximum"), "minimum": both("minimum"), "arctan2": lambda m: lambda x, y: m.arctan2(x, 2 + y * y),
    "hypot": lambda m: lambda x, y: m.hypot(x, 1 + y * y), "logaddexp": both("logaddexp"), "power": lambda m: lambda x, y: (1.5 + m.sin(x)) ** m.tanh(y),
    "remainder": lambda m: lambda x, y: m.remainder(x, 2 + m.sin(y)), "where": lambda m: lambda x, y: m.where(x > y, x * y, x - y),
}  # fmt: skip
# One input with at least so many axes.
REDUCING = {
    "sum": (0, both("sum")), "sum0": (1, of(lambda x: np.sum(x, 0), lambda x: x.sum(0))),
    "mean": (1, of(lambda x: x.mean(-1, keepdims=True), lambda x: x.mean(-1, keepdim=True))),
    "max": (1, of(lambda x: np.max(x, -1), lambda x: x.amax(-1))), "min": (1, of(lambda x: np.min(x, 0), lambda x: x.amin(0))),
    "mean_of_all": (0, both("mean")), "var": (1, of(lambda x: np.var(x, -1), lambda x: x.var(-1, correction=0))),
    "prod": (1, of(lambda x: np.prod(np.sin(x), -1), lambda x: torch.prod(torch.sin(x), -1))),
    "std": (2, of(lambda x: np.sqrt(1 + np.var(x, 0, ddof=1)), lambda x: torch.sqrt(1 + x.var(0)) if len(x) > 1 else x[0] * 0)),
    "norm": (1, of(lambda x: np.linalg.norm(x + 2, axis=-1), lambda x: torch.linalg.norm(x + 2, dim=-1))),
    "cumsum": (1, of(lambda x: np.cumsum(x, -1), lambda x: torch.cumsum(x, -1))), "softmax": (1, of(softmax, lambda x: x.softmax(-1))),
    "trace": (2, of(lambda x: np.trace(x[..., :2, :2], axis1=-2, axis2=-1), lambda x: torch.diagonal(x[..., :2, :2], dim1=-2, dim2=-1).sum(-1))),
    "layer_norm": (1, of(
        lambda x: layer_norm(x, 1.5, 0.2), lambda x: torch.nn.functional.layer_norm(x, x.shape[-1:]) * 1.5 + 0.2
    )),
}  # fmt: skip
PLACING = {
    "ravel": (0, of(np.ravel, torch.ravel)), "T": (2, of(lambda x: np.swapaxes(x, -1, -2), lambda x: x.transpose(-1, -2))),
    "reshape": (2, of(lambda x: np.reshape(x, (-1, 2)) if x.size % 2 == 0 else x, lambda x: x.reshape(-1, 2) if x.numel() % 2 == 0 else x)),
    "first": (1, lambda m: lambda x: x[0]), "last": (1, lambda m: lambda x: x[..., -1:]), "twice": (1, lambda m: lambda x: x[[0, 0, -1]]),
    "axis": (0, lambda m: lambda x: x[..., None]), "every": (1, lambda m: lambda x: x[..., ::2]), "mask": (1, lambda m: lambda x: x[x > -9]),
    "repeat": (1, of(lambda x: np.repeat(x, 2, -1), lambda x: x.repeat_interleave(2, -1))), "tile": (1, of(lambda x: np.tile(x, 2), lambda x: torch.tile(x, (2,)))),
    "roll": (1, of(lambda x: np.roll(x, 1, -1), lambda x: torch.roll(x, 1, -1))), "flip": (1, of(lambda x: np.flip(x, 0), lambda x: torch.flip(x, (0,)))),
    "stack": (0, lambda m: lambda x: m.stack([x, m.sin(x)])), "concatenate": (1, lambda m: lambda x: m.concatenate([x, x * x], -1)),
    "diff": (1, of(lambda x: np.diff(np.concatenate([x, x * x], -1)), lambda x: torch.diff(torch.concatenate([x, x * x], -1)))),
    "sort": (1, of(
        lambda x: np.sort(x + 0.37 * np.arange(np.shape(x)[-1])), lambda x: torch.sort(x + 0.37 * torch.arange(x.shape[-1]), -1)[0]
    )),
    "pad": (1, of(lambda x: np.pad(np.ravel(x), 1), lambda x: torch.nn.functional.pad(x.ravel(), (1, 1)))),
    "diag": (1, of(lambda x: np.diag(np.ravel(x)[:3]), lambda x: torch.diag(x.ravel()[:3]))),
}  # fmt: skip
# Two inputs that are first brought to the shapes (2, 3) and (3, 4), taking elements in turn.
PRODUCTS = {
    "matmul": both("matmul"), "vector": lambda m: lambda x, y: x[0] @ y, "tensordot": of(lambda x, y: np.tensordot(x, y, 1), lambda x, y: torch.tensordot(x, y, 1)),
    "einsum": lambda m: lambda x, y: m.einsum("ij,jk->ki", x, y), "stacks": lambda m: lambda x, y: m.stack([x, x * x]) @ y,
    "einsum3": lambda m: lambda x, y: m.einsum("ij,jk,i->k", x, y, x[:, 0]), "outer": of(lambda x, y: np.outer(x[0], y[0]), lambda x, y: torch.outer(x[0], y[0])),
    "linear": of(lambda x, y: linear(x, y.T, y[0]), lambda x, y: torch.nn.functional.linear(x, y.T, y[0])),
    "solve": lambda m: lambda x, y: m.linalg.solve(4 * m.eye(3) + m.tanh(y[:, :3]), x.T), "det": lambda m: lambda x, y: m.linalg.det(3 * m.eye(3) + m.tanh(y[:, :3])),
    "inv": lambda m: lambda x, y: m.linalg.inv(4 * m.eye(3) + m.tanh(y[:, 1:])),
    "cross_entropy": of(
        lambda x, y: softmax_cross_entropy(x @ y, np.eye(4)[[1, 3]]), lambda x, y: -(torch.eye(4)[[1, 3]] * (x @ y).log_softmax(1)).sum()
    ),
    "conv2d": of(
        lambda x, y: conv2d(np.reshape(y, (1, 1, 3, 4)), np.reshape(np.ravel(x)[:4], (1, 1, 2, 2))),
        lambda x, y: torch.nn.functional.conv2d(y.reshape(1, 1, 3, 4), x.ravel()[:4].reshape(1, 1, 2, 2)),
    ),
}  # fmt: skip
COMPILED = {
    *UNARY, *BINARY, "sum", "sum0", "mean", "max", "min", "mean_of_all", "var", "norm", "softmax", "layer_norm", "ravel", "T", "reshape",
} - {"steps", "power"}  # fmt: skip


def random_program(rng, compiled):
    """Input arrays and steps: (table, name, places of the inputs)."""
    inputs = [rng.normal(size=SHAPES[rng.integers(len(SHAPES))]) for _ in range(rng.integers(1, 4))]
    values, steps = list(inputs), []
    while len(steps) < rng.integers(4, 12):
        table = rng.choice(["UNARY", "BINARY", "BINARY", "REDUCING", "PLACING", "PRODUCTS"])
        name = rng.choice(sorted(globals()[table]))
        if compiled and (name not in COMPILED or table == "PRODUCTS"):
            continue
        places = [int(rng.integers(len(values))) for _ in range(2 if table in ("BINARY", "PRODUCTS") else 1)]
        try:
            with np.errstate(all="ignore"):
                value = step(np, table, name, [values[place] for place in places])
        except (ValueError, TypeError, IndexError):  # shapes that do not fit
            continue
        if np.size(value) and np.size(value) <= 60 and np.isfinite(value).all() and np.abs(value).max() < 50:
            steps.append((table, name, places))
            values.append(value)
    return inputs, steps


def step(m, table, name, inputs):
    function = globals()[table][name]
    if table in ("REDUCING", "PLACING"):
        least, function = function
        if len(inputs[0].shape) < least:
            raise ValueError("too few axes")
    if table == "PRODUCTS":
        inputs = [filled(m, x, shape) for x, shape in zip(inputs, ((2, 3), (3, 4)), strict=True)]
    return function(m)(*inputs)


def filled(m, x, shape):
    """The elements of x in turn, until the shape is full."""
    size = int(np.prod(x.shape))
    return m.reshape(m.reshape(x, (-1,))[[n % size for n in range(int(np.prod(shape)))]], shape)


def run(m, steps, inputs):
    """A number that depends on every result."""
    values = list(inputs)
    for table, name, places in steps:
        values.append(step(m, table, name, [values[place] for place in places]))
    return sum(m.sum(m.tanh(value) * (1 + 0.1 * n)) for n, value in enumerate(values))


def truth(steps, inputs, directions):
    """PyTorch's gradient, and its gradient of (gradient · directions)."""
    leaves = [torch.tensor(x, requires_grad=True) for x in inputs]
    first = torch.autograd.grad(run(torch, steps, leaves), leaves, create_graph=True)
    along = sum((g * torch.tensor(d)).sum() for g, d in zip(first, directions, strict=True))
    second = torch.autograd.grad(along, leaves, allow_unused=True)
    second = [torch.zeros_like(x) if g is None else g for x, g in zip(leaves, second, strict=True)]
    return [[g.detach().numpy() for g in gradients] for gradients in (first, second)]


def distance(gradients, expected):
    size = max(1.0, *(np.abs(g).max() for g in expected))
    return max(np.abs(own - other).max() for own, other in zip(gradients, expected, strict=True)) / size


def compare(seed, counts, worst):
    """One program in every mode; the names of the modes that were wrong."""
    rng = np.random.default_rng(seed)
    compiled = seed % 3 == 0
    inputs, steps = random_program(rng, compiled)
    directions = [rng.normal(size=x.shape) for x in inputs]
    first, second = truth(steps, inputs, directions)

    def f(x):
        return run(np, steps, x)

    def along(method):
        return lambda x: sum(np.sum(g * d) for g, d in zip(gradient(f, x, method), directions, strict=True))

    results = {mode: (gradient(f, inputs, mode), first) for mode in ("forward", "reverse")}
    for outer in ("forward", "reverse"):
        for inner in ("forward", "reverse"):
            results[f"{outer} over {inner}"] = gradient(along(inner), inputs, outer), second
    if compiled:
        program = compile_gradient(lambda *x: f(x), *inputs)
        program(*(1.5 * x for x in inputs))  # the next call must not see what this one left behind
        results["compiled"] = program(*inputs)[1], first
    wrong = []
    for mode, (gradients, expected) in results.items():
        error = distance(gradients, expected)
        counts[mode] += 1
        worst[mode] = max(worst.get(mode, 0.0), error)
        if not error <= TOLERANCE:
            wrong.append(f"{mode} by {error:.1e}")
    return wrong, steps


def main(number, first_seed=0):
    torch.set_default_dtype(torch.float64)
    counts, worst, failed, start = Counter(), {}, 0, time.perf_counter()
    for seed in range(first_seed, first_seed + number):
        try:
            wrong, steps = compare(seed, counts, worst)
        except Exception as error:
            wrong, steps = [f"{type(error).__name__}: {error}"], ()
        if wrong:
            failed += 1
            print(f"seed {seed}: {'; '.join(wrong)}  {[name for _, name, _ in steps]}")
    for mode, count in counts.items():
        print(f"{mode:22} {count:6} programs, worst relative error {worst[mode]:.1e}")
    print(f"{failed} of {number} programs failed, {time.perf_counter() - start:.0f} s")
    return failed


if __name__ == "__main__":
    sys.exit(bool(main(*map(int, sys.argv[1:]))))
