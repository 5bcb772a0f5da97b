"""Recurrent networks: dynamics in time. Unit 2, slide "Architecture".

    x(t + 1) = g(W x(t) + u)

The same map can settle, oscillate or never repeat. `EXAMPLES` holds two neurons for each.
"""

import numpy as np

from nnlib.activations import by_name
from nnlib.arguments import finite, shaped, whole_number

EXAMPLES = {
    # W is a contraction: every start ends at the same point.
    "fixed point": {"W": [[0.5, -0.3], [0.2, 0.4]], "u": [0.5, -0.2], "activation": "tanh"},
    # W turns by a quarter and stretches: after four steps the state is back.
    "oscillation": {"W": [[0.0, -2.0], [2.0, 0.0]], "u": [0.0, 0.0], "activation": "tanh"},
    # Pasemann, Complex dynamics and the structure of small neural networks, 2002.
    "chaos": {"W": [[-20.0, 6.0], [-6.0, 0.0]], "u": [-2.0, 3.0], "activation": "sigmoid"},
}
"""Name -> W (2, 2), u (2,) and activation: `run(start, 50, **EXAMPLES["chaos"])`."""


def run(start, steps, W, u=None, activation="tanh"):
    """All states x(0) .. x(steps) from x(0) = `start` (J,), as an array (steps + 1, J).

        x(t + 1) = g(W x(t) + u)

    W has shape (J, J): w_ji leads from neuron i to neuron j one step later. u (J,) is a constant
    input, 0 if not given.

    Raises ValueError for shapes that do not fit, values that are not finite, or steps below 1.
    """
    W = finite(W, "W", ndim=2)
    why = f" for W of shape {W.shape}: as many rows as columns, one for each neuron"
    W = shaped(W, "W", (len(W), len(W)), why)
    g, steps = by_name(activation), whole_number(steps, "steps", 1)
    u = np.zeros(len(W)) if u is None else shaped(u, "u", (len(W),), why)
    states = np.empty((steps + 1, len(W)))
    states[0] = shaped(start, "start", (len(W),), why)
    for t in range(steps):
        states[t + 1] = g(W @ states[t] + u)
    return states


BEHAVIOURS = ("settles", "oscillates", "wanders", "chaotic")
"""The long run of two neurons: at a fixed point; on a cycle of states; on a closed curve, never quite the
same again, while neighbours stay neighbours; or chaotic, where neighbours part."""

SETTLING, WATCHED, LONGEST = 500, 300, 60
"""Steps that are skipped first, steps that are judged, and the longest period that is looked for."""


def behaviour(W, u, activation="tanh", start=(0.4, 0.1)):
    """What x(t + 1) = g(W x(t) + u) does in the long run, for one W (2, 2) or many W (..., 2, 2).

    The state has the period p if x(t + p) = x(t) up to 1e-4, 1 is a fixed point. Two states that are
    very close part like e^(λ t); λ, the Lyapunov exponent, is the mean of ln |J v| for a direction v
    that is carried along, with J = diag(g'(a)) W. Without a period, λ above 0.005 counts as chaotic.

    Returns
    -------
    kind: index into `BEHAVIOURS`, shape (...).
    period: 1 to LONGEST, or 0 for none.
    exponent: λ.
    """
    g, W = by_name(activation), finite(W, "W")
    u = shaped(u, "u", (2,), " for two neurons")
    if W.shape[-2:] != (2, 2):
        raise ValueError(f"W has shape {W.shape}, expected (..., 2, 2): the weights of two neurons.")
    x = np.broadcast_to(shaped(start, "start", (2,), " for two neurons"), W.shape[:-1])
    v, total, states = np.broadcast_to((1.0, 0.0), x.shape), np.zeros(x.shape[:-1]), []
    for t in range(SETTLING + WATCHED):
        x = g((W @ x[..., np.newaxis])[..., 0] + u)
        if t >= SETTLING:
            states.append(x)
            v = g.from_output(x) * (W @ v[..., np.newaxis])[..., 0]
            length = np.sqrt((v * v).sum(axis=-1)) + 1e-300
            v, total = v / length[..., np.newaxis], total + np.log(length)
    exponent, period = total / WATCHED, np.zeros(x.shape[:-1], dtype=int)
    for p in range(LONGEST, 0, -1):
        period[np.abs(x - states[-1 - p]).max(axis=-1) < 1e-4] = p
    kind = np.where(period == 1, 0, np.where(period > 1, 1, np.where(exponent > 0.005, 3, 2)))
    return kind, period, exponent
