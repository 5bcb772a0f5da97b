"""Translation from English to Latin: an encoder reads, a decoder with attention writes word by word.

    E = - 1/words Σ ln y_word        every word, given the right words before it ("teacher forcing")

Encoder and decoder have one layer each of what Vaswani et al. have six: attention with four heads, then two
layers for each word. Four, because the verb must look at its English verb and at who acts, for the number.
The sentences are those of `latin`, several million of them. ("Salve, quam vos?" on the lecture's slide is
itself wrong Latin, word by word from the English: to one person one says "Salve, quid agis?")
"""

import numpy as np

from nnlib.applications import attention_decoder, latin
from nnlib.applications.attention_decoder import look, looking, matrix, norm, normal, seen_by_all
from nnlib.applications.fitting import arrays, batches, constant, fit
from nnlib.applications.latin import ENGLISH, LATIN, NOTHING, START, STOP
from nnlib.differentiation import embedding, linear, softmax_cross_entropy
from nnlib.figures.style import Picture
from nnlib.figures.svg import element, svg, text

ENGLISH_NUMBER, LATIN_NUMBER = ({word: n for n, word in enumerate(words)} for words in (ENGLISH, LATIN))
D, HEADS = 48, 4
"""Numbers of a word, and how many places it can look at in one go."""
LONGEST, LENGTH = 13, 9
"""Words of the longest English and Latin sentence, the Latin with its stop."""
HELD_OUT = 10_000
"""From here on seeds are of samples that are only used to measure."""


def data(n, seed, without=()):
    """n different sentences: numbers of English words X (n, 13), of Latin words T (n, 10), the start first.

    `without`: English sentences that must not occur.
    """
    rng, pairs = np.random.default_rng(seed), {}
    without = set(without)
    while len(pairs) < n:
        english, latin_ = latin.sentence(rng)
        if english not in without:
            pairs[english] = latin_
    X, T = np.zeros((n, LONGEST), int), np.zeros((n, LENGTH + 1), int)
    for row, (english, latin_) in enumerate(pairs.items()):
        X[row] = numbers(english)
        words = [START, *(LATIN_NUMBER[word] for word in latin_.split()), STOP]
        T[row, : len(words)] = words
    return X, T


def numbers(english):
    """The numbers of the words of an English sentence, filled up to 13. Capitals do not count.

    Raises ValueError for an unknown word, which it names, and for a sentence that is empty or too long.
    """
    words = english.lower().rstrip(" .").split()
    for word in words:
        if word not in ENGLISH_NUMBER:
            raise ValueError(f"The word {word!r} is unknown. Known are: {', '.join(ENGLISH[1:])}.")
    if not 0 < len(words) <= LONGEST:
        raise ValueError(f"The sentence has {len(words)} words, expected 1 to {LONGEST}.")
    row = np.full(LONGEST, NOTHING)
    row[: len(words)] = [ENGLISH_NUMBER[word] for word in words]
    return row


def weights(rng):
    """Weights of the encoder, their names with a leading "read_", and of the decoder."""
    W = {
        "read_words": matrix(rng, len(ENGLISH), D, 3.0),
        "read_positions": matrix(rng, LONGEST, D),
        "read_up": matrix(rng, 2 * D, D, 2**0.5), "read_up_bias": constant(0.0, 2 * D),
        "read_down": matrix(rng, D, 2 * D, 0.3), "read_down_bias": constant(0.0, D),
    }  # fmt: skip
    for name in ("read_across", "read_each"):
        W |= norm(name, D)
    return W | looking(rng, "read_across", D) | attention_decoder.weights(rng, len(LATIN), LENGTH, D)


def read(W, X):
    """The output of the encoder for English sentences X (N, 13): D numbers for each word, (N, 13, D)."""
    H = embedding(W["read_words"], X) + W["read_positions"]
    Z = normal(W, "read_across", H)
    H = H + look(W, "read_across", Z, Z, HEADS, seen_by_all(X != NOTHING))[0]
    up = np.maximum(linear(normal(W, "read_each", H), W["read_up"], W["read_up_bias"]), 0)
    return H + linear(up, W["read_down"], W["read_down_bias"])


def net(W, X, words):
    """Scores (N, T, words) of the Latin word after each of words (N, T), and where each looked."""
    return attention_decoder.net(W, read(W, X), words, HEADS, X != NOTHING)


def loss(W, X, T):
    """The cross-entropy of a word, on average; filler words of short sentences do not count."""
    scores, _ = net(W, X, T[:, :-1])
    wanted = np.eye(len(LATIN), dtype=np.float32)[T[:, 1:]]
    return softmax_cross_entropy(scores, wanted, ignored=NOTHING) * (1 / np.sum(T[:, 1:] != NOTHING))


def train(seed=0, steps=650, n=8000, watch=None):
    """Weights W as arrays, learnt from n sentences."""
    rng = np.random.default_rng(seed)
    W = weights(rng)
    fit(loss, W, batches(rng, *data(n, seed), size=64), steps, alpha=4e-3, watch=watch)
    return arrays(W)


def translate(W, english):
    """The Latin of an English sentence. Raises ValueError as `numbers` does."""
    return " ".join(word for word in spoken(W, english)[0] if word != ".")


def spoken(W, english):
    """The Latin words of an English sentence, the stop last; where they looked: (4, words, English words).

    Raises ValueError as `numbers` does.
    """
    X = numbers(english)[np.newaxis]
    row, looks = attention_decoder.written(W, read(W, X), START, LENGTH, HEADS, X != NOTHING)
    count = int(np.argmax(row[0] == STOP)) + 1 if STOP in row[0] else LENGTH
    return [LATIN[n] for n in row[0, :count]], looks[0, :, :count, : np.count_nonzero(X)]


def said(row):
    """The numbers of words as a sentence, up to its stop."""
    return " ".join(LATIN[n] for n in row if n != START).split(" .")[0].strip()


def measure(W, n=1000, seeds=(0,), seen=8000):
    """The share of n sentences that are exactly right, none of them among what `train` saw from `seeds`."""
    trained = [written_out(row) for seed in seeds for row in data(seen, seed)[0]]
    X, T = data(n, HELD_OUT, without=trained)
    words, _ = attention_decoder.written(W, read(W, X), START, LENGTH, HEADS, X != NOTHING)
    return np.mean([said(row) == said(t) for row, t in zip(words, T, strict=True)])


def written_out(row):
    """The English sentence of numbers of words."""
    return " ".join(ENGLISH[n] for n in row if n != NOTHING)


def show(W, english="the good sailor did not give the horses to the girl"):
    """Which English words each Latin word looked at: the darker, the more. The mean of the heads."""
    written, looks = spoken(W, english)
    read_ = english.lower().rstrip(" .").split()
    left, side, top = 120, 44, 100
    parts = []
    for x, word in enumerate(read_):
        at = left + side * (x + 0.5)
        parts.append(text(at, top - 8, word, anchor="start", transform=f"rotate(-50 {at} {top - 8})"))
    for y, word in enumerate(written):
        parts.append(text(left - 8, top + side * (y + 0.6), word, anchor="end"))
        for x, share in enumerate(looks[:, y].mean(0)):
            place = {"x": left + side * x, "y": top + side * y, "width": side - 2, "height": side - 2}
            parts.append(element("rect", **place, fill="#0072B2", fill_opacity=round(float(share), 3)))
    description = f"{english}: {' '.join(written)} Rows are Latin words; dark squares are where each looked."
    return Picture(
        svg(left + side * len(read_) + 60, top + side * len(written), description, *parts), description
    )
