"""Checks of unit 4, second part: any depth, the gradient check, steps, training, mending.

A network is a list of pairs (W, b), one per layer; hidden layers have tanh.
"""

import time

import numpy as np

from nnlib import datasets
from nnlib.grading.checks import oracle
from nnlib.grading.checks.comparison import as_array, call, compare, compare_parts, passed
from nnlib.grading.checks.failure import CheckFailed
from nnlib.grading.checks.hints import HINTS
from nnlib.grading.checks.seed import generator

ARCHITECTURES = ((4, 4, 4), (3, 5), (2, 5, 4, 3), (3, 4, 5, 2, 6))


def random_layers(rng, sizes):
    """A list of (W, b) with deviation 1/√I and small biases."""
    pairs = zip(sizes[1:], sizes[:-1], strict=True)
    return [(rng.normal(0, I**-0.5, (J, I)), rng.normal(0, 0.1, J)) for J, I in pairs]


def _squares(Y, T):
    return ((Y - T) ** 2).sum() / 2


def _surprise(A, T):
    return -(T * A.log_softmax(dim=1)).sum()


def gradients(layers, X, T, error=_squares):
    """The truth: a list of (∂E/∂W, ∂E/∂b) by PyTorch."""
    import torch

    leaves = [[torch.tensor(a, dtype=torch.float64, requires_grad=True) for a in pair] for pair in layers]
    Y, T = torch.tensor(X, dtype=torch.float64), torch.tensor(T, dtype=torch.float64)
    for number, (W, b) in enumerate(leaves):
        Y = Y @ W.T + b
        if number < len(leaves) - 1:
            Y = Y.tanh()
    error(Y, T).backward()
    return [tuple(leaf.grad.numpy() for leaf in pair) for pair in leaves]


def _slipped(layers, X, T, slip):
    """What a backward pass with this slip gives, flat: W, b of the first layer, then of the next."""
    Ys, sums = [X], []
    for number, (W, b) in enumerate(layers):
        sums.append(Ys[-1] @ W.T + b)
        Ys.append(np.tanh(sums[-1]) if number < len(layers) - 1 else sums[-1])
    Delta, found = Ys[-1] - T, []
    if slip == "spurious_slope":
        Delta = Delta * (1 - np.tanh(sums[-1]) ** 2)
    if slip == "sign":
        Delta = -Delta
    for number in range(len(layers) - 1, -1, -1):
        W, _ = layers[number]
        dW, db = Delta.T @ Ys[number], Delta.sum(axis=0)
        if slip == "overwritten":
            dW, db = np.outer(Delta[-1], Ys[number][-1]), Delta[-1]
        if slip == "bias_forgotten":
            db = np.zeros_like(db)
        if slip == "averaged":
            dW, db = dW / len(X), db / len(X)
        found = [dW, db, *found]
        if number:
            A = sums[number - 1]
            if slip == "updated_weights":
                W = W - 0.1 * dW
            if slip == "upstream_ignored":
                Delta = np.ones_like(Delta)
            slope = {
                "no_derivative": np.ones_like(A),
                "derivative_of_output": 1 - np.tanh(np.tanh(A)) ** 2,
                "derivative_of_sum": 1 - A**2,
            }.get(slip, 1 - np.tanh(A) ** 2)
            if slip == "weights_transposed" and W.shape[0] == W.shape[1]:
                W = W.T
            Delta = slope * (Delta @ W)
    if slip == "reversed":
        found = [a for pair in zip(found[-2::-2], found[::-2], strict=True) for a in pair]
    return found


BACKWARD_SLIPS = (
    "sign", "averaged", "no_derivative", "derivative_of_output", "derivative_of_sum", "spurious_slope",
    "overwritten", "bias_forgotten", "updated_weights", "upstream_ignored", "weights_transposed", "reversed",
)  # fmt: skip


def _compare_gradients(found, layers, X, T):
    truth = gradients(layers, X, T)
    try:
        found = None if found is None else [(W, b) for W, b in found]
    except (TypeError, ValueError):
        raise CheckFailed("type", "Return a list with one pair (dE/dW, dE/db) for each layer.") from None
    if found is not None and len(found) != len(layers):
        raise CheckFailed("type", f"There are {len(found)} pairs for {len(layers)} layers: one for each.")
    flat = None if found is None else [a for pair in found for a in pair]
    names = [f"dE/d{letter} of layer {n}" for n in range(1, len(layers) + 1) for letter in "Wb"]
    slips = {slip: _slipped(layers, X, T, slip) for slip in BACKWARD_SLIPS}
    compare_parts(flat, [a for pair in truth for a in pair], names, slips)


