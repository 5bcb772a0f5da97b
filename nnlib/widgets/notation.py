"""Numbers and formulas as text: four decimals, true minus signs, lowered digits."""

import re
from decimal import ROUND_HALF_UP, Decimal, localcontext


def number(value):
    """Four decimals with halves away from zero, as in the page; 1.23e-5 and 1.23e5 beyond them."""
    exact = Decimal(value + 0.0)  # + 0.0 turns -0.0 into 0.0
    with localcontext(rounding=ROUND_HALF_UP):
        text = f"{exact:.2e}" if 0 < abs(value) < 5e-4 or abs(value) >= 1e5 else f"{exact:.4f}"
    return text.replace("e+", "e").replace("-", "−")


def short(value, most=4):
    """The same for the inside of a circle: four decimals or fewer, so that six digits fit."""
    size = abs(value)
    if 0 < size < 5e-4 or size >= 1e5:
        return number(value)
    whole = len(str(int(size)))
    with localcontext(rounding=ROUND_HALF_UP):
        text = f"{Decimal(value + 0.0):.{min(most, 6 - whole)}f}"
    return text.replace("-", "−") if Decimal(text) else text.replace("-", "")


def brief(value, most=4):
    """The same without zeros at the end: 1.5 for 1.5000."""
    text = short(value, most)
    return text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text


def plain(formula):
    """A formula in the notation of kit/formula.js as plain text.

    >>> plain("δ_{h_1} = {∂E}/{∂a_{h_1}}")
    'δh₁ = ∂E/∂ah₁'
    """
    lowered = re.sub(r"_(\d)", lambda digit: "₀₁₂₃₄₅₆₇₈₉"[int(digit[1])], formula)
    return re.sub(r'[_{}"]', "", lowered).replace("^", "")


def node_names(sizes):
    """A name for each node, layer by layer: x_1, x_2 are inputs, y_1 outputs, h_1 hidden neurons.

    A second and a third hidden layer are u and v.
    """
    letters = ["x", *"huv"[: len(sizes) - 2], "y"]
    return [[f"{letter}_{j + 1}" for j in range(size)] for letter, size in zip(letters, sizes, strict=True)]
