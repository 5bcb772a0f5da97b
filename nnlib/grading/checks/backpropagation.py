"""Checks of unit 4, first part: numbers by hand, the chain rule, one layer forward and backward.

The errors in torch are those that the questions show. Hidden neurons have tanh unless said otherwise.
"""

import numpy as np

from nnlib.grading.checks import oracle
from nnlib.grading.checks.comparison import as_array, call, compare, compare_parts, passed
from nnlib.grading.checks.failure import CheckFailed
from nnlib.grading.checks.hints import HINTS
from nnlib.grading.checks.seed import generator

# N samples, I senders, J receivers: once square, so that a transposed W is told as such, then not.
SIZES = ((5, 4, 4), (3, 4, 2))

# The network of the first question.
W1, b1 = np.array([[1.0, -1.0], [0.5, 1.0]]), np.array([-1.0, -3.0])
W2, b2 = np.array([[2.0, 1.0], [-1.0, 3.0]]), np.array([0.0, 1.0])
x, t = np.array([2.0, 1.0]), np.array([0.0, 2.0])

PARTS = {
    "forward": ("a", "h", "y", "E"),
    "deltas": ("delta_out", "delta_hidden"),
    "gradients": ("dW2", "dW1"),
}


def _by_torch():
    """Every number of the network of the first question."""
    import torch

    W, b, V, c, inputs, target = (torch.tensor(v) for v in (W1, b1, W2, b2, x, t))
    W.requires_grad_(), V.requires_grad_()
    a = W @ inputs + b
    h = torch.sigmoid(a)
    y = V @ h + c
    E = ((y - target) ** 2).sum() / 2
    a.retain_grad(), y.retain_grad()
    E.backward()
    found = {"a": a, "h": h, "y": y, "E": E}
    found |= {"delta_out": y.grad, "delta_hidden": a.grad, "dW2": V.grad, "dW1": W.grad}
    return {name: value.detach().numpy() for name, value in found.items()}


def _slips_by_hand(right):
    """Name of a number -> slip -> the values that it would give."""
    back = W2.T @ right["delta_out"]
    return {
        "a": {"bias_forgotten": W1 @ x, "weights_transposed": W1.T @ x + b1},
        "h": {"no_activation": right["a"]},
        "y": {"bias_forgotten": W2 @ right["h"]},
        "E": {"no_half": 2 * right["E"], "sign": -right["E"]},
        "delta_out": {"sign": -right["delta_out"]},
        "delta_hidden": {
            "no_derivative": back,
            "weights_transposed": right["h"] * (1 - right["h"]) * (W2 @ right["delta_out"]),
            "activation_for_slope": right["h"] * back,
        },
        "dW2": {"transpose": right["dW2"].T, "input_missing": np.outer(right["delta_out"], [1, 1])},
        "dW1": {"transpose": right["dW1"].T, "input_missing": np.outer(right["delta_hidden"], [1, 1])},
    }


def numbers_by_hand(function, part):
    """The numbers of one part, each by itself, to the digits that one writes by hand."""
    found = call(function, name="numbers")
    if not isinstance(found, dict):
        raise CheckFailed("type", "numbers returned no dictionary. Fill in the one of the question.")
    right = _by_torch()
    slips = _slips_by_hand(right)
    for name in PARTS[part]:
        if name not in found:
            raise CheckFailed("not_answered", f"{name} is not answered yet.")
        value = as_array(found[name], name)
        if value.shape != right[name].shape:
            raise CheckFailed("shape", f"{name} has shape {value.shape}, expected {right[name].shape}.")
        wrong = ~(np.abs(value - right[name]) <= 5e-4)
        if wrong.any():
            place = tuple(int(i) for i in np.argwhere(wrong)[0])
            explained = [s for s, v in slips[name].items() if np.abs(value - v).max() <= 5e-4]
            slip = explained[0] if explained else "wrong_number"
            at = name + "".join(f"[{i}]" for i in place)
            raise CheckFailed(slip, f"{at} = {value[place]:.4f} is not right. {HINTS[slip]}")
    passed(f"{part} by hand: {', '.join(PARTS[part])}")


def chain_rule(function, hidden=False):
    """f = p sin q with p = u² and q = 3u + 1: df/du has two paths."""
    rng = generator("chain_rule", hidden)
    for u in rng.uniform(0.5, 2.0, 3):
        p, q = u * u, 3 * u + 1
        truth = oracle.gradient(lambda u: u**2 * (3 * u + 1).sin(), u)
        one, two = np.sin(q) * 2 * u, p * np.cos(q) * 3
        slips = {
            "one_path": one,
            "inner_missing": np.sin(q) * 2 * u + p * np.cos(q),
            "sign": one - two,
            "paths_multiplied": one * two,
        }
        found = call(function, float(u), name="chain")
        if as_array(found, "df/du").shape == () and np.isclose(found, two):
            found = one
        elif as_array(found, "df/du").shape == () and np.isclose(found, np.sin(q) + two):
            found = slips["inner_missing"]
        compare(found, truth, "df/du", slips)
    passed("the chain rule along two paths")


