"""Where a formula is asked for, differences and capped loops do not count; what is exact at every input does."""

import importlib
import inspect
import re

import numpy as np
import pytest

from nnlib.grading.checks import CheckFailed, unit_1, unit_2, unit_3, unit_4, unit_5, unit_6
from nnlib.grading.checks.question import FORMULA, Question
from tests.grading.catalogue import solution, units


def differences(error, x, h):
    """The gradient of an error by central differences."""
    x, slopes = np.array(x, dtype=float), np.zeros(np.shape(x))
    for at in np.ndindex(*x.shape):
        up, down = x.copy(), x.copy()
        up[at] += h
        down[at] -= h
        slopes[at] = (error(up) - error(down)) / (2 * h)
    return slopes


def complex_step(error, x, h=1e-30):
    slopes = np.zeros(np.shape(x))
    for at in np.ndindex(*np.shape(x)):
        moved = np.array(x, dtype=complex)
        moved[at] += 1j * h
        slopes[at] = error(moved).imag / h
    return slopes


def squares(W, X, T):
    return np.sum((X @ W.T - T) ** 2) / 2


def softmax(A, shift=np.max):
    powers = np.exp(A - shift(A.real, axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def robust(W, X, T, s):
    return np.sum(s**2 * (np.sqrt(1 + ((X @ W.T - T) / s) ** 2) - 1))


def gate(u, v, x):
    return (v @ x) / (1 + np.exp(-(u @ x)))


def unsure(A, T):
    m, s = A[:, :1], A[:, 1:]
    return np.sum(s + (T - m) ** 2 * np.exp(-s)) / 2


def dice(A, T, s):
    Y = 1 / (1 + np.exp(-A))
    both, sizes = np.sum(T * Y, axis=(1, 2)), np.sum(T + Y, axis=(1, 2))
    return np.sum(1 - (2 * both + s) / (sizes + s))


def surprise(W, X, T):
    return -np.sum(T * np.log(softmax(X @ W.T)))


def outputs(layers, Y):
    for W, b in layers[:-1]:
        Y = np.tanh(Y @ W.T + b)
    W, b = layers[-1]
    return Y @ W.T + b


SLOPES = {
    "gradient_of_sample": (unit_1, lambda slopes: lambda W, x, t: slopes(lambda W: squares(W, x, t), W)),
    "gradient": (unit_1, lambda slopes: lambda W, X, T: slopes(lambda W: squares(W, X, T), W)),
    "logistic_gradient": (unit_1, lambda slopes: lambda W, X, T: slopes(lambda W: surprise(W, X, T), W)),
    "robust_gradient": (unit_1, lambda slopes: lambda W, X, T, s: slopes(lambda W: robust(W, X, T, s), W)),
    "gated_gradient": (
        unit_2,
        lambda slopes: (
            lambda u, v, x: (
                slopes(lambda u: gate(u, v, x), u),
                slopes(lambda v: gate(u, v, x), v),
                slopes(lambda x: gate(u, v, x), x),
            )
        ),
    ),
    "silu_slope": (unit_3, lambda slopes: lambda A: slopes(lambda A: np.sum(A / (1 + np.exp(-A))), A)),
    "softmax_back": (unit_3, lambda slopes: lambda A, C: slopes(lambda A: np.sum(C * softmax(A)), A)),
    "uncertain_delta": (unit_4, lambda slopes: lambda A, T: slopes(lambda A: unsure(A, T), A)),
    "logsumexp_adjoint": (
        unit_5,
        lambda slopes: lambda v, y_bar: slopes(lambda v: y_bar * np.log(np.sum(np.exp(v))), v),
    ),
    "dice_delta": (unit_6, lambda slopes: lambda A, T, s: slopes(lambda A: dice(A, T, s), A)),
    "chain": (unit_4, lambda slopes: lambda u: slopes(lambda u: u**2 * np.sin(3 * u + 1), u)),
    "output_delta": (
        unit_4,
        lambda slopes: lambda A, T: slopes(lambda A: np.sum((1 / (1 + np.exp(-A)) - T) ** 2) / 2, A),
    ),
    "input_gradient": (
        unit_4,
        lambda slopes: lambda layers, X, T: slopes(lambda X: np.sum((outputs(layers, X) - T) ** 2) / 2, X),
    ),
}


@pytest.mark.usefixtures("without_hints")
@pytest.mark.parametrize("h", [1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7])
@pytest.mark.parametrize("question", SLOPES)
def test_differences_do_not_count_as_a_formula(question, h):
    unit, with_slopes = SLOPES[question]
    with pytest.raises(CheckFailed):
        getattr(unit, question)(with_slopes(lambda error, x: differences(error, x, h)))


def test_differences_are_told_as_such():
    _, with_slopes = SLOPES["gradient"]
    with pytest.raises(CheckFailed, match="digits and no more. So do differences of E"):
        unit_1.gradient(with_slopes(lambda error, x: differences(error, x, 1e-5)))


@pytest.mark.parametrize("question", SLOPES)
def test_the_complex_step_is_exact_and_counts(question):
    unit, with_slopes = SLOPES[question]
    getattr(unit, question)(with_slopes(complex_step))


@pytest.mark.parametrize("small", [1e-15, 1e-12, 1e-8, 1e-3])
def test_clipped_probabilities_are_told(small):
    with pytest.raises(CheckFailed, match="it is never 0 here|y is never 0 here"):
        unit_1.cross_entropy(lambda Y, T: -np.sum(T * np.log(np.clip(Y, small, 1))))


def test_what_guards_against_0_alone_counts():
    unit_1.cross_entropy(lambda Y, T: -np.sum(T * np.nan_to_num(np.log(Y))))


@pytest.mark.usefixtures("without_hints")
@pytest.mark.parametrize("most", [3, 10, 100])
def test_a_training_with_capped_epochs_is_refused(most):
    def train(X, T, alpha, epochs):
        W = np.zeros((T.shape[1], X.shape[1]))
        for _ in range(min(epochs, most)):
            W = W - alpha * (softmax(X @ W.T) - T).T @ X
        return W

    with pytest.raises(CheckFailed):
        unit_1.train(train)


def jacobian(shift):
    def softmax_jacobian(a):
        y = softmax(a, shift)
        return np.diag(y) - np.outer(y, y)

    return softmax_jacobian


def test_a_jacobian_with_the_smallest_sum_subtracted_is_told():
    with pytest.raises(CheckFailed, match="the smallest is taken, where the largest belongs"):
        unit_3.softmax_jacobian(jacobian(np.min))


def test_a_jacobian_with_nothing_subtracted_counts():
    unit_3.softmax_jacobian(jacobian(lambda a, **how: 0))


def asked():
    """(unit, question, check) of every question and part."""
    for unit in units():
        module = importlib.import_module(f"nnlib.grading.checks.unit_{unit[0]}")
        for name, check in vars(module).items():
            if isinstance(check, Question):
                for part in (check, *check.parts.values()):
                    yield unit, name, part


def text_of(unit, question):
    """The first cell of the exercise, which holds for all questions, and what the question says."""
    cells = {cell.id: cell.source for cell in solution(unit).cells}
    return cells["title"] + cells[f"{question}-question"]


REFUSED = {
    "differences": lambda check: check.tolerance <= FORMULA or _says(check, "refuse_differences"),
    "overflow": lambda check: check.no_overflow,
    "float32": lambda check: _says(check, "float32"),
}
"""What the text of a question has to say -> whether its check refuses answers without it."""


def _says(check, word):
    return check.quality is not None and word in inspect.getsource(check.quality)


@pytest.mark.parametrize("word", REFUSED)
def test_what_a_check_refuses_is_said_in_the_exercise(word):
    refused = [(unit, name) for unit, name, check in asked() if REFUSED[word](check)]
    assert len(refused) >= 3
    for unit, name in refused:
        assert word in text_of(unit, name), f"{unit}, {name}: its text says nothing of {word}"


@pytest.mark.parametrize("unit", units())
def test_every_exercise_says_what_is_allowed(unit):
    title = next(cell.source for cell in solution(unit).cells if cell.id == "title")
    assert re.search(r"NumPy( and Matplotlib)? alone|Use Python, NumPy", title)
    assert "PyTorch" in title and "`nnlib" in title
    assert re.search("Leave the (lists and )?arrays that a function gets as they are", title)


def silent(formula):
    """Outputs of four functions with this sigmoid."""
    return lambda A, epsilon: (np.maximum(A, 0), np.where(A > 0, A, epsilon * A), formula(A), np.tanh(A))


def test_a_right_number_after_an_overflow_is_refused_where_it_is_said():
    with pytest.raises(CheckFailed, match="numbers are right, but something overflows on the way"):
        unit_3.outputs(silent(lambda A: 1 / (1 + np.exp(-A))), "large")
    unit_3.outputs(silent(lambda A: 1 / (1 + np.exp(-A))))
    unit_3.outputs(silent(lambda A: (1 + np.tanh(A / 2)) / 2), "large")


def test_right_numbers_with_too_few_digits_are_no_float32():
    def halved(A, epsilon):
        R, L, S, H = silent(lambda A: (1 + np.tanh(A / 2)) / 2)(A, epsilon)
        return R, L, S.astype(np.float16).astype(A.dtype) if A.dtype == np.float32 else S, H

    with pytest.raises(CheckFailed, match="S is wrong by more than rounding"):
        unit_3.outputs(halved, "float32")
