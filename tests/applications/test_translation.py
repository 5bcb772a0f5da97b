"""The grammar of English and Latin, and the network that translates."""

import numpy as np
import pytest

from nnlib.applications import latin, translation
from nnlib.applications.fitting import arrays
from nnlib.applications.latin import ENGLISH, LATIN, NOTHING, START, STOP


class Scripted:
    """A generator whose chances are written down: words are found in their table, questions answered."""

    def __init__(self, *answers):
        self.answers = list(answers)

    def integers(self, size):
        word = self.answers.pop(0)
        tables = (latin.PEOPLE, latin.THINGS, latin.VERBS, latin.GIVING, latin.ADJECTIVES)
        return next(list(table).index(word) for table in tables if word in table and len(table) == size)

    def random(self, count=None):
        answers = [0.0 if self.answers.pop(0) else 0.99 for _ in range(count or 1)]
        return np.array(answers) if count else answers[0]


@pytest.mark.parametrize(
    ("chances", "english", "right"),
    [
        ("girl  -  -  ---  love  boy  -  -", "the girl loves the boy", "puella puerum amat"),
        (
            "sailor - + good  ---  see  queen - + small",
            "the good sailor sees the small queen", "nauta bonus reginam parvam videt",
        ),
        (
            "king + -  +-+  give  sword - + great  soldier + -",
            "the kings gave the great sword to the soldiers", "reges militibus gladium magnum dabant",
        ),
        ("wolf + -  -+-  fear  farmer - -", "the wolves do not fear the farmer", "lupi agricolam non timent"),
        (
            "teacher - -  --+  send  gift + + new  friend - -",
            "the teacher sends the new gifts to the friend", "magister amico dona nova mittit",
        ),
    ],
)  # fmt: skip
def test_the_grammar_says_what_was_written_by_hand(chances, english, right):
    """A chance + is yes, - is no: plural and adjective of each noun; past, negated and giving."""
    answers = []
    for word in chances.split():
        answers += [sign == "+" for sign in word] if set(word) <= set("+-") else [word]
    assert latin.sentence(Scripted(*answers)) == (english, right)


def test_every_word_of_the_data_is_known_and_fits():
    X, T = translation.data(300, 0)
    assert X.shape == (300, translation.LONGEST) and T.shape == (300, translation.LENGTH + 1)
    assert X.max() < len(ENGLISH) and T.max() < len(LATIN)
    assert (T[:, 0] == START).all() and ((T == STOP).sum(1) == 1).all()


def test_unseen_sentences_are_none_of_the_seen():
    seen, _ = translation.data(500, 0)
    sentences = [translation.written_out(row) for row in seen]
    unseen, _ = translation.data(500, 1, without=sentences)
    assert not set(sentences) & {translation.written_out(row) for row in unseen}
    assert len(set(sentences)) == 500


def test_an_unknown_word_is_named():
    with pytest.raises(ValueError, match="The word 'dragon' is unknown. Known are: book, books, boy"):
        translation.numbers("the dragon sees the girl")


@pytest.mark.parametrize("sentence", ["", "  . ", "the " * 14])
def test_a_sentence_of_another_length_is_refused(sentence):
    with pytest.raises(ValueError, match="expected 1 to 13"):
        translation.numbers(sentence)


def test_capitals_and_a_full_stop_do_not_count():
    capital, other = (
        translation.numbers("The girl sees the boy."),
        translation.numbers("the girl sees the boy"),
    )
    assert np.array_equal(capital, other)


def test_words_that_fill_up_change_nothing():
    W = arrays(translation.weights(np.random.default_rng(0)))
    X = translation.numbers("the girl sees the boy")[np.newaxis]
    words = np.array([[START, 5, 9]])
    scores, looks = translation.net(W, X, words)
    changed = W | {"read_words": W["read_words"].copy()}
    changed["read_words"][NOTHING] = 100
    assert np.allclose(translation.net(changed, X, words)[0], scores, atol=1e-4)
    assert (looks[..., 5:] == 0).all() and np.allclose(looks.sum(-1), 1, atol=1e-5)


def test_a_word_does_not_see_what_comes_after_it():
    W = arrays(translation.weights(np.random.default_rng(0)))
    X, T = translation.data(2, 0)
    first = translation.net(W, X, T[:, :4])[0]
    assert np.allclose(translation.net(W, X, T[:, :7])[0][:, :4], first, atol=1e-4)


@pytest.mark.slow
def test_translation_is_learnt_far_above_chance():
    W = translation.train(seed=1, steps=60, n=1000)
    X, T = translation.data(200, translation.HELD_OUT)
    scores, _ = translation.net(W, X, T[:, :-1])
    there = T[:, 1:] != NOTHING
    right = (scores.argmax(-1) == T[:, 1:])[there].mean()
    assert right > 0.25  # the most frequent word alone is right for 0.15
    assert "dark squares are where each looked" in translation.show(W).description
