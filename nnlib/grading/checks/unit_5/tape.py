"""Questions of unit 5 on the tape: record, order, sweep back, and what the sweep means for arrays."""

import numpy as np

from nnlib.grading.checks.judging import seed
from nnlib.grading.checks.judging.answer import called, passed
from nnlib.grading.checks.judging.diagnosis import raised
from nnlib.grading.checks.judging.failure import CheckFailed
from nnlib.grading.checks.question import normal, question
from nnlib.grading.checks.unit_5.dual_numbers import STILL_BROKEN, apart, reminded


def slope_by(node, x):
    """∂node/∂x as the node recorded it; 0 if x is no input of it."""
    return float(sum(slope for v, slope in node.inputs if v == x))


def _recorded(Node):
    def recorded(v, w):
        u, x = Node(v), Node(w)
        total, product, curve, shifted, scaled = u + x, u * x, u.tanh(), u + w, w * u
        return tuple(
            float(n) for n in (
                total.value, product.value, curve.value, slope_by(total, u), slope_by(total, x),
                slope_by(product, u), slope_by(product, x), slope_by(curve, u),
                slope_by(shifted, u), slope_by(scaled, u),
            )
        )  # fmt: skip

    return reminded(recorded, "other = self.constant(other)")


@question(
    returns=(
        "the value of u + w", "the value of u · w", "the value of tanh(u)", "the slope of u + w by u",
        "the slope of u + w by w", "the slope of u · w by u", "the slope of u · w by w",
        "the slope of tanh(u)", "the slope of u + 2 by u", "the slope of 2 · u by u",
    ),
    section="A tape in 40 lines",
    inputs=lambda rng: apart(rng, 2),
    through=_recorded,
    hints={
        "The slopes of the product are exchanged: the slope by u is the value of w": lambda v, w: (
            v + w, v * w, np.tanh(v), 1.0, 1.0, v, w, 1 - np.tanh(v) ** 2, 1.0, v,
        ),
        "The slope of tanh is 1 - y² with its output y, not with its input": lambda v, w: (
            v + w, v * w, np.tanh(v), 1.0, 1.0, w, v, 1 - v**2, 1.0, w,
        ),
    },
)  # fmt: skip
def Node(v, w):
    """The record of a sum, a product and tanh."""
    y = np.tanh(v)
    return v + w, v * w, y, 1.0, 1.0, w, v, 1 - y**2, 1.0, w


def graph(rng, nodes):
    """inputs, slopes and output of a computation: its nodes have numbers in no order, not all are needed."""
    place = rng.permutation(nodes)
    inputs = [[] for _ in range(nodes)]
    for k in range(2, nodes):
        before = rng.choice(k, size=min(k, 2), replace=False) if k > 3 else np.arange(min(k, 2))
        inputs[place[k]] = [int(place[i]) for i in {*before.tolist(), k - 1}]
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
    if all(turned(inputs, order) for order, inputs in judged):
        raise CheckFailed("reversed", "The list is in the reverse order: inputs come first, the output last.")
    for order, inputs in judged:
        for k, n in enumerate(order):
            for i in inputs[n]:
                if i not in order[:k]:
                    told = f"Node {n} stands before node {i}, which is an input of it."
                    raise CheckFailed("order", told)
    passed("each node once, and after all of its inputs")


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
        raise CheckFailed("twice", f"Node {twice} stands in the list more than once: visit each node once.")
    if missing := needed - set(order):
        told = f"Node {min(missing)} is missing: node {output} depends on it, directly or through others."
        if min(missing) == output:
            told = f"Node {output} is missing: the output itself stands last."
        raise CheckFailed("missing", told)
    if extra := set(order) - needed:
        raise CheckFailed(
            "extra", f"Node {min(extra)} is in the list, and node {output} does not depend on it."
        )
    return order


def turned(inputs, order):
    """Whether every node stands before all of its inputs."""
    return all(order.index(i) > k for k, n in enumerate(order) for i in inputs[n])


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


GRAPHS = [dict(nodes=6), dict(nodes=9), dict(nodes=12)]


