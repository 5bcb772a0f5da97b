"""Type an English sentence: a network says it in Latin, and shows where each word looked. Unit 6."""

import traitlets

from nnlib.applications import latin, shipped, translation
from nnlib.figures.svg import line, text
from nnlib.widgets.live_figure import LiveFigure
from nnlib.widgets.packed import packed
from nnlib.widgets.picture import BLUE, picture

EXAMPLES = 12
OPENING = "the good sailor did not give the horses to the girl"


class Translate(LiveFigure):
    """A sentence, its Latin, and lines from each Latin word to the English words that it looked at."""

    name = "translate"
    english = traitlets.Unicode().tag(sync=True)
    examples = traitlets.List().tag(sync=True)
    known = traitlets.List().tag(sync=True)
    latin = traitlets.List().tag(sync=True)
    weights = traitlets.Dict().tag(sync=True)
    longest = traitlets.Int(translation.LONGEST).tag(sync=True)
    length = traitlets.Int(translation.LENGTH).tag(sync=True)

    def text(self):
        words, looks = translation.spoken(self.W, self.english)
        read = self.english.lower().rstrip(" .").split()
        most = [
            f"{word or 'nothing'} looked most at {read[int(share.argmax())]} ({100 * share.max():.0f} %)"
            for word, share in zip(words, looks.mean(0), strict=True)
        ]
        return f"{self.english}\n{' '.join(words)}\n" + ", ".join(most)

    def svg(self):
        words, looks = translation.spoken(self.W, self.english)
        rows = [self.english.lower().rstrip(" .").split(), words]
        width = 72 * max(map(len, rows))
        parts, at = [], []
        for row, y in zip(rows, (20, 180), strict=True):
            at.append([(n + 0.5) * width / len(row) for n in range(len(row))])
            parts += [text(x, y, word, font_size=13) for x, word in zip(at[-1], row, strict=True)]
        for x, shares in zip(at[1], looks.mean(0), strict=True):
            for x_read, share in zip(at[0], shares, strict=True):
                if share > 0.02:
                    look = {"stroke": BLUE, "stroke_width": 3, "stroke_opacity": round(float(share), 2)}
                    parts.append(line(x_read, 28, x, 164, **look))
        return picture(width, 200, f"English above, Latin below. {self.text()}", *parts)


def translate(english=OPENING, W=None):
    """A field for an English sentence, and its Latin with the attention.

    english: the first sentence, of the words of `nnlib.applications.latin.ENGLISH`.
    W: weights as `translation.train` returns them; None takes the shipped ones.

    Raises
    ------
    ValueError: an unknown word, no words, or too many.
    """
    translation.numbers(english)
    W = shipped.load("translation") if W is None else W
    X, _ = translation.data(EXAMPLES, translation.HELD_OUT + 1)
    figure = Translate(
        english=english,
        examples=[translation.written_out(row) for row in X],
        known=list(latin.ENGLISH),
        latin=list(latin.LATIN),
        weights=packed(W),
    )
    figure.W = W
    return figure
