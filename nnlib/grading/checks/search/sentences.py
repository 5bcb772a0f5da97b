"""From explanations to the one or two sentences that a student reads."""

import re

from nnlib.grading.checks.search.parts import UNKNOWN

OF_SIGNS = r"\bsigns?\b|subtracted, not added|added, not subtracted|turned round|minus in front"
"""Words of slips with a sign: two of them may give what one of another gives."""


def hint_of(explanations, names=()):
    """The hint for explanations of the same cost: one, or 'either ... or', or what they share.

    names: of parameters and variables, which keep their small letter where a sentence begins.
    """
    told = _told(explanations, names)
    return f"These numbers come of this: {told}" if explanations[0].doubt else told


def _told(explanations, names):
    texts = list(dict.fromkeys(_text(e.sentences, names) for e in _without_repeats(explanations)))
    if len(texts) == 1:
        return texts[0]
    if len(texts) > 2 and all(re.search(OF_SIGNS, words) for e in explanations for _, words in e.sentences):
        return "A sign is wrong, or two are: go through each of them."
    if len(texts) == 2:
        return f"Either: {texts[0]} Or: {texts[1]}"
    return f"Several slips give these numbers. One is: {texts[0]} Another: {texts[-1]}"


def _without_repeats(explanations):
    """Of explanations with the same words in different places, the last: it is nearest to the result."""
    kept = {}
    for explanation in explanations:
        kept[tuple(words for _, words in explanation.sentences)] = explanation
    return kept.values()


def _text(sentences, names):
    if len(sentences) == 1:
        return sentence(*sentences[0], names)
    if sentences[-1][1] == UNKNOWN:
        return f"{_text(sentences[:-1], names)} {sentence(*sentences[-1], names)}"
    told = " ".join(
        f"{number} {sentence(*one, names)}"
        for number, one in zip(("First:", "Second:", "Third:"), sentences, strict=False)
    )
    return f"{('Two', 'Three')[len(sentences) - 2]} slips. {told}"


def sentence(place, words, names=()):
    """One slip as a sentence: its place, unless the words name it, and the words."""
    is_named = not place or re.search(rf"(?<!\w){re.escape(place)}(?!\w)", words)
    told = words if is_named else f"{place}: {words}"
    told = re.sub(r"\bd([A-Z])/d([A-Za-z]\w*)", r"∂\1/∂\2", told)
    first = told.split()[0]
    is_word = first.isalpha() and len(first) > 1 and first not in names
    capital = told[0].upper() if is_word else told[0]
    return f"{capital}{told[1:]}{'' if told.endswith('?') else '.'}"
