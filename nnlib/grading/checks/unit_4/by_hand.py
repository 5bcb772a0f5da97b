"""Checks of unit 4: what is computed with pencil and paper."""

import numpy as np

from nnlib.grading.checks.judging import oracle
from nnlib.grading.checks.judging.comparison import as_array, call, compare, passed
from nnlib.grading.checks.judging.failure import CheckFailed
from nnlib.grading.checks.judging.hints import HINTS
from nnlib.grading.checks.judging.seed import generator

# The network of the first question: logistic sigmoid, then linear.
W1, b1 = np.array([[1.0, -1.0], [0.5, 1.0]]), np.array([-1.0, -3.0])
W2, b2 = np.array([[2.0, 1.0], [-1.0, 3.0]]), np.array([0.0, 1.0])
x, t = np.array([2.0, 1.0]), np.array([0.0, 2.0])

PARTS = {
    "forward": ("a", "h", "y", "E"),
    "deltas": ("delta_out", "delta_hidden"),
    "gradients": ("dW2", "dW1"),
}
DIGITS = 5e-4
"""Numbers that were rounded to four decimals on the way may be off by so much."""


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


def _sigmoid_slope(a):
    return np.exp(-a) / (1 + np.exp(-a)) ** 2


def _slips_by_hand(right):
    """Name of a number -> slip -> the values that it would give."""
    a, h, y, delta_out = (right[name] for name in ("a", "h", "y", "delta_out"))
    back, slope = W2.T @ delta_out, h * (1 - h)
    return {
        "a": {"bias_forgotten": W1 @ x, "sums_along_columns": W1.T @ x + b1},
        "h": {"no_activation": a},
        "y": {"bias_forgotten": W2 @ h, "sums_along_columns": W2.T @ h + b2},
        "E": {"no_half": 2 * right["E"]},
        "delta_out": {
            "sign": -delta_out,
            "output_missing": y,
            "spurious_slope": delta_out * _sigmoid_slope(y),
        },
        "delta_hidden": {
            "no_derivative": back,
            "weights_transposed": slope * (W2 @ delta_out),
            "upstream_ignored": slope * W2.sum(axis=0),
            "derivative_of_output": _sigmoid_slope(h) * back,
            "derivative_of_sum": a * (1 - a) * back,
            "activation_for_slope": h * back,
        },
        "dW2": {"transpose": right["dW2"].T, "input_missing": np.outer(delta_out, [1, 1])},
        "dW1": {"transpose": right["dW1"].T, "input_missing": np.outer(right["delta_hidden"], [1, 1])},
    }


def numbers(function, part):
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
        wrong = ~(np.abs(value - right[name]) <= DIGITS)
        if wrong.any():
            place = tuple(int(i) for i in np.argwhere(wrong)[0])
            explained = [s for s, v in slips[name].items() if np.abs(value - v).max() <= DIGITS]
            slip = explained[0] if explained else "wrong_number"
            at = name + "".join(f"[{i}]" for i in place)
            raise CheckFailed(slip, f"{at} = {value[place]:.4f} is not right. {HINTS[slip]}")
    passed(f"{part} by hand: {', '.join(PARTS[part])}")


def chain(function, hidden=False):
    """f = p sin q with p = u² and q = 3u + 1: df/du has two paths."""
    rng = generator("unit_4.chain", hidden)
    for u in rng.uniform(0.5, 2.0, 3):
        p, q = u * u, 3 * u + 1
        truth = oracle.gradient(lambda u: u**2 * (3 * u + 1).sin(), u)
        by_p, by_q = np.sin(q) * 2 * u, p * np.cos(q) * 3
        slips = {
            "path_q_missing": by_p,
            "path_p_missing": by_q,
            "inner_of_p_missing": np.sin(q) + by_q,
            "inner_of_q_missing": by_p + by_q / 3,
            "share_sign": by_p - by_q,
            "paths_multiplied": by_p * by_q,
            "value_itself": p * np.sin(q),
        }
        compare(call(function, float(u), name="chain"), truth, "df/du", slips)
    passed("the chain rule along two paths")
