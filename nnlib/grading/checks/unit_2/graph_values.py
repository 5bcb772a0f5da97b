"""Question of unit 2: the values that flow through a feedforward network of any shape."""

import numpy as np

from nnlib.grading.checks.question import question
from nnlib.grading.checks.unit_2.graphs import ACYCLIC, acyclic


def weighted(rng, n):
    """Weights, biases and inputs of a feedforward network."""
    C = acyclic(rng, n)
    receives = C.sum(axis=1) > 0
    W = np.where(C == 1, rng.uniform(0.5, 1.5, (n, n)) * rng.choice((-1, 1), (n, n)), 0)
    return W, np.where(receives, rng.normal(0, 0.5, n), 0), np.where(receives, 0, rng.normal(size=n))


def by_number(W, b, x):
    """Outputs if the nodes are computed in the order of their numbers."""
    y = x.copy()
    for j in range(len(x)):
        if W[j].any():
            y[j] = np.tanh(W[j] @ y + b[j])
    return y


def inputs_computed(W, b, x):
    """Outputs if input nodes are computed like all others."""
    y = x
    for _ in range(len(W)):
        y = np.tanh(W @ y + b)
    return y


def by_positive_sum(W, b, x):
    """Outputs if a node receives when its weights add up to more than 0."""
    return graph_forward.reference(np.where(np.sum(W, axis=1, keepdims=True) > 0, W, 0), b, x)


@question(
    returns="y",
    section="Values flow through it",
    inputs=weighted,
    sizes=ACYCLIC,
    hints={
        "The nodes are computed by number. A node can be computed when all of its senders are": by_number,
        "The nodes are computed by number, and without their biases": lambda W, b, x: by_number(W, 0 * b, x),
        "Whether a node receives does not depend on the sign of its weights": by_positive_sum,
        "Input nodes are 0, as if computed too, or x not read. They keep what x says": inputs_computed,
        "tanh is taken of the inputs, too. Input nodes keep what x says": (
            lambda W, b, x: graph_forward.reference(W, b, np.tanh(x))
        ),
        "Nothing comes from the senders: y_j is tanh of b_j. The weight from i to j is W[j, i]": (
            lambda W, b, x: np.where(np.any(W != 0, axis=1), np.tanh(b), x)
        ),
    },
)
def graph_forward(W, b, x):
    """The outputs of all nodes of a feedforward network."""
    receives = np.sum(W != 0, axis=1) > 0
    y = x
    for _ in range(len(W)):
        y = np.where(receives, np.tanh(W @ y + b), x)
    return y
