"""Questions of unit 2 that have many right answers: weights found by hand are judged by what they do."""

import numpy as np

from nnlib.grading.checks.judging import seed
from nnlib.grading.checks.judging.answer import called, passed
from nnlib.grading.checks.judging.failure import CheckFailed
from nnlib.grading.checks.judging.results import as_array
from nnlib.grading.checks.judging.returned_arrays import change_that_mends

POINTS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
GATES = {"AND": (0, 0, 0, 1), "OR": (0, 1, 1, 1), "BUT NOT": (0, 0, 1, 0), "NEITHER": (1, 0, 0, 0)}
XOR = np.array([0, 1, 1, 0])
"""Desired outputs at the four `POINTS`."""
STEEP = 30
"""A factor of weighted sums with which sigmoids are steps, nearly."""

PAIRS = {"first": ("AND", "OR"), "second": ("BUT NOT", "NEITHER")}


def answered(function, name, *arguments):
    """What the student's function returns for these arguments."""
    answer = called(function, arguments, name)
    if answer.error:
        hint = f"{name} raised {type(answer.error).__name__}: {str(answer.error)[:300]}"
        raise CheckFailed("raises", hint)
    if answer.result is None:
        raise CheckFailed("none", f"{name} returned None. Is there a return?")
    return answer.result


def array(value, name, shape):
    """A part of an answer as a finite array of this shape."""
    values = as_array(value, name)
    if values.shape != shape:
        raise CheckFailed("shape", f"{name} has shape {values.shape}, expected {shape}.")
    if not np.isfinite(values).all():
        raise CheckFailed("not_finite", f"{name} holds NaN or infinity.")
    return values


def two_layers(result, name, inputs, hidden):
    """The arrays of a network with these numbers of inputs and hidden neurons and one output, by name."""
    if not isinstance(result, (list, tuple)) or len(result) != 4:
        raise CheckFailed("type", f"{name} must return four arrays: W1, b1, W2, b2.")
    shapes = {"W1": (hidden, inputs), "b1": (hidden,), "W2": (1, hidden), "b2": (1,)}
    return {pair[0]: array(value, *pair) for value, pair in zip(result, shapes.items(), strict=True)}


def output_of(arrays, X):
    """The outputs of such a network with a linear output, for inputs (N,)."""
    H = sigmoid(X[:, np.newaxis] @ arrays["W1"].T + arrays["b1"])
    return (H @ arrays["W2"].T + arrays["b2"])[:, 0]


def sigmoid(a):
    return 1 / (1 + np.exp(-np.clip(a, -700, 700)))


def point(x):
    return f"({x[0]:g}, {x[1]:g})"


def gates(function, part, hidden=False):
    """Weights and bias of one neuron for each of four logical functions; it fires if a > 0."""
    weights = answered(function, "gates")
    hints = []
    for name in PAIRS[part]:
        if not isinstance(weights, dict) or name not in weights:
            raise CheckFailed("not_answered", f'gates returns a dictionary; "{name}" is missing in it.')
        w = array(weights[name], name, (3,))
        wrong = np.flatnonzero(fires(w) != np.array(GATES[name], bool))
        if len(wrong):
            x, a = POINTS[wrong[0]], POINTS[wrong[0]] @ w[:2] + w[2]
            fire = "must fire there: a has to be above 0"
            not_fire = "must not fire there: a has to be 0 or less"
            told = f"{name}: at {point(x)} your neuron has a = {a:g}, and it {not_fire if a > 0 else fire}."
            mends = change_that_mends(
                [{name: w}],
                lambda changed, name=name: computes(changed[0], name),
                most=1,
                more=[_another_number(name, at) for at in range(3)],
            )
            others = [other for other in GATES if computes({other: w}, other)]
            instead = f" It computes {others[0]}." if others else ""
            hints.append(f"{told} {sum_at(x)}{instead or mends}")
    if hints:
        raise CheckFailed("gate", " ".join(hints) + _of_all_gates(weights))
    passed(f"your neurons compute {' and '.join(PAIRS[part])}")


def _another_number(name, at):
    """(words, change) for another number in one place, if one is right there."""

    def change(arrays):
        scale = max(1.0, np.abs(arrays[name]).max())
        for number in np.linspace(-3, 3, 61):
            w = np.array(arrays[name])
            w[at] = scale * number
            if computes({name: w}, name):
                return {name: w}
        return arrays

    return f"{('w1', 'w2', 'b')[at]} of {name} alone is not right", change


