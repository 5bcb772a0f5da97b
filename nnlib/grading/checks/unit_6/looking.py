"""Questions of unit 6, part four: attention, and sentences. M queries, L keys of D numbers, values of F."""

import numpy as np

from nnlib.grading.checks.judging.truth import as_tensors, with_gradients
from nnlib.grading.checks.question import normal, question
from nnlib.grading.checks.search import vocabulary
from nnlib.grading.checks.unit_6.pixels import classes_in_torch, pixel_delta_as_written


def looked(Q, K, V):
    """In torch: what the queries see, and where they look."""
    looks = (Q @ K.T / Q.shape[1] ** 0.5).softmax(dim=1)
    return looks @ V, looks


def strong(rng, M, L, D, F):
    """Queries and keys whose scores overflow exp."""
    Q, K, V = normal(rng, (M, D), (L, D), (L, F))
    return 100 * Q, 40 * K, V


def scaled(divisor):
    """Attention with scores that are divided by something else."""

    def wrong(Q, K, V):
        looks = vocabulary.softmax(Q @ K.T / divisor(Q, K, V))
        return looks @ V, looks

    return wrong


def with_exp(Q, K, V):
    powers = np.exp(Q @ K.T / np.sqrt(Q.shape[1]))
    looks = powers / np.sum(powers, axis=1, keepdims=True)
    return looks @ V, looks


def with_largest_of_all(Q, K, V):
    scores = Q @ K.T / np.sqrt(Q.shape[1])
    powers = np.exp(scores - scores.max())
    looks = powers / np.sum(powers, axis=1, keepdims=True)
    return looks @ V, looks


def down_the_columns(Q, K, V):
    looks = vocabulary.softmax((Q @ K.T / np.sqrt(Q.shape[1])).T).T
    return looks @ V, looks


def divided_late(Q, K, V):
    """The root of d after the softmax."""
    looks = vocabulary.softmax(Q @ K.T) / np.sqrt(Q.shape[1])
    return looks @ V, looks


DIVISORS = {
    "The scores are divided by d, the root of d belongs there": lambda Q, K, V: Q.shape[1],
    "The scores are divided by the root of the number of keys: d is the length of a query": (
        lambda Q, K, V: np.sqrt(len(K))
    ),
    "The scores are divided by the root of the number of queries: d is the length of a query": (
        lambda Q, K, V: np.sqrt(len(Q))
    ),
    "The scores are divided by the root of the width of V: d is the length of a query": (
        lambda Q, K, V: np.sqrt(V.shape[1])
    ),
    "The scores are not divided by the root of d": lambda Q, K, V: 1,
    "The scores are multiplied by the root of d, not divided": lambda Q, K, V: 1 / np.sqrt(Q.shape[1]),
}
"""Sentence -> by what the scores are divided."""


@question(
    returns=("Y", "the weights"),
    section="Attention",
    inputs=lambda rng, M, L, D, F: normal(rng, (M, D), (L, D), (L, F)),
    value=looked,
    parts={
        "large": dict(
            inputs=strong, about="large scores", after_first=True,
            hints={
                "exp of a large score overflows: subtract the largest of each row first": with_exp,
                "The largest of all scores is subtracted: where a row lies far below it, all its "
                "exponentials are 0. Each row needs its own largest": with_largest_of_all,
            },
        )
    },
    names={"scores": "the matrix of scores", "looks": "the matrix of weights", "d": "d"},
    hints={words: scaled(divisor) for words, divisor in DIVISORS.items()}
    | {
        "The softmax runs down the columns: the weights of a query, a row, add up to 1": down_the_columns,
        "The weights are divided by the root of d: it divides the scores, before the softmax": divided_late,
    },
)  # fmt: skip
def attention(Q, K, V):
    """One head of attention."""
    scores = Q @ K.T / np.sqrt(Q.shape[1])
    looks = vocabulary.softmax(scores)
    return looks @ V, looks


def unscaled(G, Q, K, V):
    """The way back without the factor 1 / √d behind the softmax."""
    dQ, dK, dV = attention_back.reference(G, Q, K, V)
    return dQ * np.sqrt(Q.shape[1]), dK * np.sqrt(Q.shape[1]), dV


def by_diagonal(G, Q, K, V):
    """The way back with the diagonal of softmax's Jacobian alone."""
    looks = vocabulary.softmax(Q @ K.T / np.sqrt(Q.shape[1]))
    by_scores = looks * (1 - looks) * (G @ V.T) / np.sqrt(Q.shape[1])
    return by_scores @ K, by_scores.T @ Q, looks.T @ G


def without_softmax(G, Q, K, V):
    looks = vocabulary.softmax(Q @ K.T / np.sqrt(Q.shape[1]))
    by_scores = G @ V.T / np.sqrt(Q.shape[1])
    return by_scores @ K, by_scores.T @ Q, looks.T @ G


