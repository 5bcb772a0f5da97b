"""Logic gates by one neuron, and XOR by three: any weights that compute them are right."""

import numpy as np

from nnlib.grading.checks.judging.answer import passed
from nnlib.grading.checks.judging.failure import CheckFailed
from nnlib.grading.checks.judging.returned_arrays import change_that_mends
from nnlib.grading.checks.unit_2.by_hand import answered, array, sigmoid, two_layers

POINTS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
GATES = {"AND": (0, 0, 0, 1), "OR": (0, 1, 1, 1), "BUT NOT": (0, 0, 1, 0), "NEITHER": (1, 0, 0, 0)}
XOR = np.array([0, 1, 1, 0])
"""Desired outputs at the four `POINTS`."""
STEEP = 30
"""A factor of weighted sums with which sigmoids are steps, nearly."""

PAIRS = {"first": ("AND", "OR"), "second": ("BUT NOT", "NEITHER")}


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
    if np.abs(H_steep - 0.5).min() < 0.1:
        return "A hidden output is near 0.5: its line goes through that point. Look at the first biases."
    # XOR cannot be parted by a line if the middle of both classes is the same.
    if np.abs(H_steep[t == 1].mean(axis=0) - H_steep[t == 0].mean(axis=0)).max() < 0.02:
        return (
            "No line parts these hidden outputs: both classes have the same middle. Look at the first layer."
        )
    return "The hidden outputs can be told apart: look at the second layer first."
