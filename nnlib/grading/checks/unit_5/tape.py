"""Questions of unit 5 on the tape: record the operations, and order the nodes."""

import numpy as np

from nnlib.grading.checks.judging import seed
from nnlib.grading.checks.judging.answer import called, passed
from nnlib.grading.checks.judging.failure import CheckFailed
from nnlib.grading.checks.judging.raised import raised
from nnlib.grading.checks.question import question
from nnlib.grading.checks.unit_5.dual_numbers import apart
from nnlib.grading.sandbox.inside import objects


@question(
    returns=(
        "the value of u + w", "the value of u · w", "the value of tanh(u)", "the slope of u + w by u",
        "the slope of u + w by w", "the slope of u · w by u", "the slope of u · w by w",
        "the slope of tanh(u)", "the slope of u + 2 by u", "the slope of 2 · u by u",
        "the slope of u + u by u", "the slope of u · u by u",
    ),
    section="A tape in 40 lines",
    inputs=lambda rng: apart(rng, 2),
    through=objects.recorded,
    hints={
        "The slopes of the product are exchanged: the slope by u is the value of w": lambda v, w: (
            v + w, v * w, np.tanh(v), 1.0, 1.0, v, w, 1 - np.tanh(v) ** 2, 1.0, v, 2.0, 2 * v,
        ),
        "The slope of tanh is 1 - y² with its output y, not with its input": lambda v, w: (
            v + w, v * w, np.tanh(v), 1.0, 1.0, w, v, 1 - v**2, 1.0, w, 2.0, 2 * v,
        ),
        "Both operands may be the same node, in u + u and u · u: then it has two shares, and yours has one": (
            lambda v, w: (v + w, v * w, np.tanh(v), 1.0, 1.0, w, v, 1 - np.tanh(v) ** 2, 1.0, w, 1.0, v)
        ),
    },
)  # fmt: skip
def Node(v, w):
    """The record of a sum, a product and tanh."""
    y = np.tanh(v)
    return v + w, v * w, y, 1.0, 1.0, w, v, 1 - y**2, 1.0, w, 2.0, 2 * v


def graph(rng, nodes):
    """inputs, slopes and output of a computation. Nodes are numbered at random. Not all are needed: the last
    one is computed from the output, and another one beside it, before.
    """
    place = rng.permutation(nodes)
    inputs = [[] for _ in range(nodes)]
    aside = int(rng.integers(2, nodes - 2))
    for k in range(2, nodes):
        earlier = [i for i in range(k) if i != aside]
        before = rng.choice(earlier, size=2, replace=False)
        inputs[place[k]] = [int(place[i]) for i in {*before.tolist(), earlier[-1]}]
    user = inputs[place[nodes - 2]]
    user.append(user[0])  # one is used twice, as v in v · v
    slopes = [[float(rng.uniform(0.5, 2) * rng.choice((-1, 1))) for _ in row] for row in inputs]
    return inputs, slopes, int(place[nodes - 2])


def ordered(function, hidden=False):
    """A topological order of what the output depends on."""
    rng = seed.generator("unit_5.ordered", hidden)
    judged = []
    for nodes in (5, 8, 11):
        inputs, _, output = graph(rng, nodes)
        answer = called(function, (inputs, output), "ordered")
        if answer.error is not None:
            raise CheckFailed(*raised("ordered", answer.error))
        if answer.changed:
            raise CheckFailed("argument_changed", "inputs is not as it was: work on lists of your own.")
        judged.append((_nodes(answer.result, inputs, output), inputs))
    if all(is_reversed(inputs, order) for order, inputs in judged):
        raise CheckFailed("reversed", "The list is in the reverse order: inputs come first, the output last.")
    for order, inputs in judged:
        for k, n in enumerate(order):
            for i in inputs[n]:
                if i not in order[:k]:
                    hint = f"Node {n} stands before node {i}, which is an input of it. {_order_of(judged)}"
                    raise CheckFailed("order", hint.rstrip())
    passed("each node once, and after all of its inputs")


def _order_of(judged):
    """In which order wrong lists are, in a sentence, or ""."""
    if all(order == sorted(order) for order, _ in judged):
        return "The list is sorted by number, and numbers say nothing about the order."
    if all(is_in_order_of_visits(inputs, order) for order, inputs in judged):
        return "Nodes stand before their inputs: append a node after all of them."
    if all(is_in_order_of_visits(inputs, order[::-1]) for order, inputs in judged):
        return (
            "That is the reverse of an order of first visits. A node that is used twice may then stand "
            "before an input of it: append a node after all of its inputs."
        )
    return ""


def _nodes(order, inputs, output):
    """The numbers of the list, if they are those that are needed, each once."""
    if order is None:
        raise CheckFailed("none", "ordered returned None. Is there a return?")
    whole = isinstance(order, (list, tuple, np.ndarray)) and all(
        isinstance(n, (int, np.integer)) and 0 <= n < len(inputs) for n in order
    )
    if not whole:
        raise CheckFailed("type", "ordered is to return a list of the numbers of nodes.")
    order = [int(n) for n in order]
    needed = set(needed_for(inputs, output))
    if len(order) != len(set(order)):
        twice = next(n for n in order if order.count(n) > 1)
        hint = f"Node {twice} stands in the list more than once: visit each node once."
        if order[0] == output:
            hint += " And the output stands first: inputs come first, the output last."
        raise CheckFailed("twice", hint)
    if missing := needed - set(order):
        if missing == {n for n in needed if not inputs[n]}:
            hint = "All nodes without inputs are missing. They belong to the list as well."
            raise CheckFailed("missing", hint)
        hint = f"Node {min(missing)} is missing: node {output} depends on it, directly or through others."
        if min(missing) == output:
            hint = f"Node {output} is missing: the output itself stands last."
        raise CheckFailed("missing", hint)
    if extra := set(order) - needed:
        raise CheckFailed(
            "extra", f"Node {min(extra)} is in the list, and node {output} does not depend on it."
        )
    return order


def is_reversed(inputs, order):
    """Whether every node stands before all of its inputs."""
    return all(order.index(i) > k for k, n in enumerate(order) for i in inputs[n])


def is_in_order_of_visits(inputs, order):
    """Whether each node but the first stands after a node that it is an input of."""
    return all(any(n in inputs[u] for u in order[:k]) for k, n in enumerate(order) if k)


def needed_for(inputs, output):
    """A topological order of the nodes that the output depends on."""
    order = []

    def visit(n):
        if n not in order:
            for i in inputs[n]:
                visit(i)
            order.append(n)

    visit(output)
    return order
