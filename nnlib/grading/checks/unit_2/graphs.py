"""Questions of unit 2, second part: networks by arbitrary connectivity, as matrices of connections.

C is (n, n): c_ji = 1 if node i sends to node j, else 0. Rows receive, columns send, as in W.
"""

import numpy as np

from nnlib.grading.checks.question import question

ACYCLIC = [dict(n=5), dict(n=7), dict(n=9), dict(n=3)]


def acyclic(rng, n):
    """A feedforward network whose nodes are numbered at random; every node has a connection.

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
    return renumbered(rng, C)


def renumbered(rng, C):
    """The same network, its nodes numbered at random."""
    place = rng.permutation(len(C))
    return C[np.ix_(place, place)]


def mixed(rng, n, cycles=0, short=0, ring=0, alone=0, between=0):
    """A network with so many connections that lead back, and perhaps one from a node to itself.

    short: whether each closes a cycle of two nodes and no other. ring: whether all is one cycle instead.
    alone: whether one more node has no connection at all. between: whether there are two cycles with a node
    between them instead, which is on neither.
    """
    if between:
        C = np.roll(np.eye(n), 1, axis=0)
        C[0, n - 1], C[0, 2], C[4, n - 1] = 0, 1, 1  # 0 to 2 and 4 to n - 1 are cycles, and 3 lies between
        return renumbered(rng, C)
    if alone:
        place = rng.permutation(n + 1)
        return np.pad(mixed(rng, n, cycles, short, ring), (0, 1))[np.ix_(place, place)]
    if ring:
        return renumbered(rng, np.roll(np.eye(n), 1, axis=0))
    C = acyclic(rng, n)
    paths = np.linalg.matrix_power(np.eye(n) + C, n)  # [j, i]: above 0 where a path leads from i to j
    alone = (C == 1) & (np.linalg.inv(np.eye(n) - C).round() == 1)  # the only path is the connection itself
    back = np.argwhere(alone if short else (paths > 0) & ~np.eye(n, dtype=bool))
    for j, i in rng.permutation(back)[:cycles]:
        C[i, j] = 1
    if cycles > 1:
        node = rng.integers(n)
        C[node, node] = 1
    return C


def marked(C, nothing_in, nothing_out, else_):
    """Roles with these numbers."""
    receives, sends = np.sum(C, axis=1), np.sum(C, axis=0)
    return np.where(receives == 0, nothing_in, np.where(sends == 0, nothing_out, else_))


@question(
    returns="the roles",
    section="A network",
    inputs=acyclic,
    sizes=ACYCLIC,
    hints={
        "Input and output are exchanged: row j of C holds what node j receives, and 0 is for input": (
            lambda C: marked(C, 2, 0, 1)
        ),
        "Hidden and output are exchanged: 1 is for hidden, 2 for output": lambda C: marked(C, 0, 1, 2),
        "Output nodes are counted as hidden: they send to none": lambda C: marked(C, 0, 1, 1),
        "Hidden nodes are counted as outputs: they send to others, if not to all": lambda C: marked(
            C, 0, 2, 2
        ),
        "Input nodes are counted as hidden: they receive from none": (
            lambda C: np.where(np.sum(C, axis=0) == 0, 2, 1)
        ),
        "Only senders with a smaller number count, and receivers with a larger one: any node may send": (
            lambda C: marked(np.tril(C), 0, 2, 1)
        ),
        "That is the number of senders of each node, not its role": lambda C: np.sum(C, axis=1),
        "The last node is left out, and output nodes are counted as hidden: they send to none": (
            lambda C: np.append(marked(C, 0, 1, 1)[:-1], 0)
        ),
        "A node that receives from one other is not an input yet": lambda C: np.where(
            np.sum(C, axis=1) <= 1, 0, np.where(np.sum(C, axis=0) == 0, 2, 1)
        ),
        "The numbers of the nodes say nothing: any of them may be an input or an output": (
            lambda C: np.array([0] + [1] * (len(C) - 2) + [2])
        ),
        "A node that sends to one other is not an output yet": (
            lambda C: np.where(np.sum(C, axis=1) == 0, 0, np.where(np.sum(C, axis=0) <= 1, 2, 1))
        ),
    },
)
def roles(C):
    """The role of each node: 0 for input, 1 for hidden, 2 for output."""
    receives = np.sum(C, axis=1)
    sends = np.sum(C, axis=0)
    return np.where(receives == 0, 0, np.where(sends == 0, 2, 1))


def ways(C):
    """Numbers of ways of 1 to 2^n steps, as the sum of reach grows without a bound of 1."""
    reach = C
    for _ in range(len(C)):
        reach = reach + reach @ C
    return reach


@question(
    returns="which nodes lie on a cycle",
    section="Architecture",
    inputs=mixed,
    sizes=[
        dict(n=7, cycles=1, short=1), dict(n=6, alone=1), dict(n=8, cycles=1, short=0),
        dict(n=9, cycles=2, short=0), dict(n=5, ring=1), dict(n=7, between=1),
        dict(n=3, ring=1, alone=1),
    ],
    hints={
        "Only connections from a node to itself count here. A cycle may be longer": lambda C: np.diag(C),
        "Only cycles of one and two steps count here. A cycle may be longer": (
            lambda C: np.minimum(1, np.diag(C + C @ C))
        ),
        "These are numbers of ways. Return 1 for every node that has one": lambda C: np.diag(ways(C)),
        "These are numbers of ways of up to n steps. Return 1 for every node that has one": lambda C: np.diag(
            sum(np.linalg.matrix_power(C, k) for k in range(1, len(C) + 1))
        ),
        "These are paths of exactly n steps. A cycle may be shorter": (
            lambda C: np.minimum(1, np.diag(np.linalg.matrix_power(C, len(C))))
        ),
        "These are paths of exactly n steps, and only one way back counts. A cycle may be shorter": (
            lambda C: 1 * (np.diag(np.linalg.matrix_power(C, len(C))) == 1)
        ),
        "A cycle may go through all n nodes: then its path has n connections. Yours stop at n - 1": (
            lambda C: np.minimum(1, np.diag(sum(np.linalg.matrix_power(C, k) for k in range(1, len(C)))))
        ),
        "Every node counts, as if a path began with the identity: it needs one connection at least": (
            lambda C: np.ones(len(C))
        ),
        "All nodes with a connection count, as if it led both ways: it goes from sender to receiver": (
            lambda C: on_cycle.reference(np.maximum(C, C.T))
        ),
        "Nodes to which any path leads are counted: it has to come from the node itself": (
            lambda C: np.minimum(1, np.sum(ways(C), axis=1))
        ),
        "All nodes have the same answer. Only those on the cycle are asked for": (
            lambda C: np.full(len(C), np.max(on_cycle.reference(C)))
        ),
        "Nodes behind a cycle are counted too. They only wait for it, and do not lie on it": (
            lambda C: np.minimum(1, np.maximum(ways(C) @ on_cycle.reference(C), on_cycle.reference(C)))
        ),
        "Nodes on a path from one cycle to another are counted too. They have to lie on one": lambda C: (
            np.minimum(
                np.minimum(1, (ways(C) + np.eye(len(C))) @ on_cycle.reference(C)),
                np.minimum(1, (ways(C).T + np.eye(len(C))) @ on_cycle.reference(C)),
            )
        ),
        "Nodes from which a path leads to a cycle are counted too. They have to lie on one": (
            lambda C: np.minimum(1, np.minimum(1, ways(C)).T @ on_cycle.reference(C))
        ),
    },
)  # fmt: skip
def on_cycle(C):
    """The nodes from which a path leads back to themselves."""
    reach = C
    for _ in range(len(C)):
        reach = np.minimum(1, reach + reach @ C)
    return np.diag(reach)


def one_round(C):
    """Steps if every node is looked at once, in the order of the numbers."""
    step = np.zeros(len(C))
    for j in range(len(C)):
        step[j] = np.max(C[j] * (step + 1))
    return step


def sum_of_steps(C):
    """Steps if a node had to wait for one of its senders after the other."""
    step = np.zeros(len(C))
    for _ in range(len(C)):
        step = np.where(C.any(axis=1), C @ step + 1, 0)
    return step


def first_step(C):
    """Steps if a node had to wait for the first of its senders only."""
    step = np.where(C.sum(axis=1) == 0, 0.0, len(C))
    for _ in range(len(C)):
        earliest = [1 + min(step[C[j] > 0]) if C[j].any() else 0 for j in range(len(C))]
        step = np.array(earliest)
    return step


def in_the_same_round(C):
    """Steps if a node of a round counts at once for those that are looked at after it."""
    step, waits, round_ = np.zeros(len(C)), [j for j in range(len(C)) if C[j].any()], 0
    while waits:
        round_ += 1
        for j in list(waits):
            if not any(C[j, i] for i in waits):
                step[j] = round_
                waits.remove(j)
    return step


def places_in_order(C):
    """Places in an order: rounds over all nodes take each that can be computed."""
    place, waits = np.full(len(C), -1), list(range(len(C)))
    while waits:
        for j in list(waits):
            if all(place[C[j] > 0] >= 0):
                place[j] = len(C) - len(waits)
                waits.remove(j)
    return place


@question(
    returns="the steps",
    section="Architecture",
    inputs=acyclic,
    sizes=ACYCLIC,
    hints={
        "A node waits for the first of its senders only. It needs all of them": first_step,
        "Those are places in an order. Nodes that are ready at the same time share a step": places_in_order,
        "A node whose sender is taken in the same round gets the same step: it comes a step later": (
            in_the_same_round
        ),
        "The steps of all senders are added up. A node waits for the last of them": sum_of_steps,
        "Each node is looked at once, by number: a sender with a larger number has no step yet": one_round,
        "The steps begin at 1. Input nodes are there at step 0": lambda C: steps.reference(C) + 1,
        "That is an order of the nodes. Return the step of each node": (
            lambda C: np.argsort(steps.reference(C), kind="stable")
        ),
        "That is the number of senders of each node": lambda C: np.sum(C, axis=1),
        "Rows and columns are exchanged: those are the steps against the arrows. And they begin at 1": (
            lambda C: steps.reference(C.T) + 1
        ),
        "Rows and columns are exchanged: those are the steps against the arrows": (
            lambda C: steps.reference(C.T)
        ),
        "Only one step is counted: a sender may have to wait itself": lambda C: np.max(C, axis=1),
    },
)
def steps(C):
    """The step in which each node can be computed at the earliest."""
    step = np.zeros(len(C))
    for _ in range(len(C)):
        step = np.max(C * (step + 1), axis=1)
    return step
