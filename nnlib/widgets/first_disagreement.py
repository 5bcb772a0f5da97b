"""The first of a student's deltas or gradients that is wrong, and the slip that explains it.

The order is that of backpropagation: deltas from the output down, then gradients from the output
down. Numbers agree if they agree in the four decimals that are shown.
"""

import numpy as np

from nnlib.arguments import finite
from nnlib.backpropagation import backpropagate
from nnlib.widgets.slips import SLIPS

SHOWN = 6e-5
"""Half a unit of the fourth decimal, and a little more for numbers that were typed in."""


def first_disagreement(network, X, T, error, deltas=None, gradients=None):
    """The first number that is wrong, as a dict with `place`, `sample`, `given` and `slip`.

    Parameters
    ----------
    deltas: one array (J,) or (N, J) per layer, the first layer first.
    gradients: one array ∂E/∂W (J, I) per layer, or one pair (∂E/∂W, ∂E/∂b).

    Returns None if all agree. Where a whole array has another shape, `given` is that shape.
    Raises ValueError for another number of arrays than layers, or an array that is not finite.
    """
    trace = backpropagate(network, X, T, error, trace=True)[2]
    slips_by_layer = _slips_of_deltas(network, trace, np.atleast_2d(T), error)
    for layer, given in reversed(_by_layer(network, deltas, "deltas")):
        given = finite(given, f"deltas of layer {layer}")
        right = trace[layer - 1].delta
        given = given[np.newaxis] if given.ndim == 1 and len(right) == 1 else given
        slips = slips_by_layer[layer - 1] + _updated(given, right, _change(network, trace, layer))
        if wrong := _first_wrong(given, right, slips):
            n, j = wrong.pop("at")
            return wrong | {"place": f"delta.{layer}.{j}", "sample": n}
    for layer, given in reversed(_by_layer(network, gradients, "gradients")):
        traced = trace[layer - 1]
        pair = given if _is_pair(given) else (given, traced.dE_db)
        dE_dW, dE_db = (finite(array, f"gradients of layer {layer}") for array in pair)
        below = trace[layer - 2] if layer > 1 else None
        slips = _slips_of_weights(traced, below, slips_by_layer[layer - 1])
        slips += _updated(dE_dW, traced.dE_dW, _change(network, trace, layer).T @ traced.x)
        if wrong := _first_wrong(dE_dW, traced.dE_dW, slips):
            j, i = wrong.pop("at")
            return wrong | {"place": f"dW.{layer}.{j}.{i}", "sample": 0}
        if wrong := _first_wrong(dE_db, traced.dE_db, _slips_of_biases(traced, slips_by_layer[layer - 1])):
            (j,) = wrong.pop("at")
            return wrong | {"place": f"dW.{layer}.{j}.{traced.x.shape[1]}", "sample": 0}
    return None


def _by_layer(network, arrays, name):
    if arrays is None:
        return []
    if not hasattr(arrays, "__len__") or isinstance(arrays, (str, dict)):
        raise ValueError(f"{name} must be a list, one array for each layer; got {type(arrays).__name__}.")
    if len(arrays) != len(network.layers):
        raise ValueError(
            f"{name} has {len(arrays)} entries, expected {len(network.layers)}: "
            "one for each layer that has weights, the first layer first."
        )
    return list(enumerate(arrays, start=1))


def _is_pair(given):
    """Whether these are (∂E/∂W, ∂E/∂b), not the rows of ∂E/∂W."""
    return isinstance(given, (tuple, list)) and len(given) == 2 and np.ndim(given[0]) == 2


def _change(network, trace, layer):
    """g'(a) ⊙ (Δ ∂E/∂W) of the next layer: α times this is lost if its W is changed first."""
    if layer == len(trace):
        return np.zeros_like(trace[-1].delta)
    above, g = trace[layer], network.layers[layer - 1].activation
    return above.delta @ above.dE_dW * g.derivative(trace[layer - 1].a)


def _updated(given, right, change):
    """The slip of weights that were changed too early, if some 0 < α <= 1 explains every number."""
    if given.shape != right.shape or given.size < 2 or not change.any():
        return []
    alpha = np.sum((right - given) * change) / np.sum(change**2)
    lost = alpha * change
    if not 0 < alpha <= 1 or np.abs(lost).max() < SHOWN or not np.allclose(given, right - lost, 0, SHOWN):
        return []
    says = SLIPS["too early"].format(alpha=alpha)
    return [(says, right - lost)]