def forward_pass(function, hidden=False):
    """A1, Y1 and A2 of a network with one hidden layer and a linear output."""
    rng = generator("forward_pass", hidden)
    for N, I, J in SIZES:
        F = 3
        W1, b1, W2, b2 = (rng.normal(size=s) for s in ((J, I), (J,), (F, J), (F,)))
        X = rng.normal(size=(N, I))
        A1 = X @ W1.T + b1
        Y1 = oracle.value(lambda A: A.tanh(), A1)
        A2 = Y1 @ W2.T + b2
        no_bias = X @ W1.T
        slips = {
            "bias_forgotten": (no_bias, np.tanh(no_bias), np.tanh(no_bias) @ W2.T),
            "no_activation": (A1, A1, A1 @ W2.T + b2),
            "activation_on_output": (A1, Y1, np.tanh(A2)),
            "kept_sums": (Y1, A1, A2),
            "transpose": (A1.T, Y1.T, A2.T),
        }
        if I == J:
            turned = X @ W1 + b1
            slips["weights_transposed"] = (turned, np.tanh(turned), np.tanh(turned) @ W2.T + b2)
        found = call(function, W1, b1, W2, b2, X, name="forward")
        compare_parts(found, (A1, Y1, A2), ("A1", "Y1", "A2"), slips)
    passed("the forward pass, with all that the way back needs")


def output_delta_of_sigmoid(function, hidden=False):
    """Δ = (Y - T) Y (1 - Y): sum of squares after a sigmoid."""
    rng = generator("output_delta_of_sigmoid", hidden)
    for N, _, F in SIZES:
        A, T = rng.normal(size=(2, N, F))
        truth = oracle.gradient(lambda A, T: ((A.sigmoid() - T) ** 2).sum() / 2, A, T)
        Y = 1 / (1 + np.exp(-A))
        again = 1 / (1 + np.exp(-Y))
        slips = {
            "sign": -truth,
            "no_output_slope": Y - T,
            "factor_2": 2 * truth,
            "averaged": truth / N,
            "output_missing": Y * Y * (1 - Y),
            "derivative_alone": Y * (1 - Y),
            "derivative_of_output": (Y - T) * again * (1 - again),
            "derivative_of_sum": (Y - T) * A * (1 - A),
            "activation_for_slope": (Y - T) * Y,
            "identity_output": (A - T) * Y * (1 - Y),
        }
        found = call(function, A, T, name="output_delta")
        compare(found, truth, "Δ of the output", slips)
    passed("output deltas of the sum of squares after a sigmoid")


def output_delta_of_softmax(function, hidden=False):
    """Δ = softmax(A) - T: cross-entropy after softmax."""
    rng = generator("output_delta_of_softmax", hidden)
    for N, _, F in ((5, 4, 4), (4, 3, 6)):
        A = rng.normal(0, 2, (N, F))
        T = np.eye(F)[rng.integers(F, size=N)]
        truth = oracle.gradient(lambda A, T: -(T * A.log_softmax(dim=1)).sum(), A, T)
        Y = truth + T
        powers = np.exp(A)
        slips = {
            "sign": -truth,
            "no_softmax": A - T,
            "spurious_slope": truth * Y * (1 - Y),
            "averaged": truth / N,
            "factor_2": 2 * truth,
            "wrong_axis": powers / powers.sum(axis=0) - T,
            "all_rows": powers / powers.sum() - T,
            "not_normalised": powers - T,
            "output_missing": Y,
            "hard_maximum": np.eye(F)[A.argmax(axis=1)] - T,
            "sigmoid": 1 / (1 + np.exp(-A)) - T,
        }
        compare(call(function, A, T, name="softmax_delta"), truth, "Δ of the output", slips)
    large = np.array([[1e4, 0.0, -1e4], [-1e4, -1e4, 1e4]])
    T = np.eye(3)[[1, 2]]
    truth = oracle.gradient(lambda A, T: -(T * A.log_softmax(dim=1)).sum(), large, T)
    found = call(function, large, T, name="softmax_delta")
    compare(found, truth, "Δ of the output", {"unstable": np.full_like(truth, np.nan)})
    passed("output deltas of the cross-entropy after softmax")


def _hidden_truth(Delta, W, A):
    """∂/∂A of Σ Δ (tanh(A) Wᵀ): what autograd hands back for an upstream Δ."""
    return oracle.gradient(lambda A, Delta, W: (Delta * (A.tanh() @ W.T)).sum(), A, Delta, W)


