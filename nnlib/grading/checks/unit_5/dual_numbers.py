"""Questions of unit 5 on dual numbers: pairs (value, dot), and the student's class of them."""

import numpy as np

from nnlib.grading.checks.question import question
from nnlib.grading.sandbox.inside import objects

DOTS = {"v_dot": "v̇", "w_dot": "ẇ"}
STILL_BROKEN = "That is what the broken version gives"


def apart(rng, count):
    """Numbers between 0.5 and 2, so that none is near 0 or 1 by chance."""
    return tuple(float(v) for v in rng.uniform(1.2, 2.5, count))


def both(rng):
    return apart(rng, 4)


def right_number(rng):
    v, v_dot, w = apart(rng, 3)
    return v, v_dot, w, 0.0


def left_number(rng):
    v, w, w_dot = apart(rng, 3)
    return v, 0.0, w, w_dot


@question(
    returns=(
        "the value of u + w", "the dot of u + w", "the value of u - w", "the dot of u - w",
        "the value of u · w", "the dot of u · w",
    ),
    section="Where the derivative comes from",
    inputs=both,
    names=DOTS,
    through=objects.two_duals,
    parts={
        "two_duals": dict(
            hints={
                "The dot of a product is not the product of the dots": lambda v, v_dot, w, w_dot: (
                    v + w, v_dot + w_dot, v - w, v_dot - w_dot, v * w, v_dot * w_dot,
                ),
                "The dot of a product: v̇ ẇ belongs to ε², which is 0": lambda v, v_dot, w, w_dot: (
                    v + w, v_dot + w_dot, v - w, v_dot - w_dot, v * w,
                    v_dot * w + v * w_dot + v_dot * w_dot,
                ),
            }
        ),
        "numbers_on_the_right": dict(
            inputs=right_number, through=objects.number_on_the_right,
            hints={
                "The dot of a number is 0, not 1": lambda v, v_dot, w, w_dot: (
                    v + w, v_dot + 1, v - w, v_dot - 1, v * w, v_dot * w + v,
                )
            },
        ),
        "numbers_on_the_left": dict(
            inputs=left_number, through=objects.number_on_the_left,
            hints={
                "2 - u is computed as u - 2: in __rsub__ self stands on the right": (
                    lambda v, v_dot, w, w_dot: (v + w, w_dot, w - v, w_dot, v * w, v * w_dot)
                ),
                "The sign of the dot of 2 - u is wrong: the derivative of -u is -u̇": (
                    lambda v, v_dot, w, w_dot: (v + w, w_dot, v - w, w_dot, v * w, v * w_dot)
                ),
            },
        ),
    },
)  # fmt: skip
def Dual(v, v_dot, w, w_dot):
    """Sum, difference and product of dual numbers."""
    return v + w, v_dot + w_dot, v - w, v_dot - w_dot, v * w, v_dot * w + v * w_dot


@question(
    returns=("the value of u / w", "the dot of u / w"),
    section="Division, powers, and every other function",
    inputs=both,
    names=DOTS,
    hints={
        "The order of the quotient rule is wrong: v̇ w comes first": lambda v, v_dot, w, w_dot: (
            v / w, (v * w_dot - v_dot * w) / w**2,
        )
    },
)  # fmt: skip
def divide(v, v_dot, w, w_dot):
    """The quotient of dual numbers."""
    return v / w, (v_dot * w - v * w_dot) / w**2


def positive(rng):
    v, v_dot = apart(rng, 2)
    return v, v_dot, float(rng.choice([2.5, 3.5, -1.5]))


def negative(rng, sign):
    v, v_dot = apart(rng, 2)
    return sign * v, v_dot, int(rng.integers(2, 5))


def nought(rng, p):
    return 0.0, apart(rng, 1)[0], p


