"""Differentiation against PyTorch, JAX and micrograd: ratios in one run."""

import numpy as np

from nnlib import Network, datasets
from nnlib.differentiation import Dual, Variable, jacobian
from nnlib.differentiation.compiler import compile_gradient
from nnlib.differentiation.layers import conv2d, linear, softmax_cross_entropy
from nnlib.fast import blas
from nnlib.fast.flat_weights import FlatWeights
from nnlib.fast.methods import Step
from nnlib.fast.programs import Buffers, overflow_raises, run
from nnlib.figures.crossover import measure_crossover
from nnlib.regression import with_constant
from tests.bench.measure import Row, interleaved


def rows():
    import torch

    torch.set_num_threads(1)
    yield from _jacobians()
    yield from _scalar()
    yield from _overhead()
    yield from _steps()
    yield from _convolution()
    sizes = (1, 4, 16, 64, 256)
    for n, f, r in zip(sizes, *measure_crossover(sizes).values(), strict=True):
        yield Row(f"gradient of one output by {n} inputs: forward takes times reverse", f / r)


def _jacobians():
    import jax
    import jax.numpy as jnp
    import torch

    jax.config.update("jax_enable_x64", True)
    for n, at_least in ((2, 18), (10, 16), (100, 4)):
        rng = np.random.default_rng(n)
        W1, W2, x = rng.normal(size=(n, n)), rng.normal(size=(n, n)), rng.normal(size=n)
        t1, t2, tx = map(torch.tensor, (W1, W2, x))
        by_torch = torch.func.jacfwd(lambda x, t1=t1, t2=t2: t2 @ torch.tanh(t1 @ x) + x * torch.sin(x))
        by_jax = jax.jit(jax.jacfwd(lambda x, W1=W1, W2=W2: W2 @ jnp.tanh(W1 @ x) + x * jnp.sin(x)))

        def own(x=x, W1=W1, W2=W2):
            return jacobian(lambda x: W2 @ np.tanh(W1 @ x) + x * np.sin(x), x, "forward")

        assert np.allclose(own(), by_torch(tx)) and np.allclose(own(), by_jax(x))
        seconds = interleaved(
            {
                "nnlib": own,
                "torch": lambda f=by_torch, x=tx: f(x),
                "jax": lambda f=by_jax, x=x: f(x).block_until_ready(),
            }
        )
        name = f"Jacobian of W2 tanh(W1 x) + x sin x, n = {n}"
        yield Row(
            f"{name}: faster than torch.func.jacfwd", seconds["torch"] / seconds["nnlib"], at_least=at_least
        )
        bound = {10: 2, 100: 1}.get(n)
        yield Row(f"{name}: times jax.jacfwd jitted", seconds["nnlib"] / seconds["jax"], at_most=bound)


def _scalar():
    import torch
    from micrograd.engine import Value

    def cubic(x):
        return 2 * x**3 - x**2 + 4 * x - 1

    def by_torch():
        x = torch.tensor(1.5, requires_grad=True, dtype=torch.float64)
        cubic(x).backward()
        return x.grad

    def by_micrograd():
        x = Value(1.5)
        cubic(x).backward()
        return x.grad

    seconds = interleaved(
        {"nnlib": lambda: cubic(Dual(1.5, 1.0)).derivative, "torch": by_torch, "micrograd": by_micrograd}
    )
    yield Row(
        "derivative of a cubic, Dual: faster than torch",
        seconds["torch"] / seconds["nnlib"],
        at_least=20,
        goal=40,
    )
    yield Row(
        "derivative of a cubic, Dual: faster than micrograd",
        seconds["micrograd"] / seconds["nnlib"],
        at_least=5,
    )


