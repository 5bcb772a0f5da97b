"""From explanations to the one or two sentences that a student reads."""

import re


def hint_of(explanations):
    """The hint for explanations of the same cost: one, or 'either ... or', or what they share."""
    texts = list(dict.fromkeys(_text(e.sentences) for e in _without_repeats(explanations)))
    if len(texts) == 1:
        return texts[0]
    if len(texts) == 2:
        return f"Either: {texts[0]} Or: {texts[1]}"
    return f"Several slips give these numbers. One is: {texts[0]} Another: {texts[-1]}"


def _without_repeats(explanations):
    """Of explanations with the same words in different places, the last: it is nearest to the result."""
    kept = {}
    for explanation in explanations:
        kept[tuple(words for _, words in explanation.sentences)] = explanation
    return kept.values()


def _text(sentences):
    if len(sentences) == 1:
        return _sentence(*sentences[0])
    told = " ".join(
        f"{number} {_sentence(*one)}" for number, one in zip(("First:", "Second:"), sentences, strict=True)
    )
    return f"Two slips. {told}"


def _sentence(place, words):
    told = f"{place}: {words}" if place and place not in words else words
    told = re.sub(r"\bd([A-Z])/d([A-Za-z]\w*)", r"∂\1/∂\2", told)
    first = told.split()[0]
    capital = told[0].upper() if first.isalpha() and len(first) > 1 else told[0]
    return f"{capital}{told[1:]}{'' if told.endswith('?') else '.'}"
