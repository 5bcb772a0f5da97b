"""Questions of unit 4: one layer forward and backward, one sample and a batch.

N samples, I senders, J receivers, F outputs. Hidden neurons have tanh, the output is linear.
"""

import numpy as np

from nnlib.grading.checks.question import normal, question


def network(rng, N, I, J, F):
    """W1, b1, W2, b2 and X."""
    return normal(rng, (J, I), (J,), (F, J), (F,), (N, I))


def forward_in_torch(W1, b1, W2, b2, X):
    A1 = X @ W1.T + b1
    return A1, A1.tanh(), A1.tanh() @ W2.T + b2


@question(returns=("A1", "Y1", "A2"), section="Forward propagation", inputs=network, value=forward_in_torch)
def forward(W1, b1, W2, b2, X):
    """The forward pass, with all that the way back needs."""
    A1 = X @ W1.T + b1
    Y1 = np.tanh(A1)
    A2 = Y1 @ W2.T + b2
    return A1, Y1, A2


def arrives(Delta, W, A):
    """In torch: what the receivers' deltas make of the senders, to be differentiated by A."""
    return (Delta * (A.tanh() @ W.T)).sum()


@question(
    returns="δ of the hidden layer",
    section="Deltas of hidden neurons",
    inputs=lambda rng, I, J: normal(rng, (J,), (J, I), (I,)),
    error=arrives,
    by="a",
)
def hidden_delta(delta, W, a):
    """The deltas of a hidden layer, for one sample."""
    slope = 1 - np.tanh(a) ** 2
    return slope * (W.T @ delta)


@question(
    returns="Δ of the hidden layer",
    section="The four steps for a batch",
    inputs=lambda rng, N, I, J: normal(rng, (N, J), (J, I), (N, I)),
    error=arrives,
    by="A",
    hints={
        "The slope is 1 / cosh(a) here. That of tanh is 1 / cosh(a)², or 1 - tanh(a)²": lambda Delta, W, A: (
            Delta @ W / np.cosh(A)
        ),
    },
)
def hidden_deltas(Delta, W, A):
    """The deltas of a hidden layer, for a batch."""
    slope = 1 - np.tanh(A) ** 2
    return slope * (Delta @ W)


def by_weights(Delta, X):
    """In torch: the derivative of Σ Δ (X Wᵀ + b) by W and by b, of one sample or of a batch."""
    W = (Delta.reshape(-1, Delta.shape[-1]).T @ X.reshape(-1, X.shape[-1])).detach().requires_grad_(True)
    b = Delta.reshape(-1, Delta.shape[-1])[0].clone().requires_grad_(True)
    (Delta * (X @ W.T + b)).sum().backward()
    return W.grad, b.grad


@question(
    returns=("∂E/∂W", "∂E/∂b"),
    section="The derivative with respect to one weight",
    inputs=lambda rng, I, J: normal(rng, (J,), (I,)),
    value=by_weights,
    parts={"weights": dict(only="∂E/∂W")},
)
def layer_gradient(delta, x):
    """The gradient of a layer by its weights and biases, for one sample."""
    dW = np.outer(delta, x)
    db = delta
    return dW, db


def gradient_by_samples(Delta, X):
    dW, db = np.zeros((Delta.shape[1], X.shape[1])), np.zeros(Delta.shape[1])
    for delta, x in zip(Delta, X, strict=True):
        dW += np.outer(delta, x)
        db += delta
    return dW, db


@question(
    returns=("∂E/∂W", "∂E/∂b"),
    section="The four steps for a batch",
    also=[gradient_by_samples],
    inputs=lambda rng, N, I, J: normal(rng, (N, J), (N, I)),
    value=by_weights,
    parts={"weights": dict(only="∂E/∂W")},
)
def batch_gradient(Delta, X):
    """The gradient of a layer by its weights and biases, for a batch."""
    dW = Delta.T @ X
    db = np.sum(Delta, axis=0)
    return dW, db


def squares_of_two_layers(W1, b1, W2, b2, X, T):
    """E in torch."""
    return ((forward_in_torch(W1, b1, W2, b2, X)[2] - T) ** 2).sum() / 2


@question(
    returns=("∂E/∂W1", "∂E/∂b1", "∂E/∂W2", "∂E/∂b2"),
    section="Four steps",
    inputs=lambda rng, N, I, J, F: (*network(rng, N, I, J, F), rng.normal(size=(N, F))),
    error=squares_of_two_layers,
    by="W1, b1, W2, b2",
)
def two_layers(W1, b1, W2, b2, X, T):
    """The gradient of a network with one hidden layer."""
    A1 = X @ W1.T + b1
    Y1 = np.tanh(A1)
    A2 = Y1 @ W2.T + b2
    D2 = A2 - T
    slope = 1 - Y1**2
    D1 = slope * (D2 @ W2)
    return D1.T @ X, np.sum(D1, axis=0), D2.T @ Y1, np.sum(D2, axis=0)
