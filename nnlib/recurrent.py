"""Recurrent networks: dynamics in time. Unit 2, slide "Architecture".

    x(t + 1) = g(W x(t) + u)

The same map can rest, swing or never repeat. `EXAMPLES` holds two neurons for each.
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
