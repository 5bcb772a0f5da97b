"""The numbers of backpropagation by place, and how they are written into an equation.

A place is kind.layer.neuron, or kind.layer.neuron.input for W and dW. Layer 1 is the first that has
weights, and the input after the last is the constant 1 of the bias. Of a batch a place means the
chosen sample, or sample 3 where "@3" follows it.
"""

import math
import re

import numpy as np

from nnlib.backpropagation import backpropagate
from nnlib.widgets.notation import brief


def values(network, X, T, error):
    """Every number of backpropagation, as nested lists that the places of a step lead to.

    W and dW hold the bias as a last column; they and E belong to the whole batch, all other numbers
    to one of the `samples`. Lists by layer begin with an empty one: layer 1 stands at index 1.
    """
    X, T = np.atleast_2d(X), np.atleast_2d(T)
    E, _, trace = backpropagate(network, X, T, error, trace=True)
    by_place = {
        "E": float(E),
        "W": [[], *(np.column_stack((layer.W, layer.b)).tolist() for layer in network.layers)],
        "dW": [[], *(np.column_stack((traced.dE_dW, traced.dE_db)).tolist() for traced in trace)],
        "samples": [],
    }
    for n, (x, t) in enumerate(zip(X, T, strict=True)):
        sample = {"t": t.tolist(), "En": float(backpropagate(network, x, t, error)[0])}
        sample["x"] = [[], *([*traced.x[n].tolist(), 1.0] for traced in trace)]
        for kind in ("a", "y", "delta"):
            sample[kind] = [[], *(getattr(traced, kind)[n].tolist() for traced in trace)]
        pairs = zip(network.layers, trace, strict=True)
        sample["slope"] = [[], *(_slope(layer.activation, traced.a[n]).tolist() for layer, traced in pairs)]
        by_place["samples"].append(sample)
    return by_place


def look_up(by_place, place, sample=0):
    """The number at a place of `values`: "a.1.0", "dW.2.0.1", "delta.1.0@3", "t.0", "E", "En"."""
    path, _, other = place.partition("@")
    kind, *indices = path.split(".")
    number = by_place[kind] if kind in by_place else by_place["samples"][int(other or sample)][kind]
    for index in indices:
        number = number[int(index)]
    return number


def fill(numbers, by_place, sample=0):
    """`numbers` with the values in their places; a negative one after an operator in brackets."""

    def one(match):
        text = brief(look_up(by_place, match["place"], sample))
        operator = match["operator"] or ""
        return f"{operator}({text})" if operator and text.startswith("−") else operator + text

    return re.sub(r"(?P<operator>[·+−] )?\{(?P<place>[A-Za-z]+(?:\.\d+)+(?:@\d+)?)\}", one, numbers)


def total(terms, by_place, sample=0):
    """A sum of products: each term is a list of places and numbers, [["W.1.0.0", "x.1.0"], [-1, "t.0"]]."""
    return sum(
        math.prod(look_up(by_place, factor, sample) if isinstance(factor, str) else factor for factor in term)
        for term in terms
    )


def _slope(g, a):
    return np.ones_like(a) if g.name == "softmax" else g.derivative(a)