@question(
    returns=("the value of u^p", "the dot of u^p"),
    section="Division, powers, and every other function",
    inputs=positive,
    names=DOTS | {"slope": "the slope"},
    hints={
        "The dot: v ** p - 1 is (v ** p) - 1, as powers come first. Brackets are missing: v ** (p - 1)": (
            lambda v, v_dot, p: (v**p, p * v**p - 1 * v_dot)
        ),
    },
    parts={
        "negative": dict(
            inputs=negative,
            sizes=[dict(sign=-1), dict(sign=-1), dict(sign=1)],
            about="negative numbers",
            after_first=True,
            hints={
                "The sign of v is kept for every p: an even power of a negative number is positive": (
                    lambda v, v_dot, p: (np.sign(v) * abs(v) ** p, p * abs(v) ** (p - 1) * v_dot)
                ),
                "The absolute value of v is taken: an odd power of a negative number is negative": (
                    lambda v, v_dot, p: (abs(v) ** p, p * abs(v) ** p / v * v_dot)
                ),
                "The absolute value of v is taken. v ** p needs none where p is whole": lambda v, v_dot, p: (
                    abs(v) ** p,
                    p * abs(v) ** (p - 1) * v_dot,
                ),
                "The logarithm of a negative v is NaN: v ** p needs none": lambda v, v_dot, p: (
                    v**p,
                    p * v ** (p - 1) * v_dot if v > 0 else np.nan,
                ),
            },
        ),
        "zero": dict(
            inputs=nought,
            sizes=[dict(p=0), dict(p=1), dict(p=2)],
            about="the number 0",
            after_first=True,
            hints={
                "At v = 0 all comes out as 0. But u to the power 0 is 1, and for p = 1 the dot is v̇": (
                    lambda v, v_dot, p: (0.0, 0.0)
                ),
                "At v = 0 the dot is 0 for every p here. For p = 1 the slope is 1, and the dot v̇": (
                    lambda v, v_dot, p: (1.0 if p == 0 else 0.0, 0.0)
                ),
                "u to the power 0 is 1, also for u = 0": lambda v, v_dot, p: (0.0, v_dot if p == 1 else 0.0),
            },
        ),
    },
)
def power(v, v_dot, p):
    """The power of a dual number."""
    slope = p * v ** (p - 1) if p else 0.0
    return v**p, slope * v_dot


@question(
    returns=tuple(f"the {part} of {g}(u)" for g in objects.FUNCTIONS for part in ("value", "dot")),
    section="Division, powers, and every other function",
    inputs=lambda rng: apart(rng, 2),
    names=DOTS,
    through=objects.elementary_functions,
    hints={
        "ġ is missing its inner derivative: multiply each slope by v̇": lambda v, v_dot: (
            np.sin(v), np.cos(v), np.cos(v), -np.sin(v), np.exp(v), np.exp(v), np.log(v), 1 / v,
            np.tanh(v), 1 - np.tanh(v) ** 2,
        ),
        "The slopes are taken at v · v̇: they belong at v, and are multiplied by v̇": lambda v, v_dot: (
            np.sin(v), np.cos(v * v_dot), np.cos(v), -np.sin(v * v_dot), np.exp(v), np.exp(v * v_dot),
            np.log(v), 1 / (v * v_dot), np.tanh(v), 1 - np.tanh(v * v_dot) ** 2,
        ),
        "The slopes are taken at v̇: they belong at v": lambda v, v_dot: (
            np.sin(v), np.cos(v_dot) * v_dot, np.cos(v), -np.sin(v_dot) * v_dot, np.exp(v),
            np.exp(v_dot) * v_dot, np.log(v), 1.0, np.tanh(v), (1 - np.tanh(v_dot) ** 2) * v_dot,
        ),
    },
)  # fmt: skip
def elementary(v, v_dot):
    """Five functions of a dual number, with the chain rule."""
    tanh = np.tanh(v)
    return (
        np.sin(v), np.cos(v) * v_dot, np.cos(v), -np.sin(v) * v_dot, np.exp(v), np.exp(v) * v_dot,
        np.log(v), v_dot / v, tanh, (1 - tanh**2) * v_dot,
    )  # fmt: skip


def mended_dual_1(v, v_dot, w, w_dot):
    """The product of dual numbers, mended."""
    return v * w, v_dot * w + v * w_dot


def mended_dual_2(v, v_dot, w, w_dot):
    """The exponential of a product, mended."""
    y = np.exp(v * w)
    inner = v_dot * w + v * w_dot
    return y, y * inner


def mended_dual_3(v, v_dot, w, w_dot):
    """The root of a sum of squares, mended."""
    y = np.sqrt(v**2 + w**2)
    return y, (v * v_dot + w * w_dot) / y


def broken_dual_1(v, v_dot, w, w_dot):
    return v * w, v_dot * w + w_dot * w


def broken_dual_2(v, v_dot, w, w_dot):
    y, inner = np.exp(v * w), v_dot * w + v * w_dot
    return y, np.exp(inner)


def broken_dual_3(v, v_dot, w, w_dot):
    y = np.sqrt(v**2 + w**2)
    return y, (v * v_dot + w * w_dot) / (2 * y)


def _part(reference, broken):
    return dict(
        reference=reference,
        hints={f"{STILL_BROKEN}. Compare its dot with the difference of the question": broken},
    )


mended_dual = question(
    returns=("the value", "the dot"),
    section="Division, powers, and every other function",
    inputs=both,
    names=DOTS,
    parts={
        1: _part(mended_dual_1, broken_dual_1),
        2: _part(mended_dual_2, broken_dual_2),
        3: _part(mended_dual_3, broken_dual_3),
    },
)(mended_dual_1)
