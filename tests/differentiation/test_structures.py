"""Several arrays as one argument: lists, tuples and dicts come back as they went in."""

from typing import NamedTuple

import numpy as np
import pytest

from nnlib.differentiation import gradient, hessian, jacobian

every_method = pytest.mark.parametrize("method", ["forward", "reverse", "numeric", "symbolic"])
W, b, x = np.array([[1.0, 2.0, 0.5], [0.3, -1.0, 2.0]]), np.array([0.1, -0.2]), np.array([1.0, -1.0, 0.5])
D = 2 * (W @ x + b)  # ∂E/∂a of E = Σ a²


class Layer(NamedTuple):
    W: np.ndarray
    b: np.ndarray


def error(W, b):
    return np.sum((W @ x + b) ** 2)


@every_method
@pytest.mark.parametrize(
    ("parameters", "f"),
    [
        ([W, b], lambda p: error(*p)),
        ((W, b), lambda p: error(*p)),
        ({"W": W, "b": b}, lambda p: error(**p)),
        (Layer(W, b), lambda p: error(p.W, p.b)),
        ([{"W": W}, ({"b": [b]},)], lambda p: error(p[0]["W"], p[1][0]["b"][0])),
    ],
    ids=["list", "tuple", "dict", "named", "nested"],
)
def test_a_gradient_has_the_structure_of_its_point(parameters, f, method):
    slopes = gradient(f, parameters, method)

    def same(slopes, parameters):
        if isinstance(parameters, np.ndarray):
            truth = np.outer(D, x) if parameters is W else D
            assert isinstance(slopes, np.ndarray)
            return np.testing.assert_allclose(slopes, truth, rtol=1e-6)
        assert type(slopes) is type(parameters) and len(slopes) == len(parameters)
        for key in parameters if isinstance(parameters, dict) else range(len(parameters)):
            same(slopes[key], parameters[key])

    same(slopes, parameters)


@every_method
def test_jacobians_of_each_part(method):
    J = jacobian(lambda p: p["W"] @ x * p["s"], {"W": W, "s": np.array(2.0)}, method)
    np.testing.assert_allclose(J["s"], W @ x, rtol=1e-6)
    np.testing.assert_allclose(J["W"], 2 * np.einsum("ij,k->ijk", np.eye(2), x), rtol=1e-6, atol=1e-9)


def test_hessians_of_each_pair():
    """E = u² v has ∂²E/∂u² = 2 v, ∂²E/∂u∂v = 2 u."""
    H = hessian(lambda p: p["u"] ** 2 * p["v"], {"u": np.array(3.0), "v": np.array(5.0)})
    assert H == {"u": {"u": 10.0, "v": 6.0}, "v": {"u": 6.0, "v": 0.0}}


@pytest.mark.parametrize("outer", ["forward", "reverse"])
@pytest.mark.parametrize("inner", ["forward", "reverse"])
def test_structures_nest(outer, inner):
    point = [np.array(3.0), np.array(5.0)]
    second = gradient(lambda p: gradient(lambda q: q[0] ** 2 * q[1], p, inner)[0], point, outer)
    assert second == [10.0, 6.0]


@every_method
def test_a_list_of_numbers_is_one_array(method):
    slopes = gradient(lambda x: x[0] * x[1], [2.0, 3.0], method)
    assert isinstance(slopes, np.ndarray)
    np.testing.assert_allclose(slopes, [3.0, 2.0], rtol=1e-8)


@every_method
def test_what_f_writes_into_one_part_does_not_change_the_point(method):
    def f(p):
        p[0] = p[0] * 2
        return np.sum(p[0] * p[1])

    a, c = np.ones(2), np.array([1.0, 2.0])
    slopes = gradient(f, [a, c], method)
    np.testing.assert_allclose(slopes[0], [2, 4], rtol=1e-6)
    assert np.array_equal(a, [1, 1]) and np.array_equal(c, [1, 2])


def test_parts_keep_their_float_type_and_integers_raise():
    slopes = gradient(lambda p: np.sum(p[0]) * p[1], [np.ones(2, np.float32), np.array(2.0)])
    assert slopes[0].dtype == np.float32 and slopes[1].dtype == np.float64
    with pytest.raises(ValueError, match="integer dtype"):
        gradient(lambda p: np.sum(p[0]), [np.ones(2, int)])
    assert gradient(lambda p: 1.0, {}) == {}


@pytest.mark.parametrize("shape", [(2,), (40,), (2, 3), ()])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_short_way_for_one_array_equals_that_of_parts(shape, dtype):
    x = np.random.default_rng(0).normal(size=shape).astype(dtype)

    for f in (
        lambda x: x * np.sin(x) + x,
        lambda x: x,
        lambda x: np.sum(x * x),
        lambda x: x[..., None] * [1, 2],
    ):
        of_one, (of_parts,) = jacobian(f, x, "forward"), jacobian(lambda xs, f=f: f(xs[0]), [x], "forward")
        assert np.array_equal(of_one, of_parts) and of_one.dtype == of_parts.dtype == dtype
        assert of_one.flags.writeable