def _of_all_gates(weights):
    """The sentence on one change that mends all gates, if each is there."""
    if any(np.shape(weights.get(name)) != (3,) for name in GATES):
        return ""
    given = [{"each gate": array(weights[name], name, (3,))} for name in GATES]
    return change_that_mends(
        given,
        lambda changed: all(computes({n: c["each gate"]}, n) for n, c in zip(GATES, changed, strict=True)),
        most=1,
    )


def fires(w):
    """Whether a neuron with the weights w[:2] and the bias w[2] fires, at the four `POINTS`."""
    return POINTS @ w[:2] + w[2] > 0


def computes(weights, name):
    """Whether the neuron of this name fires where it should."""
    return np.array_equal(fires(weights[name]), np.array(GATES[name], bool))


def sum_at(x):
    """The sum a at a point, in terms of w1, w2 and b."""
    if not x.any():
        return "With both inputs 0 only the bias is left."
    if x.all():
        return "With both inputs 1 it is w1 + w2 + b."
    return f"Here a is w{2 - int(x[0])} + b."


def xor(function, part=None, hidden=False):
    """XOR by two hidden neurons and one output neuron, all with the sigmoid."""
    arrays = two_layers(answered(function, "xor"), "xor", 2, 2)
    (H, y), t = at_points(arrays), XOR
    table = "; ".join(
        f"{point(x)}: h = ({h[0]:.2f}, {h[1]:.2f}), y = {out:.2f}"
        for x, h, out in zip(POINTS, H, y, strict=True)
    )
    for n, x in enumerate(POINTS):
        # Two equal neurons give 0.5, and rounding may lift it a little.
        if (y[n] > 0.5 + 1e-9) != bool(t[n]):
            where = f"At {point(x)} y = {y[n]:.2f} is on the wrong side of 0.5."
            look = TOO_FLAT if is_xor(arrays) else _look(H, at_points(arrays, STEEP)[0], t)
            mends = change_that_mends(
                [arrays],
                lambda changed: is_xor(changed[0]),
                most=1,
                more=[("b2 alone is not right", _with_threshold)],
            )
            raise CheckFailed("xor", f"{where} {look}{mends} All four: {table}.")
    if part == "sure" and np.abs(y - t).max() > 0.1:
        worst = np.abs(y - t).argmax()
        hint = (
            f"Right, but not sure: at {point(POINTS[worst])} y = {y[worst]:.2f}. Multiply weights and "
            "biases by a larger number: the lines stay where they are, and the sigmoids get steeper."
        )
        raise CheckFailed("unsure", hint)
    passed("XOR by two layers" + (", and it is sure" if part == "sure" else ""))


def _with_threshold(arrays):
    """The network with an output bias in the middle of its sums for both classes."""
    a = (at_points(arrays, STEEP)[0] @ arrays["W2"].T)[:, 0]
    return arrays | {"b2": np.array([-(max(a[0], a[3]) + min(a[1], a[2])) / 2])}


def is_xor(arrays):
    """Whether the output is near XOR at the four `POINTS`, with steep sigmoids at least."""
    return np.abs(at_points(arrays, STEEP)[1] - XOR).max() < 0.1


def at_points(arrays, steep=1):
    """The hidden outputs (4, 2) and the output (4,) of a network of sigmoids at the four `POINTS`.
    Weighted sums count `steep` times."""
    H = sigmoid(steep * (POINTS @ arrays["W1"].T + arrays["b1"]))
    return H, sigmoid(steep * (H @ arrays["W2"].T + arrays["b2"]))[:, 0]


TOO_FLAT = (
    "All lines lie where they should, but the sigmoids are too flat: the hidden outputs stay far from 0 "
    "and 1. Multiply all weights and biases by a large number."
)