def _overhead():
    import torch

    for n in (1, 8, 32):
        x = np.random.default_rng(0).normal(size=(n, n)).astype(np.float32)  # PyTorch's own default
        t = torch.tensor(x)

        def own(x=x):
            v = y = Variable(x)
            for _ in range(30):
                y = np.tanh(y) * v
            y.backward(np.ones_like(x))

        def by_torch(t=t):
            v = y = t.clone().requires_grad_()
            for _ in range(30):
                y = torch.tanh(y) * v
            y.backward(torch.ones_like(t))

        def floor(x=x):  # the arithmetic alone
            for _ in range(30):
                y = np.tanh(x)
                s = 1 - y * y
                y * x, x * s, x * y, x + y

        seconds = interleaved({"nnlib": own, "torch": by_torch, "floor": floor})
        detail = {"microseconds per op": {name: 1e6 * s / 60 for name, s in seconds.items()}}
        name = f"tape, per operation on {n} x {n}: part of torch eager's time"
        yield Row(name, seconds["nnlib"] / seconds["torch"], at_most=0.5, detail=detail)


def _steps():
    import torch

    X, T, *_ = datasets.split(*datasets.digits())
    X, T = X[:32].astype(np.float32), T[:32].astype(np.float32)
    network = Network([64, 32, 10], activation="tanh", output="softmax", rng=0, dtype=np.float32)
    start = [a for layer in network.layers for a in (layer.W, layer.b)]

    def error_in_layers(W1, b1, W2, b2):  # with fused layers, as torch.nn.Linear is
        return softmax_cross_entropy(linear(np.tanh(linear(X, W1, b1)), W2, b2), T)

    variables = [Variable(a) for a in start]

    def tape():
        for _ in range(10):
            error_in_layers(*variables).backward()
            for variable in variables:
                variable.descend(1e-3)

    compiled = compile_gradient(error_in_layers, *start)
    vector = np.concatenate([a.ravel() for a in start])
    parts = np.split(vector, np.cumsum([a.size for a in start])[:-1])
    arrays = [part.reshape(a.shape) for part, a in zip(parts, start, strict=True)]
    update, arguments = blas.add(compiled.gradient, vector, -1e-3)

    def program():
        for _ in range(10):
            compiled(*arrays)
            update(*arguments)

    weights = FlatWeights(network)
    buffers = Buffers(weights, 32, "cross_entropy", Step(weights.values, scale=-1e-3, keep=1))
    by_hand = buffers.program(with_constant(X), buffers.targets(T))

    def hand_written():
        with overflow_raises():
            for _ in range(10):  # as `train` does: the context is entered once an epoch
                run(by_hand)

    model = torch.nn.Sequential(torch.nn.Linear(64, 32), torch.nn.Tanh(), torch.nn.Linear(32, 10))
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-3)
    loss, x, t = torch.nn.CrossEntropyLoss(reduction="sum"), torch.tensor(X), torch.tensor(T.argmax(1))

    def eager():
        for _ in range(10):
            optimizer.zero_grad()
            loss(model(x), t).backward()
            optimizer.step()

    seconds = interleaved({"tape": tape, "compiled": program, "hand": hand_written, "torch": eager})
    name = "step of 64-32-10, batch 32"
    yield Row(
        f"{name}, tape: faster than torch eager", seconds["torch"] / seconds["tape"], at_least=4, goal=9
    )
    yield Row(
        f"{name}, compiled: faster than torch eager",
        seconds["torch"] / seconds["compiled"],
        at_least=9,
        goal=16,
    )
    yield Row(
        f"{name}, compiled: times the hand-written step", seconds["compiled"] / seconds["hand"], at_most=1.6
    )


def _convolution():
    import torch

    rng = np.random.default_rng(0)
    for C, F, size in ((1, 8, 28), (8, 16, 14)):
        X = rng.normal(size=(16, C, size, size)).astype(np.float32)
        K = rng.normal(size=(F, C, 3, 3)).astype(np.float32)

        def own(X=X, K=K):
            x, k = Variable(X), Variable(K)
            y = conv2d(x, k)
            y.backward(np.ones_like(y.value))

        tX, tK = torch.tensor(X), torch.tensor(K)

        def by_torch(X=tX, K=tK):
            x, k = X.clone().requires_grad_(), K.clone().requires_grad_()
            y = torch.nn.functional.conv2d(x, k)
            y.backward(torch.ones_like(y))

        seconds = interleaved({"nnlib": own, "torch": by_torch})
        name = f"conv2d forward and backward, batch 16, {C} to {F} channels, {size} x {size}: times torch"
        yield Row(name, seconds["nnlib"] / seconds["torch"], at_most=1.6)