@question(
    returns=("∂E/∂Q", "∂E/∂K", "∂E/∂V"),
    section="Attention",
    inputs=lambda rng, M, L, D, F: normal(rng, (M, F), (M, D), (L, D), (L, F)),
    error=lambda G, Q, K, V: (G * looked(Q, K, V)[0]).sum(),
    by="Q, K, V",
    parts={
        "values": dict(only="∂E/∂V", about="the values"),
        "queries_and_keys": dict(only=("∂E/∂Q", "∂E/∂K")),
    },
    names={
        "scores": "the matrix of scores", "looks": "the matrix of weights", "back": "∂E by the weights",
        "dQ": "∂E/∂Q", "dK": "∂E/∂K", "dV": "∂E/∂V",
        "mean": "the sum over the row", "by_scores": "∂E by the scores",
    },
    hints={
        "The factor 1/√d is missing on the way back: the scores are Q Kᵀ / √d": unscaled,
        "Back through softmax each weight depends on all scores of its row: not w (1 - w) alone": by_diagonal,
        "The way back through softmax is missing": without_softmax,
    },
)  # fmt: skip
def attention_back(G, Q, K, V):
    """Back through one head of attention."""
    d = Q.shape[1]
    looks = vocabulary.softmax(Q @ K.T / np.sqrt(d))
    dV = looks.T @ G
    back = G @ V.T
    mean = np.sum(looks * back, axis=1, keepdims=True)
    by_scores = looks * (back - mean) / np.sqrt(d)
    dQ = by_scores @ K
    dK = by_scores.T @ Q
    return dQ, dK, dV


def speaker_and_words(rng, N, T, F):
    """A network that scores the next word by all words so far, sentences of different lengths, the filler."""
    table = rng.normal(size=(F, F))
    filler = int(rng.integers(0, 2))
    first = 1 - filler
    words = np.full((N, T), filler)
    for n in range(N):
        length = T if n == 0 else int(rng.integers(2, T))
        words[n, :length] = rng.integers(2, F, size=length)
    words[:, 0] = first

    def net(inputs):
        return np.cumsum(table[inputs], axis=1)

    return net, words, filler


def words_in_torch(net, words, filler):
    A = as_tensors(net(words[:, :-1]))
    return with_gradients(lambda A: classes_in_torch(A, words[:, 1:], filler), A)


def by_words(net, inputs, wanted, filler):
    """E and Δ for these inputs and desired words."""
    return pixel_delta_as_written(net(inputs), wanted, filler)


def left_in(net, words, filler):
    """E without what fills up, Δ with it."""
    all_words = by_words(net, words[:, :-1], words[:, 1:], -1)
    return by_words(net, words[:, :-1], words[:, 1:], filler)[0], all_words[1]


def own_words(net, words):
    """The start word, and after it what the network says."""
    inputs = words[:, :-1].copy()
    for t in range(1, inputs.shape[1]):
        inputs[:, t] = net(inputs)[:, t - 1].argmax(axis=-1)
    return inputs


def by_words_that_go_in(net, words, filler):
    """E and Δ where a place is left out if the word before it fills up."""
    inputs = words[:, :-1]
    return by_words(net, inputs, np.where(inputs == filler, -1, words[:, 1:]), -1)


@question(
    returns=("E", "Δ"),
    section="Image captioning",
    inputs=speaker_and_words,
    sizes=[dict(N=3, T=7, F=5), dict(N=5, T=4, F=7), dict(N=4, T=4, F=4), dict(N=1, T=2, F=6)],
    value=words_in_torch,
    names={
        "counts": "the mask of words that count", "T": "T, the one-hot words,",
        "wanted": "the row of desired words", "inputs": "the row of inputs",
    },
    hints={
        "The desired words are those that the network gets: it would learn to repeat. Shift them by one": (
            lambda net, words, filler: by_words(net, words[:, :-1], words[:, :-1], filler)
        ),
        "The network gets the words that it is to say: shift them by one": lambda net, words, filler: (
            by_words(net, words[:, 1:], words[:, 1:], filler)
        ),
        "The words run backwards: the network gets the next word, and is to say the one before": (
            lambda net, words, filler: by_words(net, words[:, 1:], words[:, :-1], filler)
        ),
        "The network gets the words that it says itself: while it learns it gets the right ones": (
            lambda net, words, filler: by_words(net, own_words(net, words), words[:, 1:], filler)
        ),
        "What only fills up counts too, in E and in Δ": lambda net, words, filler: by_words(
            net, words[:, :-1], words[:, 1:], -1
        ),
        "What only fills up counts too: not in E, but in Δ": left_in,
        "The filler right after a sentence counts, as if the word that goes in were asked, not the next": (
            by_words_that_go_in
        ),
        "The filler after a sentence counts, as if the word that goes in were asked. And E is no mean": (
            lambda net, words, filler: tuple(
                part / np.sum(words[:, :-1] != filler) for part in by_words_that_go_in(net, words, filler)
            )
        ),
        "The network also gets the last word, which nothing follows: inputs are all words but the last": (
            lambda net, words, filler: by_words(
                net, words, np.c_[words[:, 1:], np.full(len(words), filler)], filler
            )
        ),
        "That is the mean over the words that count: here E is their sum": lambda net, words, filler: tuple(
            part / np.sum(words[:, 1:] != filler) for part in sequence_delta.reference(net, words, filler)
        ),
    },
)  # fmt: skip
def sequence_delta(net, words, filler):
    """The error of sentences with teacher forcing, and its deltas."""
    inputs = words[:, :-1]
    wanted = words[:, 1:]
    A = net(inputs)
    counts = 1.0 * (wanted != filler)[..., None]
    T = np.eye(A.shape[-1])[wanted]
    Y = vocabulary.softmax(A)
    E = -np.sum(counts * T * np.log(Y))
    Delta = counts * (Y - T)
    return E, Delta