@question(
    returns="the adjoints",
    section="One rule",
    inputs=graph,
    sizes=GRAPHS,
    names={"slope": "the slope"},
    hints={
        "An adjoint is overwritten where it must add up: a node that is used twice gets two shares": (
            lambda inputs, slopes, output: swept(inputs, slopes, output, overwrite=True)
        ),
        "The sweep goes from the inputs to the output: it must go the other way round": (
            lambda inputs, slopes, output: swept(inputs, slopes, output, forwards=True)
        ),
        "The nodes are swept by their numbers: take your topological order": (
            lambda inputs, slopes, output: swept(
                inputs,
                slopes,
                output,
                order=[n for n in range(len(inputs)) if n in needed_for(inputs, output)],
            )
        ),
        "The adjoint of the output starts with 0: it is to be 1": (
            lambda inputs, slopes, output: np.zeros(len(inputs))
        ),
    },
)
def backward(inputs, slopes, output):
    """The sweep: the adjoints of all nodes."""
    adjoints = np.zeros(len(inputs))
    adjoints[output] = 1.0
    for u in needed_for(inputs, output)[::-1]:
        for v, slope in zip(inputs[u], slopes[u]):  # noqa: B905
            adjoints[v] += adjoints[u] * slope
    return adjoints


def swept(inputs, slopes, output, overwrite=False, forwards=False, order=None, start=1.0):
    """A sweep with one mistake."""
    order = needed_for(inputs, output) if order is None else order
    adjoints = np.zeros(len(inputs))
    adjoints[output] = start
    for u in order if forwards else order[::-1]:
        for v, slope in zip(inputs[u], slopes[u], strict=True):
            share = adjoints[u] * slope
            adjoints[v] = share if overwrite else adjoints[v] + share
    return adjoints


def mended_sweep_1(inputs, slopes, output):
    """The first sweep, mended."""
    return swept(inputs, slopes, output)


def mended_sweep_2(inputs, slopes, output):
    """The second sweep, mended."""
    return swept(inputs, slopes, output)


def mended_sweep_3(inputs, slopes, output):
    """The third sweep, mended."""
    return swept(inputs, slopes, output)


def broken_sweep_1(inputs, slopes, output):
    return swept(inputs, slopes, output, overwrite=True)


def broken_sweep_2(inputs, slopes, output):
    return swept(inputs, slopes, output, forwards=True)


def broken_sweep_3(inputs, slopes, output):
    adjoints = np.zeros(len(inputs))
    adjoints[output] = 1.0
    for u in needed_for(inputs, output)[::-1]:
        for v, slope in zip(inputs[u], slopes[u], strict=True):
            adjoints[v] += slope
    return adjoints


SLIPS = {
    "An adjoint is overwritten where it must add up": broken_sweep_1,
    "The sweep goes from the inputs to the output": broken_sweep_2,
    "The adjoint of the node that hands back is missing: a share is adjoint times slope": broken_sweep_3,
    "The adjoint of the output starts with 0": lambda inputs, slopes, output: np.zeros(len(inputs)),
}


def _part(reference, broken):
    others = {words: wrong for words, wrong in SLIPS.items() if wrong is not broken}
    still = f"{STILL_BROKEN}. Try it on the small computation of the question"
    return dict(reference=reference, hints={still: broken} | others)


mended_sweep = question(
    returns="the adjoints",
    section="One rule",
    inputs=graph,
    sizes=GRAPHS,
    parts={
        1: _part(mended_sweep_1, broken_sweep_1),
        2: _part(mended_sweep_2, broken_sweep_2),
        3: _part(mended_sweep_3, broken_sweep_3),
    },
)(mended_sweep_1)


def in_front(rng, N, I, J):
    return rng.normal(size=(N, I, J)), (J,)


def stretched(rng, N, J):
    return rng.normal(size=(N, J)), (N, 1)


def told_of_reshape(unbroadcast):
    """The function; where it reshapes what is not summed yet, the error says what reshape does not do."""

    def call(g, shape):
        try:
            return unbroadcast(g, shape)
        except ValueError as error:
            if "cannot reshape" in str(error):
                told = (
                    "reshape sums nothing: first sum over the axes in front, and over those where shape has 1"
                )
                error.args = (f"{error}. {told}.",)
            raise

    return call


def axis_lost(g, shape):
    """The adjoint summed as it should be, without the axes of length 1."""
    g = g.sum(axis=tuple(range(g.ndim - len(shape))))
    return g.sum(axis=tuple(k for k, n in enumerate(shape) if n == 1))


def summed_from_behind(g, shape):
    """Wrong: the last axes are summed, not the first."""
    while g.ndim > len(shape):
        g = g.sum(axis=-1)
    for axis in range(len(shape)):
        if shape[axis] == 1:
            g = g.sum(axis=axis, keepdims=True)
    return g


