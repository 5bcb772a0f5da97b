"""Unit 4: answers of the right form without any thought in them earn nothing.

`test_catalogue.py` tries arrays; here are the pairs, lists and dictionaries that these questions ask for.
"""

import pytest

from tests.grading.catalogue import Answer, questions
from tests.grading.checks.test_catalogue import graded

UNIT = "4_backpropagation"
HEADS = {
    "numbers": "numbers()",
    "chain": "chain(u)",
    "forward": "forward(W1, b1, W2, b2, X)",
    "output_delta": "output_delta(A, T)",
    "softmax_delta": "softmax_delta(A, T)",
    "uncertain_delta": "uncertain_delta(A, T)",
    "hidden_delta": "hidden_delta(delta, W, a)",
    "layer_gradient": "layer_gradient(delta, x)",
    "hidden_deltas": "hidden_deltas(Delta, W, A)",
    "batch_gradient": "batch_gradient(Delta, X)",
    "two_layers": "two_layers(W1, b1, W2, b2, X, T)",
    "backward": "backward(layers, X, T)",
    "numeric_gradient": "numeric_gradient(E, W, h)",
    "mended": "mended_{}(layers, X, T)",
    "wrong_lines": "wrong_lines()",
    "step": "step(layers, gradients, alpha)",
    "online": "online(W, X, T, alpha)",
    "cured": "cured_{}(*given)",
    "train": "train(layers, X, T, alpha, epochs, size)",
    "learn_arm": "learn_arm(layers, X, T)",
    "input_gradient": "input_gradient(layers, X, T)",
}
ZEROS = "[(W * 0, b * 0) for W, b in layers]"
ONES = "[(W * 0 + 1, b * 0 + 1) for W, b in layers]"
BODIES = {
    "numbers": ["{n: np.zeros(s) for n, s in SHAPES.items()}", "{n: np.ones(s) for n, s in SHAPES.items()}"],
    "chain": ["u", "u**2", "3 * u + 1"],
    "forward": ["(X, X, X)", "(X @ W1.T * 0, X @ W1.T * 0, X @ W1.T @ W2.T * 0)", "(W1, b1, W2)"],
    "output_delta": ["A", "T", "A - A", "T * 0 + 1"],
    "softmax_delta": ["A", "T", "-T", "A - A", "T * 0 + 1"],
    "uncertain_delta": ["A", "A * 0", "A * 0 + 1", "np.column_stack((A[:, :1] - T, A[:, 1:]))"],
    "hidden_delta": ["delta", "a", "a * 0", "a * 0 + 1"],
    "layer_gradient": [
        "(delta, x)",
        "(delta, delta)",
        "(0 * np.outer(delta, x), delta)",
        "(x[:, None] * 0 + 1, x)",
    ],
    "hidden_deltas": ["Delta", "A", "A * 0", "A * 0 + 1"],
    "batch_gradient": [
        "(Delta, X)",
        "(Delta.T @ X * 0, Delta[0] * 0)",
        "(Delta.T @ X * 0 + 1, Delta[0] * 0 + 1)",
    ],
    "two_layers": ["(W1, b1, W2, b2)", "(W1 * 0, b1 * 0, W2 * 0, b2 * 0)", "(W1 * 0 + 1, b1 + 1, W2, b2)"],
    "backward": ["layers", ZEROS, ONES],
    "numeric_gradient": ["W", "W * 0", "W * 0 + 1", "W * 0 + E(W)"],
    "mended": ["layers", ZEROS, ONES],
    "wrong_lines": ["[0] * 5", "[1] * 5", "[5] * 5", "[1, 2, 3, 4, 5]", "4"],
    "step": ["layers", "gradients", ZEROS],
    "online": ["W", "W * 0", "W * 0 + 1"],
    "cured": ["given[0]", "given[:4]", "given[0] * 2", "[(W * 0, b * 0) for W, b in given[0]]"],
    "train": ["layers", ZEROS, ONES],
    "learn_arm": ["layers", ZEROS, ONES],
    "input_gradient": ["X", "X * 0", "X * 0 + 1", "T"],
}
GIVEN = """
SHAPES = dict(a=2, h=2, y=2, E=(), delta_out=2, delta_hidden=2, dW2=(2, 2), dW1=(2, 2))
"""


def defined(question, body):
    """The question's functions, all with this body."""
    several = {"mended": 5, "cured": 3}.get(question, 1)
    heads = [HEADS[question].format(n) for n in range(1, several + 1)]
    return GIVEN + "".join(f"def {head}:\n    {body}\n" for head in heads)


def test_every_question_is_tried():
    assert list(HEADS) == list(BODIES) == questions(UNIT)


@pytest.mark.slow
@pytest.mark.usefixtures("without_hints")
@pytest.mark.parametrize("question", HEADS)
def test_thoughtless_answers_earn_nothing(question):
    bodies = [f"return {value}" for value in BODIES[question]]
    for body in ["pass", "raise NotImplementedError", *bodies]:
        earned, possible, slips = graded(Answer(UNIT, question, "thoughtless", defined(question, body), None))
        assert earned == 0 < possible, (body, slips)
