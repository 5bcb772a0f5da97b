"""The numbers and equations that stand in a lecture's text, read from its Markdown."""

import re

FORMULA = re.compile(r"\$\$(.+?)\$\$|\$(.+?)\$", re.S)
DECIMAL = re.compile(r"(?<![\d.])\d+\.\d+(?!\d)")
PLAIN = re.compile(r"[\d.+\-*/() ]*\d[\d.+\-*/() ]*")
BETWEEN = re.compile(r"\\q?quad|\\\\|,(?![^(]*\))|\\text\{.*?\}|\\(?:begin|end)\{aligned\}")
MATRIX = re.compile(r"\\begin\{pmatrix\}(.+?)\\end\{pmatrix\}", re.S)


def decimals(source):
    """Every number with a decimal point, without its sign, as a set of strings."""
    return set(DECIMAL.findall(source))


def written(value):
    """A number as the lectures write it: four decimals, or fewer if that is exact."""
    return f"{abs(float(value)):.4f}".rstrip("0").rstrip(".")


def told(pattern, source):
    """The numbers that a sentence of the text holds at the places marked by groups."""
    match = re.search(pattern, source, re.S)
    assert match, pattern
    return [float(group) for group in match.groups()]


def matrices(source):
    """Every matrix or column of numbers, as a list of rows; those with letters are left out."""
    found = []
    for body in MATRIX.findall(source):
        rows = [row.split("&") for row in body.split(r"\\")]
        if all(PLAIN.fullmatch(entry) for row in rows for entry in row):
            found.append([[float(entry) for entry in row] for row in rows])
    return found


def python(formula):
    """A formula as Python writes it: "2(3u + 1) \\cdot 3" becomes "2*(3*u + 1) * 3"."""
    text = re.sub(r"\\(?:big|Big|left|right)(?=[()])|\\,|&", "", formula)
    text = re.sub(r"\\t?frac\{(.+?)\}\{(.+?)\}", r"((\1)/(\2))", text)
    text = text.replace(r"\frac12", "0.5 *").replace(r"\cdot", "*").replace("^", "**")
    text = re.sub(r"(?<=\d)(?=[a-z(])", "*", text)
    return text.strip().removesuffix(".").strip()


def equations(source, **letters):
    """Pairs of neighbouring sides that are nothing but numbers: of "a = 2 · 3 = 6" the last two.

    letters: values that stand for single letters, such as u=2.
    """
    pairs = []
    for formula in FORMULA.finditer(MATRIX.sub("M", source)):
        text = re.sub(r"\\\\\s*&=", "=", formula.group(1) or formula.group(2))  # goes on in the next line
        for statement in BETWEEN.split(text):
            sides = [_value(side, letters) for side in statement.split("=")]
            neighbours = zip(sides, sides[1:], strict=False)
            pairs += [pair for pair in neighbours if None not in pair]
    return pairs


def _value(side, letters):
    """The value of one side of an equation, or None if it is more than numbers and these letters."""
    text = python(side)
    bare = text
    for letter in letters:
        bare = re.sub(rf"\b{letter}\b", "1", bare)
    return float(eval(text, dict(letters))) if PLAIN.fullmatch(bare) else None
