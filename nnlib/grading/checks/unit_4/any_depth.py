"""Checks of unit 4: backward passes of any depth, and broken ones that were mended.

A network is a list of pairs (W, b), one per layer; hidden layers have tanh, the output is linear.
"""

import numpy as np

from nnlib.grading.checks.judging.comparison import call, compare_parts, passed
from nnlib.grading.checks.judging.failure import CheckFailed
from nnlib.grading.checks.judging.hints import HINTS
from nnlib.grading.checks.judging.seed import generator

FAR = 1e4
"""Size of desired outputs so far away that differences of E keep too few digits of the gradient."""

ARCHITECTURES = (
    ((4, 4, 4), 1), ((3, 5), 1), ((3, 5, 2), FAR), ((2, 5, 4, 3), 1), ((3, 4, 5, 2, 6), FAR),
)  # fmt: skip
"""Nodes of each layer from the input on, once square, so that a transposed W is told as such; and the
size of the desired outputs."""

BROKEN = {
    1: "no_derivative", 2: "averaged", 3: "derivative_of_output", 4: "updated_weights", 5: "spurious_slope",
}  # fmt: skip
"""What is wrong with the five backward passes of the exercise."""


def random_layers(rng, sizes):
    """A list of (W, b) with deviation 1/√I and small biases."""
    pairs = zip(sizes[1:], sizes[:-1], strict=True)
    return [(rng.normal(0, I**-0.5, (J, I)), rng.normal(0, 0.1, J)) for J, I in pairs]


def squares(Y, T):
    return ((Y - T) ** 2).sum() / 2


def gradients(layers, X, T, error=squares):
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
    _compare_exactly(flat, [a for pair in truth for a in pair], names, slips)


def _compare_exactly(found, truth, names, slips):
    """As `compare_parts`; what is nearly right was found by differences, or in float32."""
    try:
        compare_parts(found, truth, names, slips)
    except CheckFailed as failure:
        nearly = 1e-3 * max(np.abs(array).max() for array in truth)
        if failure.slip == "wrong" and failure.difference < nearly:
            told = f"{HINTS['few_digits']} (Largest difference: {failure.difference:.2g}.)"
            raise CheckFailed("few_digits", told, failure.difference) from None
        raise


def backward(function, depth, hidden=False):
    """Gradients of networks of up to `depth` layers: tanh, linear output, sum of squares."""
    rng = generator("unit_4.backward", hidden)
    for sizes, far in ((sizes, far) for sizes, far in ARCHITECTURES if len(sizes) <= depth + 1):
        layers = random_layers(rng, sizes)
        X, T = rng.normal(size=(5, sizes[0])), rng.normal(0, far, (5, sizes[-1]))
        _compare_gradients(call(function, layers, X, T, name="backward"), layers, X, T)
    passed(f"the gradient of networks of up to {depth} layers")


def mended(function, number, hidden=False):
    """The mended version of broken backward pass `number`: one hidden layer of tanh, linear output."""
    rng, broken = generator(f"unit_4.mended_{number}", hidden), BROKEN[number]
    for sizes, far in (((4, 4, 4), 1), ((3, 5, 2), FAR)):
        layers = random_layers(rng, sizes)
        X, T = rng.normal(size=(6, sizes[0])), rng.normal(0, far, (6, sizes[-1]))
        truth = [a for pair in gradients(layers, X, T) for a in pair]
        (W1, b1), (W2, b2) = layers
        slips = {"still_broken": _slipped(layers, X, T, broken)} | {
            slip: _slipped(layers, X, T, slip) for slip in BACKWARD_SLIPS if slip != broken
        }
        found = call(function, W1, b1, W2, b2, X, T, name=f"mended_{number}")
        _compare_exactly(found, truth, ("dE/dW1", "dE/db1", "dE/dW2", "dE/db2"), slips)
    passed(f"broken backward pass {number} is mended")
