"""Look ahead with a network: a tree search that spends its time where policy and value promise most.

Each simulation goes down the tree, at each state to the action with the largest (PUCT)

    Q(s, a) + c P(s, a) √N(s) / (1 + N(s, a))

Q is the mean value found behind the action so far, P what the network's policy thinks of it, N how often it
was tried. The state where it leaves the tree is judged by the network, and its value v goes back up the path,
with changing sign: what is good for one player is bad for the other. Rosin, 2011; Silver et al., 2018.
"""

import numpy as np

CURIOSITY = 1.5
"""c: how much an action that was seldom tried is worth a try."""


class Node:
    """A state of the tree: for each of its moves P, N, W = N Q, and the child, once it was tried."""

    __slots__ = ("N", "P", "W", "children", "moves", "outcome", "state", "visits")

    def __init__(self, state, outcome=None):
        self.state, self.outcome = state, outcome
        self.moves, self.visits = None, 0

    def open(self, moves, P):
        self.moves, self.P = moves, P
        self.N, self.W, self.children = [0] * len(moves), [0.0] * len(moves), [None] * len(moves)


def search(rules, evaluate, roots, simulations, rng=None):
    """So many simulations from each of the roots, which then hold N and W; all roots go on side by side.

    evaluate(states) gives scores (N, actions) and values (N,) for the player to move: one call for the leaves
    of all roots. With `rng`, noise is added to the roots' P, so that self-play tries everything now and then.
    """
    fresh = [root for root in roots if root.moves is None]
    if fresh:
        _judge(rules, evaluate, fresh)
    if rng is not None:
        for root in roots:
            k = len(root.P)
            noise = rng.dirichlet(np.full(k, 10 / max(5, k)))
            root.P = (0.75 * np.array(root.P) + 0.25 * noise).tolist()
    for _ in range(simulations):
        paths, leaves = [], []
        for root in roots:
            path, leaf = _down(rules, root)
            if leaf.outcome is None:
                paths.append(path)
                leaves.append(leaf)
            else:
                _up(path, leaf.outcome)
        if leaves:
            for path, value in zip(paths, _judge(rules, evaluate, leaves), strict=True):
                _up(path, -value)


def _down(rules, node):
    """The path [(node, which of its moves)] to a leaf, and the leaf."""
    path = []
    while node.moves is not None and node.outcome is None:
        best, at = -1e9, 0
        curious = CURIOSITY * (node.visits + 1) ** 0.5
        for k, (n, w, p) in enumerate(zip(node.N, node.W, node.P)):  # noqa: B905, strict takes a tenth longer
            promise = (w / n if n else 0.0) + curious * p / (1 + n)
            if promise > best:
                best, at = promise, k
        path.append((node, at))
        if node.children[at] is None:
            node.children[at] = Node(*rules.play(node.state, node.moves[at]))
        node = node.children[at]
    return path, node


def _up(path, value):
    """`value` is that of the leaf for who moved there."""
    for node, at in reversed(path):
        node.N[at] += 1
        node.W[at] += value
        node.visits += 1
        value = -value


def _judge(rules, evaluate, nodes):
    """Policies of new nodes, and their values."""
    scores, values = evaluate([node.state for node in nodes])
    for node, a in zip(nodes, scores, strict=True):
        moves = rules.moves(node.state)
        a = a[moves]
        powers = np.exp(a - a.max())
        node.open(moves, (powers / powers.sum()).tolist())
    return values.tolist()


def chosen(rules, evaluate, states, simulations):
    """The action that the search tried most often, for each state."""
    roots = [Node(state) for state in states]
    search(rules, evaluate, roots, simulations)
    return [root.moves[int(np.argmax(root.N))] for root in roots]
