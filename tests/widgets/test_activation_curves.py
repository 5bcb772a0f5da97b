"""activation_curves: numbers of nnlib.activations, and names that are known."""

import numpy as np
import pytest

from nnlib.widgets import activation_curves
from nnlib.widgets.activation_curves import LOOKS


def test_values_and_slopes_by_hand():
    """At ln 3 the sigmoid is 3/4 with slope 3/16, tanh is (9 - 1) / (9 + 1), softplus is ln 4."""
    figure = activation_curves(["sigmoid", "tanh", "softplus", "leaky relu"], a=np.log(3))
    names, values, slopes = zip(*figure.measure(), strict=True)
    assert names == ("sigmoid", "tanh", "softplus", "leaky relu")
    assert np.allclose(values, (3 / 4, 0.8, np.log(4), np.log(3)))
    assert np.allclose(slopes, (3 / 16, 0.36, 3 / 4, 1))


def test_where_the_tasks_of_the_figure_are_reached():
    every = list(LOOKS)
    measured = {a: dict(zip(every, np.array([row[1:] for row in activation_curves(every, a=a).measure()]),
                         strict=True)) for a in (0.0, 1.6, 1.75, -1.25, -1.35, -0.7, -0.85)}  # fmt: skip
    slope = {a: {name: pair[1] for name, pair in of.items()} for a, of in measured.items()}
    assert slope[0.0]["sigmoid"] == 0.25 and slope[0.0]["tanh"] == 1
    assert slope[1.6]["tanh"] > slope[1.6]["sigmoid"] and slope[1.75]["tanh"] < slope[1.75]["sigmoid"]
    assert slope[-1.25]["SiLU"] > 0 > slope[-1.35]["SiLU"]
    assert slope[-0.7]["GELU"] > 0 > slope[-0.85]["GELU"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (dict(shown=["gauss"]), "names among identity, relu"),
        (dict(a=6), "a must be from -5 to 5"),
        (dict(epsilon=1), "0 < ε < 1"),
    ],
)
def test_what_the_figure_cannot_show_is_a_sentence(arguments, words):
    with pytest.raises(ValueError, match=words):
        activation_curves(**arguments)
