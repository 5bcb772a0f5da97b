"""Numbers that are judged by what they do: which one or two changes of them make them right?

For questions with many right answers, such as the weights of a network for XOR.
"""

import itertools

import numpy as np

STEEPER = 20
"""A factor that makes sigmoids steep."""


def change_that_mends(results, are_right, steeper=(), most=2, more=()):
    """The sentence on the one change of an answer's arrays that makes it right, or on two, or "".

    results: for each input a dictionary name -> array. are_right: from such a list to True or False.
    steeper: names of arrays that may be too small together. most: 1 where two changes easily make something
    right that was meant otherwise. more: further changes of the question, as (words, function of such a
    dictionary).
    """
    changes = [*_changes(results[0], steeper), *more]
    for number in range(1, most + 1):
        mending = {}
        for chosen in itertools.combinations(changes, number):
            changed = _changed(chosen, results)
            if changed is not None and are_right(changed):
                mending.setdefault(_key(changed), "; and ".join(words for words, _ in chosen))
        if 1 <= len(mending) <= most:
            words = " – or: ".join(mending.values())
            return f" {('One change makes', 'Two changes make')[number - 1]} it right: {words}."
    return ""


def _changed(chosen, results):
    """The arrays after these changes; None where another input has too few entries for one."""
    try:
        for _, change in chosen:
            results = [change(arrays) for arrays in results]
    except IndexError:
        return None
    return results


def _key(results):
    """Equal for the same arrays: two changes that do the same count as one."""
    return tuple((name, (part + 0.0).tobytes()) for arrays in results for name, part in arrays.items())


def _changes(arrays, steeper):
    """(words, function from a dictionary of arrays to a changed one), the likeliest first."""
    for name in sorted(arrays, key=lambda name: name[0] != "b"):  # it is rather a bias that has a wrong sign
        yield f"the sign of {name} is turned", _of(name, lambda part: -part)
    for one, other in itertools.combinations(arrays, 2):
        if arrays[one].shape == arrays[other].shape:
            yield f"{one} and {other} are exchanged in what is returned", _exchanged(one, other)
    for name, part in arrays.items():
        if part.ndim == 1 and part.size > 1:
            yield f"{name} has its entries in reverse order", _of(name, lambda part: part[::-1])
            yield f"the first entry of {name} belongs at its end", _of(name, lambda part: np.roll(part, -1))
        if part.ndim == 1 and part.size > 2:
            told = f"the first two entries of {name} are exchanged"
            yield told, _of(name, lambda part: part[[1, 0, *range(2, len(part))]])
        if part.ndim == 2 and part.shape[0] == part.shape[1] > 1:
            yield f"{name} is transposed: rows receive, columns send", _of(name, np.transpose)
            yield f"{name} has its nodes in reverse order", _of(name, lambda part: part[::-1, ::-1])
        if part.ndim == 2 and 1 in part.shape and part.size > 1:
            yield f"{name} has its entries in reverse order", _of(name, lambda part: part[::-1, ::-1])
    for bias, weights in (("b1", "W1"), ("b2", "W2")):
        if bias in arrays and arrays[weights].shape[1] == 1:
            words = f"{bias} lacks the factor {weights}: a neuron switches where w x + b is 0"
            yield words, _with_factor(bias, weights)
    for name, part in arrays.items():
        yield f"{name} should be 0", _of(name, np.zeros_like)
        if 1 < part.size <= 6:
            for at in np.ndindex(part.shape):
                entry = f"{name}[{', '.join(map(str, at))}]"
                yield f"the sign of {entry} is turned", _of(name, lambda part, at=at: _turned(part, at))
    if steeper:
        words = f"{' and '.join(steeper)} are too small for a sharp step: multiply both by {STEEPER}, say"
        yield words, lambda arrays: arrays | {name: STEEPER * arrays[name] for name in steeper}


def _of(name, change):
    return lambda arrays: arrays | {name: change(arrays[name])}


def _exchanged(one, other):
    return lambda arrays: arrays | {one: arrays[other], other: arrays[one]}


def _with_factor(bias, weights):
    return lambda arrays: arrays | {bias: arrays[bias] * arrays[weights][:, 0]}


def _turned(part, at):
    turned = np.array(part)
    turned[at] = -turned[at]
    return turned
