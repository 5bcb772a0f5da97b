"""Checks of unit 4: one layer forward and backward, one sample and a batch.

The errors in torch are those that the questions show. Hidden neurons have tanh unless said otherwise.
"""

import numpy as np

from nnlib.grading.checks.judging import oracle
from nnlib.grading.checks.judging.comparison import call, compare, compare_parts, passed
from nnlib.grading.checks.judging.seed import generator

# N samples, I senders, J receivers: once square, so that a transposed W is told as such, then not.
SIZES = ((5, 4, 4), (3, 4, 2))


def forward(function, hidden=False):
    """A1, Y1 and A2 of a network with one hidden layer and a linear output."""
    rng = generator("unit_4.forward", hidden)
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
            "samples_in_columns": (A1.T, Y1.T, A2.T),
        }
        if I == J:
            turned = X @ W1 + b1
            slips["sums_along_columns"] = (turned, np.tanh(turned), np.tanh(turned) @ W2.T + b2)
        found = call(function, W1, b1, W2, b2, X, name="forward")
        compare_parts(found, (A1, Y1, A2), ("A1", "Y1", "A2"), slips)
    passed("the forward pass, with all that the way back needs")


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
        "negative": -truth,
        "twice": 2 * truth,
    }
    if W.shape[0] == W.shape[1]:
        slips["weights_transposed"] = slope * (Delta @ W.T)
    return slips


def hidden_delta(function, hidden=False):
    """δ_i = g'(a_i) Σ_j δ_j w_ji for one sample."""
    rng = generator("unit_4.hidden_delta", hidden)
    for _, I, J in SIZES:
        delta, W, a = rng.normal(size=J), rng.normal(size=(J, I)), rng.normal(size=I)
        truth = _hidden_truth(delta, W, a)
        found = call(function, delta, W, a, name="hidden_delta")
        compare(found, truth, "δ of the hidden layer", _hidden_slips(delta, W, a, truth))
    passed("hidden deltas of one sample")


def hidden_deltas(function, hidden=False):
    """The same for a batch: Δ_hidden = g'(A) (Δ W)."""
    rng = generator("unit_4.hidden_deltas", hidden)
    for N, I, J in SIZES:
        Delta, W, A = rng.normal(size=(N, J)), rng.normal(size=(J, I)), rng.normal(size=(N, I))
        truth = _hidden_truth(Delta, W, A)
        slips = _hidden_slips(Delta, W, A, truth) | {
            "averaged": truth / N,
            "samples_merged": truth.sum(axis=0),
            "samples_in_columns": truth.T,
        }
        compare(call(function, Delta, W, A, name="hidden_deltas"), truth, "Δ of the hidden layer", slips)
    passed("hidden deltas of a batch")


def _compare_gradient(found, truth, slips, weights_only):
    """Compare ∂E/∂W and ∂E/∂b, or ∂E/∂W alone: then ∂E/∂b counts as right."""
    if weights_only and isinstance(found, (list, tuple)) and len(found) == 2:
        found = found[0], truth[1]
    compare_parts(found, truth, ("dE/dW", "dE/db"), slips)


def layer_gradient(function, weights_only=False, hidden=False):
    """∂E/∂W = δ xᵀ and ∂E/∂b = δ for one sample."""
    rng = generator("unit_4.layer_gradient", hidden)
    for _, I, J in SIZES:
        delta, x = rng.normal(size=J), rng.normal(size=I)
        W = rng.normal(size=(J, I))
        dW = oracle.gradient(lambda W, d, x: (d * (W @ x)).sum(), W, delta, x)
        slips = {
            "transpose": (dW.T, delta),
            "negative": (-dW, -delta),
            "twice": (2 * dW, 2 * delta),
            "half": (dW / 2, delta / 2),
            "bias_forgotten": (dW, np.zeros(J)),
            "input_missing": (np.outer(delta, np.ones(I)), delta),
            "delta_missing": (np.outer(np.ones(J), x), np.ones(J)),
            "averaged_senders": (dW / I, delta / I),
            "bias_averaged": (dW, np.full(J, delta.mean())),
            "receivers_merged": (dW.sum(axis=0), delta.sum()),
        }
        found = call(function, delta, x, name="layer_gradient")
        _compare_gradient(found, (dW, delta), slips, weights_only)
    passed(f"the gradient by the weights{'' if weights_only else ' and biases'}, one sample")


def batch_gradient(function, weights_only=False, hidden=False):
    """∂E/∂W = Δᵀ X and ∂E/∂b = Σₙ δⁿ."""
    rng = generator("unit_4.batch_gradient", hidden)
    for N, I, J in SIZES:
        Delta, X, W = rng.normal(size=(N, J)), rng.normal(size=(N, I)), rng.normal(size=(J, I))
        dW = oracle.gradient(lambda W, D, X: (D * (X @ W.T)).sum(), W, Delta, X)
        db = Delta.sum(axis=0)
        slips = {
            "transpose": (dW.T, db),
            "negative": (-dW, -db),
            "averaged": (dW / N, db / N),
            "bias_averaged": (dW, db / N),
            "bias_forgotten": (dW, np.zeros(J)),
            "bias_per_sample": (dW, Delta),
            "wrong_axis": (dW, Delta.sum(axis=1)),
            "overwritten": (np.outer(Delta[-1], X[-1]), Delta[-1]),
            "one_sample": (np.outer(Delta[0], X[0]), Delta[0]),
            "delta_missing": (np.ones_like(Delta).T @ X, np.full(J, float(N))),
            "input_missing": (np.outer(db, np.ones(I)), db),
            "twice": (2 * dW, 2 * db),
        }
        _compare_gradient(call(function, Delta, X, name="batch_gradient"), (dW, db), slips, weights_only)
    passed(f"the gradient by the weights{'' if weights_only else ' and biases'}, a batch")
