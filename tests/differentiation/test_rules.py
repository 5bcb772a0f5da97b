"""Each line of the table against PyTorch and against the complex step."""

import numpy as np
import pytest
import torch

from nnlib.differentiation.rules import BINARY, CHAINED, DERIVATIVES, UNARY

POSITIVE = (0.2, 0.9)  # inside of every domain but arccosh's
DOMAIN = {np.arccosh: (1.2, 3.0)}
TORCH = {
    np.cbrt: lambda x: x ** (1 / 3),
    np.arcsinh: torch.asinh,
    np.arccosh: torch.acosh,
    np.arctanh: torch.atanh,
    np.power: torch.pow,
    np.fabs: torch.abs,
    np.radians: torch.deg2rad,
    np.degrees: torch.rad2deg,
    np.rint: torch.round,
}
NO_COMPLEX = {
    np.cbrt, np.absolute, np.sign, np.floor, np.ceil, np.arctan2, np.hypot, np.logaddexp,
    np.maximum, np.minimum, np.fmax, np.fmin, np.heaviside, np.fabs, np.trunc, np.rint,
    np.deg2rad, np.radians, np.rad2deg, np.degrees, np.remainder, np.floor_divide,
}  # fmt: skip


def torch_function(ufunc):
    return TORCH.get(ufunc) or getattr(torch, ufunc.__name__)


def arguments(ufunc, seed=0):
    rng = np.random.default_rng(seed)
    return [rng.uniform(*DOMAIN.get(ufunc, POSITIVE), size=(3, 4)) for _ in range(ufunc.nin)]


def by_the_table(ufunc, *x):
    rules = DERIVATIVES[ufunc] if ufunc.nin == 2 else [DERIVATIVES[ufunc]]
    y = ufunc(*x)
    return [np.broadcast_to(rule(*x, y), y.shape) for rule in rules]


@pytest.mark.parametrize("ufunc", DERIVATIVES, ids=lambda ufunc: ufunc.__name__)
def test_like_pytorch(ufunc):
    x = arguments(ufunc)
    leaves = [torch.tensor(a, requires_grad=True) for a in x]
    if ufunc in {np.heaviside, np.floor_divide}:
        expected = [np.zeros((3, 4))] * 2  # PyTorch does not differentiate it
    else:
        torch_function(ufunc)(*leaves).sum().backward()
        expected = [leaf.grad.numpy() for leaf in leaves]
    for got, wanted in zip(by_the_table(ufunc, *x), expected, strict=True):
        np.testing.assert_allclose(got, wanted, rtol=1e-13, atol=1e-15)


@pytest.mark.parametrize("ufunc", [u for u in DERIVATIVES if u not in NO_COMPLEX], ids=lambda u: u.__name__)
def test_like_the_complex_step(ufunc):
    x = arguments(ufunc, seed=1)
    if ufunc is np.arccosh:  # on the real axis beyond 1 the branch cut is approached from above
        x = [a + 0j for a in x]
    for i, got in enumerate(by_the_table(ufunc, *arguments(ufunc, seed=1))):
        stepped = [a + 1e-30j * (i == j) for j, a in enumerate(x)]
        np.testing.assert_allclose(got, ufunc(*stepped).imag / 1e-30, rtol=1e-13, atol=1e-15)


@pytest.mark.parametrize("ufunc", DERIVATIVES, ids=lambda ufunc: ufunc.__name__)
def test_adjoints_are_the_adjoint_times_the_derivative(ufunc):
    x = arguments(ufunc)
    y, g = ufunc(*x), np.random.default_rng(2).normal(size=(3, 4))
    adjoints = CHAINED[ufunc] if ufunc.nin == 2 else [CHAINED[ufunc]]
    for adjoint, derivative in zip(adjoints, by_the_table(ufunc, *x), strict=True):
        np.testing.assert_allclose(adjoint(g, *x, y), g * derivative, rtol=1e-12, atol=1e-15)


def test_a_wrong_rule_is_caught(monkeypatch):
    """The checker checked: a rule that is off by 2.001/2 does not pass."""
    monkeypatch.setitem(DERIVATIVES, np.square, lambda x, y: 2.001 * x)
    with pytest.raises(AssertionError):
        test_like_pytorch(np.square)
    with pytest.raises(AssertionError):
        test_like_the_complex_step(np.square)


def test_conventions_at_kinks_are_those_of_pytorch():
    zero = np.zeros(1)
    assert by_the_table(np.absolute, zero)[0] == 0
    for name in ("maximum", "minimum"):
        leaves = [torch.ones(1, dtype=torch.float64, requires_grad=True) for _ in range(2)]
        getattr(torch, name)(*leaves).sum().backward()
        for got, leaf in zip(by_the_table(getattr(np, name), np.ones(1), np.ones(1)), leaves, strict=True):
            assert got == leaf.grad.numpy() == 0.5


@pytest.mark.parametrize("base, exponent", [(0.0, 0.0), (0.0, 1.0), (0.0, 2.5), (-2.0, 3.0)])
def test_power_at_its_edges_is_that_of_pytorch(base, exponent):
    x = torch.tensor(base, dtype=torch.float64, requires_grad=True)
    p = torch.tensor(exponent, dtype=torch.float64, requires_grad=True)
    (x**p).backward()
    by_base, by_exponent = DERIVATIVES[np.power]
    values = np.float64(base), np.float64(exponent), np.float64(base) ** np.float64(exponent)
    assert by_base(*values) == x.grad.item()
    if base >= 0:
        assert by_exponent(*values) == p.grad.item()


def test_the_table_is_of_numpy_functions():
    assert all(ufunc.nin == 1 for ufunc in UNARY)
    assert all(ufunc.nin == 2 and len(rules) == 2 for ufunc, rules in BINARY.items())