def backward(function, hidden=False):
    """Gradients of networks of any depth: tanh, linear output, sum of squares."""
    rng = generator("backward", hidden)
    for sizes in ARCHITECTURES:
        layers = random_layers(rng, sizes)
        X, T = rng.normal(size=(5, sizes[0])), rng.normal(size=(5, sizes[-1]))
        _compare_gradients(call(function, layers, X, T, name="backward"), layers, X, T)
    passed("the gradient at any depth")


def numeric_gradient(function, hidden=False):
    """Central differences of a function of a matrix."""
    rng = generator("numeric_gradient", hidden)
    for shape in ((2, 3), (4, 1)):
        W, C, h = rng.normal(size=shape), rng.normal(size=shape), 1e-2

        def E(W, C=C):
            return float(np.sum(np.sin(W) * C) + np.sum(W) ** 3)

        def difference(forward, backward, W=W, E=E, h=h):
            found = np.zeros(W.shape)
            for place in np.ndindex(W.shape):
                step = np.zeros(W.shape)
                step[place] = h
                found[place] = E(W + forward * step) - E(W + backward * step)
            return found

        truth = difference(1, -1) / (2 * h)
        first = np.zeros(shape)
        first.flat[0] = truth.flat[0]
        slips = {
            "forward_difference": difference(1, 0) / h,
            "double_step": 2 * truth,
            "no_division": 2 * h * truth,
            "sign": -truth,
            "one_entry": first,
            "not_restored": _drifting(E, W, h),
            "transpose": truth.T,
        }
        mine = np.array(W)
        compare(call(function, E, mine, h, name="numeric_gradient"), truth, "The gradient", slips)
    passed("the gradient by central differences")


def _drifting(E, W, h):
    """Central differences of someone who leaves every entry at w - h."""
    W, found = np.array(W), np.zeros(W.shape)
    for place in np.ndindex(W.shape):
        W[place] += h
        ahead = E(W)
        W[place] -= 2 * h
        found[place] = (ahead - E(W)) / (2 * h)
    return found


def descent_step(function, hidden=False):
    """New layers after one step of gradient descent."""
    rng = generator("descent_step", hidden)
    for sizes in ((3, 4, 2), (2, 5)):
        layers, slopes, alpha = random_layers(rng, sizes), random_layers(rng, sizes), 0.1

        def moved(of_W, of_b, last_only=False, layers=layers, slopes=slopes):
            found = []
            for number, ((W, b), (dW, db)) in enumerate(zip(layers, slopes, strict=True)):
                still = last_only and number < len(layers) - 1
                found += [W, b] if still else [W - of_W * dW, b - of_b * db]
            return found

        slips = {
            "uphill": moved(-alpha, -alpha),
            "no_alpha": moved(1, 1),
            "bias_fixed": moved(alpha, 0),
            "only_last_layer": moved(alpha, alpha, last_only=True),
            "no_step": moved(0, 0),
        }
        found = call(function, layers, slopes, alpha, name="step")
        try:
            flat = None if found is None else [a for W, b in found for a in (W, b)]
        except (TypeError, ValueError):
            raise CheckFailed("type", "Return a list with one pair (W, b) for each layer.") from None
        names = [f"{letter} of layer {n}" for n in range(1, len(layers) + 1) for letter in "Wb"]
        compare_parts(flat, moved(alpha, alpha), names, slips)
    passed("one step of gradient descent")


def online_epoch(function, hidden=False):
    """W of a linear layer after one epoch of online learning, samples in order."""
    rng = generator("online_epoch", hidden)
    for N, D, F in ((4, 3, 2), (3, 2, 4)):
        W, X, T, alpha = rng.normal(size=(F, D)), rng.normal(size=(N, D)), rng.normal(size=(N, F)), 0.1

        def run(order, alpha=alpha, W=W, X=X, T=T):
            for n in order:
                W = W - alpha * oracle.gradient(lambda W, x, t: ((W @ x - t) ** 2).sum() / 2, W, X[n], T[n])
            return W

        batch = oracle.gradient(lambda W, X, T: ((X @ W.T - T) ** 2).sum() / 2, W, X, T)
        slips = {
            "batch_step": W - alpha * batch,
            "averaged_step": run(range(N), alpha / N),
            "uphill": run(range(N), -alpha),
            "no_alpha": run(range(N), 1.0),
            "backwards_order": run(range(N - 1, -1, -1)),
            "one_sample": run([0]),
            "no_step": W,
        }
        compare(call(function, W, X, T, alpha, name="online"), run(range(N)), "W", slips)
    passed("one epoch of online learning")


def _pairs(found, sizes, name):
    """What a training returned as a list of (W, b), with the shapes of `sizes`."""
    try:
        pairs = [(as_array(W, f"W of {name}"), as_array(b, f"b of {name}")) for W, b in found]
    except (TypeError, ValueError):
        raise CheckFailed("type", f"{name} returned no list of pairs (W, b).") from None
    expected = [((J, I), (J,)) for J, I in zip(sizes[1:], sizes[:-1], strict=True)]
    if [(W.shape, b.shape) for W, b in pairs] != expected:
        raise CheckFailed("shape", f"{name} returned layers of other shapes than {expected}.")
    return pairs


