"""One training step (forward, deltas, update) in float32, against peers and against its own floor.

The floor is the bare matrix products of the step, into arrays that were made once.
"""

import time
import warnings

import numpy as np

from nnlib import Network, datasets, train
from nnlib.fast import blas
from nnlib.fast.flat_weights import FlatWeights
from nnlib.fast.methods import Step
from nnlib.fast.programs import Buffers, overflow_raises, run
from nnlib.regression import with_constant
from tests.bench.measure import Row, interleaved

ALPHA = 1e-3
# sizes, batch, how many times faster than torch eager at least, goal, times the floor at most
TABLE = [
    ([2, 8, 1], 1, 20, 35, 7),
    ([2, 8, 1], 32, 20, 35, 4.5),
    ([64, 32, 10], 1, 25, 36, 3.5),
    ([64, 32, 10], 32, 16, 25, 2.6),
    ([64, 32, 10], 256, 5.5, 8, 1.9),
    ([784, 100, 10], 1, 6.5, 12, 2.1),
    ([784, 100, 10], 32, 2.3, 3.1, 1.25),
    ([784, 100, 10], 256, 1.3, 1.7, 1.12),
    ([784, 512, 512, 10], 128, 1.1, 1.3, 1.07),
]


def samples(sizes, N):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(N, sizes[0])).astype(np.float32)
    F = sizes[-1]
    if F == 1:
        return X, (X[:, :1] * X[:, 1:2] > 0).astype(np.float32)
    return X, np.eye(F, dtype=np.float32)[rng.integers(F, size=N)]


def own_step(sizes, X, T):
    output = "sigmoid" if sizes[-1] == 1 else "softmax"
    network = Network(sizes, activation="tanh", output=output, rng=0, dtype=np.float32)
    weights = FlatWeights(network)
    method = Step(weights.values, scale=-ALPHA, keep=1)  # as gradient descent has it
    buffers = Buffers(weights, len(X), "cross_entropy", method)
    program = buffers.program(with_constant(X), buffers.targets(T))

    def step():
        with overflow_raises():
            for _ in range(10):  # as `train` does: the context is entered once an epoch
                run(program)
                if method.update:
                    run(method.update)

    return step


def floor_step(sizes, X):
    """The products forward, of hidden deltas, and of gradients."""
    N = len(X)
    Ys = [X, *(np.ones((N, J), np.float32) for J in sizes[1:])]
    Ws = [np.ones((I, J), np.float32) for I, J in zip(sizes, sizes[1:], strict=False)]
    Gs, Ds = [np.zeros_like(W) for W in Ws], [np.empty_like(Y) for Y in Ys]
    program = []
    for Y, W, A in zip(Ys, Ws, Ds[1:], strict=False):
        program += blas.product(Y, W, A)
    for n in range(len(Ws) - 1, -1, -1):
        program += blas.product(Ys[n].T, Ys[n + 1], Gs[n])
        if n:
            program += blas.product(Ys[n + 1], Ws[n].T, Ds[n])

    def step():
        for _ in range(10):
            run(program)

    return step


def torch_steps(sizes, X, T):
    """Eager with optim.SGD, and lean: autograd.grad and an update by hand."""
    import torch

    torch.set_num_threads(1)
    torch.manual_seed(0)
    layers = []
    for I, J in zip(sizes, sizes[1:], strict=False):
        layers += [torch.nn.Linear(I, J), torch.nn.Tanh()]
    model = torch.nn.Sequential(*layers[:-1])
    optimizer = torch.optim.SGD(model.parameters(), lr=ALPHA)
    x, t = torch.tensor(X), torch.tensor(T)
    if sizes[-1] == 1:
        loss = torch.nn.BCEWithLogitsLoss(reduction="sum")
    else:
        loss, t = torch.nn.CrossEntropyLoss(reduction="sum"), t.argmax(dim=1)
    parameters = [p.detach().clone().requires_grad_() for p in model.parameters()]

    def eager():
        for _ in range(10):
            optimizer.zero_grad()
            loss(model(x), t).backward()
            optimizer.step()

    def lean():
        for _ in range(10):
            y = x
            for n in range(0, len(parameters), 2):
                y = torch.addmm(parameters[n + 1], y, parameters[n].t())
                if n + 2 < len(parameters):
                    y = torch.tanh(y)
            gradients = torch.autograd.grad(loss(y, t), parameters)
            with torch.no_grad():
                for p, g in zip(parameters, gradients, strict=True):
                    p.sub_(g, alpha=ALPHA)

    return {"torch eager": eager, "torch lean": lean}


def _weights(sizes):
    rng = np.random.default_rng(0)
    pairs = zip(sizes, sizes[1:], strict=False)
    return [(rng.normal(0, I**-0.5, (I, J)).astype(np.float32), np.zeros(J, np.float32)) for I, J in pairs]


def jax_step(sizes, X, T):
    import jax
    import jax.numpy as jnp

    def error(weights):
        y = X
        for W, b in weights[:-1]:
            y = jnp.tanh(y @ W + b)
        a = y @ weights[-1][0] + weights[-1][1]
        if sizes[-1] == 1:
            return jnp.sum(jax.nn.softplus(a) - T * a)
        return -jnp.sum(T * jax.nn.log_softmax(a))

    @jax.jit
    def update(weights):
        return jax.tree.map(lambda w, g: w - ALPHA * g, weights, jax.grad(error)(weights))

    state = [jax.tree.map(jnp.asarray, _weights(sizes))]

    def step():
        for _ in range(10):
            state[0] = update(state[0])
        jax.block_until_ready(state[0])

    return step


