"""Questions of unit 2, third part: recurrent networks in time. J neurons with tanh."""

import numpy as np

from nnlib.grading.checks.question import normal, question


def in_turn(W, b, x, n):
    """The states if each neuron reads what the ones before it have become."""
    x, states = np.array(x), [x]
    for _ in range(n):
        for j in range(len(x)):
            x[j] = np.tanh(W[j] @ x + b[j])
        states.append(np.array(x))
    return np.array(states)


@question(
    returns="the states",
    section="When time comes in",
    inputs=lambda rng, J: (*normal(rng, (J, J), (J,), (J,)), int(rng.integers(2, 6))),
    sizes=[dict(J=4), dict(J=3), dict(J=1), dict(J=5)],
    hints={
        "The start x(0) is missing: it is the first row": lambda W, b, x, n: run.reference(W, b, x, n)[1:],
        "Only the last state is there. Return all of them, one a row": (
            lambda W, b, x, n: run.reference(W, b, x, n)[-1]
        ),
        "Each step begins at the start again. It begins where the last one ended": (
            lambda W, b, x, n: np.array([x] + [np.tanh(W @ x + b)] * n)
        ),
        "The neurons change in turn, and each sees the new values of those before. All read the old state": (
            in_turn
        ),
        "There is one step too many": lambda W, b, x, n: run.reference(W, b, x, n + 1),
        "The states stand in columns. Each has its row": lambda W, b, x, n: run.reference(W, b, x, n).T,
    },
)
def run(W, b, start, steps):
    """The states of a recurrent network."""
    states = [start]
    for _ in range(steps):
        states.append(np.tanh(W @ states[-1] + b))
    return np.array(states)


def contracting(rng, J):
    """Weights that halve every distance, and biases so small that tanh hardly shortens it further."""
    W, _ = np.linalg.qr(rng.normal(size=(J, J)))
    return 0.5 * W, rng.uniform(0.1, 0.2, J) * rng.choice((-1, 1), J)


def after(steps, start):
    """From weights and biases to the state after so many steps from a start."""
    return lambda W, b: run.reference(W, b, start(b), steps)[-1]


STARTS = {"0": np.zeros_like, "1": np.ones_like, "b": np.copy}

TOO_EARLY = {
    f"That is the state after only {n} step{'s' * (n > 1)} from {name}. "
    "Go on from there until it does not change any more": after(n, start)
    for name, start in STARTS.items()
    for n in range(1, 20)
}


@question(
    returns="the fixed point",
    section="When time comes in",
    inputs=contracting,
    sizes=[dict(J=4), dict(J=3), dict(J=1), dict(J=7)],
    tolerance=1e-5,
    hints=TOO_EARLY
    | {
        "That is the fixed point of the sums a, not of the outputs x = tanh(a)": (
            lambda W, b: W @ fixed_point.reference(W, b) + b
        ),
        "tanh is missing: that is the state with x = W x + b": (
            lambda W, b: np.linalg.solve(np.eye(len(b)) - W, b)
        ),
    },
)
def fixed_point(W, b):
    """The state that stays."""
    x = np.zeros(len(b))
    for _ in range(50):
        x = np.tanh(W @ x + b)
    return x


def step_jacobian(W, b, x):
    return (1 - np.tanh(W @ x + b) ** 2)[:, np.newaxis] * W


def largest(matrix):
    return np.max(np.abs(np.linalg.eigvals(matrix)))


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
    hints={
        "Those are the eigenvalues of W. Those of the Jacobian are asked for": lambda W, b, x: largest(W),
        "That is the largest real part. The size of a complex number is its np.abs": (
            lambda W, b, x: np.linalg.eigvals(step_jacobian(W, b, x)).real.max()
        ),
        "That is the smallest eigenvalue": lambda W, b, x: np.abs(
            np.linalg.eigvals(step_jacobian(W, b, x))
        ).min(),
        "That is the largest singular value, not the largest eigenvalue": (
            lambda W, b, x: np.linalg.norm(step_jacobian(W, b, x), 2)
        ),
        "The slope is taken at x. Take it at the sum a = W x + b": (
            lambda W, b, x: largest((1 - np.tanh(x) ** 2)[:, np.newaxis] * W)
        ),
        "The slope is 1 - x², as if x were a fixed point. It is 1 - y² with y = tanh(W x + b)": (
            lambda W, b, x: largest((1 - x**2)[:, np.newaxis] * W)
        ),
        "The bias is missing in the sum a": lambda W, b, x: largest(step_jacobian(W, 0 * b, x)),
        "Those are all eigenvalues. The largest in size is asked for": (
            lambda W, b, x: np.abs(np.linalg.eigvals(step_jacobian(W, b, x)))
        ),
    },
)
def stability(W, b, x):
    """How a small difference grows in one step."""
    y = np.tanh(W @ x + b)
    slope = 1 - y**2
    J = slope[:, np.newaxis] * W
    return np.max(np.abs(np.linalg.eigvals(J)))
