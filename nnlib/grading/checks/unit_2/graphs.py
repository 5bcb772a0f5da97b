"""Questions of unit 2, second part: networks by arbitrary connectivity, as matrices of connections.

C is (n, n): c_ji = 1 if node i sends to node j, else 0. Rows receive, columns send, as in W.
"""

import numpy as np

from nnlib.grading.checks.question import question

ACYCLIC = [dict(n=5), dict(n=7), dict(n=9), dict(n=3)]


def acyclic(rng, n):
    """A feedforward network whose nodes are numbered in no order; every node has a connection.

    The path through all nodes but the first two makes it deep, further connections skip.
    """
    C = np.zeros((n, n))
    for j in range(2, n):
        C[j, j - 1] = 1
        C[j, : j - 1] = rng.random(j - 1) < 0.3
    C[min(2, n - 1), 0] = 1
    if n > 4:
        C[n - 1, n - 2] = 0  # two nodes at the end
        C[n - 1, rng.integers(1, n - 2)] = 1
    place = rng.permutation(n)
    return C[np.ix_(place, place)]


def mixed(rng, n, cycles):
    """A network with so many connections that lead back, and perhaps one from a node to itself."""
    C = acyclic(rng, n)
    reach = np.linalg.matrix_power(np.eye(n) + C, n).T > 0  # [i, j]: a path leads from i to j
    back = [(j, i) for j in range(n) for i in range(n) if i != j and reach[j, i]]
    for k in rng.permutation(len(back))[:cycles]:
        j, i = back[k]
        C[j, i] = 1
    if cycles > 1:
        node = rng.integers(n)
        C[node, node] = 1
    return C


@question(returns="the roles", section="A network", inputs=acyclic, sizes=ACYCLIC)
def roles(C):
    """The role of each node: 0 for input, 1 for hidden, 2 for output."""
    receives = np.sum(C, axis=1)
    sends = np.sum(C, axis=0)
    return np.where(receives == 0, 0, np.where(sends == 0, 2, 1))


@question(
    returns="which nodes lie on a cycle",
    section="Architecture",
    inputs=mixed,
    sizes=[dict(n=6, cycles=1), dict(n=7, cycles=0), dict(n=8, cycles=1), dict(n=9, cycles=2)],
)
def on_cycle(C):
    """The nodes from which a path leads back to themselves."""
    reach = C
    for _ in range(len(C)):
        reach = np.minimum(1, reach + reach @ C)
    return np.diag(reach)


@question(returns="the steps", section="Architecture", inputs=acyclic, sizes=ACYCLIC)
def steps(C):
    """The step in which each node can be computed at the earliest."""
    step = np.zeros(len(C))
    for _ in range(len(C)):
        step = np.max(C * (step + 1), axis=1)
    return step


def weighted(rng, n):
    """Weights, biases and inputs of a feedforward network."""
    C = acyclic(rng, n)
    receives = C.sum(axis=1) > 0
    W = np.where(C == 1, rng.uniform(0.5, 1.5, (n, n)) * rng.choice((-1, 1), (n, n)), 0)
    return W, np.where(receives, rng.normal(0, 0.5, n), 0), np.where(receives, 0, rng.normal(size=n))


@question(returns="y", section="Values flow through it", inputs=weighted, sizes=ACYCLIC)
def graph_forward(W, b, x):
    """The outputs of all nodes of a feedforward network."""
    receives = np.sum(W != 0, axis=1) > 0
    y = x
    for _ in range(len(W)):
        y = np.where(receives, np.tanh(W @ y + b), x)
    return y