def _look(H, H_steep, t):
    """Which layer to look at: the first, if no line can part the hidden outputs of the two classes."""
    if np.abs(H[1] - H[2]).max() < 1e-9 and np.abs(H[0] - H[3]).max() < 1e-9:
        return "All four points give nearly the same hidden outputs: look at the first layer."
    if any(np.abs(H[n] - H[m]).max() < 0.02 for n in (0, 3) for m in (1, 2)):
        return "Two points of different classes give nearly the same hidden outputs: look at the first layer."
    if any(np.abs(H_steep[n] - H_steep[m]).max() < 0.02 for n in (0, 3) for m in (1, 2)):
        return "No line of a hidden neuron parts two points of different classes: look at the first layer."
    if np.abs(H - 0.5).min() < 0.1:
        return "A hidden output is near 0.5: its line goes through that point. Look at the first biases."
    # XOR cannot be parted by a line if the middle of both classes is the same.
    if np.abs(H[t == 1].mean(axis=0) - H[t == 0].mean(axis=0)).max() < 0.02:
        return (
            "No line parts these hidden outputs: both classes have the same middle. Look at the first layer."
        )
    return "The hidden outputs can be told apart: look at the second layer first."


def bump(function, hidden=False):
    """A bump of height h from l to r: two hidden neurons with the sigmoid, a linear output."""
    rng = seed.generator("unit_2.bump", hidden)
    places = [_random_place(rng) for _ in range(4)]
    results = [two_layers(answered(function, "bump", *place), "bump", 1, 2) for place in places]
    for (l, r, h), arrays in zip(places, results, strict=True):
        where = _around(l, r, h)
        y, t = _of_bump(arrays, l, r), np.array([t for _, t in where.values()])
        if (wrong := misses(y, t)).any():
            n = int(wrong.argmax())
            told = f"{list(where)[n]} y = {y[n]:.2f}, expected {t[n]:.2f}."
            why = _why_no_bump(y, h, arrays["W1"], arrays["b1"], l, r)
            mends = change_that_mends(
                results, lambda changed: all(map(_is_bump, changed, places)), ("W1", "b1")
            )
            raise CheckFailed("bump", f"l = {l:.2f}, r = {r:.2f}, h = {h:.2f}: {told} {why}{mends}")
    passed("bumps of any place, width and height")


def _random_place(rng):
    """l, r and h. On one side of 0, so that edges with the wrong sign lie elsewhere."""
    width, near = float(rng.uniform(0.5, 2.5)), float(rng.uniform(0.3, 3))
    l = near if rng.integers(2) else -near - width
    return l, l + width, float(rng.uniform(0.5, 3) * rng.choice((-1, 1)))


def _around(l, r, h):
    """Words -> (x, desired output) for places around the bump."""
    width = r - l
    return {
        f"left of l, at {l - 0.3 * width:.2f},": (l - 0.3 * width, 0),
        f"between l and r, at {l + 0.5 * width:.2f},": (l + 0.5 * width, h),
        f"right of r, at {r + 0.3 * width:.2f},": (r + 0.3 * width, 0),
        f"inside, near l, at {l + 0.1 * width:.2f},": (l + 0.1 * width, h),
        f"inside, near r, at {r - 0.1 * width:.2f},": (r - 0.1 * width, h),
        f"outside, near l, at {l - 0.1 * width:.2f},": (l - 0.1 * width, 0),
        f"outside, near r, at {r + 0.1 * width:.2f},": (r + 0.1 * width, 0),
    }


def _of_bump(arrays, l, r):
    """The outputs at the places around the bump."""
    return output_of(arrays, np.array([x for x, _ in _around(l, r, 0).values()]))


def _is_bump(arrays, place):
    l, r, h = place
    return not misses(_of_bump(arrays, l, r), np.array([t for _, t in _around(l, r, h).values()])).any()


def misses(y, t):
    """Which outputs are off by more than 3 % of the largest height."""
    return np.abs(y - t) > 0.03 * np.abs(t).max()


