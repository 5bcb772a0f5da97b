"""Arguments that are not what was expected raise a ValueError that says what to do."""

import numpy as np
import pytest

from nnlib import arguments


def test_numbers_become_float64_but_float32_stays():
    for values in ([1, 2], (True, False), np.ones(2, np.int8), np.ones(2, np.float16)):
        assert arguments.finite(values, "X").dtype == np.float64
    assert arguments.finite(np.ones(2, np.float32), "X").dtype == np.float32


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([[1, 2], [3]], "X must be an array, but its rows differ in length"),
        (["1", "2"], "X must be an array of real numbers, got list of str"),
        ("text", "X must be an array of real numbers, got str[.]"),
        ([1j], "got list of complex128"),
        (np.array(["2024-01-01"], "M8[D]"), "got ndarray of datetime64"),
        ({"a": 1}, "got dict[.]"),
        ([10**400], "got list of object"),
        (None, "X must be finite, but it is nan"),
        ([1.0, None], r"X must be finite, but X\[1\] is nan"),
    ],
)
def test_what_is_not_an_array_of_numbers_raises(values, words):
    with pytest.raises(ValueError, match=words):
        arguments.finite(values, "X")


def test_the_error_names_the_entry_by_its_short_name():
    with pytest.raises(ValueError, match=r"W of layer 1 must be finite, but W\[0, 1\] is inf\.$"):
        arguments.finite([[1, np.inf]], "W of layer 1")


def test_a_number_too_large_for_float32_raises():
    with pytest.raises(ValueError, match=r"but X\[0\] is inf in float32"):
        arguments.finite([1e300], "X", dtype=np.float32)


@pytest.mark.parametrize("alpha", ["0.1", None, True, [0.1], 1j])
def test_a_learning_rate_is_a_number(alpha):
    with pytest.raises(ValueError, match="learning rate α must be a number, got"):
        arguments.learning_rate(alpha)


def test_a_learning_rate_may_be_of_numpy():
    assert arguments.learning_rate(np.float32(0.5)) == arguments.learning_rate(np.float64(0.5)) == 0.5
    assert arguments.learning_rate(np.int64(1)) == 1.0


@pytest.mark.parametrize("rng", ["a", -1, 1.5])
def test_a_generator_comes_from_a_seed(rng):
    with pytest.raises(ValueError, match="rng must be a seed"):
        arguments.random_generator(rng)
    own = np.random.default_rng(1)
    assert arguments.random_generator(own) is own
    assert arguments.random_generator(3).random() == np.random.default_rng(3).random()