def _hidden_slips(Delta, W, A, truth):
    slope = 1 - np.tanh(A) ** 2
    back = Delta @ W
    slips = {
        "no_derivative": back,
        "derivative_of_output": (1 - np.tanh(np.tanh(A)) ** 2) * back,
        "derivative_of_sum": (1 - A**2) * back,
        "derivative_alone": slope,
        "upstream_ignored": slope * (np.ones_like(Delta) @ W),
        "averaged_receivers": truth / Delta.shape[-1],
        "one_receiver": slope * (Delta[..., :1] @ W[:1]),
        "activation_for_slope": np.tanh(A) * back,
        "sign": -truth,
        "factor_2": 2 * truth,
    }
    if W.shape[0] == W.shape[1]:
        slips["weights_transposed"] = slope * (Delta @ W.T)
    return slips


def hidden_delta(function, hidden=False):
    """δ_i = g'(a_i) Σ_j δ_j w_ji for one sample."""
    rng = generator("hidden_delta", hidden)
    for _, I, J in SIZES:
        delta, W, a = rng.normal(size=J), rng.normal(size=(J, I)), rng.normal(size=I)
        truth = _hidden_truth(delta, W, a)
        found = call(function, delta, W, a, name="hidden_delta")
        compare(found, truth, "δ of the hidden layer", _hidden_slips(delta, W, a, truth))
    passed("hidden deltas of one sample")


def hidden_deltas(function, hidden=False):
    """The same for a batch: Δ_hidden = g'(A) (Δ W)."""
    rng = generator("hidden_deltas", hidden)
    for N, I, J in SIZES:
        Delta, W, A = rng.normal(size=(N, J)), rng.normal(size=(J, I)), rng.normal(size=(N, I))
        truth = _hidden_truth(Delta, W, A)
        slips = _hidden_slips(Delta, W, A, truth) | {
            "averaged": truth / N,
            "per_output": truth.sum(axis=0),
            "transpose": truth.T,
        }
        compare(call(function, Delta, W, A, name="hidden_deltas"), truth, "Δ of the hidden layer", slips)
    passed("hidden deltas of a batch")


def layer_gradient(function, hidden=False):
    """∂E/∂W = δ xᵀ and ∂E/∂b = δ for one sample."""
    rng = generator("layer_gradient", hidden)
    for _, I, J in SIZES:
        delta, x = rng.normal(size=J), rng.normal(size=I)
        W = rng.normal(size=(J, I))
        dW = oracle.gradient(lambda W, d, x: (d * (W @ x)).sum(), W, delta, x)
        slips = {
            "transpose": (dW.T, delta),
            "sign": (-dW, -delta),
            "factor_2": (2 * dW, 2 * delta),
            "half": (dW / 2, delta / 2),
            "bias_forgotten": (dW, np.zeros(J)),
            "input_missing": (np.outer(delta, np.ones(I)), delta),
            "delta_missing": (np.outer(np.ones(J), x), np.ones(J)),
            "averaged": (dW / I, delta / I),
            "bias_averaged": (dW, np.full(J, delta.mean())),
            "per_output": (dW.sum(axis=0), delta.sum()),
        }
        compare_parts(call(function, delta, x, name="layer_gradient"), (dW, delta), ("dE/dW", "dE/db"), slips)
    passed("the gradient of a layer for one sample")


def batch_gradient(function, hidden=False):
    """∂E/∂W = Δᵀ X and ∂E/∂b = Σₙ δⁿ."""
    rng = generator("batch_gradient", hidden)
    for N, I, J in SIZES:
        Delta, X, W = rng.normal(size=(N, J)), rng.normal(size=(N, I)), rng.normal(size=(J, I))
        dW = oracle.gradient(lambda W, D, X: (D * (X @ W.T)).sum(), W, Delta, X)
        db = Delta.sum(axis=0)
        slips = {
            "transpose": (dW.T, db),
            "sign": (-dW, -db),
            "averaged": (dW / N, db / N),
            "bias_averaged": (dW, db / N),
            "bias_forgotten": (dW, np.zeros(J)),
            "bias_per_sample": (dW, Delta),
            "wrong_axis": (dW, Delta.sum(axis=1)),
            "overwritten": (np.outer(Delta[-1], X[-1]), Delta[-1]),
            "one_sample": (np.outer(Delta[0], X[0]), Delta[0]),
            "delta_missing": (np.ones_like(Delta).T @ X, np.full(J, float(N))),
            "input_missing": (np.outer(db, np.ones(I)), db),
            "factor_2": (2 * dW, 2 * db),
        }
        compare_parts(call(function, Delta, X, name="batch_gradient"), (dW, db), ("dE/dW", "dE/db"), slips)
    passed("the gradient of a layer for a batch")