def autograd_step(sizes, X, T):
    import autograd.numpy as anp
    from autograd import grad

    def error(weights):
        y = X
        for W, b in weights[:-1]:
            y = anp.tanh(anp.dot(y, W) + b)
        a = anp.dot(y, weights[-1][0]) + weights[-1][1]
        if sizes[-1] == 1:
            return anp.sum(anp.logaddexp(0, a) - T * a)
        return anp.sum(anp.log(anp.sum(anp.exp(a), axis=1))) - anp.sum(T * a)

    gradient = grad(error)
    weights = _weights(sizes)

    def step():
        for _ in range(10):
            for (W, b), (dW, db) in zip(weights, gradient(weights), strict=True):
                W -= ALPHA * dW
                b -= ALPHA * db

    return step


def sklearn_step(sizes, X, T):
    from sklearn.neural_network import MLPClassifier

    model = MLPClassifier(
        sizes[1:-1], activation="tanh", solver="sgd", learning_rate_init=ALPHA, momentum=0,
        nesterovs_momentum=False, alpha=0, batch_size=len(X),
    )  # fmt: skip
    classes = T[:, 0].astype(int) if sizes[-1] == 1 else T.argmax(axis=1)
    every = np.arange(max(2, sizes[-1]))
    model.partial_fit(X, classes, classes=every)

    def step():
        for _ in range(10):
            model.partial_fit(X, classes)

    return step


def micrograd_step(sizes, X, T):
    from micrograd.nn import MLP

    model = MLP(sizes[0], sizes[1:])
    rows = [[float(v) for v in x] for x in X]

    def step():
        for _ in range(10):
            error = sum((model(x) - float(t[0])) ** 2 for x, t in zip(rows, T, strict=True))
            model.zero_grad()
            error.backward()
            for p in model.parameters():
                p.data -= ALPHA * p.grad

    return step


def rows():
    warnings.simplefilter("ignore")
    for sizes, N, at_least, goal, at_most in TABLE:
        X, T = samples(sizes, N)
        contenders = {"nnlib": own_step(sizes, X, T), "floor": floor_step(sizes, X)}
        contenders |= torch_steps(sizes, X, T)
        contenders["jax jit"] = jax_step(sizes, X, T)
        contenders["autograd"] = autograd_step(sizes, X, T)
        contenders["scikit-learn"] = sklearn_step(sizes, X, T)
        if sizes == [2, 8, 1]:
            contenders["micrograd"] = micrograd_step(sizes, X, T)
        seconds = interleaved(contenders)
        own, name = seconds["nnlib"], f"{'-'.join(map(str, sizes))}, batch {N}"
        eager, floor = seconds.pop("torch eager"), seconds.pop("floor")
        yield Row(f"{name}: faster than torch eager", eager / own, at_least=at_least, goal=goal)
        yield Row(f"{name}: times the floor", own / floor, at_most=at_most)
        for peer, spent in seconds.items():
            if peer != "nnlib":
                yield Row(f"{name}: faster than {peer}", spent / own)
    yield _epoch_of_digits()
    yield from _retrained()


def _epoch_of_digits():
    import torch
    from torch.utils.data import DataLoader, TensorDataset

    X, T, *_ = datasets.split(*datasets.digits())
    X, T = X.astype(np.float32), T.astype(np.float32)
    network = Network([64, 32, 10], activation="tanh", output="softmax", rng=0, dtype=np.float32)
    loader = DataLoader(
        TensorDataset(torch.tensor(X), torch.tensor(T.argmax(axis=1))), batch_size=32, shuffle=True
    )
    model = torch.nn.Sequential(torch.nn.Linear(64, 32), torch.nn.Tanh(), torch.nn.Linear(32, 10))
    optimizer = torch.optim.SGD(model.parameters(), lr=ALPHA)
    loss = torch.nn.CrossEntropyLoss(reduction="sum")

    def epoch_of_torch():
        for x, t in loader:
            optimizer.zero_grad()
            loss(model(x), t).backward()
            optimizer.step()

    def epochs():  # ten, as an epoch of training is never alone
        train(network, X, T, error="cross_entropy", alpha=ALPHA, epochs=10, batch_size=32, rng=0)

    seconds = interleaved({"nnlib": epochs, "torch": epoch_of_torch})
    ratio = 10 * seconds["torch"] / seconds["nnlib"]
    return Row("an epoch of digits, batch 32: faster than DataLoader and torch", ratio, at_least=15)


def _retrained():
    """CPU time of a classifier trained from scratch, and how many held-out digits it reads then."""
    X, T, X_test, T_test = datasets.split(*(a.astype(np.float32) for a in datasets.digits()))
    truth, spent, shares = T_test.argmax(axis=1), [], []
    for seed in range(9):
        network = Network([64, 32, 10], activation="tanh", output="softmax", rng=seed, dtype=np.float32)
        start = time.process_time()
        train(network, X, T, error="cross_entropy", alpha=0.03, epochs=14, batch_size=32, rng=seed)
        spent.append(time.process_time() - start)
        shares.append(np.mean(network.forward(X_test).argmax(axis=1) == truth))
    name = "64-32-10 on digits from scratch"
    yield Row(f"{name}: median time", 1000 * float(np.median(spent)), "ms CPU", at_most=100)
    detail = {"of each seed": [100 * float(share) for share in shares]}
    median = 100 * float(np.median(shares))
    yield Row(f"{name}: median accuracy on held-out", median, "%", at_least=96, detail=detail)
