"""Slips of one round of a loop, of what is returned, and of inputs; and hints that claim no more than is so."""

import os

import numpy as np
import pytest

from nnlib.grading.checks import CheckFailed, unit_2, unit_3, unit_4, unit_5
from nnlib.grading.checks.judging.diagnosis import Diagnosis
from nnlib.grading.checks.judging.where import where_wrong
from nnlib.grading.checks.question import normal, question
from nnlib.grading.checks.search.program import quiet
from nnlib.grading.checks.search.table import LIKELY, RARE
from tests.grading.test_slips import QUESTIONS


def told(check, answer):
    with pytest.raises(CheckFailed) as failure:
        check(answer)
    return failure.value.hint


@question(
    returns="Y",
    section="The multilayer network",
    sizes=[dict(sizes=(3, 5, 2), N=6), dict(sizes=(2, 5, 4, 3), N=7), dict(sizes=(4, 4, 4, 4), N=5)],
    inputs=lambda rng, sizes, N: (
        [normal(rng, (J, I), (J,)) for I, J in zip(sizes, sizes[1:], strict=False)],
        rng.normal(size=(N, sizes[0])),
    ),
)
def deep(layers, X):
    """The outputs of layers of tanh."""
    Y = X
    for W, b in layers:
        A = Y @ W.T + b
        Y = np.tanh(A)
    return Y


def forward(g=np.tanh, wrong=lambda number, last: False, with_b=True):
    """Layers of tanh, but those that are wrong have another g, or no b."""

    def outputs(layers, X):
        for number, (W, b) in enumerate(layers):
            is_wrong = wrong(number, len(layers) - 1)
            A = X @ W.T + (b if with_b or not is_wrong else 0)
            X = g(A) if is_wrong else np.tanh(A)
        return X

    return outputs


ROUNDS = {
    "in the first layer alone": lambda number, last: number == 0,
    "in the last layer alone": lambda number, last: number == last,
    "in every layer but the last": lambda number, last: number < last,
}


@pytest.mark.parametrize("words", ROUNDS)
def test_a_slip_of_one_round_alone_is_told_as_such(words):
    relu = forward(lambda A: np.maximum(A, 0), ROUNDS[words])
    assert f"ReLU is taken of A, where tanh belongs, {words}" in told(deep, relu)
    assert f"b is not added, {words}" in told(deep, forward(wrong=ROUNDS[words], with_b=False))


def states(W, b, start, steps):
    found = [start]
    for _ in range(steps):
        found.append(np.tanh(W @ found[-1] + b))
    return np.array(found)


def test_a_lost_row_is_told_beside_another_slip():
    hint = told(unit_2.run, lambda W, b, x, n: states(W.T, b, x, n)[1:])
    assert "W is transposed" in hint and "The first one is missing in what is returned" in hint
    hint = told(unit_2.run, lambda W, b, x, n: np.vstack((states(W, 0 * b, x, n), x)))
    assert "b is not added" in hint and "One too many is returned: the last one" in hint


def test_two_slips_of_different_inputs_are_told():
    def initial_weights(draws, g, epsilon):
        squares = {"tanh": 2, "relu": 2, "leaky": 2 / (1 + epsilon)}
        return [(Z * np.sqrt(squares[g] / Z.shape[1]), np.zeros(len(Z))) for Z in draws]

    assert "ε is not squared" in told(unit_3.initial_weights, initial_weights)


def test_what_is_symmetric_is_not_told_as_turned():
    def softmax_jacobian(a):
        y = np.exp(a - a.max()) / np.exp(a - a.max()).sum()
        J = np.empty((len(a), len(a)))
        for k, i in np.ndindex(J.shape):
            J[k, i] = y[k] * (1 - y[k]) if k == i else -(y[k] ** 2)
        return J

    hint = told(unit_3.softmax_jacobian, softmax_jacobian)
    assert "y is squared there" in hint and "transpose" not in hint


def test_signs_that_cancel_are_not_told_as_one():
    hint = told(unit_2.neuron, lambda w, b, x: 1 / (1 + np.exp(w @ x - b)))
    assert hint.startswith("A sign is wrong, or two are: go through each of them.")


def test_an_absolute_value_is_not_told_as_a_sign():
    assert "absolute value" in told(unit_5.central, lambda f, x, h: abs(f(x + h) - f(x - h)) / (2 * h))


def test_connections_in_both_directions_are_told():
    def on_cycle(C):
        S = np.maximum(C, C.T)
        return (np.diag(np.linalg.matrix_power(S, 2)) > 0).astype(int)

    assert "both ways" in told(unit_2.on_cycle, on_cycle)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("label", QUESTIONS)
def test_some_right_value_is_above_0(label, seed, monkeypatch):
    """Or its absolute value would be the right answer with its sign turned."""
    monkeypatch.setitem(os.environ, "NNLIB_CAMPAIGN_SEED", str(seed))
    one = QUESTIONS[label]
    with quiet():
        right = [part for case in one.cases(hidden=seed > 1) for part in one.right(case)]
    assert any((part > 0).any() for part in right) or not any(part.any() for part in right)


def test_a_border_around_the_right_values_is_told():
    right = np.arange(12.0).reshape(3, 4)
    hint = where_wrong("the sums", [np.pad(right, ((1, 2), (0, 1)))], [right], 1e-8)
    assert "The right values stand in it, from row 1 and column 0 on" in hint


def test_for_which_sizes_an_answer_is_right_is_told():
    def network(layers, X):
        (W1, b1), (W2, b2) = layers[0], layers[-1]
        return np.maximum(X @ W1.T + b1, 0) @ W2.T + b2

    right_for = "It is right for a network 4-4-4, N = 7, and wrong for networks of another depth."
    assert right_for in told(unit_2.network, network)


def test_the_difference_is_that_of_the_first_wrong_input():
    """Not of one whose numbers are far larger."""
    with pytest.raises(CheckFailed) as failure:
        unit_4.backward(lambda layers, X, T: [(1e-3 + W, b) for W, b in layers])
    assert failure.value.difference < 1e3


@pytest.mark.parametrize("label", ["unit_4.learning.train", "unit_6.pixels.pixel_delta"])
def test_rare_changes_wait_until_the_likely_ones_are_tried(label):
    diagnosis = Diagnosis(QUESTIONS[label], QUESTIONS[label].cases())
    wrong = [[part + 1.0 for part in right] for right in diagnosis.right]
    with quiet():
        diagnosis.prepare()
        (table, *_) = diagnosis.tables
        first = table.wrong(wrong)[0]
        assert len(table.tried(first, LIKELY)) < len(table.tried(first, RARE))


def test_missing_brackets_are_told_with_a_product_below():
    assert "brackets are missing" in told(unit_5.central, lambda f, x, h: f(x + h) - f(x - h) / (2 * h))


def test_whole_numbers_have_no_slopes():
    def roles(C):
        return np.where(C.sum(axis=1) <= 1, 0, np.where(C.sum(axis=0) == 0, 2, 1))

    assert "receives from one other is not an input yet" in told(unit_2.roles, roles)


def test_an_operation_that_changes_its_operand_is_told():
    class Dual:
        def __init__(self, value, dot):
            self.value, self.dot = value, dot

        def __add__(self, other):
            self.value, self.dot = self.value + other.value, self.dot + other.dot
            return self

        def __sub__(self, other):
            return Dual(self.value - other.value, self.dot - other.dot)

        def __mul__(self, other):
            return Dual(self.value * other.value, self.dot * other.value + self.value * other.dot)

    assert "changes u itself" in told(unit_5.Dual, Dual)
