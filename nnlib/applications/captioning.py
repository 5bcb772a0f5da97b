"""Image captioning: a sentence for a picture. Convolutions see, a decoder with attention speaks.

    E = - 1/words Σ ln y_word        every word, given the right words before it ("teacher forcing")

The scenes and their sentences, "a red disc." or "a red disc above a blue cross.", are those of
`described`. Such networks: Xu et al., Show, Attend and Tell, 2015.
"""

import numpy as np

from nnlib.applications import attention_decoder, pictures
from nnlib.applications.described import LEFT, LENGTH, NOTHING, START, STOP, WORDS, said, scenes
from nnlib.applications.fitting import arrays, constant, fit, he
from nnlib.applications.segmentation import HELD_OUT
from nnlib.differentiation import Variable, convolve, softmax_cross_entropy
from nnlib.figures.svg import svg, text
from nnlib.training import Adam

D = 48
"""Numbers of a place in the picture, and of a word."""
BATCH = 16


def data(n, seed):
    """Pictures X (n, 32, 32, 3) in 0..1, and sentences T (n, 9) of numbers of words, the start first."""
    return scenes(np.random.default_rng(seed), n)


def weights(rng):
    """Weights of the convolutions K1 .. K4, of the places in the picture, and of the decoder."""
    sizes = {1: (5, 5, 3, 16), 2: (3, 3, 16, 32), 3: (3, 3, 32, D), 4: (3, 3, D, D)}
    W = {f"K{n}": he(rng, *shape) for n, shape in sizes.items()}
    W |= {f"b{n}": constant(0.0, shape[3]) for n, shape in sizes.items()}
    W["places"] = Variable(rng.normal(0, 0.3, (64, D)).astype("f"))
    return W | attention_decoder.norm("see", D) | attention_decoder.weights(rng, len(WORDS), LENGTH, D)


def see(W, X):
    """The convolutions' output for pictures X (N, 32, 32, 3): 64 places of D numbers, (N, 64, D)."""
    X = (X - np.float32(0.45)) * np.float32(4)
    X = convolve(X, W["K1"], W["b1"], stride=2, relu=True)
    X = convolve(X, W["K2"], W["b2"], stride=2, relu=True)
    X = convolve(X, W["K3"], W["b3"], relu=True)
    X = X + convolve(X, W["K4"], W["b4"], relu=True)
    return attention_decoder.normal(W, "see", np.reshape(X, (X.shape[0], -1, D)) + W["places"])


def net(W, X, words):
    """Scores (N, T, words) of the next word after each of words (N, T), and where each looked."""
    return attention_decoder.net(W, see(W, X), words)


def loss(W, X, T):
    """The cross-entropy of a word, on average; filler words of short sentences do not count."""
    scores, _ = net(W, X, T[:, :-1])
    wanted = np.eye(len(WORDS), dtype="f")[T[:, 1:]]
    return softmax_cross_entropy(scores, wanted, ignored=NOTHING) * (1 / np.sum(T[:, 1:] != NOTHING))


def fresh(rng):
    """Endless batches of scenes that were never seen before, each also in a mirror."""
    while True:
        X, T = scenes(rng, 8 * BATCH)
        turned = np.where(T[:, 4:5] == LEFT, T[:, [0, 5, 6, 7, 4, 1, 2, 3, 8]], T)
        X, T = np.concatenate([X, X[:, :, ::-1]]), np.concatenate([T, turned])
        for first in range(0, len(X), BATCH):
            yield X[first : first + BATCH], T[first : first + BATCH]


def train(seed=0, steps=2300, watch=None):
    """Weights W as arrays, learnt from scenes without end."""
    rng = np.random.default_rng(seed)
    W = weights(rng)
    # A long warm-up and a small β₂, as in Vaswani et al., 2017: without them some seeds learn far less.
    fit(loss, W, fresh(rng), steps, alpha=4e-3, watch=watch, method=Adam(beta2=0.98), warm_up=0.1)
    return arrays(W)


def captions(W, X):
    """A sentence for each picture of X (N, 32, 32, 3), and where its words look: (N, heads, 8, 64)."""
    X = pictures.checked(X, 3)
    batches = [
        attention_decoder.written(W, see(W, X[i : i + 100]), START, LENGTH) for i in range(0, len(X), 100)
    ]
    words, looks = (np.concatenate(part) for part in zip(*batches, strict=True))
    return [said(row) for row in words], looks


def measure(W, n=2000):
    """The share of n held-out scenes that are described exactly: all, those with one shape, with two."""
    X, T = data(n, HELD_OUT)
    right = np.array([a == said(t) for a, t in zip(captions(W, X)[0], T, strict=True)])
    two = T[:, 4] != STOP
    return {"exact": right.mean(), "one shape": right[~two].mean(), "two shapes": right[two].mean()}


def show(W, n=4, side=96):
    """Held-out scenes with their sentences, and where each word looks: the brighter, the more."""
    X, _ = data(n, HELD_OUT)
    parts = []
    for row, (image, sentence, looks) in enumerate(zip(X, *captions(W, X), strict=True)):
        y, words = row * (side + 28), sentence.replace(".", " .").replace("left of", "left_of").split()
        parts.append(pictures.image_at(0, y, side, image))
        for i, word in enumerate(words):
            x, light = (i + 1) * (side + 6), looks[:, i].mean(0).reshape(8, 8)
            light = np.kron(light / light.max(), np.ones((4, 4)))[..., None]
            parts.append(pictures.image_at(x, y, side, image * (0.25 + 0.75 * light)))
            parts.append(text(x + side / 2, y + side + 17, word.replace("_", " "), font_size=13))
    description = "Scenes, the words that the network says, and where it looks for each"
    return pictures.Picture(svg(9 * (side + 6), n * (side + 28), description, *parts), description)
