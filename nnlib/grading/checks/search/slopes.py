"""The slopes g'(a) that students write instead of the right one. From y = g(a), a is found again."""

import numpy as np

from nnlib import slips
from nnlib.grading.checks.search.vocabulary import sigmoid


def of_tanh(output):
    """Wrong slopes for 1 - y², y = tanh(a). output: gives y from the operands of a site."""

    def of(function):
        return lambda *operands, **inside: function(output(*operands, **inside))

    yield 0.8, slips.NO_DERIVATIVE, of(lambda y: y)
    yield 0.8, slips.SLOPE_OF_OUTPUT, of(lambda y: 1 - np.tanh(y) ** 2)
    yield 0.8, "the slope is computed from a as if a was the output", of(lambda y: 1 - np.arctanh(y) ** 2)
    yield 0.8, "y is not squared in the slope of tanh", of(lambda y: 1 - y)
    yield 0.8, "the square is around the whole slope, not on y", of(lambda y: (1 - y) ** 2)
    yield 1, "in the slope of tanh y² is added, not subtracted", of(lambda y: 1 + y**2)
    yield 0.8, "that is the slope of the sigmoid, y (1 - y); here g is tanh", of(lambda y: y * (1 - y))
    yield (
        0.8,
        "that is the slope of the sigmoid at a; here g is tanh",
        of(lambda y: sigmoid(np.arctanh(y)) * (1 - sigmoid(np.arctanh(y)))),
    )
    yield 1, "that is the slope of the ReLU; here g is tanh", of(lambda y: 1.0 * (y > 0))
    yield 0.8, slips.NO_SLOPE, of(np.ones_like)
    yield 1, "the slope g'(a) is there twice", of(lambda y: (1 - y**2) ** 2)
    yield 1, "the size |y| of the output stands where the slope belongs", of(np.abs)
    yield 1.3, "the weighted sum a stands where the slope g'(a) belongs", of(np.arctanh)
    yield 1.3, "tanh is taken of a², not squared", of(lambda y: 1 - np.tanh(np.arctanh(y) ** 2))
    yield 1.3, "divided by the slope g'(a), not multiplied", of(lambda y: 1 / (1 - y**2))
    yield 1.3, "the root of the slope g'(a) is taken", of(lambda y: np.sqrt(1 - y**2))
    yield 1.3, "y has the wrong power in the slope of tanh", of(lambda y: 1 - y**3)
    yield 1.6, "the slope g'(a) is averaged over", of(lambda y: np.mean(1 - y**2))
    yield 1.6, "the slope g'(a) is averaged over the samples", of(lambda y: np.mean(1 - y**2, axis=0))
    yield 1.3, "the slope of tanh has a factor y too many", of(lambda y: y * (1 - y**2))
    yield 1.3, "the slope of tanh has its sign turned", of(lambda y: y**2 - 1)


def of_sigmoid(output):
    """Wrong slopes for y (1 - y), y = sigmoid(a)."""

    def of(function):
        return lambda *operands, **inside: function(output(*operands, **inside))

    def sums(y):
        return np.log(y / (1 - y))

    yield 0.8, slips.NO_DERIVATIVE, of(lambda y: y)
    yield 0.8, slips.SLOPE_OF_OUTPUT, of(lambda y: sigmoid(y) * (1 - sigmoid(y)))
    yield 0.8, "the slope is computed from a as if a was the output", of(lambda y: sums(y) * (1 - sums(y)))
    yield 0.8, "the factor y is missing in the slope of the sigmoid", of(lambda y: 1 - y)
    yield 0.8, "that is the slope of tanh, 1 - y²; here g is the sigmoid", of(lambda y: 1 - y**2)
    yield (
        0.8,
        "that is the slope of tanh at a; here g is the sigmoid",
        of(lambda y: 1 - np.tanh(sums(y)) ** 2),
    )
    yield 1, "that is the slope of the ReLU; here g is the sigmoid", of(lambda y: 1.0 * (sums(y) > 0))
    yield 0.8, slips.NO_SLOPE, of(np.ones_like)
    yield 1, "the slope g'(a) is there twice", of(lambda y: (y * (1 - y)) ** 2)
    yield 1, "in the slope of the sigmoid 1 + y stands for 1 - y", of(lambda y: y * (1 + y))
    yield 1, "y is squared in the slope of the sigmoid", of(lambda y: y**2 * (1 - y))
    yield 1, "1 - y is squared in the slope of the sigmoid", of(lambda y: y * (1 - y) ** 2)
    yield 1, "that is (1 - y)², where the slope y (1 - y) belongs", of(lambda y: (1 - y) ** 2)
    yield 1, "that is y², where the slope y (1 - y) belongs", of(lambda y: y**2)
    yield 1.3, "the slope of the sigmoid is y (1 - y), not y - 1 or y (y - 1)", of(lambda y: y * (y - 1))
    yield 1.3, "divided by the slope g'(a), not multiplied", of(lambda y: 1 / (y * (1 - y)))
    yield (
        1.3,
        "the weighted sum a stands where an output belongs in the slope",
        of(lambda y: y * (1 - sums(y))),
    )
    yield (
        1.3,
        "the weighted sum a stands where an output belongs in the slope",
        of(lambda y: sums(y) * (1 - y)),
    )
    yield 1.6, "the slope g'(a) is averaged over", of(lambda y: np.mean(y * (1 - y)))
    yield 1.6, "the slope g'(a) is averaged over the samples", of(lambda y: np.mean(y * (1 - y), axis=0))
