"""Where a formula is asked for, differences and capped loops do not count; what is exact at every input does."""

import numpy as np
import pytest

from nnlib.grading.checks import CheckFailed, unit_1, unit_3, unit_4


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
    with pytest.raises(CheckFailed, match="y is never 0 here"):
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
