"""A typed text becomes the nodes of a function: read as mathematics, never run as Python. Unit 5."""

import math
import re
from dataclasses import dataclass

from nnlib.widgets.typed_rules import FUNCTIONS

TOKEN = re.compile(r"\s*(?:(\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+)|([A-Za-z]\w*)|(\*\*|[-+*/^()]))")
VARIABLES = ("x", "x1", "x2", "x3")
CONSTANTS = {"pi": math.pi, "e": math.e}
MOST_NODES = 20
"""Nodes that a picture can show."""


class NotAFunction(ValueError):
    """The typed text cannot be read; `place` is the number of the character, from 0."""

    def __init__(self, message, place):
        super().__init__(message)
        self.place = place


@dataclass(frozen=True)
class Step:
    """One node: its name, its operation, and the places of its inputs in the list of nodes."""

    name: str
    operation: str
    inputs: tuple = ()
    number: float = 0.0


def read(text):
    """The nodes of the function, inputs first, each after those that it is computed from.

    Raises NotAFunction with the place where the text cannot be read on.
    """
    return _Reader(text).nodes()


class _Reader:
    """Reads the text from left to right: sums of products of powers of atoms."""

    def __init__(self, text):
        self.text, self.tokens, place = text, [], 0
        while text[place:].strip():
            match = TOKEN.match(text, place)
            if not match:
                place += len(text[place:]) - len(text[place:].lstrip())
                raise NotAFunction(f"{text[place]!r} has no meaning here.", place)
            self.tokens.append((match[1] or match[2] or match[3], match.start(match.lastindex)))
            place = match.end()
        self.tokens.append(("", len(text)))
        self.at, self.steps = 0, []

    def nodes(self):
        if len(self.tokens) == 1:
            raise NotAFunction("Type a function of x, or of x1, x2 and x3.", 0)
        last = self.sum()
        if self.word:
            raise self.wrong(f"expected + - * / or the end, but {self.word!r} follows")
        if not any(name == "input" for name, _, _ in self.steps):
            raise NotAFunction("There is no x in it: use x, or x1, x2 and x3.", 0)
        return self.named(last)

    def named(self, last):
        """Steps with names: inputs first, v1, v2, ... in the order of computation, y last."""
        if self.steps[last][0] in ("input", "number"):
            raise NotAFunction("That is only an input: compute something with it.", 0)
        order = sorted(range(len(self.steps)), key=lambda i: (self.steps[i][0] != "input", i))
        if len(order) > MOST_NODES:
            raise NotAFunction(f"That has {len(order)} nodes; at most {MOST_NODES} can be shown.", 0)
        new, steps, count = {}, [], 0
        for old in order:
            operation, inputs, extra = self.steps[old]
            new[old] = len(steps)
            inputs = tuple(new[i] for i in inputs)
            if operation == "input":
                steps.append(Step(extra, "input"))
            elif operation == "number":
                steps.append(Step(f"{extra:.4g}", "number", (), extra))
            else:
                count += 1
                name = "y" if old == last else f"v{count}"
                steps.append(Step(name, operation, inputs, extra))
        return steps

    @property
    def word(self):
        return self.tokens[self.at][0]

    def wrong(self, message):
        place = self.tokens[self.at][1]
        return NotAFunction(f"At character {place + 1}: {message}.", place)

    def take(self, *words):
        if self.word in words and self.word:
            self.at += 1
            return self.tokens[self.at - 1][0]
        return None

    def step(self, operation, inputs=(), extra=0.0):
        if operation in ("input", "number"):  # one node for all uses of an input
            node = (operation, (), extra)
            if operation == "input" and node in self.steps:
                return self.steps.index(node)
        self.steps.append((operation, tuple(inputs), extra))
        return len(self.steps) - 1

    def sum(self):
        left = self.product()
        while sign := self.take("+", "-"):
            left = self.step(sign, (left, self.product()))
        return left

    def product(self):
        left = self.signed()
        while True:
            if sign := self.take("*", "/"):
                left = self.step(sign, (left, self.signed()))
            elif self.word and (self.word[0].isalnum() or self.word == "("):  # 2x is 2*x
                left = self.step("*", (left, self.power()))
            else:
                return left

    def signed(self):
        if self.take("-"):
            return self.step("minus", (self.signed(),))
        self.take("+")
        return self.power()

    def power(self):
        base = self.atom()
        if not self.take("^", "**"):
            return base
        sign = -1.0 if self.take("-") else 1.0
        if not re.match(r"[\d.]", self.word):
            raise self.wrong("the exponent must be a number, as in x^2")
        self.at += 1
        return self.step("power", (base,), sign * float(self.tokens[self.at - 1][0]))

    def atom(self):
        word = self.word
        if self.take("("):
            inner = self.sum()
            if not self.take(")"):
                raise self.wrong("a closing bracket is missing")
            return inner
        if re.match(r"[\d.]", word):
            self.at += 1
            return self.step("number", extra=float(word))
        if word in CONSTANTS:
            self.at += 1
            return self.step("number", extra=CONSTANTS[word])
        if word in VARIABLES:
            self.at += 1
            return self.step("input", extra=word)
        if word in FUNCTIONS or word == "log":
            self.at += 1
            if not self.take("("):
                raise self.wrong(f"{word} needs a bracket: {word}(x)")
            inner = self.sum()
            if not self.take(")"):
                raise self.wrong("a closing bracket is missing")
            return self.step("ln" if word == "log" else word, (inner,))
        if word and word[0].isalpha():
            raise self.wrong(f"there is no {word}; there are x, x1, x2, x3, pi, e, {', '.join(FUNCTIONS)}")
        raise self.wrong("a number, an x or a bracket is expected" + (f", not {word!r}" if word else ""))
