"""Questions of unit 2, third part: recurrent networks in time. J neurons with tanh."""

import numpy as np

from nnlib.grading.checks.question import normal, question


@question(
    returns="the states",
    section="When time comes in",
    inputs=lambda rng, J: (*normal(rng, (J, J), (J,), (J,)), int(rng.integers(2, 6))),
    sizes=[dict(J=4), dict(J=3), dict(J=1), dict(J=5)],
)
def run(W, b, start, steps):
    """The states of a recurrent network."""
    states = [start]
    for _ in range(steps):
        states.append(np.tanh(W @ states[-1] + b))
    return np.array(states)


def contracting(rng, J):
    """Weights that bring any two states closer: their largest singular value is 1/2; and biases."""
    W = rng.normal(size=(J, J))
    return 0.5 * W / np.linalg.norm(W, 2), rng.normal(size=J)


@question(
    returns="the fixed point",
    section="When time comes in",
    inputs=contracting,
    sizes=[dict(J=4), dict(J=3), dict(J=1), dict(J=7)],
    tolerance=1e-6,
)
def fixed_point(W, b):
    """The state that stays."""
    x = np.zeros(len(b))
    for _ in range(30):
        x = np.tanh(W @ x + b)
    return x


def growth(W, b, x):
    """The largest size of an eigenvalue of the Jacobian of one step, in torch."""
    import torch

    step = torch.autograd.functional.jacobian(lambda x: (W @ x + b).tanh(), x)
    return torch.linalg.eigvals(step).abs().max()


@question(
    returns="the growth",
    section="When time comes in",
    inputs=lambda rng, J: normal(rng, (J, J), (J,), (J,)),
    sizes=[dict(J=4), dict(J=3), dict(J=1), dict(J=5)],
    value=growth,
)
def stability(W, b, x):
    """How a small difference grows in one step."""
    y = np.tanh(W @ x + b)
    slope = 1 - y**2
    jacobian = slope[:, np.newaxis] * W
    return np.max(np.abs(np.linalg.eigvals(jacobian)))