def _why_no_bump(y, h, W1, b1, l, r):
    left, middle, right = y[:3]
    near = lambda value, t: abs(value - t) < 0.02 * abs(h)  # noqa: E731
    at = lambda *values: all(map(near, (left, middle, right), values))  # noqa: E731
    edges = np.sort(-b1 / np.where(W1[:, 0] == 0, np.nan, W1[:, 0]))
    if at(0, -h, 0):
        return "That is the bump upside down: step up at l, step down at r."
    if at(h, 0, h):
        return "That is high outside and low inside."
    if at(0, h, 2 * h):
        return "The second step goes up too: it has to be subtracted."
    if at(0, h, h):
        return "There is a step up at l and none down at r."
    if near(left, right) and near(middle - left, h) and not near(left, 0):
        return f"Everything is lifted by {left:.2f}: outside of the bump only the output bias is left."
    if at(0, 1, 0):
        return "That is a bump of height 1: multiply by h in the output neuron."
    if np.allclose(edges, np.sort([-l, -r]), atol=0.05):
        return "Your steps are at -l and -r: s (x - l) has the bias -s l."
    if not np.allclose(edges, [l, r], atol=0.05):
        return f"Your hidden neurons switch at {edges[0]:.2f} and {edges[1]:.2f}: there w x + b is 0."
    if (np.abs(W1[:, 0]) * 0.3 * (r - l) > SHARP).all():
        return (
            "The steps are sharp and at the right places: look at their directions, and at the output neuron."
        )
    return (
        "The steps are at the right places, but not steep enough: use larger weights, and biases with them."
    )


SHARP = 5
"""The weighted sum from which the sigmoid is 0 or 1, nearly."""


def pieces(function, hidden=False):
    """Any number of bumps side by side in one network: the output has a height on each piece."""
    rng = seed.generator("unit_2.pieces", hidden)
    pieces = [_random_pieces(rng, count) for count in (3, 1, 5, 7)]
    results = [
        two_layers(answered(function, "pieces", *drawn), "pieces", 1, len(drawn[0])) for drawn in pieces
    ]
    for (edges, heights), arrays in zip(pieces, results, strict=True):
        count = len(heights)
        y, t = _of_pieces(arrays, edges), np.array([0, *heights, 0])
        if (wrong := misses(y, t)).any():
            n = int(wrong.argmax())
            piece = (
                "left of all pieces" if n == 0 else "right of all pieces" if n > count else f"on piece {n}"
            )
            hint = f"With {count} piece{'s' * (count > 1)}, {piece} y = {y[n]:.2f}, expected {t[n]:.2f}."
            why = _why_no_pieces(y, t, arrays["W1"], arrays["b1"], edges)
            mends = change_that_mends(
                results, lambda changed: all(map(_are_pieces, changed, pieces)), ("W1", "b1")
            )
            raise CheckFailed("pieces", f"{hint} {why}{mends}")
    passed("functions of any number of pieces, by one network")


def _random_pieces(rng, count):
    """The edges of so many pieces, and their heights."""
    edges = np.cumsum(rng.uniform(0.4, 1.2, count + 1)) - 2
    return edges, rng.uniform(0.5, 2, count) * rng.choice((-1, 1), count)


def _of_pieces(arrays, edges):
    """The outputs in the middle of each piece, and on both sides of all."""
    return output_of(arrays, np.array([edges[0] - 0.3, *(edges[:-1] + edges[1:]) / 2, edges[-1] + 0.3]))


def _are_pieces(arrays, drawn):
    edges, heights = drawn
    return not misses(_of_pieces(arrays, edges), np.array([0, *heights, 0])).any()


def _why_no_pieces(y, t, W1, b1, edges):
    near = lambda heights, other: np.abs(heights - other).max() < 0.1  # noqa: E731
    if near(y, np.cumsum(t)):
        return "Each step goes up by a whole height. It has to go up by the difference to the height before."
    if near(y[:-1], t[:-1]):
        return "The last step down is missing: after the last piece the height is 0 again."
    if near(y, -t):
        return "The sign is wrong: each step goes to the next height, minus the one before."
    switches = np.sort(-b1 / np.where(W1[:, 0] == 0, np.nan, W1[:, 0]))
    if not np.allclose(switches, edges, atol=0.05):
        return "The hidden neurons do not switch at the edges: there w x + b has to be 0."
    if abs(y[0]) > 0.1:
        return f"Left of all pieces only the output bias is left: it is {y[0]:.2f}, and should be 0."
    k = int(np.argmax(np.abs(np.diff(y) - np.diff(t)) > 0.1))
    return (
        "Neuron k switches at edge k, so its output weight is what the height changes by there. "
        f"At edge {k} y changes by {y[k + 1] - y[k]:.2f}, and should change by {t[k + 1] - t[k]:.2f}."
    )