def _first_wrong(given, right, slips):
    """Where an array is wrong first, what stands there, and the slip that explains it."""
    if given.shape != right.shape:
        turned = given.shape == right.shape[::-1] and np.allclose(given.T, right, 0, SHOWN)
        slip = SLIPS["transposed"] if turned else SLIPS["shape"]
        for says, array in slips:
            if given.shape == array.shape and np.allclose(given, array, 0, SHOWN):
                slip = says
        words = f"shape {given.shape} where {right.shape} is right"
        return {"at": (0,) * right.ndim, "given": words, "slip": slip}
    wrong = np.argwhere(~np.isclose(given, right, 0, SHOWN))
    if not len(wrong):
        return None
    at = tuple(int(index) for index in wrong[0])
    return {"at": at, "given": float(given[at]), "slip": _explained(given, at, slips)}


def _explained(given, at, slips):
    """The slip that gives the whole array; else one that gives this number; else that none does."""
    fitting = [(slip, array) for slip, array in slips if array.shape == given.shape]
    for slip, array in fitting:
        if np.allclose(given, array, 0, SHOWN):
            return slip
    for slip, array in fitting:
        if np.isclose(given[at], array[at], 0, SHOWN):
            return slip
    return SLIPS["unknown"]


def _slips_of_any(right):
    N = len(right)
    averaged = [(SLIPS["averaged"], right / N)] if N > 1 else []
    return [
        (SLIPS["sign"], -right),
        *averaged,
        (SLIPS["twice"], 2 * right),
        (SLIPS["half"], right / 2),
        (SLIPS["zero"], np.zeros_like(right)),
    ]


def _slips_of_deltas(network, trace, T, error):
    """For each layer pairs of a slip and the deltas (N, J) that it gives."""
    by_layer = []
    for number, (layer, traced) in enumerate(zip(network.layers, trace, strict=True)):
        g = layer.activation
        slips = []
        if number == len(trace) - 1:
            back = traced.y - T
            slips += [(SLIPS["no t"], traced.y)]
            if error == "cross_entropy":
                spurious = SLIPS["spurious slope"]
                slips.append((spurious, back * traced.y * (1 - traced.y)))
            elif g.name == "identity" and number > 0:
                spurious = SLIPS["hidden slope"]
                slips.append((spurious, back * network.layers[0].activation.derivative(traced.a)))
        else:
            W, above = network.layers[number + 1].W, trace[number + 1].delta
            back, ignored = above @ W, np.ones_like(above) @ W
            if W.shape[0] == W.shape[1]:
                turned = above @ W.T * g.derivative(traced.a)
                slips.append((SLIPS["transposed W"], turned))
            slips.append((SLIPS["deltas ignored"], ignored * g.derivative(traced.a)))
            slips.append((SLIPS["neurons averaged"], traced.delta / len(W)))
        if g.name not in ("identity", "softmax") and error != "cross_entropy" or number < len(trace) - 1:
            slips = [
                (SLIPS["no slope"], back),
                (SLIPS["slope of y"], back * g.derivative(traced.y)),
                (SLIPS["g for slope"], back * traced.y),
                *slips,
                (SLIPS["only slope"], g.derivative(traced.a)),
            ]
        by_layer.append(slips + _slips_of_any(traced.delta))
    return by_layer


def _slips_of_weights(traced, below, slips):
    right, N = traced.dE_dW, len(traced.x)
    explanations = [(SLIPS["averaged"], right / N)] if N > 1 else []
    if right.shape[0] == right.shape[1]:
        explanations.append((SLIPS["transposed"], right.T))
    if below is not None:
        explanations.append((SLIPS["a for y"], traced.delta.T @ below.a))
    explanations += [
        (SLIPS["no delta"], np.ones_like(traced.delta).T @ traced.x),
        (SLIPS["no input"], traced.delta.T @ np.ones_like(traced.x)),
        (SLIPS["last sample"], traced.delta[-1:].T @ traced.x[-1:]),
        (SLIPS["first sample"], traced.delta[:1].T @ traced.x[:1]),
    ]
    return explanations + [
        (f"in the delta, {slip}", np.broadcast_to(d, traced.delta.shape).T @ traced.x) for slip, d in slips
    ]


def _slips_of_biases(traced, slips):
    N = len(traced.x)
    return [
        (SLIPS["bias over neurons"], traced.delta.sum(axis=1)),
        *([(SLIPS["averaged"], traced.dE_db / N)] if N > 1 else []),
        (SLIPS["no bias gradient"], np.zeros_like(traced.dE_db)),
        (SLIPS["last sample"], traced.delta[-1]),
        *((f"in the delta, {slip}", np.broadcast_to(d, traced.delta.shape).sum(axis=0)) for slip, d in slips),
    ]