REPEATED = {
    "The summed axis is gone: keepdims=True leaves it there, with length 1": axis_lost,
    "That is the mean over what was repeated: take the sum": lambda g, shape: np.reshape(
        g.reshape(-1, *g.shape[g.ndim - len(shape) :])
        .mean(axis=0)
        .mean(axis=tuple(k for k, n in enumerate(shape) if n == 1), keepdims=True),
        shape,
    ),
    "The last axis is summed, the wrong axis: what was repeated stands in front": summed_from_behind,
    "That is the first of the repetitions: add up all of them": lambda g, shape: np.reshape(
        g[(0,) * (g.ndim - len(shape))][tuple(slice(0, n) for n in shape)], shape
    ),
}
"""Sentence -> wrong values, for what was repeated in front and along axes of length 1."""


@question(
    returns="the adjoint of the operand",
    section="From numbers to arrays",
    inputs=in_front,
    value=lambda g, shape: g.sum_to_size(tuple(int(n) for n in shape)),
    through=told_of_reshape,
    parts={
        "stretched": dict(
            inputs=stretched,
            told="an axis of length 1",
            sizes=[dict(N=5, J=3), dict(N=4, J=4), dict(N=3, J=7)],
            hints=REPEATED
            | {
                "Nothing is summed: an axis on which the operand has length 1 is summed too": (
                    lambda g, shape: g
                ),
                "All is summed into one number: sum only the axis on which the operand has length 1": (
                    lambda g, shape: g.sum()
                ),
                "The other axis is summed": lambda g, shape: g.sum(axis=0),
                "The other axis is summed: the operand has length 1 on the last one": (
                    lambda g, shape: g.sum(axis=0, keepdims=True)
                ),
            },
        ),
        "both": dict(
            inputs=lambda rng, N, I, J: (rng.normal(size=(N, I, J)), (I, 1)),
            told="an axis in front and one of length 1",
        ),
    },
    hints=REPEATED,
)
def unbroadcast(g, shape):
    """What was repeated is summed."""
    while g.ndim > len(shape):
        g = np.sum(g, axis=0)
    for axis in range(len(shape)):
        if shape[axis] == 1:
            g = np.sum(g, axis=axis, keepdims=True)
    return g


@question(
    returns=("one-sided", "central", "forward", "reverse"),
    section="Forward or reverse?",
    inputs=lambda rng: (int(rng.integers(3, 60)), int(rng.integers(70, 200))),
    hints={
        "An evaluation, and a pass too, gives all outputs at once: do not multiply by m": (
            lambda n, m: ((n + 1) * m, 2 * n * m, n * m, m)
        ),
        "An evaluation gives all outputs at once: do not multiply by m": (
            lambda n, m: ((n + 1) * m, 2 * n * m, n, m)
        ),
        "A pass gives the derivatives of all outputs at once: do not multiply by m": (
            lambda n, m: (n + 1, 2 * n, n * m, m)
        ),
        "A sweep gives the derivatives with respect to all inputs at once: do not multiply by n": (
            lambda n, m: (n + 1, 2 * n, n, n * m)
        ),
    },
)
def passes(n, m):
    """Evaluations, passes and sweeps of a whole Jacobian."""
    return n + 1, 2 * n, n, m


@question(
    returns="v̄",
    section="One rule",
    inputs=lambda rng, F: (rng.normal(size=F), float(rng.uniform(1.5, 3))),
    sizes=[dict(F=3), dict(F=5), dict(F=4)],
    error=lambda v, y_bar: y_bar * v.logsumexp(dim=0),
    by="v",
    parts={
        "large": dict(
            told="large numbers",
            inputs=lambda rng, F: (
                rng.normal(size=F) + rng.choice((-1, 1)) * 1e4,
                float(rng.uniform(1.5, 3)),
            ),
            lecture="1",
            section="Many classes: softmax",
            hints={
                "exp overflows at 10⁴, and is 0 everywhere at -10⁴: subtract the largest entry of v first": (
                    lambda v, y_bar: np.full(len(v), np.nan)
                )
            },
        )
    },
)
def logsumexp_adjoint(v, y_bar):
    """The rule of the logarithm of a sum of exponentials."""
    powers = np.exp(v - np.max(v))
    return y_bar * powers / np.sum(powers)


@question(
    returns=("∂E/∂W1", "∂E/∂w2"),
    section="It is backpropagation",
    inputs=lambda rng, I, J: (*normal(rng, (J, I), (J,), (I,)), float(rng.normal())),
    error=lambda W1, w2, x, t: (w2 @ (W1 @ x).tanh() - t) ** 2 / 2,
    by="W1, w2",
)
def network_gradient(W1, w2, x, t):
    """The gradient of a network, as PyTorch has it."""
    h = np.tanh(W1 @ x)
    delta = w2 @ h - t
    slope = 1 - h**2
    return np.outer(delta * slope * w2, x), delta * h
