"""What a test does with the page of one figure: press, read the status, read a formula."""

import re


def numbers(words):
    return [float(n) for n in re.findall(r"-?\d+\.\d+", words.replace("−", "-"))]


def status(page):
    return page.locator(".nnlib-status").last.text_content()


def press(page, name, times=1):
    for _ in range(times):
        page.get_by_role("button", name=name, exact=True).press("Enter")


def formula(page):
    """The numbers of a step as text: MathML has no spaces."""
    return re.sub(r"[\s\u200b]", "", page.locator(".nnlib-numbers").first.text_content())


def as_mathml(words):
    """What a browser says is the text of this formula, in the notation of kit/formula.js."""
    words = re.sub(r"(?<=\S)/(?=[∂{])", "", words)
    words = re.sub(r'[_{}^" \xa0\u200b]', "", words)
    for ours, theirs in {"½": "12", "²": "2", "ⁿ": "n", "Σ": "∑", "'": "′", "-": "−"}.items():
        words = words.replace(ours, theirs)
    return words