def _outputs(layers, X):
    for number, (W, b) in enumerate(layers):
        X = X @ W.T + b
        if number < len(layers) - 1:
            X = np.tanh(X)
    return X


def training_by_batches(function, hidden=False):
    """Layers after two epochs of mini-batches in order: tanh, softmax, cross-entropy."""
    rng = generator("training_by_batches", hidden)
    sizes, alpha, size = (4, 5, 3), 0.1, 3
    layers, X = random_layers(rng, sizes), rng.normal(size=(7, 4))
    T = np.eye(3)[rng.integers(3, size=7)]

    def run(alpha, epochs, size, error=_surprise):
        now = layers
        for _ in range(epochs):
            for start in range(0, len(X), size):
                slopes = gradients(now, X[start : start + size], T[start : start + size], error)
                now = [(W - alpha * dW, b - alpha * db) for (W, b), (dW, db) in zip(now, slopes, strict=True)]
        return [a for pair in now for a in pair]

    slips = {
        "uphill": run(-alpha, 2, size),
        "one_epoch": run(alpha, 1, size),
        "extra_epoch": run(alpha, 3, size),
        "batch_step": run(alpha, 2, len(X)),
        "no_softmax": run(alpha, 2, size, _squares),
        "no_alpha": run(1.0, 2, size),
        "no_step": [a for pair in layers for a in pair],
    }
    found = call(function, layers, X, T, alpha, 2, size, name="train")
    pairs = None if found is None else [a for pair in _pairs(found, sizes, "train") for a in pair]
    names = [f"{letter} of layer {n}" for n in (1, 2) for letter in "Wb"]
    compare_parts(pairs, run(alpha, 2, size), names, slips)
    passed("two epochs of training with mini-batches")


def training_reads_digits(function, hidden=False):
    """At least 95 % of the held-out digits with 32 hidden neurons."""
    X, T, X_test, T_test = datasets.split(*datasets.digits())
    rng = generator("training_reads_more_digits", hidden)
    layers = random_layers(rng, (64, 32, 10))
    found = call(function, layers, X, T, 0.02, 40, 16, name="train")
    right = _outputs(_pairs(found, (64, 32, 10), "train"), X_test).argmax(axis=1) == T_test.argmax(axis=1)
    if not right.mean() >= 0.95:
        reached = f"{right.mean():.1%} of them, expected at least 95 %."
        raise CheckFailed("few_right", f"{HINTS['few_right']} {reached}")
    passed(f"{right.mean():.1%} of the held-out digits are read correctly")


def robot_arm(function, hidden=False):
    """A network that knows where the hand of a two-link arm is, to 4 % of its reach."""
    rng = generator("robot_arm", hidden)
    X, T = datasets.robot_arm(500, rng)
    X_test, T_test = datasets.robot_arm(200, rng)
    layers, start = random_layers(rng, (2, 30, 2)), time.monotonic()
    found = _pairs(call(function, layers, X, T, name="learn_arm"), (2, 30, 2), "learn_arm")
    rmse = float(np.sqrt(np.mean(np.sum((_outputs(found, X_test) - T_test) ** 2, axis=1))))
    if not rmse <= 0.04 * sum(datasets.LINKS):
        reached = f"By {rmse:.3f} on average, expected at most 0.04."
        raise CheckFailed("far_off", f"{HINTS['far_off']} {reached}", rmse)
    passed(f"the arm misses by {rmse:.3f} on average, learnt in {time.monotonic() - start:.1f} s")


def mended(function, number, hidden=False):
    """The mended version of broken backward pass `number`: one hidden layer of tanh, linear output."""
    rng = generator(f"mended_{number}", hidden)
    for sizes in ((4, 4, 4), (3, 5, 2)):
        layers = random_layers(rng, sizes)
        X, T = rng.normal(size=(6, sizes[0])), rng.normal(size=(6, sizes[-1]))
        truth = [a for pair in gradients(layers, X, T) for a in pair]
        (W1, b1), (W2, b2) = layers
        broken = BROKEN[number]
        slips = {"still_broken": _slipped(layers, X, T, broken)} | {
            slip: _slipped(layers, X, T, slip) for slip in BACKWARD_SLIPS if slip != broken
        }
        found = call(function, W1, b1, W2, b2, X, T, name=f"mended_{number}")
        compare_parts(found, truth, ("dE/dW1", "dE/db1", "dE/dW2", "dE/db2"), slips)
    passed(f"broken backward pass {number} is mended")


BROKEN = {
    1: "no_derivative", 2: "averaged", 3: "derivative_of_output", 4: "updated_weights", 5: "spurious_slope",
}  # fmt: skip
"""What is wrong with the five backward passes of the exercise."""
