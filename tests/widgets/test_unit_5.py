"""The figures of unit 5 without a page: numbers, and arguments that cannot be used."""

import re

import numpy as np
import pytest

from nnlib import widgets


def test_the_table_of_steps_is_baydin_s():
    figure = widgets.differentiate("ln(x1) + x1*x2 - sin(x2)", x1=2.0, x2=5.0)
    name, value, dot, adjoint = figure.table_of_steps()[-1]
    assert (name, dot, adjoint) == ("y", 5.5, 1.0) and value == pytest.approx(11.6521, abs=5e-5)


def test_a_tangent_can_be_drawn_on_a_small_domain():
    figure = widgets.dual_tangent("ln(x - 3.8)", at=3.9)
    assert figure.dual() == pytest.approx((np.log(0.1), 10.0))
    assert "<svg" in figure.svg()


@pytest.mark.parametrize(("function", "pieces"), [("x**2 + 2*x + 3", 1), ("1/x", 2)])
def test_too_high_values_are_left_out_of_the_still_curve(function, pieces):
    drawn = re.findall(r'<polyline points="([^"]+)"', widgets.dual_tangent(function, at=1.0).svg())
    assert len(drawn) == pieces
    for piece in drawn:
        heights = [point.split(",")[1] for point in piece.split()]
        assert heights[0] != heights[1] and heights[-2] != heights[-1]


def test_the_best_central_step_is_near_the_cube_root_of_rounding():
    figure = widgets.step_size("x*sin(x)", at=2.0)
    exponents = np.arange(-12, 0, 0.25)
    best = exponents[np.argmin([figure.error(e) for e in exponents])]
    assert -6.5 < best < -4


def test_the_arm_s_determinant_is_the_product_of_its_links():
    text = widgets.arm(q=(0.3, 0.7)).text()
    assert float(text.split("det J = ")[1]) == pytest.approx(0.6 * 0.4 * np.sin(0.7), abs=5e-5)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: widgets.differentiate("x +"), "At character 4"),
        (lambda: widgets.differentiate("x*x", mode="sideways"), "mode must be 'forward' or 'reverse'"),
        (lambda: widgets.differentiate("x*x", x1=2.0), "has no variable x1; it has x"),
        (lambda: widgets.differentiate("ln(x)", x=-1.0), "ln of -1 is not defined"),
        (lambda: widgets.dual_tangent("x1*x2"), "of x alone"),
        (lambda: widgets.dual_tangent(at=5.0), "at must be between -4 and 4"),
        (lambda: widgets.step_size("ln(x)", at=0.0), "not defined"),
        (lambda: widgets.mode_costs(n=3), "n must be one of"),
        (lambda: widgets.arm(q=(1.0,)), "one angle for each of the two joints"),
        (lambda: widgets.arm(goal=(1.0, np.inf)), "goal"),
    ],
)
def test_bad_arguments_raise_with_a_reason(make, words):
    with pytest.raises(ValueError, match=words):
        make()
